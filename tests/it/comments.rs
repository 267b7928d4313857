//! Comments as a user meets them: placed by the key and the pointer, answered and resolved in their list.

use egui::{Event, Key, Modifiers, PointerButton, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;
use parapet::app::Window;
use parapet::editor::{PinTo, Tab, Tool};
use parapet::scene::Pos;

use super::canvas::{SMALL, at, click, desk, drag, editor as at_desk, id};
use super::window::{editor, picture, window};

type Harnessed = Harness<'static, Option<Window>>;

fn write(harness: &mut Harnessed, field: &str, text: &str) {
    harness.get_by_label(field).focus();
    harness.run_ok();
    harness.event(Event::Text(text.to_owned()));
    harness.run_ok();
}

fn press(harness: &mut Harnessed, label: &str) {
    harness.get_by_label(label).click();
    harness.run_ok();
}

fn said(harness: &mut Harnessed) -> Vec<String> {
    let threads = editor(harness).model().comments().values();
    let messages =
        threads.flat_map(|it| it.messages.0.values().map(|it| format!("{}: {}", it.author, it.text)));
    messages.collect()
}

#[test]
fn a_comment_is_written_answered_resolved_and_found_again() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let first = editor(&mut harness).layout().cards.keys().next().unwrap().clone();
    let title = editor(&mut harness).model().title(&first);
    editor(&mut harness).select([first.clone()]);
    harness.run_ok();
    harness.key_press(Key::C);
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.tab, Tab::Comments);
    // The keyboard is in the words, and where the name is missing that comes next.
    harness.event(Event::Text("Who patches this?".to_owned()));
    harness.run_ok();
    harness.key_press_modifiers(Modifiers { ctrl: true, command: true, ..Modifiers::NONE }, Key::Enter);
    harness.run_ok();
    assert!(editor(&mut harness).model().comments().is_empty());
    harness.event(Event::Text("Ada".to_owned()));
    harness.run_ok();
    assert_eq!(editor(&mut harness).who, "Ada");
    picture(&mut harness, "comment-new");
    press(&mut harness, "Comment");
    assert_eq!(said(&mut harness), ["Ada: Who patches this?"]);
    assert!(harness.query_by_label_contains(&format!("{title}, comment: Who patches")).is_some());
    assert!(harness.query_by_label_contains(", 1 comment").is_some(), "the canvas says so too");
    write(&mut harness, "Answer", "We do");
    harness.key_press_modifiers(Modifiers { ctrl: true, command: true, ..Modifiers::NONE }, Key::Enter);
    harness.run_ok();
    assert_eq!(said(&mut harness), ["Ada: Who patches this?", "Ada: We do"]);
    picture(&mut harness, "comments");
    press(&mut harness, "Resolve");
    assert!(harness.query_by_label_contains(", comment: Who patches").is_none(), "it leaves the list");
    assert!(harness.query_by_label_contains(", 2 comments").is_none(), "and the canvas");
    press(&mut harness, "Resolved: 1");
    assert!(harness.query_by_label("Resolved by Ada on 2026-01-01").is_some());
    press(&mut harness, "Reopen");
    write(&mut harness, "Search comments", "nothing like it");
    assert!(harness.query_by_label("0 of 1 found").is_some());
    assert!(harness.query_by_label_contains(", comment: Who patches").is_none());
    // Whoever comes by the pin sees it all the same.
    let thread = editor(&mut harness).model().comments().keys().next().unwrap().clone();
    editor(&mut harness).open_pin(&first);
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.thread, Some(thread));
    assert!(harness.query_by_label_contains(", comment: Who patches").is_some());
    press(&mut harness, "Delete the comment");
    assert!(said(&mut harness).is_empty());
    assert!(harness.query_by_label("Nobody has commented yet.").is_some());
    editor(&mut harness).undo();
    assert_eq!(said(&mut harness).len(), 2);
}

#[test]
fn own_messages_are_edited_and_deleted_and_those_of_others_are_not() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let first = editor(&mut harness).layout().cards.keys().next().unwrap().clone();
    editor(&mut harness).who = "Grace".to_owned();
    let thread = editor(&mut harness).add_comment(&PinTo::Element(first), "one").unwrap();
    editor(&mut harness).who = "Ada".to_owned();
    editor(&mut harness).answer_comment(&thread, "two");
    editor(&mut harness).show_thread(&thread);
    harness.run_ok();
    assert_eq!(harness.query_all_by_label("Edit this message").count(), 1);
    press(&mut harness, "Edit this message");
    write(&mut harness, "Other words", " and three");
    picture(&mut harness, "comment-edited");
    press(&mut harness, "Save");
    assert_eq!(said(&mut harness), ["Grace: one", "Ada: two and three"]);
    press(&mut harness, "Delete this message");
    assert_eq!(said(&mut harness), ["Grace: one"]);
}

#[test]
fn the_tool_pins_to_what_is_clicked_and_a_click_on_a_pin_opens_it() {
    let mut desk = desk(SMALL);
    at_desk(&mut desk).who = "Ada".to_owned();
    at_desk(&mut desk).run("edit.comment");
    assert_eq!(at_desk(&mut desk).shown.tool, Tool::Comment);
    let web = at(&desk, "Web, web server");
    click(&mut desk, web, "");
    assert_eq!(at_desk(&mut desk).shown.composing, Some(PinTo::Element(id("web"))));
    assert_eq!(at_desk(&mut desk).shown.tool, Tool::Pointer);
    let on_web = at_desk(&mut desk).add_comment(&PinTo::Element(id("web")), "On web").unwrap();
    // On empty ground, a point.
    at_desk(&mut desk).clear_selection();
    at_desk(&mut desk).run("edit.comment");
    let ground = at(&desk, "App, application server") + vec2(0.0, 80.0);
    click(&mut desk, ground, "");
    let Some(PinTo::Point(point)) = at_desk(&mut desk).shown.composing.clone() else { panic!("no point") };
    let here = at_desk(&mut desk).add_comment(&PinTo::Point(point), "Here").unwrap();
    desk.run_ok();
    at_desk(&mut desk).shown.thread = None;
    let pin = desk.get_by_label("Comment: Here").rect().center();
    assert!(pin.distance(ground) < 1.0);
    click(&mut desk, pin, "");
    assert_eq!(at_desk(&mut desk).shown.thread, Some(here));
    // The one of a card hangs on its lower right corner, and the card is still there to be selected.
    let corner = desk.get_by_label_contains("Web, web server").rect().right_bottom();
    click(&mut desk, corner, "");
    assert_eq!(at_desk(&mut desk).shown.thread, Some(on_web));
    assert!(at_desk(&mut desk).selection().is_empty());
    click(&mut desk, web, "");
    assert!(at_desk(&mut desk).is_selected(&id("web")));
    super::canvas::picture(&mut desk, "pins");
    // A point is moved, in one step.
    drag(&mut desk, pin, pin + vec2(60.0, 40.0), "");
    let moved = desk.get_by_label("Comment: Here").rect().center();
    assert!((moved - pin - vec2(60.0, 40.0)).length() < 1.0, "{moved}");
    at_desk(&mut desk).undo();
    desk.run_ok();
    assert!(desk.get_by_label("Comment: Here").rect().center().distance(pin) < 1.0);
    // Hidden, there is nothing to press.
    at_desk(&mut desk).run("view.comments");
    desk.run_ok();
    assert!(desk.query_by_label("Comment: Here").is_none());
    at_desk(&mut desk).shown.thread = None;
    click(&mut desk, corner, "");
    assert_eq!(at_desk(&mut desk).shown.thread, None);
}

#[test]
fn the_menu_of_the_ground_comments_on_the_point() {
    let mut desk = desk(SMALL);
    let ground = at(&desk, "App, application server") + vec2(0.0, 80.0);
    for pressed in [true, false] {
        super::canvas::button(&mut desk, ground, PointerButton::Secondary, pressed, Modifiers::NONE);
    }
    desk.get_by_label("Comment here…").click();
    desk.run_ok();
    assert!(matches!(at_desk(&mut desk).shown.composing, Some(PinTo::Point(_))));
}

#[test]
fn what_is_deleted_says_so_in_its_thread_and_the_inspector_leads_to_threads() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).who = "Ada".to_owned();
    let first = editor(&mut harness).layout().cards.keys().next().unwrap().clone();
    let title = editor(&mut harness).model().title(&first);
    let thread = editor(&mut harness).add_comment(&PinTo::Element(first.clone()), "Keep?").unwrap();
    editor(&mut harness).select([first.clone()]);
    editor(&mut harness).shown.tab = Tab::Inspector;
    editor(&mut harness).shown.thread = None;
    harness.run_ok();
    press(&mut harness, "Comment: Keep?");
    let shown = &editor(&mut harness).shown;
    assert_eq!((shown.tab, shown.thread.clone()), (Tab::Comments, Some(thread)));
    editor(&mut harness).delete(&std::collections::BTreeSet::from([first]));
    harness.run_ok();
    assert!(harness.query_by_label_contains(&format!("{title}, which is gone, comment: Keep?")).is_some());
    assert!(harness.query_by_label("Comment: Keep?").is_some(), "its pin stays");
    picture(&mut harness, "comment-orphan");
    press(&mut harness, "Go there");
}

#[test]
fn hostile_words_stay_words_in_a_report() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).who = "**Ada** <b>".to_owned();
    let on = PinTo::Point(Pos::new(0.0, 0.0));
    editor(&mut harness).add_comment(&on, "<script>x</script>\n# [a](b)").unwrap();
    let done = editor(&mut harness).add_comment(&on, "Settled").unwrap();
    editor(&mut harness).resolve_comment(&done, true);
    let export = |harness: &mut Harnessed, format: &str| {
        let editor = editor(harness);
        let format = parapet::formats::find(format).unwrap();
        let (findings, questions) = (&editor.report().findings, &editor.report().questions);
        let it = parapet::formats::Export {
            model: editor.model(),
            view: None,
            findings,
            questions,
            file: "shop",
            today: "2026-01-01",
        };
        String::from_utf8(format.export.unwrap()(&it).unwrap()).unwrap()
    };
    let report = export(&mut harness, "markdown");
    let (_, comments) = report.split_once("## Open comments").unwrap();
    insta::assert_snapshot!(comments.trim(), @r"
    - **A point of Main**
      - \*\*Ada\*\* &lt;b&gt;, 2026-01-01: &lt;script&gt;x&lt;/script&gt; \# \[a\](b)
    ");
    let json: serde_json::Value = serde_json::from_str(&export(&mut harness, "json")).unwrap();
    let threads = json["comments"].as_array().unwrap();
    assert_eq!(threads.len(), 1, "what is resolved is not told");
    assert_eq!(threads[0]["messages"][0]["text"], "<script>x</script>\n# [a](b)");
    assert!(threads[0]["element"].is_null());
}
