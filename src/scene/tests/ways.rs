//! The ways of lines: through no card where there is a free way, with few bends, the same each time, and only what an edit
//! touches goes another way.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use proptest::prelude::*;

use super::layout;
use crate::model::{Component, Draft, Flow, Id, Model, Nesting, Place, Side};
use crate::scene::geometry::{Pos, Rect, distance_to, outwards};
use crate::scene::route::{BEND, Obstacle, Port, STUB, cost_of, crossing, route};
use crate::scene::sketch::{component_id, main_view};

/// How far lines keep from boxes, at least.
const CLEAR: f32 = 6.0;

/// Column and row, how far into the cell, and how large.
type Card = ((u8, u8), (u8, u8), (u8, u8));

/// Cards in the cells of a table, each somewhere in its own and some of them missing, and flows between them.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    cards: Vec<Card>,
    flows: Vec<(u8, u8)>,
}

pub(crate) fn tables() -> impl Strategy<Value = Table> {
    tables_of((4, 4), 2..12, 1..8)
}

fn tables_of(
    (columns, rows): (u8, u8),
    cards: std::ops::Range<usize>,
    flows: std::ops::Range<usize>,
) -> impl Strategy<Value = Table> {
    let card = ((0..columns, 0..rows), (0_u8..9, 0_u8..9), (0_u8..6, 0_u8..6));
    let cards = prop::collection::vec(card, cards);
    let flows = prop::collection::vec((any::<u8>(), any::<u8>()), flows);
    (cards, flows).prop_map(|(cards, flows)| {
        let mut taken = BTreeSet::new();
        let cards = cards.into_iter().filter(|it| taken.insert(it.0)).collect();
        Table { cards, flows }
    })
}

impl Table {
    pub(crate) fn model(&self) -> Model {
        let mut model = Model::new();
        let edit = {
            let mut draft = Draft::of(&model);
            self.put(&mut draft, component_id, "f", 0.0);
            draft.finish()
        };
        model.apply(&edit);
        model
    }

    /// The same once more, so far to the right, its flows called `far-0` and so on.
    fn copy_to(&self, draft: &mut Draft<'_>, far: f32) {
        self.put(draft, |n| Id::slug(&format!("d-{n}")), "far", far);
    }

    fn put(&self, draft: &mut Draft<'_>, id: impl Fn(usize) -> Id, flow: &str, far: f32) {
        for (n, (cell, into, large)) in self.cards.iter().enumerate() {
            draft.put(id(n), Component { kind: "cache".to_owned(), ..Component::default() });
            let corner = |cell: u8, size: f32, into: u8| f32::from(cell) * size + f32::from(into) * 8.0;
            let (width, height) = (160.0 + f32::from(large.0) * 8.0, 56.0 + f32::from(large.1) * 8.0);
            let (x, y) = (corner(cell.0, 272.0, into.0) + far, corner(cell.1, 168.0, into.1));
            draft.put((main_view(), id(n)), Place::boxed(x, y, width, height));
        }
        for (n, (from, to)) in self.flows.iter().enumerate() {
            let end = |it: u8| id(usize::from(it) % self.cards.len());
            if end(*from) != end(*to) {
                draft.put(Id::slug(&format!("{flow}-{n}")), Flow::between(end(*from), end(*to)));
            }
        }
    }
}

/// The lines that run through cards, each with one of these.
fn through_cards(layout: &crate::scene::Layout) -> Vec<(Id, Id)> {
    let through = |(id, route): (&Id, &crate::scene::Route)| {
        let is_through =
            |rect: &Rect| route.points.windows(2).any(|it| rect.grown(-0.5).is_crossed(it[0], it[1]));
        let card = layout.cards.iter().find(|it| is_through(&it.1.rect))?;
        Some((id.clone(), card.0.clone()))
    };
    layout.flows.iter().filter_map(through).collect()
}

/// Whether there is any way from one box to another that keeps clear of all others: by looking at all crossings of the
/// grid that the borders of boxes make.
fn is_way_free(boxes: &BTreeMap<Id, Rect>, from: &Id, to: &Id) -> bool {
    let (mut xs, mut ys) = (Vec::new(), Vec::new());
    for it in boxes.values() {
        xs.extend([it.min.x - CLEAR, it.centre().x, it.max.x + CLEAR]);
        ys.extend([it.min.y - CLEAR, it.centre().y, it.max.y + CLEAR]);
    }
    xs.sort_by(f32::total_cmp);
    ys.sort_by(f32::total_cmp);
    let is_open = |at: Pos| {
        boxes.values().all(|it| {
            let it = it.grown(CLEAR - 0.01);
            !(it.min.x < at.x && at.x < it.max.x && it.min.y < at.y && at.y < it.max.y)
        })
    };
    // Beside a box, where a line could begin or end.
    let is_at = |rect: &Rect, at: Pos| {
        let beside = rect.grown(CLEAR + 0.01).contains(at);
        beside
            && (rect.min.x + CLEAR <= at.x && at.x <= rect.max.x - CLEAR
                || rect.min.y + CLEAR <= at.y && at.y <= rect.max.y - CLEAR)
    };
    let at = |(x, y): (usize, usize)| Pos::new(xs[x], ys[y]);
    let all = (0..xs.len()).flat_map(|x| (0..ys.len()).map(move |y| (x, y)));
    let mut open: VecDeque<(usize, usize)> =
        all.filter(|it| is_open(at(*it)) && is_at(&boxes[from], at(*it))).collect();
    let mut seen: BTreeSet<(usize, usize)> = open.iter().copied().collect();
    while let Some((x, y)) = open.pop_front() {
        if is_at(&boxes[to], at((x, y))) {
            return true;
        }
        let next = [(x + 1, y), (x.wrapping_sub(1), y), (x, y + 1), (x, y.wrapping_sub(1))];
        for it in next.into_iter().filter(|it| it.0 < xs.len() && it.1 < ys.len()) {
            if is_open(at(it)) && seen.insert(it) {
                open.push_back(it);
            }
        }
    }
    false
}

/// What the best way costs that begins and ends as two ports want it and keeps as far from boxes as lines do: found by
/// trying all ways over all crossings, cheapest first, a bend being as dear as the router has it.
fn least_cost(from: Port, to: Port, boxes: &[Rect]) -> Option<f32> {
    let margin = STUB - 4.0;
    let step = |it: Port| it.pos + Pos::new(outwards(it.side).x * margin, outwards(it.side).y * margin);
    let (start, goal) = (step(from), step(to));
    let (mut xs, mut ys) = (vec![start.x, goal.x], vec![start.y, goal.y]);
    for it in boxes {
        xs.extend([it.min.x - margin, it.centre().x, it.max.x + margin]);
        ys.extend([it.min.y - margin, it.centre().y, it.max.y + margin]);
    }
    for lines in [&mut xs, &mut ys] {
        lines.sort_by(f32::total_cmp);
        lines.dedup();
    }
    let is_open = |at: Pos| {
        boxes
            .iter()
            .map(|it| it.grown(margin - 2.0))
            .all(|it| !(it.min.x < at.x && at.x < it.max.x && it.min.y < at.y && at.y < it.max.y))
    };
    if !is_open(start) || !is_open(goal) {
        return None;
    }
    let place = |lines: &[f32], at: f32| lines.iter().position(|it| *it == at);
    let first = (place(&xs, start.x)?, place(&ys, start.y)?);
    let last = (place(&xs, goal.x)?, place(&ys, goal.y)?);
    let ways = [(1_i32, 0_i32), (0, 1), (-1, 0), (0, -1)];
    let way_of = |it: Pos| ways.iter().position(|way| way.0 as f32 == it.x && way.1 as f32 == it.y);
    let (leaves, enters) = (way_of(outwards(from.side))?, (way_of(outwards(to.side))? + 2) % 4);
    let mut best: BTreeMap<(usize, usize, usize), f32> = BTreeMap::from([((first.0, first.1, leaves), 0.0)]);
    let mut open = vec![(0.0_f32, first, leaves)];
    while let Some(n) = (0..open.len()).min_by(|a, b| open[*a].0.total_cmp(&open[*b].0)) {
        let (cost, (x, y), way) = open.swap_remove(n);
        if (x, y) == last && way == enters {
            return Some(cost + 2.0 * margin);
        }
        if best.get(&(x, y, way)).is_some_and(|it| *it < cost) {
            continue;
        }
        if (x, y) == last && way != (enters + 2) % 4 {
            // At the end it may turn on the spot, as it may at the start.
            let turned = best.entry((x, y, enters)).or_insert(f32::INFINITY);
            if cost + BEND < *turned {
                *turned = cost + BEND;
                open.push((cost + BEND, (x, y), enters));
            }
        }
        for (next_way, by) in ways.iter().enumerate().filter(|it| it.0 != (way + 2) % 4) {
            let (Some(next_x), Some(next_y)) =
                (x.checked_add_signed(by.0 as isize), y.checked_add_signed(by.1 as isize))
            else {
                continue;
            };
            if next_x >= xs.len() || next_y >= ys.len() {
                continue;
            }
            let at = Pos::new(xs[next_x], ys[next_y]);
            if !is_open(at) {
                continue;
            }
            let cost = cost + at.distance(Pos::new(xs[x], ys[y])) + if next_way == way { 0.0 } else { BEND };
            let known = best.entry((next_x, next_y, next_way)).or_insert(f32::INFINITY);
            if cost < *known {
                *known = cost;
                open.push((cost, (next_x, next_y), next_way));
            }
        }
    }
    None
}

/// Far more cards than a search looks at, in columns of which each second is half a step lower, between two that are
/// connected: no simple line is free.
#[test]
fn a_crowd_is_gone_around() {
    let text = |rows: i32| {
        // One row is missing, not halfway.
        let row = |n: i32| n / 11 + i32::from(n / 11 >= 4);
        let ids =
            (0..11 * rows).map(|n| (format!("c{n}"), 240 + n % 11 * 240, row(n) * 120 + n % 11 % 2 * 60));
        let ends = [("a".to_owned(), 0, 240), ("b".to_owned(), 12 * 240, rows * 120 - 240)];
        let all: Vec<(String, i32, i32)> = ids.chain(ends).collect();
        let component = |it: &(String, i32, i32)| format!("\"{}\": (kind: \"cache\"),", it.0);
        let components: String = all.iter().map(component).collect();
        let place = |(id, x, y): &(String, i32, i32)| {
            format!("(\"main\", \"{id}\"): (x: {x}, y: {y}, width: 160, height: 80),")
        };
        let places: String = all.iter().map(place).collect();
        format!(
            "components: {{{components}}}, flows: {{\"f\": (from: \"a\", to: \"b\")}}, places: {{{places}}}"
        )
    };
    for rows in [8, 10, 14] {
        let layout = layout(&crate::scene::tests::model(&text(rows)));
        assert_eq!(through_cards(&layout), [], "{rows} rows: {:?}", layout.flows);
    }
}

fn run_through_no_card(table: &Table) -> Result<(), TestCaseError> {
    let layout = layout(&table.model());
    let boxes: BTreeMap<Id, Rect> = layout.cards.iter().map(|(id, it)| (id.clone(), it.rect)).collect();
    for (id, card) in through_cards(&layout) {
        let route = &layout.flows[&id];
        let is_free = is_way_free(&boxes, &route.from, &route.to);
        prop_assert!(!is_free, "{id} through {card}: {route:?} {boxes:#?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn no_way_is_a_bend_dearer_than_the_best(table in tables(), sides in (0_usize..4, 0_usize..4)) {
        let layout = layout(&table.model());
        let boxes: Vec<Rect> = layout.cards.values().map(|it| it.rect).collect();
        let [Some(a), Some(b)] = [boxes.first(), boxes.get(1)] else { return Ok(()) };
        let all = [Side::Top, Side::Right, Side::Bottom, Side::Left];
        let port = |rect: &Rect, side: Side| Port::alone(rect.middle(side), side, *rect);
        let (from, to) = (port(a, all[sides.0]), port(b, all[sides.1]));
        let near = |area: &Rect, found: &mut dyn FnMut(Obstacle) -> bool| {
            for rect in boxes.iter().filter(|it| it.grown(0.01).overlaps(area)) {
                found(Obstacle { rect: *rect, is_title: false });
            }
        };
        let way = route(from, to, &near);
        if let Some(least) = least_cost(from, to, &boxes) {
            let cost = cost_of(&way) + crossing(&way, [*a, *b], &near).cost();
            // A simple line is taken as it is where no other could save more than a bend and its stubs.
            prop_assert!(cost < least + BEND + 3.0 * STUB, "{} where {} would do: {:?} {:?}", cost, least, way, boxes);
        }
    }

    #[test]
    fn no_line_runs_through_a_card_where_a_way_is_free(table in tables()) {
        run_through_no_card(&table)?;
    }

    #[test]
    fn the_same_drawing_has_the_same_ways(table in tables()) {
        let model = table.model();
        prop_assert_eq!(&layout(&model).flows, &layout(&model).flows);
    }

    #[test]
    fn only_what_a_move_touches_goes_another_way(
        table in tables(), moved in any::<u8>(), by in (-20_i16..20, -20_i16..20), corner in -40_i16..80,
    ) {
        let mut model = table.model();
        // A piece far above all cards, and its middle.
        let corners = [0.0, 200.0].map(|it| Pos::new(f32::from(corner) * 16.0 + it, -2000.0));
        let middle = corners[0].towards(corners[1], 0.5);
        let pinned = Id::slug("f-0");
        let edit = {
            let mut draft = Draft::of(&model);
            table.copy_to(&mut draft, 3000.0);
            let waypoints = corners.iter().map(|it| (it.x.into(), it.y.into())).collect();
            // With no pinned pieces all corners stay.
            let pieces = if corner % 2 == 0 { vec![1] } else { Vec::new() };
            draft.put((main_view(), pinned.clone()), Place { waypoints, pinned: pieces, ..Place::default() });
            draft.finish()
        };
        model.apply(&edit);
        let mut layout = layout(&model);
        let id = component_id(usize::from(moved) % table.cards.len());
        let before = layout.flows.clone();
        let edit = {
            let mut draft = Draft::of(&model);
            draft.edit::<Place>(&(main_view(), id.clone()), |it| {
                let at = (it.x.px() + f32::from(by.0) * 8.0, it.y.px() + f32::from(by.1) * 8.0);
                (it.x, it.y) = (at.0.into(), at.1.into());
            });
            draft.finish()
        };
        let done = model.apply(&edit);
        let nesting = Nesting::of(&model);
        layout.update(&model, &nesting, &done);
        layout.settle(&model, &nesting, &|| false);
        prop_assert_eq!(&layout.flows, &super::layout(&model).flows);
        for (flow, old) in &before {
            let new = &layout.flows[flow];
            if flow.as_str().starts_with("far") {
                prop_assert_eq!(old, new);
            } else if *flow == pinned && old.from != id && old.to != id {
                // The piece stays that was pinned, though the ports at its ends may make room.
                let is_through = |it: &crate::scene::Route| distance_to(&it.points, middle) < 0.01;
                prop_assert!(is_through(old) && is_through(new), "{:?} {:?}", old, new);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn nor_does_any_of_many_among_many(table in tables_of((8, 8), 40..96, 16..48)) {
        run_through_no_card(&table)?;
    }
}
