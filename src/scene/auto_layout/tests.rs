//! What an auto layout must hold, whatever the model.

use proptest::prelude::*;

use super::*;
use crate::model::{Draft, Edit, Side};
use crate::scene::Layered;
use crate::scene::sketch::{Sketch, component_id, laid_out, main_view, sketches};
use crate::scene::tests::{layout, model};

fn with(model: &Model, write: impl FnOnce(&mut Draft<'_>)) -> Model {
    let mut model = model.clone();
    let edit: Edit = {
        let mut draft = Draft::of(&model);
        write(&mut draft);
        draft.finish()
    };
    model.apply(&edit);
    model
}

fn places(model: &Model, scope: &LayoutScope, direction: Direction) -> Places {
    let asked = (scope, direction);
    auto_layout(model, &Nesting::of(model), &main_view(), asked, &Layered, &|| false).unwrap()
}

fn done(model: &Model, scope: &LayoutScope, direction: Direction) -> Model {
    let places = places(model, scope, direction);
    with(model, |draft| {
        for (id, place) in places {
            let key = (main_view(), id);
            match place {
                Some(place) => draft.put(key, place),
                None => draft.remove::<Place>(&key),
            }
        }
    })
}

/// The same model, everything where it is in the way.
fn scattered(sketch: &Sketch) -> Model {
    let model = laid_out(sketch.model());
    with(&model, |draft| {
        for (n, (key, place)) in model.places().iter().filter(|it| it.1.side.is_none()).enumerate() {
            let at = ((n * 53 % 11) as f32 * 61.0, (n * 29 % 7) as f32 * 47.0);
            draft.put(key.clone(), Place { x: at.0.into(), y: at.1.into(), ..Place::clone(place) });
        }
    })
}

/// Cards that lie on others.
fn stacked(layout: &Layout) -> Vec<String> {
    let cards: Vec<_> = layout.cards.iter().collect();
    let mut found = Vec::new();
    for (n, (one, a)) in cards.iter().enumerate() {
        let below = cards[n + 1..].iter().filter(|it| it.1.outer().overlaps(&a.outer()));
        found.extend(below.map(|(two, b)| format!("{one} {:?} on {two} {:?}", a.outer(), b.outer())));
    }
    found
}

/// What lies in a boundary that it does not stand in, and what does not lie in the one that it stands in.
fn misplaced(layout: &Layout, nesting: &Nesting) -> Vec<String> {
    let cards = layout.cards.iter().map(|it| (it.0, it.1.rect));
    let boxes: Vec<(&Id, Rect)> = cards.chain(layout.boundaries.iter().map(|it| (it.0, it.1.rect))).collect();
    let mut found = Vec::new();
    for (outer, area) in &layout.boundaries {
        for (id, rect) in boxes.iter().filter(|it| it.0 != outer) {
            let is_wrong = if nesting.is_in(id, outer) {
                !area.rect.contains_rect(rect)
            } else {
                area.rect.overlaps(rect) && !nesting.is_in(outer, id)
            };
            if is_wrong {
                found.push(format!("{id} {rect:?} and {outer} {:?}", area.rect));
            }
        }
    }
    found
}

fn ways() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Down), Just(Direction::Right)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_view_is_laid_out_with_members_inside_and_all_others_outside(sketch in sketches(24), way in ways()) {
        let before = scattered(&sketch);
        let after = done(&before, &LayoutScope::View, way);
        let (layout, nesting) = (layout(&after), Nesting::of(&after));
        prop_assert_eq!(stacked(&layout), Vec::<String>::new());
        prop_assert_eq!(misplaced(&layout, &nesting), Vec::<String>::new());
        for (id, card) in &layout.cards {
            let is_step = |it: f32| it.rem_euclid(SNAP) == 0.0;
            prop_assert!(is_step(card.rect.min.x) && is_step(card.rect.min.y), "{} {:?}", id, card.rect);
        }
        prop_assert_eq!(after.places().len(), before.places().len());
        let again = done(&before, &LayoutScope::View, way);
        prop_assert_eq!(after.places(), again.places());
    }

    #[test]
    fn what_is_locked_stays_and_no_card_lies_on_it(
        sketch in sketches(20),
        way in ways(),
        locks in prop::collection::btree_set(0_usize..20, 1..5),
    ) {
        let before = laid_out(sketch.model());
        let locked: Vec<Id> = locks.into_iter().map(component_id).collect();
        let key = |id: &Id| (main_view(), id.clone());
        let before = with(&before, |draft| {
            for id in &locked {
                draft.edit::<Place>(&key(id), |it| it.locked = true);
            }
        });
        let after = done(&before, &LayoutScope::View, way);
        for id in &locked {
            prop_assert_eq!(before.place(&main_view(), id), after.place(&main_view(), id), "{}", id);
        }
        let layout = layout(&after);
        prop_assert_eq!(stacked(&layout), Vec::<String>::new());
        let nesting = Nesting::of(&after);
        let outside = misplaced(&layout, &nesting);
        // Pins may leave no room; one alone always leaves some.
        prop_assert!(locked.len() > 1 || outside.is_empty(), "{:?}", outside);
        let again = done(&before, &LayoutScope::View, way);
        prop_assert_eq!(after.places(), again.places());
    }

    #[test]
    fn a_part_is_laid_out_and_all_else_stays(
        sketch in sketches(20),
        way in ways(),
        chosen in prop::collection::btree_set(0_usize..20, 1..6),
        is_boundary in any::<bool>(),
    ) {
        let before = laid_out(sketch.model());
        let nesting = Nesting::of(&before);
        let first = before.boundaries().keys().next().cloned();
        let chosen: BTreeSet<Id> = chosen.into_iter().map(component_id).collect();
        let scope = match first.filter(|_| is_boundary) {
            Some(id) => LayoutScope::Boundary(id),
            None => LayoutScope::Selection(chosen),
        };
        let is_meant = |id: &Id| match &scope {
            LayoutScope::View => true,
            LayoutScope::Boundary(outer) => id == outer || nesting.is_in(id, outer),
            LayoutScope::Selection(ids) => ids.contains(id),
        };
        let guards = |id: &Id| before.component(id).and_then(|it| it.gate_of.as_ref());
        for id in places(&before, &scope, way).keys() {
            prop_assert!(is_meant(id) || guards(id).is_some_and(is_meant), "{}", id);
        }
        let after = done(&before, &scope, way);
        prop_assert_eq!(stacked(&layout(&after)), Vec::<String>::new());
    }
}

const CHAIN: &str = r#"components: {"a": (kind: "user"), "b": (kind: "web-server"), "c": (kind: "cache")},
    flows: {"f": (from: "a", to: "b"), "g": (from: "b", to: "c")},
    places: {("main", "a"): (x: 300, y: 0), ("main", "b"): (x: 0, y: 300), ("main", "c"): (x: 0, y: 0, width: 240)}"#;

fn rect(model: &Model, id: &str) -> Rect {
    layout(model).rect(&Id::slug(id)).unwrap()
}

#[test]
fn flows_run_downwards_or_to_the_right() {
    let model = model(CHAIN);
    for way in [Direction::Down, Direction::Right] {
        let after = done(&model, &LayoutScope::View, way);
        let [a, b, c] = ["a", "b", "c"].map(|it| rect(&after, it));
        assert_eq!(c.width(), 240.0, "its size is the user's");
        match way {
            Direction::Down => assert!(a.max.y < b.min.y && b.max.y < c.min.y, "{a:?} {b:?} {c:?}"),
            Direction::Right => {
                assert!(a.max.x < b.min.x && b.max.x < c.min.x, "{a:?} {b:?} {c:?}");
                assert_eq!((a.min.y, b.min.y), (b.min.y, c.min.y));
            }
        }
        assert_eq!(prevailing_direction(&layout(&after)), way);
        assert!(layout(&after).flows.values().all(|it| it.points.len() == 2), "lines run straight");
        assert!(places(&after, &LayoutScope::View, way).is_empty(), "again, nothing moves");
    }
}

#[test]
fn corners_go_along_or_are_let_go_unless_the_flow_is_locked() {
    let bent = |more: &str| {
        let place = format!(r#"("main", "f"): (waypoints: [(40, 20)]{more}), ("main", "a")"#);
        model(&CHAIN.replacen(r#"("main", "a")"#, &place, 1))
    };
    let f = Id::slug("f");
    let corners = |model: &Model| model.place(&main_view(), &f).map(|it| it.waypoints.clone());
    assert_eq!(corners(&done(&bent(""), &LayoutScope::View, Direction::Down)), None);
    let kept = done(&bent(", locked: true"), &LayoutScope::View, Direction::Down);
    assert_eq!(corners(&kept), corners(&bent("")));
    // Both ends of it stand in a boundary that goes as a whole.
    let text = r#"components: {"a": (kind: "cache", within: "t"), "b": (kind: "cache", within: "t"), "c": (kind: "user")},
        boundaries: {"t": (kind: "network")}, flows: {"f": (from: "a", to: "b"), "g": (from: "c", to: "a")}"#;
    let tidy = done(&laid_out(model(text)), &LayoutScope::View, Direction::Down);
    let place = Place { waypoints: vec![(10.0.into(), 20.0.into())], ..Place::default() };
    let tidy = with(&tidy, |draft| {
        draft.put((main_view(), f.clone()), place);
        draft.edit::<Place>(&(main_view(), Id::slug("c")), |it| (it.x, it.locked) = (320.0.into(), true));
    });
    let by = {
        let after = done(&tidy, &LayoutScope::View, Direction::Down);
        let by = rect(&after, "a").min - rect(&tidy, "a").min;
        assert_eq!(by, rect(&after, "b").min - rect(&tidy, "b").min);
        assert_eq!(corners(&after), Some(vec![((10.0 + by.x).into(), (20.0 + by.y).into())]));
        by
    };
    assert_ne!(by, Pos::ZERO);
}

#[test]
fn gates_face_what_comes_in_unless_they_are_locked() {
    let text = |locked: bool| {
        format!(
            r#"components: {{"u": (kind: "user"), "fw": (kind: "firewall", gate_of: "t"), "a": (kind: "cache", within: "t")}},
            boundaries: {{"t": (kind: "network")}}, flows: {{"f": (from: "u", to: "a")}},
            places: {{("main", "u"): (x: 0, y: 0), ("main", "t"): (x: 0, y: 200, width: 300, height: 200), ("main", "a"): (x: 40, y: 280),
            ("main", "fw"): (side: bottom, locked: {locked})}}"#
        )
    };
    let side = |locked: bool, way| {
        let after = done(&model(&text(locked)), &LayoutScope::View, way);
        assert_eq!(stacked(&layout(&after)), Vec::<String>::new());
        after.place(&main_view(), &Id::slug("fw")).and_then(|it| it.side)
    };
    assert_eq!(side(false, Direction::Down), Some(Side::Top));
    assert_eq!(side(false, Direction::Right), Some(Side::Left));
    assert_eq!(side(true, Direction::Right), Some(Side::Bottom));
}

#[test]
fn what_a_collapsed_boundary_hides_goes_with_it() {
    let text = r#"components: {"a": (kind: "user"), "b": (kind: "cache", within: "t")}, boundaries: {"t": (kind: "network")},
        flows: {"f": (from: "a", to: "b")},
        places: {("main", "a"): (x: 0, y: 0), ("main", "t"): (x: 400, y: 0, collapsed: true), ("main", "b"): (x: 424, y: 56)}"#;
    let after = done(&model(text), &LayoutScope::View, Direction::Down);
    let at =
        |id: &str| after.place(&main_view(), &Id::slug(id)).map(|it| Pos::new(it.x.px(), it.y.px())).unwrap();
    assert!(at("t") != Pos::new(400.0, 0.0));
    assert_eq!(at("b") - at("t"), Pos::new(24.0, 56.0));
}

#[test]
fn a_boundary_grows_and_shrinks_where_it_stands() {
    let text = r#"components: {"a": (kind: "cache", within: "t"), "b": (kind: "cache", within: "t"), "c": (kind: "user")},
        boundaries: {"t": (kind: "network")}, flows: {"f": (from: "a", to: "b")},
        places: {("main", "c"): (x: 0, y: 0), ("main", "t"): (x: 400, y: 96, width: 800, height: 600), ("main", "a"): (x: 900, y: 500),
        ("main", "b"): (x: 480, y: 160)}"#;
    let after = done(&model(text), &LayoutScope::Boundary(Id::slug("t")), Direction::Right);
    let [t, a, b] = ["t", "a", "b"].map(|it| rect(&after, it));
    assert_eq!(t.min, Pos::new(400.0, 96.0));
    assert!(t.height() < 200.0 && t.contains_rect(&a) && t.contains_rect(&b) && a.max.x < b.min.x, "{t:?}");
    assert_eq!(rect(&after, "c"), rect(&model(text), "c"));
}

#[test]
fn a_layout_that_is_given_up_gives_nothing() {
    let model = model(CHAIN);
    let asked = (&LayoutScope::View, Direction::Down);
    let nesting = Nesting::of(&model);
    assert_eq!(auto_layout(&model, &nesting, &main_view(), asked, &Layered, &|| true), None);
}
