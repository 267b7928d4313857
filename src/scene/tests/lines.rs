//! How lines meet boxes, run beside each other and carry their pills.

use proptest::prelude::*;

use super::{layout, model};
use crate::model::{BorderPoint, Component, Draft, Figure, Id, Model, Place, Side};
use crate::scene::Layout;
use crate::scene::geometry::{Pos, Rect, distance_to, is_level, length};
use crate::scene::sketch::main_view;

const SIDES: [Side; 4] = [Side::Top, Side::Right, Side::Bottom, Side::Left];

fn id(text: &str) -> Id {
    Id::slug(text)
}

/// Two cards with so many flows between them, the second so far from the first; each other one goes back.
fn pair(count: usize, far: (f32, f32)) -> Model {
    let flow = |n: usize| {
        let (from, to) = if n.is_multiple_of(2) { ("a", "b") } else { ("b", "a") };
        format!(r#""f-{n}": (from: "{from}", to: "{to}", protocol: "https")"#)
    };
    let flows: Vec<String> = (0..count).map(flow).collect();
    model(&format!(
        r#"components: {{"a": (kind: "cache"), "b": (kind: "cache")}}, flows: {{{}}},
        places: {{("main", "a"): (x: 0, y: 0), ("main", "b"): (x: {}, y: {})}}"#,
        flows.join(","),
        far.0,
        far.1
    ))
}

/// Whether two cards lie so that there is room for lines wherever there is a gap between them.
fn has_room(far: (f32, f32)) -> bool {
    let gaps = [far.0.abs() - 176.0, far.1.abs() - 56.0];
    gaps.iter().all(|it| *it <= 0.0 || *it >= 64.0) && gaps.iter().any(|it| *it > 0.0)
}

fn put(model: &mut Model, flow: &str, change: impl FnOnce(&mut Place)) {
    let key = (main_view(), id(flow));
    let mut place = model.place(&key.0, &key.1).cloned().unwrap_or_default();
    change(&mut place);
    let edit = {
        let mut draft = Draft::of(model);
        draft.put(key, place);
        draft.finish()
    };
    model.apply(&edit);
}

fn at(rect: &Rect, point: BorderPoint) -> Pos {
    let (low, high) = rect.span(point.side);
    rect.on_side(point.side, low + (high - low) * point.offset.px())
}

/// The least distance between two lines where they run beside each other; infinite if they never do.
fn apart(one: &[Pos], two: &[Pos]) -> f32 {
    let mut least = f32::INFINITY;
    for a in one.windows(2) {
        for b in two.windows(2) {
            let level = |it: &[Pos]| it[0].y == it[1].y;
            if level(a) != level(b) {
                continue;
            }
            let (a, b) = (Rect::spanning(a[0], a[1]), Rect::spanning(b[0], b[1]));
            let (side, off) = if a.height() == 0.0 {
                (Side::Top, a.min.y - b.min.y)
            } else {
                (Side::Left, a.min.x - b.min.x)
            };
            let (a, b) = (a.span(side), b.span(side));
            if a.0.max(b.0) + 0.5 < a.1.min(b.1) {
                least = least.min(off.abs());
            }
        }
    }
    least
}

fn assert_apart(layout: &Layout) -> Result<(), TestCaseError> {
    let lines: Vec<_> = layout.flows.iter().collect();
    for (n, (one, a)) in lines.iter().enumerate() {
        for (two, b) in &lines[n + 1..] {
            let apart = apart(&a.points, &b.points);
            prop_assert!(apart >= 8.0, "{one} and {two} run {apart} apart: {:?} {:?}", a.points, b.points);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn parallel_flows_run_apart(count in 2_usize..5, x in -70_i16..70, y in -50_i16..50) {
        let far = (f32::from(x) * 8.0, f32::from(y) * 8.0);
        prop_assume!(has_room(far));
        assert_apart(&layout(&pair(count, far)))?;
    }

    #[test]
    fn parallel_flows_run_apart_around_what_stands_between(count in 2_usize..5, x in 0_i16..40, y in -8_i16..8) {
        let mut model = pair(count, (900.0, 0.0));
        let edit = {
            let mut draft = Draft::of(&model);
            let wall = Component { kind: "cache".to_owned(), ..Component::default() };
            draft.put(id("wall"), wall);
            let place = Place::boxed(240.0 + f32::from(x) * 8.0, -120.0 + f32::from(y) * 8.0, 160.0, 320.0);
            draft.put((main_view(), id("wall")), place);
            draft.finish()
        };
        model.apply(&edit);
        let layout = layout(&model);
        let wall = layout.cards[&id("wall")].rect;
        for (flow, route) in &layout.flows {
            prop_assert!(!route.points.windows(2).any(|it| wall.is_crossed(it[0], it[1])), "{flow} {:?}", route.points);
        }
        assert_apart(&layout)?;
    }

    #[test]
    fn fixed_ends_stay_where_they_are_put(
        count in 1_usize..5, far in (-60_i16..60, -40_i16..40), exit in (0_usize..4, 0_u8..=10), entry in (0_usize..4, 0_u8..=10),
    ) {
        let far = (f32::from(far.0) * 8.0, f32::from(far.1) * 8.0);
        prop_assume!(has_room(far));
        let mut model = pair(count, far);
        let point = |it: (usize, u8)| BorderPoint::new(SIDES[it.0], f32::from(it.1) / 10.0);
        let (exit, entry) = (point(exit), point(entry));
        put(&mut model, "f-0", |it| (it.exit, it.entry) = (Some(exit), Some(entry)));
        let layout = layout(&model);
        let route = &layout.flows[&id("f-0")];
        let ends = (at(&layout.cards[&id("a")].rect, exit), at(&layout.cards[&id("b")].rect, entry));
        prop_assert!(route.points[0].distance(ends.0) < 0.01 && route.points.last().unwrap().distance(ends.1) < 0.01);
        // Each piece is upright or level, and the first and the last leave their boxes head on.
        prop_assert!(route.points.windows(2).all(|it| it[0].x == it[1].x || it[0].y == it[1].y), "{:?}", route.points);
        let leaves_level = route.points[0].y == route.points[1].y;
        prop_assert_eq!(leaves_level, !is_level(exit.side));
        // Others meet the side beside it, as far as there is room.
        let fixed = [(id("a"), exit.side, ends.0), (id("b"), entry.side, ends.1)];
        for (other, it) in layout.flows.iter().filter(|it| *it.0 != id("f-0")) {
            let theirs = [(&it.from, it.from_side, it.points[0]), (&it.to, it.to_side, *it.points.last().unwrap())];
            for (at, side, end) in theirs {
                let near = fixed.iter().find(|it| it.0 == *at && it.1 == side).map(|it| it.2.distance(end));
                prop_assert!(near.is_none_or(|it| it >= 7.9) || count > 3, "{other} {near:?}");
            }
        }
        prop_assert_eq!(layout.border_points(&id("f-0")), [Some(exit), Some(entry)]);
    }

    #[test]
    fn a_label_never_leaves_its_line(far in (-60_i16..60, -40_i16..40), share in 0.0_f32..=1.0) {
        let far = (f32::from(far.0) * 8.0, f32::from(far.1) * 8.0);
        prop_assume!(has_room(far));
        let mut model = pair(1, far);
        put(&mut model, "f-0", |it| it.label = Some(Figure::share(share)));
        let layout = layout(&model);
        let route = &layout.flows[&id("f-0")];
        let pill = route.label.as_ref().unwrap();
        prop_assert!(pill.fits && pill.is_put);
        prop_assert!(distance_to(&route.points, pill.rect.centre()) < 0.01);
        let shows = |end: Pos| !pill.rect.contains(end);
        let is_long = length(&route.points) >= pill.rect.width() + 24.0;
        prop_assert!(!is_long || shows(route.points[0]) && shows(*route.points.last().unwrap()), "its ends show");
    }
}

#[test]
fn a_fixed_end_moves_and_grows_with_its_box() {
    let mut model = pair(1, (600.0, 200.0));
    let point = BorderPoint::new(Side::Bottom, 0.25);
    put(&mut model, "f-0", |it| it.exit = Some(point));
    put(&mut model, "a", |it| *it = Place::boxed(80.0, -160.0, 320.0, 120.0));
    let layout = layout(&model);
    assert_eq!(layout.flows[&id("f-0")].points[0], Pos::new(160.0, -40.0));
}

#[test]
fn a_line_runs_straight_to_an_end_that_is_fixed() {
    let mut model = pair(1, (600.0, 0.0));
    put(&mut model, "f-0", |it| it.entry = Some(BorderPoint::new(Side::Left, 0.75)));
    assert_eq!(layout(&model).flows[&id("f-0")].points.len(), 2);
}

#[test]
fn of_a_short_line_the_lock_shows_if_it_warns() {
    let pill = |protocol: &str, gap: u32| {
        let layout = layout(&model(&format!(
            r#"components: {{"a": (kind: "cache"), "b": (kind: "cache")}},
            flows: {{"f": (from: "a", to: "b", protocol: "{protocol}")}},
            places: {{("main", "a"): (x: 0, y: 0, width: 160), ("main", "b"): (x: {}, y: 0)}}"#,
            160 + gap
        )));
        layout.flows[&id("f")].label.clone().unwrap()
    };
    for (protocol, gap, shows) in
        [("http", 40, true), ("postgres", 40, true), ("https", 40, false), ("http", 32, false)]
    {
        let pill = pill(protocol, gap);
        assert_eq!((pill.fits, pill.unfolded.is_some()), (shows, shows), "{protocol} {gap} {pill:?}");
        assert!(pill.whole().width() > pill.rect.width() || !shows);
        assert!(!pill.text.is_empty(), "it says more while the pointer is on it");
    }
    let long = pill("http", 200);
    assert!(long.fits && long.unfolded.is_none() && long.rect == long.whole());
}

#[test]
fn other_pills_keep_from_one_that_was_put() {
    // Two lines in one row; the pill of the second is put where that of the first would be.
    let mut model = model(
        r#"components: {"a": (kind: "cache"), "b": (kind: "cache")},
        flows: {"f": (from: "a", to: "b", protocol: "https"), "g": (from: "a", to: "b", protocol: "http")},
        places: {("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 800, y: 0)}"#,
    );
    let pill = |model: &Model, flow: &str| layout(model).flows[&id(flow)].label.clone().unwrap();
    let before = pill(&model, "f").rect;
    put(&mut model, "g", |it| it.label = Some(Figure::share(0.5)));
    let (f, g) = (pill(&model, "f").rect, pill(&model, "g").rect);
    assert!(g.overlaps(&before) && !f.overlaps(&g), "{f:?} {g:?}");
}

#[test]
fn a_flow_to_itself_goes_around_a_free_corner() {
    let text = |more: &str, places: &str| {
        format!(
            r#"components: {{"a": (kind: "cache"){more}}}, flows: {{"f": (from: "a", to: "a"), "g": (from: "a", to: "a")}},
            places: {{("main", "a"): (x: 0, y: 0){places}}}"#
        )
    };
    let alone = layout(&model(&text("", "")));
    let sides = |layout: &Layout| (layout.flows[&id("f")].from_side, layout.flows[&id("f")].to_side);
    assert_eq!(sides(&alone), (Side::Right, Side::Top));
    let card = alone.cards[&id("a")].rect;
    let [f, g] = ["f", "g"].map(|it| alone.flows[&id(it)].points.to_vec());
    assert!(!f.windows(2).chain(g.windows(2)).any(|it| card.is_crossed(it[0], it[1])), "{f:?} {g:?}");
    assert!(apart(&f, &g) >= 8.0, "one outside the other: {f:?} {g:?}");
    let crosses = |a: &[Pos], b: &[Pos]| {
        a.windows(2).any(|a| {
            b.windows(2).any(|b| {
                let (a, b) = (Rect::spanning(a[0], a[1]), Rect::spanning(b[0], b[1]));
                a.grown(0.01).overlaps(&b.grown(0.01))
            })
        })
    };
    assert!(!crosses(&f, &g), "{f:?} {g:?}");
    // Something stands above its upper right corner.
    let beside = format!(r#", ("main", "b"): (x: {}, y: -70)"#, card.max.x - 40.0);
    let crowded = layout(&model(&text(r#", "b": (kind: "cache")"#, &beside)));
    assert_eq!(sides(&crowded), (Side::Left, Side::Top));
    let other = crowded.cards[&id("b")].rect;
    assert!(!crowded.flows[&id("f")].points.windows(2).any(|it| other.is_crossed(it[0], it[1])));
}

/// A document may hold any number that is finite.
#[test]
fn what_stands_absurdly_far_out_is_drawn_all_the_same() {
    let numbers = ["1e39", "-1e39", "1e308", "-3e7", "16777217.5", "1e-300"];
    for (x, far) in numbers.iter().flat_map(|x| numbers.iter().map(move |y| (x, y))) {
        let text = format!(
            r#"components: {{"a": (kind: "user"), "b": (kind: "cache", within: "t"), "c": (kind: "web-server"),
                "g": (kind: "firewall", gate_of: "t")}},
            boundaries: {{"t": (kind: "network")}},
            flows: {{"f": (from: "a", to: "b"), "h": (from: "a", to: "c"), "i": (from: "c", to: "b"), "j": (from: "c", to: "c")}},
            places: {{("main", "a"): (x: {x}, y: 0), ("main", "b"): (x: {x}, y: {far}), ("main", "c"): (x: 0, y: {far}),
                ("main", "t"): (x: {x}, y: {far}, width: {x}, height: {far}), ("main", "g"): (side: left, offset: {x}),
                ("main", "h"): (waypoints: [({x}, {far}), (0, {x})], label: {far})}}"#
        );
        let layout = layout(&model(&text));
        let bounds = layout.bounds().unwrap();
        assert!(bounds.width().is_finite() && bounds.height().is_finite(), "{bounds:?}");
        let all = layout.flows.values().flat_map(|it| it.points.iter());
        assert!(all.into_iter().all(|it| it.x.is_finite() && it.y.is_finite()), "{x} {far}");
        assert_eq!((layout.cards.len(), layout.flows.len()), (3, 4), "{x} {far}");
    }
}
