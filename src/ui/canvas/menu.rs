//! The menu of the right button: the commands that apply to what is below the pointer.

use egui::{Align2, PopupKind};
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
    &["edit.comment", "edit.cut", "edit.copy", "edit.duplicate"],
    &["edit.select-same-kind", "edit.select-same-finding", "view.fit-selection"],
    &["edit.delete"],
];
/// Commands where nothing is.
const ON_GROUND: &[&[&str]] = &[
    &["view.boundary", "view.note"],
    &["edit.select-all", "arrange.layout", "arrange.unlock-all"],
    &["view.fit", "view.zoom-reset", "view.snap", "view.lock-layout"],
];

/// The menu that is open: where on the screen.
#[derive(Debug, Clone, Copy)]
pub(super) struct Menu {
    at: Pos2,
}

impl Canvas {
    pub(super) fn open_menu(&mut self, at: Pos2) {
        self.menu = Some(Menu { at });
    }

    pub(super) fn menu_ui(&mut self, ui: &Ui, editor: &mut Editor, camera: &Camera) {
        let Some(Menu { at }) = self.menu else { return };
        let mut is_open = true;
        let (mut adds, mut comments) = (false, false);
        Popup::new(UiId::unique("canvas-menu"), ui.ctx().clone(), at, ui.layer_id())
            .kind(PopupKind::Menu)
            .open_bool(&mut is_open)
            .close_behavior(PopupCloseBehavior::CloseOnClick)
            .width(WIDTH)
            .show(|ui| {
                ui.set_width(WIDTH);
                ui.spacing_mut().item_spacing.y = 0.0;
                let groups = if editor.selection().is_empty() { ON_GROUND } else { ON_ELEMENTS };
                if editor.selection().is_empty() {
                    adds = entry(ui, "plus", "Add a component…", "").clicked();
                    comments = entry(ui, "message-square", "Comment here…", "").clicked();
                }
                for (n, group) in groups.iter().enumerate() {
                    let rows: Vec<&Command> =
                        group.iter().filter_map(|it| command(it)).filter(|it| (it.when)(editor)).collect();
                    if n > 0 && !rows.is_empty() {
                        ui.separator();
                    }
                    for row in rows {
                        let keys = editor.keys_of(row);
                        if entry(ui, row.icon, row.label, &keys).clicked() {
                            editor.run(row.id);
                        }
                    }
                }
            });
        if !is_open {
            self.menu = None;
        }
        if comments {
            editor.compose(PinTo::Point(camera.to_world(at)));
        }
        if adds {
            self.open_picker(camera.to_world(at), None);
        }
    }
}

fn entry(ui: &mut Ui, icon: &str, label: &str, keys: &str) -> egui::Response {
    let height = size::CONTROL_HEIGHT_IN_ROW;
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::click());
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
