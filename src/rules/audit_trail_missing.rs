//! `audit-trail-missing`: changes of money, rights and personal data that nobody records.

use super::keeping::{asset_names, components, flow_ids, id, ids, is_ours, once, speaks_for};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Out, Subject, answer, rule, sensitive, severity, words,
    worth, yes_or_no,
};
use crate::analysis::{AssetIx, ComponentIx, Facts, FlowIx, Unknown};
use crate::model::{Access, Asset, Capability, Class, Component, Draft, Family, Flow, Id, Ids, Style, Truth};

rule! {
    /// ## What it finds
    /// Services of yours that write personal data, credentials, or what is called after money or rights (payments,
    /// orders, roles …) into a store, and of which somebody has said, of the service, of one of its APIs or of the
    /// dataset, that it is not recorded who changed what. Where nobody has said, and no flow to a log is drawn, it asks.
    /// Public assets and caches do not count, and what is logged in another place counts as recorded.
    ///
    /// ## Why it matters
    /// Without a trail anybody can deny having moved money, given a right or changed an address, and nobody can say
    /// after a break-in which records are still to be trusted.
    ///
    /// ## Example
    /// `user -> web: https; web -> db: postgres [write; carries payments]; web [control "audit-log" no]; asset payments "Payments": confidential`
    ///
    /// ## How to fix it
    /// Record for each change who made it, when, from where, and what stood there before; send it to a log that the
    /// service can only add to. Leave secrets out of it.
    ///
    /// ## References
    /// * CWE-778, Insufficient logging; CWE-223, Omission of security-relevant information
    /// * OWASP ASVS 4.0, V7.2; OWASP Top 10 2021, A09; NIST SP 800-53, AU-2, AU-3, AU-10, Non-repudiation
    "audit-trail-missing", "No audit trail",
    kind: Asks, on: Component, reads: [Structure, Assets, Pools], answers: ["audit-log", "logging"], stride: [Repudiation], cwe: [223, 778],
    check: check, fixes: fixes,
}

const CONTROL: &str = "audit-log";

/// Words in the names of what is worth a trail though it need not be personal.
const WORTHY: [&str; 20] = [
    "balance",
    "balances",
    "billing",
    "bills",
    "grants",
    "invoice",
    "invoices",
    "money",
    "orders",
    "payment",
    "payments",
    "permissions",
    "prices",
    "purchases",
    "refunds",
    "rights",
    "roles",
    "salaries",
    "transactions",
    "transfers",
];

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Component(component) = subject else { return };
    for truth in [Truth::No, Truth::Unknown] {
        let Some(same) = speaks_for(facts, component, |it| is_recorded(facts, it) == Some(truth)) else {
            continue;
        };
        let flows = once(same.iter().flat_map(|it| writes(facts, *it)));
        let assets = once(flows.iter().flat_map(|it| written(facts, *it)));
        let (impact, worth) = worth(facts, &assets);
        // A trail keeps nobody out: it tells on those who are in.
        let exposure = Exposure::Deeper;
        let names = words::names(facts, same.iter().copied());
        let stores = once(flows.iter().map(|it| facts.topology.flow(*it).to));
        let into = words::names(facts, stores.iter().copied());
        let all = ids(facts, &same).into_iter().chain(ids(facts, &stores));
        let evidence = Evidence::set(all.chain(flow_ids(facts, &flows)));
        if truth == Truth::Unknown {
            let abouts = asked(facts, &same);
            let Some(about) = abouts.first().cloned() else { continue };
            out.question(Asked {
                choices: yes_or_no(&abouts),
                about,
                stake: severity(facts, impact, exposure),
                text: format!(
                    "Is it recorded who changed what of {} in {into} through {names}?",
                    asset_names(facts, &assets)
                ),
                why: format!("{names} can change {worth} there, and no flow from {names} to a log is drawn."),
                evidence,
            });
            continue;
        }
        out.finding(Found {
            subjects: ids(facts, &same),
            detail: String::new(),
            impact,
            exposure,
            because: format!("{names} can change {worth}, and whoever does so can deny it"),
            message: format!("{names} can change {worth} in {into}, and nobody records who changed what"),
            place: words::place(facts, component),
            evidence,
            facts: sensitive::said(facts, &assets),
        });
    }
}

fn fixes(facts: &Facts, finding: &Finding, ids: &mut Ids) -> Vec<Fix> {
    let same = components(facts, &finding.subjects);
    let names = words::titles(facts, &finding.subjects);
    let is_no = |it: &(Unknown, Truth)| it.1 == Truth::No;
    let refused = once(same.iter().flat_map(|it| said(facts, *it)).filter(is_no).map(|it| it.0));
    let recorded = answer(facts, &refused, Truth::Yes);
    let mut draft = Draft::of(facts.model());
    let logs = log_of(facts, &mut draft, ids, &same);
    for writer in &same {
        let writer = id(facts, *writer);
        let key = draft.mint(ids, &format!("{writer}-trail"));
        let flow = Flow {
            protocol: "syslog-tls".to_owned(),
            access: Access::Write,
            style: Style::Asynchronous,
            ..Flow::between(writer, logs.clone())
        };
        draft.put(key, flow);
    }
    let name = draft.get::<Component>(&logs).map(|it| it.title().to_owned()).unwrap_or_default();
    let log = draft.finish().changes().iter().chain(recorded.changes()).cloned().collect();
    vec![
        Fix { label: format!("Send a record of changes by {names} to {name}"), edit: log },
        Fix { label: format!("Record who changes what through {names}"), edit: recorded },
    ]
}

/// The first log of the drawing, else a new one beside the writer.
fn log_of(facts: &Facts, draft: &mut Draft<'_>, ids: &mut Ids, writers: &[ComponentIx]) -> Id {
    if let Some((_, log)) = facts.topology.components().find(|it| is_log(facts, it.0)) {
        return log.id.clone();
    }
    let logs = draft.mint(ids, "audit-log");
    let within = writers.first().and_then(|it| facts.topology.place_of(*it));
    let (kind, name) = ("logging".to_owned(), "Audit log".to_owned());
    draft.put(logs.clone(), Component { kind, name, within, ..Component::default() });
    logs
}

/// What was said of the changes that a service makes; none where it makes none that are worth a trail, or where they
/// are recorded.
fn is_recorded(facts: &Facts, writer: ComponentIx) -> Option<Truth> {
    writes(facts, writer).next()?;
    let said = said(facts, writer);
    if said.iter().any(|it| it.1 == Truth::No) {
        return Some(Truth::No);
    }
    let node = facts.topology.component(writer);
    let flows = node.out.iter().chain(&node.into).map(|it| facts.topology.flow(*it));
    let is_logged = matches!(node.control("logging"), Truth::Yes | Truth::NotApplicable)
        || flows.into_iter().any(|it| is_log(facts, it.from) || is_log(facts, it.to));
    let is_settled = said.iter().any(|it| it.1 != Truth::Unknown);
    (!is_logged && !is_settled).then_some(Truth::Unknown)
}

/// What was said of each dataset that it writes, of the service itself, and, if that is no or yes, of its APIs.
fn said(facts: &Facts, writer: ComponentIx) -> Vec<(Unknown, Truth)> {
    let unknown = |it: &Id| Unknown::new(it, format!("controls.{CONTROL}"));
    let mut said = Vec::new();
    for flow in writes(facts, writer) {
        let assets = written(facts, flow);
        for dataset in facts.traces().datasets_in(facts.topology.flow(flow).to) {
            let dataset = facts.data.dataset(*dataset);
            if dataset.assets.iter().any(|it| assets.contains(it)) {
                said.push((unknown(&dataset.id), dataset.record.controls.truth(CONTROL)));
            }
        }
    }
    let node = facts.topology.component(writer);
    said.push((unknown(&node.id), node.control(CONTROL)));
    for api in facts.traces().apis_of(writer) {
        let api = facts.data.api(*api);
        // That one API changes nothing says nothing of the others.
        let truth = api.record.controls.truth(CONTROL);
        if matches!(truth, Truth::Yes | Truth::No) {
            said.push((unknown(&api.id), truth));
        }
    }
    said
}

/// Where the answer belongs: to the dataset that is changed or, where none is described, to all the services.
fn asked(facts: &Facts, same: &[ComponentIx]) -> Vec<Unknown> {
    let is_dataset = |it: &Unknown| facts.model().datasets().contains_key(&it.subject);
    let all = once(same.iter().flat_map(|it| said(facts, *it)).map(|it| it.0));
    match all.iter().find(|it| is_dataset(it)) {
        Some(_) => all.into_iter().filter(is_dataset).collect(),
        None => all,
    }
}

/// The flows by which a service of ours changes what is worth a trail.
fn writes(facts: &Facts, writer: ComponentIx) -> impl Iterator<Item = FlowIx> + '_ {
    let node = facts.topology.component(writer);
    let is_service = node.is(Family::Compute) && is_ours(facts, writer);
    let changes = move |it: &FlowIx| {
        let flow = facts.topology.flow(*it);
        let target = facts.topology.component(flow.to);
        let writes =
            matches!(flow.access, Access::Write | Access::ReadWrite | Access::Publish | Access::Unknown);
        writes && !flow.reply && target.is(Family::Data) && !target.can(Capability::Cache)
    };
    let flows = node.out.iter().copied().filter(move |it| is_service && changes(it));
    flows.filter(|it| !written(facts, *it).is_empty())
}

/// What a flow changes that is worth a trail: what it carries or, where that is not said, all that its target keeps.
fn written(facts: &Facts, flow: FlowIx) -> Vec<AssetIx> {
    let edge = facts.topology.flow(flow);
    let carried = facts.data.carried(flow);
    let assets = if edge.record.carries.is_empty() { facts.data.kept(edge.to) } else { carried };
    assets.iter().copied().filter(|it| is_worthy(facts.data.asset(*it))).collect()
}

fn is_worthy(asset: &Asset) -> bool {
    let name = asset.name.to_lowercase();
    let mut words = name.split(|it: char| !it.is_alphanumeric());
    let is_said = asset.personal.is_yes() || asset.credential.is_yes();
    asset.class != Class::Public && (is_said || words.any(|it| WORTHY.contains(&it)))
}

/// The rule looks for this kind.
fn is_log(facts: &Facts, component: ComponentIx) -> bool {
    facts.topology.component(component).kind.slug == "logging"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, mended_facts, offered, silent};

    fn shop(web: &str, more: &str) -> String {
        format!(
            "asset payments \"Payments\": confidential; asset people \"People\": internal [personal yes]
             asset notes: confidential; web \"Web\" {web}; db \"Store\": postgres; {more}"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let write = "web -> db: postgres [write; carries payments, notes]";
        fires(
            &RULE,
            &shop("[control \"audit-log\" no]", write),
            "medium audit-trail-missing:web — Web can change Payments (confidential) in Store, and nobody records who changed what (Web)",
        );
        silent(&RULE, &shop("[control \"audit-log\" yes]", write));
        silent(&RULE, &shop("[logging yes]", write));
        silent(&RULE, &shop("", &format!("{write}; web -> logs; logs: logging")));
        silent(&RULE, &shop("[control \"audit-log\" no]", "web -> db: postgres [read; carries payments]"));
        silent(&RULE, &shop("[control \"audit-log\" no]", "web -> db: postgres [write; carries notes]"));
        silent(&RULE, &shop("[control \"audit-log\" no]", "web -> mem: redis [write; carries people]"));
        let unknown = shop("", write);
        asks(
            &RULE,
            &unknown,
            "? web.controls.audit-log — Is it recorded who changed what of Payments in Store through Web?",
        );
        assert_eq!(answered(&RULE, &unknown, "Yes"), "");
        assert_eq!(answered(&RULE, &unknown, "Not applicable"), "");
    }

    #[test]
    fn a_dataset_is_asked_first_and_an_api_may_say_it() {
        let data = "web -> db: postgres; dataset d \"Users\" [store db; columns id, name holds people]";
        asks(
            &RULE,
            &shop("", data),
            "? d.controls.audit-log — Is it recorded who changed what of People in Store through Web?",
        );
        assert_eq!(answered(&RULE, &shop("", data), "Not applicable"), "");
        silent(&RULE, &shop("", &format!("{data}; api a [component web; audit-log yes]")));
        let refused = shop("", &format!("{data}; api a [component web; audit-log no]"));
        assert_eq!(mended(&RULE, &refused, 1), "");
    }

    #[test]
    fn every_fix_mends_it() {
        let text = shop("[control \"audit-log\" no]", "web -> db: postgres [write; carries people]");
        let expected = "Send a record of changes by Web to Audit log\nRecord who changes what through Web";
        assert_eq!(offered(&RULE, &text), expected);
        assert_eq!([0, 1].map(|it| mended(&RULE, &text, it)), ["", ""]);
        assert_eq!(mended_facts(&RULE, &text, 0).model().flows().len(), 2);
        let logged = format!("{text}; logs \"Logs\": logging; job -> logs");
        assert!(offered(&RULE, &logged).starts_with("Send a record of changes by Web to Logs"));
    }
}
