//! Arranging: boxes are brought onto one line, or apart by equal gaps. Each is one edit.

use std::collections::{BTreeMap, BTreeSet};

use super::Editor;
use super::create::move_waypoints;
use crate::model::{Draft, Flow, Id, Place};
use crate::scene::{Pos, Rect, SNAP};

/// Where boxes come to agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alignment {
    Left,
    Centre,
    Right,
    Top,
    Middle,
    Bottom,
}

impl Alignment {
    fn label(self) -> &'static str {
        match self {
            Self::Left => "Align left",
            Self::Centre => "Align centres",
            Self::Right => "Align right",
            Self::Top => "Align top",
            Self::Middle => "Align middles",
            Self::Bottom => "Align bottom",
        }
    }

    /// The way along which boxes move.
    fn way(self) -> Way {
        match self {
            Self::Left | Self::Centre | Self::Right => Way::Across,
            Self::Top | Self::Middle | Self::Bottom => Way::Down,
        }
    }

    /// The part of a box that lies before the line.
    fn share(self) -> f32 {
        match self {
            Self::Left | Self::Top => 0.0,
            Self::Centre | Self::Middle => 0.5,
            Self::Right | Self::Bottom => 1.0,
        }
    }
}

/// A way along which boxes are distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From left to right.
    Across,
    /// From top to bottom.
    Down,
}

impl Way {
    pub(super) fn span(self, rect: &Rect) -> (f32, f32) {
        match self {
            Self::Across => (rect.min.x, rect.max.x),
            Self::Down => (rect.min.y, rect.max.y),
        }
    }

    pub(super) fn by(self, by: f32) -> Pos {
        match self {
            Self::Across => Pos::new(by, 0.0),
            Self::Down => Pos::new(0.0, by),
        }
    }
}

/// What a box takes up along a way.
struct Span {
    id: Id,
    low: f32,
    high: f32,
}

impl Span {
    fn length(&self) -> f32 {
        self.high - self.low
    }
}

impl Editor {
    /// Whether several boxes are selected.
    pub fn has_several(&self) -> bool {
        self.arranged().nth(1).is_some()
    }

    /// Whether enough is selected to be aligned.
    pub fn can_align(&self) -> bool {
        self.has_several() && !self.is_layout_locked() && self.arranged().any(|it| !self.is_locked(it))
    }

    /// Whether enough is selected to be distributed.
    pub fn can_distribute(&self) -> bool {
        self.can_align() && self.arranged().nth(2).is_some()
    }

    /// Brings the selected boxes onto one line, boundaries with all in them: the outermost edge of them all, or the
    /// middle between both. Where some are locked, the line is theirs.
    pub fn align(&mut self, to: Alignment) {
        let (way, share) = (to.way(), to.share());
        let (spans, held): (Vec<Span>, Vec<Span>) =
            self.spans(way).into_iter().partition(|it| self.can_move(&it.id));
        if spans.len() + held.len() < 2 {
            return;
        }
        let around = if held.is_empty() { &spans } else { &held };
        let low = around.iter().map(|it| it.low).fold(f32::INFINITY, f32::min);
        let high = around.iter().map(|it| it.high).fold(f32::NEG_INFINITY, f32::max);
        let mut line = low + (high - low) * share;
        if self.shown.snap && held.is_empty() {
            line = on_grid(line, spans.iter().map(|it| it.length() * share));
        }
        let off = |it: &Span| line - it.low - it.length() * share;
        let ways = spans.iter().map(|it| (it.id.clone(), way.by(off(it)))).collect();
        let shift = self.shift(ways);
        self.change(to.label(), |draft, _| shift.write(draft));
    }

    /// Makes the gaps between the selected boxes equal. The outer two stay, and so do locked ones between them: gaps are
    /// equal from one that stays to the next. Where steps of the grid cannot be shared out so, it has to give way.
    pub fn distribute(&mut self, way: Way) {
        let mut spans = self.spans(way);
        let middle = |it: &Span| f32::midpoint(it.low, it.high);
        spans.sort_by(|a, b| middle(a).total_cmp(&middle(b)).then_with(|| a.id.cmp(&b.id)));
        let last = spans.len().saturating_sub(1);
        let stays = |(n, it): &(usize, &Span)| [0, last].contains(n) || !self.can_move(&it.id);
        let stays: Vec<usize> = spans.iter().enumerate().filter(stays).map(|it| it.0).collect();
        let mut ways = BTreeMap::new();
        for (from, to) in stays.iter().zip(stays.iter().skip(1)) {
            let Some([first, inner @ .., last]) = spans.get(*from..=*to) else { continue };
            let taken: f32 = inner.iter().map(Span::length).sum();
            let gap = (last.low - first.high - taken) / (inner.len() as f32 + 1.0);
            let mut at = first.high + gap;
            for it in inner {
                ways.insert(it.id.clone(), way.by(at - it.low));
                at += it.length() + gap;
            }
        }
        if ways.is_empty() {
            return;
        }
        let label = match way {
            Way::Across => "Distribute horizontally",
            Way::Down => "Distribute vertically",
        };
        let shift = self.shift(ways);
        self.change(label, |draft, _| shift.write(draft));
    }

    /// What of the selection can be arranged: a gate stays on its edge, and a flow goes with its ends.
    fn arranged(&self) -> impl Iterator<Item = &Id> {
        let layout = &self.layout;
        let is_box = |it: &&Id| layout.cards.contains_key(*it) || layout.boundaries.contains_key(*it);
        self.selection.iter().filter(is_box)
    }

    fn spans(&self, way: Way) -> Vec<Span> {
        let boxes = self.arranged().filter_map(|id| Some((id, self.layout.rect(id)?)));
        let span = |(id, rect): (&Id, Rect)| {
            let (low, high) = way.span(&rect);
            Span { id: id.clone(), low, high }
        };
        boxes.map(span).collect()
    }

    /// What moves if these elements go these ways.
    pub(super) fn shift(&self, mut ways: BTreeMap<Id, Pos>) -> Shift {
        for (id, by) in ways.clone() {
            ways.extend(self.nesting.all_in(&id).into_iter().map(|it| (it, by)));
        }
        let flows: BTreeSet<&Id> = ways.keys().flat_map(|it| self.layout.flows_of(it)).collect();
        let way_of = |it: &Flow| ways.get(&it.from).copied().filter(|by| ways.get(&it.to) == Some(by));
        let between = flows.into_iter().filter_map(|id| Some((id.clone(), way_of(self.model.flow(id)?)?)));
        let between = between.collect();
        // A gate goes with its boundary.
        ways.retain(|id, _| !self.layout.gates.contains_key(id));
        Shift { view: self.view.clone(), boxes: ways, flows: between }
    }
}

/// Boxes with all in them, and the flows whose corners go along since both of their ends go the same way.
pub(super) struct Shift {
    view: Id,
    boxes: BTreeMap<Id, Pos>,
    flows: BTreeMap<Id, Pos>,
}

impl Shift {
    pub(super) fn write(self, draft: &mut Draft<'_>) {
        for (id, by) in self.boxes {
            draft.edit::<Place>(&(self.view.clone(), id), |it| {
                it.x = (it.x.px() + by.x).into();
                it.y = (it.y.px() + by.y).into();
            });
        }
        for (id, by) in self.flows {
            draft.edit::<Place>(&(self.view.clone(), id), |it| move_waypoints(it, by));
        }
    }
}

/// The line nearest to one that most boxes reach from a step of the grid; `reaches` is how far each box lies before it.
fn on_grid(line: f32, reaches: impl Iterator<Item = f32>) -> f32 {
    // In hundredths, as places are kept.
    let mut rests: BTreeMap<i64, u32> = BTreeMap::new();
    for reach in reaches {
        *rests.entry((reach.rem_euclid(SNAP) * 100.0).round() as i64).or_default() += 1;
    }
    let most = rests.iter().max_by_key(|it| (*it.1, std::cmp::Reverse(*it.0)));
    let rest = most.map_or(0.0, |it| *it.0 as f32 / 100.0);
    ((line - rest) / SNAP).round() * SNAP + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::model;

    /// Three cards of different widths, and a tier with one in it and a gate on its edge.
    const SMALL: &str = r#"(
        format: 1,
        components: {
            "a": (kind: "web-server", name: "A"),
            "b": (kind: "web-server", name: "B, whose name is longer than the others'"),
            "c": (kind: "web-server", name: "C"),
            "db": (kind: "sql-database", name: "Orders", within: "tier"),
            "fw": (kind: "firewall", name: "Guard", gate_of: "tier"),
        },
        boundaries: {"tier": (kind: "subnet-tier", name: "Data tier")},
        flows: {"f": (from: "a", to: "b"), "g": (from: "a", to: "c")},
        views: {"main": (name: "Main")},
        places: {
            ("main", "a"): (x: 0, y: 0),
            ("main", "b"): (x: 43, y: 160),
            ("main", "c"): (x: 8, y: 400),
            ("main", "tier"): (x: 320, y: 72, width: 320, height: 240),
            ("main", "db"): (x: 400, y: 168),
            ("main", "fw"): (side: left),
        },
    )"#;

    fn small(selected: &[&str]) -> Editor {
        let mut editor = Editor::with(model::read(SMALL.as_bytes()).unwrap(), Surroundings::fixed());
        editor.select(selected.iter().map(|it| Id::slug(it)));
        editor
    }

    fn rect(editor: &Editor, id: &str) -> Rect {
        editor.layout().rect(&Id::slug(id)).unwrap()
    }

    fn is_on_grid(at: f32) -> bool {
        (at / SNAP).fract() == 0.0
    }

    #[test]
    fn the_outermost_edge_is_the_line() {
        let mut editor = small(&["a", "b", "c"]);
        assert!(editor.run("arrange.align-right"));
        let right = rect(&editor, "b").max.x;
        assert_eq!((rect(&editor, "a").max.x, rect(&editor, "c").max.x), (right, right));
        assert!(is_on_grid(right) && (right - 283.0).abs() <= SNAP / 2.0, "{right}");
        assert_eq!(rect(&editor, "a").min.y, 0.0, "only one way");
        editor.undo();
        assert_eq!(rect(&editor, "b").min.x, 43.0);
        assert!(editor.history().next_undo().is_none(), "one step");
        editor.align(Alignment::Left);
        assert_eq!(["a", "b", "c"].map(|it| rect(&editor, it).min.x), [0.0; 3]);
        editor.undo();
        editor.align(Alignment::Bottom);
        assert_eq!(["a", "b", "c"].map(|it| rect(&editor, it).max.y), [456.0; 3]);
    }

    #[test]
    fn middles_agree_and_boxes_come_onto_the_grid() {
        let mut editor = small(&["a", "b"]);
        editor.align(Alignment::Middle);
        assert_eq!(rect(&editor, "a").min.y, 80.0);
        assert_eq!(rect(&editor, "b").min.y, 80.0);
        editor.align(Alignment::Centre);
        let (a, b) = (rect(&editor, "a"), rect(&editor, "b"));
        assert_eq!(a.centre(), b.centre());
        assert!(is_on_grid(a.min.x) && is_on_grid(b.min.x), "{a:?} {b:?}");
        let again = editor.document.revision;
        editor.align(Alignment::Centre);
        assert_eq!(editor.document.revision, again, "what is aligned stays");
    }

    #[test]
    fn without_the_grid_nothing_else_is_rounded() {
        let mut editor = small(&["b", "tier"]);
        editor.shown.snap = false;
        editor.align(Alignment::Left);
        assert_eq!(rect(&editor, "tier").min.x, 43.0);
    }

    #[test]
    fn a_boundary_takes_along_what_is_in_it_and_its_gate_stays_on_its_edge() {
        let mut editor = small(&["a", "tier", "db", "fw"]);
        let before = rect(&editor, "fw").min - rect(&editor, "tier").min;
        editor.align(Alignment::Top);
        assert_eq!(rect(&editor, "tier").min.y, 0.0);
        assert_eq!(rect(&editor, "db").min.y, 96.0);
        assert_eq!(rect(&editor, "fw").min - rect(&editor, "tier").min, before);
        assert_eq!(editor.model().place(editor.view(), &Id::slug("fw")).unwrap().y.px(), 0.0);
        assert!(!small(&["tier", "db", "fw"]).can_align(), "the boundary stands for what is in it");
    }

    #[test]
    fn a_member_that_is_aligned_with_what_is_outside_keeps_its_boundary() {
        let mut editor = small(&["db", "c"]);
        editor.align(Alignment::Bottom);
        let (tier, db) = (rect(&editor, "tier"), rect(&editor, "db"));
        assert_eq!(db.max.y, rect(&editor, "c").max.y);
        assert!(tier.contains_rect(&db), "{tier:?} {db:?}");
        assert_eq!(editor.nesting().parent(&Id::slug("db")), Some(&Id::slug("tier")));
    }

    #[test]
    fn gaps_become_equal_and_the_outer_two_stay() {
        let mut editor = small(&["a", "b"]);
        assert!(!editor.run("arrange.distribute-down"), "two have one gap");
        let mut editor = small(&["a", "b", "c"]);
        assert!(editor.run("arrange.distribute-down"));
        let [a, b, c] = ["a", "b", "c"].map(|it| rect(&editor, it));
        assert_eq!((a.min.y, c.min.y), (0.0, 400.0));
        assert_eq!(b.min.y - a.max.y, c.min.y - b.max.y);
        assert_eq!(b.min.x, 43.0);
        editor.undo();
        assert_eq!(rect(&editor, "b").min.y, 160.0);
    }

    #[test]
    fn corners_go_along_where_both_ends_go_the_same_way() {
        let mut editor = small(&["a", "b", "c"]);
        let (f, g) = (Id::slug("f"), Id::slug("g"));
        editor.bend(&f, &[Pos::new(300.0, 100.0)], 1);
        editor.bend(&g, &[Pos::new(-40.0, 100.0)], 1);
        editor.select(["a", "c"].map(Id::slug));
        let corner =
            |editor: &Editor, id: &Id| editor.model().place(editor.view(), id).unwrap().waypoints[0].0.px();
        editor.move_by(&editor.selection().clone(), Pos::new(16.0, 0.0), &super::super::Membership::Keep);
        assert_eq!((corner(&editor, &f), corner(&editor, &g)), (300.0, -24.0));
        editor.align(Alignment::Right);
        assert_eq!(corner(&editor, &g), -24.0, "its ends went different ways");
    }

    #[test]
    fn gaps_are_shared_out_from_one_that_is_locked_to_the_next() {
        let mut editor = small(&["tier"]);
        editor.toggle_lock();
        editor.select(["a", "b", "tier", "c"].map(Id::slug));
        let before = rect(&editor, "tier");
        assert!(editor.run("arrange.distribute-down"));
        let [a, b, tier] = ["a", "b", "tier"].map(|it| rect(&editor, it));
        assert_eq!(tier, before);
        assert!((b.min.y - a.max.y - (tier.min.y - b.max.y)).abs() < 0.01, "{a:?} {b:?} {tier:?}");
    }
}
