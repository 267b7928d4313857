//! Placing a new component: by a click with its tool in hand, or by dropping it from the palette.

use super::{Ghost, Landing, Stage, landing};
use crate::editor::{Carried, Editor, NEW_BOUNDARY};
use crate::model::{Id, Kind};
use crate::scene::{Pos, Rect, SNAP};

/// The size of a boundary that is dropped rather than drawn.
const DROPPED: (f32, f32) = (320.0, 200.0);

/// Shows where what is carried would land; with `is_dropped`, puts it there.
pub(in super::super) fn place(stage: &mut Stage<'_>, carried: &Carried, is_dropped: bool) -> Option<Id> {
    match carried {
        Carried::Component { kind, technology } => component(stage, kind, technology, is_dropped),
        Carried::Boundary(kind) => boundary(stage, kind, is_dropped),
    }
}

fn component(stage: &mut Stage<'_>, slug: &str, technology: &str, is_dropped: bool) -> Option<Id> {
    let (at, editor) = (stage.at, &mut *stage.editor);
    let landing = landing(editor, Kind::of(slug), at, stage.zoom);
    if is_dropped {
        return Some(match landing {
            Landing::Gate(it) => editor.place_gate((slug, technology), &it.boundary, (it.side, it.offset)),
            Landing::Flow(flow) => editor.place_into_flow((slug, technology), &flow, at),
            Landing::Inside(_) => editor.place_component(slug, technology, at),
        });
    }
    let component = Editor::sketch(slug, technology);
    let ghost = match landing {
        Landing::Gate(edge) => {
            stage.highlight.drop_target = Some(edge.boundary);
            Ghost::Gate { component, side: edge.side, centre: edge.pos, hides: None }
        }
        Landing::Flow(flow) => {
            let between = editor.between((slug, technology), &flow, at, stage.room);
            if let Some(it) = &between {
                *stage.overlay = it.with_room();
            }
            stage.highlight.hovered = Some(flow);
            let centre = between.map_or_else(|| at.snapped(SNAP), |it| it.centre);
            Ghost::Card { component, centre, hides: None }
        }
        Landing::Inside(boundary) => {
            stage.highlight.drop_target = boundary;
            Ghost::Card { component, centre: at.snapped(SNAP), hides: None }
        }
    };
    stage.ghosts.push(ghost);
    None
}

fn boundary(stage: &mut Stage<'_>, kind: &str, is_dropped: bool) -> Option<Id> {
    let corner = Pos::new(stage.at.x - DROPPED.0 / 2.0, stage.at.y - DROPPED.1 / 2.0).snapped(SNAP);
    let rect = Rect::at(corner, DROPPED.0, DROPPED.1);
    if is_dropped {
        let kind = if kind.is_empty() { NEW_BOUNDARY } else { kind };
        return Some(stage.editor.add_boundary(kind, rect));
    }
    stage.highlight.marquee = Some(rect);
    None
}
