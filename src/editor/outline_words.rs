//! What elements and the rows of the outline say of themselves: shortly for who reads, in whole words for who listens.

use super::Editor;
use super::outline::{Node, Row};
use crate::model::{Id, Truth, counted};
use crate::rules::Finding;
use crate::scene;

impl Editor {
    /// What a row says, and what stands quietly behind it.
    pub fn outline_text(&self, node: &Node) -> (String, String) {
        match node {
            Node::Element(id) => (self.model.title(id), self.shortly_where(id).to_owned()),
            Node::Flow { flow, is_out, .. } => {
                let other = self.other_end(flow, *is_out);
                (format!("{} {other}", if *is_out { "→" } else { "←" }), self.said_of_flow(flow).join(", "))
            }
            Node::Finding { key, .. } => {
                let Some(it) = self.report().finding(key) else { return Default::default() };
                (it.message.read(&self.model).into_owned(), it.severity.label().to_owned())
            }
        }
    }

    /// The same in whole words, with how many findings there are and which of how many it is.
    pub fn outline_in_words(&self, row: &Row) -> String {
        let mut parts = match &row.node {
            Node::Element(id) => {
                let mut parts = vec![self.element_in_words(id)];
                let inside = self.nesting.boundaries_in(id).len() + self.nesting.components_in(id).len();
                if self.model.boundary(id).is_some() {
                    parts.push(format!("{inside} inside"));
                }
                parts.extend(self.whereabouts(id));
                parts
            }
            Node::Flow { flow, is_out, .. } => {
                let other = self.other_end(flow, *is_out);
                let mut parts = vec![format!("{} {other}", if *is_out { "To" } else { "From" })];
                parts.extend(self.said_of_flow(flow));
                parts
            }
            Node::Finding { key, .. } => {
                let finding = self.report().finding(key);
                let words =
                    |it: &Finding| format!("{}: {}", it.severity.label(), it.message.read(&self.model));
                finding.map(words).into_iter().collect()
            }
        };
        if let Some((worst, count)) = row.findings {
            parts.push(format!("{}, {}", counted(count, "finding"), worst.label().to_lowercase()));
        }
        parts.push(format!("{} of {}", row.place.0, row.place.1));
        parts.join(", ")
    }

    /// `Edge, firewall, gate of Data tier, locked`; of a flow `Web to Orders, MySQL 3306, encrypted`.
    pub fn element_in_words(&self, id: &Id) -> String {
        let model = &self.model;
        let mut words = if let Some(it) = model.component(id) {
            let gate = it.gate_of.as_ref().map(|it| format!(", gate of {}", model.title(it)));
            format!("{}, {}{}", it.title(), it.kind().label.to_lowercase(), gate.unwrap_or_default())
        } else if let Some(it) = model.boundary(id) {
            format!("{}, {}", it.title(), it.kind().label.to_lowercase())
        } else if let Some(it) = model.flow(id) {
            let ends = format!("{} to {}", model.title(&it.from), model.title(&it.to));
            std::iter::once(ends).chain(self.said_of_flow(id)).collect::<Vec<_>>().join(", ")
        } else {
            model.title(id)
        };
        if self.is_locked(id) {
            words.push_str(", locked");
        }
        words
    }

    fn other_end(&self, flow: &Id, is_out: bool) -> String {
        let flow = self.model.flow(flow);
        flow.map(|it| self.model.title(if is_out { &it.to } else { &it.from })).unwrap_or_default()
    }

    /// What a flow speaks, and whether it is encrypted.
    fn said_of_flow(&self, id: &Id) -> Vec<String> {
        let Some(flow) = self.model.flow(id) else { return Vec::new() };
        let speaks = Some(scene::flow_in_words(&self.model, flow)).filter(|it| !it.is_empty());
        let encrypted = match flow.is_encrypted(flow.protocol()) {
            Truth::Yes => "encrypted",
            Truth::No => "not encrypted",
            _ => "nobody has said whether it is encrypted",
        };
        speaks.into_iter().chain([encrypted.to_owned()]).collect()
    }

    fn shortly_where(&self, id: &Id) -> &'static str {
        match self.shown_as(id) {
            Some(it) if it == *id && self.is_collapsed(id) => "collapsed",
            Some(_) => "",
            None => "not on this view",
        }
    }

    /// Why an element is not seen on the view, if it is not.
    fn whereabouts(&self, id: &Id) -> Option<String> {
        match self.shown_as(id) {
            Some(it) if it == *id => None,
            Some(it) => Some(format!("in {}, which is collapsed", self.model.title(&it))),
            None => Some("not on this view".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Outline, Surroundings};
    use crate::formats::{placed, text};

    const SKETCH: &str = r#"
        user "Users": user
        user -> web: https
        boundary vpc "VPC": network {
            web "Web": web-server
            boundary tier "Data tier": subnet-tier {
                db "Orders": sql-database
                no-10 "No. 10": cache
                no-9 "No. 9": cache
            }
        }
        web -> db: mysql [encrypted no]
    "#;

    fn editor() -> Editor {
        Editor::with(placed(text::read(SKETCH).unwrap()), Surroundings::fixed())
    }

    /// The rows as a tree: a space a level.
    fn tree(editor: &Editor, outline: &Outline) -> Vec<String> {
        let rows = editor.outline(outline);
        let mark = |row: &Row| row.is_open.map_or(' ', |it| if it { '-' } else { '+' });
        let line = |row: &Row| {
            format!("{}{}{}", " ".repeat(row.level - 1), mark(row), editor.outline_text(&row.node).0)
        };
        rows.iter().filter(|it| !matches!(it.node, Node::Finding { .. })).map(line).collect()
    }

    fn row(editor: &Editor, outline: &Outline, name: &str) -> Row {
        let rows = editor.outline(outline);
        let row = rows.into_iter().find(|it| editor.outline_text(&it.node).0 == name);
        row.unwrap_or_else(|| panic!("no row {name}"))
    }

    #[test]
    fn the_outline_goes_from_boundary_to_component_to_flow_to_finding() {
        let editor = editor();
        let mut outline = Outline::default();
        let folded = ["-VPC", " -Data tier", "   No. 9", "   No. 10", "  +Orders", " +Web", "+Users"];
        assert_eq!(tree(&editor, &outline), folded, "boundaries first, each by name");
        for name in ["Web", "→ Orders"] {
            let it = row(&editor, &outline, name);
            outline.set_open(&it, true);
        }
        let web = [" -Web", "  -→ Orders", "   ← Users"];
        assert_eq!(tree(&editor, &outline)[5..8], web);
        let below = editor.outline(&outline);
        let finding = below.iter().find(|it| {
            matches!(&it.node, Node::Finding { at, flow: Some(flow), .. } if at.as_str() == "web" && editor.model().flow(flow).is_some())
        });
        let finding = finding.expect("an unencrypted flow has a finding");
        assert_eq!(finding.level, 4);
        let words = editor.outline_in_words(finding);
        assert!(
            ["Critical: ", "High: ", "Medium: ", "Low: "].iter().any(|it| words.starts_with(it)),
            "{words}"
        );
        let tier = row(&editor, &outline, "Data tier");
        outline.set_open(&tier, false);
        assert_eq!(tree(&editor, &outline)[1..3], [" +Data tier", " -Web"]);
        // Whoever comes to something from elsewhere sees it.
        editor.reveal_in_outline(&mut outline, &Id::slug("db"));
        assert_eq!(tree(&editor, &outline)[1], " -Data tier");
    }

    #[test]
    fn a_folded_boundary_counts_what_is_in_it() {
        let editor = editor();
        let mut outline = Outline::default();
        let own = |row: &Row| row.findings.map_or(0, |it| it.1);
        let open = row(&editor, &outline, "VPC");
        outline.set_open(&open, false);
        let folded = row(&editor, &outline, "VPC");
        assert!(own(&folded) > own(&open), "{folded:?} {open:?}");
        let all: Vec<_> = editor.findings().filter(|it| it.state.is_open()).collect();
        let worst = all.iter().map(|it| it.finding.severity).max();
        assert!(folded.findings.map(|it| it.0) <= worst);
    }

    #[test]
    fn words_narrow_the_outline_and_unfold_what_leads_there() {
        let editor = editor();
        let mut outline = Outline::default();
        let tier = row(&editor, &outline, "Data tier");
        outline.set_open(&tier, false);
        outline.words = "ORDERS".to_owned();
        assert_eq!(tree(&editor, &outline), ["-VPC", " -Data tier", "  +Orders"]);
        outline.words = "cache".to_owned();
        assert_eq!(tree(&editor, &outline), ["-VPC", " -Data tier", "   No. 9", "   No. 10"]);
        outline.words = "nothing of the kind".to_owned();
        assert!(tree(&editor, &outline).is_empty());
    }

    #[test]
    fn a_row_says_who_it_is_and_which_of_how_many() {
        let mut editor = editor();
        let mut outline = Outline::default();
        let says = |editor: &Editor, outline: &Outline, name: &str| {
            editor.outline_in_words(&row(editor, outline, name))
        };
        assert!(says(&editor, &outline, "Data tier").starts_with("Data tier, subnet tier, 3 inside"));
        assert!(says(&editor, &outline, "No. 10").starts_with("No. 10, key-value cache"));
        assert!(says(&editor, &outline, "No. 10").contains(", 2 of "));
        let web = row(&editor, &outline, "Web");
        outline.set_open(&web, true);
        assert!(says(&editor, &outline, "→ Orders").starts_with("To Orders, MySQL 3306, not encrypted"));
        assert!(says(&editor, &outline, "← Users").starts_with("From Users, HTTPS 443, encrypted"));
        editor.fold(&[Id::slug("tier")].into(), true);
        assert!(says(&editor, &outline, "Orders").contains("in Data tier, which is collapsed"));
        editor.add_view(crate::editor::NewView::Empty);
        assert!(says(&editor, &outline, "Web").contains("not on this view"));
    }
}
