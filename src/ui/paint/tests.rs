//! A picture is the same however it came about: moved, zoomed, in pieces.

use std::collections::BTreeMap;
use std::sync::Arc;

use egui::{Color32, Context, Mesh, Pos2, RawInput, Rect};
use proptest::prelude::*;

use super::ahead::AHEAD;
use super::eyes::{CELL, Shelf, looked_at};
use super::*;
use crate::scene::{Anchor, Fill, PathShape, Pos, RectShape, Stroke, TextShape};
use crate::tokens::{Face, Ink};
use crate::ui::theme;

fn list(out: &mut Sink<'_>) {
    let mut item = |shape| out(&Item { shape, layer: Layer::Card, opacity: 1.0, element: None });
    let rect = scene::Rect::new(100.0, 80.0, 160.0, 56.0);
    let (fill, stroke) = (Some(Fill::of(Ink::Card)), Some(Stroke::of(Ink::CardLine, 1.0)));
    item(Part::Rect(RectShape { rect, radius: 10.0, fill, stroke, shadow: 6.0 }));
    let points = [(40.0, 40.0), (40.0, 108.0), (100.0, 108.0)].map(|it| Pos::new(it.0, it.1));
    item(Part::Path(PathShape {
        points: &points,
        radius: 0.0,
        stroke: Stroke::of(Ink::Flow, 1.0),
        head: 0.0,
        tail: 0.0,
    }));
}

/// Cards and lines, dashed ones too, of which the window shows a small part.
fn crowd(out: &mut Sink<'_>) {
    fn item(shape: Part<'_>, layer: Layer) -> Item<'_> {
        Item { shape, layer, opacity: 1.0, element: None }
    }
    for n in 0..60_i16 {
        let (x, y) = (f32::from(n % 10 * 190) - 800.0, f32::from(n / 10 * 150) - 300.0);
        let points = [(x, y), (x, y + 95.0), (x + 333.0, y + 95.0)].map(|it| Pos::new(it.0, it.1));
        let line = Stroke::of(Ink::Flow, 1.5);
        let stroke = if n % 2 == 0 { line } else { line.dashed([4.0, 3.0]) };
        let shape = PathShape { points: &points, radius: 6.0, stroke, head: 8.0, tail: 0.0 };
        out(&item(Part::Path(shape), Layer::Flow));
    }
    for n in 0..60_i16 {
        let (x, y) = (f32::from(n % 10 * 190) - 800.0, f32::from(n / 10 * 150) - 300.0);
        let (fill, stroke) = (Some(Fill::of(Ink::Card)), Some(Stroke::of(Ink::CardLine, 1.0)));
        let rect = scene::Rect::new(x, y, 160.0, 56.0);
        let shape = RectShape { rect, radius: 10.0, fill, stroke, shadow: 6.0 };
        out(&item(Part::Rect(shape), Layer::Card));
    }
}

/// Where meshes are kept, or not.
fn context(is_kept: bool) -> Context {
    let ctx = Context::default();
    theme::install(&ctx);
    if is_kept {
        keep_in(&ctx, Arc::new(Shelf));
    }
    ctx
}

/// What a frame looks like.
fn frame(ctx: &Context, screen: Rect, paint: &mut dyn FnMut(&Painter)) -> BTreeMap<[i32; 2], Vec<Color32>> {
    let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
    let mut output = ctx.run_ui(input, |ui| paint(ui.painter()));
    output.textures_delta.clear();
    looked_at(&ctx.tessellate(output.shapes, 1.0), screen)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_picture_that_was_moved_is_the_picture_painted_there(
        steps in prop::collection::vec((-90_i16..=90, -90_i16..=90), 1..12),
        is_kept: bool,
    ) {
        let ctx = context(is_kept);
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(500.0, 400.0));
        let mut camera = Camera { corner: Pos::ZERO, zoom: 1.0, screen };
        let frame = |paint: &mut dyn FnMut(&Painter)| frame(&ctx, screen, paint);
        let mut moved = Painting::default();
        frame(&mut |painter| moved.paint(painter, &camera, false, crowd));
        for (x, y) in steps {
            let by = Vec2::new(f32::from(x), f32::from(y));
            camera.corner = camera.corner - Pos::new(by.x, by.y);
            let mut parts = Vec::new();
            let slid = frame(&mut |painter| {
                if !moved.slide(painter, by, &mut |part, out| { parts.push(part); crowd(out); }) {
                    moved.paint(painter, &camera, false, crowd);
                }
            });
            let anew = frame(&mut |painter| Painting::default().paint(painter, &camera, false, crowd));
            prop_assert!(slid == anew);
            prop_assert!(parts.iter().all(|it| camera.viewport().grown(5.0 * AHEAD + 1.0).contains_rect(it)));
        }
    }
}

/// One of so many parts of the crowd, and whether it is the last.
fn part(nth: usize, of: usize, out: &mut Sink<'_>) -> bool {
    let (mut at, from, to) = (0..120, (nth - 1) * 120 / of, nth * 120 / of);
    crowd(&mut |it| {
        if at.next().is_some_and(|it| (from..to).contains(&it)) {
            out(it);
        }
    });
    nth == of
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Zoomed and moved at will while the next one is painted piece by piece: no part of the screen is ever without
    /// its picture, and in the end it is the picture painted there at once.
    #[test]
    fn a_picture_that_was_painted_in_pieces_is_the_picture_painted_at_once(
        steps in prop::collection::vec((0.8_f32..1.25, -60_i16..=60, -60_i16..=60), 1..9),
        pieces in 1_usize..5,
        is_kept: bool,
        holds_all: bool,
    ) {
        let ctx = context(is_kept);
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(500.0, 400.0));
        let mut camera = if holds_all {
            Camera::showing(scene::Rect::new(-800.0, -300.0, 2300.0, 900.0), screen, 20.0, 1.0)
        } else {
            Camera { corner: Pos::ZERO, zoom: 0.5, screen }
        };
        let frame = |paint: &mut dyn FnMut(&Painter)| frame(&ctx, screen, paint);
        let mut moved = Painting::default();
        frame(&mut |painter| moved.paint(painter, &camera, false, crowd));
        if holds_all {
            moved.holds_all();
        }
        let mut done = pieces;
        for (zoom, x, y) in steps {
            let at = camera.to_world(Pos2::new(250.0, 200.0));
            camera.zoom *= zoom;
            let half = screen.size() / (2.0 * camera.zoom);
            camera.corner = Pos::new(at.x - half.x + f32::from(x), at.y - half.y + f32::from(y));
            let carried = frame(&mut |painter| {
                if moved.carry(painter, &camera, &mut |_, out| crowd(out)).is_some() {
                    moved.show(painter);
                } else {
                    moved.paint(painter, &camera, true, crowd);
                    done = pieces;
                }
                if done == pieces {
                    moved.begin(painter, &camera, true);
                    done = 0;
                }
                done += 1;
                assert_eq!(moved.go_on(painter, |out| part(done, pieces, out)), done == pieces);
            });
            let anew = frame(&mut |painter| Painting::default().paint(painter, &camera, false, crowd));
            // The middles of cards, where a line of a pixel more or less changes nothing.
            for n in 0..60_i16 {
                let (x, y) = (f32::from(n % 10 * 190) - 720.0, f32::from(n / 10 * 150) - 272.0);
                let at = camera.to_screen(Pos::new(x, y));
                let cell = [at.y, at.x].map(|it| (it / CELL).floor() as i32);
                if camera.zoom > 0.2 && screen.shrink(CELL).contains(at) {
                    prop_assert_eq!(carried.get(&cell).and_then(|it| it.last()), anew.get(&cell).and_then(|it| it.last()));
                }
            }
        }
        frame(&mut |painter| moved.begin(painter, &camera, false));
        for done in 1..=pieces {
            frame(&mut |painter| {
                moved.carry(painter, &camera, &mut |_, out| crowd(out));
                assert_eq!(moved.go_on(painter, |out| part(done, pieces, out)), done == pieces);
            });
        }
        prop_assert!(moved.is_sharp(false));
        let in_pieces = frame(&mut |painter| assert!(moved.repeat(painter)));
        let anew = frame(&mut |painter| Painting::default().paint(painter, &camera, false, crowd));
        prop_assert!(in_pieces == anew);
    }
}

#[test]
fn texts_are_stretched_while_one_zooms_and_sharp_afterwards() {
    let ctx = Context::default();
    theme::install(&ctx);
    let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(2000.0, 1000.0));
    let texts = |out: &mut Sink<'_>| {
        for n in 0..600_u16 {
            let shape = Part::Text(TextShape {
                pos: Pos::new(f32::from(n % 30) * 60.0, f32::from(n / 30) * 40.0),
                text: &format!("Name {n}"),
                size: 13.0,
                face: Face::Sans,
                fill: Fill::of(Ink::Text),
                anchor: Anchor::Start,
            });
            out(&Item { shape, layer: Layer::Card, opacity: 1.0, element: None });
        }
    };
    let mut painting = Painting::default();
    let mut paint = |zoom: f32, is_zooming: bool| {
        let camera = Camera { corner: Pos::ZERO, zoom, screen };
        let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
        let mut sharp = Vec::new();
        let paint = |ui: &mut egui::Ui| {
            let painter = ui.painter();
            painting.begin(painter, &camera, is_zooming);
            painting.go_on(painter, |_| false);
            sharp.push(painting.is_sharp(false));
            painting.go_on(painter, |out| {
                texts(out);
                true
            });
            sharp.extend([painting.is_sharp(false), painting.is_sharp(true)]);
        };
        ctx.run_ui(input, paint).textures_delta.clear();
        sharp
    };
    assert_eq!(paint(1.0, false), [true, true, true]);
    assert_eq!(paint(1.0, true), [true, true, true]);
    assert_eq!(paint(1.3, true), [true, false, true]);
    // Until the next one is there, it is the last one that is shown.
    assert_eq!(paint(1.3, false), [false, true, true]);
}

#[test]
fn what_has_lost_its_glyphs_is_not_shown_again() {
    let ctx = Context::default();
    theme::install(&ctx);
    let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(500.0, 400.0));
    let camera = Camera { corner: Pos::ZERO, zoom: 1.0, screen };
    let mut painting = Painting::default();
    let mut frame = |pixels_per_point: f32, paint: &mut dyn FnMut(&mut Painting, &Painter)| {
        ctx.set_pixels_per_point(pixels_per_point);
        // It takes effect in the next frame.
        for paints in [false, true] {
            let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
            let paint = |ui: &mut egui::Ui| {
                if paints {
                    paint(&mut painting, ui.painter());
                }
            };
            ctx.run_ui(input, paint).textures_delta.clear();
        }
    };
    frame(1.0, &mut |it, painter| it.paint(painter, &camera, false, crowd));
    frame(2.0, &mut |it, painter| {
        assert!(!it.repeat(painter));
        assert!(!it.slide(painter, Vec2::ZERO, &mut |_, _| ()));
        assert!(it.carry(painter, &camera, &mut |_, _| ()).is_none());
        it.paint(painter, &camera, false, crowd);
        assert!(it.repeat(painter));
    });
}

#[test]
fn little_is_painted_where_a_picture_is_moved_a_little() {
    let ctx = Context::default();
    theme::install(&ctx);
    let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(2000.0, 1000.0));
    let camera = Camera { corner: Pos::ZERO, zoom: 1.0, screen };
    let frame = |paint: &mut dyn FnMut(&Painter)| {
        let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
        ctx.run_ui(input, |ui| paint(ui.painter())).textures_delta.clear();
    };
    let mut painting = Painting::default();
    frame(&mut |painter| painting.paint(painter, &camera, false, list));
    let (mut painted, mut anew) = (Vec::new(), 0);
    for _ in 0..256 {
        frame(&mut |painter| {
            let by = Vec2::new(-16.0, 0.0);
            if !painting.slide(painter, by, &mut |part, _| painted.push(part)) {
                painting.paint(painter, &camera, false, list);
                anew += 1;
            }
        });
    }
    let wide: f32 = painted.iter().map(|it| it.width() * it.height() / screen.height()).sum();
    assert!(wide <= 256.0 * 16.0 + 2.0 * AHEAD, "{wide}");
    assert_eq!(anew, 0, "sheets that are out of view are dropped");
    let far = &mut |painter: &Painter| {
        assert!(
            !painting.slide(painter, Vec2::new(9_000.0, 0.0), &mut |_, _| ()),
            "nothing of it is in view"
        );
    };
    frame(far);
    frame(&mut |painter| painting.paint(painter, &camera, false, list));
    painting.holds_all();
    frame(&mut |painter| {
        assert!(painting.slide(painter, Vec2::new(5_000.0, 0.0), &mut |_, _| panic!("it holds all")));
    });
}

/// A line of level and upright pieces by turns, each some pixels long.
fn staircase(steps: &[i8]) -> Vec<Pos> {
    let mut at = Pos::new(400.0, 300.0);
    let mut points = vec![at];
    for (n, step) in steps.iter().enumerate() {
        let by = f32::from(*step);
        at = if n % 2 == 0 { Pos::new(at.x + by, at.y) } else { Pos::new(at.x, at.y + by) };
        points.push(at);
    }
    points
}

fn area(mesh: &Mesh) -> f32 {
    let corner = |it: &u32| mesh.vertices[*it as usize].pos;
    let of = |it: &[u32]| {
        let [a, b, c] = [corner(&it[0]), corner(&it[1]), corner(&it[2])];
        ((b - a).x * (c - a).y - (b - a).y * (c - a).x).abs() / 2.0
    };
    mesh.indices.chunks(3).map(of).sum()
}

proptest! {
    /// As wide as it should be everywhere, with square ends, and nowhere twice.
    #[test]
    fn a_thin_line_is_one_band(steps in prop::collection::vec(prop_oneof![-40_i8..=-3, 3_i8..=40], 1..8)) {
        let ctx = Context::default();
        theme::install(&ctx);
        let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(800.0, 600.0));
        let camera = Camera { corner: Pos::ZERO, zoom: 1.0, screen };
        let points = staircase(&steps);
        let stroke = Stroke::of(Ink::Flow, 1.0);
        let path = PathShape { points: &points, radius: 0.0, stroke, head: 0.0, tail: 0.0 };
        let item = Item { shape: Part::Path(path), layer: Layer::Flow, opacity: 1.0, element: None };
        let mut painting = Painting::default();
        let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
        let paint = |ui: &mut egui::Ui| painting.paint(ui.painter(), &camera, false, |out| out(&item));
        ctx.run_ui(input, paint).textures_delta.clear();
        let long: f32 = steps.iter().map(|it| f32::from(it.abs())).sum();
        prop_assert!((area(painting.sheets[0].meshes()[2]) - (long + 1.0)).abs() < 0.01);
        prop_assert_eq!(painting.corners(), 2 * points.len());
    }
}
