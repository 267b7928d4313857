//! What is seen: themes and widgets, the painter, the canvas and the panels.

pub mod canvas;
pub mod paint;
pub mod panels;
pub mod theme;
pub mod widgets;
