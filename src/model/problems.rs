//! Problems of a file: what loads and is read repaired, said at its element and never silently changed.

use super::{Control, Controls, From, Id, Model, Nesting};

/// Something of a model that cannot be meant as it stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The element that shows it.
    pub element: Id,
    /// What is wrong and how it is read, as a sentence.
    pub message: String,
}

impl Model {
    /// All problems, in the order of their elements.
    pub fn problems(&self) -> Vec<Problem> {
        let mut said = Said { model: self, problems: Vec::new() };
        said.components();
        said.boundaries();
        said.flows();
        said.others();
        said.problems.sort();
        said.problems
    }
}

struct Said<'m> {
    model: &'m Model,
    problems: Vec<Problem>,
}

impl Said<'_> {
    fn say(&mut self, element: &Id, message: String) {
        self.problems.push(Problem { element: element.clone(), message });
    }

    fn components(&mut self) {
        let model = self.model;
        for (id, it) in model.components() {
            if super::Kind::find(&it.kind).is_none() {
                self.say(id, format!("The kind `{}` is not known; it is read as a service.", it.kind));
            }
            if it.replicas == Some(0) {
                self.say(id, "0 replicas are read as 1.".to_owned());
            }
            self.boundary(id, it.within.as_ref(), "stands in");
            self.boundary(id, it.gate_of.as_ref(), "is the gate of");
            self.assets(id, it.stores.iter().chain(&it.processes));
            self.controls(id, &it.controls);
            let origins = it
                .allows
                .entries()
                .iter()
                .map(|it| &it.from)
                .chain(it.listeners.iter().map(|it| &it.meant_for));
            self.origins(id, origins);
        }
    }

    fn boundaries(&mut self) {
        let model = self.model;
        let nesting = Nesting::of(model);
        for (id, it) in model.boundaries() {
            if super::BoundaryKind::find(&it.kind).is_none() {
                self.say(
                    id,
                    format!("The kind of boundary `{}` is not known; it is read as a plain one.", it.kind),
                );
            }
            self.boundary(id, it.within.as_ref(), "stands in");
            if nesting.cut().contains(id) {
                self.say(id, "It stands inside itself; it is read as standing at the top.".to_owned());
            }
            self.controls(id, &it.controls);
            self.origins(id, it.ingress.entries().iter().map(|it| &it.from));
        }
    }

    fn flows(&mut self) {
        let model = self.model;
        for (id, it) in model.flows() {
            for (end, word) in [(&it.from, "starts"), (&it.to, "ends")] {
                if model.boundaries().contains_key(end) {
                    self.say(id, format!("It {word} at the boundary `{end}`; a flow's ends are components."));
                } else if !model.components().contains_key(end) {
                    self.say(id, format!("It {word} at `{end}`, which is not there; it opens nothing."));
                }
            }
            if it.from == it.to {
                self.say(id, "It ends where it starts; it opens nothing and needs nothing.".to_owned());
            }
            self.assets(id, it.carries.iter());
            self.controls(id, &it.controls);
        }
    }

    fn others(&mut self) {
        let model = self.model;
        for (id, feature) in model.features() {
            for flow in feature.flows.iter().filter(|it| !model.flows().contains_key(*it)) {
                self.say(id, format!("The flow `{flow}` on its path is not there."));
            }
        }
        for (id, it) in model.apis() {
            self.component(id, it.component.as_ref());
            self.controls(id, &it.controls);
        }
        for (id, it) in model.datasets() {
            self.component(id, it.store.as_ref());
            self.assets(id, it.columns.iter().filter_map(|it| it.asset.as_ref()));
            self.controls(id, &it.controls);
        }
        for (id, pack) in model.packs() {
            pack.faults().into_iter().for_each(|it| self.say(id, it));
        }
        if let (_, Some(id)) = super::rules_of_packs(model.packs()) {
            let most = super::MAX_ALL_PARTS;
            self.say(
                id,
                format!("From it on not all rules are run: conditions of all packs have over {most} parts."),
            );
        }
        for (view, element) in model.places().keys() {
            if !model.views().contains_key(view) {
                self.say(element, format!("It has a place on the view `{view}`, which is not there."));
            }
        }
    }

    fn boundary(&mut self, id: &Id, boundary: Option<&Id>, word: &str) {
        if let Some(gone) = boundary.filter(|it| !self.model.boundaries().contains_key(*it)) {
            self.say(id, format!("It {word} the boundary `{gone}`, which is not there."));
        }
    }

    fn component(&mut self, id: &Id, component: Option<&Id>) {
        if let Some(gone) = component.filter(|it| !self.model.components().contains_key(*it)) {
            self.say(id, format!("It belongs to the component `{gone}`, which is not there."));
        }
    }

    fn assets<'a>(&mut self, id: &Id, assets: impl Iterator<Item = &'a Id>) {
        for gone in assets.filter(|it| !self.model.assets().contains_key(*it)) {
            self.say(id, format!("The asset `{gone}` is not there."));
        }
    }

    fn controls(&mut self, id: &Id, controls: &Controls) {
        for slug in controls.0.keys().filter(|it| Control::find(it).is_none()) {
            self.say(id, format!("The control `{slug}` is not known; it is kept as it is."));
        }
    }

    fn origins<'a>(&mut self, id: &Id, origins: impl Iterator<Item = &'a From>) {
        let model = self.model;
        for from in origins {
            let From::Of(ids) = from else { continue };
            let is_there =
                |it: &&Id| model.components().contains_key(*it) || model.boundaries().contains_key(*it);
            for gone in ids.iter().filter(|it| !is_there(it)) {
                self.say(id, format!("The origin `{gone}` is not there; nothing comes from it."));
            }
        }
    }
}
