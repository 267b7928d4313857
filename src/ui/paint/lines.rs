//! Lines: rounded corners, dashes, the head of an arrow.

use egui::epaint::{Vertex, WHITE_UV};
use egui::{Color32, Pos2, Rect, Vec2};

use crate::scene::geometry::{arrow_head, arrow_tail, flattened};
use crate::scene::{self, PathShape};
use crate::tokens::size;

use super::dashes::Dashed;
use super::pen::Pen;

/// How much is left of the colour of a line whose dashes run together.
const DASHED: f32 = 0.7;
/// A line of up to this width is one among many; wider ones are picked out, and lie above those.
const ORDINARY: f32 = size::STROKE_FLOW;
/// A line of up to so many pixels is thin.
const THIN: f32 = 1.5;

impl Pen<'_> {
    pub(super) fn path(&mut self, it: &PathShape<'_>, opacity: f32) {
        let zoom = self.camera.zoom;
        let (width, left) = self.line_width(it.stroke.width);
        let colour = self.colour(it.stroke.fill, opacity * left);
        let radius = it.radius * zoom;
        let shows_dash = it.stroke.dash.is_some_and(|it| self.shows(it));
        let is_thin =
            radius < 1.0 && it.head == 0.0 && it.tail == 0.0 && !shows_dash && width <= THIN * self.feather;
        let is_seen = || {
            let bounds = self.camera.rect_to_screen(scene::Rect::around(it.points));
            self.clip.intersects(bounds.expand((it.stroke.width + it.head.max(it.tail)) * zoom + 2.0))
        };
        let shift = self.shift(width);
        if is_thin && it.points.windows(2).all(|it| it[0].x == it[1].x || it[0].y == it[1].y) {
            let left = if it.stroke.dash.is_some() { DASHED } else { 1.0 };
            self.thin(it.points, (width, shift), colour.gamma_multiply(left));
            return;
        }
        if !is_seen() {
            return;
        }
        let mut world = std::mem::take(&mut self.scratch.world);
        world.clear();
        world.extend(it.points.iter().map(|it| {
            let at = self.camera.to_screen(*it);
            scene::Pos::new(self.to_line(at.x, shift), self.to_line(at.y, shift))
        }));
        let head = if it.head > 0.0 { arrow_head(&world, it.head * zoom) } else { None };
        let tail = if it.tail > 0.0 { arrow_tail(&world, it.tail * zoom) } else { None };
        // The line ends inside its head, so that its square end does not show.
        let inside = |[tip, one, two]: [scene::Pos; 3]| tip.towards(one.towards(two, 0.5), 0.5);
        if let (Some(head), Some(last)) = (head, world.last_mut()) {
            *last = inside(head);
        }
        if let (Some(tail), Some(first)) = (tail, world.first_mut()) {
            *first = inside(tail);
        }
        if !shows_dash {
            // Dashes are counted from where a line begins, and cut one by one.
            cut(&mut world, self.clip.expand(radius + width + 2.0));
        }
        let mut flat = std::mem::take(&mut self.scratch.flat);
        // A quarter of a small corner needs few pieces.
        let steps = if radius < 2.0 { 1 } else { (2.0 + radius.sqrt()) as u32 };
        flattened(&world, if radius < 1.0 { 0.0 } else { radius }, steps, &mut flat);
        let mut points = std::mem::take(&mut self.scratch.points);
        points.clear();
        points.extend(flat.iter().map(|it| Pos2::new(it.x, it.y)));
        match it.stroke.dash {
            Some(dash) if self.shows(dash) => {
                self.dashes(&points, Dashed { width, colour, dash, is_below: it.stroke.width <= ORDINARY });
            }
            Some(_) => self.stroke_open(&points, width, colour.gamma_multiply(DASHED)),
            None => self.stroke_open(&points, width, colour),
        }
        for corners in head.into_iter().chain(tail) {
            self.triangle(corners.map(|it| Pos2::new(it.x, it.y)), colour);
        }
        (self.scratch.world, self.scratch.flat, self.scratch.points) = (world, flat, points);
    }

    /// A line of level and upright pieces, a pixel or two wide: one band, whose pieces meet in mitres. Its edges lie between
    /// pixels, so nothing has to fade.
    fn thin(&mut self, points: &[scene::Pos], (width, shift): (f32, f32), colour: Color32) {
        let half = self.to_edge(width).max(self.feather) / 2.0;
        let bounds = self.camera.rect_to_screen(scene::Rect::around(points));
        if !self.clip.intersects(bounds.expand(half + self.feather)) {
            return;
        }
        // Where the last piece ends, and which way it goes: as long as half of the line is wide.
        let (mut at, mut way) = (Pos2::ZERO, Vec2::ZERO);
        for (n, point) in points.iter().enumerate() {
            let to = self.camera.to_screen(*point);
            let to = Pos2::new(self.to_line(to.x, shift), self.to_line(to.y, shift));
            if n == 0 || to == at {
                at = to;
                continue;
            }
            let next = (to - at).clamp(Vec2::splat(-half), Vec2::splat(half));
            if way == Vec2::ZERO {
                self.across(at - next, next, colour);
            } else if way == -next {
                // It comes back on itself.
                self.across(at + way, way, colour);
                self.band();
                self.across(at - next, next, colour);
            } else {
                self.mitre(at, (way, next), colour);
                self.band();
            }
            (at, way) = (to, next);
        }
        if way == Vec2::ZERO {
            self.quad(Rect::from_center_size(at, Vec2::splat(2.0 * half)), colour);
            return;
        }
        self.across(at + way, way, colour);
        self.band();
    }

    /// The two corners of a band that lie across its way, left and right of a point.
    fn across(&mut self, at: Pos2, way: Vec2, colour: Color32) {
        let left = way.rot90();
        self.corners([at + left, at - left], colour);
    }

    /// The two corners of a band in which a turn to the side is made.
    fn mitre(&mut self, at: Pos2, (way, next): (Vec2, Vec2), colour: Color32) {
        let left = if way == next { way.rot90() } else { way.rot90() + next.rot90() };
        self.corners([at + left, at - left], colour);
    }

    fn corners(&mut self, corners: [Pos2; 2], colour: Color32) {
        let corners = corners.map(|pos| Vertex { pos, uv: WHITE_UV, color: colour });
        self.mesh.vertices.extend_from_slice(&corners);
    }

    /// The piece of a band between the last four corners.
    fn band(&mut self) {
        let first = (self.mesh.vertices.len() - 4) as u32;
        self.mesh.indices.extend_from_slice(&[0, 1, 2, 2, 1, 3].map(|it| first + it));
    }
}

/// Leaves of a line what lies between its first piece that meets a box and its last one, and a piece more at both ends: how
/// round a corner is follows from both of its arms.
fn cut(points: &mut Vec<scene::Pos>, seen: Rect) {
    let is_seen = |it: &[scene::Pos]| {
        let [a, b] = [it[0], it[1]].map(|it| Pos2::new(it.x, it.y));
        Rect::from_two_pos(a, b).intersects(seen)
    };
    let first = points.windows(2).position(is_seen);
    let last = points.windows(2).rposition(is_seen);
    let Some((first, last)) = first.zip(last) else {
        points.clear();
        return;
    };
    points.truncate(last + 3);
    points.drain(..first.saturating_sub(1));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_before_and_behind_the_box_is_cut_off() {
        let area = Rect::from_min_max(Pos2::new(10.0, 10.0), Pos2::new(20.0, 20.0));
        let left_of = |points: &[(f32, f32)]| {
            let mut points: Vec<_> = points.iter().map(|it| scene::Pos::new(it.0, it.1)).collect();
            cut(&mut points, area);
            points.iter().map(|it| (it.x, it.y)).collect::<Vec<_>>()
        };
        let into = [(-9.0, 0.0), (0.0, 0.0), (0.0, 15.0), (15.0, 15.0), (15.0, 40.0), (18.0, 40.0)];
        let out = [(18.0, 12.0), (90.0, 12.0), (90.0, 0.0), (99.0, 0.0)];
        let line = [&into[..], &out].concat();
        assert_eq!(left_of(&line), line[1..9]);
        assert_eq!(left_of(&line[..2]), []);
    }
}
