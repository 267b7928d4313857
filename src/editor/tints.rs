//! Tints: what an outsider reaches and where data goes, seen over the whole drawing at one glance.

use std::collections::{BTreeMap, BTreeSet};

use super::Editor;
use crate::analysis::{AssetIx, ComponentIx, Facts};
use crate::model::{Id, Truth};
pub use crate::scene::LegendLine;
use crate::scene::Tinted;
use crate::tokens::{FamilyInk, Ink};

/// What the drawing is tinted by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tint {
    /// After how many compromises an attacker from the internet gets somewhere. Part *Reachability* of the meanings.
    Exposure,
    /// Where personal data is kept and where it goes.
    PersonalData,
    /// The same of one asset.
    Asset(Id),
}

/// What stands behind a sign where the drawing does not say enough to be sure.
const UNSURE: &str = "?";

impl Editor {
    /// Tints the drawing, or ends it if it is tinted so.
    pub fn toggle_tint(&mut self, tint: &Tint) {
        self.shown.tint = (self.shown.tint.as_ref() != Some(tint)).then(|| tint.clone());
    }

    /// What the drawing is tinted by, as a title.
    pub fn tint_title(&self, tint: &Tint) -> String {
        match tint {
            Tint::Exposure => "Exposure to the internet".to_owned(),
            Tint::PersonalData => "Personal data".to_owned(),
            Tint::Asset(id) => self.model.title(id),
        }
    }

    /// What the legend tells, the gravest first; nothing is tinted if it is empty.
    pub fn legend(&self, tint: &Tint) -> Vec<LegendLine> {
        let facts = self.facts();
        let mut lines: BTreeMap<Rank, LegendLine> = BTreeMap::new();
        for (_, rank) in ranks(facts, tint) {
            let fresh = || LegendLine { tinted: rank.tinted(), meaning: rank.meaning(), count: 0 };
            lines.entry(rank).or_insert_with(fresh).count += 1;
        }
        lines.into_values().collect()
    }

    /// Why nothing is tinted, if nothing is.
    pub fn tints_nothing_because(&self, tint: &Tint) -> &'static str {
        match tint {
            // That nobody gets in is no comfort where there is nothing yet.
            _ if self.model.components().is_empty() => "Nothing is drawn yet. What you draw is tinted here.",
            Tint::Exposure => "Nothing is reached from the internet.",
            Tint::PersonalData if self.model.assets().is_empty() => {
                "No data is described yet. Say in the inspector what a store keeps."
            }
            Tint::PersonalData => "No data is said to be personal.",
            Tint::Asset(_) => "Nobody keeps or uses it.",
        }
    }
}

/// What a tint marks, by element.
pub(super) fn tinted(editor: &Editor, tint: &Tint) -> BTreeMap<Id, Tinted> {
    let mut ranks = ranks(editor.facts(), tint);
    let mut hidden: BTreeMap<Id, Rank> = BTreeMap::new();
    for (id, rank) in &ranks {
        if let Some(outer) = editor.stand_in(id) {
            let gravest = hidden.entry(outer).or_insert(*rank);
            *gravest = (*gravest).min(*rank);
        }
    }
    ranks.extend(hidden);
    ranks.into_iter().map(|(id, rank)| (id, rank.tinted())).collect()
}

/// All that a tint would mark.
pub(super) fn ranked(facts: &Facts, tint: &Tint) -> BTreeSet<Id> {
    ranks(facts, tint).into_keys().collect()
}

/// How an element stands in what it is tinted by, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A port of it arrives after so many compromises, or requests are handed on to it there; `is_open` if that is not
    /// sure.
    Reached {
        hop: u32,
        is_served: bool,
        is_open: bool,
    },
    Keeps,
    Uses,
    Passes,
    /// It is on a flow of it, and nobody says what for.
    Has,
    Carries,
}

/// From so many compromises on, one more makes no difference to see.
const FAR: u32 = 3;

impl Rank {
    fn tinted(self) -> Tinted {
        let data = Ink::Family(FamilyInk::Data);
        let (ink, sign) = match self {
            Self::Reached { hop, is_served, is_open } => {
                let ink = match (hop, is_served) {
                    (0, false) => Ink::Critical,
                    (0, true) => Ink::High,
                    (1, _) => Ink::Medium,
                    _ => Ink::Low,
                };
                let more = if hop == FAR { "+" } else { "" };
                let served = if is_served { "›" } else { "" };
                (ink, format!("{hop}{more}{served}{}", if is_open { UNSURE } else { "" }))
            }
            Self::Keeps => (data, "keeps".to_owned()),
            Self::Uses => (data, "uses".to_owned()),
            Self::Passes => (data, "passes on".to_owned()),
            Self::Has => (data, "has".to_owned()),
            Self::Carries => (data, String::new()),
        };
        let is_strong =
            !matches!(self, Self::Uses | Self::Passes | Self::Has | Self::Reached { is_open: true, .. });
        Tinted { ink, is_strong, sign }
    }

    fn meaning(self) -> String {
        match self {
            Self::Reached { hop, is_served, is_open } => {
                let after = match hop {
                    0 => "at once".to_owned(),
                    1 => "after one compromise".to_owned(),
                    FAR => format!("after {FAR} compromises or more"),
                    _ => format!("after {hop} compromises"),
                };
                let how = if is_served { "Gets requests handed on," } else { "Reached" };
                let unsure = if is_open { ", perhaps" } else { "" };
                format!("{how} {after}{unsure}")
            }
            Self::Keeps => "Keeps it".to_owned(),
            Self::Uses => "Uses it".to_owned(),
            Self::Passes => "Passes it on".to_owned(),
            Self::Has => "Has it on a flow".to_owned(),
            Self::Carries => "Flows that carry it".to_owned(),
        }
    }
}

fn ranks(facts: &Facts, tint: &Tint) -> BTreeMap<Id, Rank> {
    match tint {
        Tint::Exposure => {
            let components = facts.topology.components();
            components.filter_map(|(ix, it)| Some((it.id.clone(), reached(facts, ix)?))).collect()
        }
        Tint::PersonalData => {
            let assets = facts.data.assets().filter(|it| it.2.personal.is == Truth::Yes);
            traced(facts, assets.map(|it| it.0))
        }
        Tint::Asset(id) => traced(facts, facts.data.find_asset(id).into_iter()),
    }
}

/// The nearest that an attacker from the internet gets to a component.
fn reached(facts: &Facts, component: ComponentIx) -> Option<Rank> {
    let rank = |hop: u32, is_served, is_open| Rank::Reached { hop: hop.min(FAR), is_served, is_open };
    let exposed = facts.reach.exposed_of(component).iter().map(|it| rank(it.hop, false, it.question));
    let served = facts.reach.served_of(component).iter().map(|it| rank(it.hop, true, it.question));
    exposed.chain(served).min()
}

fn traced(facts: &Facts, assets: impl Iterator<Item = AssetIx>) -> BTreeMap<Id, Rank> {
    let traces = facts.traces();
    let mut ranks: BTreeMap<Id, Rank> = BTreeMap::new();
    let mut put = |id: &Id, rank: Rank| {
        let known = ranks.entry(id.clone()).or_insert(rank);
        *known = rank.min(*known);
    };
    for asset in assets {
        let trace = traces.trace(asset);
        let kept: BTreeSet<ComponentIx> = trace.kept.iter().copied().collect();
        let used: BTreeSet<ComponentIx> = trace.used.iter().copied().collect();
        let passed: BTreeSet<ComponentIx> = trace.passed.iter().copied().collect();
        for component in &trace.visited {
            let rank = match component {
                it if kept.contains(it) => Rank::Keeps,
                it if used.contains(it) => Rank::Uses,
                it if passed.contains(it) => Rank::Passes,
                _ => Rank::Has,
            };
            put(&facts.topology.component(*component).id, rank);
        }
        for flow in &trace.flows {
            put(&facts.topology.flow(*flow).id, Rank::Carries);
        }
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::formats::text;

    fn signs(sketch: &str, tint: &Tint) -> String {
        let editor = Editor::with(text::read(sketch).unwrap(), Surroundings::fixed());
        let tinted = tinted(&editor, tint);
        let legend: usize = editor.legend(tint).iter().map(|it| it.count).sum();
        assert_eq!(legend, tinted.len(), "the legend tells of all");
        let signs = tinted.iter().map(|(id, it)| format!("{id} {}", it.sign));
        signs.collect::<Vec<_>>().join(", ")
    }

    const SHOP: &str = "net \"Internet\": internet; net -> web: https; web -> db: postgres; web: web-server
        db: postgres [stores people]; asset people: confidential [personal yes]; asset prices: public";

    #[test]
    fn what_is_reached_is_tinted_by_its_distance() {
        assert_eq!(signs(SHOP, &Tint::Exposure), "db 1, web 0");
        let behind = "net: internet; lb: load-balancer; net -> lb: https; lb -> web: https
            boundary in: subnet-tier { web: web-server }";
        assert_eq!(signs(behind, &Tint::Exposure), "lb 0, web 0?");
        assert_eq!(signs("web: web-server; db: postgres; web -> db", &Tint::Exposure), "");
    }

    #[test]
    fn an_empty_drawing_is_not_said_to_be_out_of_reach() {
        let because = |sketch: &str| {
            let editor = Editor::with(text::read(sketch).unwrap(), Surroundings::fixed());
            editor.tints_nothing_because(&Tint::Exposure)
        };
        assert_eq!(because("web: web-server"), "Nothing is reached from the internet.");
        assert!(because("").starts_with("Nothing is drawn yet."));
    }

    #[test]
    fn what_has_to_do_with_personal_data_is_tinted() {
        let all = signs(SHOP, &Tint::PersonalData);
        assert!(all.contains("db keeps"), "{all}");
        assert_eq!(signs(SHOP, &Tint::Asset(Id::slug("people"))), all);
        assert_eq!(signs(SHOP, &Tint::Asset(Id::slug("prices"))), "");
        let moved = format!("{SHOP}; web -> mail: https [carries people]; mail: third-party");
        assert_eq!(signs(&moved, &Tint::PersonalData), "db keeps, mail has, web has, web-mail ");
    }

    #[test]
    fn a_tint_is_switched_on_and_off_and_marks_the_canvas() {
        let mut editor = Editor::with(text::read(SHOP).unwrap(), Surroundings::fixed());
        assert_eq!(editor.marks().tints, None);
        assert!(editor.run("view.exposure"));
        assert_eq!(editor.marks().tints.map(|it| it.len()), Some(2));
        assert!(editor.run("view.personal-data"));
        assert_eq!(editor.shown.tint, Some(Tint::PersonalData));
        assert!(editor.run("view.personal-data"));
        assert_eq!(editor.marks().tints, None);
        assert!(!editor.marks().badges.is_empty());
        assert!(editor.run("view.badges"));
        assert!(editor.marks().badges.is_empty());
    }
}
