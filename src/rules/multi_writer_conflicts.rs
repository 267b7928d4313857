//! `multi-writer-conflicts`: stores of which several copies take writes.

use super::cases::Case;
use super::{
    Evidence, Exposure, Finding, Fix, Impact, Out, Subject, answer, impact, loads, rule, words, worth,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Access, Family, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Replicated stores of which two copies or more are written to, by flows or by what each copies to the other, and
    /// of which somebody has said that it is not settled which write holds when both change the same. Where nobody has
    /// said, it asks, once for a store of named assets. A replica that only takes over after a loss is no second writer.
    ///
    /// ## Why it matters
    /// Two copies that are changed at once cannot both be right. If the later one silently wins, an order is lost, a
    /// balance is spent twice, or a right that was taken away comes back.
    ///
    /// ## Example
    /// `asset orders: confidential; a: postgres [stores orders; conflict-resolution no]; b: postgres [stores orders; conflict-resolution no]; a -> b [replicate]; b -> a [replicate]; web -> a, b [write]`
    ///
    /// ## How to fix it
    /// Let one copy take all writes of a record, or all writes. Else settle it for each sort of data: values that merge,
    /// versions that are compared, somebody who decides. Never let the clock decide about money and rights.
    ///
    /// ## References
    /// * CWE-362, Concurrent execution using a shared resource with improper synchronisation
    /// * NIST SP 800-53, SI-10; Kleppmann, *Designing Data-Intensive Applications*, chapter 5, Handling write conflicts
    "multi-writer-conflicts", "Several copies take writes",
    kind: Asks, on: Component, reads: [Pools, Assets], answers: ["conflict-resolution"], stride: [Tampering, Availability], cwe: [362],
    check: check, fixes: fixes,
}

const CONTROL: &str = "conflict-resolution";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    let writers = writers(facts, component);
    let truth = facts.topology.component(component).control(CONTROL);
    let same: Vec<ComponentIx> = writers
        .iter()
        .copied()
        .filter(|it| facts.topology.component(*it).control(CONTROL) == truth)
        .collect();
    // The first of them speaks for all.
    if writers.len() < 2 || same.first() != Some(&component) {
        return;
    }
    let ids = loads::ids(facts, &same);
    let mut assets: Vec<AssetIx> = writers.iter().flat_map(|it| facts.data.kept(*it)).copied().collect();
    assets.sort_unstable();
    assets.dedup();
    if assets.is_empty() {
        return;
    }
    let (_, worth) = worth(facts, &assets);
    // What is lost by it is lost in part.
    let (impact, exposure) = (impact(facts, &assets).min(Impact::Serious), Exposure::Guarded);
    let names = words::names(facts, writers.iter().copied());
    let evidence = Evidence::set(loads::ids(facts, &writers));
    let because = match truth {
        Truth::No => format!("two writes of {worth} at once leave two truths"),
        _ => format!("writes of {worth} go to {} copies", writers.len()),
    };
    Case {
        control: CONTROL,
        subjects: ids,
        truth,
        impact,
        exposure,
        question: format!("Is it settled which write holds when {names} are changed at once?"),
        message: format!("Nothing settles conflicts between writes to {names}"),
        because,
        place: words::place(facts, component),
        evidence,
        facts: loads::ids(facts, &writers).iter().map(|it| format!("{it} takes writes")).collect(),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let about: Vec<Unknown> = finding.subjects.iter().map(unknown).collect();
    let names = words::titles(facts, &finding.subjects);
    vec![Fix {
        label: format!("Settle which write to {names} holds"),
        edit: answer(facts, &about, Truth::Yes),
    }]
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

/// The copies of its store that are written to while all are up; in order.
fn writers(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let (topology, pools) = (&facts.topology, &facts.pools);
    let Some(store) = pools.store_of(component).filter(|_| topology.component(component).is(Family::Data))
    else {
        return Vec::new();
    };
    let members = &pools.store(store).members;
    let is_member = |it: ComponentIx| pools.store_of(it) == Some(store);
    let is_written = |it: &ComponentIx| {
        let flows = topology.component(*it).into.iter().map(|it| topology.flow(*it)).filter(|it| !it.reply);
        let writes = |access| matches!(access, Access::Write | Access::ReadWrite | Access::Publish);
        flows.into_iter().any(|it| writes(it.access) && !is_member(it.from))
    };
    let copies_to = |it: &ComponentIx| -> Vec<ComponentIx> {
        let flows = topology.component(*it).out.iter().map(|it| topology.flow(*it));
        flows.filter(|it| it.access == Access::Replicate && !it.reply).map(|it| it.to).collect()
    };
    let is_mutual =
        |it: &ComponentIx| copies_to(it).iter().any(|to| is_member(*to) && copies_to(to).contains(it));
    let takes_writes = |it: &&ComponentIx| pools.store(store).writers.contains(it);
    members.iter().filter(takes_writes).filter(|it| is_written(it) || is_mutual(it)).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn pair(said: &str, flows: &str) -> String {
        format!(
            "asset orders \"Orders\": confidential; a \"East\": postgres [stores orders; {said}]
             b \"West\": postgres [stores orders; {said}]; {flows}"
        )
    }

    const BOTH: &str = "a -> b [replicate]; b -> a [replicate]; web -> a, b [write]";

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let no = pair("conflict-resolution no", BOTH);
        fires(
            &RULE,
            &no,
            "medium multi-writer-conflicts:a+b — Nothing settles conflicts between writes to East and West (East)",
        );
        assert_eq!(offered(&RULE, &no), "Settle which write to East and West holds");
        assert_eq!(mended(&RULE, &no, 0), "");
        silent(&RULE, &pair("conflict-resolution yes", BOTH));
        silent(&RULE, &pair("conflict-resolution na", BOTH));
        let unknown = pair("conflict-resolution unknown", BOTH);
        asks(
            &RULE,
            &unknown,
            "? a.controls.conflict-resolution — \
            Is it settled which write holds when East and West are changed at once?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
    }

    #[test]
    fn one_that_only_takes_over_is_no_second_writer() {
        silent(
            &RULE,
            &pair("takes-over yes; conflict-resolution no", "a -> b [replicate]; web -> a [write]"),
        );
        silent(&RULE, &pair("conflict-resolution no", "a -> b [replicate]; web -> a, b [write]"));
        silent(&RULE, &pair("conflict-resolution no", "web -> a, b [write]"));
        let copy_each_other = pair("conflict-resolution no", "a -> b [replicate]; b -> a [replicate]");
        assert_eq!(mended(&RULE, &copy_each_other, 0), "");
    }
}
