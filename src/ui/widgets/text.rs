//! Lines of text in a face, a size and a colour of the tokens.

use egui::{Label, Response, RichText, Sense, TextWrapMode, Ui};

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

/// As many lines as it takes, of a text that says nothing to screen readers: what is around it or beside it says it.
pub fn prose(ui: &mut Ui, text: &str, face: Face, size: f32, ink: Ink) -> Response {
    let colour = theme::colour(ui.ctx(), ink);
    let galley = ui.painter().layout(text.to_owned(), theme::font(face, size), colour, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley(rect.min, galley, colour);
    response
}
