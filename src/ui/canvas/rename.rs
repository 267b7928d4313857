//! Editing a name where it stands.

use egui::{
    Align2, Area, Frame, Id as UiId, Key, KeyboardShortcut, Margin, Order, Pos2, Rect, RichText, Stroke,
    TextEdit, Ui, Vec2,
};

use super::Canvas;
use crate::editor::Editor;
use crate::model::Id;
use crate::scene::CardFace;
use crate::tokens::{Face, Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;
use crate::ui::widgets::select_first;

/// The name that is being edited.
#[derive(Debug)]
pub(super) struct Rename {
    id: Id,
    text: String,
    /// What it was, and how many letters of it are the name.
    was: (String, usize),
    /// It has not had the focus yet.
    is_new: bool,
}

/// Names are written no smaller and no larger than this.
const SIZES: (f32, f32) = (11.0, 26.0);
const LEAST_WIDTH: f32 = 140.0;
/// A flow has its protocol and port beside its name.
const FLOW_WIDTH: f32 = 220.0;
/// How wide what is said below it may be.
const WIDEST_WORDS: f32 = 420.0;
/// From the field to what is said below it.
const BELOW: f32 = 4.0;
const ANOTHER_LINE: KeyboardShortcut = KeyboardShortcut::new(egui::Modifiers::SHIFT, Key::Enter);

impl Canvas {
    pub(super) fn begin_rename(&mut self, editor: &Editor, id: &Id) {
        let model = editor.model();
        let component = editor.note_text(id).or_else(|| Some(model.component(id)?.name.clone()));
        let boundary = || model.boundary(id).map(|it| it.name.clone());
        let whole = |name: String| (name.clone(), name.chars().count());
        let flow = || editor.line_of_flow(id);
        let name = component.or_else(boundary).map(whole).or_else(flow);
        let layout = editor.layout();
        let title = layout.boundaries.get(id).map(|it| it.title_rect);
        let Some((was, rect)) = name.zip(title.or_else(|| layout.rect(id))) else { return };
        self.bring(editor, rect, false);
        self.rename = Some(Rename { id: id.clone(), text: was.0.clone(), was, is_new: true });
    }

    /// Asks for the name of what was just put there, if that is to be typed at once.
    pub(super) fn name_new(&mut self, editor: &Editor, new: Option<Id>) {
        if let Some(id) = new.filter(|it| editor.is_named_at_once(it)) {
            self.begin_rename(editor, &id);
        }
    }

    /// Shows the field. Enter, Esc and a click elsewhere take the name: what was typed is not lost, and undo takes it back. In
    /// a note, Shift and Enter begin another line.
    pub(super) fn rename_ui(&mut self, ui: &Ui, editor: &mut Editor, camera: &Camera) {
        let Some(rename) = &mut self.rename else { return };
        let Some((at, font_size, width)) = place(editor, &rename.id, camera) else {
            self.rename = None;
            return;
        };
        let ctx = ui.ctx();
        let is_note = editor.note_text(&rename.id).is_some();
        let left = |it: &mut egui::InputState| {
            it.consume_key(egui::Modifiers::NONE, Key::Escape)
                || is_note && !it.modifiers.shift && it.consume_key(egui::Modifiers::NONE, Key::Enter)
        };
        let is_left = ctx.input_mut(left);
        let frame = Frame::new()
            .fill(theme::colour(ctx, Ink::Raised))
            .stroke(Stroke::new(size::STROKE_SELECTED, theme::colour(ctx, Ink::Accent)))
            .corner_radius(6.0)
            .inner_margin(Margin::symmetric(6, 3));
        let area = Area::new(UiId::unique("canvas-rename"))
            .order(Order::Foreground)
            .pivot(Align2::LEFT_CENTER)
            .fixed_pos(at - Vec2::new(7.0, 0.0))
            .constrain_to(self.area);
        let is_flow = editor.model().flow(&rename.id).is_some();
        let shown = area.show(ctx, |ui| {
            frame.show(ui, |ui| {
                let field = if is_note {
                    TextEdit::multiline(&mut rename.text).desired_rows(1).return_key(ANOTHER_LINE)
                } else {
                    TextEdit::singleline(&mut rename.text)
                };
                let field = field
                    .font(theme::font(Face::SansSemibold, font_size))
                    .text_color(theme::colour(ui.ctx(), Ink::Text))
                    .hint_text(if is_flow { "Name · protocol:port" } else { "Name" })
                    .align(Align2::LEFT_CENTER)
                    .frame(Frame::NONE)
                    .desired_width(width);
                let response = ui.add(field);
                if rename.is_new {
                    rename.is_new = false;
                    response.request_focus();
                    // Whoever types a name leaves the rest as it is.
                    let count = if rename.was.1 > 0 { rename.was.1 } else { rename.text.chars().count() };
                    select_first(ui, &response, count);
                    return false;
                }
                response.lost_focus()
            })
        });
        let is_done = is_left || shown.inner.inner;
        if is_flow && !is_done {
            let words = editor.flow_line_in_words(&rename.id, &rename.text);
            understood(ctx, self.area, shown.response.rect, &words);
        }
        if is_done && let Some(rename) = self.rename.take() {
            if is_flow {
                if rename.text.trim() != rename.was.0 {
                    editor.take_flow_line(&rename.id, &rename.text);
                }
            } else if is_note {
                editor.take_note(&rename.id, &rename.text);
            } else if editor.model().title(&rename.id) != rename.text.trim() {
                editor.rename(&rename.id, &rename.text);
            }
        }
        if self.rename.is_none() {
            ctx.memory_mut(|it| it.request_focus(Self::id()));
        }
    }
}

/// Says below the field what of a line will be understood.
fn understood(ctx: &egui::Context, around: Rect, field: Rect, words: &str) {
    let area = Area::new(UiId::unique("canvas-rename-understood"))
        .order(Order::Foreground)
        .interactable(false)
        .fixed_pos(field.left_bottom() + Vec2::new(0.0, BELOW))
        .constrain_to(around);
    area.show(ctx, |ui| {
        let frame = Frame::new()
            .fill(theme::colour(ctx, Ink::Raised))
            .corner_radius(4.0)
            .inner_margin(Margin::symmetric(6, 2));
        frame.show(ui, |ui| {
            ui.set_max_width(WIDEST_WORDS);
            let text = RichText::new(words).font(theme::font(Face::Sans, size::TYPE_11));
            ui.label(text.color(theme::colour(ctx, Ink::Muted)));
        });
    });
}

/// Where the name of an element stands on the screen: the left end of its middle, its size, and the width for it.
fn place(editor: &Editor, id: &Id, camera: &Camera) -> Option<(Pos2, f32, f32)> {
    let layout = editor.layout();
    let fitting = |size: f32| (size * camera.zoom).clamp(SIZES.0, SIZES.1);
    if let Some(card) = layout.cards.get(id) {
        let rect = camera.rect_to_screen(card.rect);
        // A note has neither icon nor second line.
        let is_note = matches!(card.face, CardFace::Note { .. });
        let before = (size::SPACE_12 + if is_note { 0.0 } else { size::TILE + 10.0 }) * camera.zoom;
        let has_second = rect.height() >= 40.0 && !is_note;
        let y = rect.center().y - if has_second { 8.0 * camera.zoom } else { 0.0 };
        let width = (rect.width() - before - size::SPACE_6).max(LEAST_WIDTH);
        return Some((Pos2::new(rect.left() + before, y), fitting(size::TYPE_13), width));
    }
    if let Some(boundary) = layout.boundaries.get(id) {
        let rect = camera.rect_to_screen(boundary.title_rect);
        let before = (size::SPACE_12 + size::ICON_SMALL + size::SPACE_6) * camera.zoom;
        let width = (rect.width() - before).max(LEAST_WIDTH);
        return Some((Pos2::new(rect.left() + before, rect.center().y), fitting(size::TYPE_12), width));
    }
    let around = |rect: Rect, width: f32| {
        let at = rect.center() - Vec2::new(width / 2.0, 0.0);
        (at, fitting(size::TYPE_12), width)
    };
    if let Some(gate) = layout.gates.get(id) {
        return Some(around(camera.rect_to_screen(gate.rect), LEAST_WIDTH));
    }
    let route = layout.flows.get(id)?;
    let pill = route.label.as_ref().map(|it| it.rect);
    Some(around(camera.rect_to_screen(pill.unwrap_or(route.bounds)), FLOW_WIDTH))
}
