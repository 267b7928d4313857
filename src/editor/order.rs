//! Order: which of two boxes that lie on each other is in front. Cards lie on cards, boundaries on boundaries as deep; what
//! stands in a boundary always lies on it.

use std::collections::{BTreeMap, BTreeSet};

use super::{Editor, Tone};
use crate::model::{Id, Place};
use crate::scene::Rect;

/// Where boxes come to lie among others of their sort.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reorder {
    /// In front of the next one that lies on them.
    Forward,
    /// Behind the next one that they lie on.
    Backward,
    /// In front of all others.
    ToFront,
    /// Behind all others.
    ToBack,
}

impl Reorder {
    fn label(self) -> &'static str {
        match self {
            Self::Forward => "Bring forward",
            Self::Backward => "Send backward",
            Self::ToFront => "Bring to front",
            Self::ToBack => "Send to back",
        }
    }

    /// What to say if that changes nothing.
    fn nothing(self) -> &'static str {
        match self {
            Self::Forward => "Nothing lies in front of it.",
            Self::Backward => "Nothing lies behind it.",
            Self::ToFront => "It is in front already.",
            Self::ToBack => "It is at the back already.",
        }
    }

    fn is_forwards(self) -> bool {
        matches!(self, Self::Forward | Self::ToFront)
    }
}

/// A box among those that it may lie on, or below.
#[derive(Debug, Clone)]
struct Sheet {
    id: Id,
    order: i32,
    rect: Rect,
}

impl Editor {
    /// Whether something is selected that can lie on something else.
    pub fn can_reorder(&self) -> bool {
        let layout = &self.layout;
        let has_order = |it: &Id| layout.cards.contains_key(it) || layout.boundaries.contains_key(it);
        !self.is_layout_locked() && self.selection.iter().any(has_order)
    }

    /// Brings what is selected forward or sends it back.
    pub fn reorder(&mut self, to: Reorder) {
        let boxes =
            self.selection.iter().filter(|it| !self.model.flows().contains_key(*it)).cloned().collect();
        let Some(chosen) = self.free_of(&boxes, Self::can_move) else { return };
        let mut orders = BTreeMap::new();
        for mut pile in self.piles(&chosen) {
            let before: BTreeMap<Id, i32> = pile.iter().map(|it| (it.id.clone(), it.order)).collect();
            if to.is_forwards() {
                bring_forward(&mut pile, &chosen, to == Reorder::ToFront);
            } else {
                // Seen from behind, what goes back comes forward.
                turn_over(&mut pile);
                bring_forward(&mut pile, &chosen, to == Reorder::ToBack);
                turn_over(&mut pile);
            }
            let is_new = |it: &Sheet| before.get(&it.id) != Some(&it.order);
            orders.extend(pile.into_iter().filter(is_new).map(|it| (it.id, it.order)));
        }
        if orders.is_empty() {
            return self.say(Tone::Info, to.nothing(), &[]);
        }
        let view = self.view.clone();
        self.change(to.label(), |draft, _| {
            for (id, order) in orders {
                draft.edit::<Place>(&(view.clone(), id), |it| it.order = order);
            }
        });
    }

    /// The piles that what is chosen lies in, each from the back to the front.
    fn piles(&self, chosen: &BTreeSet<Id>) -> Vec<Vec<Sheet>> {
        let layout = &self.layout;
        let mut piles: Vec<Vec<Sheet>> = Vec::new();
        if chosen.iter().any(|it| layout.cards.contains_key(it)) {
            let sheet = |(id, it): (&Id, &crate::scene::CardBox)| Sheet {
                id: id.clone(),
                order: it.order,
                rect: it.outer(),
            };
            piles.push(layout.cards.iter().map(sheet).collect());
        }
        let depths: BTreeSet<u16> =
            chosen.iter().filter_map(|it| layout.boundaries.get(it)).map(|it| it.depth).collect();
        for depth in depths {
            let alike = layout.boundaries.iter().filter(|it| it.1.depth == depth);
            piles.push(
                alike.map(|(id, it)| Sheet { id: id.clone(), order: it.order, rect: it.rect }).collect(),
            );
        }
        for pile in &mut piles {
            pile.sort_by(|a, b| (a.order, &a.id).cmp(&(b.order, &b.id)));
        }
        piles
    }
}

fn turn_over(pile: &mut [Sheet]) {
    pile.reverse();
    pile.iter_mut().for_each(|it| it.order = it.order.saturating_neg());
}

/// Puts what is chosen further up in a pile, past the next that lies on it or past all. Among themselves they stay as they
/// are, and of the others only those get another order that would lie wrong without.
fn bring_forward(pile: &mut Vec<Sheet>, chosen: &BTreeSet<Id>, past_all: bool) {
    let is_chosen = |it: &Sheet| chosen.contains(&it.id);
    let mut moved: BTreeSet<Id> = BTreeSet::new();
    if past_all {
        let (front, rest): (Vec<Sheet>, Vec<Sheet>) = std::mem::take(pile).into_iter().partition(is_chosen);
        moved.extend(front.iter().map(|it| it.id.clone()));
        *pile = rest;
        pile.extend(front);
    } else {
        for at in (0..pile.len()).rev() {
            let Some((sheet, above)) = pile.get(at..).and_then(<[Sheet]>::split_first) else { continue };
            if !is_chosen(sheet) {
                continue;
            }
            let next = above.iter().position(|it| it.rect.overlaps(&sheet.rect) && !is_chosen(it));
            let id = sheet.id.clone();
            if let Some(passed) = next.and_then(|it| pile.get_mut(at..=at + 1 + it)) {
                passed.rotate_left(1);
                moved.insert(id);
            }
        }
    }
    // Of those that got another order, what lies on them must lie above it still.
    let mut changed: Vec<Sheet> = Vec::new();
    for at in 0..pile.len() {
        let Some((sheet, below)) = pile.get_mut(..=at).and_then(<[Sheet]>::split_last_mut) else { continue };
        let meets = |it: &&Sheet| past_all || it.rect.overlaps(&sheet.rect);
        let floor = if moved.contains(&sheet.id) {
            below.iter().filter(|it| meets(it)).map(|it| it.order).max()
        } else {
            changed.iter().filter(meets).map(|it| it.order).max()
        };
        if let Some(floor) = floor.filter(|it| sheet.order <= *it) {
            sheet.order = floor.saturating_add(1);
            changed.push(sheet.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::model;
    use crate::scene::{Highlight, Layer, Look, Marks, Part, Pos, display, hit};

    /// Three cards that lie on each other in a row, one that lies apart, and two boundaries that overlap.
    const PILE: &str = r#"(
        format: 1,
        components: {"a": (kind: "cache"), "b": (kind: "cache"), "c": (kind: "cache"), "d": (kind: "cache"), "in": (kind: "cache", within: "one")},
        boundaries: {"one": (kind: "network"), "two": (kind: "network")},
        places: {
            ("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 40, y: 16), ("main", "c"): (x: 80, y: 32), ("main", "d"): (x: 800, y: 0),
            ("main", "one"): (x: 0, y: 400, width: 400, height: 200), ("main", "two"): (x: 200, y: 500, width: 400, height: 200),
            ("main", "in"): (x: 220, y: 520),
        },
    )"#;

    fn editor() -> Editor {
        Editor::with(model::read(PILE.as_bytes()).unwrap(), Surroundings::fixed())
    }

    /// Elements of a layer as they are painted, from the back to the front.
    fn painted(editor: &Editor, layer: Layer, selected: &[&str]) -> String {
        let marks = Marks::default();
        let highlight =
            Highlight { selected: selected.iter().map(|it| Id::slug(it)).collect(), ..Highlight::default() };
        let mut order: Vec<String> = Vec::new();
        display(editor.layout(), &Look::whole(&marks, &highlight, 1.0), &mut |it| {
            let id = it.element.filter(|_| it.layer == layer).map(ToString::to_string);
            if let Some(id) = id.filter(|id| order.last() != Some(id)) {
                order.push(id);
            }
        });
        order.join(" ")
    }

    fn reorder(editor: &mut Editor, ids: &[&str], to: Reorder) {
        editor.select(ids.iter().map(|it| Id::slug(it)));
        editor.reorder(to);
    }

    fn cards(editor: &Editor) -> String {
        painted(editor, Layer::Card, &[])
    }

    #[test]
    fn a_card_goes_past_what_it_lies_on_one_by_one() {
        let mut editor = editor();
        assert_eq!(cards(&editor), "a b c d in");
        reorder(&mut editor, &["a"], Reorder::Forward);
        let all = cards(&editor);
        assert!(
            all.find('b') < all.find('a') && all.find('a') < all.find('c'),
            "past the next, no further: {all}"
        );
        reorder(&mut editor, &["a"], Reorder::Forward);
        assert!(cards(&editor).find('a') > cards(&editor).find('c'));
        let before = editor.document.revision;
        reorder(&mut editor, &["a"], Reorder::Forward);
        assert_eq!(editor.document.revision, before);
        assert_eq!(editor.notice().unwrap().text, "Nothing lies in front of it.");
        reorder(&mut editor, &["a"], Reorder::Backward);
        reorder(&mut editor, &["a"], Reorder::Backward);
        let all = cards(&editor);
        assert!(all.find('a') < all.find('b') && all.find('b') < all.find('c'), "{all}");
        for _ in 0..4 {
            editor.undo();
        }
        assert_eq!(editor.model(), &model::read(PILE.as_bytes()).unwrap());
    }

    #[test]
    fn the_front_is_in_front_of_all_and_the_back_behind_all() {
        let mut editor = editor();
        reorder(&mut editor, &["a", "b"], Reorder::ToFront);
        assert_eq!(cards(&editor), "c d in a b");
        reorder(&mut editor, &["d"], Reorder::ToBack);
        reorder(&mut editor, &["in"], Reorder::ToBack);
        assert_eq!(cards(&editor), "in d c a b");
        let before = editor.document.revision;
        reorder(&mut editor, &["in"], Reorder::ToBack);
        assert_eq!(editor.document.revision, before);
    }

    #[test]
    fn what_is_in_front_is_what_is_hit() {
        let mut editor = editor();
        let both = Pos::new(100.0, 40.0);
        let first = |editor: &Editor| hit(editor.layout(), both, 0.0)[0].id.to_string();
        for (id, to) in [("c", Reorder::ToFront), ("a", Reorder::ToFront), ("b", Reorder::ToFront)] {
            reorder(&mut editor, &[id], to);
            assert_eq!(first(&editor), id);
        }
        reorder(&mut editor, &["b"], Reorder::ToBack);
        assert_eq!(first(&editor), "a");
    }

    #[test]
    fn what_was_sent_back_shows_there_though_it_is_selected() {
        let mut editor = editor();
        assert_eq!(painted(&editor, Layer::Card, &["a"]), "b c d in a");
        reorder(&mut editor, &["c"], Reorder::ToBack);
        assert_eq!(painted(&editor, Layer::Card, &["c"]), "c a b d in");
    }

    #[test]
    fn boundaries_lie_on_each_other_and_below_what_is_in_them() {
        let mut editor = editor();
        assert_eq!(painted(&editor, Layer::Boundary, &[]), "one two");
        let overlap = Pos::new(250.0, 590.0);
        let body = |editor: &Editor| {
            let hits = hit(editor.layout(), overlap, 0.0);
            hits.iter().find(|it| it.part == Part::Body).unwrap().id.to_string()
        };
        reorder(&mut editor, &["one"], Reorder::Forward);
        assert_eq!(painted(&editor, Layer::Boundary, &[]), "two one");
        assert_eq!(body(&editor), "one");
        assert_eq!(editor.boundary_at(overlap), Some(Id::slug("one")));
        reorder(&mut editor, &["one"], Reorder::ToBack);
        assert_eq!(painted(&editor, Layer::Boundary, &[]), "one two");
        assert_eq!(body(&editor), "two");
        assert_eq!(hit(editor.layout(), Pos::new(260.0, 540.0), 0.0)[0].id, Id::slug("in"));
    }

    #[test]
    fn orders_are_written_only_where_somebody_set_one_and_read_again() {
        let mut editor = editor();
        assert!(!model::write(editor.model()).contains("order: "));
        reorder(&mut editor, &["b"], Reorder::ToBack);
        let text = model::write(editor.model());
        assert_eq!(text.matches("order: -1").count(), 1);
        assert_eq!(&model::read(text.as_bytes()).unwrap(), editor.model());
    }

    #[test]
    fn what_is_locked_stays_in_its_order() {
        let mut editor = editor();
        editor.select([Id::slug("a")]);
        editor.toggle_lock();
        let before = editor.document.revision;
        editor.reorder(Reorder::ToFront);
        assert_eq!(editor.document.revision, before);
        editor.toggle_lock();
        editor.toggle_layout_lock();
        assert!(!editor.can_reorder());
    }
}
