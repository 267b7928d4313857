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
    insta::assert_snapshot!(refused("web: web-sever"), @"");
    insta::assert_snapshot!(refused("user -> lb\nuser -> web: htps"), @"");
    insta::assert_snapshot!(refused("a -> b [encypted yes]"), @"");
    insta::assert_snapshot!(refused("a -> b [encrypted maybe]"), @"");
    insta::assert_snapshot!(refused("a -> b [hard soft]"), @"");
    insta::assert_snapshot!(refused("a [replicas two]"), @"");
    insta::assert_snapshot!(refused("a [pool x; pool y]"), @"");
    insta::assert_snapshot!(refused("a [listens https]"), @"");
    insta::assert_snapshot!(refused("a [pool"), @"");
    insta::assert_snapshot!(refused("a\na"), @"");
    insta::assert_snapshot!(refused("a [within dta]\nboundary data: tier"), @"");
    insta::assert_snapshot!(refused("boundary data: teir"), @"");
    insta::assert_snapshot!(refused("boundary data {"), @"");
    insta::assert_snapshot!(refused("boundary d: tier {\n a\n"), @"");
    insta::assert_snapshot!(refused("a }"), @"");
    insta::assert_snapshot!(refused("a { b }"), @"");
    insta::assert_snapshot!(refused("bondary d: tier"), @"");
    insta::assert_snapshot!(refused("a \"no end"), @"");
    insta::assert_snapshot!(refused("a \"\\x\""), @"");
    insta::assert_snapshot!(refused("a/b -> c"), @"");
    insta::assert_snapshot!(refused("-> c"), @"");
    insta::assert_snapshot!(refused("a -> "), @"");
    insta::assert_snapshot!(refused("asset a; b -> a"), @"");
    insta::assert_snapshot!(refused("f: a -> b -> c"), @"");
    insta::assert_snapshot!(refused("feature f [flows a-c]; a -> b"), @"");
    insta::assert_snapshot!(refused("threat t [stride spoof]"), @"");
}

#[test]
fn hostile_texts_end() {
    assert!(refused(&"boundary a: host {\n".repeat(10)).contains("stands twice"));
    let deep: String = (0..70).map(|n| format!("boundary b{n}: host {{\n")).collect();
    insta::assert_snapshot!(refused(&deep), @"");
    let many = |n: usize| (0..n).map(|it| format!("a{it}")).collect::<Vec<_>>().join(",");
    insta::assert_snapshot!(refused(&format!("{} -> {}", many(100), many(100))), @"");
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
