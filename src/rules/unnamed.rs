//! Unnamed data: stores of which nothing says what they keep, which is the first thing to know of a drawing.

use std::collections::{BTreeMap, BTreeSet};

use super::{Asked, Choice, Evidence, Exposure, Impact, Out, Says, alike, loads, nearness, partitioned};
use super::{severity, words};
use crate::analysis::{Arrival, ComponentIx, Facts, Unknown};
use crate::model::{Answer, Asset, Class, Component, Draft, Id, Ids};

/// What a store may keep: the button, what the new data is called, its class, whether it is personal, and whether it
/// opens something.
const CHOICES: [(&str, &str, Class, bool, bool); 5] = [
    ("Personal data", "Personal data", Class::Confidential, true, false),
    ("Passwords or keys", "Passwords or keys", Class::Secret, false, true),
    ("Payment data", "Payment data", Class::Secret, true, false),
    ("Business data", "Business data", Class::Internal, false, false),
    ("Nothing sensitive", "Public data", Class::Public, false, false),
];

/// So many of the kinds of data that are known, and that nothing keeps yet, are offered.
const KNOWN: usize = 3;

/// Asks once for each store, all copies and all partitions of it together. While nothing is known of any data, each
/// store that is in use matters; then only those to which requests from outside lead.
pub(super) fn ask(facts: &Facts, out: &mut Out<'_>) {
    let is_bare = facts.data.assets().len() == 0;
    // A dataset says it, whatever is in it.
    let described: BTreeSet<ComponentIx> = facts.data.datasets().iter().filter_map(|it| it.store).collect();
    let is_said = |it: &ComponentIx| !facts.data.kept(*it).is_empty() || described.contains(it);
    for members in families(facts) {
        let is_used = members.iter().any(|it| uses(facts, *it) > 0);
        if !is_used || members.iter().any(is_said) {
            continue;
        }
        let mut ways = members.iter().map(|it| facts.inputs().way(*it, Arrival::Request));
        let way = ways.find(|it| !it.is_empty());
        if is_bare || way.is_some() {
            ask_of(facts, &members, &way.unwrap_or_default(), out);
        }
    }
}

fn ask_of(facts: &Facts, members: &[ComponentIx], way: &[ComponentIx], out: &mut Out<'_>) {
    let ids = alike::ids(facts, members);
    let Some(first) = ids.first() else { return };
    let names = words::names(facts, members.iter().copied());
    let own = members.iter().map(|it| nearness(facts, *it).0).min().unwrap_or(Exposure::Deeper);
    // What requests lead to is lost with the service that makes queries of them; and as long as nobody says what that
    // is, it may be the worst.
    let exposure = if way.is_empty() { own } else { own.min(Exposure::OneHop) };
    let stake = severity(facts, Impact::Grave, exposure);
    let about = Unknown::new(first, "stores");
    let why = match way.first() {
        Some(start) => format!(
            "Requests of {} lead there, and how well all on the way must be protected follows from it.",
            words::name(facts, *start)
        ),
        None => {
            "How well it must be protected follows from it, and nothing is known of any data yet.".to_owned()
        }
    };
    let mut evidence = Evidence::way(facts, way.iter().copied());
    evidence.also.clone_from(&ids);
    out.question(Asked {
        about: about.clone(),
        stake,
        text: format!("Which data is kept in {names}?"),
        why,
        choices: choices(facts, &ids),
        evidence,
    });
    // Each that uses it handles what nobody has named.
    for _ in 0..members.iter().map(|it| uses(facts, *it)).sum() {
        out.counts(&about, stake);
    }
}

fn choices(facts: &Facts, stores: &[Id]) -> Vec<Choice> {
    let keep = |draft: &mut Draft<'_>, asset: &Id| {
        for store in stores {
            draft.edit::<Component>(store, |it| it.stores.push(asset.clone()));
        }
    };
    let mut choices: Vec<Choice> = Vec::new();
    // What is drawn elsewhere has to come from somewhere.
    let homeless = facts.data.assets().filter(|(it, _, _)| facts.data.keepers(*it).is_empty());
    for (_, id, _) in homeless.take(KNOWN) {
        let mut draft = Draft::of(facts.model());
        keep(&mut draft, id);
        choices.push(Choice { label: facts.title_of(id).into(), says: Says::Edit(draft.finish()) });
    }
    let Some(first) = stores.first() else { return choices };
    // Of ids and of data alone: after a rename, nothing is asked anew.
    let mut ids = Ids::from_text(&format!("{first}.stores"));
    let offered: BTreeSet<String> =
        choices.iter().map(|it| it.label.read(facts.model()).into_owned()).collect();
    for (label, what, class, personal, credential) in CHOICES.into_iter().filter(|it| !offered.contains(it.0))
    {
        let mut draft = Draft::of(facts.model());
        let answer = |is: bool| if is { Answer::yes() } else { Answer::no() };
        let asset = draft.mint(&mut ids, what);
        let (personal, credential) = (answer(personal), answer(credential));
        let is_known = |name: &String| facts.model().assets().values().any(|it| it.name == *name);
        let mut names = std::iter::once(what.to_owned()).chain((2..).map(|n| format!("{what} {n}")));
        let name = names.find(|it| !is_known(it)).unwrap_or_default();
        draft.put(asset.clone(), Asset { name, class, personal, credential, ..Asset::default() });
        keep(&mut draft, &asset);
        choices.push(Choice { label: label.into(), says: Says::Edit(draft.finish()) });
    }
    choices
}

/// Stores of ours, those that belong together at once: with them all that copy each other, all of a pool, all partitions.
pub(super) fn families(facts: &Facts) -> Vec<Vec<ComponentIx>> {
    let is_store = |it: &ComponentIx| {
        loads::is_store(facts, *it) && facts.topology.component(*it).kind.slug != partitioned::DIRECTORY
    };
    let stores = facts.topology.components().map(|it| it.0).filter(is_store);
    let mut families = alike::groups(facts, stores);
    for found in partitioned::all(facts) {
        let heads: Vec<ComponentIx> = found.shards.iter().map(|it| alike::first(facts, *it)).collect();
        let Some(first) = heads.iter().min().copied() else { continue };
        let members: Vec<ComponentIx> = heads.iter().filter_map(|it| families.remove(it)).flatten().collect();
        families.entry(first).or_default().extend(members);
    }
    let mut families: BTreeMap<ComponentIx, Vec<ComponentIx>> = families;
    // Those that others use come before their copies.
    families.values_mut().for_each(|it| it.sort_by_key(|it| (uses(facts, *it) == 0, *it)));
    families.into_values().filter(|it| !it.is_empty()).collect()
}

/// How many flows there are by which others use it.
fn uses(facts: &Facts, store: ComponentIx) -> usize {
    let into = facts.topology.component(store).into.iter().map(|it| facts.topology.flow(*it));
    into.filter(|it| !it.reply && it.access != crate::model::Access::Replicate).count()
}

#[cfg(test)]
mod tests {
    use crate::rules::run_only;
    use crate::rules::testing::{answered, asks, facts, silent};
    use crate::rules::unclassified_data::RULE;

    const SHOP: &str = "user -> web: https; web -> db: postgres; db \"Orders\": postgres";

    #[test]
    fn a_store_is_asked_about_until_something_says_what_it_keeps() {
        asks(&RULE, SHOP, "? db.stores — Which data is kept in Orders?");
        let labels =
            ["Personal data", "Passwords or keys", "Payment data", "Business data", "Nothing sensitive"];
        for label in labels {
            // What is worth protecting is followed on its way.
            let next = match label {
                "Business data" | "Nothing sensitive" => String::new(),
                what => format!("? db.carries — Who on the way to Orders can read {what}?"),
            };
            assert_eq!(answered(&RULE, SHOP, label), next, "{label}");
        }
        silent(&RULE, &format!("{SHOP}; web -> db: postgres [carries a]; asset a: internal"));
        silent(&RULE, &format!("{SHOP}; dataset orders [store db; columns id]"));
        silent(&RULE, "db: postgres; user -> web: https");
        silent(&RULE, "user -> web: https; web -> c: redis; web -> q: amqps; c: cache; q: message-queue");
    }

    #[test]
    fn where_data_is_known_only_what_requests_lead_to_is_asked_about() {
        let text = format!("{SHOP}; asset a \"Bills\": internal; job -> dump: postgres; dump: postgres");
        asks(&RULE, &text, "? db.stores — Which data is kept in Orders?");
        // What is drawn elsewhere may be kept here.
        assert_eq!(answered(&RULE, &text, "Bills"), "");
        let bare = text.replace("asset a \"Bills\": internal; ", "");
        asks(
            &RULE,
            &bare,
            "? db.stores — Which data is kept in Orders?
             ? dump.stores — Which data is kept in dump?",
        );
    }

    #[test]
    fn copies_and_partitions_are_one_question() {
        let copies = format!("{SHOP}; db -> copy: postgres [replicate]; copy \"Copy\": postgres");
        asks(&RULE, &copies, "? db.stores — Which data is kept in Orders and Copy?");
        assert_eq!(answered(&RULE, &copies, "Business data"), "");
        let shards =
            "user -> web: https; web -> shard-1, shard-2: postgres; shard-1: postgres; shard-2: postgres";
        asks(&RULE, shards, "? shard-1.stores — Which data is kept in shard-1 and shard-2?");
        let pool = "user -> web: https; web -> a, b: https; a: object-store [pool files]; b: object-store [pool files]";
        asks(&RULE, pool, "? a.stores — Which data is kept in a and b?");
    }

    #[test]
    fn it_comes_before_what_follows_from_it() {
        let facts = facts(SHOP);
        let report = crate::rules::run(&facts);
        let of = |key: &str| report.questions.iter().position(|it| it.key == key);
        assert!(of("db.stores") < of("web.controls.rate-limiting"), "{:?}", of("db.stores"));
        assert!(run_only(&facts, &[&RULE]).question("db.stores").is_some_and(|it| it.weight > 3000));
    }
}
