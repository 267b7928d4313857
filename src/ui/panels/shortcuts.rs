//! All commands with their keys, from the table of commands, and what the mouse does.

use egui::{Grid, ScrollArea, Ui};

use crate::editor::{COMMANDS, Menu};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{heading, label};

/// What no command stands for.
const GESTURES: [(&str, &str); 14] = [
    ("Drag from the palette", "Add a component, a boundary or a gate"),
    ("Drag a handle of a card", "Draw a flow"),
    ("Drag a firewall onto an edge", "Make it the gate of that boundary"),
    ("Double click on the canvas", "Choose what to add there"),
    ("Wheel, Space and drag", "Move the view"),
    ("Ctrl and wheel, pinch", "Zoom at the pointer"),
    ("Arrows", "Move what is selected; with Shift in larger steps"),
    ("Alt+Shift and arrows", "Move the right or the lower edge of what is selected"),
    ("Alt and arrows", "Go to the next element on that side"),
    ("Tab", "Go from element to element"),
    ("1 to 9 on a question", "Give the answer of that number"),
    ("0 on a question", "Write a note on its answer; Enter keeps it, Esc gives it up"),
    ("Home, End, Page Up, Page Down", "Move in the list whose row has the focus"),
    ("Esc", "Give up what is under way, then the selection"),
];

/// Lists keys and gestures.
pub fn ui(ui: &mut Ui) {
    ScrollArea::vertical().max_height(ui.ctx().content_rect().height() * 0.7).show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        for menu in Menu::ALL {
            let rows: Vec<(String, &str)> = COMMANDS
                .iter()
                .filter(|it| it.menu == menu)
                .filter_map(|it| Some((it.shortcut()?.to_string(), it.label)))
                .collect();
            rows_ui(ui, menu.label(), &rows);
        }
        let gestures: Vec<(String, &str)> = GESTURES.iter().map(|it| (it.0.to_owned(), it.1)).collect();
        rows_ui(ui, "Mouse and keyboard", &gestures);
    });
}

fn rows_ui(ui: &mut Ui, title: &str, rows: &[(String, &str)]) {
    if rows.is_empty() {
        return;
    }
    heading(ui, title);
    Grid::new(title).num_columns(2).min_col_width(190.0).spacing([size::SPACE_24, size::SPACE_4]).show(
        ui,
        |ui| {
            for (keys, what) in rows {
                label(ui, keys, Face::Mono, size::TYPE_12, Ink::Text);
                label(ui, what, Face::Sans, size::TYPE_13, Ink::Muted);
                ui.end_row();
            }
        },
    );
    ui.add_space(size::SPACE_14);
}
