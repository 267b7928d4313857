//! What a drag does: one file a gesture, and what they share.
//!
//! A gesture never edits while it goes on: it fills [`Highlight`] and [`Overlay`], and makes one edit when it ends. One
//! that is given up leaves nothing behind.

mod bend;
mod boundary;
mod connect;
mod gate;
mod label;
mod marquee;
mod moving;
mod pin;
mod place;
mod resize;
mod room;

use std::collections::BTreeSet;

use egui::{CursorIcon, Modifiers};

use crate::editor::{Editor, LastRoom, Tool, may_be_gate};
use crate::model::{BorderPoint, Component, Id, Kind, Side};
use crate::scene::geometry::is_level;
use crate::scene::{Highlight, Hit, Overlay, Part, Pos, Rect};

pub(super) use place::place;
pub(super) use resize::resize_cursor;

/// How near, on the screen, an edge of a boundary has to be for a gate to settle on it.
const EDGE: f32 = 14.0;
/// How near, on the screen, a line has to be for something to be put into it.
const NEAR_LINE: f32 = 6.0;
/// How near, on the screen, an end has to be let go to a border to be fixed there, and to its middle to be in it.
const FIXES: f32 = 8.0;
/// No end is fixed nearer to a corner: it is round.
const CORNERS: f32 = 8.0;

/// What a gesture works on: the editor, where the pointer is, and what is shown of it.
pub(super) struct Stage<'a> {
    pub(super) editor: &'a mut Editor,
    pub(super) highlight: &'a mut Highlight,
    pub(super) overlay: &'a mut Overlay,
    pub(super) ghosts: &'a mut Vec<Ghost>,
    /// The room that the last frame made in a flow.
    pub(super) room: &'a mut LastRoom,
    /// Where the button went down, in the world.
    pub(super) press: Pos,
    /// Where the pointer is, in the world.
    pub(super) at: Pos,
    pub(super) keys: Modifiers,
    pub(super) zoom: f32,
    /// The part of the world that is seen.
    pub(super) seen: Rect,
}

/// What is shown though it is not there yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ghost {
    /// A component as a card, with its centre there. `hides` is the element that it stands for.
    Card { component: Component, centre: Pos, hides: Option<Id> },
    /// A component as a gate, in the middle of a side there.
    Gate { component: Component, side: Side, centre: Pos, hides: Option<Id> },
    /// An element where it is shown, above all else: lines and pills lie over cards.
    Above(Id),
    /// Copies of elements, that far away from them.
    Copies { ids: BTreeSet<Id>, by: Pos },
}

/// What is to be done when a gesture has ended.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum After {
    Nothing,
    /// Ask for the name of what was made.
    Name(Id),
    /// Ask which kind of component to add, and draw a flow to it.
    Pick {
        from: Id,
    },
}

/// A drag that is under way.
pub(super) trait Gesture: std::fmt::Debug {
    /// The pointer moved, or a key that matters went down or up.
    fn go(&mut self, stage: &mut Stage<'_>);
    /// The button is up: the edit.
    fn finish(self: Box<Self>, stage: &mut Stage<'_>) -> After;
    /// Given up: takes back what is not in highlight and overlay.
    fn cancel(&self, _editor: &mut Editor) {}
    fn cursor(&self) -> CursorIcon;
}

/// What was pressed on.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Grab {
    Nothing,
    Element(Hit),
    /// A handle of the selected element: which way it pulls, -1 to 1 for each axis.
    Resize(Id, (i8, i8)),
    /// The handle from which a flow is pulled.
    Connect(Id),
    /// An end of the selected flow; `true` for its target.
    End(Id, bool),
    /// The pin of a thread at a point.
    Pin(Id),
}

/// Begins the gesture of a tool on what was pressed on; none if a drag does nothing there.
pub(super) fn begin(tool: &Tool, grab: &Grab, stage: &mut Stage<'_>) -> Option<Box<dyn Gesture>> {
    match tool {
        Tool::Pointer => begin_with_pointer(grab, stage),
        Tool::Boundary => Some(Box::new(boundary::Drawing)),
        Tool::Flow => match grab {
            Grab::Element(hit) if stage.editor.can_end(&hit.id) => {
                Some(Box::new(connect::Connecting::from(hit.id.clone())))
            }
            Grab::Connect(id) => Some(Box::new(connect::Connecting::from(id.clone()))),
            _ => None,
        },
        Tool::Hand | Tool::Comment | Tool::Place(_) => None,
    }
}

fn begin_with_pointer(grab: &Grab, stage: &mut Stage<'_>) -> Option<Box<dyn Gesture>> {
    if stage.keys.command && stage.keys.alt && stage.keys.shift {
        return room::MakingRoom::of(stage).map(boxed);
    }
    let hit = match grab {
        Grab::Resize(id, pull) => return resize::Resizing::of(stage, id, *pull).map(boxed),
        Grab::Connect(id) => return Some(Box::new(connect::Connecting::from(id.clone()))),
        Grab::End(flow, is_target) => return connect::Connecting::end(stage, flow, *is_target).map(boxed),
        Grab::Pin(id) => return Some(Box::new(pin::Pinning::of(id.clone()))),
        Grab::Nothing => return Some(Box::new(marquee::Marquee::of(stage))),
        Grab::Element(hit) if hit.part == Part::Body => return Some(Box::new(marquee::Marquee::of(stage))),
        // Nothing there can be dragged, so what is behind it is meant.
        Grab::Element(hit) if stage.editor.is_locked(&hit.id) || stage.editor.is_layout_locked() => {
            if stage.editor.is_layout_locked() {
                stage.editor.say_what_holds(&hit.id);
            }
            return Some(Box::new(marquee::Marquee::of(stage)));
        }
        Grab::Element(hit) => hit,
    };
    if !stage.editor.is_selected(&hit.id) {
        stage.editor.select([hit.id.clone()]);
    }
    match hit.part {
        Part::Label => label::Labelling::of(stage, &hit.id).map(boxed),
        Part::Line => bend::Bending::of(stage, &hit.id).map(boxed),
        Part::Gate if stage.editor.selected_one().is_some() => gate::Sliding::of(stage, &hit.id).map(boxed),
        _ => {
            let moving = moving::Moving::of(stage, &hit.id);
            if moving.is_none() {
                stage.editor.say_what_holds(&hit.id);
            }
            moving.map(boxed)
        }
    }
}

fn boxed<G: Gesture + 'static>(gesture: G) -> Box<dyn Gesture> {
    Box::new(gesture)
}

/// Whether it is a card or a gate.
pub(super) fn is_box(part: Part) -> bool {
    matches!(part, Part::Card | Part::Gate)
}

/// The deepest boundary at a position, leaving out some.
fn boundary_at(editor: &Editor, at: Pos, except: &BTreeSet<Id>) -> Option<Id> {
    let boxes = editor.layout().boundaries.iter();
    let here =
        boxes.filter(|(id, it)| it.rect.contains(at) && !except.contains(*id) && !editor.is_hidden(id));
    here.max_by_key(|(id, it)| (it.depth, it.order, std::cmp::Reverse((*id).clone())))
        .map(|(id, _)| id.clone())
}

/// The edge of a boundary near a position, and where on it: for gates.
fn edge_at(editor: &Editor, at: Pos, zoom: f32, except: &BTreeSet<Id>) -> Option<Edge> {
    let near = EDGE / zoom;
    let boxes = editor.layout().boundaries.iter();
    let boxes = boxes.filter(|it| !except.contains(it.0) && !editor.is_hidden(it.0));
    let on_edge =
        boxes.filter(|(_, it)| it.rect.grown(near).contains(at) && !it.rect.grown(-near).contains(at));
    let (id, it) = on_edge.max_by_key(|(id, it)| (it.depth, it.order, std::cmp::Reverse((*id).clone())))?;
    let (side, offset) = it.rect.nearest_side(at);
    Some(Edge { boundary: id.clone(), side, offset, pos: on_side(&it.rect, side, offset) })
}

/// A place on the edge of a boundary.
#[derive(Debug, Clone, PartialEq)]
struct Edge {
    boundary: Id,
    side: Side,
    offset: f32,
    pos: Pos,
}

fn on_side(rect: &Rect, side: Side, offset: f32) -> Pos {
    let (low, high) = rect.span(side);
    rect.on_side(side, low + (high - low) * offset)
}

/// Where a component of a kind would land.
#[derive(Debug, Clone, PartialEq)]
enum Landing {
    Gate(Edge),
    /// In the middle of a flow, which it splits.
    Flow(Id),
    /// In a boundary, or in none.
    Inside(Option<Id>),
}

fn landing(editor: &Editor, kind: &Kind, at: Pos, zoom: f32) -> Landing {
    if may_be_gate(kind)
        && let Some(edge) = edge_at(editor, at, zoom, &BTreeSet::new())
    {
        return Landing::Gate(edge);
    }
    match flow_at(editor, at, zoom, None).filter(|_| kind.family != crate::model::Family::Note) {
        Some(flow) => Landing::Flow(flow),
        None => Landing::Inside(boundary_at(editor, at, &BTreeSet::new())),
    }
}

/// The flow that something would be put into at a position: it is what lies there in front, but for one element.
fn flow_at(editor: &Editor, at: Pos, zoom: f32, except: Option<&Id>) -> Option<Id> {
    let mut hits = crate::scene::hit(editor.layout(), at, NEAR_LINE / zoom).into_iter();
    let first = hits.find(|it| !editor.is_hidden(&it.id) && Some(&it.id) != except)?;
    let is_flow = matches!(first.part, Part::Line | Part::Label);
    (is_flow && !editor.is_locked(&first.id)).then_some(first.id)
}

/// The card whose border is near the pointer though it is beside it.
fn card_beside(stage: &Stage<'_>) -> Option<Id> {
    let layout = stage.editor.layout();
    let near = Rect { min: stage.at, max: stage.at }.grown(FIXES / stage.zoom);
    let is_shown = |it: &Id| layout.cards.contains_key(it) && !stage.editor.is_hidden(it);
    let cards = crate::scene::inside(layout, &near, false).into_iter().filter(is_shown);
    let away = |it: &Id| layout.cards.get(it).map_or(f32::INFINITY, |it| it.rect.distance(stage.at));
    cards.min_by(|a, b| away(a).total_cmp(&away(b)))
}

/// Where on the border of a card the pointer is; none if it is not near the border, or if Control says that it is to
/// float.
fn border_point(stage: &Stage<'_>, id: &Id) -> Option<BorderPoint> {
    let rect = stage.editor.layout().cards.get(id).filter(|_| !stage.keys.command)?.rect;
    // Of a card that is small on the screen, the middle is still the whole of it.
    let near = (FIXES / stage.zoom).min(rect.width().min(rect.height()) / 4.0);
    let is_near = rect.grown(FIXES / stage.zoom).contains(stage.at) && !rect.grown(-near).contains(stage.at);
    is_near.then(|| on_border(&rect, stage.at, FIXES / stage.zoom))
}

/// The point of a border that is nearest to a position; the middle of a side draws it.
fn on_border(rect: &Rect, at: Pos, near: f32) -> BorderPoint {
    let (side, _) = rect.nearest_side(at);
    let (low, high) = rect.span(side);
    let along = if is_level(side) { at.x } else { at.y };
    let (middle, corner) = (low.midpoint(high), CORNERS.min((high - low) / 4.0));
    let along =
        if (along - middle).abs() <= near { middle } else { along.clamp(low + corner, high - corner) };
    BorderPoint::new(side, (along - low) / (high - low).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_keeps_from_corners_and_the_middle_draws_it() {
        let rect = Rect::new(0.0, 0.0, 200.0, 60.0);
        let at = |x, y| on_border(&rect, Pos::new(x, y), 8.0);
        assert_eq!(at(50.0, 1.0), BorderPoint::new(Side::Top, 0.25));
        assert_eq!(at(95.0, 59.0), BorderPoint::new(Side::Bottom, 0.5));
        assert_eq!(at(203.0, 2.0), BorderPoint::new(Side::Right, 8.0 / 60.0));
    }
}
