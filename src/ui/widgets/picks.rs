//! A set of things as chips, each taken out by its cross, and a list of what may be added.

use egui::{
    Align2, PopupCloseBehavior, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2,
};

use super::menu::drop_down;
use super::option_list::{Choice, Chosen, option_list};
use super::{Button, focus_ring};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

/// What was done to a set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Picked {
    /// The one of that number was taken out.
    Out(usize),
    /// The one of that number among the offers was put in.
    In(usize),
    /// A name that the offers have not was put in.
    New(String),
}

/// Shows what a set holds. `add` is the word on the button that drops the list of offers, and what it does; with `new`, a name that the
/// offers have not may be given.
pub fn picks(
    ui: &mut Ui,
    held: &[Choice],
    (word, add): (&str, &str),
    new: Option<&str>,
    offers: impl FnOnce() -> Vec<Choice>,
) -> Option<Picked> {
    let mut done = None;
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(size::SPACE_4);
        for (n, choice) in held.iter().enumerate() {
            if chip(ui, choice) {
                done = Some(Picked::Out(n));
            }
        }
        let button = ui.add(Button::new(word).icon("plus").in_row()).accessible_name(add);
        let button = button.on_hover_text(add);
        let id = button.id.with("list");
        let chosen = drop_down(&button, PopupCloseBehavior::CloseOnClickOutside, size::MENU_WIDTH, |ui| {
            option_list(ui, id, &offers(), None, new)
        });
        match chosen.flatten() {
            Some(Chosen::Listed(n)) => done = Some(Picked::In(n)),
            Some(Chosen::New(name)) => done = Some(Picked::New(name)),
            None => {}
        }
    });
    done
}

/// A chip with a cross; true when it was crossed out.
fn chip(ui: &mut Ui, choice: &Choice) -> bool {
    let face = Face::SansMedium;
    let icon = if choice.icon.is_some() { size::ICON_SMALL + size::SPACE_4 } else { 0.0 };
    let around = 2.0 * size::SPACE_8 + icon + size::SPACE_4 + size::ICON_SMALL;
    let room = (ui.max_rect().width() - around).max(0.0);
    let shown = face.elide(size::TYPE_12, &choice.text, room);
    let width = face.width(size::TYPE_12, &shown).ceil() + around;
    let (rect, _) = ui.allocate_exact_size(Vec2::new(width, size::CONTROL_HEIGHT_IN_ROW), Sense::hover());
    let cross = cross(ui, rect, &choice.text);
    let (ctx, painter) = (ui.ctx(), ui.painter());
    painter.rect_filled(rect, size::RADIUS_CONTROL, theme::colour(ctx, Ink::Raised));
    let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline));
    painter.rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    let mut left = rect.left() + size::SPACE_8;
    if let Some((name, ink)) = &choice.icon {
        let corner = pos2(left, rect.center().y - size::ICON_SMALL / 2.0);
        let square = Rect::from_min_size(corner, Vec2::splat(size::ICON_SMALL));
        theme::icon(painter, square, name, theme::colour(ctx, *ink));
        left += icon;
    }
    let font = theme::font(face, size::TYPE_12);
    painter.text(
        pos2(left, rect.center().y),
        Align2::LEFT_CENTER,
        &*shown,
        font,
        theme::colour(ctx, Ink::Text),
    );
    let ink = if cross.hovered() || cross.has_focus() { Ink::Text } else { Ink::Muted };
    let square = Rect::from_center_size(cross.rect.center(), Vec2::splat(size::ICON_SMALL));
    theme::icon(painter, square, "x", theme::colour(ctx, ink));
    focus_ring(ui, &cross);
    cross.clicked()
}

fn cross(ui: &mut Ui, chip: Rect, text: &str) -> Response {
    let width = size::ICON_SMALL + size::SPACE_4 + size::SPACE_8;
    let rect = Rect::from_min_max(pos2(chip.right() - width, chip.top()), chip.max);
    let id = ui.next_auto_id();
    ui.skip_ahead_auto_ids(1);
    let response = ui.interact(rect, id, Sense::click());
    let label = format!("Remove {text}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &label));
    response.on_hover_text(&label)
}
