//! The bar at the top: menu, the document's name, tools, undo and redo, export.

use egui::{
    Align, Layout, Popup, PopupCloseBehavior, Rect, RectAlign, Response, ScrollArea, Sense, Tooltip, Ui, Vec2,
};

use crate::editor::{COMMANDS, Command, Editor, Menu, Tool, command};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, icon_button, label, menu_item};

/// The tools, by the commands that take them in hand.
const TOOLS: [&str; 6] =
    ["view.pointer", "view.hand", "view.boundary", "view.flow", "view.note", "edit.comment"];

/// Fills the bar.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = size::SPACE_4;
        menu_ui(ui, editor);
        name_ui(ui, editor);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = size::SPACE_4;
            if ui
                .add(Button::new("Export").icon("download"))
                .on_hover_text(tooltip(editor, "file.export"))
                .clicked()
            {
                editor.run("file.export");
            }
            for id in ["view.commands", "file.gallery"] {
                command_button(ui, editor, id, false);
            }
            gap(ui);
            for id in ["edit.redo", "edit.undo"] {
                command_button(ui, editor, id, false);
            }
            gap(ui);
            for id in TOOLS.into_iter().rev() {
                let is_selected = is_in_hand(&editor.shown.tool, id);
                let button = command_button(ui, editor, id, is_selected);
                if let Some(button) = button.filter(|_| is_selected && editor.is_tool_kept()) {
                    kept_ui(ui, &button);
                }
            }
        });
    });
}

fn is_in_hand(tool: &Tool, command: &str) -> bool {
    match tool {
        Tool::Pointer => command == "view.pointer",
        Tool::Hand => command == "view.hand",
        Tool::Boundary => command == "view.boundary",
        Tool::Flow => command == "view.flow",
        Tool::Comment => command == "edit.comment",
        Tool::Place(kind) => command == "view.note" && kind == "note",
    }
}

/// The mark and the word, which open the menus.
fn menu_ui(ui: &mut Ui, editor: &mut Editor) {
    let width = size::ICON + size::SPACE_8 + Face::SansSemibold.width(size::TYPE_14, "Parapet") + 34.0;
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(width.ceil(), size::CONTROL_HEIGHT), Sense::click());
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Button, true, "Menu"));
    let ctx = ui.ctx().clone();
    if response.hovered() || Popup::is_id_open(&ctx, Popup::default_response_id(&response)) {
        let fill = theme::tint(&ctx, Ink::Panel, Ink::Text, theme::HOVER);
        ui.painter().rect_filled(rect, size::RADIUS_CONTROL, fill);
    }
    let middle = rect.center().y;
    let mark = Rect::from_center_size(
        egui::pos2(rect.left() + size::SPACE_6 + size::ICON / 2.0, middle),
        Vec2::splat(size::ICON),
    );
    theme::icon(ui.painter(), mark, "shield-half", theme::colour(&ctx, Ink::Accent));
    let (font, ink) = (theme::font(Face::SansSemibold, size::TYPE_14), theme::colour(&ctx, Ink::Text));
    let at = egui::pos2(mark.right() + size::SPACE_8, middle);
    ui.painter().text(at, egui::Align2::LEFT_CENTER, "Parapet", font, ink);
    let chevron = Rect::from_center_size(egui::pos2(rect.right() - 12.0, middle), Vec2::splat(12.0));
    theme::icon(ui.painter(), chevron, "chevron-down", theme::colour(&ctx, Ink::Muted));
    let popup = Popup::menu(&response).close_behavior(PopupCloseBehavior::CloseOnClick).width(220.0);
    popup.show(|ui| {
        for menu in Menu::ALL {
            ui.menu_button(menu.label(), |ui| {
                ui.set_width(300.0);
                ui.spacing_mut().item_spacing.y = 0.0;
                // On a low screen, a long menu is scrolled. A popup offers a scroll area little room by itself.
                let room = ui.ctx().content_rect().height() - size::TOOLBAR_HEIGHT - 2.0 * size::SPACE_24;
                ScrollArea::vertical().max_height(room).min_scrolled_height(room).show(ui, |ui| {
                    for command in COMMANDS.iter().filter(|it| it.menu == menu) {
                        item_ui(ui, editor, command);
                    }
                    if menu == Menu::File {
                        recent_ui(ui, editor);
                    }
                });
            });
        }
    });
}

fn item_ui(ui: &mut Ui, editor: &mut Editor, command: &Command) {
    let is_on = command.is_on(editor) == Some(true);
    let (icon, ink) = if is_on { ("check", Ink::Accent) } else { (command.icon, Ink::Muted) };
    let keys = editor.keys_of(command);
    let item = ui.add_enabled_ui((command.when)(editor), |ui| {
        menu_item(ui, Some((icon, ink)), command.label_now(editor), &keys, is_on)
    });
    // Beside it: below, it would cover the next lines.
    let mut about = Tooltip::for_enabled(&item.inner);
    about.popup = about.popup.align(RectAlign::RIGHT_START);
    about.show(|ui| ui.label(command.help));
    if item.inner.clicked() {
        editor.run(command.id);
        ui.close();
    }
}

fn recent_ui(ui: &mut Ui, editor: &mut Editor) {
    if editor.document.recent.is_empty() {
        return;
    }
    ui.separator();
    label(ui, "Recent", Face::SansSemibold, size::TYPE_11, Ink::Muted);
    for path in editor.document.recent.clone() {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(&path).to_owned();
        if ui.button(name).on_hover_text(&path).clicked() {
            editor.open_path(&path);
            ui.close();
        }
    }
}

fn name_ui(ui: &mut Ui, editor: &Editor) {
    ui.add_space(size::SPACE_8);
    // The tools keep their room: the name is cut first.
    let room = (ui.available_width() - 476.0).max(60.0);
    let name = editor.title();
    let state = if editor.document.is_saved() { "saved" } else { "not saved" };
    let state = if editor.document.name.is_empty() && editor.document.is_saved() { "" } else { state };
    let face = Face::SansMedium;
    let shown = face.elide(size::TYPE_13, &name, room - 80.0).into_owned();
    label(ui, &shown, face, size::TYPE_13, Ink::Text).on_hover_text(&editor.document.name);
    if !state.is_empty() {
        label(ui, &format!("· {state}"), Face::Sans, size::TYPE_13, Ink::Muted);
    }
}

fn gap(ui: &mut Ui) {
    ui.add_space(size::SPACE_6);
    let (rect, _) = ui.allocate_exact_size(Vec2::new(1.0, 20.0), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, theme::colour(ui.ctx(), Ink::Hairline));
    ui.add_space(size::SPACE_6);
}

/// A pin on the button of a tool that stays in hand after it was used.
fn kept_ui(ui: &Ui, button: &Response) {
    let corner = button.rect.right_top() + Vec2::new(-7.0, 7.0);
    let (rect, ctx) = (Rect::from_center_size(corner, Vec2::splat(14.0)), ui.ctx());
    ui.painter().circle_filled(rect.center(), 8.0, theme::colour(ctx, Ink::Accent));
    theme::icon(ui.painter(), rect.shrink(2.0), "pin", theme::colour(ctx, Ink::OnAccent));
    ctx.accesskit_node_builder(button.id, |node| node.set_description("Kept in hand until Esc"));
}

fn command_button(ui: &mut Ui, editor: &mut Editor, id: &str, is_selected: bool) -> Option<Response> {
    let command = command(id)?;
    let keys = editor.keys_of(command);
    let is_enabled = (command.when)(editor);
    let response = ui
        .add_enabled_ui(is_enabled, |ui| icon_button(ui, command.icon, command.label, &keys, is_selected))
        .inner;
    if response.clicked() {
        editor.run(id);
    }
    Some(response)
}

fn tooltip(editor: &Editor, id: &str) -> String {
    let Some(command) = command(id) else { return String::new() };
    format!("{}  {}", command.help, editor.keys_of(command)).trim_end().to_owned()
}
