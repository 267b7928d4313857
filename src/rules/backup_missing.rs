//! `backup-missing`: stores that keep the only copy of something, and no backup of it, or none that was ever tried.

use std::collections::{BTreeMap, BTreeSet};

use super::cases::known;
use super::copies::{Alone, alone};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Subject, answer, rule, severity, words,
    worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Access, Answer, Capability, Component, Draft, Edit, Family, Flow, Id, Ids, Style, Truth};

rule! {
    /// ## What it finds
    /// Stores that keep an asset which nothing else keeps, and of which somebody has said that they are not backed
    /// up; where nobody has said, it asks. Stores that copy each other are one, since they copy mistakes, too; caches
    /// are no copy. A drawn backup store is an answer. Of stores that are backed up it finds, or asks once for all
    /// of them, whether restoring was ever tried.
    ///
    /// ## Why it matters
    /// Replicas help against the loss of a machine. Against a wrong command, a faulty release or an extortionist who
    /// encrypts everything, only a backup helps that the store itself cannot overwrite, and only if it can be read.
    ///
    /// ## Example
    /// `user -> web -> db: postgres; db [stores orders; backups no]; asset orders "Orders": confidential`
    ///
    /// ## How to fix it
    /// Copy the data regularly to a place with an account of its own, keep several ages, encrypt them, and try once a
    /// year how long restoring takes. What can be made again from elsewhere needs none: answer that it does not apply.
    ///
    /// ## References
    /// * NIST SP 800-53, CP-9, System backup, CP-9(1), Testing for reliability and integrity, and CP-10
    /// * CIS Controls 8, control 11, Data recovery; MITRE ATT&CK M1053, Data backup
    "backup-missing", "No backup",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets], answers: ["backups", "restore-tested"], stride: [Availability, Tampering], cwe: [],
    check: check, fixes: fixes,
}

const BACKUPS: &str = "backups";
const RESTORE: &str = "restore-tested";

/// The kind of what this rule is about, and looks for.
const BACKUP_STORE: &str = "backup-store";

/// Stores that copy each other, or one alone, and the assets that they keep.
struct Kept {
    stores: Vec<ComponentIx>,
    assets: Vec<AssetIx>,
}

/// What there is to say of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum State {
    NobodySaid,
    NoBackup,
    NeverRestored,
    NobodySaidOfRestoring,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    // Partitions that keep the same are told together, as far as the same is to be said of them.
    let mut told: BTreeMap<(State, Sort<'_>, Vec<AssetIx>), Kept> = BTreeMap::new();
    for (sort, kept) in only_copies(facts) {
        let Some(state) = state(facts, &kept) else { continue };
        let assets = kept.assets.clone();
        let all = told.entry((state, sort, assets.clone())).or_insert(Kept { stores: Vec::new(), assets });
        all.stores.extend(kept.stores);
    }
    let mut untried: Vec<Kept> = Vec::new();
    for ((state, _, _), mut kept) in told {
        kept.stores.sort_unstable();
        match state {
            State::NobodySaid => ask_for_backups(facts, &kept, out),
            State::NoBackup => out.finding(no_backup(facts, &kept)),
            State::NeverRestored => out.finding(never_restored(facts, &kept)),
            State::NobodySaidOfRestoring => untried.push(kept),
        }
    }
    ask_for_restores(facts, &untried, out);
}

fn state(facts: &Facts, kept: &Kept) -> Option<State> {
    match (backups(facts, kept), said(facts, &kept.stores, RESTORE)) {
        (Truth::Unknown, _) => Some(State::NobodySaid),
        (Truth::No, _) => Some(State::NoBackup),
        (Truth::Yes, Truth::No) => Some(State::NeverRestored),
        (Truth::Yes, Truth::Unknown) => Some(State::NobodySaidOfRestoring),
        (Truth::NotApplicable, _) | (Truth::Yes, Truth::Yes | Truth::NotApplicable) => None,
    }
}

fn ask_for_backups(facts: &Facts, kept: &Kept, out: &mut Out<'_>) {
    let Some(first) = kept.stores.first() else { return };
    let (impact, worth) = worth(facts, &kept.assets);
    let about = abouts(facts, &kept.stores, BACKUPS);
    let names = words::names(facts, kept.stores.iter().copied());
    out.question(Asked {
        about: self::about(facts, *first, BACKUPS),
        stake: severity(facts, impact, Exposure::Guarded),
        text: format!("Is there a backup of {names} that cannot be overwritten from there?"),
        why: match alone(facts, &kept.stores, &kept.assets) {
            Alone::OnlyCopy => format!("The only copy of {worth} is kept there."),
            Alone::NowhereElse => format!("The only copies of {worth} are kept there."),
            Alone::Shared => format!("One mistake or one intruder is enough to lose {worth} there."),
        },
        choices: yes_or_no(&about),
        evidence: Evidence::set(ids(facts, &kept.stores)),
    });
}

/// One question for all: whoever restores one of them, tries the others, too.
fn ask_for_restores(facts: &Facts, untried: &[Kept], out: &mut Out<'_>) {
    // What everyone may read is not worth a question more.
    let worthy = untried.iter().filter(|it| worth(facts, &it.assets).0 > Impact::Slight);
    let data = |it: &&ComponentIx| facts.topology.component(**it).is(Family::Data);
    let stores: Vec<&Kept> = worthy.filter(|it| it.stores.iter().any(|it| data(&it))).collect();
    let mut all: Vec<ComponentIx> = stores.iter().flat_map(|it| &it.stores).filter(data).copied().collect();
    let mut assets: Vec<AssetIx> = stores.iter().flat_map(|it| &it.assets).copied().collect();
    assets.sort_unstable();
    assets.dedup();
    all.sort_unstable();
    let Some(first) = all.first() else { return };
    let (impact, worth) = worth(facts, &assets);
    out.question(Asked {
        about: about(facts, *first, RESTORE),
        stake: severity(facts, impact, Exposure::Deeper),
        text: format!(
            "Was restoring {} from a backup tried in the past year?",
            words::names(facts, all.iter().copied())
        ),
        why: format!(
            "{worth} would have to come back from it, and a backup that nobody has read is only a hope."
        ),
        choices: yes_or_no(&abouts(facts, &all, RESTORE)),
        evidence: Evidence::set(ids(facts, &all)),
    });
}

fn no_backup(facts: &Facts, kept: &Kept) -> Found {
    let (impact, worth) = worth(facts, &kept.assets);
    let names = words::names(facts, kept.stores.iter().copied());
    let (message, lost) = match alone(facts, &kept.stores, &kept.assets) {
        Alone::OnlyCopy => {
            (format!("The only copy of {worth} lies in {names}, without a backup"), "for good")
        }
        Alone::NowhereElse => {
            (format!("The only copies of {worth} lie in {names}, without a backup"), "for good")
        }
        Alone::Shared => (format!("No backup is made of {worth} in {names}"), "there"),
    };
    Found {
        subjects: ids(facts, &kept.stores),
        detail: String::new(),
        impact,
        // Nobody else is cut off: as of a loss of a part.
        exposure: Exposure::Guarded,
        because: format!("one mistake or one intruder in {names} is enough to lose {worth} {lost}"),
        message,
        place: kept.stores.first().map(|it| words::place(facts, *it)).unwrap_or_default(),
        evidence: Evidence::set(ids(facts, &kept.stores)),
        facts: said_of(facts, &kept.assets),
    }
}

fn never_restored(facts: &Facts, kept: &Kept) -> Found {
    let names = words::names(facts, kept.stores.iter().copied());
    let (impact, worth) = worth(facts, &kept.assets);
    Found {
        detail: "restore".to_owned(),
        // There is a backup, and most of them can be read.
        exposure: Exposure::Deeper,
        because: format!("it is known too late whether the backup of {names} brings back {worth}"),
        message: format!("Restoring {names} from a backup was never tried"),
        impact,
        ..no_backup(facts, kept)
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let subjects: Vec<ComponentIx> =
        finding.subjects.iter().filter_map(|it| facts.topology.find_component(it)).collect();
    let names = words::titles(facts, &finding.subjects);
    let all = |control| answer(facts, &abouts(facts, &subjects, control), Truth::Yes);
    if finding.detail == "restore" {
        return vec![Fix { label: format!("Try to restore {names} every year"), edit: all(RESTORE) }];
    }
    vec![
        Fix { label: format!("Add a backup store for {names}"), edit: backup_store(facts, &subjects, ids) },
        Fix { label: format!("Back up {names} to a place that is not drawn"), edit: all(BACKUPS) },
    ]
}

/// A backup store around the place of the first of them, to which that one writes.
fn backup_store(facts: &Facts, stores: &[ComponentIx], ids: &mut Ids) -> Edit {
    let mut draft = Draft::of(facts.model());
    for store in stores {
        let id = &facts.topology.component(*store).id;
        draft.edit::<Component>(id, |it| it.controls.set(BACKUPS, Answer::yes()));
    }
    let Some(first) = stores.first().copied() else { return draft.finish() };
    let node = facts.topology.component(first);
    let outer = node.within.and_then(|it| facts.topology.boundary(it).parent);
    let outer = outer.map(|it| facts.topology.boundary(it).id.clone());
    let mut record = Component {
        kind: BACKUP_STORE.to_owned(),
        name: format!("Backup of {}", node.record.title()),
        // Not in the very place whose loss it is for, if there is another.
        within: outer.or_else(|| facts.topology.place_of(first)),
        stores: known(facts, &node.record.stores),
        ..Component::default()
    };
    for control in ["encryption-at-rest", "authentication"] {
        record.controls.set(control, Answer::yes());
    }
    let backup = draft.mint(ids, &format!("{}-backup", node.id));
    draft.put(backup.clone(), record);
    // Of those that copy each other, one is enough.
    let sources: BTreeSet<ComponentIx> = stores.iter().map(|it| first_of(facts, *it)).collect();
    for source in sources.iter().map(|it| facts.topology.component(*it)) {
        let flow = Flow {
            protocol: "https".to_owned(),
            access: Access::Write,
            style: Style::Asynchronous,
            encrypted: Answer::yes(),
            authenticated: Answer::yes(),
            carries: known(facts, &source.record.stores),
            ..Flow::between(source.id.clone(), backup.clone())
        };
        let id = draft.mint(ids, "back-up");
        draft.put(id, flow);
    }
    draft.finish()
}

/// Kind and technology.
type Sort<'f> = (&'f str, &'f str);

/// The stores that keep something which nothing of another sort keeps; those of one sort that do not copy each other
/// keep different parts of it.
fn only_copies(facts: &Facts) -> Vec<(Sort<'_>, Kept)> {
    let topology = &facts.topology;
    let mut keepers: BTreeMap<AssetIx, BTreeSet<Sort<'_>>> = BTreeMap::new();
    let mut groups: BTreeMap<ComponentIx, (Sort<'_>, Kept)> = BTreeMap::new();
    for (component, node) in topology.components() {
        let is_copy = !node.can(Capability::Cache) && !node.technology.is_some_and(|it| it.volatile);
        let keeps = node.is(Family::Data) || node.is(Family::Trust) || node.is(Family::Outside);
        let assets = facts.data.kept(component);
        if !keeps || !is_copy || assets.is_empty() {
            continue;
        }
        let sort: Sort<'_> = (&node.kind.slug, node.technology.map_or("", |it| &it.slug));
        for asset in assets {
            keepers.entry(*asset).or_default().insert(sort);
        }
        if !node.can(Capability::NotOurs) {
            let new = || (sort, Kept { stores: Vec::new(), assets: Vec::new() });
            let (_, group) = groups.entry(first_of(facts, component)).or_insert_with(new);
            group.stores.push(component);
            group.assets.extend_from_slice(assets);
        }
    }
    let mut all: Vec<(Sort<'_>, Kept)> = groups.into_values().collect();
    for (_, kept) in &mut all {
        kept.assets.retain(|it| keepers.get(it).is_some_and(|it| it.len() == 1));
        kept.assets.sort_unstable();
        kept.assets.dedup();
    }
    all.retain(|it| !it.1.assets.is_empty());
    all
}

/// The first of those that copy each other.
fn first_of(facts: &Facts, component: ComponentIx) -> ComponentIx {
    let store = facts.pools.store_of(component).and_then(|it| facts.pools.store(it).members.first());
    store.copied().unwrap_or(component)
}

/// A backup of one of them is one of all; so is a backup store that is drawn.
fn backups(facts: &Facts, kept: &Kept) -> Truth {
    let topology = &facts.topology;
    let is_drawn = kept.stores.iter().any(|it| {
        let node = topology.component(*it);
        let others = node.out.iter().map(|it| topology.flow(*it).to);
        let mut others = others.chain(node.into.iter().map(|it| topology.flow(*it).from));
        others.any(|it| topology.component(it).record.kind == BACKUP_STORE)
    });
    if is_drawn { Truth::Yes } else { said(facts, &kept.stores, BACKUPS) }
}

/// What was said of one of them holds for all, the good before the bad.
fn said(facts: &Facts, stores: &[ComponentIx], control: &str) -> Truth {
    let said = |it: &ComponentIx| facts.topology.component(*it).control(control);
    let is_said = |truth: &Truth| stores.iter().any(|it| said(it) == *truth);
    [Truth::Yes, Truth::NotApplicable, Truth::No].into_iter().find(is_said).unwrap_or_default()
}

fn about(facts: &Facts, component: ComponentIx, control: &str) -> Unknown {
    Unknown::new(&facts.topology.component(component).id, format!("controls.{control}"))
}

fn abouts(facts: &Facts, components: &[ComponentIx], control: &str) -> Vec<Unknown> {
    components.iter().map(|it| about(facts, *it, control)).collect()
}

fn ids(facts: &Facts, components: &[ComponentIx]) -> Vec<Id> {
    components.iter().map(|it| facts.topology.component(*it).id.clone()).collect()
}

fn said_of(facts: &Facts, assets: &[AssetIx]) -> Vec<String> {
    assets.iter().map(|it| format!("keeps {}", facts.data.asset_id(*it))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only, only_question, silent};

    fn shop(store: &str) -> String {
        format!(
            "asset orders \"Orders\": confidential; asset prices \"Prices\": public
             user -> web -> db: postgres; db \"Store\": postgres [{store}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("stores orders; backups no"),
            "high backup-missing:db — The only copy of Orders (confidential) lies in Store, without a backup (Store)",
        );
        silent(&RULE, &shop("stores orders; backups yes; restore-tested yes"));
        silent(&RULE, &shop("stores orders; backups na"));
        silent(&RULE, &shop("backups no"));
        asks(
            &RULE,
            &shop("stores orders"),
            "? db.controls.backups — Is there a backup of Store that cannot be overwritten from there?",
        );
        assert_eq!(answered(&RULE, &shop("stores orders"), "Not applicable"), "");
        assert!(answered(&RULE, &shop("stores orders"), "No").starts_with("high backup-missing:db"));
    }

    #[test]
    fn a_copy_elsewhere_counts_and_a_replica_or_a_cache_does_not() {
        silent(
            &RULE,
            &shop("stores orders; backups no")
                .replace("user", "house: warehouse [stores orders; backups na]; user"),
        );
        let replica = format!(
            "{}; copy \"Copy\": postgres [stores orders]; db -> copy [replicate]",
            shop("stores orders")
        );
        asks(
            &RULE,
            &replica,
            "? copy.controls.backups — Is there a backup of Copy and Store that cannot be overwritten from there?",
        );
        assert!(answered(&RULE, &replica, "No").starts_with("high backup-missing:copy+db"));
        let cache = format!("{}; redis [stores orders]; web -> redis", shop("stores orders; backups no"));
        assert_eq!(only(&RULE, &cache).key, "backup-missing:db");
        silent(&RULE, "redis [stores orders]; asset orders: secret");
    }

    #[test]
    fn partitions_are_told_together_and_each_needs_a_backup() {
        let text = |second: &str| {
            format!(
                "{}; more \"More\": postgres [stores orders; {second}]",
                shop("stores orders; backups no")
            )
        };
        let both = text("backups no");
        assert_eq!(only(&RULE, &both).key, "backup-missing:db+more");
        let next = "? db.controls.restore-tested — Was restoring Store and More from a backup tried in the past year?";
        assert_eq!([mended(&RULE, &both, 0), mended(&RULE, &both, 1)], [next, next]);
        assert_eq!(only(&RULE, &text("backups yes; restore-tested yes")).key, "backup-missing:db");
    }

    #[test]
    fn a_copy_is_the_only_one_where_nothing_else_keeps_the_same() {
        let why = |text: &str| only_question(&RULE, text).why.to_string();
        let alone = shop("stores orders");
        assert_eq!(why(&alone), "The only copy of Orders (confidential) is kept there.");
        assert_eq!(
            why(&shop("stores orders; replicas 2")),
            "The only copies of Orders (confidential) are kept there."
        );
        let second = |more: &str| format!("{alone}; more \"More\": postgres [stores orders{more}]");
        assert_eq!(why(&second("")), "The only copies of Orders (confidential) are kept there.");
        // One that is backed up keeps it, too; so does a backup store, and so does one with more of it.
        let backed_up = second("; backups yes; restore-tested yes");
        assert_eq!(
            why(&backed_up),
            "One mistake or one intruder is enough to lose Orders (confidential) there."
        );
        let kept = format!("{alone}; vault: backup-store [stores orders]");
        assert_eq!(why(&kept), "One mistake or one intruder is enough to lose Orders (confidential) there.");
        let cached = format!("{alone}; redis [stores orders]; web -> redis");
        assert_eq!(why(&cached), "The only copy of Orders (confidential) is kept there.");

        let said = |text: &str| {
            let finding = only(&RULE, &text.replace("[stores orders]", "[stores orders; backups no]"));
            (finding.message.to_string(), finding.because.to_string())
        };
        assert_eq!(
            said(&second("")).0,
            "The only copies of Orders (confidential) lie in Store and More, without a backup"
        );
        let (message, because) = said(&backed_up);
        assert_eq!(message, "No backup is made of Orders (confidential) in Store");
        assert!(because.starts_with(
            "One mistake or one intruder in Store is enough to lose Orders (confidential) there: "
        ));
    }

    #[test]
    fn a_drawn_backup_store_is_an_answer() {
        let text = shop("stores orders; restore-tested yes");
        silent(&RULE, &format!("{text}; db -> backup: https; backup: backup-store"));
        silent(&RULE, &format!("{text}; backup -> db: postgres; backup: backup-store"));
    }

    #[test]
    fn restoring_is_asked_once_for_all_and_not_for_what_everyone_may_read() {
        let text = shop("stores orders; backups yes")
            .replace("user", "files: file-store [stores notes; backups yes]; asset notes; user");
        let asked = "? db.controls.restore-tested — Was restoring Store and files from a backup tried in the past year?";
        asks(&RULE, &text, asked);
        assert_eq!(answered(&RULE, &text, "Yes"), "");
        assert_eq!(
            only_question(&RULE, &text).why,
            "Orders (confidential) and 1 more would have to come back from it, and a backup that nobody has read is only a hope."
        );
        silent(&RULE, &shop("stores prices; backups yes"));
        let never = shop("stores orders; backups yes; restore-tested no");
        fires(
            &RULE,
            &never,
            "medium backup-missing:db:restore — Restoring Store from a backup was never tried (Store)",
        );
        assert_eq!(offered(&RULE, &never), "Try to restore Store every year");
        assert_eq!(mended(&RULE, &never, 0), "");
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("stores orders; backups no; restore-tested na");
        let expected = "Add a backup store for Store\nBack up Store to a place that is not drawn";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        assert_eq!(only(&RULE, &text).facts, ["keeps orders"]);
    }
}
