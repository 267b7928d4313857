//! What is put into a flow stands in its line, a flow is named with what it speaks, and a copy of a boundary has its gates.

use egui::{Event, Key, Modifiers, PointerButton, vec2};
use egui_kittest::kittest::Queryable as _;
use parapet::editor::Tool;

use crate::canvas::{Desk, at, button, click, desk, double_click, drag, editor, held, id, picture, pull};

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
fn where_a_flow_is_short_what_is_dropped_on_it_makes_room() {
    let mut desk = desk(NEAR);
    let [web, app] =
        ["Web, web server", "App, application server"].map(|it| desk.get_by_label_contains(it).rect());
    let between = web.center().lerp(app.center(), 0.5);
    editor(&mut desk).shown.tool = Tool::Place("firewall".to_owned());
    desk.hover_at(between);
    desk.run_ok();
    picture(&mut desk, "room-between");
    click(&mut desk, between, "");
    picture(&mut desk, "room-between-made");
    let editor = editor(&mut desk);
    let new = editor.selected_one().cloned().unwrap();
    let rect = |it: &str| editor.layout().rect(&id(it)).unwrap();
    let card = editor.layout().rect(&new).unwrap();
    assert_eq!(editor.model().flow(&id("f")).unwrap().to, new);
    assert_eq!((rect("web").min.x, rect("low").min.x), (0.0, 0.0));
    assert!(rect("web").max.x < card.min.x && card.max.x < rect("app").min.x, "{card:?}");
    assert_eq!(card.centre().y, rect("app").centre().y, "in the line");
    assert_eq!(rect("tier").min.x - rect("app").min.x, 560.0 - 232.0);
    editor.undo();
    assert_eq!(editor.history().next_undo(), None, "one step");
}

#[test]
fn a_card_without_flows_is_dragged_into_one_and_all_others_stay_out() {
    let text = NEAR.replace(r#""fw":"#, r#""free": (kind: "cache", name: "Free"), "fw":"#);
    let mut desk =
        desk(&text.replace(r#"("main", "low")"#, r#"("main", "free"): (x: 240, y: 320), ("main", "low")"#));
    let flows = |desk: &mut Desk| editor(desk).model().flows().len();
    let [web, app, free] = ["Web, web server", "App, application server", "Free, key-value cache"]
        .map(|it| desk.get_by_label_contains(it).rect());
    let between = web.center().lerp(app.center(), 0.5);
    let before = editor(&mut desk).model().clone();
    // Wherever it is pressed, it is its middle that counts, and not the pointer.
    let press = free.center() - vec2(40.0, 18.0);
    let off = press - free.center();
    drag(&mut desk, press, between, "");
    assert_eq!(flows(&mut desk), 2, "the pointer alone is on the line");
    editor(&mut desk).undo();
    desk.run_ok();
    pull(&mut desk, press, between + off, "");
    picture(&mut desk, "card-into-flow");
    desk.key_press(Key::Escape);
    button(&mut desk, between + off, PointerButton::Primary, false, Modifiers::NONE);
    assert_eq!(*editor(&mut desk).model(), before, "given up, it leaves nothing behind");
    drag(&mut desk, press, between + off, "ctrl");
    picture(&mut desk, "card-into-flow-made");
    let editor_ = editor(&mut desk);
    let [web, card, app] = ["web", "free", "app"].map(|it| editor_.layout().rect(&id(it)).unwrap());
    assert_eq!(editor_.model().flow(&id("f")).unwrap().to, id("free"));
    assert!(web.max.x < card.min.x && card.max.x < app.min.x, "{card:?}");
    assert_eq!(card.centre().y, app.centre().y, "in the line");
    assert_eq!(editor_.selected_one(), Some(&id("free")));
    editor_.undo();
    assert_eq!(*editor_.model(), before, "one step");
    // Alt that is pressed meanwhile keeps it out, as it does of boundaries.
    desk.run_ok();
    pull(&mut desk, press, between + off, "");
    desk.event(Event::ModifiersChanged(held("alt")));
    desk.run_ok();
    button(&mut desk, between + off, PointerButton::Primary, false, held("alt"));
    desk.event(Event::ModifiersChanged(Modifiers::NONE));
    assert_eq!(flows(&mut desk), 2);
    // It lies on the line now: a little aside, it is only moved.
    let card = at(&desk, "Free, key-value cache");
    drag(&mut desk, card, card + vec2(0.0, 6.0), "");
    assert_eq!(flows(&mut desk), 2);
    // What has flows, a copy, and several stay out.
    (0..2).for_each(|_| editor(&mut desk).undo());
    desk.run_ok();
    for (element, keys) in
        [("Guard, firewall", ""), ("Low, key-value cache", "alt"), ("Ledger, sql database", "")]
    {
        let from = at(&desk, element);
        drag(&mut desk, from, between, keys);
        assert_eq!(flows(&mut desk), 2, "{element}");
        editor(&mut desk).undo();
        desk.run_ok();
    }
    let [free, low] = [at(&desk, "Free, key-value cache"), at(&desk, "Low, key-value cache")];
    click(&mut desk, low, "");
    click(&mut desk, free, "shift");
    drag(&mut desk, free, between, "");
    assert_eq!(flows(&mut desk), 2);
}

#[test]
fn a_short_flow_in_clear_text_shows_its_lock_alone() {
    let mut desk = desk(NEAR);
    picture(&mut desk, "lock-alone");
    let pill = editor(&mut desk).layout().flows[&id("f")].label.clone().unwrap();
    assert!(pill.fits && pill.unfolded.is_some_and(|it| it > pill.rect.width()), "{pill:?}");
    let lock = at(&desk, "Web to App, http");
    desk.hover_at(lock);
    desk.run_steps(12);
    picture(&mut desk, "lock-alone-hovered");
}

fn typed(desk: &mut Desk, text: &str) {
    desk.event(Event::Text(text.to_owned()));
    desk.run_ok();
}

fn press(desk: &mut Desk, key: Key) {
    desk.key_press_modifiers(Modifiers::NONE, key);
    desk.run_ok();
}

#[test]
fn a_flow_is_named_with_its_protocol_and_port_where_it_is() {
    let mut desk = desk(NEAR);
    let pill = at(&desk, "Web to App, http");
    double_click(&mut desk, pill);
    typed(&mut desk, "Orders · https:8443");
    desk.get_by_label_contains("Name “Orders”, HTTPS, port 8443");
    picture(&mut desk, "flow-line");
    press(&mut desk, Key::Enter);
    let flow = |desk: &mut Desk| {
        let it = editor(desk).model().flow(&id("f")).unwrap().clone();
        format!("{}|{}|{}", it.name, it.protocol, it.port)
    };
    assert_eq!(flow(&mut desk), "Orders|https|tcp/8443");
    // Of what is there, the name alone is chosen.
    let pill = at(&desk, "Web to App, https");
    double_click(&mut desk, pill);
    typed(&mut desk, "Payments");
    press(&mut desk, Key::Enter);
    assert_eq!(flow(&mut desk), "Payments|https|tcp/8443");
    double_click(&mut desk, pill);
    press(&mut desk, Key::End);
    typed(&mut desk, " · htps:1");
    desk.get_by_label_contains("“htps” is no known protocol and stays in the name");
    picture(&mut desk, "flow-line-mistaken");
    for _ in 0.." · htps:1".chars().count() {
        press(&mut desk, Key::Backspace);
    }
    press(&mut desk, Key::Escape);
    let editor = editor(&mut desk);
    editor.undo();
    editor.undo();
    assert_eq!(editor.history().next_undo(), None, "two names, two steps");
}

#[test]
fn a_flow_is_led_back_to_its_own_card_by_hand_and_to_no_note() {
    let mut desk = desk(NEAR);
    let app = desk.get_by_label_contains("App, application server").rect();
    editor(&mut desk).shown.tool = Tool::Flow;
    desk.run_ok();
    // What never left it is a click that slipped.
    drag(&mut desk, app.center(), app.center() + vec2(20.0, 4.0), "");
    assert_eq!(editor(&mut desk).model().flows().len(), 2);
    editor(&mut desk).shown.tool = Tool::Flow;
    desk.run_ok();
    pull(&mut desk, app.center(), app.right_top() + vec2(40.0, -60.0), "");
    desk.hover_at(app.center());
    desk.run_ok();
    picture(&mut desk, "flow-to-itself");
    button(&mut desk, app.center(), PointerButton::Primary, false, held(""));
    let new = editor(&mut desk).selected_one().cloned().unwrap();
    let flow = editor(&mut desk).model().flow(&new).unwrap().clone();
    assert_eq!((flow.from, flow.to), (id("app"), id("app")));
    assert_eq!(editor(&mut desk).history().next_undo(), Some("Connect App to itself"));
    // A note takes none, and says so.
    let below = app.center() + vec2(0.0, 160.0);
    editor(&mut desk).shown.tool = Tool::Place("note".to_owned());
    desk.run_ok();
    click(&mut desk, below, "");
    press(&mut desk, Key::Escape);
    editor(&mut desk).shown.tool = Tool::Flow;
    desk.run_ok();
    let count = editor(&mut desk).model().flows().len();
    pull(&mut desk, app.center(), below, "");
    picture(&mut desk, "flow-to-a-note");
    button(&mut desk, below, PointerButton::Primary, false, held(""));
    assert_eq!(editor(&mut desk).model().flows().len(), count);
}

#[test]
fn a_note_is_written_in_several_lines_where_it_stands() {
    let mut desk = desk(NEAR);
    let below = at(&desk, "App, application server") + vec2(0.0, 200.0);
    editor(&mut desk).shown.tool = Tool::Place("note".to_owned());
    desk.run_ok();
    click(&mut desk, below, "");
    typed(&mut desk, "Ask the team:");
    desk.key_press_modifiers(Modifiers::SHIFT, Key::Enter);
    desk.run_ok();
    typed(&mut desk, "who holds the keys?");
    picture(&mut desk, "note-in-lines");
    press(&mut desk, Key::Enter);
    let editor = editor(&mut desk);
    let new = editor.selected_one().cloned().unwrap();
    let note = editor.model().component(&new).unwrap().clone();
    assert_eq!((note.name.as_str(), note.notes.as_str()), ("Ask the team:", "who holds the keys?"));
    assert_eq!(editor.note_text(&new).unwrap(), "Ask the team:\nwho holds the keys?");
    assert_eq!(editor.history().next_undo(), Some("Write the note"));
    editor.undo();
    assert_eq!(editor.note_text(&new).as_deref(), Some("Note"), "in one step");
}

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
