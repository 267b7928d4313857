//! Dialogs, and the ways that lead on from a panel to another.

use egui::accesskit::Toggled;
use egui::{Key, Role};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::editor::{Editor, SAMPLES, Tab};

use crate::window::{editor, picture, window};

#[test]
fn the_command_palette_ends_with_a_whole_row_and_says_which_switches_are_on() {
    for size in [(1280.0, 800.0), (700.0, 330.0)] {
        let mut harness = window(size, 1.0);
        editor(&mut harness).run("view.commands");
        harness.run_ok();
        picture(&mut harness, &format!("command-palette-{}", size.0));
        let top = |harness: &egui_kittest::Harness<'_, _>| {
            harness.get_by_role_and_label(Role::Button, "New").rect().top()
        };
        let before = top(&harness);
        for _ in 0..30 {
            harness.key_press(Key::ArrowDown);
            harness.run_ok();
        }
        let rows = (before - top(&harness)) / 32.0;
        assert!(rows > 10.0 && (rows - rows.round()).abs() < 0.01, "scrolled by {rows} rows");
    }
    let mut harness = window((1280.0, 800.0), 1.0);
    let is_on = |harness: &egui_kittest::Harness<'_, _>, label: &str| {
        harness
            .get_by_role_and_label(Role::Button, label)
            .accesskit_node()
            .toggled()
            .map(|it| it == Toggled::True)
    };
    for expected in [false, true] {
        editor(&mut harness).shown.snap = expected;
        editor(&mut harness).run("view.commands");
        harness.run_ok();
        harness.get_by_label("Find a command").type_text("snap");
        harness.run_ok();
        assert_eq!(is_on(&harness, "Snap to the grid"), Some(expected));
        picture(&mut harness, "command-palette-switch");
        harness.key_press(Key::Escape);
        harness.run_ok();
    }
}

#[test]
fn a_path_dialog_is_left_by_cancel_and_by_esc() {
    let mut harness = window((1280.0, 800.0), 1.0);
    for command in ["file.open-path", "file.save-to-path"] {
        for by_key in [false, true] {
            editor(&mut harness).run(command);
            harness.run_ok();
            harness.get_by_label("Path").type_text("/tmp/somewhere");
            harness.run_ok();
            picture(&mut harness, "path");
            if by_key {
                harness.key_press(Key::Escape);
            } else {
                harness.get_by_label("Cancel").click();
            }
            harness.run_ok();
            assert_eq!(editor(&mut harness).shown.modal, None, "{command}");
        }
    }
    let effects = editor(&mut harness).take_effects();
    assert!(effects.is_empty(), "{effects:?}");
}

#[test]
fn what_scrolls_in_a_dialog_is_as_wide_as_what_stands_above_it() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).run("view.commands");
    harness.run_ok();
    let field = harness.get_by_label("Find a command").rect();
    let row = harness.get_by_role_and_label(Role::Button, "New").rect();
    assert_eq!((field.left(), field.right()), (row.left(), row.right()));
    let middle = harness.ctx.content_rect().center().x;
    assert!((field.center().x - middle).abs() < 1.0, "{field}");
}

#[test]
fn an_analysis_takes_some_time_however_short() {
    let harness = window((1280.0, 800.0), 1.0);
    harness.get_by_label("analysed in under 0.1 ms");
}

#[test]
fn the_inspector_leads_on_to_the_other_findings_of_an_element() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let now = editor(&mut harness);
    let most = |now: &Editor| {
        let counted =
            now.model().components().keys().map(|id| (now.open_about(|it| it == id).count(), id.clone()));
        counted.max().unwrap()
    };
    let rich = SAMPLES.iter().find(|it| {
        now.load_sample(it);
        most(now).0 > 4
    });
    assert!(rich.is_some(), "no sample has an element with many findings");
    let (all, id) = most(now);
    now.select([id]);
    now.show_tab(Tab::Inspector);
    harness.run_ok();
    picture(&mut harness, "inspector-findings");
    harness.get_by_label(&format!("{} more findings…", all - 3)).click();
    harness.run_ok();
    picture(&mut harness, "inspector-findings-more");
    assert_eq!(editor(&mut harness).shown.tab, Tab::Findings);
    // What narrows the list is seen, and taken back there.
    harness.get_by_label("Selected ×").click();
    harness.run_ok();
    assert!(harness.query_by_label("Selected ×").is_none());
}
