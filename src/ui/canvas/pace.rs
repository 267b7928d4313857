//! The pace of a heavy picture: what it is painted anew for at once, and what can wait a moment.
//!
//! To paint all of a drawing of 10,000 elements takes most of a frame. So it is not done in the frame that makes an edit or
//! begins a drag, but in the next one; and lines that follow an edit are painted ten times a second, with the frames
//! between left to laying them.

use egui::Ui;

use super::picture::Shown;
use crate::editor::Editor;
use crate::scene::Layout;
use crate::ui::paint::Painting;

/// For so long lines may be painted as they were.
const STALE_S: f64 = 0.1;
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
    use std::collections::BTreeSet;

    use egui::epaint::Primitive;
    use egui::{Context, Event, FullOutput, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2};

    use super::*;
    use crate::editor::{Membership, PinTo, SAMPLES, Surroundings};
    use crate::scene::{Pos, Share};
    use crate::ui::canvas::Canvas;
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
            let ctx = Context::default();
            theme::install(&ctx);
            let mut canvas = Canvas::default();
            canvas.picture.pace = Pace::slow();
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
            let shown = self.canvas.picture.shown.as_ref();
            shown.is_some_and(|it| {
                it.stamp() == self.editor.stamp()
                    && self.canvas.picture.shown_lines == self.editor.settlings()
                    && it.share == Share::All
            })
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
