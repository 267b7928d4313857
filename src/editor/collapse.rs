//! Collapsing: a boundary drawn as one box, which stands for all that is in it.

use std::collections::BTreeSet;

use super::Editor;
use crate::model::{Edit, Id, Model, Place};
use crate::scene;

/// The boundaries of a view that are collapsed.
pub(super) fn collapsed_on(model: &Model, view: &Id) -> BTreeSet<Id> {
    let places = model.places().iter().filter(|((on, _), it)| it.collapsed && on == view);
    places.map(|((_, id), _)| id.clone()).filter(|it| model.boundary(it).is_some()).collect()
}

impl Editor {
    pub fn is_collapsed(&self, id: &Id) -> bool {
        self.collapsed.contains(id)
    }

    /// Whether something is selected that can be collapsed (or expanded).
    pub fn has_foldable(&self, is_collapsed: bool) -> bool {
        self.selection.iter().any(|it| self.is_foldable(it, is_collapsed))
    }

    fn is_foldable(&self, id: &Id, is_collapsed: bool) -> bool {
        let is_drawn = self.model.place(&self.view, id).is_some() && self.model.boundary(id).is_some();
        is_drawn && self.is_collapsed(id) == is_collapsed
    }

    /// Draws the selected boundaries as one box each, or shows again what is in them. It is kept with the view.
    pub fn fold_selection(&mut self, collapses: bool) {
        let ids: BTreeSet<Id> =
            self.selection.iter().filter(|it| self.is_foldable(it, !collapses)).cloned().collect();
        self.fold(&ids, collapses);
    }

    pub fn fold(&mut self, ids: &BTreeSet<Id>, collapses: bool) {
        let Some(first) = ids.first() else { return };
        let verb = if collapses { "Collapse" } else { "Expand" };
        let label = match ids.len() {
            1 => format!("{verb} {}", self.model.title(first)),
            many => format!("{verb} {many} boundaries"),
        };
        let view = self.view.clone();
        self.change(label, |draft, _| {
            for id in ids {
                draft.edit::<Place>(&(view.clone(), id.clone()), |it| it.collapsed = collapses);
            }
        });
    }

    /// Brings the list of what is collapsed up to date with an edit; returns whether it differs now.
    pub(super) fn note_collapsed(&mut self, happened: &Edit) -> bool {
        let mut differs = false;
        for delta in happened.of::<Place>().filter(|it| it.key.0 == self.view) {
            let id = &delta.key.1;
            let is_collapsed = delta.after.as_ref().is_some_and(|it| it.collapsed);
            differs |= if is_collapsed && self.model.boundary(id).is_some() {
                self.collapsed.insert(id.clone())
            } else {
                self.collapsed.remove(id)
            };
        }
        differs
    }

    /// Whether an element is drawn on the view as itself.
    pub fn is_shown(&self, id: &Id) -> bool {
        self.shown_as(id).is_some_and(|it| it == *id)
    }

    /// The box that shows an element on the view: its own, or that of the collapsed boundary that hides it.
    pub(super) fn shown_as(&self, id: &Id) -> Option<Id> {
        let layout = &self.layout;
        let has_box = layout.cards.contains_key(id)
            || layout.gates.contains_key(id)
            || layout.boundaries.contains_key(id);
        if has_box { Some(id.clone()) } else { self.stand_in(id) }
    }

    /// The collapsed boundary that is drawn in the place of an element.
    pub fn stand_in(&self, id: &Id) -> Option<Id> {
        if self.collapsed.is_empty() {
            return None;
        }
        let box_of = |it: &Id| scene::stand_in(&self.model, &self.view, &self.nesting, it);
        match self.model.flow(id) {
            // A line that leaves the box is drawn.
            Some(flow) => box_of(&flow.from).filter(|it| Some(it) == box_of(&flow.to).as_ref()),
            None => box_of(id),
        }
    }

    /// What is drawn of some elements: themselves, or what stands for them, each once.
    pub(super) fn drawn_of(&self, ids: impl IntoIterator<Item = Id>) -> Vec<Id> {
        let mut drawn = Vec::new();
        for id in ids {
            let id = self.stand_in(&id).unwrap_or(id);
            if !drawn.contains(&id) {
                drawn.push(id);
            }
        }
        drawn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Surroundings, Tint};
    use crate::formats::{self, text};
    use crate::model;
    use crate::scene::Level;

    const SHOP: &str = "net \"Internet\": internet
        boundary tier \"Tier\": subnet-tier { web \"Web\": web-server; db \"Orders\": sql-database [stores people] }
        asset people \"Customers\": confidential [personal yes]
        net -> web: http; web -> db: postgres [encrypted no]";

    fn editor() -> Editor {
        let model = formats::placed(text::read(SHOP).unwrap());
        Editor::with(model, Surroundings::fixed())
    }

    #[test]
    fn a_collapsed_boundary_wears_what_is_in_it() {
        let mut editor = editor();
        let (tier, inside) = (Id::slug("tier"), [Id::slug("web"), Id::slug("db"), Id::slug("web-db")]);
        let before = editor.marks();
        let sum = |ids: &[Id]| -> u32 {
            ids.iter().filter_map(|it| before.badges.get(it)).map(|it| it.count).sum()
        };
        let worst = inside.iter().filter_map(|it| before.badges.get(it)).map(|it| it.level).max();
        assert!(worst > Some(Level::Question) && sum(&inside) > 1);
        editor.select([tier.clone()]);
        let marked = editor.marked();
        assert!(editor.run("arrange.collapse") && editor.marked() != marked);
        let badge = editor.marks().badges[&tier];
        // Questions are not counted beside findings.
        let counts = |it: &Id| before.badges.get(it).is_some_and(|it| it.level > Level::Question);
        let all: Vec<Id> = inside.iter().chain([&tier]).filter(|it| counts(it)).cloned().collect();
        assert_eq!((Some(badge.level), badge.count), (worst, sum(&all)));
        // What is looked at and what is tinted is shown there, too.
        editor.shown.tint = Some(Tint::PersonalData);
        assert_eq!(editor.marks().tints.unwrap()[&tier].sign, "keeps");
        let key =
            editor.report().findings.iter().find(|it| it.subjects.contains(&inside[1])).unwrap().key.clone();
        editor.choose(&key);
        assert!(editor.evidence().unwrap().components.contains(&tier));
        assert!(editor.run("arrange.expand") && !editor.is_collapsed(&tier));
        editor.shown.tint = None;
        assert_eq!(editor.marks().badges, before.badges);
    }

    #[test]
    fn flows_and_boundaries_in_a_collapsed_boundary_light_it_up() {
        let text = "boundary tier: subnet-tier { db: sql-database; boundary inner: host { web: web-server } }
            boundary other: network { user: user }
            web -> db: postgres; user -> web: https";
        let mut editor = Editor::with(formats::placed(text::read(text).unwrap()), Surroundings::fixed());
        editor.fold(&BTreeSet::from([Id::slug("tier")]), true);
        for (subject, [components, flows, boundaries]) in [
            ("inner", [&["tier"][..], &[], &[]]),
            ("web-db", [&["tier"], &[], &[]]),
            ("user-web", [&[], &["user-web"], &[]]),
            ("other", [&[], &[], &["other"]]),
        ] {
            let threat = model::Threat { subjects: vec![Id::slug(subject)], ..Default::default() };
            editor.put_threat(None, &threat);
            let evidence = editor.evidence().unwrap();
            let ids = |it: &[&str]| it.iter().map(|it| Id::slug(it)).collect::<Vec<_>>();
            assert_eq!(evidence.components, ids(components), "{subject}");
            assert_eq!((evidence.flows, evidence.boundaries), (ids(flows), ids(boundaries)), "{subject}");
        }
    }

    #[test]
    fn what_leaves_the_box_is_drawn_itself() {
        let mut editor = editor();
        editor.fold(&BTreeSet::from([Id::slug("tier")]), true);
        let stands = |id: &str| editor.stand_in(&Id::slug(id)).map(|it| it.to_string());
        assert_eq!(stands("web-db").as_deref(), Some("tier"));
        assert_eq!(stands("web").as_deref(), Some("tier"));
        assert_eq!((stands("net-web"), stands("net"), stands("tier")), (None, None, None));
        editor.undo();
        assert_eq!(editor.stand_in(&Id::slug("web")), None);
    }
}
