//! Pictures of the view that are handed out: as a file, or as text with the elements in it that it shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Editor, Effect, Exported, Tone, export_name};
use crate::formats::svg;
use crate::model::Id;
use crate::scene::{LeftOut, Marks};
use crate::tokens::Theme;

/// What a picture leaves off of what the canvas shows, and its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PictureChoices {
    /// None: as the window has them.
    pub theme: Option<Theme>,
    pub no_badges: bool,
    pub no_tint: bool,
    pub no_comments: bool,
}

impl Editor {
    /// Hands out the picture of the view as a file.
    pub fn export_picture(&mut self, png_scale: Option<f32>) {
        let picture = self.picture(self.picture_theme());
        let file = self.file_name();
        let (extension, what) = match png_scale {
            Some(scale) => ("png", Exported::Png { svg: picture, scale }),
            None => ("svg", Exported::Bytes(picture.into_bytes())),
        };
        self.ask(Effect::Export { name: export_name(&file, extension), what, remark: "" });
    }

    /// The colours of pictures: what was chosen for them, or what the window shows.
    pub fn picture_theme(&self) -> Theme {
        self.shown.picture.theme.unwrap_or(self.shown.theme_now)
    }

    /// The picture of the view with what lies over it on the canvas, as SVG.
    pub fn picture(&self, theme: Theme) -> String {
        self.picture_of(theme, None, "")
    }

    /// Copies the picture of what is selected, or of all, as the text of an SVG that can be pasted back.
    pub fn copy_svg(&mut self) {
        let all: BTreeSet<Id> = self.everything().cloned().collect();
        let chosen = if self.selection().is_empty() { None } else { Some(self.with_what_belongs()) };
        let wanted = chosen.as_ref().unwrap_or(&all);
        let Some(fragment) = self.fragment_of(wanted) else {
            self.say(Tone::Info, "Nothing is drawn to copy.", &[]);
            return;
        };
        let only = chosen.as_ref().map(|it| LeftOut { ids: &all - it, dims: false });
        let text = self.picture_of(self.picture_theme(), only, &fragment);
        let what = if chosen.is_some() { "the selection" } else { "the drawing" };
        self.note_copied(&fragment);
        self.ask(Effect::Copy(text));
        self.say(Tone::Done, format!("Copied {what} as SVG."), &[]);
    }

    /// All that is drawn.
    fn everything(&self) -> impl Iterator<Item = &Id> {
        let layout = self.layout();
        let boxes = layout.cards.keys().chain(layout.gates.keys()).chain(layout.boundaries.keys());
        boxes.chain(layout.flows.keys())
    }

    /// What is selected with all in it, flows between, and the ends of flows.
    fn with_what_belongs(&self) -> BTreeSet<Id> {
        let mut wanted = self.with_contents_and_gates(self.selection());
        for id in self.selection() {
            if let Some(flow) = self.model().flow(id) {
                wanted.extend([flow.from.clone(), flow.to.clone()]);
            }
        }
        let flows = self.model().flows().iter();
        let between = flows.filter(|it| wanted.contains(&it.1.from) && wanted.contains(&it.1.to));
        let between: Vec<Id> = between.map(|it| it.0.clone()).collect();
        wanted.extend(between);
        wanted
    }

    fn picture_of(&self, theme: Theme, only: Option<LeftOut>, fragment: &str) -> String {
        let mut marks = self.picture_marks();
        if let Some(only) = only {
            marks.points.clear();
            marks.left_out = Some(Arc::new(only));
        }
        let tint = self.shown.tint.as_ref().filter(|_| marks.tints.is_some());
        let lines = tint.map(|it| self.legend(it)).unwrap_or_default();
        let title = tint.map(|it| self.tint_title(it)).unwrap_or_default();
        let legend = (!lines.is_empty()).then_some((&*title, &*lines));
        let options = svg::Options {
            theme,
            background: true,
            marks: Some(&marks),
            jumps: self.shown.jumps,
            legend,
            fragment,
        };
        svg::export(self.model(), self.view(), &options)
    }

    /// What lies over the drawing, but for what is being looked at.
    fn picture_marks(&self) -> Marks {
        let choices = self.shown.picture;
        let mut marks = Marks { evidence: None, ..self.marks() };
        if choices.no_badges {
            marks.badges.clear();
        }
        if choices.no_tint {
            marks.tints = None;
        }
        if choices.no_comments {
            marks.pins.clear();
            marks.points.clear();
        }
        marks
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{PinTo, Surroundings, Tint};
    use crate::formats::{self, text};
    use crate::model::{Only, Severity};
    use crate::scene::Pos;

    const SHOP: &str = "net \"Internet\": internet
        boundary tier \"Tier\": subnet-tier { web \"Web <1>\": web-server; db \"Orders\": sql-database [stores people] }
        asset people \"Customers\": confidential [personal yes]
        net -> web: http; web -> db: postgres [encrypted no]";

    fn editor() -> Editor {
        let model = formats::placed(text::read(SHOP).unwrap());
        let mut editor = Editor::with(model, Surroundings::fixed());
        editor.who = "Ada".to_owned();
        editor
    }

    fn copied(editor: &mut Editor) -> String {
        assert!(editor.run("edit.copy-svg"));
        let copy = editor.take_effects().into_iter().find_map(|it| match it {
            Effect::Copy(text) => Some(text),
            _ => None,
        });
        copy.unwrap()
    }

    #[test]
    fn what_lies_over_the_drawing_is_in_its_picture_if_it_is_wanted() {
        let mut editor = editor();
        editor.add_comment(&PinTo::Element(Id::slug("db")), "Backups?");
        editor.add_comment(&PinTo::Point(Pos::new(-80.0, -80.0)), "Here");
        editor.shown.tint = Some(Tint::PersonalData);
        let whole = editor.picture(Theme::Light);
        assert!(whole.contains(">Personal data</text>") && whole.contains(">keeps</text>"), "{whole}");
        assert!(whole.contains("<title>Comment: Here</title>"), "{whole}");
        let badge = editor.marks().badges[&Id::slug("db")].count;
        assert!(whole.contains(&format!(">{badge}</text>")));
        assert_ne!(whole, editor.picture(Theme::Dark));
        editor.shown.picture =
            PictureChoices { no_badges: true, no_tint: true, no_comments: true, ..PictureChoices::default() };
        let plain = editor.picture(Theme::Light);
        assert!(
            !plain.contains("Personal data") && !plain.contains("Comment: ") && !plain.contains(">keeps<")
        );
        editor.shown.picture.no_badges = false;
        assert!(editor.picture(Theme::Light).len() > plain.len());
        // What is looked at is no part of it, what a filter hides neither.
        let key = editor.report().findings[0].key.clone();
        let before = editor.picture(Theme::Light);
        editor.choose(&key);
        assert_eq!(editor.picture(Theme::Light), before);
        editor.toggle_filter(&Only::Family(crate::model::Family::Data));
        assert!(!editor.picture(Theme::Light).contains("Web &lt;1&gt;"));
        editor.toggle_filter(&Only::Severity(Severity::Critical));
    }

    #[test]
    fn a_selection_is_copied_as_svg_and_pasted_back() {
        let mut editor = editor();
        editor.select([Id::slug("tier")]);
        let text = copied(&mut editor);
        assert!(text.starts_with("<svg") && text.contains("Orders"), "{text}");
        assert!(!text.contains(">Internet</text>"), "only what was selected");
        editor.paste(&text, None);
        let names: BTreeSet<&str> = editor.model().components().values().map(|it| it.name.as_str()).collect();
        assert_eq!(names, BTreeSet::from(["Internet", "Orders", "Orders 2", "Web <1>", "Web <1> 2"]));
        assert_eq!((editor.model().boundaries().len(), editor.model().flows().len()), (2, 3));
        // With nothing selected, all of it.
        editor.clear_selection();
        let all = copied(&mut editor);
        let mut other = Editor::new(Surroundings::fixed());
        other.paste(&format!("\u{feff}<?xml version=\"1.0\"?>\n{all}"), Some(Pos::ZERO));
        assert_eq!(other.model().components().len(), 5);
        assert_eq!(other.model().flows().len(), 3);
        // Of a flow alone, with its ends.
        editor.select([Id::slug("web-db")]);
        let flow = copied(&mut editor);
        assert!(
            flow.contains(">Orders</text>")
                && flow.contains("Web &lt;1&gt;")
                && !flow.contains("Internet</text>")
        );
    }

    #[test]
    fn an_svg_of_others_says_what_it_is() {
        let mut editor = editor();
        let before = editor.model().clone();
        let says = |editor: &mut Editor, text: &str| {
            editor.paste(text, None);
            editor.notice().unwrap().text.clone()
        };
        let foreign = r#"<svg xmlns="http://www.w3.org/2000/svg"><rect width="9" height="9"/></svg>"#;
        let said = says(&mut editor, foreign);
        assert!(said.contains("no elements of Parapet"), "{said}");
        let said = says(&mut editor, "<svg><g></svg>");
        assert!(said.contains("does not read"), "{said}");
        let said = says(&mut editor, "<!DOCTYPE svg [<!ENTITY a \"b\">]><svg>&a;</svg>");
        assert!(said.contains("does not read"), "{said}");
        let hostile = r#"<svg><document xmlns="urn:parapet:document">(format: 1, components: {"Bad Id": ()})</document></svg>"#;
        let said = says(&mut editor, hostile);
        assert!(said.contains("no id"), "{said}");
        assert_eq!(*editor.model(), before);
    }

    #[test]
    fn any_name_comes_back_from_an_svg_as_it_was() {
        for name in
            ["\u{202e}evil", "a\u{0}b", "]]> --> <x>&amp;", "é 名 🦀", "\\u{41} \"q\" \r\n\t", "\u{ffff}"]
        {
            let mut editor = Editor::new(Surroundings::fixed());
            let id = editor.add_component("web-server", Pos::ZERO);
            editor.amend::<crate::model::Component>(&id, "x", |it| it.notes = name.to_owned());
            let text = copied(&mut editor);
            let mut other = Editor::new(Surroundings::fixed());
            other.paste(&text, None);
            let read: Vec<&str> = other.model().components().values().map(|it| it.notes.as_str()).collect();
            assert_eq!(read, [name]);
        }
    }
}
