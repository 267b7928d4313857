//! The pace of a heavy picture: what it is painted anew for at once, and what can wait a moment.
//!
//! To paint all of a drawing of 10,000 elements takes most of a frame. So it is not done in the frame that makes an edit or
//! begins a drag, but in the next one; and lines that follow an edit are painted ten times a second, with the frames
//! between left to laying them.

use egui::Ui;

use super::shown::Shown;
use crate::editor::Editor;
use crate::scene::Layout;
use crate::ui::paint::Painting;

/// For so long lines may be painted as they were.
const STALE_S: f64 = 0.1;
/// In more pieces than this it would come too late.
const PIECES: usize = 8;
/// For so many frames on end edits may be painted a frame later.
const PUT_OFF: u32 = 3;

/// Of the time of a frame, lines that follow an edit take a quarter: 4 ms of it at sixty a second.
const SHARE: f64 = 0.25;
/// And three quarters while those of a drawing that was just opened are missing and the user only waits for them.
const SHARE_WAITED_FOR: f64 = 0.75;
/// But no more than that, in milliseconds: frames that are slow should not become twice as slow.
const MOST_MS: f64 = 40.0;

/// How long lines may go on in a frame, in milliseconds: where frames are slow, there is as much for them in a second.
pub(super) fn lines_ms(ui: &Ui, layout: &Layout) -> f64 {
    let (dt, is_idle) = ui.input(|it| (it.stable_dt, it.events.is_empty()));
    let share = if layout.is_new() && is_idle { SHARE_WAITED_FOR } else { SHARE };
    (f64::from(dt) * 1000.0 * share).min(MOST_MS)
}

#[derive(Debug)]
pub(super) struct Pace {
    /// From so many cards and lines on, what is dragged is painted apart from what stays.
    large: usize,
    /// From so many corners on, a picture that was moved is not painted anew.
    moved: usize,
    /// From so many corners on, painting takes a good part of a frame.
    heavy: usize,
    /// So many corners can be painted in a frame; of more, a part in each.
    piece: usize,
    painted_at: f64,
    put_off: u32,
    /// Model and results when it was last painted or put off.
    stamp: (u64, u64, bool),
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            large: 4_000,
            moved: 20_000,
            heavy: 100_000,
            piece: 300_000,
            painted_at: 0.0,
            put_off: 0,
            stamp: (0, 0, false),
        }
    }
}

impl Pace {
    /// Every picture is large and heavy, for tests.
    #[cfg(test)]
    pub(super) fn slow() -> Self {
        Self { large: 0, moved: 0, heavy: 0, ..Self::default() }
    }

    /// And each is painted in pieces.
    #[cfg(test)]
    pub(super) fn in_pieces() -> Self {
        Self { piece: 1, ..Self::slow() }
    }

    pub(super) fn is_large(&self, editor: &Editor) -> bool {
        let layout = editor.layout();
        layout.cards.len() + layout.flows.len() > self.large
    }

    pub(super) fn is_worth_moving(&self, painting: &Painting) -> bool {
        painting.corners() > self.moved
    }

    pub(super) fn is_heavy(&self, painting: &Painting) -> bool {
        painting.corners() > self.heavy
    }

    /// In how many pieces a picture like the last one is painted, one a frame.
    pub(super) fn pieces(&self, painting: &Painting) -> usize {
        painting.corners().div_ceil(self.piece).clamp(1, PIECES)
    }

    /// Whether lines that went on since may be painted later, where nothing else is new.
    pub(super) fn lines_can_wait(&self, ui: &Ui) -> bool {
        ui.input(|it| it.time) < self.painted_at + STALE_S
    }

    /// Whether something new is painted in the next frame, for which it then asks, and not in this one.
    pub(super) fn puts_off(&mut self, ui: &Ui, shown: &Shown, wanted: &Shown) -> bool {
        let is_edited = std::mem::replace(&mut self.stamp, wanted.stamp()) != wanted.stamp();
        let begins_or_ends = shown.share != wanted.share && self.put_off == 0;
        let waits = shown.camera == wanted.camera && self.put_off < PUT_OFF && (is_edited || begins_or_ends);
        if waits {
            self.put_off += 1;
            ui.ctx().request_repaint();
        }
        waits
    }

    /// What is shown is what is wanted, but for lines.
    pub(super) fn caught_up(&mut self) {
        self.put_off = 0;
    }

    /// Whether model or results are other than in the last frame.
    pub(super) fn is_edited(&self, editor: &Editor) -> bool {
        self.stamp != editor.stamp()
    }

    /// Whether what is shown is older than the model, or the drag.
    pub(super) fn is_put_off(&self) -> bool {
        self.put_off > 0
    }

    /// The picture was painted.
    pub(super) fn painted(&mut self, ui: &Ui, wanted: &Shown) {
        self.painted_at = ui.input(|it| it.time);
        (self.put_off, self.stamp) = (0, wanted.stamp());
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use egui::epaint::Primitive;
    use egui::{Color32, Context, Event, FullOutput, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2};
    use proptest::prelude::*;

    use super::*;
    use crate::editor::{Membership, PinTo, SAMPLES, Surroundings};
    use crate::scene::{Pos, Share};
    use crate::ui::canvas::Canvas;
    use crate::ui::paint::eyes::{CELL, looked_at};
    use crate::ui::theme;

    /// A canvas whose picture is always a heavy one, with a clock and a pointer of its own.
    struct Desk {
        ctx: Context,
        canvas: Canvas,
        editor: Editor,
        frames: u32,
    }

    impl Desk {
        fn new() -> Self {
            Self::at(Pace::slow())
        }

        fn at(pace: Pace) -> Self {
            let ctx = Context::default();
            theme::install(&ctx);
            let mut canvas = Canvas::default();
            canvas.picture.pace = pace;
            let mut editor =
                Editor::new(Surroundings { now_ms: Surroundings::ticking_ms, ..Surroundings::fixed() });
            editor.load_sample(&SAMPLES[0]);
            let mut desk = Self { ctx, canvas, editor, frames: 0 };
            desk.rest();
            desk
        }

        fn frame(&mut self, events: Vec<Event>) {
            self.shown(events).textures_delta.clear();
        }

        /// The corners of all triangles of a frame in which nothing happens.
        fn corners(&mut self) -> Vec<Pos2> {
            let mut output = self.shown(Vec::new());
            output.textures_delta.clear();
            let meshes =
                self.ctx.tessellate(output.shapes, 1.0).into_iter().filter_map(|it| match it.primitive {
                    Primitive::Mesh(mesh) => Some(mesh.vertices),
                    Primitive::Callback(_) => None,
                });
            meshes.flatten().map(|it| it.pos).collect()
        }

        fn shown(&mut self, events: Vec<Event>) -> FullOutput {
            self.frames += 1;
            let input = RawInput {
                screen_rect: Some(Rect::from_min_size(Pos2::ZERO, Vec2::new(1280.0, 800.0))),
                time: Some(f64::from(self.frames) / 60.0),
                events,
                ..RawInput::default()
            };
            self.ctx.run_ui(input, |ui| self.canvas.ui(ui, &mut self.editor))
        }

        /// Until nothing is new any more; returns after how many frames.
        fn rest(&mut self) -> usize {
            let is_at_rest = |it: &Self| it.editor.layout().is_settled() && it.shows_all();
            for frames in 0..1_000 {
                if frames > 3 && is_at_rest(self) {
                    return frames;
                }
                self.frame(Vec::new());
            }
            1_000
        }

        fn shows_all(&self) -> bool {
            let (picture, camera) = (&self.canvas.picture, self.canvas.camera());
            picture.is_sharp()
                && picture.shown.as_ref().is_some_and(|it| {
                    it.stamp() == self.editor.stamp()
                        && it.camera == camera
                        && self.canvas.picture.shown_lines == self.editor.settlings()
                        && it.share == Share::All
                })
        }

        /// What the frame of now looks like.
        fn looks(&mut self) -> Looks {
            let mut output = self.shown(Vec::new());
            output.textures_delta.clear();
            looked_at(&self.ctx.tessellate(output.shapes, 1.0), self.canvas.area)
        }

        fn pointer(&mut self, at: Pos2, pressed: Option<bool>) {
            let button = |pressed| Event::PointerButton {
                pos: at,
                button: PointerButton::Primary,
                pressed,
                modifiers: Modifiers::NONE,
            };
            let moved = Event::PointerMoved(at);
            self.frame([moved].into_iter().chain(pressed.map(button)).collect());
        }
    }

    #[test]
    fn lines_take_a_share_of_the_frame_and_more_of_it_while_only_they_are_waited_for() {
        let desk = Desk::new();
        let (model, drawn) = (desk.editor.model(), desk.editor.layout());
        let opened = Layout::unsettled(model, drawn.view(), desk.editor.nesting());
        let share = |layout: &Layout, per_second: f64, events: Vec<Event>| {
            let (ctx, mut share) = (Context::default(), 0.0);
            for frame in 0..3 {
                let events = events.clone();
                let input =
                    RawInput { time: Some(f64::from(frame) / per_second), events, ..RawInput::default() };
                let mut output = ctx.run_ui(input, |ui| {
                    ui.ctx().request_repaint();
                    share = lines_ms(ui, layout);
                });
                output.textures_delta.clear();
            }
            share.round()
        };
        let moved = vec![Event::PointerMoved(Pos2::ZERO)];
        assert_eq!((share(drawn, 60.0, Vec::new()), share(drawn, 10.0, Vec::new())), (4.0, 25.0));
        assert_eq!((share(&opened, 60.0, Vec::new()), share(&opened, 60.0, moved)), (13.0, 4.0));
        assert_eq!(share(&opened, 10.0, Vec::new()), MOST_MS);
    }

    #[test]
    fn an_edit_shows_in_the_next_frame_and_its_lines_in_the_end() {
        let mut desk = Desk::new();
        let id = desk.editor.layout().cards.keys().next().cloned().unwrap_or_default();
        desk.editor.move_by(&BTreeSet::from([id]), Pos::new(80.0, 160.0), &Membership::Keep);
        let edited = desk.editor.stamp();
        let stamp = |desk: &Desk| desk.canvas.picture.shown.as_ref().map(|it| it.stamp());
        desk.frame(Vec::new());
        assert_ne!(stamp(&desk), Some(edited));
        desk.frame(Vec::new());
        assert_eq!(stamp(&desk), Some(edited));
        assert!(!desk.editor.layout().is_settled());
        assert!(desk.rest() < 1_000);
    }

    #[test]
    fn what_is_dropped_stays_where_it_was_dropped_until_all_is_painted() {
        let mut desk = Desk::new();
        let (id, card) =
            desk.editor.layout().cards.iter().next().map(|it| (it.0.clone(), it.1.rect)).unwrap();
        let from = desk.canvas.camera().to_screen(card.centre());
        desk.pointer(from, Some(true));
        let share = |desk: &Desk| desk.canvas.picture.shown.as_ref().map(|it| it.share);
        for (far, shown) in [(20.0, Share::All), (30.0, Share::Still), (40.0, Share::Still)] {
            desk.pointer(from + Vec2::splat(far), None);
            assert_eq!(share(&desk), Some(shown), "{far}");
        }
        desk.pointer(from + Vec2::splat(40.0), Some(false));
        assert_ne!(desk.editor.layout().cards[&id].rect, card);
        assert_eq!(share(&desk), Some(Share::Still));
        desk.frame(Vec::new());
        assert_eq!(share(&desk), Some(Share::All));
        assert!(desk.rest() < 1_000);
    }

    #[test]
    fn a_pin_far_from_all_that_was_in_view_comes_into_view() {
        let mut desk = Desk::new();
        let bounds = desk.editor.layout().bounds().unwrap();
        let camera = desk.canvas.camera();
        let far = 2.0 * camera.viewport().width();
        let at = Pos::new(bounds.max.x + far, bounds.centre().y);
        desk.editor.add_comment(&PinTo::Point(at), "What about this?");
        desk.rest();
        desk.pointer(Pos2::new(400.0, 300.0), None);
        let mut left = camera.to_screen(at).x - 640.0;
        while left > 0.0 {
            desk.frame(vec![Event::MouseWheel {
                unit: egui::MouseWheelUnit::Point,
                delta: Vec2::new(-left.min(50.0), 0.0),
                phase: egui::TouchPhase::Move,
                source: egui::MouseWheelSource::Trackpad,
                modifiers: Modifiers::NONE,
            }]);
            left -= 50.0;
        }
        (0..30).for_each(|_| desk.frame(Vec::new()));
        let pin = desk.canvas.camera().to_screen(at);
        assert!((200.0..1_000.0).contains(&pin.x), "{pin}");
        // What lies there is more than dots on the ground.
        let (around, aside) = (Rect::from_center_size(pin, Vec2::splat(40.0)), Vec2::new(0.0, 120.0));
        let corners = desk.corners();
        let count = |area: Rect| corners.iter().filter(|it| area.contains(**it)).count();
        assert!(count(around) > count(around.translate(aside)) + 20);
    }

    type Looks = BTreeMap<[i32; 2], Vec<Color32>>;

    /// Of what differs, the first alone is said.
    fn same(left: &Looks, right: &Looks) -> Result<(), TestCaseError> {
        let differs = |it: &&[i32; 2]| left.get(*it) != right.get(*it);
        let all: BTreeSet<&[i32; 2]> = left.keys().chain(right.keys()).filter(differs).collect();
        let first = all.first().map(|it| (*it, left.get(*it), right.get(*it)));
        prop_assert!(first.is_none(), "{} differ, the first {first:?}", all.len());
        Ok(())
    }

    #[derive(Debug, Clone)]
    enum Step {
        Zoom(f32),
        Pan(i16, i16),
        Hover(u16, u16),
        Name(u8),
        Move(u8, i8, i8),
        Wait(u8),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0.7_f32..1.4).prop_map(Step::Zoom),
            (-200_i16..200, -200_i16..200).prop_map(|(x, y)| Step::Pan(x, y)),
            (0_u16..1280, 0_u16..800).prop_map(|(x, y)| Step::Hover(x, y)),
            any::<u8>().prop_map(Step::Name),
            (any::<u8>(), -9_i8..9, -9_i8..9).prop_map(|(n, x, y)| Step::Move(n, x, y)),
            (1_u8..30).prop_map(Step::Wait),
        ]
    }

    impl Desk {
        fn step(&mut self, step: &Step) {
            let nth = |n: u8| {
                let cards = &self.editor.layout().cards;
                cards.keys().nth(usize::from(n) % cards.len()).cloned().unwrap()
            };
            match *step {
                Step::Zoom(by) => {
                    self.frame(vec![Event::PointerMoved(Pos2::new(500.0, 300.0)), Event::Zoom(by)]);
                }
                Step::Pan(x, y) => self.frame(vec![
                    Event::PointerMoved(Pos2::new(500.0, 300.0)),
                    Event::MouseWheel {
                        unit: egui::MouseWheelUnit::Point,
                        delta: Vec2::new(f32::from(x), f32::from(y)),
                        phase: egui::TouchPhase::Move,
                        source: egui::MouseWheelSource::Trackpad,
                        modifiers: Modifiers::NONE,
                    },
                ]),
                Step::Hover(x, y) => self.pointer(Pos2::new(f32::from(x), f32::from(y)), None),
                Step::Name(n) => {
                    let id = nth(n);
                    self.editor.rename(&id, &format!("Name {n}"));
                    self.frame(Vec::new());
                }
                Step::Move(n, x, y) => {
                    let id = nth(n);
                    let by = Pos::new(f32::from(x) * 16.0, f32::from(y) * 16.0);
                    self.editor.move_by(&BTreeSet::from([id]), by, &Membership::Keep);
                    self.frame(Vec::new());
                }
                Step::Wait(frames) => (0..frames).for_each(|_| self.frame(Vec::new())),
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        /// Whatever was done in whatever frame: in the end the canvas is at rest, and shows what it shows where all is
        /// painted at once.
        #[test]
        fn what_is_painted_in_pieces_ends_as_what_is_painted_at_once(
            steps in prop::collection::vec(step(), 1..12),
            in_pieces: bool,
        ) {
            let mut desk = Desk::at(if in_pieces { Pace::in_pieces() } else { Pace::slow() });
            steps.iter().for_each(|it| desk.step(it));
            prop_assert!(desk.rest() < 1_000);
            // What comes where the pointer rests comes a little later.
            desk.step(&Step::Wait(60));
            prop_assert!(desk.rest() < 1_000);
            if steps.iter().any(|it| matches!(it, Step::Pan(..))) {
                // What was moved, and the toolkit lets glide out, lies in other pixels than what is painted there, by less
                // than one.
                desk.step(&Step::Wait(60));
                desk.step(&Step::Zoom(1.02));
                prop_assert!(desk.rest() < 1_000);
            }
            let shown = desk.looks();
            desk.canvas.picture.forget();
            same(&shown, &desk.looks())?;
        }
    }

    /// No frame paints all of it, whether one zooms, drags, or points at something.
    #[test]
    fn a_vast_picture_comes_piece_by_piece() {
        let mut desk = Desk::at(Pace::in_pieces());
        let whole = desk.canvas.picture.corners();
        let (id, at) =
            desk.editor.layout().cards.iter().next().map(|it| (it.0.clone(), it.1.rect.centre())).unwrap();
        desk.step(&Step::Zoom(1.1));
        assert!(!desk.canvas.picture.is_sharp());
        let mut frames = 1;
        while !desk.shows_all() {
            frames += 1;
            assert!(desk.canvas.picture.corners() > whole / 4, "something is shown all the time");
            desk.frame(Vec::new());
        }
        assert!(frames >= PIECES, "{frames}");
        let at = desk.canvas.camera().to_screen(at);
        desk.pointer(at, None);
        let shows = |desk: &Desk| desk.canvas.picture.shown.as_ref().is_some_and(|it| it.hovers(&id));
        let frames = (1..100).find(|_| {
            desk.frame(Vec::new());
            shows(&desk)
        });
        assert!(frames.is_some_and(|it| (PIECES - 1..PIECES + 4).contains(&it)), "{frames:?}");
    }

    #[test]
    fn what_is_dropped_stays_where_it_was_dropped_until_all_pieces_are_painted() {
        for drag in [3, 30] {
            let mut desk = Desk::at(Pace::in_pieces());
            let (id, card) =
                desk.editor.layout().cards.iter().next().map(|it| (it.0.clone(), it.1.rect)).unwrap();
            let from = desk.canvas.camera().to_screen(card.centre());
            desk.pointer(from, Some(true));
            (1..=drag).for_each(|it| desk.pointer(from + Vec2::splat(60.0 * it as f32 / drag as f32), None));
            desk.pointer(from + Vec2::splat(60.0), Some(false));
            assert_ne!(desk.editor.layout().cards[&id].rect, card);
            // Away from the icon and the name, where the pointer leads nothing.
            let rect = desk.editor.layout().cards[&id].rect;
            let at = desk.canvas.camera().to_screen(Pos::new(rect.centre().x, rect.max.y - 6.0));
            let cell = [at.y, at.x].map(|it| (it / CELL).floor() as i32);
            let mut seen = Vec::new();
            while !desk.shows_all() {
                seen.push(desk.looks().get(&cell).and_then(|it| it.last().copied()));
            }
            let last = desk.looks().get(&cell).and_then(|it| it.last().copied());
            assert!(seen.len() >= PIECES && seen.iter().all(|it| *it == last), "{last:?}: {seen:?}");
        }
    }

    #[test]
    fn a_box_is_seen_in_the_frame_that_draws_it() {
        let mut desk = Desk::at(Pace::in_pieces());
        let bounds = desk.canvas.camera().rect_to_screen(desk.editor.layout().bounds().unwrap());
        let from = bounds.min - Vec2::splat(30.0);
        let cell = [from.y + 12.0, from.x + 12.0].map(|it| (it / CELL).floor() as i32);
        let ground = desk.looks()[&cell].clone();
        desk.pointer(from, Some(true));
        desk.pointer(from + Vec2::splat(10.0), None);
        desk.pointer(from + Vec2::splat(25.0), None);
        assert!(desk.looks()[&cell].len() > ground.len());
        desk.pointer(from + Vec2::splat(25.0), Some(false));
        assert_eq!(desk.looks()[&cell], ground);
    }

    #[test]
    fn another_drawing_is_never_seen_beside_the_last_one() {
        let mut desk = Desk::at(Pace::in_pieces());
        desk.step(&Step::Zoom(1.1));
        desk.editor.load_sample(&SAMPLES[1]);
        desk.frame(Vec::new());
        assert!(desk.canvas.picture.is_of(&desk.editor));
    }

    #[test]
    fn edits_without_end_are_painted_all_the_same() {
        let mut desk = Desk::new();
        let id = desk.editor.layout().cards.keys().next().cloned().unwrap_or_default();
        let mut painted = 0;
        for n in 0..40 {
            desk.editor.rename(&id, &format!("Name {n}"));
            desk.frame(Vec::new());
            painted += usize::from(
                desk.canvas.picture.shown.as_ref().map(|it| it.stamp()) == Some(desk.editor.stamp()),
            );
        }
        assert_eq!(painted, 10);
    }
}
