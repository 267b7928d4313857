//! One row of the outline: how deep, what it is, what is wrong with it.

use egui::accesskit::{Action, Role};
use egui::{
    Align2, Frame, Id, Key, Modifiers, Pos2, Rect, Response, Sense, Stroke, StrokeKind, TextEdit, Ui,
    UiBuilder, Vec2, WidgetInfo, pos2,
};

use super::Rename;
use crate::editor::{Editor, Node, Row};
use crate::scene::CardIcon;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::panels::{family_ink, severity_ink};
use crate::ui::theme;
use crate::ui::widgets::{focus_ring, select_all};

/// How far a level is indented, and how many are.
const INDENT: f32 = 14.0;
const LEVELS: usize = 10;

/// How a row is shown.
pub(super) struct Look<'a> {
    pub(super) id: Id,
    /// It has the keyboard, or had it last: the Tab key stops at it.
    pub(super) is_at: bool,
    pub(super) is_selected: bool,
    /// What is dragged would come into it.
    pub(super) is_target: bool,
    pub(super) rename: Option<&'a mut Rename>,
}

/// What was done to it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Act {
    /// Show what is below it, or hide that.
    Fold(bool),
    Press {
        toggles: bool,
        extends: bool,
    },
    Rename,
    /// Its name was edited; none if that was given up.
    Renamed(Option<String>),
    Menu(Pos2),
    Drag,
}

/// Shows it in `rect`.
pub(super) fn ui(ui: &mut Ui, editor: &Editor, rect: Rect, row: &Row, look: Look<'_>) -> Option<Act> {
    let stop = if look.is_at { Sense::FOCUSABLE } else { Sense::HOVER };
    let response = ui.interact(rect, look.id, Sense::CLICK | Sense::DRAG | stop);
    let fold_rect = fold_rect(rect, row);
    let fold = row.is_open.map(|_| ui.interact(fold_rect, look.id.with("fold"), Sense::CLICK));
    say(ui, editor, &response, row, &look);
    let mut act = asked(ui, &response, row);
    if fold.as_ref().is_some_and(Response::clicked) {
        act = row.is_open.map(|it| Act::Fold(!it));
    }
    if !ui.is_rect_visible(rect) {
        return act;
    }
    let fill = match (look.is_selected, response.hovered()) {
        (true, _) => Some(theme::tint(ui.ctx(), Ink::Panel, Ink::Accent, TINT)),
        (false, true) => Some(theme::tint(ui.ctx(), Ink::Panel, Ink::Text, theme::HOVER / 2.0)),
        _ => None,
    };
    if let Some(fill) = fill {
        ui.painter().rect_filled(rect, 0.0, fill);
    }
    if look.is_target {
        let stroke = Stroke::new(size::STROKE_SELECTED, theme::colour(ui.ctx(), Ink::Accent));
        ui.painter().rect_stroke(rect.shrink(1.0), size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
    }
    if let Some(is_open) = row.is_open {
        let ink = if fold.is_some_and(|it| it.hovered()) { Ink::Text } else { Ink::Muted };
        let mark = Rect::from_center_size(fold_rect.center(), Vec2::splat(size::ICON_SMALL - 2.0));
        let icon = if is_open { "chevron-down" } else { "chevron-right" };
        theme::icon(ui.painter(), mark, icon, theme::colour(ui.ctx(), ink));
    }
    let left = icon_ui(ui, editor, fold_rect.right() + 2.0, rect, row);
    match look.rename {
        Some(rename) => act = rename_ui(ui, left, rect, rename).or(act),
        None => text_ui(ui, editor, (left, rect), row, look.is_selected),
    }
    focus_ring(ui, &response);
    if response.hovered() {
        // The panel is narrow: whatever is cut is read here.
        response.on_hover_text(editor.outline_in_words(row));
    }
    act
}

fn fold_rect(rect: Rect, row: &Row) -> Rect {
    let indent = INDENT * (row.level - 1).min(LEVELS) as f32;
    let left = rect.left() + size::SPACE_6 + indent;
    Rect::from_min_max(pos2(left, rect.top()), pos2(left + size::ICON, rect.bottom()))
}

/// What screen readers are told.
fn say(ui: &Ui, editor: &Editor, response: &Response, row: &Row, look: &Look<'_>) {
    response.widget_info(|| WidgetInfo::labeled(Role::TreeItem, true, editor.outline_in_words(row)));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_level(row.level);
        node.set_position_in_set(row.place.0 - 1);
        node.set_size_of_set(row.place.1);
        node.set_selected(look.is_selected);
        node.add_action(Action::Focus);
        node.add_action(Action::ShowContextMenu);
        if let Some(is_open) = row.is_open {
            node.set_expanded(is_open);
            node.add_action(if is_open { Action::Collapse } else { Action::Expand });
        }
    });
}

/// What the pointer or a screen reader asks for.
fn asked(ui: &Ui, response: &Response, row: &Row) -> Option<Act> {
    let wants = |action| ui.input(|it| it.has_accesskit_action_request(response.id, action));
    if wants(Action::Expand) || wants(Action::Collapse) {
        return row.is_open.map(|it| Act::Fold(!it));
    }
    if wants(Action::ShowContextMenu) {
        return Some(Act::Menu(response.rect.left_center()));
    }
    if response.secondary_clicked() {
        let at = response.interact_pointer_pos().unwrap_or_else(|| response.rect.left_center());
        return Some(Act::Menu(at));
    }
    if response.double_clicked() {
        return Some(Act::Rename);
    }
    if response.drag_started() {
        return Some(Act::Drag);
    }
    let keys = ui.input(|it| it.modifiers);
    response.clicked().then_some(Act::Press { toggles: keys.command, extends: keys.shift })
}

/// What it is, as a mark; returns where the text begins.
fn icon_ui(ui: &Ui, editor: &Editor, left: f32, rect: Rect, row: &Row) -> f32 {
    let model = editor.model();
    let (icon, ink) = match &row.node {
        Node::Element(id) => {
            let family = model.component(id).map(|it| family_ink(it.kind().family));
            let icon = CardIcon::of_element(model, id);
            (icon.unwrap_or_else(|| CardIcon::bundled("circle-help")), family.unwrap_or(Ink::Muted))
        }
        Node::Flow { .. } => return left,
        Node::Finding { key, .. } => {
            let severity = editor.report().finding(key).map(|it| it.severity);
            (CardIcon::bundled("triangle-alert"), severity.map_or(Ink::Muted, severity_ink))
        }
    };
    let square = Rect::from_center_size(
        pos2(left + size::ICON_SMALL / 2.0, rect.center().y),
        Vec2::splat(size::ICON_SMALL),
    );
    theme::picture(ui.painter(), square, &icon, theme::colour(ui.ctx(), ink));
    square.right() + size::SPACE_6
}

/// The name; quietly behind it, where there is room, what else is to be said; at the end, how much is wrong.
fn text_ui(ui: &Ui, editor: &Editor, (left, rect): (f32, Rect), row: &Row, is_selected: bool) {
    let (name, note) = editor.outline_text(&row.node);
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let middle = rect.center().y;
    // Where the field above ends, too.
    let mut right = rect.right() - size::SPACE_14;
    if let (Some((worst, count)), false) = (row.findings, matches!(row.node, Node::Finding { .. })) {
        let (face, text) = (Face::SansSemibold, count.to_string());
        let width = (face.width(size::TYPE_11, &text) + 2.0 * size::SPACE_6).max(size::BADGE_HEIGHT);
        let pill = Rect::from_min_max(
            pos2(right - width, middle - size::BADGE_HEIGHT / 2.0),
            pos2(right, middle + size::BADGE_HEIGHT / 2.0),
        );
        painter.rect_filled(pill, size::BADGE_HEIGHT / 2.0, theme::colour(ctx, severity_ink(worst)));
        let font = theme::font(face, size::TYPE_11);
        painter.text(pill.center(), Align2::CENTER_CENTER, text, font, theme::colour(ctx, Ink::OnAccent));
        right = pill.left() - size::SPACE_6;
    }
    let is_finding = matches!(row.node, Node::Finding { .. });
    let face = if matches!(row.node, Node::Element(_)) { Face::SansMedium } else { Face::Sans };
    // How bad a finding is has to be read; what a flow speaks gives way to its name.
    let note_width = Face::Sans.width(size::TYPE_11, &note) + size::SPACE_6;
    let kept = if is_finding { note_width + size::SPACE_6 } else { 0.0 };
    let shown = face.elide(size::TYPE_12, &name, right - left - kept + 1.0);
    let is_drawn = match &row.node {
        Node::Element(id) => editor.is_shown(id),
        _ => true,
    };
    let ink = if is_drawn { Ink::Text } else { Ink::Muted };
    let font = theme::font(face, size::TYPE_12);
    painter.text(pos2(left, middle), Align2::LEFT_CENTER, &*shown, font, theme::colour(ctx, ink));
    let room = right - left - face.width(size::TYPE_12, &shown) - size::SPACE_6;
    if note.is_empty() || room < note_width.min(48.0) {
        return;
    }
    let font = theme::font(Face::Sans, size::TYPE_11);
    let ink = match &row.node {
        Node::Finding { key, .. } => {
            editor.report().finding(key).map_or(Ink::Muted, |it| severity_ink(it.severity))
        }
        _ => Ink::Muted,
    };
    let note = Face::Sans.elide(size::TYPE_11, &note, room + 1.0);
    let colour = if is_selected { theme::on_tint(ctx, ink) } else { theme::colour(ctx, ink) };
    painter.text(pos2(right, middle), Align2::RIGHT_CENTER, &*note, font, colour);
}

/// The field of its name: Enter or a click elsewhere takes it, Esc does not.
fn rename_ui(ui: &mut Ui, left: f32, rect: Rect, rename: &mut Rename) -> Option<Act> {
    let is_cancelled = ui.input_mut(|it| it.consume_key(Modifiers::NONE, Key::Escape));
    let room = Rect::from_min_max(
        pos2(left - size::SPACE_4, rect.top() + 1.0),
        pos2(rect.right() - size::SPACE_6, rect.bottom() - 1.0),
    );
    let frame = Frame::new()
        .fill(theme::colour(ui.ctx(), Ink::Raised))
        .stroke(Stroke::new(size::STROKE_SELECTED, theme::colour(ui.ctx(), Ink::Accent)))
        .corner_radius(4.0);
    let done = ui.scope_builder(UiBuilder::new().max_rect(room).id_salt("rename"), |ui| {
        let field = TextEdit::singleline(&mut rename.text)
            .font(theme::font(Face::SansMedium, size::TYPE_12))
            .hint_text("Name")
            .frame(frame)
            .desired_width(room.width())
            .min_size(room.size());
        let response = ui.add(field);
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_label("Name"));
        if std::mem::take(&mut rename.is_new) {
            response.request_focus();
            select_all(ui, &response, &rename.text);
            return false;
        }
        response.lost_focus()
    });
    if is_cancelled {
        return Some(Act::Renamed(None));
    }
    done.inner.then(|| Act::Renamed(Some(rename.text.clone())))
}
