//! The questions: answered, put off and noted on.

use egui::Key;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::editor::{Editor, Tab};
use parapet::model::{Id, Truth};

use super::{ASKS, SHOP, asked, questions, sites};
use crate::panels::{editor_of, picture};

#[test]
fn questions_are_answered_in_a_row_by_keyboard() {
    let mut harness = questions(editor_of(SHOP));
    picture(&mut harness, "questions");
    let all: Vec<String> = asked(&harness).into_iter().map(|it| it.1).collect();
    assert!(all.len() >= 2);
    harness.get_by_label(&all[0]).focus();
    harness.run();
    picture(&mut harness, "questions-focused");
    let steps = harness.state().history().next_undo().map(str::to_owned);
    harness.key_press(Key::Num1);
    harness.run();
    assert!(harness.query_by_label(&all[0]).is_none());
    assert_eq!(harness.state().history().next_undo(), Some("Answer: Yes"));
    assert!(harness.get_by_label(&all[1]).is_focused());
    harness.state_mut().undo();
    harness.run();
    assert_eq!(harness.state().history().next_undo(), steps.as_deref());
    harness.get_by_label(&all[0]);
}

#[test]
fn the_next_question_is_the_one_in_its_place_even_if_others_come_before_it() {
    let keys = |editor: &Editor| editor.questions().map(|it| it.key.clone()).collect::<Vec<_>>();
    let all = keys(&sites(12));
    // One whose answer lets others be asked before the next.
    let moves = |n: &usize| {
        let mut editor = sites(12);
        editor.answer(&all[*n], 0);
        keys(&editor).get(*n) != all.get(*n + 1)
    };
    let first = (0..all.len() - 1).find(moves).expect("an answer that moves the next");
    let mut harness = questions(sites(12));
    let text = asked(&harness).into_iter().find(|it| it.0 == all[first]).unwrap().1;
    harness.state_mut().shown.chosen = Some(all[first].clone());
    harness.state_mut().run("view.questions");
    harness.run_steps(8);
    assert!(harness.get_by_label(&text).is_focused());
    harness.key_press(Key::Num1);
    harness.run_steps(8);
    let now: Vec<(String, String)> = asked(&harness);
    assert!(harness.get_by_label(&now[first].1).is_focused());
    harness.key_press(Key::Num1);
    harness.run_steps(8);
    assert!(harness.state().questions().all(|it| it.key != now[first].0));
}

#[test]
fn a_choice_with_long_names_is_told_to_its_end() {
    let text = r#"asset cards "Card numbers": secret
        web "Web server of the north for customers": web-server; job "Nightly settlement of accounts": worker
        boundary tier "Data tier": subnet-tier { db "Orders": sql-database [stores cards] }
        user: user; user -> web: https; web -> db: postgres; job -> db: postgres"#;
    let mut harness = questions(editor_of(text));
    let choice = "Only what is drawn (5432 from Nightly settlement of accounts";
    let long = harness.get_by_label_contains(choice).rect();
    let short = harness.get_by_label("Anything from anywhere").rect();
    assert!(long.height() > short.height() + 10.0, "on several lines: {long} {short}");
    assert!(long.right() <= 380.0 && long.bottom() <= short.top() + 0.5, "{long} {short}");
    picture(&mut harness, "questions-long-choice");
    harness.get_by_label_contains(choice).click();
    harness.run();
    assert!(harness.query_by_label_contains(choice).is_none());
}

#[test]
fn a_question_put_off_waits_at_the_end() {
    let mut harness = questions(editor_of(ASKS));
    harness.get_by_label("Later").click();
    harness.run();
    assert_eq!(harness.state().questions().count(), 0);
    harness.get_by_label("Put off").click();
    harness.run();
    picture(&mut harness, "questions-put-off");
    harness.get_by_label("No").click();
    harness.run();
    assert_eq!(harness.state().open_count(), 1);
}

#[test]
fn a_note_is_kept_with_the_answer() {
    let mut harness = questions(editor_of(ASKS));
    let (key, text) = asked(&harness).swap_remove(0);
    harness.get_by_label(&text).click_accesskit();
    harness.run();
    harness.get_by_label("Note").focus();
    harness.run();
    harness.get_by_label("Note").type_text("asked the vendor");
    harness.run();
    picture(&mut harness, "questions-noted");
    harness.key_press(Key::Enter);
    harness.run();
    let (subject, field) = key.split_once('.').unwrap();
    let answer = |harness: &Harness<'static, Editor>| {
        harness.state().model().answer(&Id::slug(subject), field).unwrap()
    };
    assert_eq!(answer(&harness).note, "asked the vendor");
    harness.get_by_label("Yes").click();
    harness.run();
    assert_eq!((answer(&harness).is, answer(&harness).note.as_str()), (Truth::Yes, "asked the vendor"));
}

#[test]
fn what_no_field_answers_is_noted_on_and_put_off_too() {
    let mut harness = questions(editor_of("user -> web: https; web -> db: postgres; db: postgres"));
    let text = "Which data is kept in db?";
    harness.get_by_label(text).focus();
    harness.run();
    harness.key_press(Key::Num0);
    harness.run();
    harness.get_by_label("Note").type_text("ask Ada");
    harness.run();
    harness.key_press(Key::Enter);
    harness.run();
    let said = |harness: &Harness<'static, Editor>| harness.state().model().remark(&Id::slug("db"), "stores");
    assert_eq!(said(&harness).note, "ask Ada");
    // By the key after the last choice.
    let key = "db.stores".to_owned();
    let last = harness.state().report().question(&key).unwrap().choices.len();
    assert!(harness.get_by_label(text).is_focused(), "the row has the keys again");
    harness.key_press([Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6][last]);
    harness.run();
    assert!(said(&harness).later && harness.state().questions().all(|it| it.key != key));
    harness.get_by_label("Put off").click();
    harness.run();
    picture(&mut harness, "questions-noted-and-put-off");
    harness.get_by_label("Business data").click();
    harness.run();
    assert!(!said(&harness).later && said(&harness).note == "ask Ada", "what was answered is not put off");
    // One step each, and what is gone takes along what was said of it.
    harness.state_mut().undo();
    assert!(said(&harness).later);
    harness.state_mut().select([Id::slug("db")]);
    harness.state_mut().run("edit.delete");
    assert!(harness.state().model().remarks().is_empty());
    harness.state_mut().undo();
    assert!(said(&harness).later);
}

#[test]
fn the_search_narrows_the_questions_where_they_are_shown_and_is_taken_back() {
    let mut harness = questions(sites(12));
    let all = asked(&harness);
    let listed = |harness: &Harness<'static, Editor>, text: &str| harness.query_by_label(text).is_some();
    harness.state_mut().shown.tab = Tab::Questions;
    harness.state_mut().run("view.search-findings");
    harness.run();
    assert_eq!(harness.state().shown.tab, Tab::Questions, "whoever is here stays here");
    let field = "Search questions by words";
    assert!(harness.get_by_label(field).is_focused());
    let last = all.last().unwrap().1.clone();
    assert!(!listed(&harness, &last), "it is far down");
    harness.get_by_label(field).type_text(&last);
    harness.run();
    assert!(listed(&harness, &last) && !listed(&harness, &all[0].1));
    harness.get_by_label(&format!("1 of {} questions hold these words", all.len()));
    picture(&mut harness, "questions-searched");
    harness.key_press(Key::Enter);
    harness.run();
    assert!(harness.get_by_label(&last).is_focused());
    // It is taken back by the button that opened it, as by Esc.
    harness.get_by_label("Search questions").click();
    harness.run();
    assert!(harness.query_by_label(field).is_none() && harness.state().shown.search.is_empty());
    // Words from the other list hold here too, and who comes for a question finds it whatever they are.
    harness.state_mut().shown.search = "no such thing".to_owned();
    harness.run();
    harness.get_by_label("No question holds these words");
    assert!(!listed(&harness, &last));
    harness.state_mut().seek(&all[0].0, Tab::Questions);
    harness.run();
    assert!(listed(&harness, &all[0].1) && harness.state().shown.search.is_empty());
    // Elsewhere the command leads to the findings.
    harness.state_mut().shown.tab = Tab::Inspector;
    harness.state_mut().run("view.search-findings");
    assert_eq!(harness.state().shown.tab, Tab::Findings);
}

#[test]
fn what_was_put_off_is_found_by_its_words() {
    let mut harness = questions(editor_of(ASKS));
    let (_, text) = asked(&harness).swap_remove(0);
    harness.get_by_label("Later").click();
    harness.run();
    assert!(harness.query_by_label(&text).is_none());
    harness.state_mut().shown.search.clone_from(&text);
    harness.run();
    harness.get_by_label(&text);
}
