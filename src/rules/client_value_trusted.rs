//! `client-value-trusted`: prices, roles, times and callers that the client sends and the server believes.

use super::arguments::{Means, arguments, named, only_reads};
use super::entries::{Entry, Said, apis, handled, holds};
use super::{Finding, Fix, Impact, Out, Subject, list, rule, worth};
use crate::analysis::Facts;
use crate::model::{Api, Draft, Ids};

rule! {
    /// ## What it finds
    /// APIs that outsiders call with a parameter that the server should know better (a price, a role, a time or, where
    /// something is changed, who is calling), and of which somebody has said that the server takes it as it comes.
    /// Where nobody has said, it asks. Calls that only read may name a user: that is a question of rights.
    ///
    /// ## Why it matters
    /// Whatever the client sends, the person who holds the client can alter. The price becomes a cent, the role an
    /// administrator's, the comment another person's, and the time last year.
    ///
    /// ## Example
    /// `user -> web: https; api buy "buy" [component web; parameters itemID, price; server-derived-values no]`
    ///
    /// ## How to fix it
    /// Take the caller and the role from the session, the price from the catalogue and the time from the server's
    /// clock, and drop the parameter. Where it must stay, refuse what differs.
    ///
    /// ## References
    /// * CWE-602, Client-side enforcement of server-side security; CWE-472, External control of assumed-immutable web
    ///   parameter; CWE-639; CAPEC-77, Manipulating user-controlled variables
    /// * OWASP API Security Top 10 2023, API3; OWASP ASVS 4.0, V5.1
    "client-value-trusted", "Value that the client decides",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "server-derived-values"],
    stride: [Spoofing, Tampering, ElevationOfPrivilege], cwe: [602, 472, 639],
    check: check, fixes: fixes,
}

const CONTROL: &str = "server-derived-values";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for entry in apis(facts, CONTROL) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let Some(api) = entry.api.map(|it| &facts.data.api(it).record) else { return };
    let believed = believed(api);
    if believed.is_empty() {
        return;
    }
    let (worth_of, worth) = worth(facts, &handled(facts, entry.component));
    let weighs = !named(&arguments(api), &[Means::Role, Means::Price, Means::Caller]).is_empty();
    let least = if weighs { Impact::Serious } else { Impact::Slight };
    // A wrong time does not give away what is kept.
    let impact = if weighs { worth_of.max(least) } else { least };
    let (name, what) = (&entry.name, list(&believed));
    let stake = if worth_of == Impact::Slight {
        String::new()
    } else {
        format!(", and {worth} can be changed there")
    };
    let said = Said {
        impact,
        question: format!("Does the server set {what} of {name} itself, whatever the client sends?"),
        message: format!("The client decides {what} of {name}"),
        because: format!("{}{stake}", entry.who),
        way: Vec::new(),
        facts: believed.iter().map(|it| format!("takes {it}")).collect(),
    };
    entry.say(facts, CONTROL, said, out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let mut fixes =
        vec![holds(facts, finding, CONTROL, "Set on the server what the client must not decide in")];
    let Some(id) = finding.subjects.first() else { return fixes };
    let Some(api) = facts.model().apis().get(id).filter(|it| !it.parameters.is_empty()) else { return fixes };
    let believed = believed(api);
    let mut draft = Draft::of(facts.model());
    draft.edit::<Api>(id, |it| {
        it.parameters.retain(|it| !believed.iter().any(|name| name == it.name.trim()));
        let rest: Vec<&str> = it.parameters.iter().map(|it| it.name.as_str()).collect();
        if !it.signature.is_empty() {
            it.signature = format!("{}({})", it.name, rest.join(", "));
        }
    });
    let label = format!("Drop {} from {}", list(&believed), facts.title_of(id));
    fixes.push(Fix { label, edit: draft.finish() });
    fixes
}

/// The parameters that a server should know better than a client.
fn believed(api: &Api) -> Vec<String> {
    let always = [Means::Role, Means::Price, Means::Time, Means::Caller];
    // What only reads may name a user, and a time from which on.
    named(&arguments(api), if only_reads(api) { &always[..2] } else { &always })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn buy(said: &str) -> String {
        format!("user -> web: https; api buy \"buy\" [component web; parameters itemID, price{said}]")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let finding = "high client-value-trusted:buy — The client decides price of buy (buy · web)";
        fires(&RULE, &buy("; server-derived-values no"), finding);
        silent(&RULE, &buy("; server-derived-values yes"));
        asks(
            &RULE,
            &buy(""),
            "? buy.controls.server-derived-values — Does the server set price of buy itself, whatever the client sends?",
        );
        assert_eq!(answered(&RULE, &buy(""), "Yes"), "");
    }

    #[test]
    fn both_fixes_mend_it() {
        let text = buy("; signature \"buy(itemID, price)\"; server-derived-values no");
        assert_eq!(
            offered(&RULE, &text),
            "Set on the server what the client must not decide in buy\nDrop price from buy"
        );
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
        // Without parameters the signature speaks; it must not bring back what was dropped.
        let only = "user -> web: https; api buy \"buy\" [component web; signature \"buy(price)\"; parameters price; server-derived-values no]";
        assert_eq!(mended(&RULE, only, 1), "");
    }

    #[test]
    fn who_is_calling_counts_where_something_is_changed() {
        let api = |name: &str| {
            format!("user -> web: https; api a \"{name}\" [component web; parameters userID, timestamp]")
        };
        silent(&RULE, &api("getOrders"));
        asks(
            &RULE,
            &api("postComment"),
            "? a.controls.server-derived-values — Does the server set userID and timestamp of postComment itself, whatever the client sends?",
        );
        // One that nobody has yet put on a component is asked about, too; an inner one is not.
        asks(
            &RULE,
            "api a \"setRole\" [parameters role]",
            "? a.controls.server-derived-values — Does the server set role of setRole itself, whatever the client sends?",
        );
        silent(&RULE, "job -> web: https; api a \"setRole\" [component web; parameters role]");
    }
}
