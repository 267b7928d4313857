//! What is painted of a picture that is moved, and what is painted next.
//!
//! All of a strip that comes into view costs many times what a frame does that only moves the picture. So a strip is begun
//! before it is needed, and painted piece by piece.

use egui::{Rect, Vec2};

/// How far a picture is painted beyond the screen where it is moved on, in points.
pub(super) const AHEAD: f32 = 128.0;
/// How far what goes out of view is kept, for whoever comes back.
const BEHIND: f32 = 2.0 * AHEAD;
/// In how many pieces a strip comes, if there is time for so many.
const PIECES: f32 = 4.0;

/// What is painted, on the screen and around it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Ahead {
    held: Rect,
    coming: Option<Strip>,
}

/// A strip along a side of what is held, as long as that side.
#[derive(Debug, Clone, PartialEq)]
struct Strip {
    area: Rect,
    /// Whether it is painted from its top to its bottom, not from its left to its right.
    is_upright: bool,
    /// How far it is painted: a place on the screen.
    done: f32,
}

impl Default for Ahead {
    fn default() -> Self {
        Self::of(Rect::NOTHING)
    }
}

impl Ahead {
    /// An area is painted, and nothing else.
    pub(super) fn of(area: Rect) -> Self {
        Self { held: area, coming: None }
    }

    pub(super) fn shift(&mut self, by: Vec2) {
        self.held = self.held.translate(by);
        if let Some(strip) = &mut self.coming {
            strip.area = strip.area.translate(by);
            strip.done += if strip.is_upright { by.y } else { by.x };
        }
    }

    /// The picture is seen `zoom` times as large, then moved. What was begun beyond what is held is given up.
    pub(super) fn zoom(&mut self, zoom: f32, by: Vec2) {
        self.coming = None;
        self.held = scaled(self.held, zoom).translate(by);
    }

    /// Whether some of a screen is painted.
    pub(super) fn meets(&self, screen: Rect) -> bool {
        self.held.intersects(screen)
    }

    /// What lies beyond this can be forgotten.
    pub(super) fn kept(&self) -> Rect {
        self.coming.as_ref().map_or(self.held, |it| self.held.union(it.area))
    }

    /// What is to be painted now, after a move by so much: all that the screen lacks, else a piece of what comes next. No
    /// part meets another, or anything that was painted.
    pub(super) fn next(&mut self, screen: Rect, by: Vec2) -> Vec<Rect> {
        let mut parts = Vec::new();
        if !self.held.contains_rect(screen) {
            parts.extend(self.piece(1.0));
        }
        if !self.held.contains_rect(screen) {
            self.leave_behind(screen);
            let wanted = extended(self.held, screen);
            parts.extend(around(self.held, wanted).into_iter().filter(Rect::is_positive));
            self.held = wanted;
        }
        if !parts.is_empty() {
            return parts;
        }
        let sides = sides(self.held, screen, by).filter(|it| it.room < AHEAD);
        let soonest = sides.min_by(|a, b| a.time().total_cmp(&b.time()));
        if self.coming.is_none() && soonest.is_some() {
            self.leave_behind(screen);
            self.coming = soonest.as_ref().map(|it| it.strip(self.held));
        }
        parts.extend(self.piece(soonest.map_or(0.0, |it| 1.0 / it.time())));
        parts
    }

    /// The next piece of what is coming: a share of what is left of it, or what is due of it in any case.
    fn piece(&mut self, share: f32) -> Option<Rect> {
        let strip = self.coming.as_mut()?;
        let Rect { min, max } = strip.area;
        let (low, high) = if strip.is_upright { (min.y, max.y) } else { (min.x, max.x) };
        let to = (strip.done + ((high - strip.done) * share).max((high - low) / PIECES).ceil()).min(high);
        let from = std::mem::replace(&mut strip.done, to);
        let area = strip.area;
        let piece = if strip.is_upright {
            area.with_min_y(from).with_max_y(to)
        } else {
            area.with_min_x(from).with_max_x(to)
        };
        if to >= high {
            self.held = self.held.union(area);
            self.coming = None;
        }
        piece.is_positive().then_some(piece)
    }

    /// So that what comes is not much longer than the screen.
    fn leave_behind(&mut self, screen: Rect) {
        self.held = self.held.intersect(screen.expand(BEHIND));
    }
}

/// A side of the screen towards which the picture is moved on.
struct Side {
    /// Outwards.
    towards: Vec2,
    /// How far it is painted beyond the screen, in points.
    room: f32,
    /// Points in a frame.
    speed: f32,
}

impl Side {
    /// In how many frames what is painted ends.
    fn time(&self) -> f32 {
        (self.room / self.speed).max(1.0)
    }

    /// What lies beyond what is held on this side.
    fn strip(&self, held: Rect) -> Strip {
        let is_upright = self.towards.x != 0.0;
        let [left, right, above, below] = around(held, held.union(held.translate(self.towards * AHEAD)));
        let area = match self.towards {
            Vec2 { x, .. } if x < 0.0 => left,
            Vec2 { x, .. } if x > 0.0 => right,
            Vec2 { y, .. } if y < 0.0 => above,
            _ => below,
        };
        Strip { area, is_upright, done: if is_upright { area.min.y } else { area.min.x } }
    }
}

/// The sides that come closer by such a move.
fn sides(held: Rect, screen: Rect, by: Vec2) -> impl Iterator<Item = Side> {
    let rooms = [
        (Vec2::LEFT, screen.min.x - held.min.x),
        (Vec2::RIGHT, held.max.x - screen.max.x),
        (Vec2::UP, screen.min.y - held.min.y),
        (Vec2::DOWN, held.max.y - screen.max.y),
    ];
    let sides = rooms.map(|(towards, room)| Side { towards, room, speed: -towards.dot(by) });
    sides.into_iter().filter(|it| it.speed > 0.0)
}

/// As large as that, seen from the corner of the window.
pub(super) fn scaled(it: Rect, zoom: f32) -> Rect {
    Rect { min: (it.min.to_vec2() * zoom).to_pos2(), max: (it.max.to_vec2() * zoom).to_pos2() }
}

/// What is held, extended to a whole screen, and some way further where it was too short.
fn extended(held: Rect, screen: Rect) -> Rect {
    let low = |held: f32, screen: f32| if held <= screen { held } else { screen - AHEAD };
    let high = |held: f32, screen: f32| if held >= screen { held } else { screen + AHEAD };
    Rect {
        min: egui::pos2(low(held.min.x, screen.min.x), low(held.min.y, screen.min.y)),
        max: egui::pos2(high(held.max.x, screen.max.x), high(held.max.y, screen.max.y)),
    }
}

/// The parts of a box that lie beyond one in it: to the left and the right as high as that, above and below as wide as
/// both.
fn around(held: Rect, wanted: Rect) -> [Rect; 4] {
    let beside = wanted.with_min_y(held.min.y).with_max_y(held.max.y);
    [
        beside.with_max_x(held.min.x),
        beside.with_min_x(held.max.x),
        wanted.with_max_y(held.min.y),
        wanted.with_min_y(held.max.y),
    ]
}

#[cfg(test)]
mod tests {
    use egui::{Pos2, vec2};
    use proptest::prelude::*;

    use super::*;

    const SCREEN: Vec2 = vec2(1280.0, 800.0);

    fn area(it: Rect) -> f32 {
        it.width().max(0.0) * it.height().max(0.0)
    }

    proptest! {
        /// Whatever the moves: nothing is painted twice, nothing is missing, and it is known where that is.
        #[test]
        fn all_of_the_screen_is_painted_once(
            moves in prop::collection::vec((-120_i16..=120, -120_i16..=120), 1..60),
        ) {
            let screen = Rect::from_min_size(Pos2::ZERO, SCREEN);
            let near = screen.expand(BEHIND + 3.0 * AHEAD);
            let (mut ahead, mut painted) = (Ahead::of(screen), vec![screen]);
            for (x, y) in moves {
                let by = vec2(f32::from(x), f32::from(y));
                painted.iter_mut().for_each(|it| *it = it.translate(by));
                ahead.shift(by);
                let parts = ahead.next(screen, by);
                prop_assert!(parts.iter().all(|it| near.contains_rect(*it)), "{parts:?}");
                painted.extend(parts);
                let kept = ahead.kept();
                painted.iter_mut().for_each(|it| *it = it.intersect(kept));
                painted.retain(Rect::is_positive);
                let shown: f32 = painted.iter().map(|it| area(it.intersect(screen))).sum();
                prop_assert_eq!(shown, area(screen));
                for (n, one) in painted.iter().enumerate() {
                    prop_assert!(painted.iter().skip(n + 1).all(|it| area(one.intersect(*it)) == 0.0));
                }
            }
        }
    }

    /// Where a view is moved on evenly, no frame paints much more than comes into view in it, and none waits.
    #[test]
    fn an_even_move_is_painted_evenly() {
        let screen = Rect::from_min_size(Pos2::ZERO, SCREEN);
        for by in [vec2(-16.0, 5.0), vec2(16.0, -5.0), vec2(0.0, -16.0), vec2(3.0, 0.0), vec2(20.0, 12.0)] {
            let mut ahead = Ahead::of(screen);
            // The first strip is short of room; those after it are begun in time.
            for frame in 0..400 {
                ahead.shift(by);
                let is_short = !ahead.held.contains_rect(screen);
                let painted: f32 = ahead.next(screen, by).into_iter().map(area).sum();
                let most = 1.3 * AHEAD * (SCREEN.x + 2.0 * (BEHIND + AHEAD)) / PIECES;
                assert!(frame < 1 || !is_short && painted <= most, "{by}, frame {frame}: {painted}");
            }
        }
    }
}
