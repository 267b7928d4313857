//! `exposed-data-store`: databases, caches, files and queues that the internet reaches.

use super::exposures::{Speaker, flows_from_internet, open};
use super::shutting::{Between, Shutting};
use super::{Finding, Fix, Found, Out, Subject, rule, words};
use crate::analysis::Facts;
use crate::model::{Access, Component, DefaultListener, Ids, Kind, Ports};

rule! {
    /// ## What it finds
    /// Components that keep data or messages and that answer anybody on the internet, on whatever port, before anything
    /// was broken into. Only a store of nothing but public data whose listener is meant for the internet is left alone.
    /// Where it depends on a filter of which nobody has said what it lets in, it asks.
    ///
    /// ## Why it matters
    /// In front of a store stands the code that decides who may read what. Whoever reaches the store itself is past all
    /// of that: one stolen or missing password, one hole, and everything is read, changed or held to ransom. Databases
    /// that were opened by mistake are found within hours.
    ///
    /// ## Example
    /// `user -> web: https; web -> db: postgres; boundary tier: tier [ingress open] { db: postgres }`
    ///
    /// ## How to fix it
    /// Put it into a tier behind a filter that lets in only the components that use it. Whoever needs its data from
    /// outside asks a service that checks what they may see.
    ///
    /// ## References
    /// * CWE-668, Exposure of resource to wrong sphere; CWE-284, Improper access control
    /// * ATT&CK T1190, Exploit public-facing application; T1530, Data from cloud storage
    /// * NIST SP 800-53, SC-7 and AC-3
    "exposed-data-store", "Data store exposed to the internet",
    kind: Asks, on: Component, reads: [Structure, Reach, Assets], answers: ["authenticated", "authentication"],
    stride: [InformationDisclosure, Tampering, Privacy], cwe: [284, 668],
    check: check, fixes: fixes,
}

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    for open in open(facts, component, Speaker::DataStore) {
        if open.row.question {
            open.ask(facts, out, open.level(facts));
            continue;
        }
        let (impact, exposure, because) = open.stake(facts);
        let name = words::name(facts, component);
        out.finding(Found {
            subjects: vec![open.id(facts)],
            detail: open.ports.to_string(),
            impact,
            exposure,
            because,
            message: format!("The internet can reach {name} on {}", open.ports.numbers()),
            place: open.place(facts),
            evidence: open.evidence(facts),
            facts: open.facts(facts, impact),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let component = finding.subjects.first().and_then(|it| facts.topology.find_component(it));
    let Some((component, ports)) = component.zip(finding.detail.parse::<Ports>().ok()) else {
        return Vec::new();
    };
    let shutting = || Shutting::of(facts, component, ports.clone());
    let edge = shutting().fix_at_the_edge(ids);
    let tier =
        shutting().fix_by_moving(ids).filter(|it| edge.as_ref().is_none_or(|edge| edge.label != it.label));
    let is_drawn = flows_from_internet(facts, component, &ports).next().is_some();
    let service = service(facts.topology.component(component).record.title());
    let behind = is_drawn.then(|| shutting().fix_behind("Put a service in front", service, ids)).flatten();
    let mut fixes: Vec<Fix> =
        [edge, tier, behind, shutting().fix_by_closing()].into_iter().flatten().collect();
    if fixes.is_empty() {
        fixes.extend(shutting().fix_by_removing());
    }
    fixes
}

/// A service that answers for a store, on the port of what it speaks to the internet.
fn service(of: &str) -> Between {
    const KIND: &str = "web-server";
    let brings = Kind::of(KIND).listeners.first();
    let entry = |it: &DefaultListener| (it.protocol.clone(), it.port.clone());
    let component =
        Component { kind: KIND.to_owned(), name: format!("{of} service"), ..Component::default() };
    Between { component, entry: brings.map(entry).unwrap_or_default(), access: Access::ReadWrite }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, silent};

    /// A web server and a store beside it.
    fn shop(tier: &str, db: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; asset photos: public
             user \"Users\"; user -> web: https
             web -> db: postgres
             web \"Web\": web-server
             boundary tier \"Data tier\": subnet-tier [{tier}] {{ db \"Orders DB\": postgres [{db}] }}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("ingress open", "stores cards"),
            "critical exposed-data-store:db:tcp/5432 — The internet can reach Orders DB on 5432 (Orders DB · port 5432)",
        );
        silent(&RULE, &shop("ingress 5432 from web", "stores cards"));
        asks(&RULE, &shop("", "stores cards"), "? tier.ingress — What may enter Data tier, and from where?");
        asks(
            &RULE,
            &shop("ingress 22 from web, 5432 from unknown", "stores cards"),
            "? tier.ingress — From where may tcp/5432 enter Data tier?",
        );
    }

    #[test]
    fn the_level_is_that_of_what_it_keeps_and_of_its_login() {
        let level = |db: &str| {
            let told = crate::rules::testing::told(&RULE, &shop("ingress open", db));
            told.split(' ').next().unwrap_or_default().to_owned()
        };
        assert_eq!(level("stores cards; authentication yes"), "high");
        assert_eq!(level(""), "high");
        assert_eq!(level("authentication yes"), "medium");
        assert_eq!(level("stores photos"), "medium");
    }

    #[test]
    fn public_data_may_be_there_for_everybody() {
        silent(&RULE, &shop("ingress open", "stores photos; listens 5432 for anywhere"));
        fires(
            &RULE,
            &shop("ingress open", "stores cards; listens 5432 for anywhere"),
            "critical exposed-data-store:db:tcp/5432 — The internet can reach Orders DB on 5432 (Orders DB · port 5432)",
        );
        fires(
            &RULE,
            "user -> web: https; web -> queue [publish]; boundary tier [ingress open] { queue: rabbitmq [listens 5672] }",
            "high exposed-data-store:queue:tcp/5671 — The internet can reach queue on 5671 (queue · port 5671)
             high exposed-data-store:queue:tcp/5672 — The internet can reach queue on 5672 (queue · port 5672)",
        );
    }

    #[test]
    fn each_fix_mends_it() {
        let open = shop("ingress open", "stores cards");
        assert_eq!(
            offered(&RULE, &open),
            "Put a firewall before Data tier\nMove Orders DB into a filtered tier"
        );
        let drawn = "user -> db: postgres; web: web-server; web -> db: postgres; boundary dc: data-centre { db \"Orders\" }";
        assert_eq!(offered(&RULE, drawn), "Put a service in front and put a firewall before dc");
        let bare = "user -> db: postgres; job: worker; job -> db: postgres; db \"Orders\"";
        assert_eq!(offered(&RULE, bare), "Put a service in front");
        for (text, n) in [(open.as_str(), 0), (open.as_str(), 1), (drawn, 0)] {
            assert_eq!(mended(&RULE, text, n), "", "{text}");
            let facts = mended_facts(&RULE, text, n);
            for (flow, edge) in facts.topology.flows() {
                let passes = facts.ingress.lets_flow(&facts.topology, flow).certain;
                assert!(edge.ports.is_subset(&passes), "{text}: {edge:?}");
            }
        }
    }

    #[test]
    fn answers_settle_it() {
        let text = shop("", "stores cards");
        assert_eq!(answered(&RULE, &text, "Only what is drawn (5432 from Web)"), "");
        assert!(answered(&RULE, &text, "Anything from anywhere").starts_with("critical"));
        let text = shop("ingress 5432 from unknown", "stores cards");
        assert_eq!(answered(&RULE, &text, "Only what is drawn (5432 from Web)"), "");
        assert_eq!(answered(&RULE, &text, "From nowhere"), "");
        assert!(answered(&RULE, &text, "From anywhere").starts_with("critical"));
    }
}
