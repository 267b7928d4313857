//! Export: findings as text, the picture as SVG or PNG.

use egui::Ui;

use crate::editor::Editor;
use crate::tokens::{Face, Ink, Theme, size};
use crate::ui::widgets::{Button, chip, heading, segmented_for, wrapped};

/// Offers every format that can be written.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    heading(ui, "Findings and document");
    let mut chosen = None;
    ui.horizontal_wrapped(|ui| {
        for format in Editor::exports().filter(|it| !it.is_picture) {
            if ui.add(Button::new(format.label).icon("file-text")).clicked() {
                chosen = Some(format);
            }
        }
    });
    ui.add_space(size::SPACE_14);
    heading(ui, "Picture");
    choices_ui(ui, editor);
    let is_drawn = editor.layout().bounds().is_some();
    let (mut picture, mut copies) = (None, false);
    ui.horizontal_wrapped(|ui| {
        for (name, scale) in [("SVG", None), ("PNG", Some(1.0)), ("PNG, double size", Some(2.0))] {
            if ui.add(Button::new(name).icon("image").enabled(is_drawn)).clicked() {
                picture = Some(scale);
            }
        }
        let copy = ui.add(Button::new("Copy as SVG").icon("copy").enabled(is_drawn));
        copies = copy.on_hover_text("Of the selection, or of all; it can be pasted back.").clicked();
    });
    ui.add_space(size::SPACE_8);
    let about = if !is_drawn {
        "Nothing is drawn on this view yet, so there is no picture of it."
    } else if editor.has_filter() && !editor.shown.shows_all {
        "The picture shows what the filter of this view shows."
    } else {
        "The picture shows the whole drawing."
    };
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
    if let Some(format) = chosen {
        editor.shown.modal = None;
        editor.export(format);
    } else if let Some(scale) = picture {
        editor.shown.modal = None;
        editor.export_picture(scale);
    } else if copies {
        editor.shown.modal = None;
        editor.run("edit.copy-svg");
    }
}

/// The colours, and what of the canvas comes along; only what is there is offered.
fn choices_ui(ui: &mut Ui, editor: &mut Editor) {
    const THEMES: [Option<Theme>; 3] = [None, Some(Theme::Light), Some(Theme::Dark)];
    let chosen = THEMES.iter().position(|it| *it == editor.shown.picture.theme);
    if let Some(n) = segmented_for(ui, "Colours", &["Colours as now", "Light", "Dark"], chosen) {
        editor.shown.picture.theme = THEMES.get(n).copied().flatten();
    }
    let marks = editor.marks();
    let tint = editor.shown.tint.as_ref().map(|it| format!("Tint: {}", editor.tint_title(it)));
    let has_comments = !marks.pins.is_empty() || !marks.points.is_empty();
    let choices = &mut editor.shown.picture;
    let offers = [
        (!marks.badges.is_empty(), "Counts of findings".to_owned(), &mut choices.no_badges),
        (tint.is_some(), tint.unwrap_or_default(), &mut choices.no_tint),
        (has_comments, "Pins of comments".to_owned(), &mut choices.no_comments),
    ];
    if offers.iter().all(|it| !it.0) {
        return;
    }
    ui.horizontal_wrapped(|ui| {
        for (_, name, is_off) in offers.into_iter().filter(|it| it.0) {
            if chip(ui, &name, None, !*is_off).clicked() {
                *is_off = !*is_off;
            }
        }
    });
    ui.add_space(size::SPACE_4);
}
