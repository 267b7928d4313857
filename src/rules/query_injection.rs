//! `query-injection`: outside input that becomes part of a query's text.

use std::collections::{BTreeMap, BTreeSet};

use super::bundles::alternatives;
use super::entries::{Entry, Said, entries, holds};
use super::outside::{control, is_open, together};
use super::{Finding, Fix, Impact, Out, Subject, rule, sensitive, words, worth};
use crate::analysis::{Arrival, ComponentIx, Facts, Onward};
use crate::model::{Capability, Family, Id, Ids, Protocol, Truth};

rule! {
    /// ## What it finds
    /// APIs that outsiders call, and components that take outside input, from which that goes on to a store that is
    /// asked in a language of queries (SQL, NoSQL, search, LDAP), and of which somebody has said that values are not
    /// handed over as parameters. Where nobody has said, it asks: once a store, of all components together that offer
    /// such APIs or, where none is drawn, take the input, if the store keeps more than public data. Whoever asks the
    /// store and is known to use parameters is left out.
    ///
    /// ## Why it matters
    /// Text that becomes part of a query changes what is asked. One field of a form then reads, alters or deletes the
    /// whole store, with all rights of the service that asks.
    ///
    /// ## Example
    /// `user -> web -> db: postgres; web [parameterised-queries no]; db [stores orders]; asset orders: internal`
    ///
    /// ## How to fix it
    /// Hand values over as parameters, or through a mapper that does; take names of columns and orders of sorting from a
    /// fixed list; give the service no more rights in the store than it needs.
    ///
    /// ## References
    /// * CWE-89, SQL injection; CWE-943, Improper neutralization in data query logic; CWE-90, LDAP injection
    /// * CAPEC-66; ATT&CK T1190; OWASP ASVS 4.0, V5.3; NIST SP 800-53, SI-10
    "query-injection", "Input in the text of a query",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "parameterised-queries"],
    stride: [Tampering, InformationDisclosure], cwe: [89, 943, 90],
    check: check, fixes: fixes,
}

const CONTROL: &str = "parameterised-queries";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let all = entries(facts, CONTROL);
    if all.is_empty() {
        return;
    }
    let stores: Vec<bool> = facts.topology.components().map(|(c, _)| is_asked_in_queries(facts, c)).collect();
    let has_apis = with_apis(facts);
    // The dearest store that it leads to speaks for all.
    let of_stores = (0..).map(ComponentIx).zip(&stores).filter(|it| *it.1);
    let there: BTreeSet<Impact> = of_stores.map(|(it, _)| worth(facts, facts.data.kept(it)).0).collect();
    let levels = there.into_iter().rev().map(|level| {
        let counts = |it: ComponentIx| stores[it.at()] && worth(facts, facts.data.kept(it)).0 >= level;
        let askers = Onward::askers(&facts.topology, counts);
        let asks = |it: ComponentIx, how| {
            let is_safe = !is_open(control(facts, it, CONTROL));
            let works = facts.topology.component(it).is(Family::Compute) && !is_safe;
            how == Arrival::Request && works && askers.from(it).is_some()
        };
        // What an API behind answers for is no matter of the components before it.
        let plain = facts.inputs().toward(|it, how| asks(it, how) && !has_apis[it.at()]);
        (facts.inputs().toward(asks), plain, askers)
    });
    let levels: Vec<_> = levels.collect();
    // Whatever is unknown of one store is one question: by the first of its copies.
    let mut asked: BTreeMap<ComponentIx, Vec<(Entry, Vec<ComponentIx>)>> = BTreeMap::new();
    for entry in all {
        let found = levels.iter().find_map(|(any, plain, askers)| {
            let onward = if entry.api.is_some() || entry.truth == Truth::No { any } else { plain };
            let on = onward.from(entry.component?)?;
            let tail = askers.from(*on.last()?)?;
            Some([entry.way.clone(), on, tail].concat())
        });
        let Some(mut way) = found else { continue };
        way.dedup();
        let Some(store) = way.last().copied() else { continue };
        if entry.truth == Truth::No {
            entry.say(facts, CONTROL, said(facts, &entry.name, &entry.who, way, store), out);
        } else if is_at_stake(facts, &entry, store) {
            let first = together(facts, store, |_| true).first().copied().unwrap_or(store);
            asked.entry(first).or_default().push((entry, way));
        }
    }
    for group in asked.into_values() {
        ask(facts, group, out);
    }
}

/// What takes no value puts none into a query; a component is asked only for data that is worth something.
fn is_at_stake(facts: &Facts, entry: &Entry, store: ComponentIx) -> bool {
    match entry.api {
        Some(_) => !entry.arguments(facts).is_empty(),
        None => worth(facts, facts.data.kept(store)).0 > Impact::Slight,
    }
}

/// Asks of all components together that hand values to one store: how queries are made is a habit, not a choice of
/// each API.
fn ask(facts: &Facts, mut group: Vec<(Entry, Vec<ComponentIx>)>, out: &mut Out<'_>) {
    group.sort_by_key(|(it, _)| it.exposure);
    let mut subjects: Vec<Id> = Vec::new();
    for (entry, _) in &group {
        let of_component = entry.component.filter(|_| entry.api.is_some());
        let ids = of_component.map(|it| vec![facts.topology.component(it).id.clone()]);
        subjects.extend(ids.unwrap_or_else(|| entry.subjects.clone()));
    }
    subjects.sort();
    subjects.dedup();
    let Some((mut entry, way)) = group.into_iter().next() else { return };
    let Some(store) = way.last().copied() else { return };
    entry.name = words::titles(facts, &subjects);
    entry.subjects = subjects;
    entry.say(facts, CONTROL, said(facts, &entry.name, &entry.who, way, store), out);
}

fn said(facts: &Facts, name: &str, who: &str, way: Vec<ComponentIx>, store: ComponentIx) -> Said {
    let kept = facts.data.kept(store);
    let (impact, worth) = worth(facts, kept);
    let store_name = words::name(facts, store);
    let mut remembered = sensitive::said(facts, kept);
    remembered.push(format!("queries to {}", facts.topology.component(store).id));
    Said {
        impact,
        // How one of several that hold the same is asked is how all are.
        question: format!(
            "Do values from requests to {name} reach {} only as parameters of a query?",
            words::names(facts, alternatives(facts, store))
        ),
        message: format!("Input to {name} becomes part of queries to {store_name}"),
        because: format!("{worth} can be taken from {store_name}, and {who}"),
        way,
        facts: remembered,
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Use parameters in all queries for")]
}

/// Whether requests to it are texts in a language of queries: by its kind, or by what is spoken to it.
fn is_asked_in_queries(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    if node.can(Capability::NotOurs) || !(node.is(Family::Data) || node.is(Family::Trust)) {
        return false;
    }
    let usual = node.kind.listeners.first().and_then(|it| Protocol::find(&it.protocol));
    let into = || node.into.iter().map(|it| facts.topology.flow(*it));
    usual.is_some_and(|it| it.queries) || into().any(|it| it.protocol.is_some_and(|it| it.queries))
}

/// By component: whether it offers APIs.
fn with_apis(facts: &Facts) -> Vec<bool> {
    let mut has = vec![false; facts.topology.component_count()];
    for component in facts.data.apis().iter().filter_map(|it| it.component) {
        has[component.at()] = true;
    }
    has
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, only, silent, told};

    /// A shop whose web server has these properties.
    fn shop(web: &str) -> String {
        format!(
            "asset orders \"Orders\": confidential; user -> lb -> web -> db: postgres; web \"Web\" {web}
             db \"Order store\": postgres [stores orders]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("[parameterised-queries no]"),
            "critical query-injection:web — Input to Web becomes part of queries to Order store (Web)",
        );
        silent(&RULE, &shop("[parameterised-queries yes]"));
        asks(
            &RULE,
            &shop(""),
            "? web.controls.parameterised-queries — Do values from requests to Web reach Order store only as parameters of a query?",
        );
        assert_eq!(answered(&RULE, &shop(""), "Yes"), "");
        assert_eq!(mended(&RULE, &shop("[parameterised-queries no]"), 0), "");
    }

    #[test]
    fn it_asks_only_where_data_was_named_and_where_queries_go() {
        silent(&RULE, "user -> web -> db: postgres");
        silent(&RULE, "asset a: secret; user -> web -> files; files: object-store [stores a]");
        silent(&RULE, "asset a: secret; job -> web -> db: postgres; db [stores a]");
        let ldap = "asset a: secret; user -> web -> idp: ldap; idp [stores a]";
        let asked = "? web.controls.parameterised-queries — Do values from requests to web reach idp only as parameters of a query?";
        asks(&RULE, ldap, asked);
        silent(&RULE, &ldap.replace("ldap", "https"));
    }

    #[test]
    fn the_one_who_takes_the_input_is_asked_and_the_one_who_asks_the_store_may_answer() {
        let text = |orders: &str| {
            format!(
                "asset a: secret; user -> web -> orders -> lb -> db: postgres; db: postgres [stores a]; orders {orders}"
            )
        };
        let asked = "? web.controls.parameterised-queries — Do values from requests to web reach db only as parameters of a query?";
        asks(&RULE, &text(""), asked);
        silent(&RULE, &text("[parameterised-queries yes]"));
        let found = told(&RULE, &text("[parameterised-queries no]"));
        assert!(found.starts_with("critical query-injection:orders — "), "{found}");
    }

    #[test]
    fn what_leads_to_one_store_is_one_question() {
        let text = "asset a: internal; asset p: public; user -> web -> db: postgres; user -> calls -> copy: postgres [read]
             db: postgres [stores a]; copy: postgres [stores a]; db -> copy [replicate]; user -> news -> feed: postgres
             feed: postgres [stores p]; api fetch [component calls; parameters x]";
        asks(
            &RULE,
            text,
            "? calls.controls.parameterised-queries — Do values from requests to calls and web reach copy only as parameters of a query?",
        );
        assert_eq!(answered(&RULE, text, "Yes"), "");
        assert_eq!(answered(&RULE, text, "No").lines().count(), 2);
    }

    #[test]
    fn where_apis_are_drawn_their_component_is_asked_and_each_may_answer() {
        let text = |said: &str| {
            format!(
                "{}; api pay \"pay\" [component web; parameters card{said}]; api ping [component web]",
                shop("")
            )
        };
        let asked = "? web.controls.parameterised-queries — Do values from requests to Web reach Order store only as parameters of a query?";
        asks(&RULE, &text(""), asked);
        assert_eq!(answered(&RULE, &text(""), "Yes"), "");
        silent(&RULE, &text("; parameterised-queries yes"));
        let finding = only(&RULE, &text("; parameterised-queries no; authentication yes"));
        assert_eq!((finding.key.as_str(), &*finding.place.to_string()), ("query-injection:pay", "pay · Web"));
        assert_eq!(
            finding.because,
            "Orders (confidential) can be taken from Order store, and whoever may call pay can send it: grave impact, high."
        );
    }
}
