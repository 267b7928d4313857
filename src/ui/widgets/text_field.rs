//! A field to type in. What is typed is a draft until the field is left, and then one value: Enter and leaving give it,
//! Esc takes it back. What does not read is said below and stays a draft.

use egui::{
    Align2, Color32, EventFilter, Frame, Id, Key, Margin, Popup, PopupKind, Response, ScrollArea, Stroke,
    TextEdit, Ui, Vec2, pos2, text::CCursor, text::CCursorRange,
};

use super::{menu_item, wrapped};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// What lies between the edge of a field and its text, for those that egui frames.
pub const FIELD_MARGIN: Margin = Margin::symmetric(size::FIELD_INSET as i8, size::SPACE_6 as i8);

/// Whether a text may stand in a field, and if not, why not and what may.
pub type Check<'a> = &'a dyn Fn(&str) -> Result<(), String>;

/// A field to type in.
#[must_use = "a field shows when it is shown"]
pub struct TextField<'a> {
    label: &'a str,
    value: &'a str,
    hint: &'a str,
    face: Face,
    rows: usize,
    width: f32,
    check: Option<Check<'a>>,
    suggestions: &'a [&'a str],
}

/// What is in a field that was not left, or that does not read.
#[derive(Debug, Clone)]
struct Draft {
    text: String,
    /// What the value was when typing began: when it is another one, the draft is of the past.
    of: String,
}

impl<'a> TextField<'a> {
    /// A field that shows a value. `label` is how screen readers and tests find it.
    pub fn new(label: &'a str, value: &'a str) -> Self {
        let (face, width) = (Face::Sans, f32::INFINITY);
        Self { label, value, hint: "", face, rows: 1, width, check: None, suggestions: &[] }
    }

    /// What it says while it is empty.
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// For ports and numbers.
    pub fn mono(self) -> Self {
        Self { face: Face::Mono, ..self }
    }

    /// Several lines; Enter begins another one.
    pub fn rows(self, rows: usize) -> Self {
        Self { rows, ..self }
    }

    pub fn width(self, width: f32) -> Self {
        Self { width, ..self }
    }

    pub fn check(self, check: Check<'a>) -> Self {
        Self { check: Some(check), ..self }
    }

    /// What may be meant, proposed while typing.
    pub fn suggestions(self, suggestions: &'a [&'a str]) -> Self {
        Self { suggestions, ..self }
    }

    /// Shows it; returns the new value when it is left and reads.
    pub fn show(self, ui: &mut Ui) -> Option<String> {
        let id = ui.make_persistent_id(("field", self.label));
        let known: Option<Draft> = ui.data(|it| it.get_temp(id));
        let draft = known.filter(|it| it.of == self.value);
        let mut text = draft.as_ref().map_or_else(|| self.value.to_owned(), |it| it.text.clone());
        let wrong = self.wrong(&text);
        let picked = self.picked(ui, id, &text);
        let response = self.edit(ui, id, &mut text, wrong.is_some() && draft.is_some());
        if let Some(n) = picked {
            text = self.suggestions.get(n).map_or(text, |it| (*it).to_owned());
        }
        let left = response.lost_focus() || picked.is_some();
        if response.lost_focus() && ui.input(|it| it.key_pressed(Key::Escape)) {
            ui.data_mut(|it| it.remove::<Draft>(id));
            return None;
        }
        let wrong = self.wrong(&text);
        if let Some(wrong) = wrong.as_ref().filter(|_| text != self.value) {
            ui.allocate_ui(Vec2::new(response.rect.width(), 0.0), |ui| {
                wrapped(ui, wrong, Face::Sans, size::TYPE_11, Ink::Critical);
            });
        }
        if left && wrong.is_none() {
            ui.data_mut(|it| it.remove::<Draft>(id));
            if picked.is_some() {
                response.surrender_focus();
            }
            return (text != self.value && (draft.is_some() || response.changed() || picked.is_some()))
                .then_some(text);
        }
        if response.changed() {
            let of = self.value.to_owned();
            ui.data_mut(|it| it.insert_temp(id, Draft { text, of }));
        }
        None
    }

    fn wrong(&self, text: &str) -> Option<String> {
        self.check.and_then(|check| check(text).err())
    }

    fn edit(&self, ui: &mut Ui, id: Id, text: &mut String, is_wrong: bool) -> Response {
        let has_focus = ui.memory(|it| it.has_focus(id));
        let gained = has_focus && !ui.data(|it| it.get_temp(id.with("in")).unwrap_or(false));
        ui.data_mut(|it| it.insert_temp(id.with("in"), has_focus));
        let (width, ink) = match (is_wrong, has_focus) {
            (true, _) => (1.0, Ink::Critical),
            (_, true) => (1.0, Ink::Accent),
            _ => (size::STROKE_HAIRLINE, Ink::Hairline),
        };
        let font = theme::font(self.face, size::TYPE_13);
        let line = self.face.line_height(size::TYPE_13);
        let above = ((size::CONTROL_HEIGHT_IN_ROW - line) / 2.0 - width).floor().max(2.0) as i8;
        let frame = Frame::new()
            .fill(theme::colour(ui.ctx(), Ink::Raised))
            .stroke(Stroke::new(width, theme::colour(ui.ctx(), ink)))
            .corner_radius(size::RADIUS_CONTROL)
            .inner_margin(Margin::symmetric((size::FIELD_INSET - width) as i8, above));
        let room = ui.available_width().min(self.width);
        // Beside the line that is typed in, what is too long ends in an ellipsis; below, it is a tooltip, too.
        let elided = if has_focus || self.rows > 1 { None } else { self.elided(text, room) };
        let text_ink = theme::colour(ui.ctx(), Ink::Text);
        let edit = if self.rows > 1 { TextEdit::multiline(text) } else { TextEdit::singleline(text) };
        let edit = edit
            .id(id)
            .font(font.clone())
            .text_color(if elided.is_some() { Color32::TRANSPARENT } else { text_ink })
            .hint_text(egui::RichText::new(self.hint).font(theme::font(Face::Sans, size::TYPE_13)))
            .frame(frame)
            .desired_rows(self.rows)
            .desired_width(room)
            .align(if self.rows > 1 { Align2::LEFT_TOP } else { Align2::LEFT_CENTER })
            .min_size(Vec2::new(room, size::CONTROL_HEIGHT_IN_ROW));
        let edit = if self.suggestions.is_empty() {
            edit
        } else {
            edit.event_filter(EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                ..EventFilter::default()
            })
        };
        let output = edit.show(ui);
        if gained && self.rows == 1 {
            // Whoever comes by the Tab key wants to write it anew.
            let all = CCursorRange::two(CCursor::default(), CCursor::new(text.chars().count()));
            let mut state = output.state;
            state.cursor.set_char_range(Some(all));
            state.store(ui.ctx(), id);
        }
        let response = output.response.response.accessible_name(self.label);
        match elided {
            Some(elided) if !response.has_focus() => {
                let at = pos2(response.rect.left() + size::FIELD_INSET, output.galley_pos.y);
                ui.painter().text(at, Align2::LEFT_TOP, elided, font, text_ink);
                response.on_hover_text(&*text)
            }
            _ => response,
        }
    }

    /// A text with an ellipsis at its end, if it is too long for a field of that width.
    fn elided(&self, text: &str, width: f32) -> Option<String> {
        let room = width - 2.0 * size::FIELD_INSET;
        let is_long = self.face.width(size::TYPE_13, text) > room;
        is_long.then(|| self.face.elide(size::TYPE_13, text, room).into_owned())
    }

    /// Shows what may be meant below the field; returns the number of the one that was taken.
    fn picked(&self, ui: &Ui, id: Id, text: &str) -> Option<usize> {
        if self.suggestions.is_empty() {
            return None;
        }
        let at_id = id.with("at");
        let has_focus = ui.memory(|it| it.has_focus(id));
        let fitting = self.fitting(text);
        let is_open = has_focus && text != self.value && !fitting.is_empty();
        let mut at: Option<usize> =
            ui.data(|it| it.get_temp(at_id)).flatten().filter(|it| *it < fitting.len());
        if !is_open {
            ui.data_mut(|it| it.insert_temp(at_id, None::<usize>));
            return None;
        }
        let (down, up) = ui.input(|it| (it.key_pressed(Key::ArrowDown), it.key_pressed(Key::ArrowUp)));
        if down {
            at = Some(at.map_or(0, |it| (it + 1).min(fitting.len() - 1)));
        }
        if up {
            at = at.and_then(|it| it.checked_sub(1));
        }
        let taken = at.filter(|_| ui.input(|it| it.key_pressed(Key::Enter)));
        let clicked = self.list(ui, id, &fitting, at);
        ui.data_mut(|it| it.insert_temp(at_id, at));
        taken.or(clicked).and_then(|it| fitting.get(it).copied())
    }

    fn list(&self, ui: &Ui, id: Id, fitting: &[usize], at: Option<usize>) -> Option<usize> {
        let below = ui.ctx().read_response(id)?;
        let popup = Popup::from_response(&below).id(id.with("suggestions")).kind(PopupKind::Popup).open(true);
        let shown = popup.gap(size::SPACE_4).width(below.rect.width()).show(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut clicked = None;
            ScrollArea::vertical().max_height(8.0 * size::CONTROL_HEIGHT_IN_ROW).show(ui, |ui| {
                for (place, n) in fitting.iter().enumerate() {
                    let Some(text) = self.suggestions.get(*n) else { continue };
                    let item = menu_item(ui, None, text, "", at == Some(place));
                    // Pressed, since the field is left, and this gone, by the time it is let go.
                    if item.is_pointer_button_down_on() {
                        clicked = Some(place);
                    }
                }
            });
            clicked
        });
        shown.and_then(|it| it.inner)
    }

    fn fitting(&self, text: &str) -> Vec<usize> {
        let text = text.trim().to_lowercase();
        if text.is_empty() {
            return Vec::new();
        }
        let all = || self.suggestions.iter().map(|it| it.to_lowercase()).enumerate();
        let begins = all().filter(|it| it.1.starts_with(&text));
        let holds = all().filter(|it| !it.1.starts_with(&text) && it.1.contains(&text));
        begins.chain(holds).map(|it| it.0).take(40).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_for_a_field_ends_in_an_ellipsis() {
        let field = TextField::new("Name", "");
        assert_eq!(field.elided("Ledger", 200.0), None);
        let elided = field.elided("Availability zone number 3 of the region in the far north-west", 200.0);
        let elided = elided.unwrap();
        assert!(elided.starts_with("Availability zone") && elided.ends_with('…'), "{elided}");
        assert!(Face::Sans.width(size::TYPE_13, &elided) <= 200.0 - 2.0 * size::FIELD_INSET);
    }
}
