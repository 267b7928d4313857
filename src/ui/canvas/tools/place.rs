//! Placing a new component: by a click with its tool in hand, or by dropping it from the palette.

use super::{Ghost, Landing, Stage, landing};
use crate::editor::new_component;
use crate::model::{Id, Kind};
use crate::scene::SNAP;

/// Shows where a component of a kind would land; with `is_dropped`, puts it there.
pub(in super::super) fn place(stage: &mut Stage<'_>, kind: &str, is_dropped: bool) -> Option<Id> {
    let kind = Kind::of(kind);
    let (at, editor) = (stage.at, &mut *stage.editor);
    let landing = landing(editor, kind, at, stage.zoom);
    if is_dropped {
        return Some(match landing {
            Landing::Gate(edge) => editor.add_gate(&kind.slug, &edge.boundary, edge.side, edge.offset),
            Landing::Flow(flow) => editor.add_into_flow(&kind.slug, &flow, at),
            Landing::Inside(_) => editor.add_component(&kind.slug, at),
        });
    }
    let component = new_component(kind, "", kind.label.clone());
    match landing {
        Landing::Gate(edge) => {
            stage.highlight.drop_target = Some(edge.boundary);
            let (side, centre) = (edge.side, edge.pos);
            stage.ghosts.push(Ghost::Gate { component, side, centre, hides: None });
        }
        Landing::Flow(flow) => {
            stage.highlight.hovered = Some(flow);
            stage.ghosts.push(Ghost::Card { component, centre: at.snapped(SNAP) });
        }
        Landing::Inside(boundary) => {
            stage.highlight.drop_target = boundary;
            stage.ghosts.push(Ghost::Card { component, centre: at.snapped(SNAP) });
        }
    }
    None
}
