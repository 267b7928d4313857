//! Panels: one file each. A panel reads the editor and calls what it can do; panels do not know each other, nor the
//! canvas.

pub mod about;
pub mod command_palette;
pub mod export;
pub mod findings;
pub mod gallery;
pub mod inspector;
pub mod manual;
pub mod palette;
pub mod paths;
pub mod questions;
pub mod shortcuts;
pub mod status_bar;
pub mod top_bar;
pub mod unsaved;
pub mod verdict;
