//! What floats above the drawing: zoom, and the way back when nothing is in view.

use egui::{
    Align2, Area, Frame, Id as UiId, Margin, Order, Painter, Pos2, Rect, Role, Sense, Stroke, Ui, Vec2,
    WidgetInfo,
};

use super::Canvas;
use crate::editor::{Command, Editor, Wish, command};
use crate::tokens::{Face, Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;
use crate::ui::widgets::{Button, icon_button, menu_item};

/// The zoom in per cent, and the bar that it stands in with three buttons.
const PERCENT_WIDTH: f32 = 52.0;
pub(super) const ZOOM_WIDTH: f32 = PERCENT_WIDTH + 3.0 * size::CONTROL_HEIGHT + 6.0;
/// How high that bar is, with the gap above it.
pub(super) const ABOVE_ZOOM: f32 = size::CONTROL_HEIGHT + 6.0 + size::SPACE_8;

/// About as large as the way back to the drawing is.
const WAY_BACK: Vec2 = Vec2::new(180.0, size::CONTROL_HEIGHT);

impl Canvas {
    pub(super) fn controls_ui(&mut self, ui: &Ui, painter: &Painter, editor: &mut Editor, camera: &Camera) {
        let corner = self.area.right_bottom() - Vec2::splat(size::SPACE_14);
        self.dock.area = Some(self.area);
        self.dock.zoom = Some(self.zoom_ui(ui, editor, camera, corner));
        self.overlays_ui(ui, editor);
        self.views_ui(ui, editor);
        self.filter_ui(ui, editor);
        self.map_ui(ui, painter, editor, camera);
        let layout = editor.layout();
        let is_lost = editor.proposal().is_none()
            && layout.bounds().is_some()
            && !layout.has_something_in(&camera.viewport());
        self.dock.way_back = if is_lost { Some(self.way_back_ui(ui, editor, camera)) } else { None };
    }

    /// Returns where it stands.
    fn zoom_ui(&self, ui: &Ui, editor: &mut Editor, camera: &Camera, corner: Pos2) -> Rect {
        let ctx = ui.ctx();
        let frame = frame(ui);
        let percent = format!("{:.0} %", camera.zoom * 100.0);
        let shown = floating("canvas-zoom", self.area, corner, Align2::RIGHT_BOTTOM).show(ctx, |ui| {
            frame.show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.horizontal(|ui| {
                    command_button(ui, editor, "view.zoom-out");
                    percent_ui(ui, editor, &percent);
                    command_button(ui, editor, "view.zoom-in");
                    command_button(ui, editor, "view.fit");
                });
            });
        });
        shown.response.rect
    }

    /// Returns where it stands.
    fn way_back_ui(&self, ui: &Ui, editor: &mut Editor, camera: &Camera) -> Rect {
        let bottom = self.area.center_bottom() - Vec2::new(0.0, size::SPACE_14);
        let docked = self.docked(editor, camera);
        // Where the canvas is narrow, above what stands at its corners.
        let is_free = |at: &Pos2| {
            let stands = Align2::CENTER_BOTTOM.anchor_size(*at, WAY_BACK).expand(size::SPACE_8);
            !docked.iter().any(|it| it.intersects(stands))
        };
        let above = bottom - Vec2::new(0.0, ABOVE_ZOOM);
        let at = [bottom, above].into_iter().find(is_free).unwrap_or_else(|| self.area.center());
        let shown = floating("canvas-back", self.area, at, Align2::CENTER_BOTTOM).show(ui.ctx(), |ui| {
            if ui.add(Button::new("Back to the drawing").icon("locate-fixed")).clicked() {
                editor.shown.wishes.push(Wish::Fit);
            }
        });
        shown.response.rect
    }
}

/// The frame of a small bar above the drawing.
pub(super) fn frame(ui: &Ui) -> Frame {
    let ctx = ui.ctx();
    Frame::new()
        .fill(theme::colour(ctx, Ink::Panel))
        .stroke(Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline)))
        .corner_radius(size::RADIUS_CONTROL + 2.0)
        .inner_margin(Margin::same(2))
        .shadow(ui.visuals().popup_shadow)
}

pub(super) fn floating(name: &str, area: Rect, at: Pos2, pivot: Align2) -> Area {
    Area::new(UiId::unique(name)).order(Order::Middle).pivot(pivot).fixed_pos(at).constrain_to(area)
}

/// The button of a command, with its icon.
pub(super) fn command_button(ui: &mut Ui, editor: &mut Editor, id: &str) {
    let Some(command) = command(id) else { return };
    let keys = editor.keys_of(command);
    let Command { icon, label, .. } = command;
    let is_enabled = (command.when)(editor);
    let response = ui.add_enabled_ui(is_enabled, |ui| icon_button(ui, icon, label, &keys, false)).inner;
    if response.clicked() {
        editor.run(id);
    }
}

/// The line of a menu for a command; of a switch, with whether it is on.
pub(super) fn command_line(ui: &mut Ui, editor: &mut Editor, id: &str, is_on: Option<bool>) {
    let Some(command) = command(id) else { return };
    let icon = is_on.map_or(command.icon, choice_mark);
    let keys = editor.keys_of(command);
    let line = menu_item(ui, Some((icon, Ink::Muted)), command.label, &keys, is_on == Some(true));
    if line.on_hover_text(command.help).clicked() {
        editor.run(id);
    }
}

/// The icon of one of several in a menu, or of a switch.
pub(super) fn choice_mark(is_on: bool) -> &'static str {
    if is_on { "check" } else { "circle" }
}

/// The zoom in per cent; a click goes to 100 %.
fn percent_ui(ui: &mut Ui, editor: &mut Editor, percent: &str) {
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(PERCENT_WIDTH, size::CONTROL_HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Zoom to 100 %"));
    let ink = if response.hovered() { Ink::Text } else { Ink::Muted };
    let font = theme::font(Face::Mono, size::TYPE_11);
    let colour = theme::colour(ui.ctx(), ink);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, percent, font, colour);
    let keys = command("view.zoom-reset").map(|it| editor.keys_of(it)).unwrap_or_default();
    if response.on_hover_text(format!("Zoom to 100 %  {keys}").trim_end()).clicked() {
        editor.run("view.zoom-reset");
    }
}
