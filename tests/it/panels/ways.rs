//! The ways into the lists and along them: what is come for is in sight, and the keyboard alone suffices.

use egui::{Key, Modifiers};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::app::Window;
use parapet::editor::{SAMPLES, Tab};

use crate::window::{editor, window};

type Shown = Harness<'static, Option<Window>>;

fn naive() -> Shown {
    let mut harness = window((1280.0, 800.0), 1.0);
    let sample = SAMPLES.iter().find(|it| it.id == "naive").unwrap();
    editor(&mut harness).load_sample(sample);
    harness.run_ok();
    harness
}

/// Clicks a cell of the coverage, and returns what the chosen one says.
fn go(harness: &mut Shown, cell: &str) -> String {
    harness.key_press_modifiers(Modifiers::ALT, Key::Num4);
    harness.run_ok();
    let begins = |it: &egui_kittest::Node<'_>| it.accesskit_node().label().is_some_and(|it| it.starts_with(cell));
    harness.query_all_by_label_contains(cell).find(begins).unwrap().click();
    harness.run_ok();
    let editor = editor(harness);
    let key = editor.shown.chosen.clone().unwrap();
    let report = editor.report();
    let text = report.finding(&key).map(|it| &it.message).or(report.question(&key).map(|it| &it.text));
    text.unwrap().read(editor.model()).into_owned()
}

/// Whether the row that has the focus is in sight from its title on, below the head of the panel.
fn is_in_sight(harness: &Shown, title: &str) -> bool {
    let mut rows = harness.query_all_by_label(title).filter(|it| it.is_focused());
    rows.next().is_some_and(|it| it.rect().top() > 100.0 && it.rect().top() + 60.0 < 770.0)
}

#[test]
fn every_cell_of_the_coverage_brings_what_it_says_into_sight() {
    for cell in
        ["Database console, Spoofing:", "Nightly dump, Information disclosure:", "Application, Tampering:"]
    {
        let mut harness = naive();
        for again in [false, true] {
            let title = go(&mut harness, cell);
            assert!(is_in_sight(&harness, &title), "{cell} {title} {again}");
            // It is found again, too, from where the other tab is shown.
            harness.key_press_modifiers(Modifiers::ALT, Key::Num3);
            harness.run_ok();
        }
    }
}
