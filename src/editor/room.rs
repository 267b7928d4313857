//! Making room: what lies beyond a line moves away from it or comes nearer, and boundaries across it grow or shrink.
//!
//! A component lies beyond if its middle does. What is locked stays, and a boundary with it, while all else in that goes.
//! Things come no nearer to each other than a little; lines and gates keep their places beside what they were beside.

use std::collections::{BTreeMap, BTreeSet};

use foldhash::{HashMap, HashMapExt as _};

use super::arrange::Shift;
use super::sizes::{INNER, put_box};
use super::{Editor, Tone, Way};
use crate::model::{Draft, Id, Place};
use crate::scene::{Overlay, Rect, SNAP};
use crate::tokens::size;

/// How much a command makes or takes away.
const STEP: f32 = 10.0 * SNAP;
/// What comes together stays so far apart.
const APART: f32 = 16.0;

/// What making room at a line would do, whatever room it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Room {
    way: Way,
    line: f32,
    /// What lies before the line moves, to the left or up, and not what lies behind it.
    is_back: bool,
    /// What moves, boundaries with all in them.
    moves: Vec<Id>,
    /// The boundaries across the line.
    grows: Vec<(Id, Rect)>,
    /// The gates on these, and where their middles are along the line's way.
    gates: Vec<(Id, f32)>,
    /// Flows with corners laid by hand of which only a part goes along.
    bends: Vec<Id>,
    /// How much room there is to take away.
    spare: f32,
}

impl Room {
    /// Whether nothing would move.
    pub fn is_empty(&self) -> bool {
        self.moves.is_empty()
    }

    /// That much, on the grid if it `snaps`, as far as there is so much to take away.
    pub fn limited(&self, by: f32, snaps: bool) -> f32 {
        let on_grid = |it: f32| if snaps { (it / SNAP).round() * SNAP } else { it };
        let spare = if snaps { (self.spare / SNAP).floor() * SNAP } else { self.spare };
        on_grid(by).max(-spare)
    }
}

impl Editor {
    /// Whether room can be made beside what is selected.
    pub fn can_make_room(&self) -> bool {
        !self.is_layout_locked() && self.around_selection().is_some()
    }

    fn around_selection(&self) -> Option<Rect> {
        let boxes = self.selection.iter().filter(|it| !self.model.flows().contains_key(*it));
        boxes.filter_map(|it| self.layout.rect(it)).reduce(|a, b| a.union(&b))
    }

    /// Inserts space beyond what is selected, or takes some away there.
    pub fn make_room_beside(&mut self, way: Way, inserts: bool) {
        let Some(line) = self.around_selection().map(|it| way.span(&it).1) else { return };
        let room = self.room_at(way, line);
        let by = room.limited(if inserts { STEP } else { -STEP }, self.shown.snap);
        if room.is_empty() {
            let text = match way {
                Way::Across => "Nothing that can move stands to the right.",
                Way::Down => "Nothing that can move stands below.",
            };
            return self.say(Tone::Info, text, &[]);
        }
        if by == 0.0 {
            return self.say(Tone::Info, "There is no space to take away.", &[]);
        }
        self.make_room(&room, by);
    }

    /// What making room at a line would do: one from top to bottom for a way across, else one from left to right.
    pub fn room_at(&self, way: Way, line: f32) -> Room {
        self.room_towards(way, line, false)
    }

    /// The same; with `is_back`, room is made to the left or above, and none is to be taken away there.
    pub(super) fn room_towards(&self, way: Way, line: f32, is_back: bool) -> Room {
        let mut room = Room {
            way,
            line,
            is_back,
            moves: Vec::new(),
            grows: Vec::new(),
            gates: Vec::new(),
            bends: Vec::new(),
            spare: f32::INFINITY,
        };
        if self.is_layout_locked() {
            return room;
        }
        let mut stays: Vec<Rect> = Vec::new();
        for id in self.everything_at_the_top() {
            self.look_beyond(&id, &mut room, &mut stays);
        }
        room.spare = room.spare.min(self.spare_before(&room, &stays)).max(0.0);
        let inside = room.moves.iter().flat_map(|it| self.nesting.all_in(it));
        let moved: BTreeSet<Id> = inside.chain(room.moves.iter().cloned()).collect();
        let places =
            self.model.places().iter().filter(|it| it.0.0 == self.view && !it.1.waypoints.is_empty());
        let flows = places.filter_map(|it| Some((&it.0.1, self.model.flow(&it.0.1)?)));
        let is_partly =
            |id: &Id, from: &Id, to: &Id| !(self.is_locked(id) || moved.contains(from) && moved.contains(to));
        room.bends =
            flows.filter(|(id, it)| is_partly(id, &it.from, &it.to)).map(|it| it.0.clone()).collect();
        room
    }

    /// Looks where an element lies, and what stands in it if it lies across the line.
    fn look_beyond(&self, id: &Id, room: &mut Room, stays: &mut Vec<Rect>) {
        let Some(rect) = self.layout.rect(id).filter(|_| !self.layout.gates.contains_key(id)) else { return };
        let (low, high) = room.way.span(&rect);
        let is_open = self.layout.boundaries.contains_key(id);
        let middle = f32::midpoint(low, high);
        let is_beyond = match (room.is_back, is_open) {
            (false, true) => low >= room.line,
            (false, false) => middle >= room.line,
            (true, true) => high <= room.line,
            (true, false) => middle < room.line,
        };
        if is_beyond && self.can_move(id) {
            room.moves.push(id.clone());
            return;
        }
        let is_before = if room.is_back { low >= room.line } else { high <= room.line };
        if !is_open || is_before {
            stays.push(rect);
            return;
        }
        let before = room.moves.len();
        let title = if room.way == Way::Down { size::BOUNDARY_TITLE_HEIGHT } else { INNER };
        for member in self.shown_in(id) {
            let (moving, growing) = (room.moves.len(), room.grows.len());
            self.look_beyond(member, room, stays);
            let Some((its_low, its_high)) = self.layout.rect(member).map(|it| room.way.span(&it)) else {
                continue;
            };
            // Neither comes nearer to the edges of the boundary than it may.
            if room.moves.len() > moving && room.grows.len() == growing {
                room.spare = room.spare.min(its_low - low - title);
            } else if room.grows.len() == growing && !self.layout.gates.contains_key(member) {
                room.spare = room.spare.min(high - INNER - its_high);
            }
        }
        // One that is locked and one of which nothing goes along stay as they are, unless the line is in it.
        let is_across = low < room.line && high > room.line;
        if self.can_resize(id) && (is_across || room.moves.len() > before) {
            room.grows.push((id.clone(), rect));
            room.spare = room.spare.min(high - low - size::CARD_WIDTH_MIN.min(high - low));
            let middle = |it: &Id| {
                let gate = self.layout.gates.get(it)?;
                let is_along = (room.way == Way::Across) == crate::scene::geometry::is_level(gate.side);
                let centre = gate.rect.centre();
                is_along.then_some(if room.way == Way::Across { centre.x } else { centre.y })
            };
            let gates = self.layout.gates.iter().filter(|it| it.1.boundary == *id);
            room.gates.extend(gates.filter_map(|it| Some((it.0.clone(), middle(it.0)?))));
        } else {
            stays.push(rect);
        }
    }

    /// How much room lies between what moves and what stays before it.
    fn spare_before(&self, room: &Room, stays: &[Rect]) -> f32 {
        let aside = if room.way == Way::Across { Way::Down } else { Way::Across };
        let cells = |rect: &Rect| {
            let (low, high) = aside.span(rect);
            (low / SNAP).floor() as i64..=((high / SNAP).ceil() as i64 - 1)
        };
        // Where what stays ends, in order, for each step of the grid aside.
        let mut ends: HashMap<i64, Vec<f32>> = HashMap::new();
        let mut stays: Vec<&Rect> = stays.iter().collect();
        stays.sort_by(|a, b| room.way.span(a).1.total_cmp(&room.way.span(b).1));
        for rect in stays {
            for cell in cells(rect) {
                ends.entry(cell).or_default().push(room.way.span(rect).1);
            }
        }
        let spare = |rect: &Rect| {
            let low = room.way.span(rect).0;
            let last = |ends: &Vec<f32>| {
                let n = ends.partition_point(|it| *it <= low);
                n.checked_sub(1).and_then(|it| ends.get(it)).copied()
            };
            let nearest = cells(rect).filter_map(|it| ends.get(&it).and_then(last)).reduce(f32::max);
            nearest.map_or(f32::INFINITY, |it| low - it - APART)
        };
        let boxes = room.moves.iter().filter_map(|it| self.layout.rect(it));
        boxes.map(|it| spare(&it)).fold(f32::INFINITY, f32::min)
    }

    /// How it looks with that much more room, or less.
    pub fn with_room(&self, room: &Room, by: f32) -> Overlay {
        let mut overlay = Overlay::default();
        let by = if room.is_back { -by } else { by };
        let off = room.way.by(by);
        let is_beyond = |at: f32| if room.is_back { at <= room.line } else { at >= room.line };
        overlay.moved.extend(room.moves.iter().map(|it| (it.clone(), off)));
        let grown = |it: &Rect| {
            if room.is_back {
                Rect { min: it.min + off, max: it.max }
            } else {
                Rect { min: it.min, max: it.max + off }
            }
        };
        overlay.resized.extend(room.grows.iter().map(|(id, it)| (id.clone(), grown(it))));
        for (id, at) in &room.gates {
            let Some(gate) = self.layout.gates.get(id) else { continue };
            let Some(rect) = overlay.resized.get(&gate.boundary) else { continue };
            let (low, high) = room.way.span(rect);
            let to = if is_beyond(*at) { at + by } else { *at };
            let share = (to - low) / (high - low).max(1.0);
            let place = self.model.place(&self.view, id).cloned().unwrap_or_default();
            let place = Place { side: Some(gate.side), offset: Some(share.clamp(0.0, 1.0).into()), ..place };
            overlay.places.insert(id.clone(), place);
        }
        for id in &room.bends {
            let Some(mut place) = self.model.place(&self.view, id).cloned() else { continue };
            for (x, y) in &mut place.waypoints {
                let along = if room.way == Way::Across { x } else { y };
                if is_beyond(along.px()) {
                    *along = (along.px() + by).into();
                }
            }
            overlay.places.insert(id.clone(), place);
        }
        overlay
    }

    /// Makes that much more room there, or less, as one step.
    pub fn make_room(&mut self, room: &Room, by: f32) {
        if room.is_empty() || by == 0.0 {
            return;
        }
        let made = self.made_room(room, by);
        self.change(if by > 0.0 { "Insert space" } else { "Take space away" }, |draft, _| made.write(draft));
    }

    /// That much more room there, or less, to be written as a part of a step.
    pub(super) fn made_room(&self, room: &Room, by: f32) -> MadeRoom {
        self.room_as_shown(self.with_room(room, by))
    }

    /// The same from how it looks.
    pub(super) fn room_as_shown(&self, Overlay { moved, resized, places }: Overlay) -> MadeRoom {
        MadeRoom { view: self.view.clone(), shift: self.shift(moved), resized, places }
    }
}

/// What making room does to the places of a view.
pub(super) struct MadeRoom {
    view: Id,
    shift: Shift,
    resized: BTreeMap<Id, Rect>,
    places: BTreeMap<Id, Place>,
}

impl MadeRoom {
    pub(super) fn write(self, draft: &mut Draft<'_>) {
        self.shift.write(draft);
        for (id, rect) in self.resized {
            put_box(draft, &self.view, &id, rect);
        }
        for (id, place) in self.places {
            draft.put((self.view.clone(), id), place);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Membership, Surroundings};
    use crate::model;
    use crate::scene::Pos;

    /// A tier with two cards and a gate on its upper edge, a card on its left and one on its right, and one far below.
    const SMALL: &str = r#"(
        format: 1,
        components: {
            "user": (kind: "user"), "web": (kind: "web-server", within: "tier"), "app": (kind: "application-server", within: "tier"),
            "fw": (kind: "firewall", gate_of: "tier"), "db": (kind: "sql-database"), "low": (kind: "logging"),
        },
        boundaries: {"tier": (kind: "subnet-tier")},
        flows: {"in": (from: "user", to: "db"), "out": (from: "app", to: "db")},
        views: {"main": (name: "Main")},
        places: {
            ("main", "user"): (x: 0, y: 80), ("main", "tier"): (x: 240, y: 40, width: 512, height: 160),
            ("main", "web"): (x: 264, y: 80), ("main", "app"): (x: 536, y: 80), ("main", "fw"): (side: top, offset: 0.25),
            ("main", "db"): (x: 800, y: 80), ("main", "low"): (x: 0, y: 400),
            ("main", "in"): (waypoints: [(100, 300), (760, 300)]),
        },
    )"#;

    fn editor() -> Editor {
        Editor::with(model::read(SMALL.as_bytes()).unwrap(), Surroundings::fixed())
    }

    fn rect(editor: &Editor, id: &str) -> Rect {
        editor.layout().rect(&Id::slug(id)).unwrap()
    }

    fn lefts(editor: &Editor) -> [f32; 5] {
        ["user", "web", "app", "db", "low"].map(|it| rect(editor, it).min.x)
    }

    #[test]
    fn what_lies_beyond_moves_and_boundaries_across_grow() {
        let mut editor = editor();
        let before = editor.model().clone();
        let gate = rect(&editor, "fw").centre();
        let room = editor.room_at(Way::Across, 480.0);
        editor.make_room(&room, 80.0);
        assert_eq!(lefts(&editor), [0.0, 264.0, 616.0, 880.0, 0.0]);
        assert_eq!(rect(&editor, "tier"), Rect::new(240.0, 40.0, 592.0, 160.0));
        // Where a gate is, is kept in hundredths of its side.
        assert!((rect(&editor, "fw").centre().x - gate.x).abs() < 4.0, "{gate:?}");
        let bent = editor.model().place(editor.view(), &Id::slug("in")).unwrap();
        let corners: Vec<f32> = bent.waypoints.iter().map(|it| it.0.px()).collect();
        assert_eq!(corners, [100.0, 840.0]);
        editor.undo();
        assert_eq!(editor.model(), &before, "one step");
        // Downwards, what is beside the line stays.
        let room = editor.room_at(Way::Down, 320.0);
        editor.make_room(&room, 40.0);
        assert_eq!((rect(&editor, "low").min.y, rect(&editor, "db").min.y), (440.0, 80.0));
    }

    #[test]
    fn space_is_taken_away_as_far_as_there_is_some() {
        let mut editor = editor();
        let room = editor.room_at(Way::Across, 480.0);
        let by = room.limited(-1000.0, true);
        let (web, app) = (rect(&editor, "web"), rect(&editor, "app"));
        assert!(by < 0.0 && app.min.x + by - web.max.x >= APART, "{by}");
        assert!(app.min.x + by - web.max.x < APART + SNAP, "{by}");
        editor.make_room(&room, by);
        assert_eq!(rect(&editor, "tier").width(), 512.0 + by);
        let again = editor.room_at(Way::Across, 480.0);
        assert!(again.limited(-8.0, true) == 0.0 && again.limited(8.0, true) == 8.0);
    }

    #[test]
    fn what_is_locked_stays_and_all_else_goes() {
        let mut editor = editor();
        editor.select([Id::slug("db")]);
        editor.toggle_lock();
        let room = editor.room_at(Way::Across, 200.0);
        editor.make_room(&room, 80.0);
        assert_eq!(lefts(&editor), [0.0, 344.0, 616.0, 800.0, 0.0]);
        editor.undo();
        editor.select([Id::slug("app")]);
        editor.toggle_lock();
        let room = editor.room_at(Way::Across, 200.0);
        editor.make_room(&room, 80.0);
        assert_eq!(
            lefts(&editor),
            [0.0, 344.0, 536.0, 800.0, 0.0],
            "the tier stays with what is locked in it"
        );
        assert_eq!(rect(&editor, "tier").min.x, 240.0);
        editor.undo();
        editor.toggle_layout_lock();
        assert!(editor.room_at(Way::Across, 200.0).is_empty());
    }

    #[test]
    fn commands_make_room_beside_the_selection() {
        let mut editor = editor();
        editor.select([Id::slug("web")]);
        assert!(editor.run("arrange.space-right"));
        assert_eq!(lefts(&editor), [0.0, 264.0, 616.0, 880.0, 0.0]);
        assert!(editor.run("arrange.close-right"));
        assert_eq!(lefts(&editor), [0.0, 264.0, 536.0, 800.0, 0.0]);
        assert!(editor.run("arrange.space-below"));
        assert_eq!(rect(&editor, "low").min.y, 480.0);
        assert_eq!(rect(&editor, "tier").height(), 240.0);
        editor.select([Id::slug("low")]);
        let before = editor.document.revision;
        assert!(editor.run("arrange.close-below"));
        assert_eq!((editor.document.revision, editor.notice().is_some()), (before, true));
        // What is made by keys can be undone as one step, and moves nothing that is selected.
        editor.move_by(&BTreeSet::from([Id::slug("low")]), Pos::new(8.0, 0.0), &Membership::Keep);
        editor.undo();
        editor.undo();
        assert_eq!(rect(&editor, "low").min.y, 400.0);
    }
}
