//! The menu of the right button: the commands that apply to what is below the pointer.

use egui::{Align2, EventFilter, Key, Modifiers, PopupKind};
use egui::{Id as UiId, Popup, PopupCloseBehavior, Pos2, Rect, Role, Sense, Ui, Vec2, WidgetInfo};

use super::Canvas;
use crate::editor::{Command, Editor, PinTo, command};
use crate::tokens::{Face, Ink, size};
use crate::ui::paint::Camera;
use crate::ui::theme;

const WIDTH: f32 = 272.0;

/// Commands on elements, by group; those that do not apply are left out.
const ON_ELEMENTS: &[&[&str]] = &[
    &[
        "edit.rename",
        "edit.icon",
        "edit.flow-to",
        "edit.insert",
        "edit.flow-start",
        "edit.flow-end",
        "arrange.move-into",
        "arrange.make-gate",
        "arrange.take-off-gate",
        "arrange.enclose",
        "arrange.dissolve",
        "arrange.collapse",
        "arrange.expand",
        "arrange.layout",
        "arrange.reset-route",
        "arrange.fix-ends",
        "arrange.float-ends",
        "arrange.reset-label",
        "arrange.lock",
    ],
    &[
        "arrange.align-left",
        "arrange.align-centre",
        "arrange.align-right",
        "arrange.align-top",
        "arrange.align-middle",
        "arrange.align-bottom",
        "arrange.distribute-across",
        "arrange.distribute-down",
    ],
    &["arrange.confirm-pool", "arrange.separate-pool", "arrange.confirm-gate"],
    &["edit.comment", "edit.cut", "edit.copy", "edit.paste", "edit.duplicate"],
    &["edit.select-same-kind", "edit.select-same-finding", "view.fit-selection"],
    &["edit.delete"],
];
/// Commands where nothing is.
const ON_GROUND: &[&[&str]] = &[
    &["view.boundary", "view.note"],
    &["edit.paste", "edit.select-all", "arrange.layout", "arrange.unlock-all"],
    &["view.fit", "view.zoom-reset", "view.snap", "view.lock-layout"],
];

/// The menu that is open: where on the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Menu {
    at: Pos2,
    /// Nothing but the area of a boundary, or nothing at all, is there.
    is_ground: bool,
    /// What had the keyboard before, and has it again afterwards.
    before: Option<UiId>,
    /// It was opened by a key: its first line takes the focus.
    is_by_key: bool,
}

impl Canvas {
    /// Opens the menu of what is selected; on the ground, something can be put there, too.
    pub(super) fn open_menu(&mut self, ui: &Ui, at: Pos2, is_ground: bool) {
        let before = ui.memory(|it| it.focused());
        let is_by_key = !ui.input(|it| it.pointer.any_down() || it.pointer.any_released());
        self.menu = Some(Menu { at, is_ground, before, is_by_key });
    }

    pub(super) fn menu_ui(&mut self, ui: &Ui, editor: &mut Editor, camera: &Camera) {
        let Some(menu) = self.menu else { return };
        let Menu { at, is_ground, before, is_by_key } = menu;
        let mut is_open = true;
        let (mut adds, mut comments) = (false, false);
        let mut lines: Vec<UiId> = Vec::new();
        Popup::new(UiId::unique("canvas-menu"), ui.ctx().clone(), at, ui.layer_id())
            .kind(PopupKind::Menu)
            .open_bool(&mut is_open)
            .close_behavior(PopupCloseBehavior::CloseOnClick)
            .width(WIDTH)
            .show(|ui| {
                ui.set_width(WIDTH);
                ui.spacing_mut().item_spacing.y = 0.0;
                let groups = if editor.selection().is_empty() { ON_GROUND } else { ON_ELEMENTS };
                if is_ground {
                    adds = entry(ui, "plus", "Add a component…", "", &mut lines).clicked();
                    comments = entry(ui, "message-square", "Comment here…", "", &mut lines).clicked();
                }
                for (n, group) in groups.iter().enumerate() {
                    let rows: Vec<&Command> =
                        group.iter().filter_map(|it| command(it)).filter(|it| (it.when)(editor)).collect();
                    if (n > 0 || is_ground && !editor.selection().is_empty()) && !rows.is_empty() {
                        ui.separator();
                    }
                    for row in rows {
                        let keys = editor.keys_of(row);
                        if entry(ui, row.icon, row.label_now(editor), &keys, &mut lines).clicked() {
                            editor.run(row.id);
                        }
                    }
                }
            });
        let is_in_it = |ui: &Ui| ui.memory(|it| it.focused()).is_some_and(|it| lines.contains(&it));
        if !is_open {
            self.menu = None;
            // Esc takes the focus off whatever has it.
            let is_free = ui.memory(|it| it.focused()).is_none_or(|it| lines.contains(&it));
            if let Some(before) = before.filter(|_| is_free) {
                ui.memory_mut(|it| it.request_focus(before));
            }
        } else if is_by_key {
            // It is not there for the focus before it has been shown.
            let first = lines.first().copied().filter(|_| !is_in_it(ui));
            first.iter().for_each(|first| ui.memory_mut(|it| it.request_focus(*first)));
            self.menu = Some(Menu { is_by_key: first.is_some(), ..menu });
        } else {
            walk(ui, &lines);
        }
        if comments {
            editor.compose(PinTo::Point(camera.to_world(at)));
        }
        if adds {
            self.open_picker(camera.to_world(at), None);
        }
    }
}

/// The arrow keys lead from line to line, and round.
fn walk(ui: &Ui, lines: &[UiId]) {
    let Some(focused) = ui.memory(|it| it.focused()) else { return };
    let Some(at) = lines.iter().position(|it| *it == focused) else { return };
    let arrows = EventFilter { vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|it| it.set_focus_lock_filter(focused, arrows));
    let pressed = |key| ui.input_mut(|it| it.consume_key(Modifiers::NONE, key));
    let count = lines.len();
    let to = if pressed(Key::ArrowDown) {
        (at + 1) % count
    } else if pressed(Key::ArrowUp) {
        (at + count - 1) % count
    } else if pressed(Key::Home) {
        0
    } else if pressed(Key::End) {
        count - 1
    } else {
        return;
    };
    if let Some(line) = lines.get(to) {
        ui.memory_mut(|it| it.request_focus(*line));
    }
}

fn entry(ui: &mut Ui, icon: &str, label: &str, keys: &str, lines: &mut Vec<UiId>) -> egui::Response {
    let height = size::CONTROL_HEIGHT_IN_ROW;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click());
    lines.push(response.id);
    response.widget_info(|| WidgetInfo::labeled(Role::MenuItem, true, label));
    let (ctx, painter) = (ui.ctx(), ui.painter());
    if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 6.0, theme::tint(ctx, Ink::Panel, Ink::Text, theme::HOVER));
    }
    let (text, muted) = (theme::colour(ctx, Ink::Text), theme::colour(ctx, Ink::Muted));
    let square = Rect::from_center_size(
        rect.left_center() + Vec2::new(size::SPACE_8 + size::ICON_SMALL / 2.0, 0.0),
        Vec2::splat(size::ICON_SMALL),
    );
    theme::icon(painter, square, icon, muted);
    let at = square.right_center() + Vec2::new(size::SPACE_8, 0.0);
    painter.text(at, Align2::LEFT_CENTER, label, theme::font(Face::Sans, size::TYPE_13), text);
    let at = rect.right_center() - Vec2::new(size::SPACE_8, 0.0);
    painter.text(at, Align2::RIGHT_CENTER, keys, theme::font(Face::Mono, size::TYPE_11), muted);
    response
}
