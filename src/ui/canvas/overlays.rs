//! What lies over the drawing: the menu that switches counts and tints, and the legend of a tint.

use egui::{Align2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2};

use super::Canvas;
use super::controls::{floating, frame};
use crate::editor::{Editor, LegendLine, Tint, command};
use crate::model::Id;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;
use crate::ui::widgets::{heading, icon_button, label, menu_as_wide, menu_item, wrapped};

/// As wide as the longest of its lines.
const LEGEND_WIDTH: f32 = 264.0;
const MENU_WIDTH: f32 = 264.0;
/// The line that stands for flows.
const LINE_WIDTH: f32 = 36.0;
/// So much of a long list of assets is seen at once.
const ASSETS_HEIGHT: f32 = 6.0 * size::CONTROL_HEIGHT_IN_ROW;

impl Canvas {
    pub(super) fn overlays_ui(&self, ui: &Ui, editor: &mut Editor) {
        let corner = self.area.left_bottom() + Vec2::new(size::SPACE_14, -size::SPACE_14);
        floating("canvas-overlays", self.area, corner, Align2::LEFT_BOTTOM).show(ui.ctx(), |ui| {
            frame(ui).show(ui, |ui| {
                let is_on = editor.shown.tint.is_some() || editor.shown.hides_badges;
                let button = icon_button(ui, "layers", "Overlays", "", is_on);
                menu_as_wide(&button, MENU_WIDTH, |ui| menu_ui(ui, editor));
            });
        });
        if let Some(tint) = editor.shown.tint.clone() {
            let above = corner - Vec2::new(0.0, size::CONTROL_HEIGHT + size::SPACE_14);
            floating("canvas-legend", self.area, above, Align2::LEFT_BOTTOM).show(ui.ctx(), |ui| {
                frame(ui).inner_margin(size::SPACE_8).show(ui, |ui| {
                    ui.set_width(LEGEND_WIDTH);
                    legend_ui(ui, editor, &tint);
                });
            });
        }
    }
}

fn menu_ui(ui: &mut Ui, editor: &mut Editor) {
    let shows_badges = !editor.shown.hides_badges;
    command_ui(ui, editor, "view.badges", shows_badges);
    ui.separator();
    let tint = editor.shown.tint.clone();
    command_ui(ui, editor, "view.exposure", tint == Some(Tint::Exposure));
    command_ui(ui, editor, "view.personal-data", tint == Some(Tint::PersonalData));
    let assets: Vec<(Id, String)> =
        editor.model().assets().keys().map(|id| (id.clone(), editor.model().title(id))).collect();
    if assets.is_empty() {
        return;
    }
    ui.separator();
    heading(ui, "Where one asset goes");
    ScrollArea::vertical().max_height(ASSETS_HEIGHT).show(ui, |ui| {
        for (id, title) in assets {
            let of_it = Tint::Asset(id);
            let is_on = tint.as_ref() == Some(&of_it);
            if menu_item(ui, Some((mark(is_on), Ink::Muted)), &title, "", is_on).clicked() {
                editor.toggle_tint(&of_it);
            }
        }
    });
}

fn mark(is_on: bool) -> &'static str {
    if is_on { "check" } else { "circle" }
}

/// A command that switches something, with whether it is on.
fn command_ui(ui: &mut Ui, editor: &mut Editor, id: &str, is_on: bool) {
    let Some(command) = command(id) else { return };
    let keys = editor.keys_of(command);
    let line = menu_item(ui, Some((mark(is_on), Ink::Muted)), command.label, &keys, is_on);
    if line.on_hover_text(command.help).clicked() {
        editor.run(id);
    }
}

fn legend_ui(ui: &mut Ui, editor: &mut Editor, tint: &Tint) {
    ui.spacing_mut().item_spacing.y = size::SPACE_4;
    ui.horizontal(|ui| {
        let room = ui.available_width() - size::CONTROL_HEIGHT_IN_ROW;
        let title = Face::SansSemibold.elide(size::TYPE_12, &editor.tint_title(tint), room).into_owned();
        label(ui, &title, Face::SansSemibold, size::TYPE_12, Ink::Text);
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if crate::ui::widgets::icon_button_in_row(ui, "x", "End the tint").clicked() {
                editor.shown.tint = None;
            }
        });
    });
    if editor.is_blank() {
        let text = if editor.has_failed() { "The analysis failed." } else { "It is being looked for." };
        wrapped(ui, text, Face::Sans, size::TYPE_12, Ink::Muted);
        return;
    }
    let lines = editor.legend(tint);
    if lines.is_empty() {
        wrapped(ui, editor.tints_nothing_because(tint), Face::Sans, size::TYPE_12, Ink::Muted);
    }
    let room = lines.iter().map(|it| sign_width(&it.tinted.sign)).fold(0.0, f32::max) + size::SPACE_8;
    for line in &lines {
        line_ui(ui, line, room);
    }
}

fn sign_width(sign: &str) -> f32 {
    if sign.is_empty() {
        return LINE_WIDTH;
    }
    (Face::SansSemibold.width(size::TYPE_11, sign) + 11.0).max(size::BADGE_HEIGHT)
}

/// A sign, with so much room, what it means, and how many wear it.
fn line_ui(ui: &mut Ui, line: &LegendLine, room: f32) {
    let size_ = Vec2::new(ui.available_width(), size::BADGE_HEIGHT + size::SPACE_4);
    let (rect, response) = ui.allocate_exact_size(size_, Sense::hover());
    let LegendLine { tinted, meaning, count } = line;
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{meaning}: {count}")));
    let (ctx, painter, middle) = (ui.ctx(), ui.painter(), rect.center().y);
    let colour = theme::colour(ctx, tinted.ink);
    if tinted.sign.is_empty() {
        let ends = rect.left()..=rect.left() + LINE_WIDTH;
        painter.hline(ends, middle, Stroke::new(size::STROKE_SELECTED, colour));
    } else {
        let width = sign_width(&tinted.sign);
        let sign = Rect::from_min_size(
            pos2(rect.left(), middle - size::BADGE_HEIGHT / 2.0),
            Vec2::new(width, size::BADGE_HEIGHT),
        );
        let much = if tinted.is_strong { 2.0 * TINT } else { TINT / 2.0 };
        let fill = theme::tint(ctx, Ink::Panel, tinted.ink, much);
        painter.rect(sign, size::RADIUS_FLOW, fill, Stroke::new(1.5, colour), StrokeKind::Inside);
        let font = theme::font(Face::SansSemibold, size::TYPE_11);
        painter.text(sign.center(), Align2::CENTER_CENTER, &tinted.sign, font, colour);
    }
    let font = theme::font(Face::Sans, size::TYPE_12);
    let left = pos2(rect.left() + room, middle);
    painter.text(left, Align2::LEFT_CENTER, meaning, font.clone(), theme::colour(ctx, Ink::Text));
    let right = pos2(rect.right(), middle);
    painter.text(right, Align2::RIGHT_CENTER, count.to_string(), font, theme::colour(ctx, Ink::Muted));
}
