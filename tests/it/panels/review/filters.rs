//! What of the findings is listed: chips, the menu, groups, the search, and in which order.

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::editor::Editor;
use parapet::model::{Id, Severity, Verdict, VerdictState};
use parapet::rules::Finding;

use super::{SHOP, asked, editor_with, findings, one_by_one, pick, plaintext, ssh};
use crate::panels::{editor_of, picture, snap};

#[test]
fn findings_are_grouped_sorted_and_filtered_by_kind_from_the_menu() {
    let mut harness = findings(editor_with((0..6).map(plaintext).chain([ssh()]).collect()), 1400.0);
    harness.get_by_label("Filter and sort findings").click();
    harness.run();
    // The menu stays while nothing is clicked with the pointer.
    let pick = |harness: &mut Harness<'static, Editor>, what: &str| {
        harness.get_by_label(what).click_accesskit();
        harness.run();
    };
    pick(&mut harness, "By rule");
    picture(&mut harness, "findings-grouped");
    harness.get_by_label("Admin port exposed to the internet (1)");
    let top = |harness: &Harness<'static, Editor>, label: &str| harness.get_by_label(label).rect().top();
    pick(&mut harness, "Not grouped");
    assert!(harness.query_by_label("Admin port exposed to the internet (1)").is_none());
    pick(&mut harness, "By what is wrong");
    assert!(
        top(&harness, "SSH is exposed to the internet") < top(&harness, "TLS ends before personal data 0")
    );
    pick(&mut harness, "Spoofing");
    harness.get_by_label("SSH is exposed to the internet");
    assert!(harness.query_by_label("TLS ends before personal data 0").is_none());
}

#[test]
fn levels_words_and_nothing_left_filter() {
    let mut harness = findings(editor_with((0..6).map(plaintext).chain([ssh()]).collect()), 900.0);
    harness.get_by_label("High 1").click();
    harness.run();
    assert!(harness.query_by_label_contains("TLS ends").is_none());
    harness.get_by_label("High 1").click();
    harness.run();
    harness.get_by_label("Search findings").click();
    harness.run();
    harness.get_by_label("Search findings by words").type_text("data 4");
    harness.run();
    harness.get_by_label("TLS ends before personal data 4");
    assert!(harness.query_by_label("TLS ends before personal data 3").is_none());
    harness.state_mut().shown.search = "no such thing".to_owned();
    harness.run();
    harness.get_by_label("Show all").click();
    harness.run();
    harness.get_by_label("SSH is exposed to the internet");
}

#[test]
fn groups_fold_by_mouse_and_keyboard_and_unfold_for_what_is_chosen() {
    let mut harness = findings(editor_with((0..6).map(plaintext).chain([ssh()]).collect()), 1400.0);
    pick(&mut harness, "By rule");
    let (ports, plain) = ("Admin port exposed to the internet (1)", "Unencrypted across a boundary (6)");
    let shown = |harness: &Harness<'static, Editor>| {
        harness.query_all_by_label_contains("TLS ends before personal").count()
    };
    assert_eq!(shown(&harness), 6);
    harness.get_by_label(plain).click();
    harness.run();
    assert_eq!(shown(&harness), 0);
    harness.get_by_label("SSH is exposed to the internet");
    picture(&mut harness, "findings-folded");
    // The arrow keys lead over heads too, and Enter unfolds.
    harness.get_by_label("SSH is exposed to the internet").focus();
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert!(harness.get_by_label(plain).is_focused());
    harness.key_press(Key::Enter);
    harness.run();
    assert_eq!(shown(&harness), 6);
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 0").is_focused());
    pick(&mut harness, "Fold all groups");
    assert!(shown(&harness) == 0 && harness.query_by_label("SSH is exposed to the internet").is_none());
    harness.state_mut().choose(&plaintext(4).key);
    harness.run();
    assert!(shown(&harness) == 6 && harness.query_by_label("SSH is exposed to the internet").is_none());
    harness.get_by_label(ports);
    pick(&mut harness, "Unfold all groups");
    harness.get_by_label("SSH is exposed to the internet");
}

#[test]
fn what_is_filtered_stands_in_chips_that_take_it_back() {
    let mut harness = findings(editor_with((0..6).map(plaintext).chain([ssh()]).collect()), 1400.0);
    let is_there = |harness: &Harness<'static, Editor>, label: &str| harness.query_by_label(label).is_some();
    for (line, taken_back) in [
        ("Unencrypted across a boundary", "Unencrypted across a boundary ×"),
        ("Information disclosure", "Information disclosure ×"),
        ("Open, not judged", "Open, not judged ×"),
    ] {
        pick(&mut harness, line);
        let is_shown = is_there(&harness, "SSH is exposed to the internet");
        assert_eq!(is_shown, line == "Open, not judged", "{line}");
        harness.get_by_label(taken_back).click();
        harness.run();
        assert!(!is_there(&harness, taken_back) && is_there(&harness, "SSH is exposed to the internet"));
    }
    pick(&mut harness, "Only what is selected");
    harness.get_by_label("Nothing is selected.");
    harness.state_mut().select([Id::slug("lb")]);
    harness.run();
    assert!(is_there(&harness, "SSH is exposed to the internet"));
    harness.state_mut().select([Id::slug("db")]);
    harness.run();
    harness.get_by_label("No finding passes the filter.");
    picture(&mut harness, "findings-nothing-passes");
    harness.get_by_label("Selected ×").click();
    harness.run();
    assert!(is_there(&harness, "SSH is exposed to the internet"));
}

#[test]
fn chips_that_do_not_fit_stand_in_close_rows() {
    let critical = Finding { severity: Severity::Critical, key: "k:lb".to_owned(), ..ssh() };
    let all = (0..400).map(plaintext).chain([ssh(), critical]).collect();
    let mut harness = findings(editor_with(all), 600.0);
    let verdict = Verdict { state: VerdictState::Accepted, ..Verdict::default() };
    harness.state_mut().give_verdict(&plaintext(1).key, &verdict);
    harness.run();
    picture(&mut harness, "findings-chips");
    let chips = ["Critical 1", "High 1", "Medium 134", "Low 265", "Settled 1"];
    let rects = chips.map(|it| harness.get_by_label(it).rect());
    assert!(rects.iter().is_sorted_by(|a, b| a.top() < b.top() || a.right() < b.left()), "{rects:?}");
    for pair in rects.windows(2) {
        let step = pair[1].top() - pair[0].top();
        assert!(step == 0.0 || step == pair[0].height() + 6.0, "{rects:?}");
    }
    let search = harness.get_by_label("Search findings").rect();
    assert!(
        (rects[0].center().y - search.center().y).abs() < 1.0,
        "level with the tools: {rects:?} {search}"
    );
    assert!(rects.iter().all(|it| it.right() < search.left()));
}

#[test]
fn the_search_opens_and_closes_and_leads_into_the_list_by_keyboard() {
    let mut harness = one_by_one(editor_with((0..6).map(plaintext).collect()), 900.0);
    harness.get_by_label("Search findings").focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let field = "Search findings by words";
    assert!(harness.get_by_label(field).is_focused());
    harness.get_by_label(field).type_text("data 4");
    harness.run();
    harness.key_press(Key::ArrowDown);
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 4").is_focused());
    harness.get_by_label(field).focus();
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 4").is_focused());
    harness.get_by_label(field).focus();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert!(harness.query_by_label(field).is_none());
    harness.get_by_label("TLS ends before personal data 5");
    // What is empty takes no focus back from who has left it.
    harness.get_by_label("Search findings").click();
    harness.run();
    harness.get_by_label("TLS ends before personal data 5").focus();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    assert!(!harness.get_by_label(field).is_focused());
}

#[test]
fn findings_of_one_level_are_in_natural_order() {
    let editor = editor_with((0..12).map(plaintext).collect());
    let before: Vec<String> = editor.report().findings.iter().map(|it| it.key.clone()).collect();
    let harness = one_by_one(editor, 2000.0);
    let top = |n: usize| harness.get_by_label(&format!("TLS ends before personal data {n}")).rect().top();
    for level in [&[0, 3, 6, 9][..], &[1, 2, 4, 5, 7, 8, 10, 11]] {
        assert!(level.iter().map(|it| top(*it)).is_sorted(), "{level:?}");
    }
    let now: Vec<String> = harness.state().report().findings.iter().map(|it| it.key.clone()).collect();
    assert_eq!(now, before, "the report stays as it is");
}

#[test]
fn a_search_narrows_questions_and_verdicts_too() {
    let mut editor = editor_of(SHOP);
    let verdict = |reason: &str| Verdict {
        state: VerdictState::Accepted,
        reason: reason.to_owned(),
        ..Verdict::default()
    };
    editor.give_verdict("gone:lb", &verdict("moves to the harbour"));
    let mut harness = findings(editor, 4000.0);
    let all = asked(&harness);
    assert!(all.len() > 3);
    let shown = |harness: &Harness<'static, Editor>| {
        asked(harness).iter().filter(|it| harness.query_by_label(&it.1).is_some()).count()
    };
    assert_eq!(shown(&harness), 3);
    let more = format!("All {} questions", all.len());
    harness.get_by_label(&more);
    harness.get_by_label_contains("moves to the harbour");
    harness.get_by_label("Search findings").click();
    harness.run();
    harness.get_by_label("Search findings by words").type_text("harbour");
    harness.run();
    assert_eq!(shown(&harness), 0);
    assert!(harness.query_by_label("Ask the architect").is_none() && harness.query_by_label(&more).is_none());
    harness.get_by_label_contains("moves to the harbour");
    // What holds the words is shown, were it the last of all.
    let last = &all.last().unwrap().1;
    harness.state_mut().shown.search.clone_from(last);
    harness.run();
    harness.get_by_label(last);
    assert_eq!(shown(&harness), 1);
    assert!(harness.query_by_label_contains("moves to the harbour").is_none());
    picture(&mut harness, "findings-searched");
}

#[test]
fn the_filter_menu_leaves_most_of_the_window_free() {
    let mut harness = findings(editor_of(SHOP), 800.0);
    harness.get_by_label("Filter and sort findings").click();
    harness.run();
    snap(&mut harness, "findings-menu");
    let x = harness.get_by_label("Only what is selected").rect().center().x;
    let is_menu = |y: &f32| {
        harness.ctx.layer_id_at(egui::pos2(x, *y)).is_some_and(|it| it.order == egui::Order::Foreground)
    };
    let covered: Vec<f32> = (0..800_u16).map(f32::from).filter(is_menu).collect();
    let height = covered.last().unwrap() - covered.first().unwrap();
    assert!(height > 300.0 && height < 500.0, "{height}");
    // What is out of sight is reached all the same.
    harness.get_by_label("Sensitive data stored in clear").click_accesskit();
    harness.run();
    harness.key_press(Key::Escape);
    harness.run();
    harness.get_by_label("Sensitive data stored in clear ×");
}

#[test]
fn the_key_of_the_search_is_told_beside_it() {
    let mut harness = findings(editor_of(SHOP), 500.0);
    harness.get_by_label("Search findings").hover();
    harness.run_steps(60);
    harness.get_by_label("Ctrl+Shift+F");
}
