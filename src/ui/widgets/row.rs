//! A row of a list: one thing to click and to focus, with other things to click in it.

use egui::{Event, Id, Key, Rect, Response, Sense, Shape, Stroke, StrokeKind, Ui, UiBuilder, Vec2, pos2};

use crate::tokens::{Ink, size};
use crate::ui::theme;

/// How a row stands out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RowLook {
    /// The colour of its bar and wash; none for a quiet row.
    pub ink: Option<Ink>,
    /// A line below it.
    pub is_ruled: bool,
}

/// Who leads in lists: the pointer or the keys, whichever was used last.
#[derive(Debug, Clone, Copy, Default)]
struct Lead {
    by_pointer: bool,
    /// The row that has the focus since it was clicked.
    clicked: Option<Id>,
}

impl Lead {
    fn of(ui: &Ui) -> Self {
        ui.data(|it| it.get_temp(Id::NULL)).unwrap_or_default()
    }

    fn follow(ui: &Ui, row: &Response) {
        let mut lead = Self::of(ui);
        ui.input(|it| {
            for event in &it.events {
                match event {
                    Event::PointerMoved(_) | Event::PointerButton { .. } => lead.by_pointer = true,
                    Event::Key { key, pressed: true, .. } if WALKS.contains(key) => {
                        lead.by_pointer = false;
                    }
                    _ => {}
                }
            }
        });
        if row.clicked() && !row.has_focus() {
            // From here on keys are meant for it and for its list, as after Tab.
            row.request_focus();
            lead = Self { by_pointer: true, clicked: Some(row.id) };
        } else if row.gained_focus() && lead.clicked != Some(row.id) {
            lead = Self::default();
        }
        ui.data_mut(|it| it.insert_temp(Id::NULL, lead));
    }
}

/// The keys that lead from row to row.
const WALKS: [Key; 7] =
    [Key::ArrowUp, Key::ArrowDown, Key::Tab, Key::Home, Key::End, Key::PageUp, Key::PageDown];

/// Whether a row is looked at: the pointer is on it or, while the keys lead, the focus.
pub fn is_looked_at(ui: &Ui, row: &Response) -> bool {
    if Lead::of(ui).by_pointer { row.container_hovered() } else { row.has_focus() }
}

/// A row as wide as there is room, around what `add` puts into it. The row itself lies below: what is in it is
/// clicked first.
pub fn row<R>(
    ui: &mut Ui,
    id: Id,
    look: RowLook,
    add: impl FnOnce(&mut Ui, &Response) -> R,
) -> (Response, R) {
    // It is known how high it was, and where it is: what lies below must be there before what lies above.
    let height: f32 = ui.data(|it| it.get_temp(id)).unwrap_or_default();
    let corner = ui.cursor().min;
    let width = ui.available_width();
    let rect = Rect::from_min_size(corner, Vec2::new(width, height));
    let response = ui.interact(rect, id, Sense::click());
    Lead::follow(ui, &response);
    let ground = ui.painter().add(Shape::Noop);
    let inside = Rect::from_min_max(
        pos2(corner.x + size::SPACE_14, corner.y + size::SPACE_12),
        pos2(corner.x + width - size::SPACE_14, f32::INFINITY),
    );
    let inner = ui.scope_builder(UiBuilder::new().max_rect(inside).id_salt(id), |ui| add(ui, &response));
    let bottom = inner.response.rect.bottom() + size::SPACE_12;
    let rect = Rect::from_min_max(corner, pos2(corner.x + width, bottom));
    ui.advance_cursor_after_rect(rect);
    if (rect.height() - height).abs() > 0.1 {
        ui.data_mut(|it| it.insert_temp(id, rect.height()));
        ui.ctx().request_repaint();
    }
    paint(ui, rect, ground, look, &response);
    (response.with_new_rect(rect), inner.inner)
}

fn paint(ui: &Ui, rect: Rect, ground: egui::layers::ShapeIdx, look: RowLook, response: &Response) {
    let ctx = ui.ctx();
    let fill = match look.ink {
        Some(ink) => Some(theme::tint(ctx, Ink::Panel, ink, crate::tokens::WASH)),
        None if response.container_hovered() => {
            Some(theme::tint(ctx, Ink::Panel, Ink::Text, theme::HOVER / 2.0))
        }
        None => None,
    };
    if let Some(fill) = fill {
        ui.painter().set(ground, Shape::rect_filled(rect, 0.0, fill));
    }
    if let Some(ink) = look.ink {
        let bar = Rect::from_min_size(rect.min, Vec2::new(BAR, rect.height()));
        ui.painter().rect_filled(bar, 0.0, theme::colour(ctx, ink));
    }
    if look.is_ruled {
        let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline));
        ui.painter().hline(rect.x_range(), rect.bottom() - size::STROKE_HAIRLINE / 2.0, stroke);
    }
    // Whoever has clicked knows where.
    let lead = Lead::of(ui);
    if response.has_focus() && !(lead.by_pointer && lead.clicked == Some(response.id)) {
        let stroke = Stroke::new(size::STROKE_SELECTED, theme::colour(ctx, Ink::Accent));
        ui.painter().rect_stroke(rect.shrink(1.0), size::SPACE_4, stroke, StrokeKind::Inside);
    }
}

/// The bar at the left of a row that stands out.
const BAR: f32 = 3.0;
