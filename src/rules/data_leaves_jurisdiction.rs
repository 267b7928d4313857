//! `data-leaves-jurisdiction`: personal assets that cross from one region or organisation into another.

use std::collections::BTreeMap;

use super::keeping::{asset_names, brings, flow_ids, id, is_ours, once, unload};
use super::{Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, rule, sensitive, words, worth};
use crate::analysis::{AssetIx, BoundaryIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Class, Draft, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Flows between components of yours that bring personal assets, public ones left out, from one region into
    /// another, or into an organisation in which the sender does not stand, unless a contract covers them. A flow that
    /// copies a store and does not say what it carries brings all that is kept there. One finding for each two places.
    /// What goes to a third party is told by sensitive-data-to-third-party.
    ///
    /// ## Why it matters
    /// Which law holds for data depends on where it is and who holds it. Many laws let personal data leave only to
    /// places where it is protected as well, or under a contract; fines go by the turnover of the whole firm.
    ///
    /// ## Example
    /// `boundary eu "Frankfurt": region { db: postgres [stores people] }; boundary us "Virginia": region { copy: postgres }; db -> copy [replicate]; asset people "People": confidential [personal yes]`
    ///
    /// ## How to fix it
    /// Keep the data of people in the region where they live, and copy elsewhere only what names nobody. If both
    /// places stand under one law, or a contract covers the transfer, give the answer on the flow.
    ///
    /// ## References
    /// * GDPR, articles 44 to 46, Transfers of personal data to third countries
    /// * NIST SP 800-53, SA-9(5), Processing, storage, and service location
    /// * OWASP ASVS 4.0, V8.3
    "data-leaves-jurisdiction", "Personal data leaves jurisdiction",
    kind: Structure, on: Whole, reads: [Structure, Assets], answers: ["data-agreement"], stride: [Privacy], cwe: [],
    check: check, fixes: fixes,
}

const CONTROL: &str = "data-agreement";

/// What goes from one place to another, in the order of their ids; either way.
#[derive(Default)]
struct Crossing {
    flows: Vec<FlowIx>,
    assets: Vec<AssetIx>,
    /// From the first place to the second, and back.
    there: bool,
    back: bool,
}

/// Two places; `None` is what stands in no organisation.
type Between = (Option<BoundaryIx>, Option<BoundaryIx>);

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for ((a, b), crossing) in crossings(facts) {
        let subjects = subjects(facts, (a, b));
        let (impact, worth) = worth(facts, &crossing.assets);
        let title = |it: BoundaryIx| facts.topology.boundary(it).record.title().to_owned();
        let way = match (a.map(title), b.map(title)) {
            (Some(a), Some(b)) if crossing.there && crossing.back => format!("moves between {a} and {b}"),
            (Some(a), Some(b)) if crossing.there => format!("leaves {a} for {b}"),
            (Some(a), Some(b)) => format!("leaves {b} for {a}"),
            (Some(one), None) | (None, Some(one)) => format!("goes to {one}"),
            (None, None) => continue,
        };
        let record = |it: &FlowIx| &facts.topology.flow(*it).record;
        let is_refused = crossing.flows.iter().any(|it| record(it).controls.truth(CONTROL) == Truth::No);
        // No attacker is needed, but both places may stand under one law.
        let (exposure, said) = if is_refused {
            (Exposure::OneHop, "no contract covers it")
        } else {
            (Exposure::Deeper, "nobody has said that a contract covers it")
        };
        let place = words::flows(facts, &crossing.flows);
        let ends = once(crossing.flows.iter().flat_map(|it| {
            let flow = facts.topology.flow(*it);
            [flow.from, flow.to]
        }));
        let also = ends.iter().map(|it| id(facts, *it)).chain(flow_ids(facts, &crossing.flows));
        out.finding(Found {
            evidence: Evidence::set(subjects.iter().cloned().chain(also)),
            subjects,
            detail: String::new(),
            impact,
            exposure,
            because: format!("personal data, {worth}, {way}, and {said}"),
            message: format!("Personal data {way}: {worth}"),
            place,
            facts: sensitive::said(facts, &crossing.assets),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let crossing = crossings(facts).into_iter().find(|it| subjects(facts, it.0) == finding.subjects);
    let Some((_, crossing)) = crossing else { return Vec::new() };
    let names = asset_names(facts, &crossing.assets);
    let mut draft = Draft::of(facts.model());
    crossing.flows.iter().for_each(|it| unload(facts, &mut draft, *it, &crossing.assets));
    let keep = Fix { label: format!("Keep {names} from crossing"), edit: draft.finish() };
    let unknown = |it: &Id| Unknown::new(it, format!("controls.{CONTROL}"));
    let unknowns: Vec<Unknown> = flow_ids(facts, &crossing.flows).iter().map(unknown).collect();
    let edit = answer(facts, &unknowns, Truth::Yes);
    vec![keep, Fix { label: format!("Cover the transfer of {names} by a contract"), edit }]
}

/// All that crosses and no contract covers, by the two places.
fn crossings(facts: &Facts) -> BTreeMap<Between, Crossing> {
    let mut crossings: BTreeMap<Between, Crossing> = BTreeMap::new();
    if facts.topology.boundary_count() == 0 || facts.data.assets().len() == 0 {
        return crossings;
    }
    let places = Places::of(facts);
    for (ix, flow) in facts.topology.flows() {
        let is_covered = matches!(flow.record.controls.truth(CONTROL), Truth::Yes | Truth::NotApplicable);
        if is_covered || !is_ours(facts, flow.from) || !is_ours(facts, flow.to) {
            continue;
        }
        for (from, to) in [(flow.from, flow.to), (flow.to, flow.from)] {
            let assets = brings(facts, ix, to).iter().copied().filter(|it| is_personal(facts, *it));
            let assets: Vec<AssetIx> = assets.collect();
            let Some((a, b)) = (!assets.is_empty()).then(|| places.between(facts, from, to)).flatten() else {
                continue;
            };
            let crossing = crossings.entry((a.min(b), a.max(b))).or_default();
            *(if a <= b { &mut crossing.there } else { &mut crossing.back }) = true;
            crossing.flows.push(ix);
            crossing.assets.extend(assets);
        }
    }
    for crossing in crossings.values_mut() {
        crossing.flows = once(std::mem::take(&mut crossing.flows));
        crossing.assets = once(std::mem::take(&mut crossing.assets));
    }
    crossings
}

fn subjects(facts: &Facts, (a, b): Between) -> Vec<Id> {
    once([a, b].into_iter().flatten().map(|it| facts.topology.boundary(it).id.clone()))
}

fn is_personal(facts: &Facts, asset: AssetIx) -> bool {
    let asset = facts.data.asset(asset);
    asset.personal.is_yes() && asset.class != Class::Public
}

/// Regions and organisations: the rule is about these two kinds. Those of one kind and name are one.
struct Places {
    /// By boundary: the first of its kind and name, if it is a region or an organisation.
    first: Vec<Option<(BoundaryIx, bool)>>,
}

impl Places {
    fn of(facts: &Facts) -> Self {
        let mut known: BTreeMap<(bool, &str), BoundaryIx> = BTreeMap::new();
        let first = facts.topology.boundaries().map(|(ix, node)| {
            let is_region = match node.kind.slug.as_str() {
                "region" => true,
                "organisation" => false,
                _ => return None,
            };
            let name = node.record.name.trim();
            let first = if name.is_empty() { ix } else { *known.entry((is_region, name)).or_insert(ix) };
            Some((first, is_region))
        });
        Self { first: first.collect() }
    }

    /// The innermost region, or organisation, around a component.
    fn around(&self, facts: &Facts, component: ComponentIx, is_region: bool) -> Option<BoundaryIx> {
        let outward = facts.topology.outward(facts.topology.component(component).within);
        let mut places = outward.filter_map(|it| self.first.get(it.at()).copied().flatten());
        places.find(|it| it.1 == is_region).map(|it| it.0)
    }

    /// From which place to which something goes, if from one region into another, or into an organisation.
    fn between(&self, facts: &Facts, from: ComponentIx, to: ComponentIx) -> Option<Between> {
        let [a, b] = [from, to].map(|it| self.around(facts, it, true));
        // Of what stands in no region, nobody has said where it is.
        if let (Some(a), Some(b)) = (a, b)
            && a != b
        {
            return Some((Some(a), Some(b)));
        }
        let [a, b] = [from, to].map(|it| self.around(facts, it, false));
        (b.is_some() && a != b).then_some((a, b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, mended_facts, offered, only, silent};

    fn two(flow: &str) -> String {
        format!(
            "asset people \"People\": confidential [personal yes]; asset goods: confidential
             boundary eu \"Frankfurt\": region {{ db \"Orders\": postgres [stores people, goods] }}
             boundary us \"Virginia\": region {{ copy \"Copy\": postgres; web }}; job; {flow}"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &two("db -> copy: postgres [replicate]"),
            "medium data-leaves-jurisdiction:eu+us — Personal data leaves Frankfurt for Virginia: People (confidential) (Orders → Copy · 5432)",
        );
        silent(&RULE, &two("db -> copy [replicate; data-agreement yes]"));
        silent(&RULE, &two("db -> copy [replicate; carries goods]"));
        silent(&RULE, &two("copy -> web [read; carries people]"));
        silent(&RULE, &two("job -> copy [carries people]"));
        silent(
            &RULE,
            &two(
                "user -> db [carries people]; boundary eu2 \"Frankfurt\": region { b }; b -> db [carries people]",
            ),
        );
    }

    #[test]
    fn two_places_are_one_finding_whichever_way() {
        let text = two(
            "web -> db: postgres [read-write; carries people; data-agreement no]; db -> copy [replicate]",
        );
        let finding = only(&RULE, &text);
        assert_eq!(
            finding.message,
            "Personal data moves between Frankfurt and Virginia: People (confidential)"
        );
        assert_eq!(finding.severity, crate::model::Severity::High);
        let read = only(&RULE, &two("web -> db: postgres [read; carries people]"));
        assert_eq!(read.message, "Personal data leaves Frankfurt for Virginia: People (confidential)");
    }

    #[test]
    fn an_organisation_is_entered() {
        let ours = |flow: &str| {
            format!(
                "asset people \"People\": internal [personal yes]; boundary us \"We\": organisation {{ web; db }}
                 boundary host \"Hoster\": organisation {{ store: postgres; mail: third-party-service }}; {flow}"
            )
        };
        fires(
            &RULE,
            &ours("web -> store: postgres [write; carries people]"),
            "low data-leaves-jurisdiction:host+us — Personal data leaves We for Hoster: People (internal) (web → store · 5432)",
        );
        silent(
            &RULE,
            &ours(
                "web -> mail [write; carries people]; web -> db [carries people]; user -> web [carries people]",
            ),
        );
    }

    #[test]
    fn every_fix_mends_it() {
        let text = two("db -> copy: postgres [replicate]");
        let expected = "Keep People from crossing\nCover the transfer of People by a contract";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([0, 1].map(|it| mended(&RULE, &text, it)), ["", ""]);
        // What may leave is still copied.
        assert_eq!(mended_facts(&RULE, &text, 0).model().flows().len(), 1);
    }
}
