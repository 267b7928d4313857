//! What stays in view, and what comes into it: the view goes no further than it takes.

use egui::vec2;
use parapet::editor::{Heading, Wish};
use parapet::scene::{Pos, Rect};
use parapet::ui::paint::Camera;

use crate::canvas::{Desk, SMALL, desk, editor, id};

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
