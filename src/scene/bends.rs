//! A line that somebody bent: it keeps its corners as they were laid for as long as that is a good way; else it runs through the
//! middles of the pieces that are pinned, along these, and finds its way from one to the next around what stands there.

use crate::model::{Place, Side};

use super::geometry::{Pos, Rect, outwards, simplify};
use super::route::{BEND, Near, Port, cost_of, crossing, route, through};

/// Between more pieces than these no ways are searched.
const MOST: usize = 16;

/// How much dearer than the length that it must have a free line may be without a look at others: some bends.
const ENOUGH: f32 = 4.0 * BEND;

/// How a line was laid by hand.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Bends {
    pub(super) corners: Vec<Pos>,
    /// The pieces that stay, by their ends, from the source on. With none of them, all corners stay.
    pub(super) pinned: Vec<[Pos; 2]>,
}

impl Bends {
    pub(super) fn of(place: &Place) -> Self {
        let corners: Vec<Pos> = place.waypoints.iter().map(|it| Pos::new(it.0.px(), it.1.px())).collect();
        // The first piece ends at the first corner.
        let ends = |number: u32| {
            let first = usize::try_from(number).ok()?.checked_sub(1)?;
            Some([*corners.get(first)?, *corners.get(first + 1)?])
        };
        let pinned = place.pinned.iter().copied().filter_map(ends);
        let mut pinned: Vec<[Pos; 2]> = pinned.filter(is_straight).collect();
        pinned.truncate(MOST);
        Self { corners, pinned }
    }

    pub(super) fn is_none(&self) -> bool {
        self.corners.is_empty()
    }

    /// The line between two ports.
    pub(super) fn line(&self, from: Port, to: Port, near: Near<'_>) -> Vec<Pos> {
        let as_laid = through(from, &self.corners, to);
        if self.pinned.is_empty() {
            return as_laid;
        }
        let crossed = |it: &[Pos]| crossing(it, [from.own, to.own], near);
        let (laid, own) = (crossed(&as_laid), cost_of(&as_laid));
        // No other is searched where this is free and nearly as short as one can be.
        if laid.is_free() && own < self.least_length(from.pos, to.pos) + ENOUGH {
            return as_laid;
        }
        let mut other = self.through_pinned(from, to, near);
        simplify(&mut other);
        // What somebody laid is worth a bend.
        let cost = cost_of(&other) + crossed(&other).cost();
        if cost + BEND < own + laid.cost() { other } else { as_laid }
    }

    /// No line through all pinned pieces is shorter.
    fn least_length(&self, from: Pos, to: Pos) -> f32 {
        let middles = self.pinned.iter().map(|it| it[0].towards(it[1], 0.5));
        let stops: Vec<Pos> = [from].into_iter().chain(middles).chain([to]).collect();
        stops.windows(2).map(|it| (it[0].x - it[1].x).abs() + (it[0].y - it[1].y).abs()).sum()
    }

    /// The best way through all pinned pieces, each in the direction in which that is best.
    fn through_pinned(&self, from: Port, to: Port, near: Near<'_>) -> Vec<Pos> {
        // For each direction of the last piece: what the way so far costs, its points, and the port where it goes on.
        let mut ways = vec![(0.0_f32, vec![from.pos], from)];
        for piece in &self.pinned {
            let next = [piece[0], piece[1]].into_iter().zip([piece[1], piece[0]]);
            let next = next.filter_map(|(a, b)| {
                let middle = a.towards(b, 0.5);
                let (enters, leaves) = (port(middle, a - b), port(middle, b - a));
                best(&ways, enters, near).map(|(cost, points)| (cost, points, leaves))
            });
            ways = next.collect();
        }
        best(&ways, to, near).map(|it| it.1).unwrap_or_default()
    }
}

/// Whether a piece is level or upright, as lines through corners take it.
fn is_straight([a, b]: &[Pos; 2]) -> bool {
    ((a.x - b.x).abs() <= 0.5) != ((a.y - b.y).abs() <= 0.5)
}

/// The pieces of a flow that were pinned on a view, by their ends.
pub fn pinned_pieces(place: &Place) -> Vec<[Pos; 2]> {
    Bends::of(place).pinned
}

/// The cheapest of these ways, on to a port.
fn best(ways: &[(f32, Vec<Pos>, Port)], to: Port, near: Near<'_>) -> Option<(f32, Vec<Pos>)> {
    let on = |(cost, points, from): &(f32, Vec<Pos>, Port)| {
        let leg = route(*from, to, near);
        let cost = cost + cost_of(&leg) + crossing(&leg, [from.own, to.own], near).cost();
        (cost, [points.as_slice(), &leg[1..]].concat())
    };
    ways.iter().map(on).min_by(|a, b| a.0.total_cmp(&b.0))
}

/// In the middle of a piece, facing along it.
fn port(at: Pos, way: Pos) -> Port {
    let sides = [Side::Right, Side::Bottom, Side::Left, Side::Top];
    let ahead = |it: &Side| {
        let out = outwards(*it);
        out.x * way.x + out.y * way.y
    };
    let side = sides.into_iter().max_by(|a, b| ahead(a).total_cmp(&ahead(b))).unwrap_or(Side::Right);
    Port::alone(at, side, Rect::centred(at, 0.0, 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Draft, Id};
    use crate::scene::Layout;
    use crate::scene::geometry::distance_to;
    use crate::scene::tests::{layout, model};

    const TEXT: &str = r#"components: {"a": (kind: "cache"), "b": (kind: "cache"), "c": (kind: "cache")},
        flows: {"f": (from: "a", to: "b")},
        places: {("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 600, y: 0), ("main", "c"): (x: 300, y: 600),
            ("main", "f"): (waypoints: [(250, 28), (250, 200), (500, 200), (500, 28)], pinned: [2])}"#;

    fn line(layout: &Layout) -> Vec<(f32, f32)> {
        layout.flows.values().next().unwrap().points.iter().map(|it| (it.x, it.y)).collect()
    }

    #[test]
    fn corners_stay_while_they_are_free_and_what_is_pinned_stays_in_any_case() {
        let mut model = model(TEXT);
        let laid = layout(&model);
        let corners = [(250.0, 28.0), (250.0, 200.0), (500.0, 200.0), (500.0, 28.0)];
        assert_eq!(line(&laid)[1..5], corners);
        for (x, y) in [(200.0, 80.0), (420.0, 80.0), (190.0, 0.0), (340.0, 120.0), (1000.0, 0.0)] {
            let edit = {
                let mut draft = Draft::of(&model);
                let key = (Id::slug("main"), Id::slug("c"));
                draft.edit::<Place>(&key, |it| (it.x, it.y) = (x.into(), y.into()));
                draft.finish()
            };
            model.apply(&edit);
            let now = layout(&model);
            let route = now.flows.values().next().unwrap();
            let card = now.cards[&Id::slug("c")].rect;
            assert!(distance_to(&route.points, Pos::new(375.0, 200.0)) < 0.01, "{:?}", line(&now));
            assert!(
                route.points.windows(2).all(|it| !card.is_crossed(it[0], it[1])),
                "{card:?} {:?}",
                line(&now)
            );
            assert_eq!(line(&now) == line(&laid), x == 1000.0, "{:?}", line(&now));
        }
    }

    #[test]
    fn where_the_way_is_much_shorter_the_corners_are_given_up() {
        let mut model = model(TEXT);
        let edit = {
            let mut draft = Draft::of(&model);
            // The target is far to the left and below, so that the last corners lead back and forth.
            let key = (Id::slug("main"), Id::slug("b"));
            draft.edit::<Place>(&key, |it| (it.x, it.y) = ((-600.0).into(), 400.0.into()));
            draft.finish()
        };
        model.apply(&edit);
        let now = line(&layout(&model));
        assert!(!now.contains(&(500.0, 28.0)), "{now:?}");
        let points: Vec<Pos> = now.iter().map(|it| Pos::new(it.0, it.1)).collect();
        assert!(distance_to(&points, Pos::new(375.0, 200.0)) < 0.01, "{now:?}");
    }
}
