//! What is new: that it stands where one looks, that the view goes no further than it takes, and that one types at once.

use egui::{Event, Key, Pos2, vec2};
use egui_kittest::kittest::Queryable as _;
use parapet::editor::{Event as Said, Heading, NewView, Tab, Wish};
use parapet::scene::{Pos, Rect};
use parapet::ui::paint::Camera;

use crate::canvas::{Desk, SMALL, at, click, desk, drag, editor, id};
use crate::window::{self, window};

fn camera(desk: &Desk) -> Camera {
    desk.state().as_ref().unwrap().0.camera()
}

fn seen(desk: &Desk) -> (Rect, f32) {
    let camera = camera(desk);
    (camera.viewport(), camera.zoom)
}

/// Lets the view fly where it goes.
fn rest(desk: &mut Desk) {
    desk.run_steps(15);
}

#[test]
fn what_is_new_stands_where_one_looks_and_the_view_stays() {
    let mut desk = desk(SMALL);
    // Far down, where nothing of the drawing is.
    editor(&mut desk).shown.wishes.push(Wish::ShowPoint(Pos::new(0.0, 4000.0)));
    rest(&mut desk);
    let before = seen(&desk);
    for kind in ["web-server", "note", "cache", "web-server"] {
        let new = editor(&mut desk).add_component_anywhere(kind);
        rest(&mut desk);
        let rect = editor(&mut desk).layout().rect(&new).unwrap();
        assert!(before.0.contains_rect(&rect), "{rect:?} in {before:?}");
        assert_eq!(seen(&desk), before);
    }
    let new = editor(&mut desk).add_boundary_anywhere("host");
    rest(&mut desk);
    let rect = editor(&mut desk).layout().rect(&new).unwrap();
    assert!(before.0.contains_rect(&rect) && seen(&desk) == before, "{rect:?}");
}

#[test]
fn where_there_is_no_room_in_view_the_view_goes_no_further_than_it_takes() {
    let mut desk = desk(SMALL);
    editor(&mut desk).select([id("db")]);
    editor(&mut desk).shown.wishes.push(Wish::FitSelection);
    rest(&mut desk);
    let (before, zoom) = seen(&desk);
    editor(&mut desk).draw_on(Heading::Right);
    rest(&mut desk);
    let new = editor(&mut desk).selected_one().cloned().unwrap();
    let rect = editor(&mut desk).layout().rect(&new).unwrap();
    let (after, now) = seen(&desk);
    assert!(after.contains_rect(&rect) && now == zoom);
    let moved = after.min - before.min;
    let needed = (rect.max.x + 32.0 / zoom - before.max.x).max(0.0);
    assert!((moved.x - needed).abs() < 1.0 && moved.y.abs() < 1.0, "{moved:?}, not {needed}");
}

#[test]
fn keys_do_not_come_nearer_unasked() {
    let mut desk = desk(SMALL);
    for _ in 0..5 {
        editor(&mut desk).run("view.zoom-out");
        rest(&mut desk);
    }
    editor(&mut desk).select([id("web")]);
    let before = seen(&desk);
    assert!(before.1 < 0.4, "{before:?}");
    editor(&mut desk).walk(Heading::Right);
    rest(&mut desk);
    assert_eq!((seen(&desk), editor(&mut desk).selected_one()), (before, Some(&id("db"))));
}

#[test]
fn the_window_may_grow_and_shrink_until_somebody_has_edited() {
    let mut desk = desk(SMALL);
    let zoom = seen(&desk).1;
    desk.set_size(vec2(800.0, 500.0));
    desk.run_ok();
    let smaller = seen(&desk).1;
    assert!(smaller < zoom, "all of it fits");
    let centre = seen(&desk).0.centre();
    editor(&mut desk).delete(&[id("fw")].into());
    desk.set_size(vec2(800.0, 499.0));
    rest(&mut desk);
    assert_eq!(seen(&desk).1, smaller);
    assert!(seen(&desk).0.centre().distance(centre) < 0.01);
}

/// Where a position of the drawing is on the screen.
fn on_screen(desk: &Desk, x: f32, y: f32) -> Pos2 {
    camera(desk).to_screen(Pos::new(x, y))
}

fn name_of_one(desk: &mut Desk) -> String {
    let editor = editor(desk);
    editor.model().title(editor.selected_one().unwrap())
}

fn type_text(desk: &mut Desk, text: &str, end: Key) {
    desk.run_ok();
    desk.event(Event::Text(text.to_owned()));
    desk.run_ok();
    desk.key_press(end);
    desk.run_ok();
}

#[test]
fn the_words_of_a_new_note_and_the_name_of_a_new_boundary_are_typed_at_once() {
    let mut desk = desk(SMALL);
    let (free, far) = (on_screen(&desk, 320.0, 272.0), on_screen(&desk, 600.0, 368.0));
    for end in [Key::Enter, Key::Escape] {
        assert!(editor(&mut desk).run("view.note"));
        click(&mut desk, free.lerp(far, 0.5), "");
        type_text(&mut desk, "Rate limits", end);
        assert_eq!(name_of_one(&mut desk), "Rate limits");
        editor(&mut desk).undo();
        editor(&mut desk).undo();
    }
    for (end, name) in [(Key::Enter, "DMZ"), (Key::Escape, "Tier")] {
        assert!(editor(&mut desk).run("view.boundary"));
        drag(&mut desk, free, far, "");
        type_text(&mut desk, name, end);
        assert_eq!(name_of_one(&mut desk), name);
        assert!(desk.get_by_label_contains("Canvas, ").is_focused());
    }
}

#[test]
fn what_is_pasted_comes_to_the_pointer_or_beside_what_was_copied() {
    let mut desk = desk(SMALL);
    editor(&mut desk).select([id("web")]);
    let copied = editor(&mut desk).fragment().unwrap();
    let to = on_screen(&desk, 480.0, 200.0);
    desk.hover_at(to);
    desk.run_ok();
    editor(&mut desk).handle(Said::Pasted(copied.clone()));
    let new = editor(&mut desk).selected_one().cloned().unwrap();
    let centre = editor(&mut desk).layout().rect(&new).unwrap().centre();
    assert!(centre.distance(Pos::new(480.0, 200.0)) <= 8.0, "{centre:?}");
    assert_eq!(editor(&mut desk).nesting().parent(&new), Some(&id("tier")), "in the boundary there");
    desk.event(Event::PointerGone);
    desk.run_ok();
    editor(&mut desk).handle(Said::Pasted(copied));
    let new = editor(&mut desk).selected_one().cloned().unwrap();
    assert_eq!(editor(&mut desk).layout().rect(&new).unwrap().min, Pos::new(24.0, 24.0));
}

#[test]
fn a_click_on_a_count_opens_the_list_at_what_it_counts() {
    let mut desk = desk(SMALL);
    editor(&mut desk).shown.tab = Tab::Inspector;
    let db = at(&desk, "Orders, sql database");
    // Where handles are, too.
    click(&mut desk, db, "");
    desk.run_steps(15);
    let corner = desk.get_by_label_contains("Orders, sql database").rect().right_top();
    let zoom = seen(&desk).1;
    click(&mut desk, corner - vec2(20.0 * zoom, 0.0), "");
    let editor = editor(&mut desk);
    let wanted = editor.open_about(|it| *it == id("db")).next().map(|it| it.key.clone());
    assert!(wanted.is_some());
    assert_eq!((editor.shown.tab, &editor.shown.sought), (Tab::Findings, &wanted));
    assert_eq!(editor.shown.chosen, wanted, "its evidence shows");
    assert_eq!(editor.selected_one(), Some(&id("db")));
    assert_eq!(editor.layout().rect(&id("db")).unwrap().min, Pos::new(400.0, 96.0));
}

#[test]
fn who_has_presented_is_back_where_he_was() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let card = |harness: &egui_kittest::Harness<'static, _>| {
        harness.get_all_by_role(egui::accesskit::Role::ListItem).next().unwrap().rect()
    };
    let editor = window::editor(&mut harness);
    editor.add_view(NewView::Copy);
    let second = editor.view().clone();
    editor.shown.wishes.extend([Wish::ZoomIn, Wish::ShowPoint(Pos::new(900.0, 0.0))]);
    harness.run_steps(15);
    let before = card(&harness);
    window::editor(&mut harness).run("view.present");
    harness.run_steps(15);
    assert_ne!(*window::editor(&mut harness).view(), second);
    assert_ne!(card(&harness), before);
    harness.key_press(Key::Escape);
    harness.run_steps(15);
    assert_eq!((window::editor(&mut harness).view().clone(), card(&harness)), (second, before));
}
