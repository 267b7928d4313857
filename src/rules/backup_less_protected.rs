//! `backup-less-protected`: backups of sensitive assets that are easier to get at than what they are copies of.

use super::keeping::{asset_names, brings, flows_of, id, ids, keep_out, once, other};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, nearness, rule, sensitive,
    severity, words, worth,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx, Moves, Unknown};
use crate::model::{Access, Capability, Draft, Family, Flow, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Backup stores that hold sensitive assets of a store and are protected less than it: not encrypted at rest where
    /// it is or was not said to be, without a login where it has one, or fewer compromises away from the internet.
    /// A flow that copies from a store to a backup store brings all that is kept there, unless it says what it carries.
    /// Where nobody has said whether the backup is encrypted, and its source is, it asks. What is said of a backup
    /// that names its own assets and is in clear, and of ports that the internet reaches, is told by
    /// sensitive-data-at-rest-clear and exposed-port, not twice.
    ///
    /// ## Why it matters
    /// A backup is the whole store in one piece. Whoever finds an open bucket or a forgotten dump needs neither the
    /// login nor the rights of the application, and nobody notices.
    ///
    /// ## Example
    /// `db: postgres [stores people; encryption-at-rest yes]; db -> dump: https [write]; dump: backup-store [encryption-at-rest no]; asset people: confidential`
    ///
    /// ## How to fix it
    /// Encrypt a backup before it leaves the store, with a key that is kept apart from it. Keep it as far from the
    /// internet as the store, behind a login of its own, and delete it when its time is over.
    ///
    /// ## References
    /// * CWE-530, Exposure of backup file to an unauthorised control sphere; CWE-311, Missing encryption
    /// * OWASP ASVS 4.0, V8.1.6; NIST SP 800-53, CP-9(8), Cryptographic protection
    "backup-less-protected", "Backup less protected than source",
    kind: Asks, on: Component, reads: [Structure, Assets, Reach], answers: ["authentication", "encryption-at-rest"], stride: [InformationDisclosure], cwe: [311, 530],
    check: check, fixes: fixes,
}

const ENCRYPTED: &str = "encryption-at-rest";
const LOGIN: &str = "authentication";

/// What is worse at the backup: the details of its findings.
const IN_CLEAR: &str = "in-clear";
const NO_LOGIN: &str = "no-login";
const NEARER: &str = "nearer";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(backup) = subject else { return };
    let node = facts.topology.component(backup);
    // The rule is about this kind.
    if node.kind.slug != "backup-store" {
        return;
    }
    let assets = held(facts, backup);
    let sources = sources(facts, backup, &assets);
    if sources.is_empty() {
        return;
    }
    let of_source =
        |control: &'static str| sources.iter().map(move |it| facts.topology.component(*it).control(control));
    let (exposure, near) = nearness(facts, backup);
    let (name, of) = (words::name(facts, backup), words::names(facts, sources.iter().copied()));
    let (impact, worth) = worth(facts, &assets);
    let evidence = || Evidence::set(ids(facts, &sources).into_iter().chain([id(facts, backup)]));
    let mut find = |detail: &str, message: String| {
        out.finding(Found {
            subjects: vec![id(facts, backup)],
            detail: detail.to_owned(),
            impact,
            exposure,
            because: format!("{worth} can be taken from {name}, a backup of {of}, and {near}"),
            message,
            place: words::place(facts, backup),
            evidence: evidence(),
            facts: sensitive::said(facts, &assets),
        });
    };
    if node.control(LOGIN) == Truth::No && of_source(LOGIN).any(|it| it == Truth::Yes) {
        find(NO_LOGIN, format!("A backup of {worth} can be had at {name} without the login of {of}"));
    }
    let nearest = sources.iter().map(|it| nearness(facts, *it).0).min().unwrap_or(Exposure::Deeper);
    if is_surely_reached(facts, backup) && exposure < nearest {
        find(NEARER, format!("A backup of {worth} in {name} is easier to reach than {of}"));
    }
    // What it is said to keep, the rule on all that is kept in clear tells.
    if sensitive::kept(facts, backup).next().is_some() || of_source(ENCRYPTED).all(|it| it == Truth::No) {
        return;
    }
    match node.control(ENCRYPTED) {
        Truth::No => find(IN_CLEAR, format!("A backup of {worth} lies in clear at {name}")),
        Truth::Unknown if of_source(ENCRYPTED).any(|it| it == Truth::Yes) => out.question(Asked {
            about: unknown(facts, backup, ENCRYPTED),
            stake: severity(facts, impact, exposure),
            text: format!("Is data at rest in {name} encrypted, as in {of}?"),
            why: format!("A backup of {worth} can be taken from there, and {near}."),
            choices: Vec::new(),
            evidence: evidence(),
        }),
        _ => {}
    }
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let backup = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some(backup) = backup else { return Vec::new() };
    let (name, assets) = (words::name(facts, backup), held(facts, backup));
    let yes = |control: &'static str| answer(facts, &[unknown(facts, backup, control)], Truth::Yes);
    match finding.detail.as_str() {
        IN_CLEAR => vec![Fix { label: format!("Encrypt {name} at rest"), edit: yes(ENCRYPTED) }],
        NO_LOGIN => vec![Fix { label: format!("Ask for a login at {name}"), edit: yes(LOGIN) }],
        _ => {
            let mut draft = Draft::of(facts.model());
            keep_out(facts, &mut draft, backup, &assets);
            // A flow of which nothing is left would say nothing of what it carries, and bring all.
            let is_bare = |it: &Id| draft.get::<Flow>(it).is_some_and(|it| it.carries.is_empty());
            let flows = flows_of(facts, backup).filter(|it| is_store(facts, other(facts, *it, backup)));
            let flows = flows.map(|it| facts.topology.flow(it).id.clone()).filter(is_bare).collect();
            draft.delete(&flows);
            let label = format!("Keep the backup of {} elsewhere", asset_names(facts, &assets));
            vec![Fix { label, edit: draft.finish() }]
        }
    }
}

/// The sensitive assets that it is said to keep or to handle, or that are copied there.
fn held(facts: &Facts, backup: ComponentIx) -> Vec<AssetIx> {
    let processes = &facts.topology.component(backup).record.processes;
    let said = processes.iter().filter_map(|it| facts.data.find_asset(it));
    let flows = || flows_of(facts, backup);
    let brought = flows().flat_map(|it| brings(facts, it, backup)).copied();
    let copied = flows().flat_map(|it| copied(facts, it, backup)).copied();
    let all = said.chain(sensitive::kept(facts, backup)).chain(brought).chain(copied);
    once(all.filter(|it| sensitive::is_sensitive(facts.data.asset(*it))))
}

/// All that a store keeps, if a flow moves it from there and does not say what it carries.
fn copied(facts: &Facts, flow: FlowIx, backup: ComponentIx) -> &[AssetIx] {
    let (edge, source) = (facts.topology.flow(flow), other(facts, flow, backup));
    let moves = Moves::of(edge);
    let arrives = if edge.to == backup { moves.to_target } else { moves.to_source };
    let is_said = !edge.record.carries.is_empty() || edge.access == Access::Admin;
    if arrives && is_store(facts, source) && !is_said { facts.data.kept(source) } else { &[] }
}

fn is_store(facts: &Facts, component: ComponentIx) -> bool {
    facts.topology.component(component).is(Family::Data)
}

/// The stores of ours of which it holds a backup.
fn sources(facts: &Facts, backup: ComponentIx, assets: &[AssetIx]) -> Vec<ComponentIx> {
    let kept = assets.iter().flat_map(|it| &facts.traces().trace(*it).kept).copied();
    let is_source = |it: &ComponentIx| {
        let node = facts.topology.component(*it);
        node.is(Family::Data) && !node.can(Capability::Cache) && *it != backup
    };
    once(kept.filter(is_source))
}

/// Whether that it is reached rests on no unknown, and is not told as an open port.
fn is_surely_reached(facts: &Facts, backup: ComponentIx) -> bool {
    let exposed = facts.reach.exposed_of(backup);
    let is_open = exposed.iter().any(|it| it.hop == 0);
    !is_open
        && (exposed.iter().any(|it| !it.question)
            || facts.reach.served_of(backup).iter().any(|it| !it.question))
}

fn unknown(facts: &Facts, backup: ComponentIx, control: &str) -> Unknown {
    Unknown::new(&id(facts, backup), format!("controls.{control}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn shop(db: &str, dump: &str, way: &str) -> String {
        format!(
            "asset people \"People\": confidential; asset goods: public
             db \"Orders\": postgres [stores people, goods{db}]; dump \"Dump\": backup-store {dump}; {way}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let copied = "db -> dump: https [write]";
        fires(
            &RULE,
            &shop("; encryption-at-rest", "[encryption-at-rest no]", copied),
            "medium backup-less-protected:dump:in-clear — A backup of People (confidential) lies in clear at Dump (Dump)",
        );
        silent(&RULE, &shop("; encryption-at-rest", "[encryption-at-rest]", copied));
        silent(&RULE, &shop("; encryption-at-rest no", "[encryption-at-rest no]", copied));
        silent(&RULE, &shop("", "", copied));
        silent(&RULE, &shop("; encryption-at-rest", "", "db -> dump [write; carries goods]"));
        let unknown = shop("; encryption-at-rest", "", copied);
        asks(
            &RULE,
            &unknown,
            "? dump.controls.encryption-at-rest — Is data at rest in Dump encrypted, as in Orders?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn what_a_backup_is_said_to_keep_is_told_elsewhere() {
        silent(&RULE, &shop("; encryption-at-rest", "[stores people; encryption-at-rest no]", ""));
    }

    #[test]
    fn a_login_and_a_distance_are_compared() {
        let open = shop("; authentication", "[stores people; authentication no]", "");
        let told = "medium backup-less-protected:dump:no-login — A backup of People (confidential) can be had at Dump without the login of Orders (Dump)";
        fires(&RULE, &open, told);
        assert_eq!(mended(&RULE, &open, 0), "");
        let far = "user -> web -> app -> db: https; web -> dump: https [read]; db -> dump: https [write]";
        let near = shop("", "", far);
        fires(
            &RULE,
            &near,
            "high backup-less-protected:dump:nearer — A backup of People (confidential) in Dump is easier to reach than Orders (Dump)",
        );
        assert_eq!(offered(&RULE, &near), "Keep the backup of People elsewhere");
        assert_eq!(mended(&RULE, &near, 0), "");
        silent(&RULE, &shop("", "", &far.replace("web -> dump", "app -> dump")));
    }

    #[test]
    fn the_fix_is_an_answer() {
        let text = shop("; encryption-at-rest", "[encryption-at-rest no]", "dump -> db [read]");
        assert_eq!(offered(&RULE, &text), "Encrypt Dump at rest");
        assert_eq!(mended(&RULE, &text, 0), "");
    }
}
