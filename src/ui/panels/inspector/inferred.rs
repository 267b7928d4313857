//! What the drawing says of a component without anybody having said so, and one click to confirm or to deny it.

use egui::Ui;

use crate::editor::{Editor, command};
use crate::model::Id;
use crate::rules::list;
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, inset, wrapped};

/// Says what is read off the drawing, if there is something.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, id: &Id) {
    if let Some(others) = editor.inferred_pool(id) {
        let text =
            format!("Drawn like {}: read as one pool, of which any one will do.", named(editor, &others));
        row_ui(ui, editor, &text, &["arrange.confirm-pool", "arrange.separate-pool"]);
    }
    let guarded = editor.inferred_gate_of(id);
    if !guarded.is_empty() {
        let text =
            format!("All that enters {} comes through here: read as its gate.", named(editor, &guarded));
        row_ui(ui, editor, &text, &["arrange.confirm-gate"]);
    }
}

fn row_ui(ui: &mut Ui, editor: &mut Editor, text: &str, commands: &[&str]) {
    inset(ui, |ui| {
        ui.add_space(size::SPACE_6);
        wrapped(ui, text, Face::Sans, size::TYPE_12, Ink::Muted);
        ui.horizontal_wrapped(|ui| {
            for command in commands.iter().filter_map(|it| command(it)) {
                let button = Button::new(command.label).icon(command.icon).in_row();
                if ui.add(button).on_hover_text(command.help).clicked() {
                    editor.run(command.id);
                }
            }
        });
    });
}

fn named(editor: &Editor, ids: &[Id]) -> String {
    let titles: Vec<String> = ids.iter().map(|it| editor.model().title(it)).collect();
    list(&titles)
}
