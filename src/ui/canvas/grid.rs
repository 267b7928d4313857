//! The dots on the ground, which fade as they come too close to each other.

use std::sync::Arc;

use egui::{Color32, Mesh, Painter, Pos2, Rect, Shape};

use crate::scene::Pos;
use crate::tokens::{Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

/// Dots are never closer than this on the screen, nor twice as far apart.
const CLOSEST: f32 = 16.0;

/// The dots as they were last painted.
#[derive(Debug, Default)]
pub(super) struct Grid {
    mesh: Arc<Mesh>,
    shown: Option<(Camera, Color32)>,
}

impl Grid {
    pub(super) fn paint(&mut self, painter: &Painter, camera: &Camera) {
        let colour = theme::colour(painter.ctx(), Ink::Dot);
        if self.shown != Some((*camera, colour)) {
            self.shown = Some((*camera, colour));
            let mut mesh = Arc::unwrap_or_clone(std::mem::take(&mut self.mesh));
            mesh.clear();
            dots(&mut mesh, camera, colour, painter.pixels_per_point());
            self.mesh = Arc::new(mesh);
        }
        painter.add(Shape::Mesh(Arc::clone(&self.mesh)));
    }
}

fn dots(mesh: &mut Mesh, camera: &Camera, colour: Color32, pixels_per_point: f32) {
    let (area, origin) = (camera.screen, camera.to_screen(Pos::ZERO));
    let mut step = size::GRID * camera.zoom;
    while step < CLOSEST {
        step *= 2.0;
    }
    while step >= 2.0 * CLOSEST {
        step /= 2.0;
    }
    // Every second dot of a row and column fades before it goes.
    let share = ((step - CLOSEST) / (CLOSEST * 0.75)).clamp(0.0, 1.0);
    let faint = colour.gamma_multiply(share);
    // Whole pixels, so that all dots look alike.
    let pixel = 1.0 / pixels_per_point;
    let side = (1.4 * pixels_per_point).round().max(1.0) * pixel;
    let first = |low: f32, origin: f32| ((low - origin) / step).floor() as i64;
    let (left, top) = (first(area.min.x, origin.x), first(area.min.y, origin.y));
    let (columns, rows) = ((area.width() / step) as i64 + 2, (area.height() / step) as i64 + 2);
    mesh.reserve_vertices((columns * rows * 4) as usize);
    mesh.reserve_triangles((columns * rows * 2) as usize);
    let to_pixel = |at: f32| (at * pixels_per_point).round() * pixel;
    for row in top..=top + rows {
        let y = to_pixel(origin.y + row as f32 * step - side / 2.0);
        for column in left..=left + columns {
            let is_coarse = row % 2 == 0 && column % 2 == 0;
            if !is_coarse && share <= 0.0 {
                continue;
            }
            let min = Pos2::new(to_pixel(origin.x + column as f32 * step - side / 2.0), y);
            let dot = Rect::from_min_max(min, min + egui::Vec2::splat(side));
            mesh.add_colored_rect(dot, if is_coarse { colour } else { faint });
        }
    }
}
