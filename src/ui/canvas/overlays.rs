//! What lies over the drawing: the menu that switches counts and tints, and the legend of a tint.

use egui::{Align2, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo, pos2};

use super::Canvas;
use super::controls::{choice_mark, command_line, floating, frame};
use crate::editor::{Editor, LegendLine, Tint};
use crate::model::Id;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;
use crate::ui::widgets::{
    focus_ring, heading, icon_button, icon_button_in_row, is_menu_open, menu_as_wide, menu_item, wrapped,
};

/// As wide as the longest of its lines.
const LEGEND_WIDTH: f32 = 264.0;
const MENU_WIDTH: f32 = 264.0;
/// The line that stands for flows.
const LINE_WIDTH: f32 = 36.0;
/// So much of a long list of assets is seen at once.
const ASSETS_HEIGHT: f32 = 6.0 * size::CONTROL_HEIGHT_IN_ROW;

/// The legend of a tint.
#[derive(Debug, Default)]
pub(super) struct Legend {
    lines: Vec<LegendLine>,
    /// Of which results and which tint: of a large drawing, they are not counted in each frame.
    made_of: Option<(u64, Tint)>,
}

impl Legend {
    fn bring_up_to_date(&mut self, editor: &Editor, tint: &Tint) {
        let made_of = Some((editor.results(), tint.clone()));
        if self.made_of != made_of {
            (self.lines, self.made_of) = (editor.legend(tint), made_of);
        }
    }
}

impl Canvas {
    pub(super) fn overlays_ui(&mut self, ui: &Ui, editor: &mut Editor) {
        let corner = self.area.left_bottom() + Vec2::new(size::SPACE_14, -size::SPACE_14);
        let bar = floating("canvas-overlays", self.area, corner, Align2::LEFT_BOTTOM).show(ui.ctx(), |ui| {
            let framed = frame(ui).show(ui, |ui| {
                let is_on =
                    editor.shown.tint.is_some() || editor.shown.hides_badges || editor.shown.hides_comments;
                let button = icon_button(ui, "layers", "Overlays", "", is_on);
                menu_as_wide(&button, MENU_WIDTH, |ui| menu_ui(ui, editor));
                is_menu_open(&button)
            });
            framed.inner
        });
        self.dock.overlays = Some(bar.response.rect);
        let last = self.dock.legend.take();
        // The menu opens where the legend stands; below it that would be read in halves.
        let Some(tint) = editor.shown.tint.clone().filter(|_| !bar.inner) else { return };
        let above = corner - Vec2::new(0.0, size::CONTROL_HEIGHT + size::SPACE_14);
        let opacity = last.map_or(1.0, |it| self.opacity_at(ui.ctx(), "legend", it));
        let legend = &mut self.legend;
        let shown = floating("canvas-legend", self.area, above, Align2::LEFT_BOTTOM).show(ui.ctx(), |ui| {
            ui.multiply_opacity(opacity);
            frame(ui).inner_margin(size::SPACE_8).show(ui, |ui| legend_ui(ui, editor, &tint, legend));
        });
        self.dock.legend = Some(shown.response.rect);
    }
}

fn menu_ui(ui: &mut Ui, editor: &mut Editor) {
    let shows_badges = !editor.shown.hides_badges;
    command_line(ui, editor, "view.badges", Some(shows_badges));
    let shows_comments = !editor.shown.hides_comments;
    command_line(ui, editor, "view.comments", Some(shows_comments));
    ui.separator();
    let tint = editor.shown.tint.clone();
    command_line(ui, editor, "view.exposure", Some(tint == Some(Tint::Exposure)));
    command_line(ui, editor, "view.personal-data", Some(tint == Some(Tint::PersonalData)));
    let model = editor.model();
    let assets = model.by_title(model.assets().keys());
    let assets: Vec<(Id, String)> = assets.into_iter().map(|id| (id.clone(), model.title(id))).collect();
    if assets.is_empty() {
        return;
    }
    ui.separator();
    heading(ui, "Where one asset goes");
    ScrollArea::vertical().max_height(ASSETS_HEIGHT).show(ui, |ui| {
        for (id, title) in assets {
            let of_it = Tint::Asset(id);
            let is_on = tint.as_ref() == Some(&of_it);
            if menu_item(ui, Some((choice_mark(is_on), Ink::Muted)), &title, "", is_on).clicked() {
                editor.toggle_tint(&of_it);
            }
        }
    });
}

fn legend_ui(ui: &mut Ui, editor: &mut Editor, tint: &Tint, legend: &mut Legend) {
    const MARK: f32 = size::ICON_SMALL + size::SPACE_4;
    let title = editor.tint_title(tint);
    let side = size::CONTROL_HEIGHT_IN_ROW;
    let wanted = Face::SansSemibold.width(size::TYPE_12, &title).ceil() + 1.0 + MARK;
    let most = LEGEND_WIDTH - side - size::SPACE_4;
    // Folded, it covers no more than its title needs.
    let is_folded = editor.shown.folds_legend;
    let head = if is_folded { wanted.min(most) } else { most };
    ui.set_width(head + side + size::SPACE_4);
    ui.spacing_mut().item_spacing = Vec2::splat(size::SPACE_4);
    ui.horizontal(|ui| {
        if title_ui(ui, &title, Vec2::new(head, side), is_folded) {
            editor.shown.folds_legend = !is_folded;
        }
        if icon_button_in_row(ui, "x", "End the tint").clicked() {
            editor.shown.tint = None;
        }
    });
    if is_folded {
        return;
    }
    if editor.is_blank() {
        let text = if editor.has_failed() { "The analysis failed." } else { "It is being looked for." };
        wrapped(ui, text, Face::Sans, size::TYPE_12, Ink::Muted);
        return;
    }
    legend.bring_up_to_date(editor, tint);
    let lines = &legend.lines;
    if lines.is_empty() {
        wrapped(ui, editor.tints_nothing_because(tint), Face::Sans, size::TYPE_12, Ink::Muted);
    }
    let room = lines.iter().map(|it| sign_width(&it.tinted.sign)).fold(0.0, f32::max) + size::SPACE_8;
    for line in lines {
        line_ui(ui, line, room);
    }
}

/// The title, with a mark of whether something is folded below it; true if it was clicked.
fn title_ui(ui: &mut Ui, title: &str, size_: Vec2, is_folded: bool) -> bool {
    let (rect, response) = ui.allocate_exact_size(size_, Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::DisclosureTriangle, true, !is_folded, title));
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let ink = if response.hovered() { Ink::Text } else { Ink::Muted };
    let corner = pos2(rect.left(), rect.center().y - size::ICON_SMALL / 2.0);
    let mark = Rect::from_min_size(corner, Vec2::splat(size::ICON_SMALL));
    let icon = if is_folded { "chevron-right" } else { "chevron-down" };
    theme::icon(painter, mark, icon, theme::colour(ctx, ink));
    let left = mark.right() + size::SPACE_4;
    let shown = Face::SansSemibold.elide(size::TYPE_12, title, rect.right() - left + 1.0);
    let font = theme::font(Face::SansSemibold, size::TYPE_12);
    let at = pos2(left, rect.center().y);
    painter.text(at, Align2::LEFT_CENTER, &*shown, font, theme::colour(ctx, Ink::Text));
    focus_ring(ui, &response);
    let said = if is_folded { "Show what the colours mean" } else { "Fold the legend" };
    response.on_hover_text(said).clicked()
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
        let text = theme::colour(ctx, Ink::Text);
        painter.text(sign.center(), Align2::CENTER_CENTER, &tinted.sign, font, text);
    }
    let font = theme::font(Face::Sans, size::TYPE_12);
    let left = pos2(rect.left() + room, middle);
    painter.text(left, Align2::LEFT_CENTER, meaning, font.clone(), theme::colour(ctx, Ink::Text));
    let right = pos2(rect.right(), middle);
    painter.text(right, Align2::RIGHT_CENTER, count.to_string(), font, theme::colour(ctx, Ink::Muted));
}
