//! Flows by arrows: the longest piece of one that runs across an arrow's way goes along with it, and stays there.

use super::Editor;
use crate::scene::Pos;

/// How much of the first and the last piece stays at its end, so that the line leaves its box as before.
const STUB: f32 = 24.0;

impl Editor {
    /// Moves a piece of the flow that is selected; returns whether there is such a flow with such a piece.
    pub fn nudge_flow(&mut self, by: Pos) -> bool {
        let Some(id) = self.selected_one().cloned() else { return false };
        let Some(ends) = self.model.flow(&id) else { return false };
        // Drawn together with others, or as another one while its end is hidden, it has no corners of its own.
        let route = self.layout.flows.get(&id).filter(|it| it.merged.is_empty());
        let route = route.filter(|it| it.from == ends.from && it.to == ends.to);
        let Some((corners, piece)) = route.and_then(|it| shifted(&it.points, by)) else { return false };
        self.bend(&id, &corners, piece);
        true
    }
}

/// The corners of a line after the step, and the number of the piece that made it; none if no piece runs across that.
fn shifted(points: &[Pos], by: Pos) -> Option<(Vec<Pos>, usize)> {
    let last = points.len().checked_sub(2)?;
    let is_across = |n: &usize| {
        let along = points[n + 1] - points[*n];
        if by.x == 0.0 { along.y.abs() < 0.5 } else { along.x.abs() < 0.5 }
    };
    let length = |n: &usize| points[*n].distance(points[n + 1]);
    // Of two that are as long, the first.
    let piece = (0..=last).rev().filter(is_across).max_by(|a, b| length(a).total_cmp(&length(b)))?;
    let (a, b) = (points[piece], points[piece + 1]);
    let stub = (STUB / a.distance(b).max(1.0)).min(0.3);
    let mut corners = points.get(1..piece).unwrap_or_default().to_vec();
    if piece == 0 {
        let foot = a.towards(b, stub);
        corners.extend([foot, foot + by]);
    } else {
        corners.push(a + by);
    }
    if piece == last {
        let foot = b.towards(a, stub);
        corners.extend([foot + by, foot]);
    } else {
        corners.push(b + by);
        corners.extend_from_slice(points.get(piece + 2..points.len() - 1).unwrap_or_default());
    }
    // The first piece grows a stub before it.
    Some((corners, if piece == 0 { 2 } else { piece }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;

    #[test]
    fn arrows_bend_a_flow_further_and_further_and_it_finds_its_own_way_again() {
        let mut editor = Editor::new(Surroundings::fixed());
        let a = editor.add_component("web-server", Pos::new(100.0, 100.0));
        let b = editor.add_component("sql-database", Pos::new(700.0, 100.0));
        let flow = editor.connect(&a, &b).unwrap();
        let before = editor.layout().flows[&flow].points.to_vec();
        assert_eq!(before.len(), 2, "it is straight");
        assert!(!editor.nudge_flow(Pos::new(8.0, 0.0)), "along itself it goes nowhere");
        for step in 1..=3 {
            assert!(editor.nudge_flow(Pos::new(0.0, 8.0)));
            let points = &editor.layout().flows[&flow].points;
            let lowest = points.iter().map(|it| it.y).fold(f32::MIN, f32::max);
            assert!((lowest - before[0].y - 8.0 * step as f32).abs() < 0.1, "{points:?}");
            assert_eq!((points.first(), points.last()), (before.first(), before.last()));
        }
        assert!(editor.is_bent(&flow) && editor.run("arrange.reset-route"));
        assert_eq!(editor.layout().flows[&flow].points.to_vec(), before);
        editor.select([a]);
        assert!(!editor.nudge_flow(Pos::new(0.0, 8.0)));
    }

    #[test]
    fn the_longest_piece_across_moves_and_the_others_follow() {
        let points = [(0.0, 0.0), (100.0, 0.0), (100.0, 80.0), (140.0, 80.0)].map(|it| Pos::new(it.0, it.1));
        let moved = |x, y| shifted(&points, Pos::new(x, y)).unwrap().0;
        assert_eq!(moved(8.0, 0.0), [Pos::new(108.0, 0.0), Pos::new(108.0, 80.0)]);
        assert_eq!(
            moved(0.0, -8.0),
            [Pos::new(24.0, 0.0), Pos::new(24.0, -8.0), Pos::new(100.0, -8.0), Pos::new(100.0, 80.0)]
        );
        assert_eq!(shifted(&points[..1], Pos::new(8.0, 0.0)), None);
    }
}
