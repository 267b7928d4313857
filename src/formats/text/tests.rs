//! Tests of the language: what it means, what it refuses, and that reading is the inverse of writing.

use super::*;
use crate::model::{Allows, Answer, Flow, From, Ports, Truth};

fn model(text: &str) -> Model {
    read(text).unwrap_or_else(|error| panic!("{error}\n{text}"))
}

fn refused(text: &str) -> String {
    read(text).unwrap_err().to_string()
}

fn id(text: &str) -> Id {
    Id::new(text).unwrap()
}

/// The examples of the user's page.
fn examples() -> Vec<String> {
    let page: String = include_str!("mod.rs").lines().filter_map(|it| it.strip_prefix("//! ")).fold(
        String::new(),
        |mut page, line| {
            page.push_str(line);
            page.push('\n');
            page
        },
    );
    page.split("```").skip(1).step_by(2).map(|it| it.trim_start_matches("text").to_owned()).collect()
}

#[test]
fn the_page_tells_the_truth() {
    let examples = examples();
    assert_eq!(examples.len(), 2);
    let sketch = model(&examples[0]);
    assert_eq!(
        sketch.components().keys().map(Id::as_str).collect::<Vec<_>>(),
        ["lb", "orders-db", "user", "web-1", "web-2"]
    );
    let db = sketch.component(&id("orders-db")).unwrap();
    assert_eq!(
        (db.name.as_str(), db.kind.as_str(), db.technology.as_str()),
        ("Orders", "sql-database", "postgres:16")
    );
    assert_eq!(db.within, Some(id("data")));
    assert_eq!(db.controls.truth("backups"), Truth::Yes);
    let rest = Answer { is: Truth::No, note: "next year".to_owned(), later: true };
    assert_eq!(db.controls.0.get("encryption-at-rest"), Some(&rest));
    assert_eq!(sketch.flows().len(), 5);
    assert_eq!(sketch.features().values().next().unwrap().flows, [id("user-lb"), id("lb-web-1")]);
    assert_eq!(model(&write(&sketch)), sketch);

    let declared = "web: web-server; db: postgres; user: user; admin: admin; user -> web\n";
    let all = model(&format!("{declared}{}", examples[1]));
    assert_eq!(all.the_brief().figures[0].unit, "in the first year");
    assert_eq!(all.verdicts().keys().collect::<Vec<_>>(), ["exposed-port:lb-1:tcp/22"]);
    assert_eq!(model(&write(&all)), all);
}

#[test]
fn flows_in_all_forms() {
    let said = |text: &str| {
        let model = model(text);
        let one = |(id, it): (&Id, &Arc<Flow>)| {
            let name = if it.name.is_empty() { String::new() } else { format!(" {:?}", it.name) };
            format!("{id}{name}: {} -> {}: {} {}", it.from, it.to, it.protocol, it.port)
        };
        model.flows().iter().map(one).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(said("a->b"), "a-b: a -> b:  ");
    assert_eq!(said("A → B: HTTPS"), "a-b: a -> b: https ");
    assert_eq!(said("a -> b: postgres tcp/80,443 udp/53"), "a-b: a -> b: postgres tcp/80,443 udp/53");
    assert_eq!(said("a -> b: 80, 443"), "a-b: a -> b:  tcp/80,443");
    assert_eq!(said("a -> b: udp 53"), "a-b: a -> b:  udp/53");
    assert_eq!(said("a -> b: any"), "a-b: a -> b:  any");
    assert_eq!(said("a -> b: \"our own\" 9"), "a-b: a -> b: our own tcp/9");
    assert_eq!(said("f-1 \"Log in\": a -> b: ssh"), "f-1 \"Log in\": a -> b: ssh ");
    assert_eq!(said("a -> b; a -> b"), "a-b: a -> b:  \na-b-2: a -> b:  ");
    assert_eq!(said("a, b -> c -> d"), "a-c: a -> c:  \nb-c: b -> c:  \nc-d: c -> d:  ");
}

#[test]
fn an_icon_is_named_and_may_be_one_that_the_text_does_not_hold() {
    let model = model("web [icon server]; boundary t: tier [icon \"my-cloud-1a2b\"] { db }");
    assert_eq!(model.component(&id("web")).unwrap().icon, Some(id("server")));
    assert_eq!(model.boundary(&id("t")).unwrap().icon, Some(id("my-cloud-1a2b")));
    let error = read("web [icon \"No Id\"]").unwrap_err().to_string();
    assert!(error.contains("`No Id` is no id"), "{error}");
}

#[test]
fn filters_and_listeners() {
    let model = model(
        "fw [allows tcp/80,443 from anywhere, tcp/22 from b and c, 53; gate_of t]; b; c
         boundary t: tier [ingress none] { web [listens tcp/443 https for anywhere \"shop\", 22 ssh for b; listens 9] }
         boundary z: zone; boundary y: zone [ingress unknown]",
    );
    let Allows::Only(allows) = &model.component(&id("fw")).unwrap().allows else { panic!() };
    let from: Vec<&From> = allows.iter().map(|it| &it.from).collect();
    assert_eq!(from, [&From::Anywhere, &From::Of(vec![id("b"), id("c")]), &From::Unknown]);
    assert_eq!(allows[0].ports, "tcp/80,443".parse::<Ports>().unwrap());
    let web = model.component(&id("web")).unwrap();
    assert_eq!((web.listeners.len(), web.listeners[0].purpose.as_str()), (3, "shop"));
    assert_eq!(model.boundary(&id("t")).unwrap().ingress, Ingress::Only(Vec::new()));
    assert_eq!(model.boundary(&id("z")).unwrap().ingress, Ingress::Open);
    assert_eq!(model.boundary(&id("y")).unwrap().ingress, Ingress::Unknown);
}

#[test]
fn errors_say_where_and_what() {
    insta::assert_snapshot!(refused("web: web-sever"), @"line 1, column 6: the kind `web-sever` is not known; did you mean `web-server`?");
    insta::assert_snapshot!(refused("user -> lb\nuser -> web: htps"), @"line 2, column 14: the protocol `htps` is not known; did you mean `https`?");
    insta::assert_snapshot!(refused("a -> b [encypted yes]"), @"line 1, column 9: a flow has no property `encypted`; did you mean `encrypted`?");
    insta::assert_snapshot!(refused("a -> b [encrypted maybe]"), @"line 1, column 19: expected an answer, found `maybe`; write yes, no, na or unknown");
    insta::assert_snapshot!(refused("a -> b [hard soft]"), @"line 1, column 14: expected `;` or `]`, found `soft`; properties are separated by `;`");
    insta::assert_snapshot!(refused("a [replicas two]"), @"line 1, column 13: expected a whole number, found `two`");
    insta::assert_snapshot!(refused("a [pool x; pool y]"), @"line 1, column 12: `pool` is said twice; say it once");
    insta::assert_snapshot!(refused("a [listens https]"), @"line 1, column 12: expected ports, found `https`; write 443, tcp/80,443, udp/53, tcp/8000-8080, any or none");
    insta::assert_snapshot!(refused("a [pool"), @"line 1, column 8: expected a text, found the end of the text");
    insta::assert_snapshot!(refused("a\na"), @"line 2, column 1: the id `a` stands twice; it is a component already; an id names one element");
    insta::assert_snapshot!(refused("a [within dta]\nboundary data: tier"), @"line 1, column 11: there is no boundary `dta`; did you mean `data`?");
    insta::assert_snapshot!(refused("boundary data: teir"), @"line 1, column 16: the kind of boundary `teir` is not known; did you mean `tier`?");
    insta::assert_snapshot!(refused("boundary data {"), @"line 1, column 10: expected `: kind` after the boundary `data`; write one of internet-edge, region, data-centre, availability-zone, network, subnet-tier, account, cluster, host, container, process, organisation");
    insta::assert_snapshot!(refused("boundary d: tier {\n a\n"), @"line 1, column 18: the braces of `d` are not closed; add a `}`");
    insta::assert_snapshot!(refused("a }"), @"line 1, column 3: no boundary is open that this `}` could close");
    insta::assert_snapshot!(refused("a { b }"), @"line 1, column 3: only a boundary has braces; write `boundary id: kind {`");
    insta::assert_snapshot!(refused("bondary d: tier"), @"line 1, column 9: expected `:`, `->`, `[` or the end of the statement, found `d`; did you mean `boundary`?");
    insta::assert_snapshot!(refused("a \"no end"), @r#"line 1, column 3: expected a closing `"` on this line; a line break in a text is written \n"#);
    insta::assert_snapshot!(refused("a \"\\x\""), @r#"line 1, column 5: this escape is not known; the escapes are \" \\ \n \r \t and \u{1f600}"#);
    insta::assert_snapshot!(refused("a/b -> c"), @"line 1, column 1: expected a component, found `a/b`; an id is 1 to 64 of a-z, 0-9, - and _; a name goes in quotes after it");
    insta::assert_snapshot!(refused("-> c"), @"line 1, column 1: expected a statement, found `->`; write `id: kind`, `a -> b: https` or `boundary id: kind { … }`");
    insta::assert_snapshot!(refused("a -> "), @"line 1, column 6: expected a component, found the end of the text");
    insta::assert_snapshot!(refused("asset a; b -> a"), @"line 1, column 15: `a` is an asset, and a flow's ends are components; in quotes it is taken as it is");
    insta::assert_snapshot!(refused("f: a -> b -> c"), @"line 1, column 1: this one statement draws 2 flows; an id names one flow: leave it out, or draw one");
    insta::assert_snapshot!(refused("feature f [flows a-c]; a -> b"), @"line 1, column 18: there is no flow `a-c`; did you mean `a-b`?");
    insta::assert_snapshot!(refused("threat t [stride spoof]"), @"line 1, column 18: expected a category of STRIDE; did you mean `spoofing`?");
}

#[test]
fn hostile_texts_end() {
    assert!(refused(&"boundary a: host {\n".repeat(10)).contains("stands twice"));
    let deep = (0..70).map(|n| format!("boundary b{n}: host {{\n")).collect::<Vec<_>>().concat();
    insta::assert_snapshot!(refused(&deep), @"line 64, column 20: boundaries stand at most 64 deep; say `within` instead of braces");
    let many = |n: usize| (0..n).map(|it| format!("a{it}")).collect::<Vec<_>>().join(",");
    insta::assert_snapshot!(refused(&format!("{} -> {}", many(100), many(100))), @"line 1, column 1: this one statement draws 10000 flows; draw fewer at once");
    for text in [
        "[",
        "{",
        "\"",
        "a [",
        "a: ",
        "a -> ",
        ": ",
        ", ",
        "->",
        "a ",
        "#",
        ";",
        "a [listens ",
        "a [allows 1 from ",
    ] {
        drop(read(&text.repeat(20_000)));
    }
}
