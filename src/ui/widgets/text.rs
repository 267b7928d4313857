//! Lines of text in a face, a size and a colour of the tokens.

use egui::text::{LayoutJob, TextFormat};
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

/// As many lines as it takes; what stands between backticks is code, and set in its face.
pub fn with_code(ui: &mut Ui, text: &str, size: f32, ink: Ink) -> Response {
    let mut job = LayoutJob::default();
    for (part, is_code) in parted(text) {
        let (face, ink) = if is_code { (Face::Mono, Ink::Text) } else { (Face::Sans, ink) };
        // A mono face of the same size looks larger.
        let size = if is_code { size - 1.0 } else { size };
        let format = TextFormat::simple(theme::font(face, size), theme::colour(ui.ctx(), ink));
        job.append(part, 0.0, format);
    }
    ui.add(Label::new(job).wrap_mode(TextWrapMode::Wrap))
}

/// The parts of a text, and whether each is code. A backtick that is never closed is a backtick.
fn parted(text: &str) -> Vec<(&str, bool)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('`') {
        let Some((code, after)) = after.split_once('`') else { break };
        parts.extend([(before, false), (code, true)]);
        rest = after;
    }
    parts.push((rest, false));
    parts.retain(|it| !it.0.is_empty());
    parts
}

/// As many lines as it takes, of a text that says nothing to screen readers: what is around it or beside it says it.
pub fn prose(ui: &mut Ui, text: &str, face: Face, size: f32, ink: Ink) -> Response {
    let colour = theme::colour(ui.ctx(), ink);
    let galley = ui.painter().layout(text.to_owned(), theme::font(face, size), colour, ui.available_width());
    let (rect, response) = ui.allocate_exact_size(galley.size(), Sense::hover());
    ui.painter().galley(rect.min, galley, colour);
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_between_backticks_is_code() {
        assert_eq!(
            parted("write `level: high`, or `low`"),
            [("write ", false), ("level: high", true), (", or ", false), ("low", true)]
        );
        assert_eq!(parted("`all`"), [("all", true)]);
        assert_eq!(parted("a ` alone"), [("a ` alone", false)]);
        assert_eq!(parted(""), []);
    }
}
