//! The camera: which part of the world is seen, and how large.

use egui::{Pos2, Rect, Vec2, pos2};

use crate::scene::{self, Pos};

/// Where the world stands on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The world's position at the upper left corner of the window that it is seen through.
    pub corner: Pos,
    /// Points on the screen for one of the world.
    pub zoom: f32,
    /// That window, on the screen.
    pub screen: Rect,
}

impl Camera {
    /// The camera that shows an area in the middle of the screen, no nearer than `most`.
    pub fn showing(area: scene::Rect, screen: Rect, padding: f32, most: f32) -> Self {
        let room = (screen.size() - Vec2::splat(2.0 * padding)).max(Vec2::splat(1.0));
        let (width, height) = (area.width().max(1.0), area.height().max(1.0));
        let zoom = (room.x / width).min(room.y / height).min(most);
        let centre = area.centre();
        let half = screen.size() / (2.0 * zoom);
        Self { corner: Pos::new(centre.x - half.x, centre.y - half.y), zoom, screen }
    }

    pub fn to_screen(self, pos: Pos) -> Pos2 {
        let offset = pos - self.corner;
        self.screen.min + Vec2::new(offset.x, offset.y) * self.zoom
    }

    pub fn to_world(self, pos: Pos2) -> Pos {
        let offset = (pos - self.screen.min) / self.zoom;
        Pos::new(self.corner.x + offset.x, self.corner.y + offset.y)
    }

    pub fn rect_to_screen(&self, rect: scene::Rect) -> Rect {
        Rect::from_min_max(self.to_screen(rect.min), self.to_screen(rect.max))
    }

    /// Whether at least half of what another one sees is seen.
    pub fn sees_half_of(&self, other: &Self) -> bool {
        let (seen, wanted) = (self.viewport(), other.viewport());
        let high = seen.max.y.min(wanted.max.y) - seen.min.y.max(wanted.min.y);
        let wide = seen.max.x.min(wanted.max.x) - seen.min.x.max(wanted.min.x);
        2.0 * wide.max(0.0) * high.max(0.0) >= wanted.width() * wanted.height()
    }

    /// The part of the world that is seen.
    pub fn viewport(&self) -> scene::Rect {
        scene::Rect {
            min: self.to_world(self.screen.min),
            max: self.to_world(pos2(self.screen.right(), self.screen.bottom())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_shows_what_it_is_to_show() {
        let screen = Rect::from_min_size(pos2(100.0, 50.0), egui::vec2(800.0, 600.0));
        let area = scene::Rect::new(-200.0, 30.0, 1600.0, 400.0);
        let camera = Camera::showing(area, screen, 32.0, 1.0);
        assert!(screen.contains_rect(camera.rect_to_screen(area)));
        let there = camera.to_screen(Pos::new(10.0, 20.0));
        assert!(camera.to_world(there).distance(Pos::new(10.0, 20.0)) < 0.01);
        assert!(
            (Camera::showing(scene::Rect::new(0.0, 0.0, 1.0, 1.0), screen, 0.0, 2.0).zoom - 2.0).abs() < 1e-6
        );
    }
}
