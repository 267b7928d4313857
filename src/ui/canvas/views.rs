//! Which of several views is shown, at the upper left of the drawing; a click lists the others.

use egui::{Align2, Ui, Vec2};

use super::Canvas;
use super::controls::{choice_mark, command_line, floating, frame};
use crate::editor::Editor;
use crate::model::Id;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, menu, menu_item};

/// Longer names are cut.
const NAME_WIDTH: f32 = 200.0;

impl Canvas {
    pub(super) fn views_ui(&self, ui: &Ui, editor: &mut Editor) {
        let views = editor.views();
        if views.len() < 2 || editor.shown.presents {
            return;
        }
        let corner = self.area.left_top() + Vec2::splat(size::SPACE_14);
        floating("canvas-views", self.area, corner, Align2::LEFT_TOP).show(ui.ctx(), |ui| {
            frame(ui).show(ui, |ui| {
                let name = editor.view_name(editor.view());
                let short = Face::SansMedium.elide(size::TYPE_13, &name, NAME_WIDTH).into_owned();
                let button = ui.add(Button::new(&short).icon("chevron-down").quiet());
                ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(format!("View: {name}")));
                menu(&button, |ui| menu_ui(ui, editor, &views));
            });
        });
    }
}

fn menu_ui(ui: &mut Ui, editor: &mut Editor, views: &[Id]) {
    for view in views {
        let is_shown = view == editor.view();
        let name = editor.view_name(view);
        if menu_item(ui, Some((choice_mark(is_shown), Ink::Muted)), &name, "", is_shown).clicked() {
            editor.show_view(view);
        }
    }
    ui.separator();
    for id in ["view.next", "view.previous", "view.present", "view.views"] {
        command_line(ui, editor, id, None);
    }
}
