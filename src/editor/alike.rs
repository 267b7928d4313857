//! Selecting by what elements have in common: a kind, a finding.

use std::collections::BTreeSet;

use super::{Editor, Tone, Wish};
use crate::model::{Id, counted};
use crate::rules::{self, Finding};

/// What an element is a kind of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sort<'m> {
    Component(&'m str),
    Boundary(&'m str),
    /// By its protocol.
    Flow(&'m str),
}

impl Editor {
    fn sort_of(&self, id: &Id) -> Option<Sort<'_>> {
        let component = self.model.component(id).map(|it| Sort::Component(&it.kind));
        let boundary = || self.model.boundary(id).map(|it| Sort::Boundary(&it.kind));
        component.or_else(boundary).or_else(|| self.model.flow(id).map(|it| Sort::Flow(&it.protocol)))
    }

    /// Selects all that is drawn and of a kind of what is selected; flows, all of the same protocol. What is locked is
    /// left out, as it is when all is selected, and so is what a filter hides.
    pub fn select_same_kind(&mut self) {
        let sorts: BTreeSet<Sort<'_>> = self.selection.iter().filter_map(|it| self.sort_of(it)).collect();
        let layout = &self.layout;
        let boxes = layout.cards.keys().chain(layout.gates.keys()).chain(layout.boundaries.keys());
        let drawn = boxes.chain(layout.flows.keys());
        let drawn = drawn.filter(|it| !self.is_locked(it) && !self.is_hidden(it));
        let alike = drawn.filter(|it| self.sort_of(it).is_some_and(|it| sorts.contains(&it)));
        let all: BTreeSet<Id> = alike.chain(&self.selection).cloned().collect();
        self.select(all);
    }

    /// Selects all that has the same finding as what is selected: that whose evidence is shown, if it is about it, else the
    /// worst that is about it.
    pub fn select_same_finding(&mut self) {
        let is_about = |it: &Finding| it.subjects.iter().any(|it| self.selection.contains(it));
        let chosen = self.shown.chosen.as_deref().and_then(|it| self.report().finding(it));
        let chosen = chosen.filter(|it| self.selection.is_empty() || is_about(it));
        let Some(finding) = chosen.or_else(|| self.open_about(|it| self.selection.contains(it)).next())
        else {
            return self.say(Tone::Info, "Nothing is found about what is selected.", &[]);
        };
        let rule = finding.rule.clone();
        let same = self.findings().filter(|it| it.finding.rule == rule && it.state.is_open());
        let subjects: BTreeSet<Id> = same.flat_map(|it| self.drawn_subjects(it.finding)).collect();
        let label = rules::label(&self.model, &rule).to_owned();
        let count = subjects.len();
        self.select(subjects);
        self.say(Tone::Info, format!("{}: {label}.", counted(count, "element")), &[]);
    }

    /// Selects what a finding is about, and brings it into view.
    pub fn select_subjects(&mut self, key: &str) {
        let Some(finding) = self.report().finding(key) else { return };
        let subjects: Vec<Id> = self.drawn_subjects(finding).collect();
        if subjects.is_empty() {
            return self.say(Tone::Info, "What it is about is not on this view.", &[]);
        }
        self.select(subjects.iter().cloned());
        self.shown.wishes.extend([Wish::Show(subjects), Wish::Focus]);
    }

    /// What a finding is about, as far as it is drawn: of what is hidden in a collapsed boundary, that boundary.
    fn drawn_subjects<'a>(&'a self, finding: &'a Finding) -> impl Iterator<Item = Id> + 'a {
        let drawn = |id: &Id| self.layout.drawn_as(id).cloned().or_else(|| self.shown_as(id));
        finding.subjects.iter().filter_map(drawn)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::model;

    const SMALL: &str = r#"(
        format: 1,
        components: {
            "a": (kind: "web-server"), "b": (kind: "web-server", within: "tier"), "c": (kind: "cache"),
            "d": (kind: "web-server"), "fw": (kind: "firewall", gate_of: "tier"), "elsewhere": (kind: "web-server"),
        },
        boundaries: {"tier": (kind: "subnet-tier"), "zone": (kind: "availability-zone")},
        flows: {
            "f": (from: "a", to: "c", protocol: "redis"), "g": (from: "b", to: "c", protocol: "redis"),
            "h": (from: "d", to: "a", protocol: "https"),
        },
        views: {"main": (name: "Main")},
        places: {
            ("main", "a"): (x: 0, y: 0), ("main", "c"): (x: 0, y: 200), ("main", "d"): (x: 0, y: 400, locked: true),
            ("main", "tier"): (x: 300, y: 0, width: 300, height: 200), ("main", "b"): (x: 340, y: 80),
            ("main", "zone"): (x: 300, y: 300, width: 300, height: 200), ("main", "fw"): (side: left),
        },
    )"#;

    fn editor(selected: &[&str]) -> Editor {
        let mut editor = Editor::with(model::read(SMALL.as_bytes()).unwrap(), Surroundings::fixed());
        editor.select(selected.iter().map(|it| Id::slug(it)));
        editor
    }

    fn selected(editor: &Editor) -> Vec<&str> {
        editor.selection().iter().map(Id::as_str).collect()
    }

    #[test]
    fn the_same_kind_is_selected_but_for_what_is_locked_or_elsewhere() {
        for (from, all) in [
            (&["a"][..], &["a", "b"][..]),
            (&["d"], &["a", "b", "d"]),
            (&["tier"], &["tier"]),
            (&["fw"], &["fw"]),
            (&["f"], &["f", "g"]),
            (&["c", "h"], &["c", "h"]),
        ] {
            let mut editor = editor(from);
            editor.select_same_kind();
            assert_eq!(selected(&editor), all, "from {from:?}");
        }
    }

    #[test]
    fn what_a_filter_hides_is_not_selected() {
        let mut editor = editor(&["tier"]);
        editor.toggle_filter(&model::Only::Within(Id::slug("tier")));
        editor.select([Id::slug("b")]);
        editor.select_same_kind();
        assert_eq!(selected(&editor), ["b"]);
    }

    #[test]
    fn the_same_finding_is_that_which_is_shown_or_the_worst() {
        let (lost, spot) = ("unused-element:elsewhere", "single-point-of-failure:d");
        for (selected_at_first, chosen, all) in [
            (&["a"][..], None, &["a", "d"][..]),
            (&[], Some(spot), &["a", "d"]),
            // What is shown is about something else.
            (&["a"], Some(lost), &["a", "d"]),
            (&["zone"], None, &["zone"]),
        ] {
            let mut editor = editor(selected_at_first);
            editor.shown.chosen = chosen.map(str::to_owned);
            assert!(editor.run("edit.select-same-finding"));
            assert_eq!(selected(&editor), all, "from {selected_at_first:?} and {chosen:?}");
            let said = editor.notice().unwrap().text.clone();
            let is_about =
                if all.len() > 1 { "2 elements: Single point of failure." } else { "Nothing is found" };
            assert!(said.starts_with(is_about), "{said}");
        }
    }

    #[test]
    fn what_a_finding_is_about_is_selected_where_it_is_drawn() {
        let mut editor = editor(&["a"]);
        editor.select_subjects("single-point-of-failure:d");
        assert_eq!(selected(&editor), ["d"]);
        assert_eq!(editor.shown.wishes, [Wish::Show(vec![Id::slug("d")]), Wish::Focus]);
        editor.select_subjects("unused-element:elsewhere");
        assert_eq!(selected(&editor), ["d"]);
        assert!(editor.notice().unwrap().text.contains("not on this view"));
    }
}
