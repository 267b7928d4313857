//! Lines of text in a face, a size and a colour of the tokens.

use egui::{Label, Response, RichText, TextWrapMode, Ui};

use crate::tokens::{Face, Ink};
use crate::ui::theme;

fn rich(ui: &Ui, text: &str, face: Face, size: f32, ink: Ink) -> RichText {
    RichText::new(text).font(theme::font(face, size)).color(theme::colour(ui.ctx(), ink))
}

/// One line, cut with an ellipsis where there is no room.
pub fn label(ui: &mut Ui, text: &str, face: Face, size: f32, ink: Ink) -> Response {
    let text = rich(ui, text, face, size, ink);
    ui.add(Label::new(text).wrap_mode(TextWrapMode::Truncate))
}

/// As many lines as it takes.
pub fn wrapped(ui: &mut Ui, text: &str, face: Face, size: f32, ink: Ink) -> Response {
    let text = rich(ui, text, face, size, ink);
    ui.add(Label::new(text).wrap_mode(TextWrapMode::Wrap))
}
