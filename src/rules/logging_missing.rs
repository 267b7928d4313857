//! `logging-missing`: entries and stores of sensitive data of which nothing is recorded elsewhere.

use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, alike, answer, nearness, rule, sensitive,
    severity, watching, words, worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts};
use crate::model::{Capability, Family, Ids, Truth};

rule! {
    /// ## What it finds
    /// Own components that requests from the internet reach first and that handle sensitive assets, and stores of such,
    /// of which somebody has said that nothing is logged in another place, and which no flow joins to logging. Where
    /// nobody has said, it asks, once for all of them. An answer at a boundary around them counts.
    ///
    /// ## Why it matters
    /// Without records nobody notices an attack, and afterwards nobody can say what was taken, from whom, and by which
    /// way; the law often demands just that within days.
    ///
    /// ## Example
    /// `user -> web: https [carries accounts]; asset accounts: confidential; web [logging no]`
    ///
    /// ## How to fix it
    /// Send logins, refusals, errors, changes and reads of sensitive data to a place that those who are watched cannot
    /// write over, without the data itself, and let somebody look at them.
    ///
    /// ## References
    /// * CWE-778, Insufficient logging; ATT&CK T1070, Indicator removal
    /// * OWASP Top 10 2021, A09; OWASP ASVS 4.0, V7.1 and V7.2; NIST SP 800-53, AU-2, AU-4 and AU-12
    "logging-missing", "Nothing is logged",
    kind: Asks, on: Whole, reads: [Structure, Pools, Reach, Assets], answers: ["logging"], stride: [Repudiation], cwe: [778],
    check: check, fixes: fixes,
}

const CONTROL: &str = "logging";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let (mut silent, mut unsaid) = (Vec::new(), Vec::new());
    let all = facts.topology.components().map(|it| it.0).filter(|it| matters(facts, *it));
    for members in alike::groups(facts, all).into_values() {
        // One that logs tells of its alternatives and copies, too.
        if members.iter().any(|it| watching::is_watched(facts, *it, CONTROL)) {
            continue;
        }
        for member in members {
            match alike::control(facts, member, CONTROL) {
                Truth::Unknown => unsaid.push(member),
                Truth::No => silent.push(member),
                Truth::Yes | Truth::NotApplicable => {}
            }
        }
    }
    ask(facts, &unsaid, out);
    let Some(first) = silent.first() else { return };
    let (names, (impact, exposure, because)) =
        (words::names(facts, silent.iter().copied()), stake(facts, &silent));
    out.finding(Found {
        subjects: alike::ids(facts, &silent),
        detail: String::new(),
        impact,
        exposure,
        because,
        message: format!("Nothing records what happens at {names}"),
        place: words::place(facts, *first),
        evidence: alike::evidence(facts, &silent),
        facts: sensitive::said(facts, &assets(facts, &silent)),
    });
}

fn ask(facts: &Facts, unsaid: &[ComponentIx], out: &mut Out<'_>) {
    let ids = alike::ids(facts, unsaid);
    let about = alike::unknowns(&ids, CONTROL);
    let Some(first) = about.first().cloned() else { return };
    let (names, (impact, exposure, because)) =
        (words::names(facts, unsaid.iter().copied()), stake(facts, unsaid));
    out.question(Asked {
        about: first,
        stake: severity(facts, impact, exposure),
        text: format!("Are logins, refusals, errors and changes at {names} logged in another place?"),
        why: format!("{}.", words::capital(&because)),
        choices: yes_or_no(&about),
        evidence: Evidence::set(ids),
    });
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let find = |it| facts.topology.find_component(it);
    let members: Vec<ComponentIx> = finding.subjects.iter().filter_map(find).collect();
    let about = alike::unknowns(&finding.subjects, CONTROL);
    let label = format!("Log what happens at {} elsewhere", words::titles(facts, &finding.subjects));
    let settled = Fix { label, edit: answer(facts, &about, Truth::Yes) };
    vec![watching::drawn(facts, CONTROL, &members, ids), settled]
}

/// Whether it keeps sensitive assets, or handles such and is the first to answer the internet.
fn matters(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let is_first = || {
        let exposed = facts.reach.exposed_of(component).iter().any(|it| it.hop == 0);
        let answers = node.is(Family::Compute) || node.is(Family::Trust) || node.can(Capability::HandsOn);
        exposed && answers && sensitive::handled(facts, component).next().is_some()
    };
    // What a cache or a queue passes on is told where it is kept.
    let keeps = || {
        (node.is(Family::Data) && !node.can(Capability::Cache) || node.is(Family::Trust))
            && sensitive::kept(facts, component).next().is_some()
    };
    !node.can(Capability::NotOurs) && (keeps() || is_first())
}

fn assets(facts: &Facts, members: &[ComponentIx]) -> Vec<AssetIx> {
    let mut assets: Vec<AssetIx> = members.iter().flat_map(|it| sensitive::handled(facts, *it)).collect();
    assets.sort_unstable();
    assets.dedup();
    assets
}

/// Missing records open no door: they hide for how long one stood open.
fn stake(facts: &Facts, members: &[ComponentIx]) -> (super::Impact, Exposure, String) {
    let (impact, worth) = worth(facts, &assets(facts, members));
    let nearest = members.iter().map(|it| nearness(facts, *it).0).min().unwrap_or(Exposure::Deeper);
    let names = words::names(facts, members.iter().copied());
    let impact = impact.min(super::Impact::Serious);
    (
        impact,
        nearest.max(Exposure::Guarded),
        format!("{worth} can be taken from {names}, and nobody could say by whom"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    /// A shop in which the web server and the store say this.
    fn shop(web: &str, db: &str) -> String {
        format!(
            "asset cards \"Cards\": secret; user -> web: https [carries cards]; web -> db: postgres
             web \"Web\" [{web}]; db \"Orders\": postgres [stores cards; {db}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("logging no", "logging yes"),
            "medium logging-missing:web — Nothing records what happens at Web (Web)",
        );
        silent(&RULE, &shop("logging yes", "logging yes"));
        asks(
            &RULE,
            &shop("", ""),
            "? db.controls.logging — Are logins, refusals, errors and changes at Orders and Web logged in another place?",
        );
        assert_eq!(answered(&RULE, &shop("", ""), "Yes"), "");
        assert_eq!(
            answered(&RULE, &shop("", ""), "No"),
            "medium logging-missing:db+web — Nothing records what happens at Orders and Web (Orders)"
        );
    }

    #[test]
    fn a_flow_or_an_answer_around_it_will_do() {
        silent(&RULE, &format!("{}; web, db -> logs: syslog-tls; logs: logging", shop("logging no", "")));
        silent(&RULE, "asset a: secret; boundary net: network [logging yes] { db: postgres [stores a] }");
    }

    #[test]
    fn only_sensitive_data_counts() {
        silent(&RULE, "user -> web: https [carries a]; asset a: public; web [logging no]");
        silent(&RULE, "user -> web: https; web [logging no]");
    }

    #[test]
    fn each_fix_mends_it() {
        let text = shop("logging no", "logging no");
        assert_eq!(
            offered(&RULE, &text),
            "Add logging for Orders and Web\nLog what happens at Orders and Web elsewhere"
        );
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        let drawn = format!("{text}; other -> logs: fluent-forward; logs \"Logs\": fluentd");
        assert!(offered(&RULE, &drawn).starts_with("Connect Orders and Web to Logs\n"));
        assert_eq!(mended(&RULE, &drawn, 0), "");
    }
}
