//! What is on the canvas, in words: for screen readers, and for tests that look for it by its name.

use egui::accesskit::{Action, Role};
use egui::{Rect, Response, Sense, Ui};

use super::Canvas;
use crate::editor::Editor;
use crate::model::{Id, counted};
use crate::scene::{Badge, Level};
use crate::tokens::size;
use crate::ui::paint::Camera;

impl Canvas {
    /// Adds a node for each element that is seen, if anybody listens.
    pub(super) fn access(&self, ui: &Ui, response: &Response, editor: &mut Editor, camera: &Camera) {
        let ctx = ui.ctx();
        let name = summary(editor);
        let listens = ctx.accesskit_node_builder(response.id, |node| {
            node.set_role(Role::Canvas);
            node.set_label(name);
            node.add_action(Action::Focus);
        });
        if listens.is_none() {
            return;
        }
        let mut clicked = None;
        for (id, rect) in self.seen(editor, camera) {
            let node_id = response.id.with(id.as_str());
            ui.interact(rect, node_id, Sense::hover());
            let label = label(editor, id, (self.picture.count(id), self.picture.messages(id)));
            let is_selected = editor.is_selected(id);
            ctx.accesskit_node_builder(node_id, |node| {
                node.set_role(Role::ListItem);
                node.set_label(label);
                node.set_selected(is_selected);
                node.add_action(Action::Click);
                node.set_bounds(bounds(rect));
            });
            if ui.input(|it| it.has_accesskit_action_request(node_id, Action::Click)) {
                clicked = Some(id.clone());
            }
        }
        if let Some(id) = clicked {
            editor.select([id]);
        }
        self.points_access(ui, response, editor, camera);
    }

    /// The pins of points; those of elements are told with them.
    fn points_access(&self, ui: &Ui, response: &Response, editor: &mut Editor, camera: &Camera) {
        let mut opened = None;
        for (id, at) in self.picture.points().filter(|it| self.area.contains(camera.to_screen(it.1))) {
            let node_id = response.id.with(("pin", id.as_str()));
            let rect = Rect::from_center_size(camera.to_screen(at), egui::Vec2::splat(size::HIT_TARGET));
            ui.interact(rect, node_id, Sense::hover());
            let label = editor.model().title(id);
            ui.ctx().accesskit_node_builder(node_id, |node| {
                node.set_role(Role::ListItem);
                node.set_label(label);
                node.add_action(Action::Click);
                node.set_bounds(bounds(rect));
            });
            if ui.input(|it| it.has_accesskit_action_request(node_id, Action::Click)) {
                opened = Some(id.clone());
            }
        }
        if let Some(id) = opened {
            editor.open_pin(&id);
        }
    }

    /// Elements in view, as one reads, and where each is to be pressed.
    fn seen<'e>(&self, editor: &'e Editor, camera: &Camera) -> Vec<(&'e Id, Rect)> {
        let layout = editor.layout();
        let boundaries = layout.boundaries.iter().map(|(id, it)| (id, it.title_rect));
        let cards = layout.cards.iter().map(|(id, it)| (id, it.rect));
        let gates = layout.gates.iter().map(|(id, it)| (id, it.rect));
        let flows = layout.flows.iter().map(|(id, it)| {
            let middle = crate::scene::geometry::point_at(&it.points, 0.5);
            let pill = it.label.as_ref().filter(|it| it.fits).map(|it| it.rect);
            (id, pill.unwrap_or_else(|| crate::scene::Rect::centred(middle, size::SPACE_4, size::SPACE_4)))
        });
        let all = boundaries.chain(cards).chain(gates).chain(flows);
        let all = all.filter(|it| !self.picture.hides(editor, it.0));
        let on_screen = all.map(|(id, rect)| (id, camera.rect_to_screen(rect)));
        on_screen.filter(|it| self.area.intersects(it.1)).collect()
    }
}

fn bounds(rect: Rect) -> egui::accesskit::Rect {
    let Rect { min, max } = rect;
    egui::accesskit::Rect { x0: min.x.into(), y0: min.y.into(), x1: max.x.into(), y1: max.y.into() }
}

fn summary(editor: &Editor) -> String {
    let model = editor.model();
    let count = |n: usize, one: &str, many: &str| format!("{n} {}", if n == 1 { one } else { many });
    format!(
        "Canvas, {}, {}, {}",
        count(model.components().len(), "component", "components"),
        count(model.flows().len(), "flow", "flows"),
        count(model.boundaries().len(), "boundary", "boundaries"),
    )
}

/// `Load balancers, load balancer, 2 findings`.
fn label(editor: &Editor, id: &Id, (badge, messages): (Option<Badge>, u32)) -> String {
    let model = editor.model();
    let mut label = match model.flow(id) {
        Some(it) => {
            let protocol = if it.protocol.is_empty() { "flow" } else { it.protocol.as_str() };
            let locked = if editor.is_locked(id) { ", locked" } else { "" };
            format!("{} to {}, {protocol}{locked}", model.title(&it.from), model.title(&it.to))
        }
        None => editor.element_in_words(id),
    };
    if let Some(Badge { level, count }) = badge {
        let what = if level == Level::Question { "question" } else { "finding" };
        label.push_str(&format!(", {}", counted(count as usize, what)));
    }
    if messages > 0 {
        label.push_str(&format!(", {}", counted(messages as usize, "comment")));
    }
    label
}
