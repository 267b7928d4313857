//! The controls of an element: what protects it, each an answer.

use egui::Ui;

use super::answers::{Asked, answer};
use crate::model::{Answer, Control, Controls, Technology, Truth};
use crate::ui::widgets::{inset, section};

/// A section with the controls that apply, and with those that were answered all the same. Returns the slug and the
/// answer that was given.
pub(super) fn ui(
    ui: &mut Ui,
    now: &Controls,
    technology: Option<&Technology>,
    applies: impl Fn(&Control) -> bool,
) -> Option<(String, Answer)> {
    let slugs: Vec<&str> = Control::all()
        .iter()
        .filter(|it| applies(it) || now.0.contains_key(&it.slug))
        .map(|it| it.slug.as_str())
        .collect();
    let unknown = now.0.keys().map(String::as_str).filter(|it| Control::find(it).is_none());
    let all: Vec<&str> = slugs.into_iter().chain(unknown).collect();
    if all.is_empty() {
        return None;
    }
    let said = all.iter().filter(|it| now.truth(it) != Truth::Unknown).count();
    let mut given = None;
    if section(ui, "Controls", &format!("{said} of {} answered", all.len()), true) {
        inset(ui, |ui| {
            for slug in all {
                let known = Control::find(slug);
                let help = known.map(|it| format!("{} {}", it.question, it.why)).unwrap_or_default();
                let asked = Asked::new(known.map_or(slug, |it| &it.label), &help);
                let asked = match technology {
                    Some(it) => asked.implied(&it.label, it.control(slug)),
                    None => asked,
                };
                let answered = now.0.get(slug).cloned().unwrap_or_default();
                if let Some(answer) = answer(ui, &asked, Some(&answered)) {
                    given = Some((slug.to_owned(), answer));
                }
            }
        });
    }
    given
}
