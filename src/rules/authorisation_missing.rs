//! `authorisation-missing`: calls that anybody who is logged in may make for anybody.

use super::arguments::{Means, arguments, named, only_reads};
use super::cases::classified;
use super::entries::{Entry, Said, apis, handled, holds};
use super::{Finding, Fix, Impact, Out, Subject, list, rule, worth};
use crate::analysis::Facts;
use crate::model::Ids;

rule! {
    /// ## What it finds
    /// APIs that outsiders call with a caller's id or a role, and of which somebody has said that they do not check
    /// what the caller may do. Where nobody has said, it asks, if the API changes something or classified assets are
    /// handled there. An answer of the component that offers the API holds for all of its APIs.
    ///
    /// ## Why it matters
    /// A login only says who somebody is. Without a check of rights every user is an administrator who has not yet
    /// looked at the requests that the page sends.
    ///
    /// ## Example
    /// `user -> web: https; api close "closeAccount" [component web; parameters accountID; authorisation no]`
    ///
    /// ## How to fix it
    /// Check at the server, for each call, that the caller may do just this; refuse what no rule allows. Keep the rules
    /// in one place rather than in each call.
    ///
    /// ## References
    /// * CWE-862, Missing authorization; CWE-285; CAPEC-122, Privilege abuse
    /// * OWASP API Security Top 10 2023, API5; OWASP ASVS 4.0, V4.1; NIST SP 800-53, AC-3
    "authorisation-missing", "Call without a check of rights",
    kind: Asks, on: Whole, reads: [Structure, Pools, Assets, Reach], answers: ["authentication", "authorisation"],
    stride: [ElevationOfPrivilege, InformationDisclosure], cwe: [862, 285],
    check: check, fixes: fixes,
}

const CONTROL: &str = "authorisation";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for entry in apis(facts, CONTROL) {
        say(facts, &entry, out);
    }
}

fn say(facts: &Facts, entry: &Entry, out: &mut Out<'_>) {
    let Some(api) = entry.api.map(|it| &facts.data.api(it).record) else { return };
    let takes = named(&arguments(api), &[Means::Caller, Means::Role]);
    let assets = handled(facts, entry.component);
    let weighs = !only_reads(api) || classified(facts, &assets).next().is_some();
    if takes.is_empty() || !weighs {
        return;
    }
    let (impact, worth) = worth(facts, &assets);
    let (name, what) = (&entry.name, list(&takes));
    let stake = if assets.is_empty() { String::new() } else { format!(", and {worth} is handled there") };
    let said = Said {
        impact: impact.max(Impact::Serious),
        question: format!("Does {name} check for each request what the caller may do?"),
        message: format!("Nobody checks what the caller of {name} may do"),
        because: format!("{name} takes {what}, {}{stake}", entry.who),
        way: Vec::new(),
        facts: takes.iter().map(|it| format!("takes {it}")).collect(),
    };
    entry.say(facts, CONTROL, said, out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Check what the caller may do in")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn close(said: &str) -> String {
        format!("user -> web: https; api close \"closeAccount\" [component web; parameters accountID{said}]")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &close("; authorisation no"),
            "high authorisation-missing:close — Nobody checks what the caller of closeAccount may do (closeAccount · web)",
        );
        silent(&RULE, &close("; authorisation yes"));
        asks(
            &RULE,
            &close(""),
            "? close.controls.authorisation — Does closeAccount check for each request what the caller may do?",
        );
        assert_eq!(answered(&RULE, &close(""), "Yes"), "");
        assert_eq!(
            offered(&RULE, &close("; authorisation no")),
            "Check what the caller may do in closeAccount"
        );
        assert_eq!(mended(&RULE, &close("; authorisation no"), 0), "");
    }

    #[test]
    fn reading_what_is_public_and_inner_calls_need_none() {
        silent(&RULE, &close("").replace("closeAccount", "showAccount"));
        silent(&RULE, &close("").replace("accountID", "colour"));
        silent(&RULE, &close("").replace("user", "job"));
        silent(&RULE, &format!("{}; web [authorisation]", close("")));
    }
}
