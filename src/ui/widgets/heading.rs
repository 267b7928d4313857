//! The heading of a group in a panel.

use egui::{Response, Ui};

use crate::tokens::{Face, Ink, size};

/// A quiet heading above a group.
pub fn heading(ui: &mut Ui, text: &str) -> Response {
    super::label(ui, text, Face::SansSemibold, size::TYPE_11, Ink::Muted)
}
