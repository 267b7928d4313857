//! Parts of a picture are, together, the whole: what is dragged and what stays, and what is handed on frame by frame.

use proptest::prelude::*;

use super::layout;
use crate::model::Ports;
use crate::scene::sketch::{component_id, laid_out, sketches};
use crate::scene::{
    Badge, Evidence, Highlight, Jumps, Level, Look, Marks, Overlay, Pos, Progress, Share, display,
    display_part,
};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn both_parts_are_the_whole(sketch in sketches(14), dragged in prop::collection::vec(0_usize..14, 1..4)) {
        let layout = layout(&laid_out(sketch.model()));
        let moved = dragged.into_iter().map(|it| (component_id(it), Pos::new(40.0, 24.0))).collect();
        let overlay = Overlay { moved, ..Overlay::default() };
        let (marks, highlight) = (Marks::default(), Highlight::default());
        let items = |share| {
            let (marks, highlight) = (&marks, &highlight);
            let look = Look { marks, highlight, overlay: Some(&overlay), share, viewport: None, zoom: 1.0, jumps: Jumps::Off };
            let mut items = Vec::new();
            display(&layout, &look, &mut |it| items.push(format!("{it:?}")));
            items
        };
        let mut both = [items(Share::Still), items(Share::Moving)].concat();
        let mut whole = items(Share::All);
        both.sort();
        whole.sort();
        prop_assert_eq!(both, whole);
    }

    /// Where all is in view, they are the whole in its order; else what the whole leaves out may be in it, too.
    #[test]
    fn all_parts_are_the_whole(
        sketch in sketches(14),
        parts in 1_usize..7,
        (selected, lit) in (prop::collection::vec(0_usize..14, 0..4), prop::option::of(0_usize..14)),
        (x, y) in (0.0_f32..1.0, 0.0_f32..1.0),
        wide in prop::option::of(0.1_f32..0.9),
        zoom in prop::sample::select(vec![0.05_f32, 0.5, 1.0]),
        share in prop::sample::select(vec![Share::All, Share::Still]),
    ) {
        let layout = layout(&laid_out(sketch.model()));
        let (bounds, badge) = (layout.bounds().unwrap(), Badge { count: 2, level: Level::High });
        let flows: Vec<_> = layout.flows.keys().take(3).cloned().collect();
        let badges = layout.cards.keys().chain(layout.flows.keys()).map(|it| (it.clone(), badge)).collect();
        let evidence = lit.map(|it| Evidence {
            level: Level::High,
            components: vec![component_id(it)],
            flows: flows.iter().skip(1).cloned().collect(),
            boundaries: Vec::new(),
            hops: Vec::new(),
            ports: Ports::all(),
        });
        let marks = Marks { badges, evidence, ..Marks::default() };
        let selected = selected.into_iter().map(component_id).chain(flows.first().cloned()).collect();
        let highlight = Highlight { selected, ..Highlight::default() };
        let moved = [(component_id(1), Pos::new(40.0, 24.0))].into();
        let overlay = Overlay { moved, ..Overlay::default() };
        let corner = bounds.min + Pos::new(x * bounds.width(), y * bounds.height());
        let viewport = wide.map(|it| crate::scene::Rect::new(corner.x, corner.y, it * bounds.width(), it * bounds.height()));
        let look = Look { marks: &marks, highlight: &highlight, overlay: Some(&overlay), share, viewport, zoom, jumps: Jumps::Gap };
        let mut whole = Vec::new();
        display(&layout, &look, &mut |it| whole.push(format!("{it:?}")));
        let (mut all, mut progress) = (Vec::new(), Progress::default());
        for part in 1..=parts {
            let is_last = display_part(&layout, &look, (&mut progress, parts), &mut |it| all.push(format!("{it:?}")));
            if is_last {
                break;
            }
            prop_assert!(part < parts, "the last of {parts} parts");
        }
        if viewport.is_none() {
            prop_assert_eq!(all, whole);
        } else {
            let mut rest = all.iter();
            prop_assert!(whole.iter().all(|it| rest.any(|one| one == it)));
        }
    }
}
