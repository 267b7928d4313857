//! `server-side-request-forgery`: calls that take an address from outside, at components that can get to inner ones.

use std::collections::{BTreeMap, BTreeSet};

use super::exposures::{impact_on, stake};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, nearness, rule, severity, words,
    yes_or_no,
};
use crate::analysis::{ApiNode, ComponentIx, Facts, Unknown};
use crate::model::{Capability, Edit, Id, Ids, Parameter, Truth};

rule! {
    /// ## What it finds
    /// APIs of own components that the internet reaches or that are handed requests from there, with a parameter that is a
    /// web address, a host or a link (by its name, its type or what it was recognised as), where the component gets to
    /// inner ones by flows or by standing in one network with them, and somebody has said that such addresses are not
    /// checked. Where nobody has said, it asks, once for each component. A component, or a boundary around it, that can
    /// open connections only to the places that it needs is left out.
    ///
    /// ## Why it matters
    /// Whoever sends `http://10.0.0.5/admin` or the address of the cloud's metadata service lets the server fetch what he
    /// himself cannot reach: consoles without a login, and the keys of the server's own role. Whole clouds were lost so.
    ///
    /// ## Example
    /// `user -> web: https; web -> db: postgres; api preview [component web; parameters page_url as url; url-checks no]`
    ///
    /// ## How to fix it
    /// Fetch only from a list of hosts, after the name was looked up, and again after each redirect; let the component open
    /// connections to nothing else; switch the metadata service to its version with sessions.
    ///
    /// ## References
    /// * CWE-918, Server-side request forgery; CAPEC-664; OWASP Top 10 2021, A10
    /// * ATT&CK T1552.005, Cloud instance metadata API; OWASP ASVS 4.0, V5.2.6 and V12.6.1
    /// * NIST SP 800-53, SI-10 and SC-7
    "server-side-request-forgery", "Server fetches outside addresses",
    kind: Asks, on: Whole, reads: [Structure, Reach, Assets], answers: ["egress-restriction", "url-checks"],
    stride: [InformationDisclosure, ElevationOfPrivilege], cwe: [918],
    check: check, fixes: fixes,
}

const CONTROL: &str = "url-checks";
const EGRESS: &str = "egress-restriction";

/// A call that takes addresses, with the parameters that are some.
struct Call<'f> {
    api: &'f ApiNode,
    parameters: Vec<&'f str>,
}

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    for truth in [Truth::No, Truth::Unknown] {
        for (component, calls) in calls(facts, truth) {
            say(facts, component, &calls, truth, out);
        }
    }
}

fn say(facts: &Facts, component: ComponentIx, calls: &[Call<'_>], truth: Truth, out: &mut Out<'_>) {
    let (Some(first), inner) = (calls.first(), inner(facts, component)) else { return };
    let Some(dearest) =
        inner.iter().copied().max_by_key(|it| (impact_on(facts, *it), std::cmp::Reverse(*it)))
    else {
        return;
    };
    let (impact, worth) = stake(facts, dearest);
    let (exposure, near) = nearness(facts, component);
    let name = words::name(facts, component);
    let parameters: Vec<String> = calls
        .iter()
        .flat_map(|it| &it.parameters)
        .map(|it| (*it).to_owned())
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect();
    let takes = words::list(&parameters);
    let apis: Vec<Id> = calls.iter().map(|it| it.api.id.clone()).collect();
    let called = words::titles(facts, &apis);
    let others = words::names(
        facts,
        std::iter::once(dearest).chain(inner.iter().copied().filter(|it| *it != dearest)),
    );
    let mut evidence = Evidence::way(facts, [component, dearest]);
    evidence.also.clone_from(&apis);
    if truth == Truth::Unknown {
        let abouts = unknowns(&apis);
        out.question(Asked {
            about: unknown(&first.api.id),
            stake: severity(facts, impact, exposure),
            text: format!(
                "Are addresses in {takes} checked at {name} before anything is fetched from there?"
            ),
            why: format!("From outside, {called} can be given {takes}, and {name} can get to {others}."),
            choices: yes_or_no(&abouts),
            evidence,
        });
        return;
    }
    let said = |it: &Call<'_>| format!("{}: {} unchecked", it.api.id, it.parameters.join(" "));
    out.finding(Found {
        subjects: apis,
        detail: String::new(),
        impact,
        exposure,
        because: format!(
            "through {name} a caller gets to {worth} in {}, and {near}",
            words::name(facts, dearest)
        ),
        message: format!(
            "{called} can be given {takes} from outside unchecked, and {name} can get to {others}"
        ),
        place: words::place(facts, component),
        evidence,
        facts: calls.iter().map(said).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let first = finding.subjects.first();
    let api = facts.data.apis().iter().find(|it| Some(&it.id) == first);
    let Some(component) = api.and_then(|it| it.component) else { return Vec::new() };
    let answered = |abouts: &[Unknown]| -> Edit { answer(facts, abouts, Truth::Yes) };
    let (name, id) = (words::name(facts, component), &facts.topology.component(component).id);
    let checked = Fix {
        label: format!("Check the addresses that are given to {name}"),
        edit: answered(&unknowns(&finding.subjects)),
    };
    let restricted = Fix {
        label: format!("Let {name} call only the places that are needed"),
        edit: answered(&[Unknown::new(id, format!("controls.{EGRESS}"))]),
    };
    vec![checked, restricted]
}

/// The calls that take addresses from outside, by component, of which that was said.
fn calls(facts: &Facts, said: Truth) -> BTreeMap<ComponentIx, Vec<Call<'_>>> {
    let mut found: BTreeMap<ComponentIx, Vec<Call<'_>>> = BTreeMap::new();
    for api in facts.data.apis() {
        let Some(component) = api.component.filter(|_| api.record.controls.truth(CONTROL) == said) else {
            continue;
        };
        let parameters: Vec<&str> =
            api.record.parameters.iter().filter(|it| is_address(it)).map(|it| it.name.as_str()).collect();
        if !parameters.is_empty() && takes_from_outside(facts, component) {
            found.entry(component).or_default().push(Call { api, parameters });
        }
    }
    found
}

/// Whether a component of ours takes requests from the internet, and may call anywhere.
fn takes_from_outside(facts: &Facts, component: ComponentIx) -> bool {
    let (topology, node) = (&facts.topology, facts.topology.component(component));
    let is_near = matches!(nearness(facts, component).0, Exposure::Open | Exposure::Guarded);
    let restricts = |it: Truth| matches!(it, Truth::Yes | Truth::NotApplicable);
    let around = topology.outward(facts.ingress.place(component));
    let mut said = around.map(|it| topology.boundary(it).record.controls.truth(EGRESS));
    !node.can(Capability::NotOurs) && is_near && !restricts(node.control(EGRESS)) && !said.any(restricts)
}

/// What a component gets to that is ours and listens: along its flows, and in the boundary around it. In order.
fn inner(facts: &Facts, component: ComponentIx) -> Vec<ComponentIx> {
    let topology = &facts.topology;
    let called = topology.component(component).out.iter().map(|it| topology.flow(*it));
    let mut inner: Vec<ComponentIx> = called.filter(|it| !it.reply).map(|it| it.to).collect();
    if let Some(place) = facts.ingress.place(component).map(|it| topology.boundary(it))
        && !matches!(place.record.segmented.is, Truth::Yes | Truth::NotApplicable)
    {
        inner.extend_from_slice(&place.members);
    }
    inner.retain(|it| {
        let node = topology.component(*it);
        let is_target = !node.can(Capability::NotOurs) && !node.can(Capability::Passes);
        *it != component && is_target && !node.listens.is_empty()
    });
    inner.sort_unstable();
    inner.dedup();
    inner
}

/// Whether a parameter is a web address, a host or a link. Where somebody lives is none.
fn is_address(parameter: &Parameter) -> bool {
    const WORDS: [&str; 13] = [
        "url", "urls", "uri", "href", "link", "host", "hostname", "domain", "endpoint", "webhook",
        "callback", "feed", "proxy",
    ];
    let is_one = |text: &str| words_of(text).iter().any(|it| WORDS.contains(&it.as_str()));
    is_one(&parameter.recognised_as) || is_one(&parameter.of) || is_one(&parameter.name)
}

/// `imageURL`, `image_url` and `ImageUrl` are `image` and `url`.
fn words_of(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in text.chars() {
        let begins = letter.is_uppercase() && before.is_lowercase();
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
        before = letter;
    }
    words
}

fn unknown(api: &Id) -> Unknown {
    Unknown::new(api, format!("controls.{CONTROL}"))
}

fn unknowns(apis: &[Id]) -> Vec<Unknown> {
    apis.iter().map(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, only_question, silent};

    fn shop(web: &str, parameters: &str) -> String {
        format!(
            "asset cards \"Card numbers\": secret; user -> web: https; web \"Web\": web-server [{web}]
             web -> db: postgres; db \"Orders\": postgres [stores cards]
             api preview \"preview\" [component web; parameters {parameters}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &shop("replicas 1", "pageUrl; url-checks no"),
            "critical server-side-request-forgery:preview — preview can be given pageUrl from outside unchecked, and Web can get to Orders (Web)",
        );
        silent(&RULE, &shop("replicas 1", "pageUrl; url-checks yes"));
        silent(&RULE, &shop("egress-restriction yes", "pageUrl; url-checks no"));
        silent(&RULE, &shop("replicas 1", "address, page, hostility"));
        asks(
            &RULE,
            &shop("replicas 1", "pageUrl"),
            "? preview.controls.url-checks — Are addresses in pageUrl checked at Web before anything is fetched from there?",
        );
    }

    #[test]
    fn what_takes_nothing_from_outside_or_gets_nowhere_is_left_alone() {
        silent(
            &RULE,
            &shop("replicas 1", "pageUrl").replace("user -> web: https", "job: worker; job -> web: https"),
        );
        silent(&RULE, &shop("replicas 1", "pageUrl").replace("web -> db: postgres; ", ""));
        silent(
            &RULE,
            "user -> web: https; web -> pay: https; pay: third-party-service; api a [component web; parameters url]",
        );
        // A neighbour in its network will do.
        let beside = "user -> web: https; boundary n: network [ingress 443 from anywhere] { web: web-server; box: worker [listens 9000] }
            api a [component web; parameters target as url]";
        assert_eq!(only_question(&RULE, beside).key, "a.controls.url-checks");
        silent(&RULE, &beside.replace("[ingress", "[segmented yes; ingress"));
    }

    #[test]
    fn the_calls_of_one_component_are_one_question() {
        let text = format!(
            "{}; api hook [component web; parameters callback_url, host]",
            shop("replicas 1", "pageUrl")
        );
        let question = only_question(&RULE, &text);
        assert_eq!(
            question.text,
            "Are addresses in callback_url, host and pageUrl checked at Web before anything is fetched from there?"
        );
        assert_eq!(
            question.why,
            "From outside, hook and preview can be given callback_url, host and pageUrl, and Web can get to Orders."
        );
        assert_eq!(answered(&RULE, &text, "Yes"), "");
        assert!(
            answered(&RULE, &text, "No").starts_with("critical server-side-request-forgery:hook+preview")
        );
    }

    #[test]
    fn names_are_taken_apart() {
        let is = |name: &str| is_address(&Parameter { name: name.to_owned(), ..Parameter::default() });
        for name in ["imageURL", "image_url", "URL", "webhook", "redirectUri", "host-name-of host"] {
            assert!(is(name), "{name}");
        }
        for name in ["address", "curl", "ghost", "linkage", "location"] {
            assert!(!is(name), "{name}");
        }
    }

    #[test]
    fn each_fix_mends_it() {
        let text = shop("replicas 1", "pageUrl; url-checks no");
        assert_eq!(
            offered(&RULE, &text),
            "Check the addresses that are given to Web\nLet Web call only the places that are needed"
        );
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }
}
