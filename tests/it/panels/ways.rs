//! The ways into the lists and along them: what is come for is in sight, and the keyboard alone suffices.

use egui::{Key, Modifiers, Role};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::app::Window;
use parapet::editor::{Editor, SAMPLES, Tab};
use parapet::model::Id;
use parapet::ui::panels::questions::Questions;

use super::{editor_of, panel};
use crate::window::{editor, window};

type Shown = Harness<'static, Option<Window>>;

fn naive() -> Shown {
    let mut harness = window((1280.0, 800.0), 1.0);
    let sample = SAMPLES.iter().find(|it| it.id == "naive").unwrap();
    editor(&mut harness).load_sample(sample);
    harness.run_ok();
    harness
}

fn click_cell(harness: &mut Shown, cell: &str) {
    let begins =
        |it: &egui_kittest::Node<'_>| it.accesskit_node().label().is_some_and(|it| it.starts_with(cell));
    harness.query_all_by_label_contains(cell).find(begins).unwrap().click();
    harness.run_ok();
}

/// Clicks a cell of the coverage, and returns what the chosen one says.
fn go(harness: &mut Shown, cell: &str) -> String {
    harness.key_press_modifiers(Modifiers::ALT, Key::Num4);
    harness.run_ok();
    click_cell(harness, cell);
    let editor = editor(harness);
    let key = editor.shown.chosen.clone().unwrap();
    let report = editor.report();
    let text =
        report.finding(&key).map(|it| &it.message).or_else(|| report.question(&key).map(|it| &it.text));
    text.unwrap().read(editor.model()).into_owned()
}

/// Whether the row that has the focus is in sight from its title on, below the head of the panel.
fn is_in_sight(harness: &Shown, title: &str) -> bool {
    let mut rows = harness.query_all_by_label(title);
    rows.any(|it| it.is_focused() && it.rect().top() > 100.0 && it.rect().top() + 60.0 < 770.0)
}

#[test]
fn every_cell_of_the_coverage_brings_what_it_says_into_sight() {
    for cell in
        ["Database console, Spoofing:", "Nightly dump, Information disclosure:", "Application, Tampering:"]
    {
        let mut harness = naive();
        for again in [false, true] {
            let title = go(&mut harness, cell);
            let rows: Vec<_> =
                harness.query_all_by_label(&title).map(|it| (it.rect(), it.is_focused())).collect();
            assert!(is_in_sight(&harness, &title), "{cell} {title} {again} {rows:?}");
            // It is found again, too, from where the other tab is shown.
            harness.key_press_modifiers(Modifiers::ALT, Key::Num3);
            harness.run_ok();
        }
    }
}

#[test]
fn an_answered_cell_shows_the_inspector() {
    let mut harness = naive();
    let keys: Vec<String> = editor(&mut harness).questions().map(|it| it.key.clone()).collect();
    let answered = |harness: &mut Shown| {
        let editor = editor(harness);
        let rows = parapet::rules::coverage(editor.facts(), editor.report(), &editor.today());
        rows.iter().find_map(|row| {
            let at = row.cells.iter().position(|it| matches!(it, parapet::rules::Cell::Answered(_)))?;
            Some((
                row.element.clone(),
                format!("{}, {}:", editor.model().title(&row.element), parapet::rules::COLUMNS[at].1),
            ))
        })
    };
    for key in keys {
        if answered(&mut harness).is_some() {
            break;
        }
        editor(&mut harness).answer(&key, 0);
        harness.run_ok();
    }
    let (element, cell): (Id, String) = answered(&mut harness).expect("a cell that was answered");
    harness.key_press_modifiers(Modifiers::ALT, Key::Num4);
    harness.run_ok();
    click_cell(&mut harness, &cell);
    let editor = editor(&mut harness);
    assert!(editor.shown.tab == Tab::Inspector && editor.selection().contains(&element));
}

/// A list of questions as high as the tab.
fn questions(editor: Editor) -> Harness<'static, Editor> {
    let mut questions = Questions::default();
    panel(editor, (372.0, 700.0), move |ui, editor| questions.ui(ui, editor))
}

/// One thing to ask, and nothing to find.
const ASKS: &str = "asset a: secret; job: worker [replicas 2; secrets yes]; job -> files: https [timeouts yes]
    files: object-store [highly-available yes; stores a; authentication yes; logging yes; backups yes; restore-tested yes; key-management yes]";

fn first(harness: &Harness<'static, Editor>) -> (String, String) {
    let editor = harness.state();
    let it = editor.report().questions.first().unwrap();
    (it.key.clone(), it.text.read(editor.model()).into_owned())
}

fn press(harness: &mut Harness<'static, Editor>, key: Key) {
    harness.key_press(key);
    harness.run();
}

#[test]
fn a_note_is_written_and_the_question_answered_by_keyboard_alone() {
    for (end, noted) in [(Key::Enter, "asked the vendor"), (Key::Escape, "")] {
        let mut harness = questions(editor_of(ASKS));
        let (key, text) = first(&harness);
        harness.get_by_label(&text).focus();
        harness.run();
        press(&mut harness, Key::Num0);
        assert!(harness.get_by_label("Note").is_focused());
        harness.get_by_label("Note").type_text("asked the vendor");
        harness.run();
        press(&mut harness, end);
        assert!(harness.get_by_label(&text).is_focused(), "{end:?}");
        let (subject, field) = key.split_once('.').unwrap();
        let note = |harness: &Harness<'static, Editor>| {
            harness.state().model().answer(&Id::slug(subject), field).unwrap().note
        };
        assert_eq!(note(&harness), noted);
        press(&mut harness, Key::Num1);
        assert_eq!((harness.state().questions().count(), note(&harness).as_str()), (0, noted));
    }
}

#[test]
fn what_was_put_off_is_told_and_reached_by_keyboard() {
    let mut harness = questions(editor_of(ASKS));
    let (key, text) = first(&harness);
    harness.state_mut().put_off(&key);
    harness.run();
    harness.get_by_label("1 question was put off, and no other is open.");
    harness.state_mut().run("view.questions");
    harness.run();
    assert!(harness.get_by_label("Put off").is_focused());
    press(&mut harness, Key::Enter);
    press(&mut harness, Key::ArrowDown);
    assert!(harness.get_by_label(&text).is_focused());
    press(&mut harness, Key::Num1);
    harness.get_by_label("No question is open: what matters here was said.");
}

#[test]
fn a_cell_of_what_was_put_off_unfolds_it() {
    let mut harness = naive();
    let keys: Vec<String> = editor(&mut harness).questions().map(|it| it.key.clone()).collect();
    keys.iter().for_each(|it| editor(&mut harness).put_off(it));
    harness.run_ok();
    assert_eq!(editor(&mut harness).questions().count(), 0);
    let title = go(&mut harness, "Application, Tampering:");
    assert!(keys.contains(editor(&mut harness).shown.chosen.as_ref().unwrap()));
    assert!(is_in_sight(&harness, &title));
}

#[test]
fn a_fix_that_has_the_focus_is_weighed() {
    let mut harness = naive();
    harness.key_press_modifiers(Modifiers::ALT, Key::Num1);
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    for _ in 0..8 {
        harness.key_press(Key::Tab);
        harness.run_ok();
        if editor(&mut harness).preview().is_some() {
            break;
        }
    }
    harness.run_steps(4);
    let told = editor(&mut harness).preview().unwrap().difference.unwrap().told();
    crate::window::picture(&mut harness, "fix-focused");
    harness.get_by_label(&told);
}

#[test]
fn the_list_is_walked_to_its_ends_and_by_pages() {
    let mut harness = naive();
    harness.key_press_modifiers(Modifiers::ALT, Key::Num1);
    harness.run_ok();
    let titles: Vec<String> = {
        let editor = editor(&mut harness);
        editor.findings().map(|it| it.finding.message.read(editor.model()).into_owned()).collect()
    };
    let mut at = |key: Key| {
        harness.key_press(key);
        harness.run_ok();
        let mut rows = titles.iter().enumerate().filter(|it| is_in_sight(&harness, it.1));
        rows.next().map(|it| it.0)
    };
    assert_eq!(at(Key::End), Some(titles.len() - 1));
    let up = at(Key::PageUp).unwrap();
    assert!(up > 0 && up + 2 < titles.len(), "{up} of {}", titles.len());
    assert_eq!(at(Key::Home), Some(0));
    assert!(at(Key::PageDown).unwrap() > 1);
}

/// What stands in a field that has the focus.
fn text_of(harness: &Shown, field: &str) -> String {
    let field = harness.get_by_label(field);
    assert!(field.is_focused());
    field.accesskit_node().value().unwrap_or_default()
}

#[test]
fn the_search_of_the_findings_has_a_key_that_selects_its_text() {
    let mut harness = naive();
    let field = "Search findings by words";
    editor(&mut harness).shown.tab = Tab::Inspector;
    harness.run_ok();
    assert!(harness.query_by_label(field).is_none());
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    harness.run_ok();
    assert_eq!((text_of(&harness, field), editor(&mut harness).shown.tab), (String::new(), Tab::Findings));
    harness.get_by_label(field).type_text("ssh");
    harness.run_ok();
    // From the list back to the field: other words take the place of these.
    harness.key_press(Key::Enter);
    harness.run_ok();
    assert!(!harness.get_by_label(field).is_focused());
    harness.key_press_modifiers(Modifiers::COMMAND | Modifiers::SHIFT, Key::F);
    harness.run_ok();
    assert_eq!(text_of(&harness, field), "ssh");
    harness.get_by_label(field).type_text("clear");
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.search, "clear");
}

#[test]
fn the_command_palette_opens_with_its_last_words_selected() {
    let mut harness = naive();
    let open = |harness: &mut Shown| {
        harness.key_press_modifiers(Modifiers::COMMAND, Key::K);
        harness.run_ok();
    };
    let field = "Find a command";
    open(&mut harness);
    harness.get_by_label(field).type_text("theme");
    harness.run_ok();
    harness.get_by_label(field).type_text(" dark");
    harness.run_ok();
    assert_eq!(text_of(&harness, field), "theme dark");
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert!(harness.query_by_label(field).is_none());
    open(&mut harness);
    harness.get_by_label(field).type_text("zoom");
    harness.run_ok();
    assert_eq!(text_of(&harness, field), "zoom");
}

#[test]
fn a_threat_is_added_by_keyboard_and_come_to() {
    let mut harness = naive();
    assert!(editor(&mut harness).run("edit.add-threat"));
    harness.run_ok();
    harness.get_by_role_and_label(Role::TextInput, "Threat").type_text("Somebody bribes the night watch");
    harness.run_ok();
    // The first of the list is taken by the arrow and Enter, with nothing searched for; it is the first by title.
    harness.get_by_label("Add an element that it is about").focus();
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    harness.key_press(Key::ArrowDown);
    harness.run_ok();
    harness.key_press(Key::ArrowDown);
    harness.run_ok();
    harness.key_press(Key::ArrowUp);
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    let first = {
        let model = editor(&mut harness).model();
        let first = model.by_title(model.components().keys()).into_iter().next().cloned().unwrap();
        model.title(&first)
    };
    harness.get_by_label(&format!("Remove {first}"));
    harness.get_by_label("Add threat").click();
    harness.run_steps(24);
    assert!(is_in_sight(&harness, "Somebody bribes the night watch"));
    harness.get_by_label("Edit…");
}

#[test]
fn enter_takes_nothing_from_a_list_in_which_nothing_is_marked() {
    let mut harness = naive();
    assert!(editor(&mut harness).run("edit.add-threat"));
    harness.run_ok();
    harness.get_by_label("Add an element that it is about").click();
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    harness.get_by_label("The system as a whole.");
}

#[test]
fn a_picker_is_in_natural_order_of_titles() {
    let sketch = "a \"No. 10\": web-server; b \"No. 2\": web-server; c \"no. 1\": web-server; a -> b: https
        boundary t \"Tier 10\": tier { d }; boundary u \"Tier 9\": tier { e }";
    let mut editor = editor_of(sketch);
    editor.run("edit.add-threat");
    let mut harness = panel(editor, (520.0, 800.0), parapet::ui::panels::threat::ui);
    harness.get_by_label("Add an element that it is about").click();
    harness.run();
    let top = |title: &str| harness.get_by_label(title).rect().top();
    let all = ["no. 1", "No. 2", "No. 10", "Tier 9", "Tier 10", "No. 10 → No. 2"].map(top);
    assert!(all.is_sorted(), "{all:?}");
}

#[test]
fn a_short_picker_without_a_search_is_used_by_keyboard_too() {
    let mut editor = editor_of("a \"Web\": web-server; b \"App\": web-server");
    editor.run("edit.add-threat");
    let mut harness = panel(editor, (520.0, 800.0), parapet::ui::panels::threat::ui);
    harness.get_by_label("Add an element that it is about").focus();
    harness.run();
    for key in [Key::Enter, Key::ArrowDown, Key::Enter] {
        harness.key_press(key);
        harness.run();
    }
    harness.get_by_label("Remove App");
}
