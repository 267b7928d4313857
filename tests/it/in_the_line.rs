//! What is put into a flow stands in its line, a flow is named with what it speaks, and a copy of a boundary has its gates.

use egui::vec2;
use egui_kittest::kittest::Queryable as _;

use crate::canvas::{desk, drag, editor, id, picture};

/// Two cards near each other, a tier beyond them with a gate, and a card far below.
const NEAR: &str = r#"(
    format: 1,
    components: {
        "web": (kind: "web-server", name: "Web"), "app": (kind: "application-server", name: "App"),
        "db": (kind: "sql-database", name: "Ledger", within: "tier"), "low": (kind: "cache", name: "Low"),
        "fw": (kind: "firewall", name: "Guard", gate_of: "tier"),
    },
    boundaries: {"tier": (kind: "subnet-tier", name: "Data tier")},
    flows: {
        "f": (from: "web", to: "app", protocol: "http", port: "tcp/8080"),
        "g": (from: "app", to: "db", protocol: "postgres", port: "tcp/5432"),
    },
    views: {"main": (name: "Main")},
    places: {
        ("main", "web"): (x: 0, y: 80, width: 176), ("main", "app"): (x: 232, y: 80, width: 176), ("main", "low"): (x: 0, y: 320),
        ("main", "tier"): (x: 560, y: 0, width: 280, height: 240), ("main", "db"): (x: 608, y: 80), ("main", "fw"): (side: left, offset: 0.45),
    },
)"#;

#[test]
fn alt_drag_of_a_boundary_takes_a_copy_of_its_gate_along() {
    let mut desk = desk(NEAR);
    let title = desk.get_by_label_contains("Data tier, subnet tier").rect().left_top() + vec2(30.0, 8.0);
    drag(&mut desk, title, title + vec2(0.0, 180.0), "alt");
    picture(&mut desk, "gates-copied");
    let editor = editor(&mut desk);
    let copy = editor.selected_one().cloned().unwrap();
    let seats = |of: &parapet::model::Id| {
        let corner = editor.layout().rect(of).unwrap().min;
        let gates = editor.layout().gates.values().filter(|it| it.boundary == *of);
        gates.map(|it| (it.side, it.rect.min - corner)).collect::<Vec<_>>()
    };
    assert_eq!(seats(&copy), seats(&id("tier")));
    assert_eq!(seats(&copy).len(), 1);
}
