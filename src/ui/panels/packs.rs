//! The rule packs of the document: what they are, what they find now, and taking one out.

use egui::{Align, Layout, Ui};

use crate::editor::{Editor, Modal};
use crate::model::{Id, counted};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, nothing, scrolled, with_code, wrapped};

/// Lists the packs; each can be removed, and more can be added.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let about = "Rules of your own, as a file `*.parapet-rules.ron`, or templates `*.tb7` of the Microsoft Threat Modeling Tool. \
        They stand in this document and travel with it; their findings bear the name of their pack.";
    with_code(ui, about, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_12);
    let removed = list_ui(ui, editor);
    ui.horizontal_wrapped(|ui| {
        if ui.add(Button::new("Add rule packs…").primary()).clicked() {
            editor.run("edit.add-rule-pack");
        }
        let has_paths = crate::editor::command("edit.add-rule-pack-path").is_some_and(|it| (it.when)(editor));
        if has_paths && ui.add(Button::new("From path…")).clicked() {
            editor.run("edit.add-rule-pack-path");
        }
        if editor.model().packs().is_empty() && ui.add(Button::new("Add the sample").quiet()).clicked() {
            editor.add_sample_pack();
        }
    });
    if let Some(id) = removed {
        editor.remove_pack(&id);
    }
}

/// All that is wrong with packs that were to be added, so that they can be mended at one go.
pub fn faults_ui(ui: &mut Ui, editor: &mut Editor) {
    let Some(Modal::PackFaults(faults)) = editor.shown.modal.clone() else { return };
    let about = "The document is untouched: packs are added all together or not at all.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_8);
    let room = ui.ctx().content_rect().height() * 0.5;
    scrolled(ui, room, |ui| {
        ui.set_min_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = size::SPACE_6;
        for fault in &faults {
            with_code(ui, fault, size::TYPE_13, Ink::Text);
        }
    });
    ui.add_space(size::SPACE_12);
    ui.horizontal(|ui| {
        if ui.add(Button::new("Add others…").primary()).clicked() {
            editor.shown.modal = None;
            editor.run("edit.add-rule-pack");
        }
        if ui.add(Button::new("Copy all").quiet()).clicked() {
            ui.ctx().copy_text(faults.join("\n"));
        }
    });
}

fn list_ui(ui: &mut Ui, editor: &Editor) -> Option<Id> {
    let packs = editor.model().packs();
    if packs.is_empty() {
        nothing(ui, "No rule packs yet.", "", None);
        ui.add_space(size::SPACE_12);
        return None;
    }
    let counts = editor.pack_counts();
    let mut removed = None;
    let room = ui.ctx().content_rect().height() * 0.5;
    scrolled(ui, room, |ui| {
        ui.set_min_width(ui.available_width());
        for (id, pack) in packs {
            // Beside its title, where the eye looks for what can be done with it.
            ui.horizontal(|ui| {
                ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                    let button = ui.add(Button::new("Remove").quiet().in_row());
                    let name = format!("Remove {}", editor.model().pack_title(id));
                    ui.ctx().accesskit_node_builder(button.id, |node| node.set_label(name));
                    if button.clicked() {
                        removed = Some(id.clone());
                    }
                    ui.with_layout(Layout::top_down(Align::Min), |ui| {
                        wrapped(
                            ui,
                            &editor.model().pack_title(id),
                            Face::SansSemibold,
                            size::TYPE_13,
                            Ink::Text,
                        );
                    });
                });
            });
            let (findings, questions) = counts.get(id.as_str()).copied().unwrap_or_default();
            let version =
                if pack.version.is_empty() { String::new() } else { format!("version {}", pack.version) };
            let rules = counted(pack.rules.len(), "rule");
            let counted = if editor.is_blank() {
                rules
            } else {
                format!("{rules}, {}, {}", counted(findings, "finding"), counted(questions, "question"))
            };
            let parts = [counted, version, pack.source.clone()];
            let parts: Vec<&str> = parts.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
            wrapped(ui, &parts.join(" · "), Face::Sans, size::TYPE_12, Ink::Muted);
            for fault in editor.report().pack_faults(id) {
                with_code(ui, fault, size::TYPE_12, Ink::High);
            }
            ui.add_space(size::SPACE_12);
        }
    });
    removed
}
