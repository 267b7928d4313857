//! A layout that was brought up to date is the layout of the model.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::layout;
use crate::model::{
    Allow, Allows, BorderPoint, Boundary, Component, Draft, Edit, Figure, Flow, From, Id, Model, Nesting,
    Place, Side,
};
use crate::scene::Layout;
use crate::scene::sketch::{Sketch, boundary_id, component_id, laid_out, main_view, sketches};

/// A change, as numbers that choose among what there is.
#[derive(Debug, Clone)]
struct Step {
    what: u8,
    one: u8,
    two: u8,
    by: (i16, i16),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let by = (-40_i16..40, -40_i16..40);
    let step = (any::<u8>(), any::<u8>(), any::<u8>(), by);
    prop::collection::vec(step.prop_map(|(what, one, two, by)| Step { what, one, two, by }), 1..12)
}

fn edit(model: &Model, sketch: &Sketch, step: &Step) -> Edit {
    let mut draft = Draft::of(model);
    let pick = |n: u8, ids: Vec<&Id>| ids.get(usize::from(n) % ids.len().max(1)).map(|it| (*it).clone());
    let boxes: Vec<&Id> = model.components().keys().chain(model.boundaries().keys()).collect();
    let component = pick(step.one, model.components().keys().collect()).unwrap_or_else(|| component_id(0));
    let boundary = pick(step.two, model.boundaries().keys().collect());
    let flow = pick(step.one, model.flows().keys().collect()).unwrap_or_default();
    let any = pick(step.one, boxes).unwrap_or_else(|| boundary_id(0));
    let by = (f32::from(step.by.0) * 8.0, f32::from(step.by.1) * 8.0);
    let place = |id: &Id| (main_view(), id.clone());
    match step.what % 18 {
        0..=2 => draft.edit::<Place>(&place(&any), |it| {
            (it.x, it.y) = ((it.x.px() + by.0).into(), (it.y.px() + by.1).into());
        }),
        3 => draft.edit::<Place>(&place(&any), |it| it.collapsed = !it.collapsed),
        4 => draft.edit::<Component>(&component, |it| it.within = boundary),
        5 => draft.edit::<Component>(&component, |it| it.gate_of = boundary),
        6 => draft.put(Id::slug(&format!("g-{}", step.two)), sketch.flow((step.one, step.two, step.what))),
        7 => draft.edit::<Flow>(&flow, |it| {
            it.port = if step.two.is_multiple_of(2) { "tcp/22" } else { "" }.parse().unwrap();
        }),
        8 => {
            draft
                .put(place(&flow), Place { waypoints: vec![(by.0.into(), by.1.into())], ..Place::default() });
        }
        // Ends are fixed, let go, and labels moved, with corners laid by hand or without.
        15 | 16 => {
            let mut line = model.place(&main_view(), &flow).cloned().unwrap_or_default();
            let point = |n: u8| {
                let side = [Side::Top, Side::Right, Side::Bottom, Side::Left][usize::from(n % 4)];
                (!n.is_multiple_of(5)).then(|| BorderPoint::new(side, f32::from(n % 11) / 10.0))
            };
            (line.exit, line.entry) = (point(step.two), point(step.two / 5));
            draft.put(place(&flow), line);
        }
        17 => {
            let mut line = model.place(&main_view(), &flow).cloned().unwrap_or_default();
            line.label = (!step.two.is_multiple_of(4)).then(|| Figure::share(f32::from(step.two) / 255.0));
            draft.put(place(&flow), line);
        }
        9 => draft.edit::<Place>(&place(&component), |it| {
            (it.side, it.offset) = (Some(Side::Left), Some((by.0.abs() / 320.0).into()));
        }),
        10 => draft.delete(&[any].into()),
        11 => draft.edit::<Component>(&component, |it| {
            it.name = "name ".repeat(usize::from(step.two % 8));
            it.replicas = Some(u32::from(step.two % 3));
        }),
        12 => draft.edit::<Component>(&component, |it| {
            let ports = ["tcp/22,80,443", "", "tcp/22", "tcp/33"][usize::from(step.two % 4)];
            it.allows = Allows::Only(vec![Allow::of(ports.parse().unwrap(), From::Anywhere)]);
        }),
        13 => draft.edit::<Place>(&place(&any), |it| it.order = i32::from(step.two % 5) - 2),
        _ => {
            let id = boundary.unwrap_or_else(|| boundary_id(9));
            let outer = pick(step.one, model.boundaries().keys().collect());
            draft.edit::<Boundary>(&id, |it| it.within = outer);
        }
    }
    draft.finish()
}

/// What differs between two layouts, in words.
fn differences(one: &Layout, two: &Layout) -> Vec<String> {
    fn in_table<T: PartialEq + std::fmt::Debug>(one: &BTreeMap<Id, T>, two: &BTreeMap<Id, T>) -> Vec<String> {
        let ids: BTreeSet<&Id> = one.keys().chain(two.keys()).collect();
        let differ = ids.into_iter().filter(|it| one.get(*it) != two.get(*it));
        differ.map(|it| format!("{it}: {:?}, not {:?}", one.get(it), two.get(it))).collect()
    }
    let mut found = in_table(&one.cards, &two.cards);
    found.extend(in_table(&one.boundaries, &two.boundaries));
    found.extend(in_table(&one.gates, &two.gates));
    found.extend(in_table(&one.flows, &two.flows));
    found.extend(in_table(&one.jumps, &two.jumps));
    found.extend((one.lowered != two.lowered).then(|| format!("{:?}, not {:?}", one.lowered, two.lowered)));
    found
}

/// The layout of a model, with jumps.
fn jumping(model: &Model) -> Layout {
    let mut layout = layout(model);
    layout.set_jumping(true);
    layout.settle(model, &Nesting::of(model), &|| false);
    layout
}

/// Time for a few pieces of work.
fn countdown(pieces: u8) -> impl Fn() -> bool {
    let left = Cell::new(pieces % 9);
    move || {
        left.set(left.get().saturating_sub(1));
        left.get() == 0
    }
}

/// So many that indexes are made anew without them.
#[test]
fn many_lines_that_go_at_once_leave_nothing_behind() {
    let flow = |n: usize| Id::slug(&format!("f{n}"));
    let mut model = Model::new();
    let mut step = |write: &dyn Fn(&mut Draft<'_>), before: Option<Layout>| {
        let mut draft = Draft::of(&model);
        write(&mut draft);
        let edit = draft.finish();
        let done = model.apply(&edit);
        let nesting = Nesting::of(&model);
        let mut updated = before.unwrap_or_else(|| jumping(&model));
        updated.update(&model, &nesting, &done);
        updated.settle(&model, &nesting, &|| false);
        let fresh = jumping(&model);
        assert_eq!(differences(&updated, &fresh), Vec::<String>::new());
        assert_eq!(updated.bounds(), fresh.bounds());
        updated
    };
    let corner = |n: usize| (n as f32 % 4.0 * 280.0, (n / 4) as f32 * 200.0);
    let drawn = |draft: &mut Draft<'_>| {
        for n in 0..12 {
            let (x, y) = corner(n);
            draft.put(component_id(n), Component { kind: "cache".to_owned(), ..Component::default() });
            draft.put((main_view(), component_id(n)), Place::boxed(x, y, 160.0, 80.0));
        }
        for n in 0..330 {
            let ends = Flow::between(component_id(n % 12), component_id((n + 1 + n / 12 % 11) % 12));
            draft.put(flow(n), Flow { protocol: "https".to_owned(), ..ends });
        }
    };
    let layout = step(&drawn, None);
    assert_eq!(layout.flows.len(), 330);
    let layout = step(&|draft| (0..300).for_each(|n| draft.remove::<Flow>(&flow(n))), Some(layout));
    assert_eq!(layout.flows.len(), 30);
    // What is left is found wherever something comes.
    let moved = |draft: &mut Draft<'_>| {
        draft.put((main_view(), component_id(0)), Place::boxed(320.0, 140.0, 160.0, 80.0));
    };
    step(&moved, Some(layout));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn bringing_up_to_date_is_laying_out(sketch in sketches(14), steps in steps()) {
        let mut model = laid_out(sketch.model());
        let mut updated = jumping(&model);
        for step in steps {
            let edit = edit(&model, &sketch, &step);
            let done = model.apply(&edit);
            updated.update(&model, &Nesting::of(&model), &done);
            // Some edits come while the last one is not done with.
            let frames = if step.two.is_multiple_of(3) { usize::from(step.one % 8) } else { usize::MAX };
            let mut left = frames;
            while left > 0 && !updated.settle(&model, &Nesting::of(&model), &countdown(step.one)) {
                left -= 1;
            }
            if !updated.is_settled() {
                continue;
            }
            let fresh = jumping(&model);
            prop_assert_eq!(differences(&updated, &fresh), Vec::<String>::new(), "{:?}", step);
            prop_assert_eq!(updated.bounds(), fresh.bounds(), "{:?}", step);
        }
        updated.settle(&model, &Nesting::of(&model), &|| false);
        prop_assert_eq!(differences(&updated, &jumping(&model)), Vec::<String>::new());
    }
}
