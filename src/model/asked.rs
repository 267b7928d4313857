//! Answers by the name of their field: how questions speak of them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Answer, Api, Asset, Boundary, Component, Controls, Dataset, Draft, Edit, Flow, Id, Model, Remark, Stored,
};

/// What stands before the slug of a control in the name of a field.
const CONTROL: &str = "controls.";

impl Model {
    /// The answer in a field of an element: `encrypted`, `controls.logging`. None if the element is not there or the
    /// field holds no answer, as `ingress` and `allows` do not.
    pub fn answer(&self, id: &Id, field: &str) -> Option<Answer> {
        if let Some(slug) = field.strip_prefix(CONTROL) {
            let controls = (self.component(id).map(|it| &it.controls))
                .or_else(|| self.boundary(id).map(|it| &it.controls))
                .or_else(|| self.flow(id).map(|it| &it.controls))
                .or_else(|| self.apis().get(id).map(|it| &it.controls))
                .or_else(|| self.datasets().get(id).map(|it| &it.controls));
            return controls.map(|it| it.0.get(slug).cloned().unwrap_or_default());
        }
        match field {
            "highly_available" => self.component(id).map(|it| it.highly_available.clone()),
            "takes_over" => self.component(id).map(|it| it.takes_over.clone()),
            "segmented" => self.boundary(id).map(|it| it.segmented.clone()),
            "encrypted" => self.flow(id).map(|it| it.encrypted.clone()),
            "authenticated" => self.flow(id).map(|it| it.authenticated.clone()),
            "personal" => self.asset(id).map(|it| it.personal.clone()),
            "credential" => self.asset(id).map(|it| it.credential.clone()),
            _ => None,
        }
    }

    /// What is said beside the answer to a question about a field, whether that holds an answer or not.
    pub fn remark(&self, id: &Id, field: &str) -> Remark {
        match self.answer(id, field) {
            Some(Answer { note, later, .. }) => Remark { note, later },
            None => self.get::<Remark>(&key(id, field)).cloned().unwrap_or_default(),
        }
    }
}

/// What a question is stored under.
fn key(id: &Id, field: &str) -> String {
    format!("{id}.{field}")
}

/// A record that holds answers.
trait Answering: Stored {
    /// Those in fields of their own, by name.
    fn fields(&self) -> impl Iterator<Item = (&'static str, &Answer)>;
    /// Those to controls.
    fn controls(&self) -> Option<&Controls>;

    /// The names of the fields whose answer was put off.
    fn put_off(&self) -> BTreeSet<String> {
        let fields = self.fields().filter(|it| it.1.later).map(|it| it.0.to_owned());
        let controls = self.controls().into_iter().flat_map(|it| &it.0).filter(|it| it.1.later);
        fields.chain(controls.map(|(slug, _)| format!("{CONTROL}{slug}"))).collect()
    }
}

/// The fields of a record that hold answers, and whether it has controls.
macro_rules! answering {
    ($record:ty: $($field:ident),*; $controls:expr) => {
        impl Answering for $record {
            fn fields(&self) -> impl Iterator<Item = (&'static str, &Answer)> {
                [$((stringify!($field), &self.$field)),*].into_iter()
            }

            fn controls(&self) -> Option<&Controls> {
                let controls: fn(&Self) -> Option<&Controls> = $controls;
                controls(self)
            }
        }
    };
}

answering!(Component: highly_available, takes_over; |it| Some(&it.controls));
answering!(Boundary: segmented; |it| Some(&it.controls));
answering!(Flow: encrypted, authenticated; |it| Some(&it.controls));
answering!(Asset: personal, credential; |_| None);
answering!(Api: ; |it| Some(&it.controls));
answering!(Dataset: ; |it| Some(&it.controls));

/// The questions of a model that were put off. They are asked for once for each question and frame, and are few.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PutOff {
    answers: BTreeMap<Id, BTreeSet<String>>,
    /// By the keys of their questions.
    remarks: BTreeSet<String>,
}

impl PutOff {
    pub fn of(model: &Model) -> Self {
        let mut all = Self::default();
        all.take::<Component>(model);
        all.take::<Boundary>(model);
        all.take::<Flow>(model);
        all.take::<Asset>(model);
        all.take::<Api>(model);
        all.take::<Dataset>(model);
        let put_off = model.remarks().iter().filter(|it| it.1.later);
        all.remarks = put_off.map(|it| it.0.clone()).collect();
        all
    }

    /// Whether the question about a field of an element was put off.
    pub fn holds(&self, id: &Id, field: &str) -> bool {
        self.answers.get(id).is_some_and(|it| it.contains(field))
            || !self.remarks.is_empty() && self.remarks.contains(&key(id, field))
    }

    /// Brings it up to date with an edit that happened; returns whether it differs now.
    pub fn note(&mut self, happened: &Edit) -> bool {
        let notes = [
            Self::note_of::<Component>,
            Self::note_of::<Boundary>,
            Self::note_of::<Flow>,
            Self::note_of::<Asset>,
            Self::note_of::<Api>,
            Self::note_of::<Dataset>,
        ];
        let mut differs = false;
        for note in notes {
            differs |= note(self, happened);
        }
        for delta in happened.of::<Remark>() {
            differs |= if delta.after.as_ref().is_some_and(|it| it.later) {
                self.remarks.insert(delta.key.clone())
            } else {
                self.remarks.remove(&delta.key)
            };
        }
        differs
    }

    fn take<T: Answering<Key = Id>>(&mut self, model: &Model) {
        for (id, record) in T::table(model) {
            self.put(id, record.put_off());
        }
    }

    fn note_of<T: Answering<Key = Id>>(&mut self, happened: &Edit) -> bool {
        let mut differs = false;
        for delta in happened.of::<T>() {
            let now = delta.after.as_ref().map(|it| it.put_off()).unwrap_or_default();
            let is_same = self.answers.get(&delta.key).map_or(now.is_empty(), |it| *it == now);
            if !is_same {
                self.put(&delta.key, now);
                differs = true;
            }
        }
        differs
    }

    fn put(&mut self, id: &Id, fields: BTreeSet<String>) {
        if fields.is_empty() {
            self.answers.remove(id);
        } else {
            self.answers.insert(id.clone(), fields);
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

    /// Alters what is said beside the answer to a question about a field, as [`Model::remark`] has it.
    pub fn edit_remark(&mut self, id: &Id, field: &str, change: impl Fn(&mut Remark)) {
        if self.model().answer(id, field).is_some() {
            self.edit_answer(id, field, |it| {
                let mut remark = Remark { note: std::mem::take(&mut it.note), later: it.later };
                change(&mut remark);
                (it.note, it.later) = (remark.note, remark.later);
            });
            return;
        }
        let key = key(id, field);
        let mut remark = self.get::<Remark>(&key).cloned().unwrap_or_default();
        change(&mut remark);
        if remark == Remark::default() {
            self.remove::<Remark>(&key);
        } else {
            self.put(key, remark);
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
        let mut put_off = PutOff::of(&model);
        assert_eq!(put_off, PutOff::default());
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
            assert!(put_off.note(&edit) && put_off.holds(id, field) && !put_off.note(&edit), "{field}");
            assert_eq!(put_off, PutOff::of(&model), "{field}");
        }
        assert!(!put_off.holds(&way, "controls.other") && !put_off.holds(&card, "encrypted"));
        let mut draft = Draft::of(&model);
        draft.remove::<Component>(&web);
        draft.edit_answer(&tier, "segmented", |it| it.later = false);
        let edit = draft.finish();
        let happened = model.apply(&edit);
        assert!(put_off.note(&happened));
        assert!(!put_off.holds(&web, "takes_over") && !put_off.holds(&tier, "segmented"));
        assert!(put_off.holds(&tier, "controls.logging"));
        assert_eq!(put_off, PutOff::of(&model));
        assert_eq!(model.answer(&tier, "ingress"), None);
        // What is no answer has a row of its own, and is told as the others are.
        let (ingress, ask) =
            ("ingress", |it: &mut Remark| (it.note, it.later) = ("ask Ada".to_owned(), true));
        for (field, rows) in [("segmented", 0), (ingress, 1)] {
            let mut draft = Draft::of(&model);
            draft.edit_remark(&tier, field, ask);
            let edit = draft.finish();
            let happened = model.apply(&edit);
            assert!(put_off.note(&happened) && put_off.holds(&tier, field) && !put_off.note(&happened));
            assert_eq!(model.remark(&tier, field), Remark { note: "ask Ada".to_owned(), later: true });
            assert_eq!(model.remarks().len(), rows);
            assert_eq!(put_off, PutOff::of(&model));
        }
        let mut draft = Draft::of(&model);
        draft.edit::<Boundary>(&tier, |it| it.name = "Tier".to_owned());
        draft.edit_remark(&tier, ingress, |it| *it = Remark::default());
        let edit = draft.finish();
        let happened = model.apply(&edit);
        assert!(
            put_off.note(&happened) && !put_off.holds(&tier, ingress) && put_off.holds(&tier, "segmented")
        );
        assert!(model.remarks().is_empty());
        assert_eq!(model.answer(&Id::slug("none"), "encrypted"), None);
    }
}
