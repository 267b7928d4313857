//! The rows of the findings panel: what they say, what can be done in them, and how they are walked.

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::editor::{Derived, Editor, Effect, Event, Modal, Tab, Wish};
use parapet::model::{Asset, Class, Id, Place, Severity, Threat, Verdict, VerdictState};
use parapet::tokens::{Face, size};

use super::{
    ASKS, FILES, ORDERS, SHOP, STORE, asked, editor_with, findings, one_by_one, plaintext, questions, ssh,
};
use crate::panels::{editor_of, picture};

#[test]
fn a_finding_shows_its_evidence_by_hover_and_keeps_it_by_click() {
    let mut harness = findings(editor_with(vec![ssh(), plaintext(3), plaintext(4)]), 900.0);
    picture(&mut harness, "findings");
    let key = ssh().key;
    harness.get_by_label("SSH is exposed to the internet").hover();
    harness.run();
    assert_eq!(harness.state().shown.hovered.as_ref(), Some(&key));
    assert!(harness.state().marks().evidence.is_some());
    harness.get_by_label("SSH is exposed to the internet").click_accesskit();
    harness.run();
    picture(&mut harness, "findings-chosen");
    harness.hover_at(egui::pos2(8.0, 2.0));
    harness.run();
    let shown = &harness.state().shown;
    assert_eq!((shown.hovered.as_ref(), shown.chosen.as_ref()), (None, Some(&key)));
    assert!(!shown.wishes.is_empty(), "the view goes there");
    harness.get_by_label_contains("→ Load balancers");
}

#[test]
fn a_fix_is_applied_by_one_click_and_undone_by_one() {
    let mut harness = findings(editor_of(SHOP), 900.0);
    picture(&mut harness, "findings-real");
    let before = harness.state().model().clone();
    harness.get_by_label("Encrypt Orders at rest").click();
    harness.run();
    assert!(harness.query_by_label(ORDERS).is_none());
    harness.state_mut().undo();
    harness.run();
    assert_eq!(*harness.state().model(), before);
    harness.get_by_label(ORDERS);
}

#[test]
fn a_verdict_is_asked_for_and_settles() {
    let mut harness = findings(editor_of(SHOP), 900.0);
    harness.get_by_label(ORDERS).click_accesskit();
    harness.run();
    let before = harness.get_by_label("Accept…").rect();
    picture(&mut harness, "findings-to-judge");
    let after = harness.get_by_label("Accept…").rect();
    assert!((after.min - before.min).length() < 20.0, "a picture moves nothing: {before} {after}");
    harness.get_by_label("Accept…").click();
    harness.run();
    let Some(Modal::Verdict(key)) = harness.state().shown.modal.clone() else {
        panic!("no verdict is asked for")
    };
    let verdict = |state| Verdict {
        state,
        reason: "Moves in spring".to_owned(),
        who: "Ada".to_owned(),
        ..Verdict::default()
    };
    harness.state_mut().give_verdict(&key, &verdict(VerdictState::InDiscussion));
    harness.run();
    harness.get_by_label(ORDERS);
    harness.state_mut().give_verdict(&key, &verdict(VerdictState::Accepted));
    harness.run();
    assert!(harness.query_by_label(ORDERS).is_none());
    harness.get_by_label("Settled 1").click();
    harness.run();
    picture(&mut harness, "findings-settled");
    harness.get_by_label("Reopen").click();
    harness.run();
    assert!(harness.state().verdict(&key).is_none());
}

#[test]
fn a_verdict_reopens_when_its_facts_change_and_stays_when_its_finding_goes() {
    let mut harness = findings(editor_of(SHOP), 1400.0);
    let key = "sensitive-data-at-rest-clear:db";
    let verdict = Verdict { state: VerdictState::Accepted, reason: "r".to_owned(), ..Verdict::default() };
    harness.state_mut().give_verdict(key, &verdict);
    harness.run();
    assert!(harness.query_by_label(ORDERS).is_none());
    let cards = Id::slug("cards");
    harness.state_mut().amend::<Asset>(&cards, "Classify", |it| it.class = Class::Confidential);
    harness.run();
    harness.get_by_label("Nothing encrypts Card numbers (confidential) in Orders").click_accesskit();
    harness.run();
    harness.get_by_label_contains(
        "New since then: Card numbers: confidential; no longer so: Card numbers: secret.",
    );
    harness.state_mut().apply_fix(key, 0);
    harness.run();
    harness.get_by_label("Verdicts whose finding is gone");
    harness.get_by_label_contains("· Orders");
    harness.get_by_label("Remove").click();
    harness.run();
    assert!(harness.state().verdict(key).is_none());
}

#[test]
fn findings_are_walked_by_keyboard() {
    let mut harness = one_by_one(editor_with((0..200).map(plaintext).collect()), 700.0);
    harness.get_by_label("TLS ends before personal data 0").focus();
    harness.run();
    for _ in 0..150 {
        harness.key_press(Key::ArrowDown);
        harness.step();
        harness.step();
    }
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 150").is_focused());
    harness.key_press(Key::Enter);
    harness.run_steps(8);
    assert_eq!(harness.state().shown.chosen, Some(plaintext(150).key));
    harness.key_press(Key::ArrowUp);
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 149").is_focused());
}

#[test]
fn what_is_in_sight_stays_there_when_the_panel_gets_another_width() {
    let mut harness = one_by_one(editor_with((0..200).map(plaintext).collect()), 700.0);
    harness.get_by_label("TLS ends before personal data 0").focus();
    harness.run();
    for _ in 0..100 {
        harness.key_press(Key::ArrowDown);
        harness.step();
        harness.step();
    }
    harness.run();
    let top = |harness: &Harness<'static, Editor>| {
        let row = harness.get_by_label("TLS ends before personal data 100");
        assert!(row.is_focused());
        row.rect().top()
    };
    let before = top(&harness);
    for width in [360.0, 420.0, 388.0] {
        harness.set_size(egui::vec2(width, 716.0)).run_ok();
        assert!((top(&harness) - before).abs() < 40.0, "{before}, {}", top(&harness));
    }
}

#[test]
fn the_keys_of_the_tabs_lead_into_their_lists() {
    let mut harness = one_by_one(editor_with((0..200).map(plaintext).collect()), 700.0);
    harness.state_mut().run("view.findings");
    harness.run();
    assert!(harness.get_by_label("TLS ends before personal data 0").is_focused());
    harness.state_mut().choose(&plaintext(120).key);
    harness.state_mut().run("view.findings");
    harness.run_steps(12);
    assert!(harness.get_by_label("TLS ends before personal data 120").is_focused());
    let mut harness = questions(editor_of(SHOP));
    let first = asked(&harness).swap_remove(0).1;
    harness.state_mut().run("view.questions");
    harness.run();
    assert!(harness.get_by_label(&first).is_focused());
}

#[test]
fn an_empty_list_says_what_is_open() {
    let mut harness = findings(editor_of(ASKS), 500.0);
    harness.get_by_label("No findings.");
    harness.get_by_label("1 question is open.");
    harness.get_by_label("Yes").click();
    harness.run();
    harness.get_by_label("Nothing is left to ask either.");
}

#[test]
fn the_findings_lead_to_all_questions() {
    let more = |n: u32| format!("{FILES}{n}: {STORE}; job -> {FILES}{n}: https [timeouts yes]");
    let sketch: Vec<String> = std::iter::once(ASKS.to_owned()).chain((0..5).map(more)).collect();
    let mut harness = findings(editor_of(&sketch.join("\n")), 900.0);
    harness.get_by_label("All 6 questions").click();
    harness.run();
    assert_eq!(harness.state().shown.tab, Tab::Questions);
}

#[test]
fn a_closed_row_says_that_it_is_talked_about_or_open_again() {
    let mut harness = one_by_one(editor_of(SHOP), 1400.0);
    let key = "sensitive-data-at-rest-clear:db";
    let shown = |harness: &Harness<'static, Editor>| {
        ["In discussion", "Open again"].map(|it| harness.query_all_by_label(it).count())
    };
    assert_eq!(shown(&harness), [0, 0]);
    let verdict = |state| Verdict { state, reason: "r".to_owned(), ..Verdict::default() };
    harness.state_mut().give_verdict(key, &verdict(VerdictState::InDiscussion));
    harness.run();
    picture(&mut harness, "findings-in-discussion");
    assert_eq!((shown(&harness), harness.state().shown.chosen.as_ref()), ([1, 0], None));
    // Below the level, on the line of the place, which stands where it stood.
    let lefts: Vec<f32> = harness.query_all_by_label("Orders").map(|it| it.rect().left()).collect();
    assert!(lefts.len() > 1 && lefts.iter().all(|it| *it == lefts[0]), "{lefts:?}");
    let (row, word) = (harness.get_by_label(ORDERS).rect(), harness.get_by_label("In discussion").rect());
    assert!(row.contains_rect(word) && word.center().x > row.center().x, "{row} {word}");
    harness.state_mut().give_verdict(key, &verdict(VerdictState::Accepted));
    let cards = Id::slug("cards");
    harness.state_mut().amend::<Asset>(&cards, "Classify", |it| it.class = Class::Confidential);
    harness.run();
    assert_eq!((shown(&harness), harness.state().shown.chosen.as_ref()), ([0, 1], None));
    let height =
        |harness: &Harness<'static, Editor>, label: &str| harness.get_by_label(label).rect().height();
    let before = height(&harness, "Nothing encrypts Card numbers (confidential) in Orders");
    harness.state_mut().reopen(key);
    harness.run();
    let after = height(&harness, "Nothing encrypts Card numbers (confidential) in Orders");
    assert!((before - after).abs() < 1.0, "the word takes no room: {before} {after}");
    harness.state_mut().undo();
    harness.run();
    picture(&mut harness, "findings-open-again");
}

#[test]
fn a_long_fix_is_read_whole_and_the_book_stands_beside_a_word() {
    let name = "Orders, invoices and all that our customers have ever sent back to us by mail";
    let sketch = SHOP.replace("db \"Orders\"", &format!("db \"{name}\""));
    let fix = format!("Encrypt {name} at rest");
    for width in [300.0, 340.0, 372.0, 420.0, 560.0] {
        let mut panel = parapet::ui::panels::findings::Findings::default();
        let size = (width, 1400.0);
        let mut harness =
            crate::panels::panel(editor_of(&sketch), size, move |ui, editor| panel.ui(ui, editor));
        harness.state_mut().choose("sensitive-data-at-rest-clear:db");
        harness.run();
        picture(&mut harness, &format!("findings-long-fix-{width}"));
        let rect = harness.get_by_label(&fix).rect();
        let is_wide = Face::SansMedium.width(size::TYPE_12, &fix) + 24.0 < rect.width() + 1.0;
        assert!(
            is_wide || rect.height() > 1.5 * Face::SansMedium.line_height(size::TYPE_12),
            "{width}: {rect}"
        );
        assert!(rect.right() <= width + 8.0, "{width}: {rect}");
        let accept = harness.get_by_label("Accept…").rect();
        assert!(accept.top() - rect.bottom() < 7.0, "{width}: no gap: {rect} {accept}");
        let [book, levels] = ["About this rule", "Levels…"].map(|it| harness.get_by_label(it).rect());
        assert!(
            book.left() >= levels.right() && book.center().y == levels.center().y,
            "{width}: {book} {levels}"
        );
        assert!(book.right() <= width + 8.0, "{width}: {book}");
    }
}

#[test]
fn a_new_threat_is_opened_where_it_stands() {
    let threat = Threat { title: "A stolen laptop".to_owned(), severity: Severity::Low, ..Threat::default() };
    // At once, or as soon as it is found.
    let of_rules: fn() -> Editor = || editor_of(SHOP);
    for editor in [of_rules, || editor_with((0..40).map(plaintext).collect())] {
        let mut harness = findings(editor(), 500.0);
        harness.state_mut().put_threat(None, &threat);
        harness.run_steps(4);
        if harness.state().is_behind() {
            assert!(harness.query_by_label("A stolen laptop").is_none());
            let effects = harness.state_mut().take_effects();
            let Some(Effect::Derive { generation, model }) = effects.into_iter().next_back() else {
                panic!("nothing is derived")
            };
            let derived = Box::new(Derived::of(model, || 0.0));
            harness.state_mut().handle(Event::Derived { generation, derived });
        }
        harness.run_steps(16);
        let row = harness.get_by_label("A stolen laptop");
        assert!(row.is_focused() && row.rect().top() >= 0.0 && row.rect().top() < 500.0, "{}", row.rect());
        harness.get_by_label("Edit…");
        assert_eq!(harness.state().shown.sought, None);
    }
}

#[test]
fn what_a_finding_is_about_is_selected_from_its_row() {
    let mut editor = editor_of(SHOP);
    let view = editor.view().clone();
    editor.change("Place it", |draft, _| draft.put((view, Id::slug("db")), Place::at(0.0, 0.0)));
    let mut harness = findings(editor, 900.0);
    harness.get_by_label(ORDERS).click_accesskit();
    harness.run();
    harness.get_by_label("Select it").click();
    harness.run();
    let selected: Vec<&str> = harness.state().selection().iter().map(Id::as_str).collect();
    assert_eq!(selected, ["db"]);
    assert!(harness.state().shown.wishes.contains(&Wish::Show(vec![Id::slug("db")])));
}
