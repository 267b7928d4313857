//! Tests of packs: a rule and a sketch as text, and what is said.

use std::sync::Arc;

use crate::analysis::Facts;
use crate::formats::{self, text};
use crate::model::{Asset, Class, Component, Draft, Flow, Id, Model, Pack, Truth, Verdict, VerdictState};
use crate::rules::{self, Finding, Question, Report};

/// A model with a pack of one rule.
fn with_rule(sketch: &str, rule: &str) -> Model {
    let file = format!(
        "(format: 1, id: \"house\", title: \"House rules\", rules: [(id: \"r\", label: \"L\", {rule})])"
    );
    let (id, pack) =
        formats::pack("house.parapet-rules.ron", file.as_bytes()).unwrap_or_else(|it| panic!("{it:?}"));
    let mut model = text::read(sketch).unwrap_or_else(|it| panic!("{it}"));
    let mut draft = Draft::of(&model);
    draft.put(id, pack);
    let edit = draft.finish();
    model.apply(&edit);
    model
}

/// What packs alone say.
fn report(model: &Model) -> (Facts, Report) {
    let facts = Facts::of(Arc::new(model.clone()));
    let report = rules::testing::read(rules::run::run_packs(&facts), model);
    (facts, report)
}

/// What the pack alone says of a sketch: findings, then questions that it words.
fn told(sketch: &str, rule: &str) -> String {
    let (_, report) = report(&with_rule(sketch, rule));
    let finding = |it: &Finding| format!("{} {} — {} ({})", it.severity.slug(), it.key, it.message, it.place);
    let question = |it: &Question| format!("? {} — {}", it.key, it.text);
    report
        .findings
        .iter()
        .map(|it| finding(it))
        .chain(report.questions.iter().map(|it| question(it)))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Which of a sketch's subjects meet a condition, and those that hang on something, with a `?`.
fn meets(sketch: &str, subject: &str, when: &str) -> String {
    let rule = format!("subject: {subject}, message: \"m\", severity: critical, when: {when}");
    let (_, report) = report(&with_rule(sketch, &rule));
    let found = report.findings.iter().flat_map(|it| it.subjects.iter().map(ToString::to_string));
    let asked = report.questions.iter().map(|it| format!("?{}", it.key));
    let mut all: Vec<String> = found.chain(asked).collect();
    all.sort();
    all.join(" ")
}

const NO_LOG: &str = "subject: component, severity: high, when: all([family(compute), answer(\"audit-log\", no)]), \
    message: \"{name} keeps no record\", why: \"{name} is ours.\", stride: [repudiation], \
    fix: (label: \"Keep a record\", set: \"audit-log\", to: yes)";

#[test]
fn what_fires_what_does_not_and_what_asks() {
    let web = |controls: &str| told(&format!("web \"Web\": web-server{controls}"), NO_LOG);
    insta::assert_snapshot!(web(" [audit-log no]"), @"high house/r:web — Web keeps no record (Web)");
    assert_eq!(web(" [audit-log yes]"), "");
    assert_eq!(web(" [audit-log na]"), "");
    insta::assert_snapshot!(web(""), @"? web.controls.audit-log — Web: Is it recorded who changed what, and when?");
    // A cache is not asked for it, so nothing is unknown of it.
    assert_eq!(told("c: cache", NO_LOG.replace("family(compute), ", "").as_str()), "");
}

#[test]
fn a_finding_says_why_and_is_mended() {
    let model = with_rule("web \"Web\": web-server [audit-log no]", NO_LOG);
    let (facts, report) = report(&model);
    let finding = &report.findings[0];
    insta::assert_snapshot!(finding.because, @"Web is ours. By a rule of the pack House rules, which calls it high.");
    assert_eq!(finding.facts, ["level: high", "web.controls.audit-log: no", "web.kind: web-server"]);
    let fixes = rules::fixes(&facts, finding);
    assert_eq!(fixes.iter().map(|it| &*it.label).collect::<Vec<_>>(), ["Keep a record"]);
    let mut mended = model.clone();
    mended.apply(&fixes[0].edit);
    let about = rules::about(&model, &finding.rule).unwrap();
    assert_eq!((about.label, about.source.as_deref()), ("L", Some("House rules")));
    let unstated = with_rule("", &NO_LOG.replace("severity: high, ", ""));
    let is_stated = [&model, &unstated].map(|it| rules::is_stated(it, &finding.rule));
    assert_eq!((is_stated, rules::is_stated(&model, rules::THREAT_BY_HAND)), ([true, false], true));
    insta::assert_snapshot!(about.manual, @"
    ## What it finds
    A rule of the pack House rules, from house.parapet-rules.ron. It looks at components and says: the component keeps no record.

    ## Why it matters
    The component is ours.

    ## How to fix it
    Keep a record: Audit trail is then yes.
    ");
    assert_eq!(super::super::run(&Facts::of(Arc::new(mended))).finding(&finding.key), None);
}

/// The facts of each finding of a rule that is as bad as can be said, without its level.
fn facts_of(sketch: &str, subject: &str, when: &str) -> Vec<String> {
    let rule = format!("subject: {subject}, severity: low, message: \"m\", when: {when}");
    let (_, report) = report(&with_rule(sketch, &rule));
    let facts = |it: &Finding| it.facts.iter().filter(|it| *it != "level: low").cloned().collect::<Vec<_>>();
    report.findings.iter().map(|it| format!("{}: {}", it.subjects[0], facts(it).join(", "))).collect()
}

#[test]
fn a_finding_rests_on_what_was_read_on_its_walks_too() {
    let called = "incoming(answer(\"authenticated\", no))";
    // That of another component that goes the same walk is not taken for it.
    assert_eq!(
        facts_of("user -> web, api: https [authenticated no]", "component", called),
        [
            "api: api.incoming: user-api from user, user-api.authenticated: no",
            "web: user-web.authenticated: no, web.incoming: user-web from user",
        ]
    );
    assert_eq!(
        facts_of(
            "user -> lb -> web, api: https [authenticated no]",
            "component",
            "outgoing(target(incoming(answer(\"authenticated\", no))))"
        )[1],
        "user: lb.incoming: user-lb from user, user-lb.authenticated: no, user-lb.to: lb, user.outgoing: user-lb to lb"
    );
    // Not more than a verdict keeps.
    let hub = (0..60)
        .map(|n| format!("u{n}: user; u{n} -> web: https [authenticated no]"))
        .collect::<Vec<_>>()
        .join("\n");
    let all = facts_of(&hub, "component", "not(incoming(not(answer(\"authenticated\", no))))");
    let web = all.iter().find(|it| it.starts_with("web:")).unwrap();
    assert_eq!(web.matches("authenticated").count(), 40, "{web}");
}

#[test]
fn a_finding_rests_on_no_more_than_its_condition() {
    let sketch = "boundary t: tier { web: web-server; log: logging } db: cache [stores cards, photos]
        web -> db: redis [carries cards, photos; encrypted no]; web -> log: syslog; asset cards: secret [personal no]; asset photos: public [personal no]";
    let of = |when: &str| {
        let all = facts_of(sketch, "flow", when);
        all.into_iter().find(|it| it.starts_with("web-db")).unwrap_or_default()
    };
    let rests = |when: &str, on: &str| {
        assert_eq!(of(when), format!("web-db: {on}web-db.from: web, web-db.to: db"));
    };
    rests("all([])", "");
    rests("source(all([]))", "");
    rests("target(kind(\"cache\"))", "db.kind: cache, ");
    assert_eq!(
        of(
            "all([carries(at_least(confidential)), crosses(any), protocol([\"redis\", \"ftp\"]), answer(\"encrypted\", no)])"
        ),
        "web-db: web-db.carries: cards (secret), web-db.crosses: t, web-db.encrypted: no, web-db.from: web, web-db.protocol: redis, web-db.to: db"
    );
    // Of two reasons only the one that holds, and of what it must not be, what it is instead.
    rests("any([target(kind(\"cache\")), target(kind(\"user\"))])", "db.kind: cache, ");
    assert_eq!(
        of("all([not(protocol(\"https\")), not(carries(personal))])").replace("web-db: ", ""),
        "web-db.from: web, web-db.protocol: redis, web-db.to: db"
    );
    // What is not there is no fact, whatever else is there.
    assert_eq!(
        facts_of(sketch, "component", "all([kind(\"cache\"), not(outgoing(target(kind(\"logging\"))))])"),
        ["db: db.kind: cache"]
    );
}

#[test]
fn a_verdict_opens_again_when_what_the_rule_rests_on_is_another() {
    const WHEN: &str = "all([protocol([\"http\", \"ftp\"]), carries(at_least(internal)), crosses(any), \
        target(technology([\"postgres\", \"mysql\"]))])";
    let rule = format!("subject: flow, severity: low, message: \"m\", when: {WHEN}");
    let sketch = "boundary t \"T\": tier { web \"Web\": web-server }; api: microservice
        boundary u: tier { db: postgres:16; other: postgres }
        asset cards: secret; asset more: secret; asset less: public
        web -> db: http [carries cards]";
    let model = with_rule(sketch, &rule);
    let verdict = Verdict {
        state: VerdictState::Accepted,
        reason: "r".to_owned(),
        facts: report(&model).1.findings[0].facts.clone(),
        ..Verdict::default()
    };
    let said = |change: &dyn Fn(&mut Draft<'_>)| {
        let mut model = model.clone();
        let mut draft = Draft::of(&model);
        change(&mut draft);
        let edit = draft.finish();
        model.apply(&edit);
        report(&model).1.findings[0].reopened_because(&model, &verdict, "").unwrap_or_default()
    };
    let flow = |change: &dyn Fn(&mut Flow)| said(&|it| it.edit::<Flow>(&Id::slug("web-db"), |it| change(it)));
    let component = |id: &str, change: &dyn Fn(&mut Component)| {
        said(&|it| it.edit::<Component>(&Id::slug(id), |it| change(it)))
    };
    let carries = |ids: &[&str]| flow(&|it| it.carries = ids.iter().map(|it| Id::slug(it)).collect());
    // A name, what the rule does not ask for, a version.
    assert_eq!(component("web", &|it| it.name = "Shop".to_owned()), "");
    assert_eq!(carries(&["cards", "less"]), "");
    assert_eq!(flow(&|it| it.encrypted.is = Truth::No), "");
    assert_eq!(component("db", &|it| it.technology = "postgres:17".to_owned()), "");
    insta::assert_snapshot!(flow(&|it| it.protocol = "ftp".to_owned()), @"New since then: Web → db.protocol: ftp; no longer so: Web → db.protocol: http.");
    insta::assert_snapshot!(flow(&|it| it.from = Id::slug("api")), @"New since then: api → db.crosses: u and api → db.from: api; no longer so: api → db.crosses: T, u and api → db.from: Web.");
    insta::assert_snapshot!(flow(&|it| it.to = Id::slug("other")), @"New since then: other.technology: postgres and Web → other.to: other; no longer so: db.technology: postgres and Web → other.to: db.");
    insta::assert_snapshot!(carries(&["cards", "more"]), @"New since then: Web → db.carries: cards (secret), more (secret); no longer so: Web → db.carries: cards (secret).");
    insta::assert_snapshot!(said(&|it| it.edit::<Asset>(&Id::slug("cards"), |it| it.class = Class::Internal)), @"New since then: Web → db.carries: cards (internal); no longer so: Web → db.carries: cards (secret).");
    insta::assert_snapshot!(component("db", &|it| it.technology = "mysql".to_owned()), @"New since then: db.technology: mysql; no longer so: db.technology: postgres.");
    insta::assert_snapshot!(component("web", &|it| it.within = None), @"New since then: Web → db.crosses: u; no longer so: Web → db.crosses: T, u.");
}

#[test]
fn what_a_condition_found_lights_up() {
    let lit = |sketch: &str, subject: &str, when: &str| {
        let rule = format!("subject: {subject}, severity: low, message: \"m\", when: {when}");
        let (_, report) = report(&with_rule(sketch, &rule));
        let evidence = &report.findings[0].evidence;
        let path: Vec<&str> = evidence.path.iter().map(|it| it.element.as_str()).collect();
        let also: Vec<&str> = evidence.also.iter().map(Id::as_str).collect();
        format!("{} | {}", path.join(" > "), also.join(" "))
    };
    let sketch = "user -> web: https; boundary t: tier [ingress open] { web: web-server }; boundary u: tier { db: postgres [stores cards]; log: logging }
        web -> db: postgres; web -> log: syslog; asset cards: secret [personal no]";
    assert_eq!(lit(sketch, "flow", "all([protocol(\"postgres\"), crosses(any)])"), "web > db | web-db t u");
    assert_eq!(lit(sketch, "component", "outgoing(target(family(data)))"), "web > db | web-db");
    assert_eq!(
        lit(sketch, "component", "outgoing(target(outgoing(target(family(data)))))"),
        "user > web > db | user-web web-db"
    );
    assert_eq!(
        lit(sketch, "component", "all([family(data), incoming(protocol(\"postgres\"))])"),
        "web > db | web-db"
    );
    assert_eq!(
        lit(sketch, "component", "outgoing(any([protocol(\"postgres\"), protocol(\"syslog\")]))"),
        "web > db | web-db web-log log"
    );
    assert_eq!(lit(sketch, "component", "all([exposed, within(any)])"), "user > web | t");
    assert_eq!(
        lit(sketch, "flow", "all([source(exposed), crosses(kind(\"subnet-tier\"))])"),
        "user > web > db | web-db t u"
    );
    assert_eq!(lit(sketch, "boundary", "component(family(data))"), " | u db");
    assert_eq!(lit(sketch, "asset", "component(within(any))"), " | cards db u");
    // What is not there shows nothing.
    assert_eq!(
        lit(sketch, "component", "all([kind(\"web-server\"), not(incoming(protocol(\"ssh\")))])"),
        "web | "
    );
}

#[test]
fn the_answer_settles_the_question() {
    let model = with_rule("web: web-server", NO_LOG);
    let (_, first) = report(&model);
    let after = |label: &str| {
        let question = &first.questions[0];
        let choice = question.choices.iter().find(|it| it.label == label).unwrap();
        let mut model = model.clone();
        let edit = choice.edit(&model);
        model.apply(&edit);
        report(&model).1
    };
    assert_eq!((after("Yes").findings.len(), after("Yes").questions.len()), (0, 0));
    assert_eq!((after("No").findings.len(), after("No").questions.len()), (1, 0));
}

#[test]
fn an_unknown_never_makes_a_finding() {
    let web = "web: web-server";
    assert_eq!(meets(web, "component", "answer(\"logging\", unknown)"), "?web.controls.logging");
    assert_eq!(meets(web, "component", "not(answer(\"logging\", yes))"), "?web.controls.logging");
    // Whatever the answer is, it is so; or it is not.
    assert_eq!(meets(web, "component", "any([answer(\"logging\", no), kind(\"web-server\")])"), "web");
    assert_eq!(meets(web, "component", "all([answer(\"logging\", no), kind(\"cache\")])"), "");
    // One after the other.
    let both = "all([answer(\"logging\", no), answer(\"patching\", no)])";
    assert_eq!(meets(web, "component", both), "?web.controls.logging");
    assert_eq!(meets("web: web-server [logging no]", "component", both), "?web.controls.patching");
}

#[test]
fn a_protocol_that_nobody_has_chosen_is_asked_for() {
    let flow = "a: web-server; b: web-server; a -> b";
    for when in ["protocol(\"http\")", "not(protocol(\"http\"))", "not(all([protocol([\"http\", \"ftp\"])]))"]
    {
        assert_eq!(meets(flow, "flow", when), "?a-b.protocol", "{when}");
        assert_eq!(meets(flow, "component", &format!("incoming({when})")), "?a-b.protocol", "{when}");
    }
    // It decides nothing here: whatever it is, the rule does not hold, or does.
    for when in [
        "all([protocol(\"http\"), access([admin]), protocol(\"ftp\")])",
        "all([any([protocol(\"http\"), protocol(\"ftp\")]), not(protocol([\"ftp\", \"http\", \"ssh\"]))])",
        "all([source(kind(\"cache\")), not(protocol(\"http\"))])",
        "protocol([])",
    ] {
        assert_eq!(meets(flow, "flow", when), "", "{when}");
    }
    assert_eq!(
        meets(
            flow,
            "flow",
            "any([not(protocol([\"http\", \"ftp\"])), protocol(\"http\"), protocol(\"ftp\")])"
        ),
        "a-b"
    );
    assert_eq!(meets(flow, "flow", "not(protocol([]))"), "a-b");
    // A word that no table knows was chosen all the same.
    let mut model =
        with_rule(flow, "subject: flow, severity: low, message: \"m\", when: not(protocol(\"http\"))");
    let mut draft = Draft::of(&model);
    draft.edit::<Flow>(&Id::slug("a-b"), |it| it.protocol = "ours".to_owned());
    let edit = draft.finish();
    model.apply(&edit);
    assert_eq!(report(&model).1.findings.len(), 1);
}

#[test]
fn a_reply_speaks_as_it_was_asked() {
    let answered = |asked: &str, when: &str| {
        meets(&format!("a: web-server; b: cache; a -> b{asked}; b -> a [reply]"), "flow", when)
    };
    assert_eq!(answered("", "not(protocol(\"http\"))"), "?a-b.protocol");
    assert_eq!(answered(": http", "not(protocol(\"http\"))"), "");
    assert_eq!(answered(": ssh", "not(protocol(\"http\"))"), "a-b b-a");
}

#[test]
fn a_technology_that_nobody_has_chosen_is_asked_for_among_those_of_its_kind() {
    let of = |kind: &str, when: &str| meets(&format!("c: {kind}"), "component", when);
    for when in ["technology(\"postgres\")", "not(technology([\"postgres\", \"redis\"]))"] {
        assert_eq!(of("sql-database", when), "?c.technology", "{when}");
    }
    assert_eq!(of("user", "technology(\"postgres\")"), "");
    assert_eq!(of("user", "not(technology(\"postgres\"))"), "c");
    assert_eq!(of("mysql", "not(technology(\"postgres\"))"), "c");
    assert_eq!(of("sql-database", "all([technology(\"postgres\"), technology(\"mysql\")])"), "");
}

#[test]
fn a_choice_of_protocol_or_technology_settles_it() {
    let offered = |sketch: &str, subject: &str, when: &str| {
        let rule = format!("subject: {subject}, severity: low, message: \"m\", when: {when}");
        let model = with_rule(sketch, &rule);
        let (_, first) = report(&model);
        let question = &first.questions[0];
        let after = |choice: &rules::Choice| {
            let mut model = model.clone();
            let edit = choice.edit(&model);
            model.apply(&edit);
            let (_, now) = report(&model);
            assert_eq!(now.questions, [], "{}", choice.label);
            format!("{}{}", choice.label, if now.findings.is_empty() { "" } else { "!" })
        };
        format!("{} {}", question.text, question.choices.iter().map(after).collect::<Vec<_>>().join(", "))
    };
    insta::assert_snapshot!(offered("a: web-server; db \"Orders\": postgres; a -> db", "flow", "not(protocol([\"postgres-tls\", \"https\"]))"), @"Which protocol does the flow a → Orders speak? PostgreSQL!, PostgreSQL over TLS, HTTPS");
    insta::assert_snapshot!(offered("db \"Orders\": sql-database", "component", "not(technology([\"postgres\", \"redis\"]))"), @"Which technology is used for Orders? PostgreSQL, TimescaleDB!, MySQL!, MariaDB!");
}

const SHOP: &str = "user -> lb -> web: https; boundary dmz: tier { lb: load-balancer }
    boundary inner: tier { web: web-server [listens tcp/22 ssh]; db: postgres:16 [stores cards] }
    web -> db: postgres [write; carries cards]; admin -> web: ssh [admin]; db -> web: postgres [reply]
    asset cards: secret [personal no; credential no]";

#[test]
fn every_condition_has_its_meaning() {
    let components = |when: &str| meets(SHOP, "component", when);
    let flows = |when: &str| meets(SHOP, "flow", when);
    assert_eq!(components("kind([\"load-balancer\", \"cache\"])"), "lb");
    assert_eq!(components("family(data)"), "db");
    assert_eq!(components("technology(\"postgres\")"), "db");
    assert_eq!(components("can(hands_on)"), "lb");
    assert_eq!(components("keeps(at_least(confidential))"), "db");
    assert_eq!(components("handles(anything)"), "db web");
    assert_eq!(components("within(kind(\"subnet-tier\"))"), "db lb web");
    assert_eq!(components("listens(\"tcp/22\")"), "web");
    assert_eq!(components("incoming(protocol(\"ssh\"))"), "web");
    assert_eq!(components("incoming(protocol(\"postgres\"))"), "db", "a reply is no request");
    assert_eq!(components("outgoing(target(family(data)))"), "web");
    assert_eq!(components("outgoing(target(outgoing(target(family(data)))))"), "admin lb");
    assert_eq!(flows("source(kind(\"load-balancer\"))"), "lb-web");
    assert_eq!(flows("access([admin])").split(' ').next(), Some("?db-web.access"));
    assert_eq!(flows("all([protocol(\"ssh\"), access([admin])])"), "admin-web");
    assert_eq!(flows("carries(at_least(secret))"), "web-db");
    assert_eq!(flows("all([crosses(any), protocol(\"postgres\")])"), "");
    assert_eq!(flows("all([crosses(kind(\"subnet-tier\")), protocol(\"ssh\")])"), "admin-web");
    assert_eq!(meets(SHOP, "boundary", "component(family(data))"), "inner");
    assert_eq!(meets(SHOP, "boundary", "kind(\"subnet-tier\")"), "dmz inner");
    assert_eq!(meets(SHOP, "asset", "all([asset(at_least(internal)), component(family(data))])"), "cards");
    assert_eq!(meets(SHOP, "asset", "asset(personal)"), "");
}

#[test]
fn apis_and_datasets_are_subjects_too() {
    let text = r#"(format: 1, components: {"web": (kind: "web-server"), "db": (kind: "sql-database", within: "t")},
        boundaries: {"t": (kind: "subnet-tier")}, assets: {"mail": (class: internal, personal: yes)},
        apis: {"post": (component: "web", controls: {"csrf-protection": no})},
        datasets: {"people": (store: "db", columns: [(name: "Mail", asset: "mail")])})"#;
    let of = |subject: &str, when: &str| {
        let mut model = crate::model::read(text.as_bytes()).unwrap();
        let rule = format!("subject: {subject}, message: \"{{name}}\", severity: low, when: {when}");
        let mut draft = Draft::of(&model);
        let pack = with_rule("", &rule).packs().values().next().unwrap().as_ref().clone();
        draft.put(Id::slug("house"), pack);
        let edit = draft.finish();
        model.apply(&edit);
        report(&model).1.findings.len()
    };
    assert_eq!(of("api", "all([answer(\"csrf-protection\", no), component(kind(\"web-server\"))])"), 1);
    assert_eq!(of("api", "within(any)"), 0);
    assert_eq!(of("dataset", "all([keeps(personal), within(any), component(family(data))])"), 1);
    assert_eq!(of("dataset", "keeps(at_least(secret))"), 0);
}

#[test]
fn what_may_be_exposed_is_asked() {
    let exposed = |sketch: &str| meets(sketch, "component", "all([exposed, family(data)])");
    assert_eq!(exposed("user -> db: postgres"), "db");
    assert_eq!(exposed("web -> db: postgres"), "");
    assert_eq!(exposed("user; boundary t: tier { db: postgres [listens 5432] }"), "?t.ingress");
    assert_eq!(
        meets("web: web-server; db: postgres [stores a]; asset a", "component", "keeps(at_least(secret))"),
        "?a.class"
    );
}

#[test]
fn a_name_is_no_place_for_another() {
    let said = told(
        "a \"{target}\": web-server; b \"{name}\": postgres; a -> b: postgres",
        "subject: flow, severity: low, when: all([]), message: \"{source} to {target}, {Colour} {\"",
    );
    assert!(said.starts_with("low house/r:a-b — {target} to {name}, {Colour} { ("), "{said}");
}

#[test]
fn walks_within_walks_end_soon() {
    // Each of sixty calls each: without memory, ways of eight steps would be 60^8.
    let mut sketch = (0..60).map(|n| format!("s{n}: microservice\n")).collect::<Vec<_>>().concat();
    for n in 0..60 {
        for m in (0..60).filter(|m| *m != n) {
            sketch.push_str(&format!("s{n} -> s{m}: https;"));
        }
    }
    let deep = format!("{}family(data){}", "outgoing(target(".repeat(8), "))".repeat(8));
    assert_eq!(meets(&sketch, "component", &deep), "");
}

#[test]
fn a_slice_at_a_time_comes_to_the_same() {
    let model =
        with_rule(SHOP, "subject: component, message: \"{name}\", when: outgoing(target(family(data)))");
    let facts = Facts::of(Arc::new(model));
    let mut run = rules::Run::default();
    let mut slices = 1;
    while !run.slice(&facts, &|| true) {
        slices += 1;
    }
    assert!(slices > 20, "{slices}");
    assert_eq!(run.finish(), rules::run(&facts));
}

#[test]
fn rules_that_cannot_be_meant_are_not_run() {
    let mut model = with_rule("web: web-server", "subject: component, message: \"m\", when: all([])");
    let mut draft = Draft::of(&model);
    draft.edit::<Pack>(&Id::slug("house"), |it| {
        it.rules[0].when = crate::model::Condition::Kind(vec!["spaceship".to_owned()]);
    });
    let edit = draft.finish();
    model.apply(&edit);
    let (_, report) = report(&model);
    assert_eq!(report, Report::default());
    assert_eq!(
        report.pack_faults(&Id::slug("house")),
        ["Its rule `r` is not run: there is no kind `spaceship`."]
    );
    let said: Vec<String> = model.problems().into_iter().map(|it| it.message).collect();
    assert_eq!(said, ["Its rule `r` is not run: there is no kind `spaceship`."]);
}

#[test]
fn two_packs_of_one_title_are_told_apart() {
    let mut model =
        with_rule("web: web-server", "subject: component, severity: low, message: \"m\", when: all([])");
    let pack = Pack::clone(model.packs().values().next().unwrap());
    let mut draft = Draft::of(&model);
    draft.put(Id::slug("shop"), Pack { title: " House rules".to_owned(), ..pack });
    let edit = draft.finish();
    model.apply(&edit);
    let sources: Vec<String> = report(&model)
        .1
        .findings
        .iter()
        .map(|it| format!("{} {}", rules::source(&model, &it.rule).unwrap(), it.because))
        .collect();
    assert_eq!(
        sources,
        [
            "House rules (house) By a rule of the pack House rules (house), which calls it low.",
            "House rules (shop) By a rule of the pack House rules (shop), which calls it low.",
        ]
    );
}

#[test]
fn all_packs_together_have_an_end() {
    let when = vec!["listens(\"tcp/22\")"; 1899].join(", ");
    let rule = format!("subject: component, severity: low, when: any([{when}]), message: \"m\"");
    let mut model = with_rule("web [listens tcp/22]", &rule);
    let pack = Pack::clone(model.packs().values().next().unwrap());
    let mut draft = Draft::of(&model);
    for n in 10..22 {
        draft.put(Id::slug(&format!("house-{n}")), pack.clone());
    }
    let edit = draft.finish();
    model.apply(&edit);
    let (facts, report) = report(&model);
    assert_eq!(report.findings.len(), 10);
    let problem = "From it on not all rules are run: conditions of all packs have over 20000 parts.";
    let told = facts.model().problems();
    let told: Vec<_> =
        told.iter().filter(|it| it.message == problem).map(|it| it.element.to_string()).collect();
    assert_eq!(told, ["house-19"]);
}
