//! What holds for rules on load and growth: on random architectures with figures, and on shops that grow.

use parapet::formats::text;
use parapet::model::{Api, Brief, BriefFigure, Column, Component, Dataset, Draft, Figure, Id, Model};
use proptest::prelude::*;

use crate::rules::{Numbers, architectures, every_choice_answers, every_fix_mends};

fn numbers() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..160)
}

/// An architecture with figures, answers, calls and datasets.
fn with_figures(mut model: Model, numbers: Vec<u8>) -> Model {
    let mut it = Numbers(numbers.into_iter());
    let components: Vec<Id> = model.components().keys().cloned().collect();
    let assets: Vec<Id> = model.assets().keys().cloned().collect();
    let mut draft = Draft::of(&model);
    for id in &components {
        draft.edit::<Component>(id, |component| scale(&mut it, component));
    }
    let id = |stem: &str, n: usize| Id::slug(&format!("{stem}{n}"));
    for n in 0..it.below(4) {
        let asset = Some(it.one(&assets));
        let columns = vec![Column { name: "total".to_owned(), asset }];
        let mut dataset = Dataset { store: Some(it.one(&components)), columns, ..Dataset::default() };
        for control in ["single-shard-queries", "store-choice", "consistent-hashing"] {
            dataset.controls.set(control, it.answer());
        }
        draft.put(id("dataset", n), dataset);
        let name = it.one(&["exportOrders", "getOrder"]).to_owned();
        let mut api = Api { name, component: Some(it.one(&components)), ..Api::default() };
        api.controls.set("quick-answers", it.answer());
        draft.put(id("api", n), api);
    }
    let value = Figure::new(it.below(900) as f64);
    let figure = BriefFigure { name: "Data".to_owned(), value, unit: "GB".to_owned() };
    draft.put((), Brief { figures: vec![figure], ..Brief::default() });
    let edit = draft.finish();
    model.apply(&edit);
    model
}

fn scale(it: &mut Numbers, component: &mut Component) {
    let figure = |number: usize, of: f64| Figure::new(number as f64 / of);
    match component.kind.as_str() {
        "user" | "admin" | "partner-system" => {
            component.requests_per_second = figure(it.below(40) * 100, 1.0);
            component.read_share = if it.rarely(4) { None } else { figure(it.below(11), 10.0) };
        }
        "load-balancer" | "api-gateway" | "dns" => {
            let known = ["", "", "round-robin", "dns", "per-resource", "least-busy"];
            component.balancing = it.one(&known).to_owned();
        }
        "cache" | "object-store" => component.hit_ratio = figure(it.below(11), 10.0),
        "sql-database" if it.rarely(3) => component.name = it.one(&["Shard 1", "Shard 2"]).to_owned(),
        "sql-database" if it.rarely(6) => "shard-directory".clone_into(&mut component.kind),
        _ => {}
    }
    if it.rarely(2) {
        component.capacity = figure(it.below(30) * 50, 1.0);
    }
    let control = it.one(&["consistent-hashing", "cache-policy", "conflict-resolution", "scales-out"]);
    component.controls.set(control, it.answer());
}

/// A shop with balancers, a cache, copies, partitions and a queue, each as chance has it.
fn shop(numbers: Vec<u8>) -> Model {
    let mut it = Numbers(numbers.into_iter());
    let mut text = "asset orders: confidential; asset logins: secret [credential yes]\n".to_owned();
    let answers = ["unknown", "yes", "no", "na"];
    let mut say = |what: &str| {
        text.push_str(what);
        text.push('\n');
    };
    say(&format!(
        "user [requests-per-second {}; read-share 0.{}]; brief \"Shop\" [figure \"Data\" {} \"GB\"]",
        100 * it.below(60),
        it.below(10),
        it.below(1000)
    ));
    let kinds = ["zone", "host", "tier"];
    let capacity = |it: &mut Numbers| match it.below(3) {
        0 => String::new(),
        _ => format!("; capacity {}", 50 * (1 + it.below(60))),
    };
    let entry = it.one(&["lb", "dns", "cdn", "gw"]);
    let balancing = it.one(&["", "; balancing dns", "; balancing least-busy", "; balancing per-resource"]);
    let hits = it.one(&["", "; hit-ratio 0.5", "; hit-ratio 1"]);
    say(&format!("user -> {entry} -> web-1, web-2: https; {entry} [notes x{balancing}{hits}]"));
    for n in 1..=2 {
        let (kind, capacity) = (it.one(&kinds), capacity(&mut it));
        let (replicas, answer, pool) = (it.below(4), it.one(&answers), it.one(&["", "; pool p"]));
        say(&format!(
            "boundary z{n}: {kind} {{ web-{n}: web-server [replicas {replicas}{capacity}{pool}; scales-out {answer}] }}"
        ));
    }
    let access = ["", " [read]", " [write]", " [read-write]"];
    for (store, name) in [("p", "Primary"), ("q", "Other"), ("s1", "Shard 1"), ("s2", "Shard 2")] {
        if it.rarely(2) || store == "p" {
            let (capacity, answer) = (capacity(&mut it), it.one(&answers));
            let keeps = it.one(&["stores orders", "stores logins", "stores orders, logins", "notes none"]);
            say(&format!(
                "{store} \"{name}\": postgres [{keeps}{capacity}; conflict-resolution {answer}; consistent-hashing {answer}]"
            ));
            let (one, two) = (it.one(&access), it.one(&access));
            say(&format!("web-1 -> {store}{one}; web-2 -> {store}{two}"));
            if it.rarely(3) {
                let (takes_over, said) = (it.one(&answers), it.one(&answers));
                say(&format!(
                    "{store}-copy: postgres [takes-over {takes_over}]; {store} -> {store}-copy [replicate]"
                ));
                say(&format!("web-1 -> {store}-copy [read; read-after-write {said}]"));
                if it.rarely(2) {
                    say(&format!("{store}-copy -> {store} [replicate]"));
                }
            }
            if it.rarely(3) {
                let (answer, choice) = (it.one(&answers), it.one(&answers));
                say(&format!(
                    "dataset {store}-set [store {store}; columns c holds orders; single-shard-queries {answer}; store-choice {choice}]"
                ));
            }
        }
    }
    if it.rarely(2) {
        let (ratio, keeps, answer) = (it.below(10), it.one(&["", "; stores orders"]), it.one(&answers));
        say(&format!(
            "cache: redis [hit-ratio 0.{ratio}{keeps}; cache-policy {answer}]; web-1, web-2 -> cache"
        ));
    }
    if it.rarely(2) {
        let capacity = capacity(&mut it);
        say(&format!("map: shard-directory [notes x{capacity}]; web-1, web-2 -> map [read]"));
    }
    if it.rarely(2) {
        let capacity = capacity(&mut it);
        say(&format!(
            "web-1 -> queue [publish]; worker -> queue [consume]; worker [notes x{capacity}]; worker -> p [write]"
        ));
    }
    let answer = it.one(&answers);
    say(&format!("api call \"exportOrders\" [component web-2; quick-answers {answer}]"));
    text::read(&text).unwrap_or_else(|it| panic!("{it}\n{text}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..ProptestConfig::default() })]

    #[test]
    fn with_figures_every_fix_mends_and_every_choice_answers(model in architectures(), numbers in numbers()) {
        let model = with_figures(model, numbers);
        prop_assert_eq!(every_fix_mends(&model), Ok(()), "{}", text::write(&model));
        prop_assert_eq!(every_choice_answers(&model), Ok(()), "{}", text::write(&model));
    }

    #[test]
    fn of_a_shop_every_fix_mends_and_every_choice_answers(numbers in numbers()) {
        let model = shop(numbers);
        prop_assert_eq!(every_fix_mends(&model), Ok(()), "{}", text::write(&model));
        prop_assert_eq!(every_choice_answers(&model), Ok(()), "{}", text::write(&model));
    }
}
