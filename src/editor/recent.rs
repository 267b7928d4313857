//! The kinds under the digits: those of components that were placed last. A kind keeps its digit for as long as it is among
//! them, so that no key comes to mean another thing while one uses it.

use serde::{Deserialize, Serialize};

use super::{Editor, Tool};
use crate::model::{Family, Kind};

/// As many as there are digits.
const DIGITS: usize = 9;
/// What stands there before anything was placed.
const AT_FIRST: [&str; DIGITS] = [
    "user",
    "firewall",
    "load-balancer",
    "web-server",
    "application-server",
    "sql-database",
    "cache",
    "message-queue",
    "identity-provider",
];

/// Kinds in the order of their digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<(String, u32)>", into = "Vec<(String, u32)>")]
pub struct RecentKinds(Vec<Placed>);

/// A kind, and when it was placed last: the larger, the later; 0 for never.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Placed {
    kind: &'static Kind,
    when: u32,
}

impl Default for RecentKinds {
    fn default() -> Self {
        Self::from(Vec::new())
    }
}

impl RecentKinds {
    /// The kinds, from digit 1 on.
    pub fn kinds(&self) -> impl Iterator<Item = &'static Kind> {
        self.0.iter().map(|it| it.kind)
    }

    /// A component of a kind was placed: if it has no digit, it takes that of the one that was not placed for longest.
    /// Notes have a key of their own.
    pub(super) fn note(&mut self, kind: &str) {
        let Some(kind) = Kind::find(kind).filter(|it| it.family != Family::Note) else { return };
        let last = self.0.iter().map(|it| it.when).max().unwrap_or_default();
        let known = self.0.iter().position(|it| it.kind == kind);
        // Of those that never were, the last.
        let oldest = || self.0.iter().enumerate().min_by_key(|(n, it)| (it.when, DIGITS - n)).map(|it| it.0);
        let Some(place) = known.or_else(oldest).and_then(|it| self.0.get_mut(it)) else { return };
        if place.kind != kind || place.when < last || last == 0 {
            *place = Placed { kind, when: last.saturating_add(1) };
        }
    }
}

impl From<Vec<(String, u32)>> for RecentKinds {
    /// What was kept; kinds that there are no longer make room for those of the start.
    fn from(kept: Vec<(String, u32)>) -> Self {
        let at_first = AT_FIRST.iter().map(|it| ((*it).to_owned(), 0));
        let mut all: Vec<Placed> = Vec::with_capacity(DIGITS);
        for (kind, when) in kept.into_iter().chain(at_first) {
            if let Some(kind) = Kind::find(&kind)
                && all.len() < DIGITS
                && !all.iter().any(|it| it.kind == kind)
            {
                all.push(Placed { kind, when });
            }
        }
        Self(all)
    }
}

impl From<RecentKinds> for Vec<(String, u32)> {
    fn from(kinds: RecentKinds) -> Self {
        kinds.0.into_iter().map(|it| (it.kind.slug.clone(), it.when)).collect()
    }
}

impl Editor {
    /// Takes the kind of a digit in hand, 1 to 9: the next click places one.
    pub fn take_recent(&mut self, digit: usize) {
        let kind = digit.checked_sub(1).and_then(|it| self.shown.recent.kinds().nth(it));
        if let Some(kind) = kind {
            self.shown.tool = Tool::Place(kind.slug.clone());
        }
    }

    /// Whether the tool in hand is put down after it was used, unless it is kept.
    pub fn has_tool_to_keep(&self) -> bool {
        matches!(self.shown.tool, Tool::Boundary | Tool::Flow | Tool::Place(_))
    }

    /// Whether the tool in hand stays there after it was used.
    pub fn is_tool_kept(&self) -> bool {
        self.shown.keeps_tool && self.has_tool_to_keep()
    }

    /// The tool was used: takes the pointer in hand again, unless it is kept.
    pub fn put_down_tool(&mut self) {
        if !self.is_tool_kept() {
            self.let_go_of_tool();
        }
    }

    /// Takes the pointer in hand, whether the tool was kept or not.
    pub fn let_go_of_tool(&mut self) {
        (self.shown.tool, self.shown.keeps_tool) = (Tool::Pointer, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::scene::Pos;

    fn slugs(kinds: &RecentKinds) -> Vec<&str> {
        kinds.kinds().map(|it| it.slug.as_str()).collect()
    }

    #[test]
    fn a_kind_keeps_its_digit_and_the_oldest_makes_room() {
        let mut editor = Editor::new(Surroundings::fixed());
        assert_eq!(slugs(&editor.shown.recent), AT_FIRST);
        for kind in ["cache", "worker", "web-server", "note", "scheduler"] {
            editor.add_component(kind, Pos::ZERO);
        }
        let mut expected = AT_FIRST;
        (expected[8], expected[7]) = ("worker", "scheduler");
        assert_eq!(slugs(&editor.shown.recent), expected);
        // All others are placed: the next one takes the place of what was placed first.
        for kind in ["user", "firewall", "load-balancer", "application-server", "sql-database", "worker"] {
            editor.place_component(kind, "", Pos::ZERO);
        }
        editor.add_product_anywhere("function", "");
        expected[6] = "function";
        assert_eq!(slugs(&editor.shown.recent), expected);
    }

    #[test]
    fn what_was_kept_of_kinds_is_read_and_filled_up() {
        let kept = vec![
            ("worker".to_owned(), 3),
            ("no-such".to_owned(), 2),
            ("user".to_owned(), 1),
            ("worker".to_owned(), 1),
        ];
        let kinds = RecentKinds::from(kept);
        assert_eq!(slugs(&kinds)[..3], ["worker", "user", "firewall"]);
        assert_eq!(kinds.0.len(), DIGITS);
        let text: Vec<(String, u32)> = kinds.clone().into();
        assert_eq!(RecentKinds::from(text), kinds);
    }

    #[test]
    fn a_kept_tool_stays_in_hand_until_it_is_let_go() {
        let mut editor = Editor::new(Surroundings::fixed());
        assert!(!editor.run("view.keep-tool"), "the pointer is always there");
        editor.take_recent(7);
        assert_eq!(editor.shown.tool, Tool::Place("cache".to_owned()));
        editor.put_down_tool();
        assert_eq!(editor.shown.tool, Tool::Pointer);
        editor.run("view.flow");
        assert!(editor.run("view.keep-tool"));
        editor.put_down_tool();
        assert_eq!(editor.shown.tool, Tool::Flow);
        editor.run("view.boundary");
        assert!(editor.is_tool_kept(), "whatever tool is taken then");
        editor.run("view.pointer");
        editor.run("view.flow");
        assert!(!editor.is_tool_kept());
    }
}
