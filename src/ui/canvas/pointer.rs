//! The pointer: from press to click or drag, whatever tool is in hand.

use egui::{CursorIcon, InputOptions, Key, Modifiers, Painter, PointerButton, Pos2, Response, Ui};

use super::Canvas;
use super::handles::{AROUND, handle_at, handles, paint};
use super::picking::NEAR;
use super::tools::{After, Gesture, Grab, Stage, begin, is_box, place, resize_cursor};
use crate::editor::{Carried, Editor, NEW_BOUNDARY, PinTo, Tool};
use crate::model::Id;
use crate::scene::{Hit, Part, Pos, Rect, SNAP, hit};
use crate::ui::paint::Camera;

/// How far the pointer moves before a press is a drag.
const DRAGS: f32 = 4.0;
const DRAGS_BY_TOUCH: f32 = 8.0;
/// How long a finger rests until it opens the menu, in seconds.
const LONG_PRESS: f64 = 0.5;
/// How long the pointer rests on an element before handles show, in seconds.
const SETTLES: f64 = 0.15;
/// A boundary that is clicked rather than drawn.
const CLICKED: (f32, f32) = (320.0, 200.0);
/// How far from its source a component stands that its handle was clicked for.
const BESIDE: f32 = 120.0;

/// What the pointer is doing.
#[derive(Debug, Default)]
pub(super) enum Phase {
    #[default]
    Idle,
    /// A button is down, and may become a click or a drag.
    Pressed {
        button: PointerButton,
        at: Pos2,
        press: Pos,
        grab: Grab,
    },
    Dragging {
        gesture: Box<dyn Gesture>,
        press: Pos,
    },
    /// The view moves with the pointer.
    Panning {
        button: PointerButton,
    },
    /// Given up; until the button is up, nothing happens.
    Spent,
}

impl Canvas {
    pub(super) fn pointer(&mut self, ui: &Ui, response: &Response, editor: &mut Editor) {
        time_long_press(ui);
        if ui.input(|it| it.multi_touch().is_some()) {
            // A second finger moves the view instead.
            self.cancel_gesture(editor);
            return;
        }
        let (keys, pos) = ui.input(|it| (it.modifiers, it.pointer.interact_pos()));
        let over = response.hover_pos().filter(|_| response.contains_pointer());
        editor.shown.pointed = over.map(|it| self.camera.camera(self.area).to_world(it));
        if matches!(self.phase, Phase::Idle) {
            self.press(ui, response, editor);
        }
        if let Some(pos) = pos {
            self.maybe_drag(ui, editor, pos, keys);
            self.go_on(ui, editor, pos, keys);
        }
        self.clicks(ui, response, editor);
        self.release(ui, editor, keys);
        self.hover(ui, response, editor);
        self.cursor(ui, response, editor);
    }

    fn press(&mut self, ui: &Ui, response: &Response, editor: &Editor) {
        if !response.is_pointer_button_down_on() {
            return;
        }
        let pressed = [PointerButton::Primary, PointerButton::Secondary, PointerButton::Middle]
            .into_iter()
            .find(|button| ui.input(|it| it.pointer.button_pressed(*button)));
        let at = ui.input(|it| it.pointer.press_origin().or_else(|| it.pointer.interact_pos()));
        let Some((button, at)) = pressed.zip(at) else { return };
        self.camera.stop();
        response.request_focus();
        let holds_hand = editor.shown.tool == Tool::Hand || ui.input(|it| it.key_down(Key::Space));
        if button == PointerButton::Middle || (button == PointerButton::Primary && holds_hand) {
            self.menu = None;
            self.phase = Phase::Panning { button };
            return;
        }
        let camera = self.camera.camera(self.area);
        let is_touch = ui.input(|it| it.any_touches());
        let grab = self.grab(editor, &camera, at, is_touch);
        self.phase = Phase::Pressed { button, at, press: camera.to_world(at), grab };
    }

    /// What is at a position of the screen.
    fn grab(&self, editor: &Editor, camera: &Camera, at: Pos2, is_touch: bool) -> Grab {
        if let Some(handle) = handle_at(&self.handles, at, is_touch) {
            return handle.grab.clone();
        }
        if let Some(id) = self.picture.pin_at(editor, camera, at)
            && editor.model().comments().contains_key(&id)
        {
            return Grab::Pin(id);
        }
        match self.hit(editor, camera, at) {
            Some(hit) => Grab::Element(hit),
            None => Grab::Nothing,
        }
    }

    fn hit(&self, editor: &Editor, camera: &Camera, at: Pos2) -> Option<Hit> {
        let pinned = self.picture.pin_at(editor, camera, at).filter(|it| editor.model().has(it));
        if let Some(id) = pinned.or_else(|| self.picture.badge_at(editor, camera, at)) {
            let layout = editor.layout();
            let part = if layout.cards.contains_key(&id) {
                Part::Card
            } else if layout.gates.contains_key(&id) {
                Part::Gate
            } else if layout.flows.contains_key(&id) {
                Part::Label
            } else {
                Part::Border
            };
            return Some(Hit { id, part });
        }
        let hits = hit(editor.layout(), camera.to_world(at), NEAR / camera.zoom);
        hits.into_iter().find(|it| !self.picture.hides(editor, &it.id))
    }

    fn maybe_drag(&mut self, ui: &Ui, editor: &mut Editor, pos: Pos2, keys: Modifiers) {
        let Phase::Pressed { button, at, press, grab } = &self.phase else { return };
        let far = if ui.input(|it| it.any_touches()) { DRAGS_BY_TOUCH } else { DRAGS };
        if at.distance(pos) <= far {
            return;
        }
        let (button, press, grab) = (*button, *press, grab.clone());
        if button == PointerButton::Secondary {
            // It would stay where it was opened, while what it is about goes by below it.
            self.menu = None;
            self.phase = Phase::Panning { button };
            return;
        }
        let tool = editor.shown.tool.clone();
        let gesture = begin(&tool, &grab, &mut self.stage(editor, press, pos, keys));
        self.phase = match gesture {
            Some(gesture) => Phase::Dragging { gesture, press },
            None if matches!(tool, Tool::Place(_)) => return,
            None => Phase::Spent,
        };
    }

    fn stage<'a>(&'a mut self, editor: &'a mut Editor, press: Pos, pos: Pos2, keys: Modifiers) -> Stage<'a> {
        let camera = self.camera.camera(self.area);
        Stage {
            editor,
            highlight: &mut self.picture.highlight,
            overlay: &mut self.picture.overlay,
            ghosts: &mut self.picture.ghosts,
            room: &mut self.picture.room,
            press,
            at: camera.to_world(pos),
            keys,
            zoom: camera.zoom,
            seen: camera.viewport(),
        }
    }

    /// Lets the view or the gesture follow the pointer.
    fn go_on(&mut self, ui: &Ui, editor: &mut Editor, pos: Pos2, keys: Modifiers) {
        match &self.phase {
            Phase::Panning { .. } => self.camera.pan(ui.input(|it| it.pointer.delta())),
            Phase::Dragging { .. } => {
                self.scroll_at_edge(ui);
                let Phase::Dragging { mut gesture, press } = std::mem::take(&mut self.phase) else { return };
                gesture.go(&mut self.stage(editor, press, pos, keys));
                self.phase = Phase::Dragging { gesture, press };
            }
            _ => {}
        }
    }

    fn release(&mut self, ui: &Ui, editor: &mut Editor, keys: Modifiers) {
        let is_up =
            |button| ui.input(|it| it.pointer.button_released(button) || !it.pointer.button_down(button));
        match &self.phase {
            Phase::Idle => {}
            Phase::Panning { button } | Phase::Pressed { button, .. } => {
                if is_up(*button) {
                    self.phase = Phase::Idle;
                }
            }
            Phase::Spent => {
                if ui.input(|it| !it.pointer.any_down()) {
                    self.phase = Phase::Idle;
                }
            }
            Phase::Dragging { .. } => {
                if is_up(PointerButton::Primary) {
                    self.drop(ui, editor, keys);
                }
            }
        }
    }

    fn drop(&mut self, ui: &Ui, editor: &mut Editor, keys: Modifiers) {
        let Phase::Dragging { gesture, press } = std::mem::take(&mut self.phase) else { return };
        let Some(pos) = ui.input(|it| it.pointer.interact_pos().or_else(|| it.pointer.latest_pos())) else {
            return;
        };
        self.at_edge_since = None;
        let after = gesture.finish(&mut self.stage(editor, press, pos, keys));
        // What was shown of the gesture is an edit now.
        self.picture.begin(editor);
        match after {
            After::Nothing => {
                if matches!(editor.shown.tool, Tool::Boundary | Tool::Flow) {
                    editor.put_down_tool();
                }
            }
            After::Name(id) => {
                editor.put_down_tool();
                self.begin_rename(editor, &id);
            }
            After::Pick { from } => {
                editor.put_down_tool();
                let at = self.camera.camera(self.area).to_world(pos);
                self.open_picker(at, Some(from));
            }
        }
    }

    /// Gives up a gesture; returns whether there was one.
    pub(super) fn cancel_gesture(&mut self, editor: &mut Editor) -> bool {
        match std::mem::replace(&mut self.phase, Phase::Spent) {
            Phase::Dragging { gesture, .. } => {
                gesture.cancel(editor);
                self.picture.begin(editor);
                true
            }
            Phase::Panning { .. } => true,
            Phase::Idle => {
                self.phase = Phase::Idle;
                false
            }
            Phase::Pressed { .. } | Phase::Spent => false,
        }
    }

    fn clicks(&mut self, ui: &Ui, response: &Response, editor: &mut Editor) {
        if !matches!(self.phase, Phase::Idle | Phase::Pressed { .. }) {
            return;
        }
        let Some(pos) = response.interact_pointer_pos() else { return };
        if response.secondary_clicked() {
            self.secondary_click(ui, editor, pos);
            self.phase = Phase::Spent;
        } else if response.double_clicked() {
            self.double_click(editor, pos);
        } else if self.is_click(ui, response) {
            self.click(ui, editor, pos);
        }
    }

    /// A press that did not move, however long it was held.
    fn is_click(&self, ui: &Ui, response: &Response) -> bool {
        let is_held_long = matches!(self.phase, Phase::Pressed { button: PointerButton::Primary, .. })
            && ui.input(|it| it.pointer.primary_released());
        response.clicked() || is_held_long
    }

    fn click(&mut self, ui: &Ui, editor: &mut Editor, pos: Pos2) {
        let (keys, is_touch) = ui.input(|it| (it.modifiers, it.any_touches()));
        let camera = self.camera.camera(self.area);
        let at = camera.to_world(pos);
        let grab = match &self.phase {
            Phase::Pressed { grab, .. } => grab.clone(),
            _ => self.grab(editor, &camera, pos, is_touch),
        };
        if matches!(editor.shown.tool, Tool::Pointer | Tool::Comment)
            && let Some(id) = self.picture.pin_at(editor, &camera, pos)
        {
            editor.put_down_tool();
            editor.open_pin(&id);
            return;
        }
        if editor.shown.tool == Tool::Pointer
            && !(keys.shift || keys.command)
            && let Some(id) = self.picture.badge_at(editor, &camera, pos)
        {
            editor.select([id.clone()]);
            editor.seek_first_about(&id);
            return;
        }
        match (&editor.shown.tool.clone(), grab) {
            (Tool::Hand, _) => {}
            (Tool::Comment, Grab::Element(hit)) if hit.part != Part::Body => {
                editor.compose(PinTo::Element(hit.id));
            }
            (Tool::Comment, _) => editor.compose(PinTo::Point(at)),
            (Tool::Place(kind), _) => {
                let carried = Carried::Component { kind: kind.clone(), technology: String::new() };
                let new = place(&mut self.stage(editor, at, pos, keys), &carried, true);
                editor.put_down_tool();
                self.name_new(editor, new);
            }
            (Tool::Boundary, _) => {
                let corner = Pos::new(at.x - CLICKED.0 / 2.0, at.y - CLICKED.1 / 2.0).snapped(SNAP);
                let new = editor.add_boundary(NEW_BOUNDARY, Rect::at(corner, CLICKED.0, CLICKED.1));
                editor.put_down_tool();
                self.begin_rename(editor, &new);
            }
            (Tool::Flow, Grab::Element(hit)) if is_box(hit.part) => click_with_flow(editor, hit.id),
            (_, Grab::Connect(id)) => self.pick_beside(editor, &id, at),
            (_, Grab::Resize(..) | Grab::End(..) | Grab::Pin(_)) => {}
            (_, Grab::Element(hit)) => self.pick(editor, &camera, (pos, Some(&hit)), keys),
            (_, Grab::Nothing) => self.pick(editor, &camera, (pos, None), keys),
        }
    }

    /// Asks for what is to be connected, on the side whose handle was clicked.
    fn pick_beside(&mut self, editor: &Editor, id: &Id, at: Pos) {
        let Some(rect) = editor.layout().rect(id) else { return };
        let (side, _) = rect.nearest_side(at);
        let out = crate::scene::geometry::outwards(side);
        let far = if out.x == 0.0 { BESIDE } else { 1.6 * BESIDE };
        let to = rect.middle(side) + Pos::new(out.x * far, out.y * far);
        self.open_picker(to, Some(id.clone()));
    }

    fn double_click(&mut self, editor: &mut Editor, pos: Pos2) {
        if editor.shown.tool != Tool::Pointer {
            return;
        }
        let camera = self.camera.camera(self.area);
        match self.grab(editor, &camera, pos, false) {
            // As a folder opens. Its name is edited as all names are by keyboard.
            Grab::Element(hit) if editor.is_collapsed(&hit.id) => {
                editor.fold(&std::collections::BTreeSet::from([hit.id]), false);
            }
            Grab::End(flow, is_target) if editor.fixed_end(&flow, is_target).is_some() => {
                editor.float_end(&flow, is_target);
            }
            // What was put somewhere by hand is let go, as an end is.
            Grab::Element(hit) if hit.part == Part::Label && editor.has_put_label(&hit.id) => {
                editor.move_label(&hit.id, None);
            }
            Grab::Element(hit) if hit.part != Part::Body => {
                editor.select([hit.id.clone()]);
                self.begin_rename(editor, &hit.id);
            }
            Grab::Element(_) | Grab::Nothing => self.open_picker(camera.to_world(pos), None),
            _ => {}
        }
    }

    fn secondary_click(&mut self, ui: &Ui, editor: &mut Editor, pos: Pos2) {
        if editor.shown.presents {
            return;
        }
        let camera = self.camera.camera(self.area);
        let hit = self.hit(editor, &camera, pos);
        // A locked boundary is the ground for clicks, but this is the way to unlock it.
        let is_ground = hit.as_ref().is_none_or(|it| it.part == Part::Body);
        match hit {
            Some(hit) if editor.is_selected(&hit.id) => {}
            Some(hit) => editor.select([hit.id]),
            None => editor.clear_selection(),
        }
        self.open_menu(ui, pos, is_ground);
    }

    /// What is below the pointer while no button is down.
    fn hover(&mut self, ui: &Ui, response: &Response, editor: &mut Editor) {
        let (now, keys) = ui.input(|it| (it.time, it.modifiers));
        // While the view goes by below it, the pointer is at nothing.
        let is_still = matches!(self.phase, Phase::Idle) && !self.is_panning(now);
        let Some(pos) = response.hover_pos().filter(|_| is_still) else {
            self.hovered = None;
            return;
        };
        let camera = self.camera.camera(self.area);
        if let Tool::Place(kind) = editor.shown.tool.clone() {
            let carried = Carried::Component { kind, technology: String::new() };
            let at = camera.to_world(pos);
            place(&mut self.stage(editor, at, pos, keys), &carried, false);
            return;
        }
        let found = self.hit(editor, &camera, pos).filter(|it| it.part != Part::Body).map(|it| it.id);
        self.picture.highlight.hovered.clone_from(&found);
        let keeps = |id: &Id| {
            let rect = editor.layout().rect(id).filter(|_| !editor.layout().flows.contains_key(id));
            rect.is_some_and(|it| camera.rect_to_screen(it).expand(AROUND).contains(pos))
        };
        self.hovered = match (self.hovered.take(), found) {
            (Some((before, since)), Some(id)) if before == id => Some((id, since)),
            (_, Some(id)) => Some((id, now)),
            (Some((before, since)), None) if keeps(&before) => Some((before, since)),
            (_, None) => None,
        };
    }

    pub(super) fn handles_ui(&mut self, ui: &Ui, painter: &Painter, editor: &Editor, camera: &Camera) {
        let now = ui.input(|it| it.time);
        let is_shown = matches!(editor.shown.tool, Tool::Pointer | Tool::Flow)
            && matches!(self.phase, Phase::Idle | Phase::Pressed { .. })
            && editor.shown.carried.is_none()
            && self.rename.is_none()
            && self.quick.is_none();
        if !is_shown {
            self.handles.clear();
            return;
        }
        let settled = self.hovered.as_ref().filter(|it| {
            // What is selected needs no second thought.
            let left = if editor.is_selected(&it.0) { 0.0 } else { SETTLES - (now - it.1) };
            if left > 0.0 {
                ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(left));
            }
            left <= 0.0
        });
        let has_touch = ui.input(|it| it.has_touch_screen());
        let pointer = ui.input(|it| it.pointer.hover_pos()).filter(|it| self.area.contains(*it));
        self.handles = handles(editor, camera, (settled.map(|it| &it.0), pointer), has_touch);
        paint(painter, &self.handles, pointer);
    }

    fn cursor(&self, ui: &Ui, response: &Response, editor: &Editor) {
        let icon = match &self.phase {
            Phase::Dragging { gesture, .. } => gesture.cursor(),
            Phase::Panning { .. } => CursorIcon::Grabbing,
            _ if !response.contains_pointer() => return,
            _ if ui.input(|it| it.key_down(Key::Space)) => CursorIcon::Grab,
            _ => match &editor.shown.tool {
                Tool::Hand => CursorIcon::Grab,
                Tool::Boundary | Tool::Flow | Tool::Comment | Tool::Place(_) => CursorIcon::Crosshair,
                Tool::Pointer => {
                    let pos = ui.input(|it| it.pointer.hover_pos());
                    match pos.and_then(|at| handle_at(&self.handles, at, false)).map(|it| &it.grab) {
                        Some(Grab::Resize(_, pull)) => resize_cursor(*pull),
                        Some(_) => CursorIcon::Crosshair,
                        None => CursorIcon::Default,
                    }
                }
            },
        };
        ui.ctx().set_cursor_icon(icon);
    }

    /// Shows what comes from the palette, and takes it when it is let go.
    pub(super) fn carried(&mut self, ui: &Ui, response: &Response, editor: &mut Editor) {
        let Some(carried) = editor.shown.carried.clone() else { return };
        let (pos, keys, is_up) =
            ui.input(|it| (it.pointer.latest_pos(), it.modifiers, it.pointer.primary_released()));
        let Some(pos) = pos.filter(|it| self.area.contains(*it)) else { return };
        // A window may lie above the canvas.
        if ui.ctx().layer_id_at(pos).is_some_and(|it| it != response.layer_id) {
            return;
        }
        let at = self.camera.camera(self.area).to_world(pos);
        let new = place(&mut self.stage(editor, at, pos, keys), &carried, is_up);
        if is_up {
            editor.shown.carried = None;
            response.request_focus();
            self.picture.begin(editor);
            self.name_new(editor, new);
        } else {
            ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
        }
    }
}

/// A finger that rests opens the menu; a mouse has another button for it, and its clicks may be slow.
fn time_long_press(ui: &Ui) {
    let is_touch = ui.input(|it| it.any_touches());
    let secs = if is_touch { LONG_PRESS } else { InputOptions::default().max_click_duration };
    if ui.ctx().options(|it| it.input_options.max_click_duration) != secs {
        ui.ctx().options_mut(|it| it.input_options.max_click_duration = secs);
    }
}

/// The first click takes the source, the second one draws the flow.
fn click_with_flow(editor: &mut Editor, id: Id) {
    match editor.selected_one().cloned() {
        Some(from) if from != id && editor.connect(&from, &id).is_some() => editor.put_down_tool(),
        _ => editor.select([id]),
    }
}
