//! The catalogue: all that can be put on a drawing, found by the words that people use for it.

use super::words::folded;
use crate::model::{BoundaryKind, Kind, Technology};

/// Something that can be put on a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Offer {
    /// A component of a kind, as its rows bring it.
    Component(&'static Kind),
    /// A component of the technology's kind, with the technology set.
    Product(&'static Technology, &'static Kind),
    Boundary(&'static BoundaryKind),
}

/// How well a text answers a search; the smaller, the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is called just so.
    Whole,
    /// The name begins so.
    Start,
    /// Another word for it is just so.
    WholeAlias,
    /// A word of the name begins so.
    WordStart,
    /// Another word for it begins so.
    Alias,
    Inside,
}

impl Offer {
    /// Its name on a tile.
    pub fn label(self) -> &'static str {
        match self {
            Self::Component(kind) => &kind.label,
            Self::Product(technology, _) => &technology.label,
            Self::Boundary(kind) => &kind.label,
        }
    }

    /// Its name where there is little room.
    pub fn short_label(self) -> &'static str {
        match self {
            Self::Component(kind) => kind.short_label(),
            Self::Product(..) | Self::Boundary(_) => self.label(),
        }
    }

    /// The name of its icon.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Component(kind) | Self::Product(_, kind) => &kind.icon,
            Self::Boundary(kind) => &kind.icon,
        }
    }

    /// The slug of its kind.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Component(kind) | Self::Product(_, kind) => &kind.slug,
            Self::Boundary(kind) => &kind.slug,
        }
    }

    /// The technology that it presets; empty for none.
    pub fn technology(self) -> &'static str {
        match self {
            Self::Product(technology, _) => &technology.label,
            Self::Component(_) | Self::Boundary(_) => "",
        }
    }

    /// Everything, in the order of the tables: kinds, then kinds of boundaries. Technologies stand in no list.
    pub fn all() -> impl Iterator<Item = Self> {
        Kind::all().iter().map(Self::Component).chain(BoundaryKind::all().iter().map(Self::Boundary))
    }

    /// What answers a search, the best first. Every word must be found; no word finds everything.
    pub fn search(text: &str) -> Vec<Self> {
        let text = folded(text.trim());
        if text.is_empty() {
            return Self::all().collect();
        }
        let products =
            Technology::all().iter().filter_map(|it| Some(Self::Product(it, Kind::find(&it.kind)?)));
        let mut found: Vec<(Fit, Self)> =
            Self::all().chain(products).filter_map(|it| Some((it.fit(&text)?, it))).collect();
        found.sort_by_key(|it| it.0);
        found.into_iter().map(|it| it.1).collect()
    }

    fn fit(self, text: &str) -> Option<Fit> {
        let words: &[String] = match self {
            Self::Component(kind) => &kind.words,
            Self::Product(technology, _) => &technology.words,
            Self::Boundary(kind) => &kind.words,
        };
        let slug = match self {
            Self::Product(technology, _) => technology.slug.as_str(),
            Self::Component(_) | Self::Boundary(_) => self.kind(),
        };
        let name = folded(self.label());
        let aliases = || words.iter().map(String::as_str).chain([slug]);
        if name == text {
            return Some(Fit::Whole);
        }
        if name.starts_with(text) {
            return Some(Fit::Start);
        }
        if aliases().any(|it| it == text) {
            return Some(Fit::WholeAlias);
        }
        let word_starts = |name: &str, part: &str| name.split([' ', '-', '/']).any(|it| it.starts_with(part));
        if text.split_whitespace().all(|part| word_starts(&name, part)) {
            return Some(Fit::WordStart);
        }
        let is_alias = |part: &str| word_starts(&name, part) || aliases().any(|it| word_starts(it, part));
        if text.split_whitespace().all(is_alias) {
            return Some(Fit::Alias);
        }
        // A letter or two stand inside nearly every name.
        (text.len() > 2 && name.contains(text)).then_some(Fit::Inside)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> Vec<&'static str> {
        Offer::search(text).into_iter().map(Offer::label).collect()
    }

    #[test]
    fn things_are_found_by_label_word_and_technology() {
        for (text, first) in [
            ("load", "Load balancer"),
            ("lb", "Load balancer"),
            ("web", "Web application firewall"),
            ("Web Server", "Web server"),
            ("queue", "Message queue"),
            ("postgres", "PostgreSQL"),
            ("subnet", "Subnet tier"),
        ] {
            assert_eq!(labels(text).first(), Some(&first), "{text}");
        }
        let first = Offer::search("postgres")[0];
        assert_eq!((first.kind(), first.technology()), ("sql-database", "PostgreSQL"));
    }

    #[test]
    fn nothing_asked_finds_everything_in_order_and_nonsense_nothing() {
        assert_eq!(Offer::search("  ").len(), Offer::all().count());
        assert_eq!(labels("").first(), Some(&"User"));
        assert!(labels("qwertz").is_empty());
    }
}
