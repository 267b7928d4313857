//! About: what this is, its version, whose work is bundled.

use egui::Ui;

use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::wrapped;

/// Tells what Parapet is.
pub fn ui(ui: &mut Ui) {
    let version = format!("Parapet {}", env!("CARGO_PKG_VERSION"));
    wrapped(ui, &version, Face::SansSemibold, size::TYPE_14, Ink::Text);
    wrapped(ui, env!("CARGO_PKG_DESCRIPTION"), Face::Sans, size::TYPE_13, Ink::Muted);
    ui.add_space(size::SPACE_8);
    for line in [
        "Licensed under MIT or Apache 2.0, as you prefer.",
        "Inter and JetBrains Mono, under the SIL Open Font License 1.1.",
        "Lucide icons, under the ISC license; some of them from Feather, under the MIT license.",
        "Severity, reachability and failure as the manual defines them; STRIDE after Kohnfelder and Garg.",
    ] {
        wrapped(ui, line, Face::Sans, size::TYPE_12, Ink::Muted);
    }
}
