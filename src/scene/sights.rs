//! What was looked at to draw each line, so that it is drawn anew when something there has changed, and only then:
//! after any edit a picture is the same as one drawn from nothing.

use std::cell::Cell;
use std::collections::BTreeMap;

use crate::model::Id;

use super::areas::Areas;
use super::geometry::Rect;

/// The box around all that is looked at.
#[derive(Debug)]
pub(super) struct Sight(Cell<Rect>);

impl Sight {
    pub(super) fn new() -> Self {
        Self(Cell::new(Rect::NOTHING))
    }

    pub(super) fn look(&self, area: &Rect) {
        self.0.set(self.0.get().union(area));
    }

    pub(super) fn seen(&self) -> Rect {
        self.0.get()
    }
}

/// What was looked at for one line.
#[derive(Debug, Clone)]
struct Seen {
    /// To choose the sides that it runs between.
    sides: Rect,
    /// For that, to find its way, and to move it aside from others.
    line: Rect,
    /// To find room for its pill.
    pill: Vec<Rect>,
}

#[derive(Debug, Clone, Default)]
pub(super) struct Sights {
    seen: BTreeMap<Id, Seen>,
    lines: Areas,
    pills: Areas,
}

impl Sights {
    pub(super) fn forget(&mut self, id: &Id) {
        if let Some(seen) = self.seen.remove(id) {
            self.lines.remove(id, [seen.line]);
            self.pills.remove(id, seen.pill);
        }
    }

    /// What was looked at for the sides of lines, and for their ways.
    pub(super) fn note_lines(&mut self, all: BTreeMap<Id, (Option<Rect>, Rect)>) {
        let mut entries = Vec::with_capacity(all.len());
        for (id, (sides, way)) in all {
            let old = self.seen.get(&id);
            let sides = sides.or_else(|| old.map(|it| it.sides)).unwrap_or(Rect::NOTHING);
            let line = sides.union(&way);
            let before = old.map(|it| it.line);
            let pill = self.seen.remove(&id).map(|it| it.pill).unwrap_or_default();
            self.seen.insert(id.clone(), Seen { sides, line, pill });
            if before == Some(line) {
                continue;
            }
            if let Some(before) = before {
                self.lines.remove(&id, [before]);
            }
            entries.push((line, id));
        }
        self.lines.extend(entries);
    }

    /// What was looked at to move lines aside, besides all that was noted of them.
    pub(super) fn note_asides(&mut self, all: BTreeMap<Id, Rect>) {
        for (id, area) in all {
            let Some(seen) = self.seen.get_mut(&id).filter(|it| !it.line.contains_rect(&area)) else {
                continue;
            };
            self.lines.remove(&id, [seen.line]);
            seen.line = seen.line.union(&area);
            self.lines.insert(seen.line, &id);
        }
    }

    /// What was looked at for pills.
    pub(super) fn note_pills(&mut self, all: BTreeMap<Id, Vec<Rect>>) {
        let mut entries = BTreeMap::new();
        for (id, areas) in all {
            let Some(seen) = self.seen.get_mut(&id).filter(|it| it.pill != areas) else { continue };
            self.pills.remove(&id, std::mem::replace(&mut seen.pill, areas.clone()));
            entries.insert(id, areas);
        }
        self.pills.extend_all(entries);
    }

    /// See [`Areas::sweep`].
    pub(super) fn sweep(&mut self) -> bool {
        self.lines.sweep() || self.pills.sweep()
    }

    /// The lines that looked at an area.
    pub(super) fn lines(&self, area: &Rect) -> impl Iterator<Item = &Id> {
        self.lines.near(area).map(|it| &it.id)
    }

    /// Whether a line looked at an area.
    pub(super) fn has_looked(&self, line: &Id, area: &Rect) -> bool {
        self.seen.get(line).is_some_and(|it| it.line.meets(area))
    }

    /// The lines whose pill looked at an area.
    pub(super) fn pills(&self, area: &Rect) -> impl Iterator<Item = &Id> {
        self.pills.near(area).map(|it| &it.id)
    }
}
