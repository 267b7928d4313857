//! Exports: findings or the document, handed out in another format.

use std::path::Path;

use super::{Editor, Effect, Exported, Tone};
use crate::formats;
use crate::model::ended;
use crate::rules::Report;

/// What is said of an export that leaves the rule packs out.
const PACKS_LEFT_OUT: &str = "The rule packs are left out, as the text language cannot hold them.";
/// The same of the icons of a user's own.
const ICONS_LEFT_OUT: &str = "Icons of your own are left out, as the text language cannot hold them.";

/// A file's name for an export of the document: `shop.md` for `shop.parapet.ron`.
pub fn export_name(document: &str, extension: &str) -> String {
    let stem = formats::stem(document);
    let stem = if stem.is_empty() { "architecture" } else { stem };
    format!("{stem}.{extension}")
}

impl Editor {
    /// The formats that findings and document can be handed out in.
    pub fn exports() -> impl Iterator<Item = &'static formats::Format> {
        formats::ALL.iter().copied().filter(|it| it.export.is_some())
    }

    /// Hands out findings or the document in one of the formats. What tells findings waits for those of this drawing.
    pub fn export(&mut self, format: &'static formats::Format) {
        let Some(export) = format.export else { return };
        if format.tells_findings && self.has_failed() {
            let text = format!("{} was not exported: the analysis of this drawing failed.", format.label);
            self.say(Tone::Error, text, &[]);
            return;
        }
        if format.tells_findings && self.is_behind() {
            self.after_results = Some(format);
            let text = format!("{} is exported as soon as the findings are there.", format.label);
            self.say(Tone::Info, text, &[]);
            return;
        }
        let Report { findings, questions, .. } = self.report();
        let name = self.file_name();
        let (model, view, today) = (&*self.model, Some(&self.view), (self.surroundings.today)());
        let it = formats::Export { model, view, findings, questions, file: &name, today: &today };
        match export(&it) {
            Ok(bytes) => {
                let name = export_name(&name, format.extensions.first().copied().unwrap_or_default());
                let has = (!self.model.packs().is_empty(), !self.model.artworks().is_empty());
                let remark = match has {
                    _ if !format.drops_packs => "",
                    (true, _) => PACKS_LEFT_OUT,
                    (false, true) => ICONS_LEFT_OUT,
                    (false, false) => "",
                };
                self.ask(Effect::Export { name, what: Exported::Bytes(bytes), remark });
            }
            Err(error) => {
                self.say(Tone::Error, ended(&format!("{} was not exported: {error}", format.label)), &[]);
            }
        }
    }

    /// Hands out at a path what no dialog was there for.
    pub fn export_to_path(&mut self, path: &str) {
        self.shown.modal = None;
        // Kept until it is written: the path may be none.
        if let Some((_, what, remark)) = self.unexported.clone() {
            self.ask(Effect::ExportTo { path: path.to_owned(), what, remark });
        }
    }

    /// Where an export that found no dialog may go: beside the document.
    pub(super) fn path_for_export(&self) -> Option<String> {
        let (name, ..) = self.unexported.as_ref()?;
        let beside = self.document.path.as_ref().map(|it| Path::new(it).with_file_name(name));
        Some(beside.map_or_else(|| name.clone(), |it| it.to_string_lossy().into_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::files::tests::{asked, done, opened, slow_ms};
    use crate::editor::{Event, Modal, Surroundings};

    #[test]
    fn a_report_waits_for_its_findings_and_the_document_does_not() {
        let exports = |editor: &mut Editor| {
            let effects = editor.take_effects().into_iter();
            effects.filter(|it| matches!(it, Effect::Export { .. })).collect::<Vec<_>>()
        };
        let mut editor = opened(slow_ms);
        let jobs = asked(&mut editor);
        editor.export(formats::find("document").unwrap());
        assert_eq!(exports(&mut editor).len(), 1);
        editor.export(formats::find("markdown").unwrap());
        assert!(exports(&mut editor).is_empty());
        assert!(editor.notice().unwrap().text.contains("as soon as"));
        jobs.into_iter().for_each(|it| editor.handle(done(it)));
        let effects = exports(&mut editor);
        let [Effect::Export { name, what: Exported::Bytes(bytes), .. }] = &effects[..] else {
            panic!("{effects:?}")
        };
        assert_eq!(name, "shop.md");
        let finding = editor.report().findings[0].message.read(editor.model());
        assert!(String::from_utf8_lossy(bytes).contains(&*finding));
    }

    #[test]
    fn an_export_without_a_dialog_goes_to_a_path_beside_the_document() {
        let mut editor = Editor::new(Surroundings::fixed());
        assert!(!editor.run("file.export-to-path"));
        editor.document.path = Some("plans/shop.parapet.ron".to_owned());
        editor.handle(Event::NotExported {
            name: "shop.md".to_owned(),
            what: Exported::Bytes(vec![1]),
            remark: "",
        });
        assert_eq!(editor.notice().unwrap().offers, ["file.export-to-path"]);
        assert!(editor.run("file.export-to-path"));
        let Some(Modal::ExportToPath(path)) = editor.shown.modal.clone() else { panic!("no modal") };
        assert_eq!(path.replace('\\', "/"), "plans/shop.md");
        editor.export_to_path(&path);
        let [Effect::ExportTo { path: asked, what: Exported::Bytes(bytes), .. }] = &editor.take_effects()[..]
        else {
            panic!("no effect")
        };
        assert_eq!((asked, &bytes[..]), (&path, &[1_u8][..]));
        // A path that cannot be written may be mended; once written, there is nothing to do.
        assert!(editor.run("file.export-to-path"));
        editor.handle(Event::Exported { name: "shop.md".to_owned(), remark: "" });
        assert!(!editor.run("file.export-to-path"));
    }

    #[test]
    fn an_export_as_text_says_that_rule_packs_are_left_out() {
        let mut editor = opened(|| 0.0);
        let said = |editor: &mut Editor, format: &str| {
            editor.export(formats::find(format).unwrap());
            let effects = editor.take_effects();
            let Some(Effect::Export { name, what, remark }) = effects.into_iter().next_back() else {
                panic!("nothing is exported")
            };
            // By way of a typed path, as where there is no dialog.
            editor.handle(Event::NotExported { name, what, remark });
            editor.export_to_path("out");
            let effects = editor.take_effects();
            let Some(Effect::ExportTo { path: name, remark, .. }) = effects.into_iter().next_back() else {
                panic!("nothing is exported")
            };
            editor.handle(Event::Exported { name, remark });
            editor.notice().unwrap().text.clone()
        };
        assert_eq!(said(&mut editor, "text"), "Exported out.");
        editor.add_sample_pack();
        let left_out = "Exported out. The rule packs are left out, as the text language cannot hold them.";
        assert_eq!(said(&mut editor, "text"), left_out);
        assert_eq!(said(&mut editor, "document"), "Exported out.");
        assert_eq!(said(&mut editor, "markdown"), "Exported out.");
    }

    #[test]
    fn exports_are_named_after_the_document() {
        assert_eq!(export_name("shop.parapet.ron", "md"), "shop.md");
        assert_eq!(export_name("shop.txt", "csv"), "shop.csv");
        assert_eq!(export_name("", "svg"), "architecture.svg");
    }
}
