//! `personal-data-not-needed`: APIs that take personal data without need.

use super::keeping::{id, is_ours, once};
use super::personal::{Tells, parameters, tells};
use super::{
    Asked, Choice, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Says, Subject, answer, list, rule,
    severity, words, yes_or_no,
};
use crate::analysis::{ApiNode, Facts, Unknown};
use crate::model::{Api, Draft, Edit, Ids, Truth};

rule! {
    /// ## What it finds
    /// APIs of yours with parameters that tell where a person is, when they were born, their phone number, a number
    /// that an authority gave them, or their gender, origin, belief or health, and of which somebody has said that not
    /// all of it is needed. Where nobody has said, it asks. What most services need, such as a name, an e-mail address
    /// or where to send a parcel, is left out.
    ///
    /// ## Why it matters
    /// What was never collected can neither leak nor be misused, need not be protected, and nobody has to be told
    /// about it. A place with each comment shows where its author lives and when the house is empty.
    ///
    /// ## Example
    /// `api post "postComment" [component web; parameters comment_text, user_location; data-minimisation no]; user -> web: https`
    ///
    /// ## How to fix it
    /// Drop the parameter, or ask for less: the town in place of the spot, the year or "over 18" in place of the
    /// day. What is needed should be asked for when it is, kept apart and deleted when its purpose is over.
    ///
    /// ## References
    /// * CWE-359, Exposure of private personal information to an unauthorised actor
    /// * GDPR, article 5(1)(c), Data minimisation; OWASP ASVS 4.0, V8.3; NIST SP 800-53, SI-12(1)
    "personal-data-not-needed", "Personal data that is not needed",
    kind: Asks, on: Api, reads: [Assets], answers: ["data-minimisation"], stride: [Privacy], cwe: [359],
    check: check, fixes: fixes,
}

const CONTROL: &str = "data-minimisation";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Api(api) = subject else { return };
    let api = facts.data.api(api);
    let truth = api.record.controls.truth(CONTROL);
    let is_settled = matches!(truth, Truth::Yes | Truth::NotApplicable);
    if is_settled || api.component.is_some_and(|it| !is_ours(facts, it)) {
        return;
    }
    let found = idle(&api.record);
    if found.is_empty() {
        return;
    }
    let name = facts.title_of(&api.id);
    let what = names(&found);
    let told: Vec<String> =
        once(found.iter().map(|it| it.1)).into_iter().map(|it| it.label().to_owned()).collect();
    let told = list(&told);
    // Nobody has to break in to misuse it: it is handed over.
    let (impact, exposure) = (Impact::Serious, Exposure::OneHop);
    let evidence = Evidence::set(api.component.map(|it| id(facts, it)));
    if truth == Truth::Unknown {
        let unknown = unknown(api);
        let mut choices = yes_or_no(std::slice::from_ref(&unknown));
        choices.push(Choice {
            label: format!("Drop {what}").into(),
            says: Says::Edit(dropped(facts, api, &found)),
        });
        out.question(Asked {
            about: unknown,
            stake: severity(facts, impact, exposure),
            text: format!("Is all of {what} needed for {name}?"),
            why: format!("That tells {told}, and what is not taken can neither leak nor be misused."),
            choices,
            evidence,
        });
        return;
    }
    out.finding(Found {
        subjects: vec![api.id.clone()],
        detail: String::new(),
        impact,
        exposure,
        because: format!("what callers give tells {told}, and not all of it is needed"),
        message: format!("Callers give {what} to {name} without need"),
        place: api.component.map_or_else(|| name.clone(), |it| words::place(facts, it)),
        evidence,
        facts: found.iter().map(|it| format!("takes {}", it.0)).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let Some(api) = facts.data.apis().iter().find(|it| finding.subjects.contains(&it.id)) else {
        return Vec::new();
    };
    let found = idle(&api.record);
    let what = names(&found);
    let keep = answer(facts, &[unknown(api)], Truth::Yes);
    vec![
        Fix { label: format!("Drop {what}"), edit: dropped(facts, api, &found) },
        Fix { label: format!("Say that all of {what} is needed"), edit: keep },
    ]
}

/// The parameters that tell what services often do not need.
fn idle(api: &Api) -> Vec<(String, Tells)> {
    let mut found = parameters(api);
    found.retain(|it| it.1.is_often_idle());
    found
}

fn names(found: &[(String, Tells)]) -> String {
    list(&found.iter().map(|it| it.0.clone()).collect::<Vec<_>>())
}

/// Takes parameters out of an API and out of its signature.
fn dropped(facts: &Facts, api: &ApiNode, found: &[(String, Tells)]) -> Edit {
    let is_kept = |name: &str| !found.iter().any(|it| it.0 == name.trim());
    let called = api.record.name.clone();
    let mut draft = Draft::of(facts.model());
    draft.edit::<Api>(&api.id, |it| {
        it.parameters.retain(|it| is_kept(&it.name));
        let Some((head, rest)) = it.signature.split_once('(') else { return };
        let Some((inner, tail)) = rest.rsplit_once(')') else { return };
        // It counts once no parameter is listed any more, so nothing of the kind may be left in it.
        let is_needed = |it: &&str| {
            let name = it.split(':').next().unwrap_or_default().trim();
            is_kept(name) && !tells(name, &called).is_some_and(Tells::is_often_idle)
        };
        let parts: Vec<&str> = inner.split(',').filter(is_needed).map(str::trim).collect();
        it.signature = format!("{head}({}){tail}", parts.join(", "));
    });
    draft.finish()
}

fn unknown(api: &ApiNode) -> Unknown {
    Unknown::new(&api.id, format!("controls.{CONTROL}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, silent};

    fn api(rest: &str) -> String {
        format!("web \"Web\"; user -> web: https; api post \"postComment\" [component web; {rest}]")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &api("parameters text, user_location, dob; data-minimisation no"),
            "medium personal-data-not-needed:post — Callers give user_location and dob to postComment without need (Web)",
        );
        silent(&RULE, &api("parameters text, user_location; data-minimisation yes"));
        silent(&RULE, &api("parameters text, email, address; data-minimisation no"));
        let unknown = api("signature \"postComment(text, user_location)\"");
        asks(
            &RULE,
            &unknown,
            "? post.controls.data-minimisation — Is all of user_location needed for postComment?",
        );
        for label in ["Yes", "Not applicable", "Drop user_location"] {
            assert_eq!(answered(&RULE, &unknown, label), "", "{label}");
        }
        silent(&RULE, &unknown.replace("web \"Web\"", "web \"Web\": partner-system"));
    }

    #[test]
    fn a_signature_that_names_more_than_the_list_is_cleared_too() {
        let text = api("signature \"post(text, phone, dob)\"; parameters dob; data-minimisation no");
        assert_eq!(mended(&RULE, &text, 0), "");
    }

    #[test]
    fn every_fix_mends_it() {
        let text =
            api("signature \"postComment(text, dob: date): id\"; parameters text, dob; data-minimisation no");
        assert_eq!(offered(&RULE, &text), "Drop dob\nSay that all of dob is needed");
        assert_eq!([0, 1].map(|it| mended(&RULE, &text, it)), ["", ""]);
        let facts = mended_facts(&RULE, &text, 0);
        let api = &facts.data.apis()[0].record;
        assert_eq!((api.signature.as_str(), api.parameters.len()), ("postComment(text): id", 1));
    }
}
