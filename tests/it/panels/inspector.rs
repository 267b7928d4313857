//! The inspector.

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::editor::{Editor, Tab};
use parapet::model::{Access, Allows, Answer, Class, Component, Flow, From, Id, Ingress, Truth};
use parapet::tokens::Face;
use parapet::ui::panels::inspector::Inspector;

use super::{editor_of, empty, panel, picture, snap};

const SHOP: &str = r#"
asset cards "Card numbers": secret
asset people "Customers": confidential [personal yes]
user "Users": user
web "Web servers": web-server [replicas 2; listens tcp/443 https for anywhere; processes people]
web-2 "Web servers 2": web-server
boundary tier "Data tier": subnet-tier [ingress tcp/5432 from web] {
  db "Orders": postgres:16 [stores cards; encryption-at-rest no "next year"]
  fw "Data firewall": firewall [gate-of tier; allows tcp/5432 from web, tcp/22 from anywhere]
}
user -> web: https
f "": web -> db: postgres [read-write; carries cards]
"#;

/// The inspector with these selected.
fn inspector(mut editor: Editor, selected: &[&str], width: f32) -> Harness<'static, Editor> {
    editor.select(selected.iter().map(|it| Id::slug(it)));
    let mut inspector = Inspector::default();
    panel(editor, (width, 1400.0), move |ui, editor| inspector.ui(ui, editor))
}

fn shop(selected: &[&str]) -> Harness<'static, Editor> {
    inspector(editor_of(SHOP), selected, 372.0)
}

fn retype(harness: &mut Harness<'static, Editor>, label: &str, text: &str) {
    harness.get_by_label(label).click();
    harness.run();
    harness.key_press_modifiers(egui::Modifiers::COMMAND, Key::A);
    harness.get_by_label(label).type_text(text);
    harness.run();
}

#[test]
fn every_subject_has_its_form() {
    for (name, selected, width) in [
        ("document", &[][..], 372.0),
        ("component", &["db"][..], 372.0),
        ("component-narrow", &["db"][..], 236.0),
        ("gate", &["fw"][..], 372.0),
        ("web", &["web"][..], 372.0),
        ("boundary", &["tier"][..], 372.0),
        ("flow", &["f"][..], 372.0),
        ("flow-narrow", &["f"][..], 236.0),
        ("asset", &["people"][..], 372.0),
        ("several", &["web", "web-2", "f"][..], 372.0),
    ] {
        let mut harness = inspector(editor_of(SHOP), selected, width);
        harness.run();
        picture(&mut harness, &format!("inspector-{name}"));
        assert_eq!(harness.state().history().next_undo(), None, "{name}: looking changes nothing");
        let beyond = f64::from(harness.ctx.content_rect().right()) - 7.0;
        let wide: Vec<_> = harness
            .root()
            .children_recursive()
            .filter(|it| it.accesskit_node().raw_bounds().is_some_and(|it| it.x1 > beyond && it.x0 > 9.0))
            .map(|it| format!("{it:?}"))
            .collect();
        assert!(wide.is_empty(), "{name}: beyond the panel: {wide:?}");
    }
}

#[test]
fn a_name_is_one_step_when_it_is_left_and_esc_takes_it_back() {
    let mut harness = shop(&["db"]);
    retype(&mut harness, "Name", "Ledger");
    assert_eq!(harness.state().model().title(&Id::slug("db")), "Orders", "a draft as long as it is typed");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().model().title(&Id::slug("db")), "Ledger");
    retype(&mut harness, "Name", "Other");
    harness.key_press(Key::Escape);
    harness.run();
    assert_eq!(harness.state().model().title(&Id::slug("db")), "Ledger");
    harness.state_mut().undo();
    harness.run();
    assert_eq!(harness.state().model().title(&Id::slug("db")), "Orders");
    assert_eq!(harness.state().history().next_undo(), None);
}

#[test]
fn what_was_typed_is_kept_when_something_else_is_selected() {
    let mut harness = shop(&["db"]);
    retype(&mut harness, "Name", "Ledger");
    harness.state_mut().select([Id::slug("web")]);
    harness.run();
    assert_eq!(harness.state().model().title(&Id::slug("db")), "Ledger");
    assert_eq!(harness.state().model().title(&Id::slug("web")), "Web servers");
    assert_eq!(harness.get_by_label("Name").value().as_deref(), Some("Web servers"));
}

#[test]
fn bad_ports_are_said_and_keep_the_model() {
    let mut harness = shop(&["web"]);
    let port = |harness: &Harness<'static, Editor>| {
        harness.state().model().component(&Id::slug("web")).unwrap().listeners[0].port.to_string()
    };
    retype(&mut harness, "Port", "tcp/99999");
    harness.key_press(Key::Enter);
    harness.run();
    snap(&mut harness, "inspector-bad-port");
    harness.get_by_label_contains("are no ports");
    assert_eq!(port(&harness), "tcp/443");
    retype(&mut harness, "Port", "https");
    harness.key_press(Key::Enter);
    harness.run();
    harness.get_by_label_contains("are no ports");
    retype(&mut harness, "Port", "80,443");
    harness.key_press(Key::Enter);
    harness.run();
    assert!(harness.query_by_label_contains("are no ports").is_none());
    assert_eq!(port(&harness), "tcp/80,443");
}

#[test]
fn answers_have_three_states_and_a_fourth_in_the_menu() {
    let mut harness = shop(&["db"]);
    let said = |harness: &Harness<'static, Editor>| {
        harness
            .state()
            .model()
            .component(&Id::slug("db"))
            .unwrap()
            .controls
            .0
            .get("encryption-at-rest")
            .cloned()
    };
    harness.get_by_label("Encryption at rest: Yes").click();
    harness.run();
    assert_eq!(said(&harness), Some(Answer { note: "next year".to_owned(), ..Answer::yes() }));
    harness.get_by_label("Encryption at rest: more answers").click();
    harness.run();
    snap(&mut harness, "inspector-answer-menu");
    harness.get_by_label("Not applicable").click();
    harness.run();
    assert_eq!(said(&harness).map(|it| it.is), Some(Truth::NotApplicable));
    harness.get_by_label("Encryption at rest: Not applicable").click();
    harness.run();
    assert_eq!(said(&harness).map(|it| it.is), Some(Truth::Unknown));
    for _ in 0..3 {
        harness.state_mut().undo();
    }
    assert_eq!(said(&harness), Some(Answer { note: "next year".to_owned(), ..Answer::no() }));
}

#[test]
fn listeners_come_and_go() {
    let mut harness = shop(&["web"]);
    harness.get_by_label("Add a listener").click();
    harness.run();
    let listeners = |harness: &Harness<'static, Editor>| {
        harness.state().model().component(&Id::slug("web")).unwrap().listeners.clone()
    };
    assert_eq!(
        listeners(&harness).iter().map(|it| it.port.to_string()).collect::<Vec<_>>(),
        ["tcp/443", "tcp/80"]
    );
    harness.get_all_by_label("Meant for: Anywhere").last().unwrap().click();
    harness.run();
    assert_eq!(listeners(&harness)[1].meant_for, From::Anywhere);
    harness.get_all_by_label("Remove this listener").next().unwrap().click();
    harness.run();
    assert_eq!(listeners(&harness).len(), 1);
    assert_eq!(listeners(&harness)[0].port.to_string(), "tcp/80");
}

#[test]
fn a_kind_is_chosen_by_typing_and_keeps_the_flows() {
    let mut harness = shop(&["web"]);
    harness.get_by_label("Kind").click();
    harness.run();
    harness.get_by_label("Search").type_text("reverse");
    harness.run();
    snap(&mut harness, "inspector-kinds");
    harness.key_press(Key::Enter);
    harness.run();
    let model = harness.state().model();
    assert_eq!(model.component(&Id::slug("web")).unwrap().kind, "reverse-proxy");
    assert_eq!(model.flows().len(), 2);
}

#[test]
fn technologies_and_protocols_are_proposed() {
    let mut harness = shop(&["web"]);
    retype(&mut harness, "Technology", "apache");
    snap(&mut harness, "inspector-suggestions");
    harness.key_press(Key::ArrowDown);
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let technology = harness.state().model().component(&Id::slug("web")).unwrap().technology.clone();
    assert!(technology.starts_with("Apache"), "{technology}");
    let mut harness = shop(&["f"]);
    retype(&mut harness, "Protocol", "MySQL");
    harness.key_press(Key::Enter);
    harness.run();
    let flow = harness.state().model().flow(&Id::slug("f")).unwrap().clone();
    assert_eq!(flow.protocol, "mysql");
}

#[test]
fn filters_and_boundaries_say_what_they_let_in() {
    let mut harness = shop(&["fw"]);
    harness.get_by_label("Lets through: Unknown").click();
    harness.run();
    let allows = |harness: &Harness<'static, Editor>| {
        harness.state().model().component(&Id::slug("fw")).unwrap().allows.clone()
    };
    assert_eq!(allows(&harness), Allows::Unknown);
    harness.state_mut().undo();
    harness.run();
    harness.get_all_by_label("Remove this entry").last().unwrap().click();
    harness.run();
    assert_eq!(allows(&harness).entries().len(), 1);
    let mut harness = shop(&["tier"]);
    harness.get_by_label("Lets in: Everything").click();
    harness.run();
    assert_eq!(harness.state().model().boundary(&Id::slug("tier")).unwrap().ingress, Ingress::Open);
    harness.get_by_label("Data firewall").click();
    harness.run();
    assert_eq!(harness.state().selected_one(), Some(&Id::slug("fw")));
}

#[test]
fn data_is_added_where_it_is_kept() {
    let mut harness = shop(&["db"]);
    harness.get_by_label("Add what it keeps").click();
    harness.run();
    harness.get_by_label("Search or name a new one").type_text("Invoices");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let model = harness.state().model();
    let stores = &model.component(&Id::slug("db")).unwrap().stores;
    assert_eq!(stores.iter().map(|it| model.title(it)).collect::<Vec<_>>(), ["Card numbers", "Invoices"]);
    harness.get_by_label("Remove Card numbers").click();
    harness.run();
    assert_eq!(harness.state().model().component(&Id::slug("db")).unwrap().stores.len(), 1);
}

#[test]
fn a_flow_is_edited() {
    let mut harness = shop(&["f"]);
    harness.get_by_label("Does").click();
    harness.run();
    harness.get_by_label("Replicate").click();
    harness.run();
    harness.get_by_label("Encrypted: Yes").click();
    harness.run();
    let flow = harness.state().model().flow(&Id::slug("f")).unwrap().clone();
    assert_eq!((flow.access, flow.encrypted.is), (Access::Replicate, Truth::Yes));
    harness.get_by_label("Turn it around").click();
    harness.run();
    assert_eq!(harness.state().model().flow(&Id::slug("f")).unwrap().from, Id::slug("db"));
}

#[test]
fn several_are_answered_at_once() {
    let mut harness = shop(&["web", "web-2"]);
    harness.get_by_label("Rate limiting: Yes").click();
    harness.run();
    let model = harness.state().model();
    for id in ["web", "web-2"] {
        assert_eq!(model.component(&Id::slug(id)).unwrap().controls.truth("rate-limiting"), Truth::Yes);
    }
    harness.state_mut().undo();
    assert_eq!(harness.state().history().next_undo(), None);
}

#[test]
fn the_document_holds_title_data_and_use_cases() {
    let mut harness = shop(&[]);
    retype(&mut harness, "Title", "Shop");
    harness.key_press(Key::Enter);
    harness.run();
    harness.get_by_label("Use cases").click();
    harness.run();
    retype(&mut harness, "Use cases: one more", "Buy");
    harness.key_press(Key::Enter);
    harness.run();
    let brief = harness.state().model().the_brief().clone();
    assert_eq!((brief.title.as_str(), &brief.use_cases[..]), ("Shop", &["Buy".to_owned()][..]));
    harness.get_by_label("Add data").click();
    harness.run();
    let id = harness.state().selected_one().unwrap().clone();
    harness.get_by_label("Class").click();
    harness.run();
    harness.get_by_label("Secret").click();
    harness.run();
    assert_eq!(harness.state().model().asset(&id).unwrap().class, Class::Secret);
}

#[test]
fn problems_of_the_file_lead_to_their_element() {
    let mut harness = inspector(editor_of(&format!("{SHOP}\nlost: worker [within \"nowhere\"]")), &[], 372.0);
    picture(&mut harness, "inspector-problems");
    harness.get_by_label("lost").click();
    harness.run();
    assert_eq!(harness.state().selected_one(), Some(&Id::slug("lost")));
}

#[test]
fn small_rows_lead_to_what_is_wrong() {
    let mut harness = shop(&["db"]);
    harness.get_by_label_contains("Nothing encrypts Card numbers").click();
    harness.run();
    assert_eq!(harness.state().shown.tab, Tab::Findings);
    assert!(harness.state().shown.chosen.is_some());
}

#[test]
fn an_empty_document_has_a_form_too() {
    let mut harness = inspector(empty(), &[], 372.0);
    picture(&mut harness, "inspector-empty");
    harness.get_by_label("Add data");
}

#[test]
fn fields_of_several_that_differ_say_so() {
    let mut editor = editor_of(SHOP);
    for (id, pool) in [("web", "front"), ("web-2", "back")] {
        editor.amend::<Component>(&Id::slug(id), "Set the pool", |it| pool.clone_into(&mut it.pool));
    }
    let harness = inspector(editor, &["web", "web-2"], 372.0);
    let hint = |label: &str| harness.get_by_label(label).accesskit_node().placeholder().map(str::to_owned);
    assert_eq!(hint("Pool").as_deref(), Some("Several"));
    assert_eq!(hint("Replicas").as_deref(), Some("Several"), "2 and none");
    // Neither says what it is made with.
    assert_ne!(hint("Technology").as_deref(), Some("Several"));
}

#[test]
fn screen_readers_get_the_whole_of_a_name_that_is_cut() {
    let name = "Database of everything that the zone in the far north-west has ever heard of anybody";
    let mut editor = editor_of(SHOP);
    editor.rename(&Id::slug("db"), name);
    let mut harness = inspector(editor, &["db"], 372.0);
    assert_eq!(harness.get_by_label("Name").accesskit_node().value().as_deref(), Some(name));
    // Whoever writes it has all of it before them.
    retype(&mut harness, "Name", "Ledger");
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(harness.state().model().title(&Id::slug("db")), "Ledger");
}

#[test]
fn answers_begin_where_fields_do_and_their_menus_stand_in_one_column() {
    let mut editor = editor_of(SHOP);
    let flow = Id::slug("f");
    editor.amend::<Flow>(&flow, "Answer", |it| it.authenticated.is = Truth::NotApplicable);
    let harness = inspector(editor, &["f"], 372.0);
    let rect = |label: &str| harness.get_by_label(label).rect();
    let field = rect("Does");
    assert!((rect("Encrypted: Unknown").left() - field.left()).abs() < 0.5);
    assert!((rect("Authenticated: Not applicable").left() - field.left()).abs() < 0.5);
    for name in ["Encrypted", "Authenticated", "Second factor"] {
        let more = rect(&format!("{name}: more answers"));
        assert!((more.right() - field.right()).abs() < 0.5, "{name}: {more} and {field}");
    }
}

#[test]
fn the_class_of_data_is_read_whole() {
    let harness = shop(&[]);
    let class = harness.get_all_by_label("Class").next().unwrap().rect();
    let longest = Class::ALL.iter().map(|it| Face::Sans.width(13.0, it.label())).fold(0.0, f32::max);
    assert!(class.width() > longest + 2.0 * (8.0 + 14.0), "{class}");
}
