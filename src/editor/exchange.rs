//! What the palette does with the selection: makes it another kind, or connects it with something new.

use std::collections::BTreeSet;

use super::create::suggested_flow;
use super::{Editor, Heading, Tone};
use crate::model::{Boundary, BoundaryKind, Capability, Component, Family, Id, Kind};

impl Editor {
    /// Makes the selected components another kind, with a technology if one is given, as one step. Their flows stay.
    pub fn replace_selection(&mut self, kind: &str, technology: &str) {
        let ids = self.selection.iter().filter(|it| self.model.component(it).is_some()).cloned().collect();
        let kind = Kind::of(kind);
        if kind.family == Family::Note || self.is_none_of(&ids) {
            let text = format!("Select components first, to make them {}.", kind.label.to_lowercase());
            return self.say(Tone::Info, text, &[]);
        }
        self.replace_kind(&ids, &kind.slug, technology);
    }

    /// Makes the selected boundaries another kind, as one step.
    pub fn replace_selected_boundaries(&mut self, kind: &str) {
        let of_selection = self.selection.iter().filter(|it| self.model.boundary(it).is_some());
        let ids: BTreeSet<Id> = of_selection.cloned().collect();
        let kind = BoundaryKind::of(kind);
        if ids.is_empty() {
            let text = format!("Select boundaries first, to make them {}.", kind.label.to_lowercase());
            return self.say(Tone::Info, text, &[]);
        }
        self.change(format!("Make it {}", kind.label.to_lowercase()), |draft, _| {
            for id in &ids {
                draft.edit::<Boundary>(id, |it| it.kind.clone_from(&kind.slug));
            }
        });
    }

    /// Whether nothing of it can be another kind: a note is not what a rule would take for a component.
    fn is_none_of(&self, ids: &BTreeSet<Id>) -> bool {
        let is_note = |id: &Id| self.model.component(id).is_some_and(|it| it.kind().family == Family::Note);
        ids.iter().all(is_note)
    }

    /// Makes a component beside the selection and draws flows between them, as one step: from each selected component to
    /// it or, if it acts by itself, from it to each. With nothing selected, it stands wherever there is room.
    pub fn add_connected(&mut self, kind: &str, technology: &str) -> Id {
        let kind = Kind::of(kind);
        let is_source = kind.can(Capability::Actor);
        let heading = if is_source { Heading::Left } else { Heading::Right };
        let may_connect = |it: &Component| it.kind().can_end_flows() && kind.can_end_flows();
        let selected = self.selection.iter().filter_map(|id| Some((id, self.model.component(id)?)));
        let others: Vec<(Id, Component)> =
            selected.filter(|it| may_connect(it.1)).map(|(id, it)| (id.clone(), it.clone())).collect();
        // Beside the outermost of them.
        let boxes = others.iter().filter_map(|it| Some((&it.0, self.layout.rect(&it.0)?)));
        let outermost = boxes.max_by(|a, b| {
            let out = |it: &(&Id, crate::scene::Rect)| if is_source { -it.1.min.x } else { it.1.max.x };
            out(a).total_cmp(&out(b)).then_with(|| b.0.cmp(a.0))
        });
        let Some((beside, rect)) = outermost.map(|it| (it.0.clone(), it.1)) else {
            return self.add_product_anywhere(&kind.slug, technology);
        };
        let spot = self.spot_beside(&beside, rect, heading);
        let component = Component { within: spot.within, ..self.named(&kind.slug, technology) };
        let word = if technology.is_empty() { kind.label.to_lowercase() } else { technology.to_owned() };
        self.put_beside(format!("Connect with a new {word}"), component, spot.rect, |id, component| {
            let flow = |(other, its): &(Id, Component)| {
                if is_source {
                    suggested_flow(id, component, other, its)
                } else {
                    suggested_flow(other, its, id, component)
                }
            };
            others.iter().map(flow).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::scene::Pos;

    fn editor() -> (Editor, Id, Id) {
        let mut editor = Editor::new(Surroundings::fixed());
        let web = editor.add_component("web-server", Pos::new(100.0, 100.0));
        let app = editor.add_component("application-server", Pos::new(100.0, 300.0));
        editor.connect(&web, &app);
        (editor, web, app)
    }

    #[test]
    fn another_kind_comes_with_its_technology_and_keeps_flows_and_place() {
        let (mut editor, web, app) = editor();
        let (before, rect) = (editor.model().clone(), editor.layout().rect(&app));
        editor.select([app.clone()]);
        editor.replace_selection("sql-database", "PostgreSQL");
        let it = editor.model().component(&app).unwrap();
        assert_eq!((it.kind.as_str(), it.technology.as_str()), ("sql-database", "PostgreSQL"));
        assert_eq!(
            it.listeners[0].port,
            "tcp/5432".parse().unwrap(),
            "what the old kind had brought goes with it"
        );
        assert_eq!(editor.layout().rect(&app).map(|it| it.min), rect.map(|it| it.min));
        assert!(editor.model().flows().values().any(|it| it.from == web && it.to == app));
        editor.undo();
        assert_eq!(editor.model(), &before, "one step");
        editor.clear_selection();
        editor.replace_selection("cache", "");
        assert_eq!(editor.model(), &before);
        assert!(editor.notice().unwrap().text.starts_with("Select components first"));
        let tier = editor.add_boundary_anywhere("subnet-tier");
        editor.replace_selected_boundaries("host");
        assert_eq!(editor.model().boundary(&tier).unwrap().kind, "host");
    }

    #[test]
    fn all_that_is_selected_is_connected_with_the_new_one() {
        let (mut editor, web, app) = editor();
        editor.select([web.clone(), app.clone()]);
        let before = editor.model().clone();
        let db = editor.add_connected("sql-database", "");
        let leads = |editor: &Editor, from: &Id, to: &Id| {
            editor.model().flows().values().any(|it| it.from == *from && it.to == *to)
        };
        assert!(leads(&editor, &web, &db) && leads(&editor, &app, &db));
        let [at, beside] = [&db, &app].map(|it| editor.layout().rect(it).unwrap());
        assert!(at.min.x > beside.max.x && editor.selected_one() == Some(&db));
        editor.undo();
        assert_eq!(editor.model(), &before, "one step");
        // Who acts by itself calls, and is not called.
        editor.select([web.clone()]);
        let user = editor.add_connected("user", "");
        assert!(leads(&editor, &user, &web));
        assert!(editor.layout().rect(&user).unwrap().max.x < editor.layout().rect(&web).unwrap().min.x);
        editor.clear_selection();
        let flows = editor.model().flows().len();
        editor.add_connected("cache", "");
        assert_eq!(editor.model().flows().len(), flows);
    }
}
