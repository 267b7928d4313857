//! What one rule found in several places stands in one row, which unfolds.

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::editor::Editor;

use super::{editor_with, findings, pick, plaintext, ssh};
use crate::panels::picture;

const SSH: &str = "SSH is exposed to the internet";
const ROW: &str = "Unencrypted across a boundary (6)";

fn six() -> Harness<'static, Editor> {
    findings(editor_with([ssh()].into_iter().chain((0..6).map(plaintext)).collect()), 900.0)
}

fn shown(harness: &Harness<'static, Editor>) -> usize {
    harness.query_all_by_label_contains("TLS ends before personal").count()
}

fn press(harness: &mut Harness<'static, Editor>, key: Key) {
    harness.key_press(key);
    harness.run();
}

#[test]
fn what_one_rule_found_in_several_places_stands_in_one_row() {
    let mut harness = six();
    assert_eq!(shown(&harness), 0);
    harness.get_by_label(SSH);
    let node = harness.get_by_label(ROW);
    let node = node.accesskit_node();
    assert_eq!(node.role(), egui::accesskit::Role::DisclosureTriangle);
    assert_eq!(node.data().description(), Some("Medium. Load balancers"), "how bad at worst, and where");
    picture(&mut harness, "findings-alike");
    harness.get_by_label(ROW).click();
    harness.run();
    assert_eq!(shown(&harness), 6);
    picture(&mut harness, "findings-alike-unfolded");
    harness.get_by_label(ROW).click();
    harness.run();
    assert_eq!(shown(&harness), 0);
    // Two stand by themselves.
    let harness = findings(editor_with((0..2).map(plaintext).chain([ssh()]).collect()), 900.0);
    assert_eq!(shown(&harness), 2);
}

#[test]
fn arrows_walk_over_what_is_alike_and_fold_it() {
    let mut harness = six();
    harness.get_by_label(SSH).focus();
    harness.run();
    press(&mut harness, Key::ArrowDown);
    assert!(harness.get_by_label(ROW).is_focused());
    press(&mut harness, Key::ArrowLeft);
    assert!(shown(&harness) == 0 && harness.get_by_label(ROW).is_focused(), "it is folded already");
    press(&mut harness, Key::ArrowRight);
    assert!(shown(&harness) == 6 && harness.get_by_label(ROW).is_focused());
    press(&mut harness, Key::ArrowDown);
    assert!(harness.get_by_label("TLS ends before personal data 0").is_focused());
    press(&mut harness, Key::ArrowUp);
    press(&mut harness, Key::ArrowLeft);
    assert!(shown(&harness) == 0 && harness.get_by_label(ROW).is_focused());
    press(&mut harness, Key::Enter);
    assert_eq!(shown(&harness), 6);
}

#[test]
fn what_is_alike_unfolds_for_what_is_chosen_and_for_who_searches() {
    let mut harness = six();
    harness.state_mut().choose(&plaintext(4).key);
    harness.run();
    assert_eq!(shown(&harness), 6);
    harness.get_by_label(ROW).click();
    harness.run();
    assert!(shown(&harness) == 0 && harness.state().shown.chosen.is_none(), "nobody looks at it any more");
    harness.state_mut().seek(&plaintext(2).key, parapet::editor::Tab::Findings);
    harness.run_steps(12);
    assert!(harness.get_by_label("TLS ends before personal data 2").is_focused());
    harness.state_mut().choose(&plaintext(2).key);
    for (words, found) in [("data 3", 1), ("ends before", 6), ("", 0)] {
        words.clone_into(&mut harness.state_mut().shown.search);
        harness.run();
        assert_eq!(shown(&harness), found, "{words}");
        assert_eq!(harness.query_by_label(ROW).is_some(), found != 1, "{words}");
    }
    // Open for the one that was chosen among those that were found, it folds at once.
    "ends before".clone_into(&mut harness.state_mut().shown.search);
    harness.run();
    harness.state_mut().choose(&plaintext(4).key);
    harness.state_mut().shown.search.clear();
    harness.run();
    assert_eq!(shown(&harness), 6);
    harness.get_by_label(ROW).click();
    harness.run();
    assert_eq!(shown(&harness), 0);
    pick(&mut harness, "Unfold all groups");
    assert_eq!(shown(&harness), 6);
    pick(&mut harness, "Fold all groups");
    assert_eq!(shown(&harness), 0);
    pick(&mut harness, "Not grouped");
    assert!(shown(&harness) == 6 && harness.query_by_label(ROW).is_none());
    pick(&mut harness, "Alike ones together");
    // Filters count what passes; of one rule alone, each finding is told.
    harness.get_by_label("Medium 2").click();
    harness.run();
    assert!(shown(&harness) == 2 && harness.query_by_label(ROW).is_none());
}

#[test]
fn all_groups_fold_and_the_one_with_the_chosen_finding_says_so() {
    let mut harness = six();
    let key = plaintext(4).key;
    let says = |harness: &Harness<'static, Editor>, row: &str| {
        let node = harness.get_by_label(row);
        let about = node.accesskit_node().data().description().unwrap_or_default().to_owned();
        about.ends_with("holds the chosen one")
    };
    harness.state_mut().choose(&key);
    harness.run();
    assert!(shown(&harness) == 6 && !says(&harness, ROW));
    pick(&mut harness, "Fold all groups");
    assert!(shown(&harness) == 0 && says(&harness, ROW));
    picture(&mut harness, "findings-alike-chosen-inside");
    assert_eq!(harness.state().shown.chosen, Some(key.clone()), "it stays chosen");
    // Whoever comes from elsewhere comes to the row that it is in.
    harness.state_mut().shown.list_is_called = true;
    harness.run();
    assert!(harness.get_by_label(ROW).is_focused());
    press(&mut harness, Key::Enter);
    assert!(shown(&harness) == 6 && !says(&harness, ROW), "opened again, it is there");
    assert_eq!(harness.state().shown.chosen, Some(key.clone()));
    pick(&mut harness, "Fold all groups");
    harness.state_mut().choose(&plaintext(2).key);
    harness.run();
    assert_eq!(shown(&harness), 6, "for another one that is chosen it opens");
    pick(&mut harness, "Fold all groups");
    harness.state_mut().shown.chosen = None;
    harness.run();
    assert!(shown(&harness) == 0 && !says(&harness, ROW));
    // Groups with heads say the same.
    harness.state_mut().choose(&key);
    pick(&mut harness, "By rule");
    pick(&mut harness, "Fold all groups");
    assert!(shown(&harness) == 0 && says(&harness, ROW));
}
