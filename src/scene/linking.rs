//! A flow that is being drawn: where it would end, and whether that end would be fixed or floating.

use crate::model::{Id, Side};
use crate::tokens::{Face, Ink, size};

use super::Layout;
use super::brush::{Brush, Type, base_line};
use super::geometry::{Pos, Rect, opposite, simplify};
use super::list::{Anchor, Fill, Stroke};
use super::marks::Connect;
use super::route::{Port, middles, simple};

/// The side of the square that marks a fixed end, on the screen.
const MARK: f32 = 9.0;
/// What a line that runs through a card is dearer by, in lengths.
const THROUGH: f32 = 400.0;
/// From the pointer to the word beside it, on the screen.
const ASIDE: Pos = Pos::new(14.0, 18.0);

/// `px` is how much of the world a pixel of the screen is, so that all of it is as large at every zoom.
pub(super) fn draw_connect(brush: &mut Brush<'_>, layout: &Layout, connect: &Connect, px: f32) {
    let Some(from) = layout.rect(&connect.from) else { return };
    let target = connect.target.as_ref().and_then(|it| layout.rect(it));
    let fixed = target.zip(connect.at).map(|(rect, at)| {
        let (low, high) = rect.span(at.side);
        rect.on_side(at.side, low + (high - low) * at.offset.px())
    });
    let is_loop = is_loop(connect);
    let ends: Vec<Port> = match (target, fixed.zip(connect.at)) {
        (Some(rect), Some((pos, at))) => vec![Port::alone(pos, at.side, rect)],
        // Around the upper right corner, as it will run.
        (Some(rect), None) if is_loop => vec![Port::alone(rect.middle(Side::Top), Side::Top, rect)],
        (Some(rect), None) => middles(rect).to_vec(),
        (None, _) => middles(Rect::centred(connect.to, 0.0, 0.0)).to_vec(),
    };
    let line = line(layout, connect, from, &ends);
    let ink = if connect.refused.is_none() { Ink::Accent } else { Ink::Critical };
    let stroke = Stroke::of(ink, size::STROKE_SELECTED.max(1.5 * px)).dashed(size::DASH_FLOW);
    brush.path(&line, size::RADIUS_FLOW, stroke, size::ARROW_HEAD);
    if let Some(why) = connect.refused {
        return draw_word(brush, why, connect.to, (px, ink));
    }
    if target.is_none() {
        return;
    }
    if let Some(at) = fixed {
        let mark = Rect::centred(at, MARK * px, MARK * px);
        brush.rect(mark, px, Some(Fill::of(ink)), Some(Stroke::of(Ink::Card, 1.5 * px)));
    }
    let word = match fixed {
        Some(_) => "Fixed here",
        None if is_loop => "To itself",
        None => "Floating",
    };
    draw_word(brush, word, connect.to, (px, ink));
}

fn is_loop(connect: &Connect) -> bool {
    connect.target.as_ref() == Some(&connect.from)
}

/// The line as it will run, or about so: through gates, level and upright, with few bends, and around cards where a simple
/// line is.
fn line(layout: &Layout, connect: &Connect, from: Rect, ends: &[Port]) -> Vec<Pos> {
    let to = ends.first().map_or(connect.to, |it| it.own.centre());
    let below = || {
        let boxes = layout.boundaries.iter().filter(|it| it.1.rect.contains(connect.to));
        boxes.max_by_key(|it| (it.1.depth, it.1.order)).map(|it| it.0)
    };
    let inner = connect.target.as_ref().map_or_else(below, |it| layout.home(it));
    // Which port it will have is not known yet, so every gate is good.
    let gates = layout.gates_into((&connect.from, inner), (from.centre(), to), |_| true);
    let is_own = |id: &Id| *id == connect.from || connect.target.as_ref() == Some(id) || gates.contains(&id);
    let mut points = Vec::new();
    let mut starts = if is_loop(connect) { vec![middles(from)[0]] } else { middles(from).to_vec() };
    for gate in gates.iter().filter_map(|it| layout.gates.get(*it)) {
        let port = |side: Side| Port::alone(gate.rect.middle(side), side, gate.rect);
        points.extend(leg(layout, &is_own, &starts, &[port(gate.side)]));
        starts = vec![port(opposite(gate.side))];
    }
    points.extend(leg(layout, &is_own, &starts, ends));
    simplify(&mut points);
    points
}

/// The nicest simple line from box to box.
pub(super) fn between(layout: &Layout, from: (&Id, Rect), to: (&Id, Rect)) -> Vec<Pos> {
    let mut line = leg(layout, &|it| it == from.0 || it == to.0, &middles(from.1), &middles(to.1));
    simplify(&mut line);
    line
}

/// The nicest simple line from one of some ports to one of others.
fn leg(layout: &Layout, is_own: &dyn Fn(&Id) -> bool, starts: &[Port], ends: &[Port]) -> Vec<Pos> {
    let own = [starts.first(), ends.first()].map(|it| it.map(|it| it.own));
    let through = |points: &[Pos]| {
        let crossed = points.windows(2).map(|it| {
            let piece = Rect::spanning(it[0], it[1]);
            let cards = layout.solids.near(&piece).filter(|it| !is_own(&it.id)).count();
            cards + own.iter().flatten().filter(|it| it.grown(-1.0).meets(&piece)).count()
        });
        crossed.sum::<usize>() as f32 * THROUGH
    };
    let (mut best, mut shapes) = ((f32::INFINITY, Vec::new()), Vec::new());
    for (one, two) in starts.iter().flat_map(|one| ends.iter().map(move |two| (*one, *two))) {
        simple(one, two, &mut shapes);
        for shape in &shapes {
            let cost = shape.cost() + through(shape.points());
            if cost < best.0 {
                best = (cost, shape.points().to_vec());
            }
        }
    }
    best.1
}

/// A word beside the pointer.
fn draw_word(brush: &mut Brush<'_>, word: &str, pointer: Pos, (px, ink): (f32, Ink)) {
    if word.is_empty() {
        return;
    }
    let high = size::TYPE_11 * px;
    let wide = Face::Sans.width(size::TYPE_11, word) * px + 2.0 * size::SPACE_6 * px;
    let corner = Pos::new(pointer.x + ASIDE.x * px, pointer.y + ASIDE.y * px);
    let rect = Rect::at(corner, wide, size::BADGE_HEIGHT * px);
    brush.card(rect, size::RADIUS_FLOW * px, Ink::Card, 0.0, Stroke::of(ink, px));
    let look = Type { face: Face::Sans, size: high, ink: Ink::Text };
    brush.text(word, look, Pos::new(rect.centre().x, base_line(rect.centre().y, high)), Anchor::Middle);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::tests::{layout, model};

    #[test]
    fn a_flow_that_is_drawn_goes_around_what_it_may() {
        let layout = layout(&model(
            r#"components: {"a": (kind: "cache"), "wall": (kind: "cache"), "b": (kind: "cache")}, views: {"main": ()},
            places: {("main", "a"): (x: 0, y: 0), ("main", "wall"): (x: 240, y: 0), ("main", "b"): (x: 480, y: 0)}"#,
        ));
        let [from, wall, to] = ["a", "wall", "b"].map(|it| layout.rect(&Id::slug(it)).unwrap());
        let connect = |target: Option<&str>, to| Connect {
            from: Id::slug("a"),
            to,
            target: target.map(Id::slug),
            at: None,
            refused: None,
        };
        let free = Pos::new(560.0, 200.0);
        for (target, ends, at) in
            [(Some("b"), middles(to), to.centre()), (None, middles(Rect::centred(free, 0.0, 0.0)), free)]
        {
            let points = line(&layout, &connect(target, at), from, &ends);
            assert!(points.len() > 1 && points.windows(2).all(|it| it[0].x == it[1].x || it[0].y == it[1].y));
            assert!(points.windows(2).all(|it| !Rect::spanning(it[0], it[1]).meets(&wall)), "{points:?}");
            assert!(points.last().is_some_and(|it| target.is_some() || it.distance(free) < 0.1));
        }
    }

    #[test]
    fn a_flow_that_is_drawn_goes_through_the_gates_of_what_it_enters() {
        let layout = layout(&model(
            r#"components: {
                "a": (kind: "cache"), "b": (kind: "cache", within: "t"), "c": (kind: "cache", within: "t"),
                "near": (kind: "firewall", gate_of: "t"), "far": (kind: "firewall", gate_of: "t"),
            },
            boundaries: {"t": (kind: "network")}, views: {"main": ()},
            places: {
                ("main", "a"): (x: 0, y: 100), ("main", "t"): (x: 400, y: 0, width: 600, height: 400), ("main", "b"): (x: 520, y: 100),
                ("main", "c"): (x: 760, y: 100), ("main", "near"): (side: left, offset: 0.75), ("main", "far"): (side: right, offset: 0.5),
            }"#,
        ));
        let gate = layout.gates[&Id::slug("near")].rect;
        let drawn = |from: &str, target: Option<&str>, to: Pos| {
            let [from, target] = [Some(from), target].map(|it| it.map(Id::slug));
            let ends =
                target.as_ref().map_or_else(|| Rect::centred(to, 0.0, 0.0), |it| layout.rect(it).unwrap());
            let connect = Connect { from: from.unwrap(), to, target, at: None, refused: None };
            line(&layout, &connect, layout.rect(&connect.from).unwrap(), &middles(ends))
        };
        let goes_through =
            |points: &[Pos]| points.windows(2).any(|it| Rect::spanning(it[0], it[1]).meets(&gate));
        let inside = Pos::new(700.0, 350.0);
        for (from, target, to, is_through) in [
            ("a", Some("b"), Pos::ZERO, true),
            ("a", None, inside, true),
            ("a", None, Pos::new(200.0, 350.0), false),
            ("b", Some("c"), Pos::ZERO, false),
            ("b", Some("a"), Pos::ZERO, false),
            ("near", Some("b"), Pos::ZERO, false),
        ] {
            let points = drawn(from, target, to);
            assert!(points.windows(2).all(|it| it[0].x == it[1].x || it[0].y == it[1].y), "{points:?}");
            if from != "near" {
                assert_eq!(goes_through(&points), is_through, "{from} {target:?} {points:?}");
            }
        }
    }
}
