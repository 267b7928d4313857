//! The camera: where one looks, how near, and the short flights from one place to another.

use egui::{Pos2, Rect, Vec2};

use crate::scene;
use crate::ui::paint::Camera;

/// How far out and how near one can go.
pub(super) const RANGE: (f32, f32) = (0.02, 8.0);
/// The steps of the zoom buttons.
const STEPS: [f32; 12] = [0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0];
/// How long a flight takes, in seconds.
const FLIGHT: f64 = 0.25;
/// Fitting does not come nearer than this: two cards need not fill the screen.
const FIT_NEAREST: f32 = 1.25;
/// The least room around what is fitted.
const PADDING: f32 = 32.0;

/// What is seen from further away is not read any more.
const READABLE: f32 = 0.4;

/// Where one looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct CameraControl {
    /// The world at the middle of the canvas.
    centre: scene::Pos,
    zoom: f32,
    flight: Option<Flight>,
}

/// A move of the camera that is under way.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Flight {
    from: (scene::Pos, f32),
    to: (scene::Pos, f32),
    /// When it began; not known before its first frame.
    start: Option<f64>,
}

impl Default for CameraControl {
    fn default() -> Self {
        Self { centre: scene::Pos::ZERO, zoom: 1.0, flight: None }
    }
}

impl CameraControl {
    /// How the world lies in a canvas of that area.
    pub(super) fn camera(&self, area: Rect) -> Camera {
        let half = area.size() / (2.0 * self.zoom);
        let corner = self.centre - scene::Pos::new(half.x, half.y);
        Camera { corner, zoom: self.zoom, screen: area }
    }

    /// Moves the picture by points of the screen.
    pub(super) fn pan(&mut self, by: Vec2) {
        self.flight = None;
        self.centre = self.centre - scene::Pos::new(by.x / self.zoom, by.y / self.zoom);
    }

    /// Comes nearer by a factor; what lies at a position of the screen stays there.
    pub(super) fn zoom_at(&mut self, area: Rect, at: Pos2, factor: f32) {
        self.flight = None;
        let before = self.camera(area).to_world(at);
        self.zoom = (self.zoom * factor).clamp(RANGE.0, RANGE.1);
        let after = self.camera(area).to_world(at);
        self.centre = self.centre + (before - after);
    }

    /// Flies to the next of the zoom buttons' steps.
    pub(super) fn step(&mut self, nearer: bool) {
        let now = self.flight.map_or(self.zoom, |it| it.to.1);
        let next = if nearer {
            STEPS.iter().copied().find(|it| *it > now * 1.01)
        } else {
            STEPS.iter().copied().rev().find(|it| *it < now * 0.99)
        };
        self.fly(self.centre, next.unwrap_or(now));
    }

    /// Flies to 100 %.
    pub(super) fn reset_zoom(&mut self) {
        self.fly(self.centre, 1.0);
    }

    /// Flies to where a part of the world fills the canvas.
    pub(super) fn fit(&mut self, area: Rect, world: scene::Rect) {
        self.fly_to(&Self::fitted(area, area, world));
    }

    /// Where one looks from if a part of the world fills that room of the canvas.
    pub(super) fn fitted(area: Rect, room: Rect, world: scene::Rect) -> Self {
        let zoom = Self::fitting(room, world);
        let beside = (area.center() - room.center()) / zoom;
        Self { centre: world.centre() + scene::Pos::new(beside.x, beside.y), zoom, flight: None }
    }

    pub(super) fn zoom(&self) -> f32 {
        self.zoom
    }

    /// Where one looks once a flight is over.
    pub(super) fn goal(&self) -> Self {
        let (centre, zoom) = self.ends();
        Self { centre, zoom, flight: None }
    }

    /// Flies on to where the picture is moved by that many points of the screen.
    pub(super) fn shift_goal(&mut self, by: Vec2) {
        let (centre, zoom) = self.ends();
        self.fly(centre - scene::Pos::new(by.x / zoom, by.y / zoom), zoom);
    }

    /// The canvas is another part of the screen; what is drawn stays where it is on the screen, also while one flies.
    pub(super) fn stay(&mut self, before: Rect, area: Rect) {
        let by = area.center() - before.center();
        let moved = |centre: scene::Pos, zoom: f32| centre + scene::Pos::new(by.x / zoom, by.y / zoom);
        self.centre = moved(self.centre, self.zoom);
        if let Some(flight) = &mut self.flight {
            flight.from.0 = moved(flight.from.0, flight.from.1);
            flight.to.0 = moved(flight.to.0, flight.to.1);
        }
    }

    /// Looks at a position at once.
    pub(super) fn look_at(&mut self, at: scene::Pos) {
        (self.centre, self.flight) = (at, None);
    }

    /// Flies back to where one looked.
    pub(super) fn return_to(&mut self, before: &Self) {
        self.fly(before.centre, before.zoom);
    }

    /// Flies to a position, as near as one looked before.
    pub(super) fn land(&mut self, before: &Self, at: scene::Pos) {
        self.fly(at, before.zoom);
    }

    /// The part of the world that is in view, with a margin around it, if the uppermost of the canvas, that much of it
    /// on the screen, is covered. While the camera flies, that which it flies to.
    pub(super) fn seen(&self, area: Rect, covered: f32) -> scene::Rect {
        let zoom = self.ends().1;
        let seen = self.goal().camera(area).viewport();
        let mut seen = seen.grown(-PADDING.min(area.width() / 8.0) / zoom);
        seen.min.y += covered / zoom;
        seen
    }

    /// Brings a part of the world into view, if it is not, and so near that it can be read.
    pub(super) fn show_below(&mut self, area: Rect, covered: f32, world: scene::Rect) {
        let (seen, zoom) = (self.seen(area, covered), self.ends().1);
        let is_readable = zoom >= READABLE;
        if is_readable && world.width() <= seen.width() && world.height() <= seen.height() {
            return self.follow_below(area, covered, world);
        }
        let fitting = Self::fitting(area, world);
        self.fly(world.centre(), if is_readable { zoom.min(fitting) } else { fitting.min(1.0) });
    }

    /// Brings a part of the world into view, if it is not: as near as one looks, and no further than it takes.
    pub(super) fn follow_below(&mut self, area: Rect, covered: f32, world: scene::Rect) {
        let (seen, (centre, zoom)) = (self.seen(area, covered), self.ends());
        let by = scene::Pos::new(
            step((seen.min.x, seen.max.x), (world.min.x, world.max.x)),
            step((seen.min.y, seen.max.y), (world.min.y, world.max.y)),
        );
        if by == scene::Pos::ZERO {
            return;
        }
        // What is far away comes into the middle, where what is around it is seen, too.
        let is_far = by.x.abs() > seen.width() || by.y.abs() > seen.height();
        self.fly(if is_far { world.centre() } else { centre + by }, zoom);
    }

    /// Where one looks, and how near, once a flight is over.
    fn ends(&self) -> (scene::Pos, f32) {
        self.flight.map_or((self.centre, self.zoom), |it| it.to)
    }

    fn fitting(area: Rect, world: scene::Rect) -> f32 {
        let room = |side: f32| (side - 2.0 * (side * 0.05).max(PADDING)).max(side * 0.25).max(1.0);
        let zoom =
            (room(area.width()) / world.width().max(1.0)).min(room(area.height()) / world.height().max(1.0));
        zoom.clamp(RANGE.0, FIT_NEAREST)
    }

    /// Flies to where another one looks.
    pub(super) fn fly_to(&mut self, other: &Self) {
        self.fly(other.centre, other.zoom);
    }

    fn fly(&mut self, centre: scene::Pos, zoom: f32) {
        let to = (centre, zoom.clamp(RANGE.0, RANGE.1));
        self.flight = Some(Flight { from: (self.centre, self.zoom), to, start: None });
    }

    /// Goes on with a flight; returns whether it is still under way. Without motion it arrives at once.
    pub(super) fn advance(&mut self, now: f64, moves: bool) -> bool {
        let Some(flight) = &mut self.flight else { return false };
        let start = *flight.start.get_or_insert(now);
        let t = if moves { ((now - start) / FLIGHT).clamp(0.0, 1.0) as f32 } else { 1.0 };
        let eased = 1.0 - (1.0 - t).powi(3);
        let (from, to) = (flight.from, flight.to);
        self.zoom = from.1 * (to.1 / from.1).powf(eased);
        // The middle goes along with the zoom, so that what is flown to does not swing about.
        let share = if (to.1 - from.1).abs() < 1e-4 {
            eased
        } else {
            (1.0 / from.1 - 1.0 / self.zoom) / (1.0 / from.1 - 1.0 / to.1)
        };
        self.centre = from.0.towards(to.0, share.clamp(0.0, 1.0));
        if t >= 1.0 {
            (self.centre, self.zoom, self.flight) = (to.0, to.1, None);
        }
        self.flight.is_some()
    }

    /// Ends a flight where it is: the user has something else in mind.
    pub(super) fn stop(&mut self) {
        self.flight = None;
    }
}

/// How far one has to go along an axis to see all of something or, if it is larger than what one sees, some of it.
fn step(seen: (f32, f32), wanted: (f32, f32)) -> f32 {
    let (before, beyond) = (wanted.0 - seen.0, wanted.1 - seen.1);
    let is_larger = wanted.1 - wanted.0 > seen.1 - seen.0;
    let is_met = wanted.0 < seen.1 && wanted.1 > seen.0;
    if before >= 0.0 && beyond <= 0.0 || is_larger && is_met {
        return 0.0;
    }
    // Of what is larger, the end that is nearer.
    if (before < 0.0) == is_larger { beyond } else { before }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Pos;

    const AREA: Rect = Rect { min: Pos2::new(100.0, 50.0), max: Pos2::new(900.0, 650.0) };

    fn near(a: Pos, b: Pos) -> bool {
        a.distance(b) < 0.01
    }

    #[test]
    fn zooming_keeps_what_is_at_the_pointer() {
        let mut camera = CameraControl::default();
        camera.pan(Vec2::new(33.0, -71.0));
        let at = Pos2::new(310.0, 480.0);
        for factor in [1.3, 0.2, 40.0, 0.001, 1000.0] {
            let before = camera.camera(AREA).to_world(at);
            camera.zoom_at(AREA, at, factor);
            assert!(near(camera.camera(AREA).to_world(at), before), "{factor}");
            assert!((RANGE.0..=RANGE.1).contains(&camera.zoom));
        }
    }

    #[test]
    fn panning_moves_the_picture_with_the_hand() {
        let mut camera = CameraControl::default();
        camera.zoom_at(AREA, AREA.center(), 2.0);
        let at = Pos2::new(200.0, 200.0);
        let before = camera.camera(AREA).to_world(at);
        camera.pan(Vec2::new(40.0, 10.0));
        assert!(near(camera.camera(AREA).to_world(at + Vec2::new(40.0, 10.0)), before));
    }

    #[test]
    fn a_flight_ends_where_all_is_in_view() {
        let world = scene::Rect::new(-500.0, 200.0, 3000.0, 900.0);
        let mut camera = CameraControl::default();
        camera.fit(AREA, world);
        assert!(camera.advance(10.0, true) && camera.advance(10.1, true));
        assert!(!camera.advance(10.3, true));
        let seen = camera.camera(AREA).viewport();
        assert!(seen.contains_rect(&world) && near(seen.centre(), world.centre()));
        camera.fit(AREA, scene::Rect::new(0.0, 0.0, 10.0, 10.0));
        camera.advance(11.0, false);
        assert_eq!(camera.zoom, FIT_NEAREST);
    }

    #[test]
    fn what_is_in_view_is_left_alone() {
        let mut camera = CameraControl::default();
        let before = camera;
        camera.show_below(AREA, 0.0, scene::Rect::centred(Pos::ZERO, 100.0, 100.0));
        assert_eq!(camera, before);
        camera.show_below(AREA, 0.0, scene::Rect::centred(Pos::new(5000.0, 0.0), 100.0, 100.0));
        camera.advance(1.0, false);
        assert!(near(camera.camera(AREA).to_world(AREA.center()), Pos::new(5000.0, 0.0)));
        assert_eq!(camera.zoom, 1.0);
    }

    #[test]
    fn the_view_goes_no_further_than_it_takes() {
        let mut camera = CameraControl::default();
        let centre = |camera: &mut CameraControl| {
            camera.advance(1.0, false);
            camera.centre
        };
        let card = |x, y| scene::Rect::centred(Pos::new(x, y), 100.0, 60.0);
        camera.follow_below(AREA, 0.0, card(400.0, 0.0));
        assert_eq!(centre(&mut camera), Pos::new(50.0 + PADDING, 0.0));
        camera.follow_below(AREA, 0.0, card(400.0, 0.0));
        camera.follow_below(AREA, 0.0, card(0.0, -260.0));
        assert_eq!(centre(&mut camera), Pos::new(50.0 + PADDING, 10.0 - PADDING));
        // On its way to one, the other is looked for from there.
        camera.follow_below(AREA, 0.0, card(700.0, 0.0));
        camera.follow_below(AREA, 0.0, card(700.0, 100.0));
        assert_eq!(centre(&mut camera).x, 350.0 + PADDING);
        // What is larger than the view is in it as soon as some of it is, and nobody comes nearer unasked.
        camera.zoom_at(AREA, AREA.center(), 0.2);
        let before = camera;
        camera.follow_below(AREA, 0.0, scene::Rect::centred(camera.centre, 9000.0, 60.0));
        camera.follow_below(AREA, 0.0, scene::Rect::centred(camera.centre, 100.0, 60.0));
        assert_eq!(camera, before);
        camera.show_below(AREA, 0.0, scene::Rect::centred(camera.centre, 100.0, 60.0));
        camera.advance(1.0, false);
        assert_eq!(camera.zoom, 1.0, "who goes to something wants to read it");
    }

    #[test]
    fn what_lies_below_a_bar_is_not_in_view() {
        let mut camera = CameraControl::default();
        let before = camera;
        let high = scene::Rect::centred(Pos::new(0.0, -230.0), 60.0, 60.0);
        camera.show_below(AREA, 0.0, high);
        assert_eq!(camera, before);
        camera.show_below(AREA, 50.0, high);
        camera.advance(1.0, false);
        assert!(camera.camera(AREA).to_screen(high.min).y >= AREA.min.y + 50.0 + PADDING);
    }

    #[test]
    fn the_buttons_go_step_by_step() {
        let mut camera = CameraControl::default();
        camera.step(true);
        camera.step(true);
        camera.advance(1.0, false);
        assert_eq!(camera.zoom, 2.0);
        camera.zoom_at(AREA, AREA.center(), 0.45);
        camera.step(false);
        camera.advance(1.0, false);
        assert_eq!(camera.zoom, 0.75);
    }
}
