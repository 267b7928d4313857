//! Answers by the name of their field: how questions speak of them.

use super::{Answer, Api, Asset, Boundary, Component, Controls, Dataset, Draft, Flow, Id, Model};

/// What stands before the slug of a control in the name of a field.
const CONTROL: &str = "controls.";

impl Model {
    /// The answer in a field of an element: `encrypted`, `controls.logging`. None if the element is not there or the
    /// field holds no answer, as `ingress` and `allows` do not.
    pub fn answer(&self, id: &Id, field: &str) -> Option<Answer> {
        self.read_answer(id, field, |it| it.cloned().unwrap_or_default())
    }

    /// Whether the answer in a field of an element was put off.
    pub fn is_put_off(&self, id: &Id, field: &str) -> bool {
        self.read_answer(id, field, |it| it.is_some_and(|it| it.later)).unwrap_or(false)
    }

    /// Reads the answer in a field; there may be none to a control yet.
    fn read_answer<R>(&self, id: &Id, field: &str, read: impl Fn(Option<&Answer>) -> R) -> Option<R> {
        if let Some(slug) = field.strip_prefix(CONTROL) {
            let controls = (self.component(id).map(|it| &it.controls))
                .or_else(|| self.boundary(id).map(|it| &it.controls))
                .or_else(|| self.flow(id).map(|it| &it.controls))
                .or_else(|| self.apis().get(id).map(|it| &it.controls))
                .or_else(|| self.datasets().get(id).map(|it| &it.controls));
            return controls.map(|it| read(it.0.get(slug)));
        }
        match field {
            "highly_available" => self.component(id).map(|it| read(Some(&it.highly_available))),
            "takes_over" => self.component(id).map(|it| read(Some(&it.takes_over))),
            "segmented" => self.boundary(id).map(|it| read(Some(&it.segmented))),
            "encrypted" => self.flow(id).map(|it| read(Some(&it.encrypted))),
            "authenticated" => self.flow(id).map(|it| read(Some(&it.authenticated))),
            "personal" => self.asset(id).map(|it| read(Some(&it.personal))),
            "credential" => self.asset(id).map(|it| read(Some(&it.credential))),
            _ => None,
        }
    }
}

impl Draft<'_> {
    /// Alters the answer in a field of an element; nothing happens where [`Model::answer`] is none.
    pub fn edit_answer(&mut self, id: &Id, field: &str, change: impl Fn(&mut Answer)) {
        if let Some(slug) = field.strip_prefix(CONTROL) {
            let change = |it: &mut Controls| {
                let mut answer = it.0.get(slug).cloned().unwrap_or_default();
                change(&mut answer);
                it.set(slug, answer);
            };
            self.edit::<Component>(id, |it| change(&mut it.controls));
            self.edit::<Boundary>(id, |it| change(&mut it.controls));
            self.edit::<Flow>(id, |it| change(&mut it.controls));
            self.edit::<Api>(id, |it| change(&mut it.controls));
            self.edit::<Dataset>(id, |it| change(&mut it.controls));
        }
        match field {
            "highly_available" => self.edit::<Component>(id, |it| change(&mut it.highly_available)),
            "takes_over" => self.edit::<Component>(id, |it| change(&mut it.takes_over)),
            "segmented" => self.edit::<Boundary>(id, |it| change(&mut it.segmented)),
            "encrypted" => self.edit::<Flow>(id, |it| change(&mut it.encrypted)),
            "authenticated" => self.edit::<Flow>(id, |it| change(&mut it.authenticated)),
            "personal" => self.edit::<Asset>(id, |it| change(&mut it.personal)),
            "credential" => self.edit::<Asset>(id, |it| change(&mut it.credential)),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_by_name_is_read_by_name() {
        let mut model = Model::new();
        let (web, tier, way) = (Id::slug("web"), Id::slug("tier"), Id::slug("way"));
        let mut draft = Draft::of(&model);
        draft.put(web.clone(), Component::default());
        draft.put(tier.clone(), Boundary::default());
        draft.put(way.clone(), Flow::between(web.clone(), web.clone()));
        let card = Id::slug("card");
        draft.put(card.clone(), Asset::default());
        let edit = draft.finish();
        model.apply(&edit);
        for (id, field) in [
            (&web, "highly_available"),
            (&web, "takes_over"),
            (&web, "controls.logging"),
            (&tier, "segmented"),
            (&tier, "controls.logging"),
            (&way, "encrypted"),
            (&way, "authenticated"),
            (&way, "controls.logging"),
            (&card, "personal"),
            (&card, "credential"),
        ] {
            assert_eq!(model.answer(id, field), Some(Answer::default()), "{field}");
            let mut draft = Draft::of(&model);
            draft.edit_answer(id, field, |it| it.later = true);
            let edit = draft.finish();
            model.apply(&edit);
            assert!(model.answer(id, field).is_some_and(|it| it.later), "{field}");
        }
        assert_eq!(model.answer(&tier, "ingress"), None);
        assert_eq!(model.answer(&Id::slug("none"), "encrypted"), None);
    }
}
