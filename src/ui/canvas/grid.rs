//! The dots on the ground, which fade as they come too close to each other.

use std::sync::Arc;

use egui::{Color32, Mesh, Painter, Pos2, Rect, Shape, Vec2};

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
    /// How far they were moved to the right and downwards since, in pixels: less than after what they repeat.
    moved: Vec2,
}

impl Grid {
    pub(super) fn paint(&mut self, painter: &Painter, camera: &Camera) {
        let colour = theme::colour(painter.ctx(), Ink::Dot);
        if self.shown != Some((*camera, colour)) && !self.slide(camera, colour, painter.pixels_per_point()) {
            (self.shown, self.moved) = (Some((*camera, colour)), Vec2::ZERO);
            let mut mesh = Arc::unwrap_or_clone(std::mem::take(&mut self.mesh));
            mesh.clear();
            dots(&mut mesh, camera, colour, painter.pixels_per_point());
            self.mesh = Arc::new(mesh);
        }
        painter.add(Shape::Mesh(Arc::clone(&self.mesh)));
    }

    /// Moves the dots, if they repeat after whole pixels. Returns whether it could.
    fn slide(&mut self, camera: &Camera, colour: Color32, pixels_per_point: f32) -> bool {
        let Some((shown, _)) = self.shown.filter(|it| it.1 == colour) else { return false };
        let period = 2.0 * step(camera.zoom) * pixels_per_point;
        if (shown.zoom, shown.screen) != (camera.zoom, camera.screen) || period.fract() != 0.0 {
            return false;
        }
        let off = shown.corner - camera.corner;
        let off = (Vec2::new(off.x, off.y) * camera.zoom * pixels_per_point).round();
        let moved = Vec2::new(off.x.rem_euclid(period), off.y.rem_euclid(period));
        let by = (moved - self.moved) / pixels_per_point;
        for vertex in &mut Arc::make_mut(&mut self.mesh).vertices {
            vertex.pos += by;
        }
        self.moved = moved;
        true
    }
}

/// Points from one dot to the next, on the screen.
fn step(zoom: f32) -> f32 {
    let mut step = size::GRID * zoom;
    while step < CLOSEST {
        step *= 2.0;
    }
    while step >= 2.0 * CLOSEST {
        step /= 2.0;
    }
    step
}

/// Dots on all of the screen, and two steps to the left and above, from where they can be moved.
fn dots(mesh: &mut Mesh, camera: &Camera, colour: Color32, pixels_per_point: f32) {
    let (area, origin) = (camera.screen, camera.to_screen(Pos::ZERO));
    let step = step(camera.zoom);
    // Every second dot of a row and column fades before it goes.
    let share = ((step - CLOSEST) / (CLOSEST * 0.75)).clamp(0.0, 1.0);
    let faint = colour.gamma_multiply(share);
    // Whole pixels, so that all dots look alike.
    let pixel = 1.0 / pixels_per_point;
    let side = (1.4 * pixels_per_point).round().max(1.0) * pixel;
    let first = |low: f32, origin: f32| ((low - origin) / step).floor() as i64 - 2;
    let (left, top) = (first(area.min.x, origin.x), first(area.min.y, origin.y));
    let (columns, rows) = ((area.width() / step) as i64 + 4, (area.height() / step) as i64 + 4);
    mesh.reserve_vertices((columns * rows * 4) as usize);
    mesh.reserve_triangles((columns * rows * 2) as usize);
    // Halves go upwards, on both sides of zero: so dots lie alike wherever they are.
    let to_pixel = |at: f32| (at * pixels_per_point + 0.5).floor() * pixel;
    for row in top..=top + rows {
        let y = to_pixel(origin.y + row as f32 * step - side / 2.0);
        for column in left..=left + columns {
            let is_coarse = row % 2 == 0 && column % 2 == 0;
            if !is_coarse && share <= 0.0 {
                continue;
            }
            let min = Pos2::new(to_pixel(origin.x + column as f32 * step - side / 2.0), y);
            let dot = Rect::from_min_max(min, min + Vec2::splat(side));
            mesh.add_colored_rect(dot, if is_coarse { colour } else { faint });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// Where dots are seen, in half pixels.
    fn seen(mesh: &Mesh, screen: Rect) -> BTreeSet<(i32, i32)> {
        let corners = mesh.vertices.iter().map(|it| it.pos).filter(|it| screen.shrink(2.0).contains(*it));
        corners.map(|it| ((it.x * 2.0).round() as i32, (it.y * 2.0).round() as i32)).collect()
    }

    proptest! {
        #[test]
        fn dots_that_were_moved_are_where_dots_are(
            zoom in prop_oneof![Just(0.5_f32), Just(1.0), Just(1.5), Just(4.0), 0.1_f32..4.0],
            steps in prop::collection::vec((-200_i16..200, -200_i16..200), 1..6),
        ) {
            let screen = Rect::from_min_size(Pos2::new(40.0, 30.0), Vec2::new(300.0, 200.0));
            let mut camera = Camera { corner: Pos::new(13.0, -7.0), zoom, screen };
            let mut grid = Grid { shown: Some((camera, Color32::WHITE)), ..Grid::default() };
            dots(Arc::make_mut(&mut grid.mesh), &camera, Color32::WHITE, 1.0);
            for (x, y) in steps {
                camera.corner = camera.corner + Pos::new(f32::from(x) / zoom, f32::from(y) / zoom);
                if !grid.slide(&camera, Color32::WHITE, 1.0) {
                    prop_assert!((2.0 * step(zoom)).fract() != 0.0);
                    return Ok(());
                }
                let mut anew = Mesh::default();
                dots(&mut anew, &camera, Color32::WHITE, 1.0);
                prop_assert_eq!(seen(&grid.mesh, screen), seen(&anew, screen));
            }
        }
    }
}
