//! `unsafe-deserialisation`: formats from outside that can make whoever reads them fetch files or run code.

use super::arguments::{Means, named};
use super::entries::{Entry, Said, entries, handled, holds};
use super::{Finding, Fix, Impact, Out, Subject, list, rule, worth};
use crate::analysis::{ComponentIx, Facts};
use crate::model::{Capability, Ids};

rule! {
    /// ## What it finds
    /// APIs that take XML, YAML or stored objects from outsiders, and components to which outside requests come as
    /// SOAP or SAML, and of which somebody has said that their parser is not a safe one. Where nobody has said, it asks.
    ///
    /// ## Why it matters
    /// XML can name files and addresses that its reader fetches and shows; YAML and stored objects can make objects of
    /// any class, and with them run code. One request then has the whole server.
    ///
    /// ## Example
    /// `user -> web: https; api load "import" [component web; parameters order of xml; safe-parsing no]`
    ///
    /// ## How to fix it
    /// Switch off external entities and document types, read YAML in its safe mode, and take plain data (JSON against a
    /// schema) in place of stored objects. Where objects must travel, sign them.
    ///
    /// ## References
    /// * CWE-502, Deserialization of untrusted data; CWE-611, XML external entities; CWE-776
    /// * CAPEC-586, Object injection; CAPEC-221, Data serialization external entities blowup; OWASP ASVS 4.0, V5.5
    "unsafe-deserialisation", "Unsafe parser",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "safe-parsing"],
    stride: [Tampering, InformationDisclosure, ElevationOfPrivilege], cwe: [502, 611, 776],
    check: check, fixes: fixes,
}

const CONTROL: &str = "safe-parsing";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for entry in entries(facts, CONTROL) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let parsed = named(&entry.arguments(facts), &[Means::Serialised]);
    let spoken = entry.component.and_then(|it| spoken(facts, it));
    let what = match (parsed.is_empty(), &spoken) {
        (false, _) => list(&parsed),
        (true, Some(protocol)) => format!("what comes over {protocol}"),
        (true, None) => return,
    };
    let (worth_of, worth) = worth(facts, &handled(facts, entry.component));
    let name = &entry.name;
    let stake = if worth_of == Impact::Slight {
        String::new()
    } else {
        format!(", and {worth} can be taken from there")
    };
    let said = Said {
        // Whoever runs code there has all that it has.
        impact: worth_of.max(Impact::Serious),
        question: format!("Is the parser for {what} in {name} unable to run or fetch anything?"),
        message: format!("An unsafe parser reads {what} in {name}"),
        because: format!("{}{stake}", entry.who),
        way: Vec::new(),
        facts: vec![format!("reads {what}")],
    };
    entry.say(facts, CONTROL, said, out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Use a safe parser in")]
}

/// The protocol of XML that requests speak to it, if one does and it is asked from outside.
fn spoken(facts: &Facts, component: ComponentIx) -> Option<&'static str> {
    let topology = &facts.topology;
    let into = topology.component(component).into.iter().map(|it| topology.flow(*it));
    let outer = |it: ComponentIx| {
        let node = topology.component(it);
        let is_edge = node.can(Capability::HandsOn) || node.can(Capability::Passes);
        node.can(Capability::NotOurs) || is_edge
    };
    let mut protocols = into.filter(|it| !it.reply && outer(it.from)).filter_map(|it| it.protocol);
    protocols.find(|it| matches!(it.slug.as_str(), "soap" | "saml")).map(|it| it.label.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, silent};

    fn load(said: &str) -> String {
        format!("user -> web: https; api load \"load\" [component web; parameters order of xml{said}]")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let finding = "high unsafe-deserialisation:load — An unsafe parser reads order in load (load · web)";
        fires(&RULE, &load("; safe-parsing no"), finding);
        silent(&RULE, &load("; safe-parsing yes"));
        silent(&RULE, &load("; safe-parsing no").replace(" of xml", " of json"));
        asks(
            &RULE,
            &load(""),
            "? load.controls.safe-parsing — Is the parser for order in load unable to run or fetch anything?",
        );
        assert_eq!(answered(&RULE, &load(""), "Yes"), "");
        assert_eq!(mended(&RULE, &load("; safe-parsing no"), 0), "");
    }

    #[test]
    fn what_is_spoken_from_outside_counts() {
        let text = "partner -> lb -> web: soap";
        asks(
            &RULE,
            text,
            "? web.controls.safe-parsing — Is the parser for what comes over SOAP in web unable to run or fetch anything?",
        );
        assert_eq!(answered(&RULE, text, "Yes"), "");
        silent(&RULE, "user -> web: https; web -> old: soap");
    }
}
