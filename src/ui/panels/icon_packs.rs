//! The packs of icons to choose from: what was taken of each, what not and why, adding and taking away.

use egui::{Align, Layout, Pos2, Rect, Sense, Ui, Vec2};

use crate::editor::{Editor, IconPack, command};
use crate::model::counted;
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, label, scrolled, wrapped};

/// So many icons of a pack are shown as a sample of it.
const SHOWN: usize = 12;
/// So many of the files that were left out are told one by one.
const TOLD: usize = 4;

/// What is to be done with what is listed.
enum Act {
    Remove(usize),
    Forget(String),
    Again(String),
}

/// Lists the packs; each can be removed, and more can be added.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let packs = editor.icon_packs();
    let is_empty = packs.all().is_empty() && packs.failed().is_empty() && packs.under_way().is_empty();
    if is_empty {
        empty_ui(ui);
    } else {
        let about = "An icon that you choose is copied into the drawing: it stays there without its pack.";
        wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
    }
    ui.add_space(size::SPACE_12);
    let act = if is_empty { None } else { list_ui(ui, editor) };
    ui.horizontal_wrapped(|ui| {
        let has_paths = command("view.add-icons-path").is_some_and(|it| (it.when)(editor));
        let add = if has_paths { "Add a folder…" } else { "Add SVGs…" };
        if ui.add(Button::new(add).icon("folder-open").primary()).clicked() {
            editor.run("view.add-icons");
        }
        if has_paths && ui.add(Button::new("From path…")).clicked() {
            editor.run("view.add-icons-path");
        }
    });
    match act {
        Some(Act::Remove(n)) => editor.remove_icon_pack(n),
        Some(Act::Forget(folder)) => editor.forget_icons(&folder),
        Some(Act::Again(folder)) => editor.add_icons_at(&folder),
        None => {}
    }
}

/// What packs are for, and how one gets them.
fn empty_ui(ui: &mut Ui) {
    label(ui, "No icons of your own yet.", Face::SansSemibold, size::TYPE_13, Ink::Text);
    ui.add_space(size::SPACE_6);
    let drop = if cfg!(target_arch = "wasm32") {
        "Choose its SVG files, or drop them on the window."
    } else {
        "Choose its folder, or drop it on the window. Folders in it are read, too."
    };
    for text in [
        "Draw with the icons of your cloud, your vendors or your house. Most vendors offer a pack of SVGs to download.",
        drop,
        "Then select something on the drawing and press its icon in the inspector.",
    ] {
        wrapped(ui, text, Face::Sans, size::TYPE_13, Ink::Muted);
        ui.add_space(size::SPACE_4);
    }
}

fn list_ui(ui: &mut Ui, editor: &Editor) -> Option<Act> {
    let packs = editor.icon_packs();
    let mut act = None;
    let room = ui.ctx().content_rect().height() * 0.5;
    scrolled(ui, room, |ui| {
        ui.set_min_width(ui.available_width());
        for (n, pack) in packs.all().iter().enumerate() {
            if titled(ui, &pack.name, &["Remove"]).is_some() {
                act = Some(Act::Remove(n));
            }
            pack_ui(ui, pack);
            ui.add_space(size::SPACE_14);
        }
        for (folder, why) in packs.failed() {
            match titled(ui, folder, &["Remove", "Read again"]) {
                Some(0) => act = Some(Act::Forget(folder.clone())),
                Some(_) => act = Some(Act::Again(folder.clone())),
                None => {}
            }
            wrapped(ui, why, Face::Sans, size::TYPE_12, Ink::High);
            ui.add_space(size::SPACE_14);
        }
        for (folder, (done, of)) in packs.under_way() {
            titled(ui, if folder.is_empty() { "Icons" } else { folder }, &[]);
            let text = if *of == 0 {
                "Being read…".to_owned()
            } else {
                format!("Being read: {done} of {of} files…")
            };
            wrapped(ui, &text, Face::Sans, size::TYPE_12, Ink::Muted);
            ui.add_space(size::SPACE_14);
        }
    });
    act
}

/// A title, with buttons beside it; returns which was pressed. What they are about is said to those who do not see it.
fn titled(ui: &mut Ui, title: &str, buttons: &[&str]) -> Option<usize> {
    let mut pressed = None;
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            for (n, verb) in buttons.iter().enumerate() {
                let button = ui.add(Button::new(verb).quiet().in_row());
                let name = format!("{verb} {title}");
                ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(name));
                if button.clicked() {
                    pressed = Some(n);
                }
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                wrapped(ui, title, Face::SansSemibold, size::TYPE_13, Ink::Text);
            });
        });
    });
    pressed
}

fn pack_ui(ui: &mut Ui, pack: &IconPack) {
    let simplified = match pack.simplified() {
        0 => String::new(),
        n => format!("{n} drawn more plainly"),
    };
    let smaller = if pack.smaller == 0 { String::new() } else { format!("{} in other sizes", pack.smaller) };
    let left_out = if pack.left_out.is_empty() {
        String::new()
    } else {
        format!("{} left out", counted(pack.left_out.len(), "file"))
    };
    let parts = [counted(pack.icons.len(), "icon"), simplified, smaller, left_out];
    let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
    wrapped(ui, &parts.join(" · "), Face::Sans, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_6);
    let side = size::TILE_SMALL;
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), side), Sense::hover());
    let colour = theme::colour(ui.ctx(), Ink::Text);
    let step = side + size::SPACE_8;
    let fits = ((rect.width() + size::SPACE_8) / step).max(0.0) as usize;
    for (n, it) in pack.icons.iter().take(SHOWN.min(fits)).enumerate() {
        let square =
            Rect::from_min_size(Pos2::new(rect.left() + n as f32 * step, rect.top()), Vec2::splat(side));
        theme::picture(ui.painter(), square, &it.icon, colour);
    }
    ui.add_space(size::SPACE_6);
    let where_ = match &pack.folder {
        Some(folder) => format!("{folder}. It is read again at the next start."),
        None => "For this session: nothing says where they came from.".to_owned(),
    };
    wrapped(ui, &where_, Face::Sans, size::TYPE_12, Ink::Muted);
    if pack.is_cut {
        let text =
            format!("The folder holds more: the first {} files were read.", crate::editor::MAX_ICON_FILES);
        wrapped(ui, &text, Face::Sans, size::TYPE_12, Ink::High);
    }
    for (file, why) in pack.left_out.iter().take(TOLD) {
        wrapped(ui, &format!("{file}: {why}."), Face::Sans, size::TYPE_12, Ink::High);
    }
    if pack.left_out.len() > TOLD {
        let text = format!("And {} more.", pack.left_out.len() - TOLD);
        wrapped(ui, &text, Face::Sans, size::TYPE_12, Ink::Muted);
    }
}
