//! The way that a finding rests on, hop by hop: in which order and direction it goes, which ports arrive, and where it goes
//! though no flow is drawn.

use crate::model::Id;
use crate::tokens::{Face, Ink, size};

use super::brush::{Type, base_line};
use super::display::Scene;
use super::geometry::{Pos, Rect};
use super::linking::between;
use super::list::{Anchor, Fill, Layer, Stroke};
use super::marks::Hop;

/// From the border of the box where a hop begins to its mark.
const ASIDE: f32 = 10.0;
/// How long the arrow beside a mark is.
const ARROW: f32 = 14.0;
/// How small and how large marks become on the screen, as a share of their size at 100 %.
const LEAST: f32 = 0.8;
const MOST: f32 = 3.0;
/// The widest words on a mark.
const WIDEST: f32 = 110.0;
/// Of a line that nobody has drawn.
const DASH: [f32; 2] = [10.0, 6.0];

impl Scene<'_> {
    pub(super) fn trail(&mut self) {
        let Some(evidence) = self.evidence else { return };
        let (detail, ink) = (self.detail(), evidence.level.ink());
        let large = (LEAST / self.look.zoom.max(0.01)).clamp(1.0, MOST);
        for (n, hop) in (1..).zip(&evidence.hops) {
            let Some((line, is_back)) = self.line_of_hop(hop) else { continue };
            let mut brush = self.brush(Layer::Badge, 1.0, None);
            if is_back.is_none() {
                let width = if detail.icons { size::STROKE_EVIDENCE } else { size::STROKE_EVIDENCE * MOST };
                let stroke = Stroke::of(ink, width).dashed(DASH.map(|it| it * large));
                brush.path(
                    &line,
                    size::RADIUS_FLOW,
                    stroke,
                    if detail.icons { size::ARROW_HEAD } else { 0.0 },
                );
            }
            if !detail.icons {
                continue;
            }
            let text = if hop.ports.is_empty() {
                n.to_string()
            } else {
                format!("{n}  {}", Face::Mono.elide(size::TYPE_11, &hop.ports, WIDEST))
            };
            let face = if hop.ports.is_empty() { Face::SansSemibold } else { Face::Mono };
            let high = size::BADGE_HEIGHT * large;
            let wide = (face.width(size::TYPE_11, &text) * large + 10.0 * large).max(high);
            let Some((centre, way)) = spot(&line, (wide, high), ASIDE * large) else { continue };
            let mark = Rect::centred(centre, wide, high);
            // Its line has its head at the other end.
            if is_back == Some(true) {
                let reach = if way.x == 0.0 { high } else { wide } / 2.0;
                let ahead = |by: f32| Pos::new(centre.x + way.x * by, centre.y + way.y * by);
                let arrow = [ahead(reach), ahead(reach + ARROW * large)];
                brush.path(&arrow, 0.0, Stroke::of(ink, size::STROKE_EVIDENCE), size::ARROW_HEAD * large);
            }
            brush.card(mark, high / 2.0, Ink::Card, 0.0, Stroke::of(ink, 1.5 * large));
            brush.rect(mark, high / 2.0, Some(Fill::tint(ink, crate::tokens::TINT)), None);
            let look = Type { face, size: size::TYPE_11 * large, ink: Ink::Text };
            brush.text(&text, look, Pos::new(centre.x, base_line(centre.y, look.size)), Anchor::Middle);
        }
    }

    /// The line of a hop in its direction, and whether it is that of a flow which leads back; none for that if there is no
    /// flow. None if an end of it is not on the view.
    fn line_of_hop(&self, hop: &Hop) -> Option<(Vec<Pos>, Option<bool>)> {
        let layout = self.layout;
        let drawn = hop.flows.iter().find_map(|it| layout.flows.get_key_value(layout.drawn_as(it)?));
        if let Some((id, route)) = drawn {
            let mut points = self.preview.flows.get(id).unwrap_or(&route.points).to_vec();
            let is_back = route.from != hop.from;
            if is_back {
                points.reverse();
            }
            return Some((points, Some(is_back)));
        }
        let rect = |id: &Id| self.preview.boxes.get(id).copied().or_else(|| layout.rect(id));
        let line = between(layout, (&hop.from, rect(&hop.from)?), (&hop.to, rect(&hop.to)?));
        (line.len() > 1).then_some((line, None))
    }
}

/// The middle of the first piece of a line that has room for a mark, as near to where it begins as may be, and the direction
/// of that piece.
fn spot(line: &[Pos], (wide, high): (f32, f32), aside: f32) -> Option<(Pos, Pos)> {
    let piece = |it: &[Pos]| {
        let (a, b) = (it[0], it[1]);
        let long = a.distance(b);
        let way = Pos::new((b.x - a.x) / long, (b.y - a.y) / long);
        let reach = if way.x.abs() < 0.5 { high } else { wide };
        (a, way, long, reach)
    };
    let pieces = || line.windows(2).map(piece).filter(|it| it.2 > 0.0);
    let roomy = pieces().find(|it| it.2 >= it.3 + 2.0 * aside);
    let at = |(a, way, long, reach): (Pos, Pos, f32, f32)| {
        let by = (aside + reach / 2.0).min(long / 2.0);
        (Pos::new(a.x + way.x * by, a.y + way.y * by), way)
    };
    // Else on the longest.
    roomy.or_else(|| pieces().max_by(|a, b| a.2.total_cmp(&b.2))).map(at)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Ports;
    use crate::scene::list::Shape;
    use crate::scene::tests::{layout, model};
    use crate::scene::{Evidence, Highlight, Level, Look, Marks, display};

    #[test]
    fn each_hop_has_its_number_and_its_ports_and_one_that_nobody_has_drawn_a_line() {
        let layout = layout(&model(
            r#"components: {"a": (kind: "cache"), "b": (kind: "cache"), "c": (kind: "cache")}, flows: {"f": (from: "b", to: "a")},
            places: {("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 400, y: 0), ("main", "c"): (x: 400, y: 300)}"#,
        ));
        let id = Id::slug;
        let hops = vec![
            Hop { from: id("a"), to: id("b"), flows: vec![id("f")], ports: String::new() },
            Hop { from: id("b"), to: id("c"), flows: Vec::new(), ports: "22".to_owned() },
            Hop { from: id("c"), to: id("elsewhere"), flows: Vec::new(), ports: "80".to_owned() },
        ];
        let (components, ports) = (vec![id("a"), id("b"), id("c")], Ports::NONE);
        let evidence = Evidence {
            components,
            flows: vec![id("f")],
            boundaries: Vec::new(),
            hops,
            ports,
            level: Level::High,
        };
        let marks = Marks { evidence: Some(evidence), ..Marks::default() };
        let highlight = Highlight::default();
        let (mut texts, mut lines) = (Vec::new(), Vec::new());
        display(&layout, &Look::whole(&marks, &highlight, 1.0), &mut |it| match it.shape {
            Shape::Text(text) if it.layer == Layer::Badge => texts.push(text.text.to_owned()),
            Shape::Path(path) if it.layer == Layer::Badge => {
                lines.push((path.stroke.dash.is_some(), path.points[0], path.points[path.points.len() - 1]));
            }
            _ => {}
        });
        assert_eq!(texts, ["1", "2  22"]);
        let [a, b, c] = ["a", "b", "c"].map(|it| layout.cards[&id(it)].rect);
        let [(false, from, to), (true, start, end)] = lines[..] else { panic!("{lines:?}") };
        // The flow leads back, so an arrow says which way one goes.
        assert!(from.x > a.max.x && from.x < to.x && to.x < b.min.x, "{lines:?}");
        assert!(start.y == b.max.y && end.y == c.min.y, "{lines:?}");
    }

    #[test]
    fn a_mark_is_where_it_has_room() {
        let line = [(0.0, 0.0), (0.0, 20.0), (200.0, 20.0), (200.0, 90.0)].map(|it| Pos::new(it.0, it.1));
        assert_eq!(spot(&line, (60.0, 16.0), 10.0), Some((Pos::new(40.0, 20.0), Pos::new(1.0, 0.0))));
        assert_eq!(spot(&line, (60.0, 0.0), 10.0), Some((Pos::new(0.0, 10.0), Pos::new(0.0, 1.0))));
        // Nowhere is room: in the middle of the longest.
        assert_eq!(spot(&line, (300.0, 100.0), 10.0), Some((Pos::new(100.0, 20.0), Pos::new(1.0, 0.0))));
        assert_eq!(spot(&line[..1], (10.0, 10.0), 1.0), None);
    }
}
