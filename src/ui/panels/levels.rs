//! The table of levels: how bad a finding is, by impact and exposure, for this document.

use egui::{Grid, Ui};

use super::severity_ink;
use crate::editor::Editor;
use crate::model::{Brief, Levels, Severity};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{Button, Choice, DOT, label, select, wrapped};

/// What the columns mean.
const EXPOSURES: [&str; 4] = ["Anyone reaches it", "Behind a login", "One compromise away", "Deeper"];

/// What each row means.
const IMPACTS: [(&str, &str); 3] = [
    ("Grave", "Secret or confidential data, credentials; or all users are cut off."),
    ("Serious", "Personal, internal or unclassified data; or some users are cut off."),
    ("Slight", "Everything else."),
];

/// The room for what the rows mean.
const MEANINGS: f32 = 172.0;

/// Shows the table; each level can be chosen.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    let about = "Every finding has its level from this table, and says how. Where a finding is \
        about a loss and not an attacker, the first column stands for a loss of all, the second for one of a part. A change holds for this document and stands in its file.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
    ui.add_space(size::SPACE_12);
    let levels = editor.model().the_brief().levels;
    let mut wanted = levels;
    // The table is as wide as the text above it.
    let columns = EXPOSURES.len() as f32;
    let column = ((ui.available_width() - MEANINGS) / columns - size::SPACE_8).floor();
    Grid::new("levels").num_columns(5).spacing([size::SPACE_8, size::SPACE_12]).show(ui, |ui| {
        label(ui, "Impact", Face::SansSemibold, size::TYPE_12, Ink::Muted);
        for exposure in EXPOSURES {
            label(ui, exposure, Face::SansSemibold, size::TYPE_12, Ink::Muted);
        }
        ui.end_row();
        for ((name, row), (impact, meaning)) in levels.rows().into_iter().zip(IMPACTS) {
            ui.vertical(|ui| {
                ui.set_width(MEANINGS);
                label(ui, impact, Face::SansSemibold, size::TYPE_13, Ink::Text);
                wrapped(ui, meaning, Face::Sans, size::TYPE_11, Ink::Muted);
            });
            for (n, level) in row.into_iter().enumerate() {
                if let Some(chosen) =
                    level_ui(ui, column, &format!("{impact}, {}", EXPOSURES[n].to_lowercase()), level)
                    && let Some(row) = wanted.row_mut(name)
                {
                    row[n] = chosen;
                }
            }
            ui.end_row();
        }
    });
    ui.add_space(size::SPACE_12);
    let is_usual = levels == Levels::default();
    if ui.add(Button::new("Reset to the usual levels").quiet().enabled(!is_usual)).clicked() && !is_usual {
        wanted = Levels::default();
    }
    if wanted != levels {
        editor.change("Levels of severity", |draft, _| draft.edit::<Brief>(&(), |it| it.levels = wanted));
    }
}

fn level_ui(ui: &mut Ui, width: f32, name: &str, level: Severity) -> Option<Severity> {
    let choice = |it: Severity| Choice::new(it.label()).icon(DOT, severity_ink(it));
    let selected = Severity::ALL.iter().position(|it| *it == level);
    let chosen = ui.allocate_ui(egui::vec2(width, size::CONTROL_HEIGHT_IN_ROW), |ui| {
        ui.set_width(width);
        select(ui, name, &choice(level), selected, || Severity::ALL.map(choice).to_vec())
    });
    chosen.inner.and_then(|n| Severity::ALL.get(n).copied())
}
