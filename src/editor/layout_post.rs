//! A layout that is to be made, and what came of it, as texts: for a worker of the page, which shares no memory with it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::auto_layout::LayoutTask;
use crate::model::{self, Direction, Draft, Id, Model, Place};
use crate::scene::{LayoutScope, Places};

/// The words of what is laid out and of where flows run.
const VIEW: &str = "view";
const BOUNDARY: &str = "boundary";
const SELECTION: &str = "selection";
const DOWN: &str = "down";
const RIGHT: &str = "right";

impl LayoutTask {
    /// The document, the view, the direction, what is meant, and the ids of that.
    pub fn to_post(&self) -> Vec<String> {
        let (scope, ids): (_, Vec<&Id>) = match &self.scope {
            LayoutScope::View => (VIEW, Vec::new()),
            LayoutScope::Boundary(id) => (BOUNDARY, vec![id]),
            LayoutScope::Selection(ids) => (SELECTION, ids.iter().collect()),
        };
        let direction = match self.direction {
            Direction::Down => DOWN,
            Direction::Right => RIGHT,
        };
        let head = [model::write(&self.model), self.view.to_string(), direction.to_owned(), scope.to_owned()];
        head.into_iter().chain(ids.into_iter().map(Id::to_string)).collect()
    }

    /// None for what no task was written as.
    pub fn of_post(post: &[String]) -> Option<Self> {
        let [document, view, direction, scope, ids @ ..] = post else { return None };
        let mut ids = ids.iter().map(|it| Id::new(it).ok());
        let scope = match scope.as_str() {
            VIEW => LayoutScope::View,
            BOUNDARY => LayoutScope::Boundary(ids.next()??),
            SELECTION => LayoutScope::Selection(ids.collect::<Option<_>>()?),
            _ => return None,
        };
        let direction = match direction.as_str() {
            DOWN => Direction::Down,
            RIGHT => Direction::Right,
            _ => return None,
        };
        Some(Self {
            model: Arc::new(model::read(document.as_bytes()).ok()?),
            view: Id::new(view).ok()?,
            scope,
            direction,
            is_cancelled: Arc::default(),
        })
    }
}

/// A document that holds the new places, and the ids of what needs none any more.
pub fn places_to_post(places: &Places) -> Vec<String> {
    let mut document = Model::new();
    let edit = {
        let mut draft = Draft::of(&document);
        let new = places.iter().filter_map(|(id, it)| Some((id, it.as_ref()?)));
        new.for_each(|(id, it)| draft.put((Id::slug(model::MAIN_VIEW), id.clone()), it.clone()));
        draft.finish()
    };
    document.apply(&edit);
    let gone = places.iter().filter(|it| it.1.is_none()).map(|it| it.0.to_string());
    [model::write(&document)].into_iter().chain(gone).collect()
}

/// None for what no places were written as.
pub fn places_of_post(post: &[String]) -> Option<Places> {
    let [document, gone @ ..] = post else { return None };
    let document = model::read(document.as_bytes()).ok()?;
    let mut places: BTreeMap<Id, Option<Place>> =
        document.places().iter().map(|(key, it)| (key.1.clone(), Some(Place::clone(it)))).collect();
    for id in gone {
        places.insert(Id::new(id).ok()?, None);
    }
    Some(places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Editor, Effect, SAMPLES, Surroundings};

    /// A worker makes of each sample what a thread makes of it.
    #[test]
    fn a_layout_by_post_is_the_same() {
        let mut count = 0;
        for sample in SAMPLES {
            let mut editor = Editor::new(Surroundings::fixed());
            editor.load_sample(sample);
            let boundary = editor.layout().boundaries.keys().next().cloned();
            let two = editor.layout().cards.keys().take(2).cloned().collect();
            let scopes = [
                Some(LayoutScope::View),
                boundary.map(LayoutScope::Boundary),
                Some(LayoutScope::Selection(two)),
            ];
            for scope in scopes.into_iter().flatten() {
                editor.lay_out(scope);
                for effect in editor.take_effects() {
                    let Effect::LayOut { task, .. } = effect else { continue };
                    let by_post = LayoutTask::of_post(&task.to_post()).unwrap();
                    let places = task.run();
                    assert_eq!(by_post.run(), places);
                    assert_eq!(places_of_post(&places_to_post(&places)), Some(places));
                    count += 1;
                }
            }
        }
        assert!(count > SAMPLES.len());
    }

    #[test]
    fn what_needs_no_place_any_more_is_told_and_nonsense_is_nothing() {
        let places: Places = [(Id::slug("a"), None), (Id::slug("b"), Some(Place::at(8.0, -0.25)))].into();
        assert_eq!(places_of_post(&places_to_post(&places)), Some(places));
        let text = |it: &[&str]| it.iter().map(|it| (*it).to_owned()).collect::<Vec<String>>();
        for bad in [
            &[][..],
            &["(format: 1)"],
            &["(format: 1)", "main", "up", "view"],
            &["nonsense", "main", "down", "view"],
            &["(format: 1)", "main", "down", "boundary"],
        ] {
            assert!(LayoutTask::of_post(&text(bad)).is_none(), "{bad:?}");
        }
        assert_eq!((places_of_post(&[]), places_of_post(&text(&["nonsense"]))), (None, None));
    }
}
