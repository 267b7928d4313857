//! Buttons with a word on them.

use std::sync::Arc;

use egui::{
    Align2, Color32, Galley, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2, Widget, WidgetInfo,
    pos2,
};

use super::focus_ring;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;

/// How far the ring of a filled button is from its edge.
const RING: f32 = 2.0;

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    /// The one that most will press.
    Primary,
    Secondary,
    /// No more than its word until the pointer is on it.
    Quiet,
}

/// A button with a word and, if it helps, an icon.
#[derive(Debug, Clone, Copy)]
#[must_use = "a button shows when it is added to a `Ui`"]
pub struct Button<'a> {
    label: &'a str,
    icon: &'a str,
    rank: Rank,
    height: f32,
    is_selected: bool,
    is_enabled: bool,
    fills: bool,
    wraps: bool,
    leaves: f32,
}

impl<'a> Button<'a> {
    pub fn new(label: &'a str) -> Self {
        let (rank, height) = (Rank::Secondary, size::CONTROL_HEIGHT);
        Self {
            label,
            icon: "",
            rank,
            height,
            is_selected: false,
            is_enabled: true,
            fills: false,
            wraps: false,
            leaves: 0.0,
        }
    }

    /// The one that most will press.
    pub fn primary(self) -> Self {
        Self { rank: Rank::Primary, ..self }
    }

    /// No more than its word until the pointer is on it.
    pub fn quiet(self) -> Self {
        Self { rank: Rank::Quiet, ..self }
    }

    /// With an icon before its word.
    pub fn icon(self, icon: &'a str) -> Self {
        Self { icon, ..self }
    }

    /// A little lower, for rows of a list.
    pub fn in_row(self) -> Self {
        Self { height: size::CONTROL_HEIGHT_IN_ROW, ..self }
    }

    pub fn selected(self, is_selected: bool) -> Self {
        Self { is_selected, ..self }
    }

    pub fn enabled(self, is_enabled: bool) -> Self {
        Self { is_enabled, ..self }
    }

    /// As wide as there is room, its word at the left.
    pub fn fill(self) -> Self {
        Self { fills: true, ..self }
    }

    /// Its word on several lines where there is no room for it on one, and not cut.
    pub fn wraps(self) -> Self {
        Self { wraps: true, ..self }
    }

    /// Leaves so much room beside it, for what stands there.
    pub fn leaves(self, room: f32) -> Self {
        Self { leaves: room, ..self }
    }

    /// How wide it is with its word on one line.
    pub fn width(&self) -> f32 {
        let icon = if self.icon.is_empty() { 0.0 } else { size::ICON_SMALL + size::SPACE_6 };
        Face::SansMedium.width(size::TYPE_12, self.label).ceil() + icon + 2.0 * size::SPACE_12
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let wanted = self.width();
        let room = ui.available_width() - self.leaves;
        let width = if self.fills { room } else { wanted.min(room.max(48.0)) };
        let sense = if self.is_enabled { Sense::click() } else { Sense::hover() };
        let lines = (self.wraps && width < wanted).then(|| self.lines(ui, width));
        let height = lines.as_ref().map_or(0.0, |it| it.size().y + size::SPACE_12).max(self.height);
        let (rect, response) = ui.allocate_exact_size(Vec2::new(width, height), sense);
        let is_enabled = self.is_enabled && ui.is_enabled();
        response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, self.is_selected, self.label));
        if ui.is_rect_visible(rect) {
            self.paint(ui, rect, &response, (is_enabled, lines));
            self.ring(ui, &response, is_enabled);
        }
        response
    }
}

impl Button<'_> {
    /// On a fill of the accent its own colour is not seen: there the ring is of the ink, and stands off the edge.
    fn ring(&self, ui: &Ui, response: &Response, is_enabled: bool) {
        if self.rank != Rank::Primary || !is_enabled || self.is_selected {
            focus_ring(ui, response);
        } else if response.has_focus() {
            let stroke = Stroke::new(size::STROKE_SELECTED, theme::colour(ui.ctx(), Ink::OnAccent));
            let rect = response.rect.shrink(RING);
            ui.painter().rect_stroke(rect, size::RADIUS_CONTROL - RING, stroke, StrokeKind::Inside);
        }
    }

    /// Its word, wrapped. The colour is that of whoever paints it.
    fn lines(&self, ui: &Ui, width: f32) -> Arc<Galley> {
        let room = width - (self.width() - Face::SansMedium.width(size::TYPE_12, self.label).ceil());
        let font = theme::font(Face::SansMedium, size::TYPE_12);
        ui.painter().layout(self.label.replace(char::is_control, " "), font, Color32::PLACEHOLDER, room)
    }

    fn paint(
        &self,
        ui: &Ui,
        rect: Rect,
        response: &Response,
        (is_enabled, lines): (bool, Option<Arc<Galley>>),
    ) {
        let ctx = ui.ctx();
        let (hovered, held) = (response.hovered(), response.is_pointer_button_down_on());
        let lift = if held { 2.0 * theme::HOVER } else { theme::HOVER };
        let (ground, ink) = match self.rank {
            Rank::Primary if is_enabled => (Ink::Accent, Ink::OnAccent),
            _ if !is_enabled => (Ink::Raised, Ink::Faint),
            _ => (Ink::Raised, Ink::Text),
        };
        let fill = match (self.is_selected, hovered && is_enabled, self.rank) {
            (true, ..) => Some(theme::tint(ctx, Ink::Raised, Ink::Accent, TINT)),
            (_, true, _) => Some(theme::tint(ctx, ground, ink, lift)),
            (_, false, Rank::Quiet) => None,
            _ => Some(theme::colour(ctx, ground)),
        };
        if let Some(fill) = fill {
            ui.painter().rect_filled(rect, size::RADIUS_CONTROL, fill);
        }
        if self.rank == Rank::Secondary {
            let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline));
            ui.painter().rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
        }
        let colour =
            if self.is_selected { theme::on_tint(ctx, Ink::Accent) } else { theme::colour(ctx, ink) };
        let icon = if self.icon.is_empty() { 0.0 } else { size::ICON_SMALL + size::SPACE_6 };
        let text = Face::SansMedium.width(size::TYPE_12, self.label);
        let room = rect.width() - 2.0 * size::SPACE_12 - icon;
        let shown = Face::SansMedium.elide(size::TYPE_12, self.label, room.max(0.0) + 1.0);
        let left = if self.fills {
            rect.left() + size::SPACE_12
        } else {
            rect.center().x - f32::midpoint(text.min(room), icon)
        };
        if icon > 0.0 {
            let side = Vec2::splat(size::ICON_SMALL);
            let corner = pos2(left, rect.center().y - side.y / 2.0);
            theme::icon(ui.painter(), Rect::from_min_size(corner, side), self.icon, colour);
        }
        if let Some(lines) = lines {
            let corner = pos2(left + icon, rect.center().y - lines.size().y / 2.0);
            ui.painter().galley(corner, lines, colour);
            return;
        }
        let font = theme::font(Face::SansMedium, size::TYPE_12);
        let at = pos2(left + icon, rect.center().y);
        // A name may have several lines, a button has one.
        ui.painter().text(at, Align2::LEFT_CENTER, shown.replace(char::is_control, " "), font, colour);
    }
}
