//! The questions about work that was not saved, and about a file that changed, in the window.

use egui::{Key, Role};
use egui_kittest::kittest::Queryable as _;
use parapet::editor::{Editor, Effect, Event, Keep, Lost, Modal, Surroundings};
use parapet::formats::journal::{self, Head};
use parapet::scene::Pos;

use crate::window::{editor, picture, window};

const PATH: &str = "/home/me/drawings/shop.parapet.ron";

fn lost(id: &str, title: &str, steps: usize) -> Lost {
    Lost {
        id: id.to_owned(),
        title: title.to_owned(),
        path: Some(PATH.to_owned()),
        ago_s: 12 * 60,
        steps,
        is_readable: true,
        fault: None,
    }
}

fn orders(editor: &mut Editor) -> Vec<Keep> {
    let effects = editor.take_effects().into_iter();
    effects
        .filter_map(|it| match it {
            Effect::Journal(it) => Some(it),
            _ => None,
        })
        .collect()
}

#[test]
fn lost_work_is_listed_and_restored_from_the_keyboard() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let damaged = Lost { fault: Some("line 7 does not read".to_owned()), ..lost("b", "Payments", 1) };
    editor(&mut harness).handle(Event::Lost(vec![lost("a", "Three-tier shop", 14), damaged]));
    harness.run_ok();
    picture(&mut harness, "lost");
    for said in ["Three-tier shop", "14 steps not saved, the last one 12 minutes ago", PATH, "Payments"] {
        assert!(harness.query_all_by_label(said).next().is_some(), "{said}");
    }
    assert!(harness.query_by_label_contains("line 7 does not read").is_some());
    let restore = harness.get_by_role_and_label(Role::Button, "Restore Three-tier shop");
    assert!(restore.is_focused(), "Enter restores");
    harness.key_press(Key::Enter);
    harness.run_ok();
    let asked = orders(editor(&mut harness));
    assert!(matches!(&asked[..], [Keep::Restore(id)] if id == "a"), "{asked:?}");
    // What comes is a document with its steps.
    let mut before = Editor::new(Surroundings::fixed());
    let base = before.model().clone();
    before.add_component("user", Pos::ZERO);
    let mut text = journal::begin(&Head { is_saved: true, ..Head::default() }, &base);
    for keep in orders(&mut before) {
        if let Keep::Line(line) = keep {
            text.push_str(&journal::line(&line));
        }
    }
    editor(&mut harness).handle(Event::Restored { id: "a".to_owned(), bytes: text.into_bytes() });
    harness.run_ok();
    assert!(harness.query_by_label("· not saved").is_some());
    assert!(harness.query_by_label_contains("Restored Untitled with 1 step").is_some());
    assert_eq!(editor(&mut harness).model(), before.model());
    // The other one is still there for whoever wants it.
    editor(&mut harness).run("file.restore");
    harness.run_ok();
    assert!(harness.query_by_role_and_label(Role::Button, "Restore Payments").is_some());
}

#[test]
fn lost_work_is_kept_by_esc_and_thrown_away_by_two_presses() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).handle(Event::Lost(vec![lost("a", "Shop", 2)]));
    harness.run_ok();
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert_eq!((editor(&mut harness).shown.modal.clone(), editor(&mut harness).lost().len()), (None, 1));
    editor(&mut harness).run("file.restore");
    harness.run_ok();
    orders(editor(&mut harness));
    harness.key_press(Key::Tab);
    harness.run_ok();
    assert!(harness.get_by_label("Discard Shop").is_focused());
    harness.key_press(Key::Enter);
    harness.run_ok();
    assert!(orders(editor(&mut harness)).is_empty(), "one press throws nothing away");
    picture(&mut harness, "lost-doubted");
    assert!(harness.get_by_label("Keep Shop").is_focused());
    harness.key_press(Key::Enter);
    harness.run_ok();
    assert!(orders(editor(&mut harness)).is_empty(), "nor does the same key twice");
    harness.get_by_label("Discard Shop").click();
    harness.run_ok();
    harness.get_by_label("Discard for good Shop").click();
    harness.run_ok();
    let asked = orders(editor(&mut harness));
    assert!(matches!(&asked[..], [Keep::Discard(id)] if id == "a"), "{asked:?}");
    assert_eq!(editor(&mut harness).shown.modal, None);
}

#[test]
fn a_file_that_changed_is_asked_about() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let (name, path) = ("shop.parapet.ron".to_owned(), Some(PATH.to_owned()));
    editor(&mut harness).handle(Event::Opened { name, path, bytes: b"(format: 1)".to_vec() });
    editor(&mut harness).add_component("user", Pos::ZERO);
    editor(&mut harness).save();
    let ask = |editor: &mut Editor| {
        let effects = editor.take_effects();
        let Some(Effect::Save { ticket, .. }) = effects.last() else { panic!("{effects:?}") };
        editor.handle(Event::OthersThere { path: PATH.to_owned(), ticket: *ticket });
    };
    ask(editor(&mut harness));
    harness.run_ok();
    picture(&mut harness, "others-there");
    assert!(harness.query_by_label_contains("Another program has changed this file").is_some());
    assert!(harness.get_by_role_and_label(Role::Button, "Save a copy as…").is_focused());
    harness.get_by_label("Cancel").click();
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.modal, None);
    editor(&mut harness).save();
    ask(editor(&mut harness));
    harness.run_ok();
    harness.get_by_label("Overwrite").click();
    harness.run_ok();
    assert!(matches!(editor(&mut harness).take_effects().last(), Some(Effect::Save { .. })));
    editor(&mut harness).shown.modal =
        Some(Modal::OthersThere { path: "/tmp/b.ron".to_owned(), after: None });
    harness.run_ok();
    assert!(harness.query_by_label_contains("There is a file of this name already").is_some());
    harness.get_by_label("Open that file").click();
    harness.run_ok();
    assert!(matches!(editor(&mut harness).take_effects().last(), Some(Effect::OpenPath(_))));
}
