//! `write-bound-primary`: stores whose only primary is nearly filled by writes.

use super::{Exposure, Finding, Fix, Found, Impact, Out, Subject, loads, rule, words};
use crate::analysis::{Facts, TIGHT, is_over};
use crate::model::{Component, Draft, Figure, Ids};

rule! {
    /// ## What it finds
    /// Stores of which one copy takes all writes, where the writes of the stated demand alone use more than 70 % of the
    /// capacity that is stated of it.
    ///
    /// ## Why it matters
    /// More replicas do not help: each of them has to take every write as well. Nor do several primaries that copy each
    /// other. When writes outgrow one machine, the data has to be divided, and that takes months to prepare.
    ///
    /// ## Example
    /// `user [requests-per-second 900; read-share 0]; user -> web -> db: postgres; db [capacity 1000]`
    ///
    /// ## How to fix it
    /// Take writes away first: collect them in a queue and write many at once, drop indexes that nobody reads, keep
    /// counters and sessions elsewhere. Then divide: by feature, or by a key that spreads evenly.
    ///
    /// ## References
    /// * CWE-400, Uncontrolled resource consumption
    /// * Kleppmann, *Designing Data-Intensive Applications*, chapter 6, Partitioning; NIST SP 800-53, CP-2(2)
    "write-bound-primary", "One primary is full of writes",
    kind: Structure, on: Component, reads: [Structure, Pools, Load], answers: [],
    stride: [Availability, DenialOfService], cwe: [400],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let (Subject::Component(component), Some(load)) = (subject, facts.load()) else { return };
    let found = loads::write_bound(facts, load, component).filter(|it| it.0 == component);
    let Some((primary, used)) = found else { return };
    let (name, id) = (words::name(facts, primary), facts.topology.component(primary).id.clone());
    let writes = load.of_component(primary).writes;
    let is_full = load.utilisation(primary).is_some_and(is_over);
    let (impact, because) = if is_full {
        (Impact::Serious, "the load is too high, and a replica takes off no writes")
    } else {
        (Impact::Slight, "the load is near the limit, and a replica takes off no writes")
    };
    out.finding(Found {
        subjects: vec![id.clone()],
        detail: String::new(),
        impact,
        exposure: Exposure::Open,
        because: because.to_owned(),
        message: format!(
            "{name} alone must take {} writes/s, {} of the {} that are possible",
            loads::number(writes),
            loads::percent(used),
            loads::number(load.capacity(primary).unwrap_or_default())
        ),
        place: words::place(facts, primary),
        evidence: loads::way(facts, load, primary),
        facts: vec![format!("{id}: {} writes/s", loads::number(writes)), loads::fact(facts, load, primary)],
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let Some(id) = finding.subjects.first() else { return Vec::new() };
    let component = facts.topology.find_component(id);
    let found = component.zip(facts.load()).and_then(|(it, load)| loads::write_bound(facts, load, it));
    let Some((primary, used)) = found else { return Vec::new() };
    let name = words::name(facts, primary);
    let parts = (used / TIGHT).ceil().clamp(2.0, f64::from(u32::MAX)) as u32;
    let mut draft = Draft::of(facts.model());
    draft.edit::<Component>(id, |it| it.replicas = Some(parts));
    let divide = Fix { label: format!("Divide {name} into {parts} partitions"), edit: draft.finish() };
    let needed = facts.load().map_or(0.0, |it| it.of_component(primary).writes) / TIGHT;
    let needed = (needed * 1.000_001).ceil();
    let mut draft = Draft::of(facts.model());
    draft.edit::<Component>(id, |it| it.capacity = Figure::new(needed));
    let larger =
        Fix { label: format!("Let {name} serve {}", loads::per_second(needed)), edit: draft.finish() };
    vec![divide, larger]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{fires, mended, offered, silent};

    fn shop(share: f64, db: &str) -> String {
        format!(
            "user [requests-per-second 900; read-share {share}]; user -> web -> db; db \"Orders\": postgres [{db}]"
        )
    }

    #[test]
    fn what_fires_and_what_does_not() {
        fires(
            &RULE,
            &shop(0.0, "capacity 1000"),
            "medium write-bound-primary:db — Orders alone must take 900 writes/s, 90 % of the 1,000 that are possible (Orders)",
        );
        fires(
            &RULE,
            &shop(0.0, "capacity 500"),
            "high write-bound-primary:db — Orders alone must take 900 writes/s, 180 % of the 500 that are possible (Orders)",
        );
        // It is full, but not of writes.
        silent(&RULE, &shop(0.9, "capacity 900"));
        silent(&RULE, &shop(0.0, ""));
        silent(&RULE, &shop(0.0, "capacity 900; replicas 2"));
        // Only stores are told here.
        silent(
            &RULE,
            "user [requests-per-second 900; read-share 0]; user -> web; web: web-server [capacity 1000]",
        );
    }

    #[test]
    fn copies_take_no_writes_off_it() {
        let text =
            format!("{}; copy: postgres [capacity 1000]; db -> copy [replicate]", shop(0.0, "capacity 1000"));
        let expected = "medium write-bound-primary:db — Orders alone must take 900 writes/s, 90 % of the 1,000 that are possible (Orders)";
        fires(&RULE, &text, expected);
        silent(&RULE, &format!("{text}; copy -> db [replicate]"));
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop(0.0, "capacity 500");
        assert_eq!(
            offered(&RULE, &text),
            "Divide Orders into 3 partitions\nLet Orders serve 1,286 requests/s"
        );
        for n in 0..2 {
            assert_eq!(mended(&RULE, &text, n), "", "fix {n}");
        }
    }
}
