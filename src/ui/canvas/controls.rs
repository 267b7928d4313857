//! What floats above the drawing: zoom, the map, and the way back when nothing is in view.

use egui::{
    Align2, Area, Frame, Id as UiId, Margin, Order, Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
};
use egui::{Mesh, Shape, WidgetInfo};

use super::Canvas;
use crate::editor::{Command, Editor, Wish, command};
use crate::scene::{CardFace, Pos};
use crate::tokens::{AREA, Face, Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;
use crate::ui::widgets::{Button, icon_button};

/// The map, in the corner above the zoom buttons.
const MAP: Vec2 = Vec2::new(160.0, 104.0);
/// The zoom in per cent, and the bar that it stands in with three buttons.
const PERCENT_WIDTH: f32 = 52.0;
pub(super) const ZOOM_WIDTH: f32 = PERCENT_WIDTH + 3.0 * size::CONTROL_HEIGHT + 6.0;
/// A canvas smaller than this has no room for it.
const MAP_NEEDS: Vec2 = Vec2::new(560.0, 420.0);

impl Canvas {
    pub(super) fn controls_ui(&mut self, ui: &Ui, painter: &Painter, editor: &mut Editor, camera: &Camera) {
        let corner = self.area.right_bottom() - Vec2::splat(size::SPACE_14);
        self.zoom_ui(ui, editor, camera, corner);
        self.overlays_ui(ui, editor);
        self.views_ui(ui, editor);
        let has_room = self.area.width() >= MAP_NEEDS.x && self.area.height() >= MAP_NEEDS.y;
        if let Some(bounds) = editor.layout().bounds() {
            // While all is in view, a map tells nothing.
            if has_room && !camera.viewport().contains_rect(&bounds) {
                let map = Rect::from_min_max(corner - MAP, corner).translate(Vec2::new(0.0, -46.0));
                self.map_ui(ui, painter, editor, camera, (map, bounds));
            }
            if !camera.viewport().overlaps(&bounds) {
                self.way_back_ui(ui, editor);
            }
        }
    }

    fn zoom_ui(&self, ui: &Ui, editor: &mut Editor, camera: &Camera, corner: egui::Pos2) {
        let ctx = ui.ctx();
        let frame = frame(ui);
        let percent = format!("{:.0} %", camera.zoom * 100.0);
        floating("canvas-zoom", self.area, corner, Align2::RIGHT_BOTTOM).show(ctx, |ui| {
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
    }

    /// The whole drawing, small; press or drag to look elsewhere.
    fn map_ui(
        &mut self,
        ui: &Ui,
        painter: &Painter,
        editor: &Editor,
        camera: &Camera,
        (map, bounds): (Rect, crate::scene::Rect),
    ) {
        let ctx = ui.ctx();
        let response = ui.interact(map, UiId::unique("canvas-map"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Map"));
        let line = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline));
        painter.add(ui.visuals().popup_shadow.as_shape(map, size::RADIUS_BOUNDARY));
        painter.rect(
            map,
            size::RADIUS_CONTROL + 2.0,
            theme::colour(ctx, Ink::Panel),
            line,
            StrokeKind::Inside,
        );
        let seen = camera.viewport();
        let small = Camera::showing(bounds, map, 10.0, 0.2);
        let mut mesh = Mesh::default();
        let area = theme::translucent(ctx, Ink::Boundary, 2.0 * AREA);
        for it in editor.layout().boundaries.values() {
            mesh.add_colored_rect(small.rect_to_screen(it.rect), area);
        }
        for it in editor.layout().cards.values() {
            let ink = match &it.face {
                CardFace::Element { family, .. } => Ink::Family(*family),
                CardFace::Note { .. } => Ink::Medium,
            };
            let mut rect = small.rect_to_screen(it.rect);
            rect.max = rect.max.max(rect.min + Vec2::splat(1.5));
            mesh.add_colored_rect(rect, theme::translucent(ctx, ink, 0.8));
        }
        painter.add(Shape::mesh(mesh));
        let frame = small.rect_to_screen(seen).intersect(map.shrink(3.0));
        let accent = Stroke::new(1.5, super::picture::accent(painter));
        if frame.is_positive() {
            painter.rect_stroke(frame, 2.0, accent, StrokeKind::Inside);
        }
        if let Some(at) = response.interact_pointer_pos() {
            let to = small.to_world(at);
            let Pos { x, y } = to;
            self.camera
                .look_at(Pos::new(x.clamp(bounds.min.x, bounds.max.x), y.clamp(bounds.min.y, bounds.max.y)));
        }
    }

    fn way_back_ui(&self, ui: &Ui, editor: &mut Editor) {
        let at = self.area.center_bottom() - Vec2::new(0.0, size::SPACE_14);
        floating("canvas-back", self.area, at, Align2::CENTER_BOTTOM).show(ui.ctx(), |ui| {
            if ui.add(Button::new("Back to content").icon("locate-fixed")).clicked() {
                editor.shown.wishes.push(Wish::Fit);
            }
        });
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

pub(super) fn floating(name: &str, area: Rect, at: egui::Pos2, pivot: Align2) -> Area {
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

/// The zoom in per cent; a click goes to 100 %.
fn percent_ui(ui: &mut Ui, editor: &mut Editor, percent: &str) {
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(PERCENT_WIDTH, size::CONTROL_HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Zoom to 100 %"));
    let ink = if response.hovered() { Ink::Text } else { Ink::Muted };
    let font = theme::font(Face::Mono, size::TYPE_11);
    let colour = theme::colour(ui.ctx(), ink);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, percent, font, colour);
    if response.on_hover_text("Zoom to 100 %  Ctrl+0").clicked() {
        editor.run("view.zoom-reset");
    }
}
