//! What new places must hold, whatever the model.

use proptest::prelude::*;

use super::*;
use crate::scene::sketch::{all_new, laid_out, main_view, placed, sketches};
use crate::scene::tests::{layout, model};
use crate::scene::{Layout, SNAP};

fn is_on_grid(place: &Place) -> bool {
    let is_step = |it: f32| it.rem_euclid(SNAP) == 0.0;
    place.side.is_some()
        || is_step(place.x.px())
            && is_step(place.y.px())
            && place.width.is_none_or(|it| is_step(it.px()))
            && place.height.is_none_or(|it| is_step(it.px()))
}

/// What stands where it must not: cards on cards, cards on boundaries that are not theirs, boundaries likewise.
fn overlaps(layout: &Layout, nesting: &Nesting, is_new: impl Fn(&Id) -> bool) -> Vec<String> {
    let cards = layout.cards.iter().map(|it| (it.0, it.1.outer()));
    let boxes: Vec<(&Id, Rect)> = cards.chain(layout.boundaries.iter().map(|it| (it.0, it.1.rect))).collect();
    let mut found = Vec::new();
    for (n, (one, a)) in boxes.iter().enumerate() {
        for (two, b) in &boxes[n + 1..] {
            let is_nested = nesting.is_in(one, two) || nesting.is_in(two, one);
            if a.overlaps(b) && !is_nested && (is_new(one) || is_new(two)) {
                found.push(format!("{one} {a:?} on {two} {b:?}"));
            }
        }
    }
    found
}

fn place_all(model: &mut Model, new: &[New]) -> Vec<(Id, Place)> {
    let places = place_new(model, &Nesting::of(model), &main_view(), new);
    placed(model, places.clone());
    places
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_whole_model_is_laid_out_without_overlaps(sketch in sketches(24)) {
        let model = laid_out(sketch.model());
        let nesting = Nesting::of(&model);
        let layout = Layout::of(&model, &main_view(), &nesting);
        prop_assert_eq!(layout.cards.len() + layout.gates.len(), model.components().len());
        prop_assert_eq!(overlaps(&layout, &nesting, |_| true), Vec::<String>::new());
        for (key, place) in model.places() {
            prop_assert!(is_on_grid(place), "{:?} {:?}", key, place);
        }
        // Nothing had to be drawn larger than it was laid out.
        for (id, it) in &layout.boundaries {
            let place = model.place(&main_view(), id).unwrap();
            let own = Rect::new(place.x.px(), place.y.px(), place.width.unwrap().px(), place.height.unwrap().px());
            prop_assert_eq!(own, it.rect, "{}", id);
        }
        let again = laid_out(sketch.model());
        prop_assert_eq!(model.places(), again.places());
    }

    #[test]
    fn what_comes_later_keeps_from_what_is_there(
        sketch in sketches(20),
        later in prop::collection::vec((any::<u8>(), 0_u8..3, -400..800_i32, -400..800_i32), 1..8),
    ) {
        let mut model = sketch.model();
        let all = all_new(&model);
        let wish = |(n, wish, x, y): (u8, u8, i32, i32)| {
            let id = all[usize::from(n) % all.len()].id.clone();
            let other = all[usize::from(n) / 2 % all.len()].id.clone();
            let wishes = [Wish::Anywhere, Wish::At(Pos::new(x as f32, y as f32)), Wish::Near(other)];
            New { id, wish: wishes[usize::from(wish)].clone() }
        };
        let later: Vec<New> = later.into_iter().map(wish).collect();
        let is_later = |id: &Id| later.iter().any(|it| it.id == *id);
        let first: Vec<New> = all.iter().filter(|it| !is_later(&it.id)).cloned().collect();
        place_all(&mut model, &first);
        let before = model.places().clone();
        let given = place_all(&mut model, &later);
        prop_assert!(given.iter().all(|it| is_later(&it.0) && is_on_grid(&it.1)), "{:?}", given);
        prop_assert_eq!(model.places().len(), all.len());
        prop_assert!(before.iter().all(|it| model.places().get(it.0) == Some(it.1)));
        // Boundaries that had no room grow, over others at worst; cards never lie on each other.
        let nesting = Nesting::of(&model);
        let mut layout = Layout::of(&model, &main_view(), &nesting);
        layout.boundaries.clear();
        prop_assert_eq!(overlaps(&layout, &nesting, |_| true), Vec::<String>::new());
    }

    #[test]
    fn gates_of_a_new_model_keep_from_each_other_and_from_cards(sketch in sketches(12)) {
        let layout = layout(&laid_out(sketch.model()));
        let gates: Vec<Rect> = layout.gates.values().map(|it| it.rect).collect();
        for (n, one) in gates.iter().enumerate() {
            prop_assert!(gates[n + 1..].iter().all(|it| !it.overlaps(one)), "{:?}", layout.gates);
            prop_assert!(layout.cards.values().all(|it| !it.outer().overlaps(one)), "{:?}", layout);
        }
    }
}

const TWO: &str = r#"components: {"a": (kind: "user", name: "A"), "b": (kind: "web-server", name: "B"), "c": (kind: "cache", name: "C")},
    flows: {"f": (from: "a", to: "b"), "g": (from: "b", to: "c")}, places: {("main", "a"): (x: 0, y: 0)}"#;

fn placed_at(model: &str, new: &[(&str, Wish)]) -> Vec<(i32, i32)> {
    let mut model = crate::scene::tests::model(model);
    let new: Vec<New> = new.iter().map(|it| New { id: Id::slug(it.0), wish: it.1.clone() }).collect();
    let places = place_all(&mut model, &new);
    places.iter().map(|it| (it.1.x.px() as i32, it.1.y.px() as i32)).collect()
}

#[test]
fn wishes_are_heard() {
    let at = |x, y| Wish::At(Pos::new(x, y));
    assert_eq!(placed_at(TWO, &[("b", at(403.0, 301.0))]), [(336, 272)]);
    // The user is in the way, so it moves just so far that it is not.
    assert_eq!(placed_at(TWO, &[("b", at(60.0, 60.0))]), [(-8, 80)]);
    assert_eq!(placed_at(TWO, &[("b", Wish::Near(Id::slug("a")))]), [(176, 0)]);
    assert_eq!(
        placed_at(TWO, &[("b", Wish::Near(Id::slug("a"))), ("c", Wish::Near(Id::slug("a")))]),
        [(176, 0), (-24, 128)]
    );
}

#[test]
fn what_has_no_wish_stands_below_what_leads_to_it() {
    assert_eq!(placed_at(TWO, &[("b", Wish::Anywhere), ("c", Wish::Anywhere)]), [(-8, 128), (-24, 264)]);
}

#[test]
fn what_has_no_place_on_a_view_is_left_alone() {
    let model = model(TWO);
    let new = ["a", "f", "gone", "b", "b"].map(|it| New { id: Id::slug(it), wish: Wish::Anywhere });
    let places = place_new(&model, &Nesting::of(&model), &main_view(), &new);
    assert_eq!(places.iter().map(|it| it.0.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn members_find_room_in_their_boundary_or_it_grows_where_it_can() {
    let text = |width: i32| {
        format!(
            r#"components: {{"a": (kind: "cache", within: "t"), "b": (kind: "cache", within: "t"), "c": (kind: "cache")}},
            boundaries: {{"t": (kind: "network")}},
            places: {{("main", "t"): (x: 0, y: 0, width: {width}, height: 136), ("main", "a"): (x: 24, y: 56), ("main", "c"): (x: 448, y: 56)}}"#
        )
    };
    assert_eq!(placed_at(&text(424), &[("b", Wish::Anywhere)]), [(224, 56)]);
    // To the right stands another, so it grows downwards.
    assert_eq!(placed_at(&text(240), &[("b", Wish::Anywhere)]), [(24, 136)]);
    assert_eq!(placed_at(&text(424), &[("b", Wish::At(Pos::new(900.0, 900.0)))]), [(224, 56)]);
}

#[test]
fn a_new_boundary_stands_around_what_is_there() {
    let mut model = model(
        r#"components: {"a": (kind: "cache", within: "t"), "b": (kind: "cache", within: "t")}, boundaries: {"t": (kind: "network")},
        places: {("main", "a"): (x: 100, y: 100)}"#,
    );
    let new = ["t", "b"].map(|it| New { id: Id::slug(it), wish: Wish::Anywhere });
    place_all(&mut model, &new);
    let layout = layout(&model);
    let (outer, inner) = (layout.rect(&Id::slug("t")).unwrap(), layout.rect(&Id::slug("b")).unwrap());
    assert!(outer.contains_rect(&inner), "{outer:?} {inner:?}");
    assert_eq!(
        model.place(&main_view(), &Id::slug("t")).map(|it| (it.x.px(), it.y.px())),
        Some((72.0, 40.0))
    );
}

#[test]
fn a_gate_sits_over_what_it_leads_to() {
    let text = r#"components: {"u": (kind: "user"), "fw": (kind: "firewall", gate_of: "t"), "a": (kind: "cache", within: "t"), "b": (kind: "cache", within: "t")},
        boundaries: {"t": (kind: "network")}, flows: {"f": (from: "u", to: "b")}"#;
    let layout = layout(&laid_out(model(text)));
    let (gate, card) = (&layout.gates[&Id::slug("fw")], &layout.cards[&Id::slug("b")]);
    assert_eq!((gate.side, gate.rect.centre().x.round()), (crate::model::Side::Top, card.rect.centre().x));
    assert_eq!(layout.flows[&Id::slug("f")].points.len(), 2);
}

#[test]
fn deep_chains_and_wide_stars_are_laid_out() {
    let many = 300;
    for from in [|n: usize| n.saturating_sub(1), |_| 0] {
        let component = |n: usize| format!("\"c-{n}\": (kind: \"cache\")");
        let flow = |n: usize| format!("\"f-{n}\": (from: \"c-{}\", to: \"c-{n}\")", from(n));
        let components = (0..many).map(component).collect::<Vec<_>>().join(", ");
        let flows = (1..many).map(flow).collect::<Vec<_>>().join(", ");
        let model = laid_out(model(&format!("components: {{{components}}}, flows: {{{flows}}}")));
        let layout = layout(&model);
        assert_eq!(layout.cards.len(), many);
        assert_eq!(overlaps(&layout, &Nesting::of(&model), |_| true), Vec::<String>::new());
        // Neither a thread nor a ribbon.
        let bounds = layout.bounds().unwrap();
        let aspect = bounds.width() / bounds.height();
        assert!((0.5..4.0).contains(&aspect), "{bounds:?}");
    }
}
