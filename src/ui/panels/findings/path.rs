//! The way through the drawing that is a finding's evidence, line by line, its ports in colour.

use egui::text::{LayoutJob, TextFormat};
use egui::{Frame, Label, Margin, Stroke, Ui};

use crate::editor::Editor;
use crate::model::Ports;
use crate::rules::{Finding, Hop};
use crate::tokens::{Face, Ink, size};
use crate::ui::panels::severity_ink;
use crate::ui::theme;

/// A box with the way; nothing where the evidence is none.
pub(super) fn ui(ui: &mut Ui, editor: &Editor, finding: &Finding) {
    let hops = worth_telling(editor, &finding.evidence.path);
    if hops.is_empty() {
        return;
    }
    let told = Told { ui, editor, ink: severity_ink(finding.severity), matters: finding.detail.parse().ok() };
    let job = told.job(&hops);
    let frame = Frame::new()
        .fill(theme::colour(ui.ctx(), Ink::Raised))
        .stroke(Stroke::new(size::STROKE_HAIRLINE, theme::colour(ui.ctx(), Ink::Hairline)))
        .corner_radius(size::RADIUS_CONTROL)
        .inner_margin(Margin::symmetric(size::SPACE_12 as i8, size::SPACE_8 as i8));
    frame.show(ui, |ui| {
        ui.set_min_width(ui.available_width());
        ui.add(Label::new(job).wrap());
    });
}

/// The hops without flows of which there is nothing to say beyond their ends.
fn worth_telling<'p>(editor: &Editor, path: &'p [Hop]) -> Vec<&'p Hop> {
    let is_flow = |it: &Hop| editor.model().flows().contains_key(&it.element);
    path.iter().filter(|it| !is_flow(it) || !it.note.is_empty()).collect()
}

/// What the way is told with.
struct Told<'a> {
    ui: &'a Ui,
    editor: &'a Editor,
    ink: Ink,
    /// The ports that the finding is about.
    matters: Option<Ports>,
}

impl Told<'_> {
    fn job(&self, hops: &[&Hop]) -> LayoutJob {
        let mut job = LayoutJob::default();
        for (n, hop) in hops.iter().enumerate() {
            // The first two stand on one line: from where, to where.
            match n {
                0 => {}
                1 if hops.len() > 2 || hop.note.is_empty() => self.put(&mut job, " → ", Ink::Muted),
                _ => self.put(&mut job, "\n→ ", Ink::Muted),
            }
            self.put(&mut job, &self.editor.model().title(&hop.element), Ink::Text);
            let note = hop.note.read(self.editor.model());
            if !note.is_empty() {
                self.put(&mut job, &format!(" {note}"), Ink::Muted);
            }
            if let Some(ports) = &hop.ports {
                self.ports(&mut job, ports, &note);
            }
        }
        job
    }

    /// The ports that arrive, those that matter in the finding's colour.
    fn ports(&self, job: &mut LayoutJob, ports: &Ports, note: &str) {
        if ports.is_all() {
            self.put(job, " all ports", Ink::Muted);
            return;
        }
        let numbers = ports.numbers();
        // The note may name them already.
        if note.contains(&numbers) {
            return;
        }
        for number in numbers.split(", ") {
            let matters = self.matters.as_ref().is_none_or(|it| {
                number.parse().is_ok_and(|them: Ports| !them.is_empty() && it.overlaps(&them))
            });
            self.put(job, " ", Ink::Muted);
            self.put(job, number, if matters { self.ink } else { Ink::Text });
        }
    }

    fn put(&self, job: &mut LayoutJob, text: &str, ink: Ink) {
        let format = TextFormat {
            font_id: theme::font(Face::Mono, size::TYPE_11),
            color: theme::colour(self.ui.ctx(), ink),
            line_height: Some(LINE),
            ..TextFormat::default()
        };
        job.append(text, 0.0, format);
    }
}

/// From one base line to the next.
const LINE: f32 = 18.0;
