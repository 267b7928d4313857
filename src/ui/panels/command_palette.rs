//! The command palette: type a few letters of what you want to do.

use egui::{Align, Id, Key, Layout, Modifiers, Response, Ui};

use crate::editor::{COMMANDS, Command, Editor, Words, folded};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{label, scrolled, search_field, select_all, wrapped};

/// As many rows as there is room for, but no more; never a part of one.
const ROWS: f32 = 11.0;
const ROW: f32 = size::CONTROL_HEIGHT;
/// The room for keys at the end of a row; marks of switches stand before it, one below the other.
const KEYS: f32 = 96.0;

/// What was typed, and which of the commands found is next.
#[derive(Debug, Clone, Default)]
struct Search {
    text: String,
    at: usize,
    /// The last pass in which it was shown.
    shown: u64,
}

/// Lists the commands whose words hold what was typed, the best first.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let id = Id::unique("command-palette");
    let mut search = ui.data_mut(|it| it.get_temp::<Search>(id)).unwrap_or_default();
    let typed = search.text.clone();
    let (down, up, enter) = ui.input_mut(|it| {
        let mut pressed = |key| it.consume_key(Modifiers::NONE, key);
        (pressed(Key::ArrowDown), pressed(Key::ArrowUp), pressed(Key::Enter))
    });
    let pass = ui.ctx().cumulative_pass_nr();
    let has_opened = search.shown + 1 < pass;
    search.shown = pass;
    let field = search_field(ui, &mut search.text, "Find a command", "");
    field.request_focus();
    if has_opened {
        // What was looked for last is there for who wants it again, and gone at the first letter of something else.
        select_all(ui, &field, &search.text);
    }
    if search.text != typed {
        search.at = 0;
    }
    let found = found(&search.text, |it| (it.when)(editor));
    let last = found.len().saturating_sub(1);
    search.at = if down { search.at + 1 } else { search.at.saturating_sub(usize::from(up)) }.min(last);
    let mut run = found.get(search.at).copied().filter(|_| enter);
    ui.add_space(size::SPACE_6);
    let height = (ui.available_height() / ROW).floor().clamp(1.0, ROWS) * ROW;
    // Also of what scrolls, which would come to rest between two rows.
    ui.spacing_mut().item_spacing.y = 0.0;
    scrolled(ui, height, |ui| {
        ui.set_min_width(ui.available_width());
        if found.is_empty() {
            nothing_ui(ui, &search.text);
        }
        for (n, command) in found.iter().enumerate() {
            let row = row_ui(ui, editor, command, n == search.at);
            if n == search.at && (down || up) {
                row.scroll_to_me(None);
            }
            if row.clicked() {
                run = Some(command);
            }
        }
    });
    let Some(command) = run else {
        ui.data_mut(|it| it.insert_temp(id, search));
        return;
    };
    ui.data_mut(|it| it.remove::<Search>(id));
    editor.shown.modal = None;
    editor.run(command.id);
}

/// What was looked for may well be there, and wait for a selection.
fn nothing_ui(ui: &mut Ui, text: &str) {
    match found(text, |_| true).first() {
        Some(it) => {
            let what = format!("Not possible just now: {}", it.label.trim_end_matches('…'));
            label(ui, &what, Face::Sans, size::TYPE_13, Ink::Text);
            wrapped(ui, it.help, Face::Sans, size::TYPE_12, Ink::Muted);
        }
        None => {
            label(ui, "No command holds these words.", Face::Sans, size::TYPE_13, Ink::Muted);
        }
    }
}

/// A command is found if all words typed are in its label or help; in the label is better, at its start best.
fn found(text: &str, is_possible: impl Fn(&Command) -> bool) -> Vec<&'static Command> {
    let words = Words::of(text);
    let mut found: Vec<(usize, &Command)> = Vec::new();
    for command in COMMANDS.iter().filter(|it| is_possible(it)) {
        let (name, help) = (folded(command.label), folded(command.help));
        let rank = |word: &str| match (name.find(word), help.contains(word)) {
            (Some(0), _) => Some(0),
            (Some(_), _) => Some(1),
            (None, true) => Some(2),
            (None, false) => None,
        };
        if let Some(ranks) = words.iter().map(rank).collect::<Option<Vec<usize>>>() {
            found.push((ranks.iter().sum(), command));
        }
    }
    found.sort_by_key(|it| it.0);
    found.into_iter().map(|it| it.1).collect()
}

fn row_ui(ui: &mut Ui, editor: &Editor, command: &Command, is_next: bool) -> Response {
    let (keys, is_on) = (editor.keys_of(command), command.is_on(editor));
    let (rect, response) =
        ui.allocate_exact_size(egui::vec2(ui.available_width(), ROW), egui::Sense::click());
    response.widget_info(|| {
        let info = egui::WidgetInfo::labeled(egui::Role::Button, true, command.label);
        egui::WidgetInfo { selected: is_on, ..info }
    });
    if is_next || response.hovered() {
        let fill = theme::tint(ui.ctx(), Ink::Panel, Ink::Accent, if is_next { 0.15 } else { 0.07 });
        ui.painter().rect_filled(rect, size::RADIUS_CONTROL, fill);
    }
    let mut row = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(rect.shrink2(egui::vec2(size::SPACE_8, 0.0)))
            .layout(Layout::left_to_right(Align::Center)),
    );
    let icon = egui::Rect::from_center_size(
        egui::pos2(rect.left() + size::SPACE_8 + 8.0, rect.center().y),
        egui::Vec2::splat(size::ICON_SMALL),
    );
    theme::icon(row.painter(), icon, command.icon, theme::colour(row.ctx(), Ink::Muted));
    row.add_space(size::SPACE_24);
    label(&mut row, command.label, Face::Sans, size::TYPE_13, Ink::Text).on_hover_text(command.help);
    row.with_layout(Layout::right_to_left(Align::Center), |ui| {
        label(ui, &keys, Face::Mono, size::TYPE_11, if is_next { Ink::Text } else { Ink::Muted });
    });
    if is_on == Some(true) {
        let keys = Face::Mono.width(size::TYPE_11, &keys).max(KEYS);
        let middle = rect.right() - size::SPACE_8 - keys - size::SPACE_8 - size::ICON_SMALL / 2.0;
        let square = egui::Rect::from_center_size(
            egui::pos2(middle, rect.center().y),
            egui::Vec2::splat(size::ICON_SMALL),
        );
        theme::icon(ui.painter(), square, "check", theme::colour(ui.ctx(), Ink::Accent));
    }
    response
}
