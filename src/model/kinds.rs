//! Kinds of components and of boundaries: rows of `assets/kinds.ron`. Rules and analyses ask families and
//! capabilities, never lists of kinds.

use std::sync::LazyLock;

use foldhash::HashMap;
use serde::{Deserialize, Serialize};

use super::Ports;

/// The families that kinds belong to; the palette groups by them, colours tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Family {
    Outside,
    Edge,
    Compute,
    Data,
    Messaging,
    Trust,
    Operations,
    /// A note: a text on the canvas, no part of the system.
    Note,
}

impl Family {
    pub const ALL: [Self; 8] = [
        Self::Outside,
        Self::Edge,
        Self::Compute,
        Self::Data,
        Self::Messaging,
        Self::Trust,
        Self::Operations,
        Self::Note,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::Outside => "Outside",
            Self::Edge => "Edge",
            Self::Compute => "Compute",
            Self::Data => "Data",
            Self::Messaging => "Messaging",
            Self::Trust => "Trust",
            Self::Operations => "Operations",
            Self::Note => "Notes",
        }
    }
}

/// What a kind does to traffic, and what its loss does. Each is defined by the analysis that reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Capability {
    /// Traffic goes through it; all else terminates what reaches it.
    Passes,
    /// It has allows: ports, and from where.
    Filters,
    /// It reads requests and keeps attacks out.
    Inspects,
    /// It spreads requests over alternatives.
    Spreads,
    /// It lives on with the routes that are left.
    GoesOn,
    /// Somebody, or somebody's machine, for whom the system is there.
    Actor,
    /// It stands on the internet, unless it stands in a boundary of ours.
    OnTheInternet,
    /// Usually bought as a service, so its owner should be asked whether it is highly available.
    UsuallyBought,
    /// It hands requests on: its targets are served at its hop.
    HandsOn,
    /// A copy that the system works without, slower: a need of it is soft unless said.
    Cache,
    /// Others ask it where to go: the one kind of operations whose needs count.
    Registry,
    /// Not ours: neither a target nor a unit of failure.
    NotOurs,
}

/// A port that a kind listens on when it is new.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DefaultListener {
    pub port: Ports,
    pub protocol: String,
}

/// A kind of component.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kind {
    pub slug: String,
    pub label: String,
    /// The label where there is little room; empty: the same.
    #[serde(default)]
    pub short: String,
    pub family: Family,
    /// The name of an icon of `assets/icons`.
    pub icon: String,
    /// Other words that people use for it, lower case: for the palette's search and the text language.
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub can: Vec<Capability>,
    /// The technology that a new one has.
    #[serde(default)]
    pub technology: String,
    /// What a new one listens on. The first is the port of a flow to it that names none.
    #[serde(default)]
    pub listeners: Vec<DefaultListener>,
}

impl Kind {
    /// The label where there is little room.
    pub fn short_label(&self) -> &str {
        if self.short.is_empty() { &self.label } else { &self.short }
    }

    pub fn can(&self, capability: Capability) -> bool {
        self.can.contains(&capability)
    }

    /// The port of a flow that names neither port nor protocol.
    pub fn default_port(&self) -> Option<&Ports> {
        self.listeners.first().map(|it| &it.port)
    }
}

/// A kind of boundary.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BoundaryKind {
    pub slug: String,
    pub label: String,
    pub icon: String,
    #[serde(default)]
    pub words: Vec<String>,
    /// It fails as one, with all in it.
    #[serde(default)]
    pub fails: bool,
    /// It does not filter: a new one is open.
    #[serde(default)]
    pub starts_open: bool,
    /// A place outside, not ours: what stands in it is still on the internet.
    #[serde(default)]
    pub outside: bool,
    /// What is highly available survives its loss.
    #[serde(default)]
    pub survivable: bool,
    /// A place in the world: names of one pool may say in which of them a member stands (`lb-east`, `lb-west`).
    #[serde(default)]
    pub location: bool,
    /// The only one of its kind is a question, not a finding.
    #[serde(default)]
    pub may_be_alone: bool,
    /// What stands in it shares a machine or a runtime: who breaks out of one part holds them all.
    #[serde(default)]
    pub shares_runtime: bool,
}

/// The table of kinds, in the order of the palette.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    components: Vec<Kind>,
    boundaries: Vec<BoundaryKind>,
}

struct Tables {
    kinds: Vec<Kind>,
    by_slug: HashMap<String, usize>,
    boundary_kinds: Vec<BoundaryKind>,
    boundary_by_slug: HashMap<String, usize>,
    fallback: Kind,
    boundary_fallback: BoundaryKind,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    // The file is part of the program; a test reads it.
    let file: File = super::bundled(include_str!("../../assets/kinds.ron"));
    Tables {
        by_slug: file.components.iter().enumerate().map(|(n, it)| (it.slug.clone(), n)).collect(),
        kinds: file.components,
        boundary_by_slug: file.boundaries.iter().enumerate().map(|(n, it)| (it.slug.clone(), n)).collect(),
        boundary_kinds: file.boundaries,
        fallback: Kind {
            slug: "unknown".to_owned(),
            label: "Unknown kind".to_owned(),
            short: String::new(),
            family: Family::Compute,
            icon: "circle-help".to_owned(),
            words: Vec::new(),
            can: Vec::new(),
            technology: String::new(),
            listeners: Vec::new(),
        },
        boundary_fallback: BoundaryKind {
            slug: "unknown".to_owned(),
            label: "Boundary".to_owned(),
            icon: "square-dashed".to_owned(),
            words: Vec::new(),
            fails: false,
            starts_open: false,
            outside: false,
            survivable: false,
            location: false,
            may_be_alone: false,
            shares_runtime: false,
        },
    }
});

impl Kind {
    /// All kinds, in the order of the palette.
    pub fn all() -> &'static [Self] {
        &TABLES.kinds
    }

    /// Whether flows may begin and end there: at all but notes.
    pub fn can_end_flows(&self) -> bool {
        self.family != Family::Note
    }

    pub fn find(slug: &str) -> Option<&'static Self> {
        TABLES.by_slug.get(slug).map(|n| &TABLES.kinds[*n])
    }

    /// The kind of that slug; one that nobody knows is read as a component of compute that terminates, and is said
    /// as a problem of the file.
    pub fn of(slug: &str) -> &'static Self {
        Self::find(slug).unwrap_or(&TABLES.fallback)
    }
}

impl BoundaryKind {
    pub fn all() -> &'static [Self] {
        &TABLES.boundary_kinds
    }

    pub fn find(slug: &str) -> Option<&'static Self> {
        TABLES.boundary_by_slug.get(slug).map(|n| &TABLES.boundary_kinds[*n])
    }

    pub fn of(slug: &str) -> &'static Self {
        Self::find(slug).unwrap_or(&TABLES.boundary_fallback)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        assert!(Kind::all().len() >= 48);
        assert_eq!(TABLES.by_slug.len(), Kind::all().len(), "a slug stands twice");
        for kind in Kind::all() {
            assert_eq!(super::super::Id::slug(&kind.slug).as_str(), kind.slug);
            assert_eq!(kind.words, kind.words.iter().map(|it| it.to_lowercase()).collect::<Vec<_>>());
            // What the family says, each row says: the columns must agree with it.
            let (family, note) = (kind.family, kind.family == Family::Note);
            let internet = kind.slug == "internet";
            assert_eq!(kind.can(Capability::Spreads), family == Family::Edge && !internet, "{}", kind.slug);
            let goes_on = matches!(family, Family::Edge | Family::Messaging | Family::Outside);
            assert_eq!(kind.can(Capability::GoesOn), goes_on, "{}", kind.slug);
            assert_eq!(
                kind.can(Capability::NotOurs),
                family == Family::Outside || internet || note,
                "{}",
                kind.slug
            );
        }
        assert_eq!(BoundaryKind::all().len(), 12);
    }
}
