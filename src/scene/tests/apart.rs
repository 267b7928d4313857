//! What is dragged and what stays are, together, the whole picture.

use proptest::prelude::*;

use super::layout;
use crate::scene::sketch::{component_id, laid_out, sketches};
use crate::scene::{Highlight, Jumps, Look, Marks, Overlay, Pos, Share, display};

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
}
