//! All commands with their keys, from the table of commands, where they are changed; and what mouse and keyboard do besides.

use egui::{
    Align, Event, Grid, Key as EguiKey, Layout, Rect, Role, Sense, Stroke, StrokeKind, Ui, Vec2, WidgetInfo,
};

use super::pressed::key_of;
use crate::editor::{COMMANDS, Command, Editor, Key, Menu, Shortcut, Words, folded};
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, heading, icon_button_in_row, label, scrolled, search_field, wrapped};

/// What no command stands for.
const GESTURES: [(&str, &str); 23] = [
    ("Drag from the palette", "Add a component, a boundary or a gate"),
    ("Drag a handle of a card", "Draw a flow"),
    ("Drag a firewall onto an edge", "Make it the gate of that boundary"),
    ("Double click on the canvas", "Choose what to add there"),
    ("Click again", "Select what lies below"),
    ("Shift and click", "Add to the selection or take away from it"),
    ("Ctrl and click", "The same or, where things lie on each other, select what lies below"),
    ("Ctrl+Alt+Shift and drag", "Insert space there, or take some away"),
    ("1 to 9 on the canvas", "Place the recent kind of that number"),
    ("Z, held", "See all; let go to be at the pointer"),
    ("Wheel, Space and drag", "Move the view"),
    ("Ctrl and wheel, pinch", "Zoom at the pointer"),
    ("Arrows", "Move what is selected, slide a gate, bend a flow; with Shift in larger steps"),
    (
        "Alt+Shift and arrows",
        "Move the right or the lower edge of what is selected, the label of a flow along it",
    ),
    ("Alt and arrows", "Go to the next element on that side"),
    ("Tab", "Go from element to element"),
    ("F6", "Leave the canvas"),
    ("Shift+F10, Menu", "Open the menu of what is selected"),
    (
        "Arrows in the outline",
        "Walk, fold and unfold; with Shift select all up to there, with Ctrl select nothing",
    ),
    ("1 to 9 on a question", "Give the answer of that number"),
    ("0 on a question", "Write a note on its answer; Enter keeps it, Esc gives it up"),
    ("Home, End, Page Up, Page Down", "Move in the list whose row has the focus"),
    ("Esc", "Give up what is under way, then the selection"),
];

/// The room of the keys of a command.
const KEYS_WIDTH: f32 = 190.0;

/// The dialog: what is looked for, and whose keys are being chosen.
#[derive(Debug, Default)]
pub struct Shortcuts {
    search: String,
    /// The id of the command whose next keys are waited for.
    waits: Option<&'static str>,
    /// What came of the last choice.
    said: String,
    /// When it was shown last: what was waited for then is forgotten when it opens again.
    shown: u64,
}

impl Shortcuts {
    /// Lists keys and gestures; a click on keys waits for others.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        let pass = ui.ctx().cumulative_pass_nr();
        if self.shown + 1 < pass {
            *self = Self::default();
        }
        self.shown = pass;
        self.take_keys(ui, editor);
        search_field(ui, &mut self.search, "Find a command", "");
        ui.add_space(size::SPACE_6);
        let about = "Choose the keys of a command to give it others.";
        let (said, ink) = if self.said.is_empty() { (about, Ink::Muted) } else { (&*self.said, Ink::Text) };
        wrapped(ui, said, Face::Sans, size::TYPE_12, ink);
        ui.add_space(size::SPACE_8);
        scrolled(ui, ui.ctx().content_rect().height() * 0.6, |ui| {
            ui.set_min_width(ui.available_width());
            for menu in Menu::ALL {
                let of_menu = COMMANDS.iter().filter(|it| it.menu == menu);
                let found: Vec<&'static Command> = of_menu.filter(|it| self.finds(it)).collect();
                if !found.is_empty() {
                    heading(ui, menu.label());
                    found.into_iter().for_each(|it| self.command_ui(ui, editor, it));
                    ui.add_space(size::SPACE_14);
                }
            }
            if self.search.trim().is_empty() {
                gestures_ui(ui);
            }
        });
        if !editor.keymap.is_empty() {
            ui.add_space(size::SPACE_8);
            if ui.add(Button::new("Reset all keys").quiet()).clicked() {
                editor.keymap = crate::editor::Keymap::default();
                self.said = "All keys are as they were at first.".to_owned();
            }
        }
    }

    fn finds(&self, command: &Command) -> bool {
        Words::of(&self.search).are_in(&folded(&format!("{} {}", command.label, command.help)))
    }

    fn command_ui(&mut self, ui: &mut Ui, editor: &mut Editor, command: &'static Command) {
        let waits = self.waits == Some(command.id);
        ui.horizontal(|ui| {
            if self.keys_ui(ui, editor, command) {
                self.waits = (!waits).then_some(command.id);
                self.said = format!("Press the keys for {}. Esc leaves them as they are.", command.label);
                if waits {
                    self.said.clear();
                }
            }
            label(ui, command.label, Face::Sans, size::TYPE_13, Ink::Text).on_hover_text(command.help);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let is_changed = editor.keymap.is_changed(command);
                if is_changed {
                    let words = format!("Reset the keys of {}", command.label);
                    if icon_button_in_row(ui, "rotate-ccw", &words).clicked() {
                        editor.keymap.reset(command);
                        self.said.clear();
                    }
                }
                if waits && icon_button_in_row(ui, "x", "Leave it without keys").clicked() {
                    editor.keymap.clear(command);
                    self.waits = None;
                    self.said = format!("{} has no keys.", command.label);
                }
            });
        });
    }

    /// The keys of a command as a button; returns whether it was pressed.
    fn keys_ui(&self, ui: &mut Ui, editor: &Editor, command: &Command) -> bool {
        let keys: Vec<String> = editor.keymap.of(command).iter().map(ToString::to_string).collect();
        let keys = keys.join("  ");
        let waits = self.waits == Some(command.id);
        let (text, ink) = match (waits, keys.is_empty()) {
            (true, _) => ("Press keys…", Ink::Accent),
            (false, true) => ("–", Ink::Muted),
            (false, false) => (&*keys, Ink::Text),
        };
        let around = 2.0 * size::SPACE_12;
        let width = (Face::Mono.width(size::TYPE_12, text).ceil() + around).min(KEYS_WIDTH);
        let size_ = Vec2::new(width, size::CONTROL_HEIGHT_IN_ROW);
        let (rect, response) = ui.allocate_exact_size(size_, Sense::click());
        // What it is the keys of stands in one column.
        ui.add_space(KEYS_WIDTH - width);
        let words = format!("Keys of {}: {}", command.label, if keys.is_empty() { "none" } else { &keys });
        response.widget_info(|| WidgetInfo::selected(Role::Button, true, waits, &words));
        let ctx = ui.ctx();
        let is_on = response.hovered() || response.has_focus();
        let fill = match (waits, is_on) {
            (true, _) => theme::tint(ctx, Ink::Raised, Ink::Accent, TINT),
            (false, true) => theme::tint(ctx, Ink::Raised, Ink::Text, theme::HOVER),
            _ => theme::colour(ctx, Ink::Raised),
        };
        // As small buttons look: they are pressed to be changed.
        ui.painter().rect_filled(rect, size::RADIUS_CONTROL, fill);
        let line = if waits { Ink::Accent } else { Ink::Hairline };
        let stroke = Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, line));
        ui.painter().rect_stroke(rect, size::RADIUS_CONTROL, stroke, StrokeKind::Inside);
        if is_on && !waits && width + size::SPACE_6 + size::ICON_SMALL <= KEYS_WIDTH {
            let middle = rect.right_center() + Vec2::new(size::SPACE_6 + size::ICON_SMALL / 2.0, 0.0);
            let square = Rect::from_center_size(middle, Vec2::splat(size::ICON_SMALL));
            theme::icon(ui.painter(), square, "pencil", theme::colour(ctx, Ink::Muted));
        }
        let font = theme::font(Face::Mono, size::TYPE_12);
        let colour = if waits { theme::on_tint(ctx, ink) } else { theme::colour(ctx, ink) };
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, text, font, colour);
        crate::ui::widgets::focus_ring(ui, &response);
        response.on_hover_text("Change").clicked()
    }

    /// Takes the keys that were pressed for the command that waits for some.
    fn take_keys(&mut self, ui: &Ui, editor: &mut Editor) {
        let Some(command) = self.waits.and_then(crate::editor::command) else { return };
        let mut pressed = None;
        ui.input_mut(|input| {
            input.events.retain(|event| {
                let Event::Key { key, pressed: true, modifiers, physical_key, .. } = event else {
                    return !matches!(event, Event::Text(_) | Event::Copy | Event::Cut | Event::Paste(_));
                };
                pressed = Some((*key, *physical_key, *modifiers));
                false
            });
        });
        let Some((key, physical, held)) = pressed else { return };
        if key == EguiKey::Escape {
            self.waits = None;
            self.said.clear();
            return;
        }
        let Some(key) = key_of(key, physical) else {
            self.said = "That key cannot be one of a shortcut; press another one.".to_owned();
            return;
        };
        let shortcut = Shortcut { cmd: held.command, shift: held.shift, alt: held.alt, key };
        if is_reserved(&shortcut) {
            self.said = format!("{shortcut} alone moves on the canvas; hold Ctrl or Alt with it.");
            return;
        }
        let before = editor.keymap.command_of(&shortcut).filter(|it| it.id != command.id);
        editor.keymap.set(command, shortcut);
        self.waits = None;
        self.said = match before {
            Some(it) => format!("{shortcut} is for {} now, and no longer for {}.", command.label, it.label),
            None => format!("{shortcut} is for {} now.", command.label),
        };
    }
}

/// What the canvas itself needs.
fn is_reserved(shortcut: &Shortcut) -> bool {
    let moves = matches!(
        shortcut.key,
        Key::Left | Key::Right | Key::Up | Key::Down | Key::Tab | Key::Space | Key::Escape
    );
    moves && !shortcut.cmd && !shortcut.alt
}

fn gestures_ui(ui: &mut Ui) {
    heading(ui, "Mouse and keyboard");
    Grid::new("gestures")
        .num_columns(2)
        .min_col_width(KEYS_WIDTH)
        .spacing([size::SPACE_24, size::SPACE_4])
        .show(ui, |ui| {
            for (keys, what) in GESTURES {
                label(ui, keys, Face::Mono, size::TYPE_12, Ink::Text);
                label(ui, what, Face::Sans, size::TYPE_13, Ink::Muted);
                ui.end_row();
            }
        });
}
