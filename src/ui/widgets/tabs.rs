//! Tabs: a word each, with a count where there is something to count, and a line below the chosen one.

use egui::{Align2, Rect, Role, Sense, Ui, Vec2, WidgetInfo, pos2};

use super::focus_ring;
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;

const FACE: Face = Face::SansMedium;

/// How much room tabs take.
#[derive(Debug, Clone, Copy)]
struct Fit {
    text: f32,
    /// At both ends of each, and between two.
    beside: f32,
    between: f32,
    /// Counts stand in pills.
    has_pills: bool,
}

impl Fit {
    /// From the roomiest on.
    const ALL: [Self; 3] = [
        Self { text: size::TYPE_13, beside: size::SPACE_8, between: size::SPACE_4, has_pills: true },
        Self { text: size::TYPE_13, beside: size::SPACE_6, between: size::SPACE_4, has_pills: false },
        Self { text: size::TYPE_12, beside: size::SPACE_4, between: 0.0, has_pills: false },
    ];

    /// The first that has room for all.
    fn of(names: &[(&str, usize)], room: f32) -> Self {
        let fits = |it: &Self| {
            let all: f32 = names.iter().map(|(name, count)| it.width(name, &told(*count))).sum();
            all + it.between * names.len().saturating_sub(1) as f32 <= room
        };
        let last = Self::ALL[Self::ALL.len() - 1];
        Self::ALL.into_iter().find(fits).unwrap_or(last)
    }

    fn width(&self, name: &str, count: &str) -> f32 {
        let gap = if count.is_empty() { 0.0 } else { self.gap() };
        FACE.width(self.text, name).ceil() + gap + self.count(count) + 2.0 * self.beside
    }

    fn gap(&self) -> f32 {
        if self.has_pills { size::SPACE_6 } else { size::SPACE_4 }
    }

    fn count(&self, count: &str) -> f32 {
        match (count.is_empty(), self.has_pills) {
            (true, _) => 0.0,
            (_, true) => (FACE.width(size::TYPE_11, count) + 2.0 * size::SPACE_6).max(size::BADGE_HEIGHT),
            (_, false) => FACE.width(size::TYPE_11, count).ceil(),
        }
    }
}

/// A row of tabs, the narrower the less room there is; returns the one that was pressed. A count of 0 is not shown.
pub fn tabs(ui: &mut Ui, names: &[(&str, usize)], selected: usize) -> Option<usize> {
    let mut pressed = None;
    let fit = Fit::of(names, ui.available_width());
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = fit.between;
        for (n, (name, count)) in names.iter().enumerate() {
            if tab(ui, (name, &told(*count)), fit, n == selected) {
                pressed = Some(n);
            }
        }
    });
    pressed
}

fn told(count: usize) -> String {
    if count > 0 { count.to_string() } else { String::new() }
}

fn tab(ui: &mut Ui, (name, count): (&str, &str), fit: Fit, is_selected: bool) -> bool {
    let wanted = Vec2::new(fit.width(name, count), size::TOOLBAR_HEIGHT - size::SPACE_6);
    let (rect, response) = ui.allocate_exact_size(wanted, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_selected, name));
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let ink = if is_selected || response.hovered() { Ink::Text } else { Ink::Muted };
    let left = rect.left() + fit.beside;
    let font = theme::font(FACE, fit.text);
    painter.text(pos2(left, rect.center().y), Align2::LEFT_CENTER, name, font, theme::colour(ctx, ink));
    if !count.is_empty() {
        let width = fit.count(count);
        let middle = left + FACE.width(fit.text, name).ceil() + fit.gap() + width / 2.0;
        let centre = pos2(middle, rect.center().y);
        if fit.has_pills {
            let shape = Rect::from_center_size(centre, Vec2::new(width, size::BADGE_HEIGHT));
            let fill = theme::tint(ctx, Ink::Raised, Ink::Text, 0.06);
            painter.rect_filled(shape, size::BADGE_HEIGHT / 2.0, fill);
        }
        let font = theme::font(FACE, size::TYPE_11);
        painter.text(centre, Align2::CENTER_CENTER, count, font, theme::colour(ctx, Ink::Muted));
    }
    if is_selected {
        let line = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 2.0), rect.max);
        painter.rect_filled(line, 1.0, theme::colour(ctx, Ink::Accent));
    }
    focus_ring(ui, &response);
    response.clicked()
}
