//! Comments: threads of messages, pinned to an element or to a point of a view. They are no elements, and no finding follows
//! from them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::record::{Field, merge_by_entry, record};
use super::{Figure, Id, Ids, Model, natural};

/// The longest message that is written, and the longest name, in characters.
pub const MAX_MESSAGE: usize = 4000;
pub const MAX_AUTHOR: usize = 80;

record! {
    /// A thread of comments.
    pub struct Comment {
        /// The element that it is pinned to; none if it is pinned to a point.
        pub on: Option<Id>,
        /// What that element was called, once it is gone.
        pub was: String,
        /// The view of the point, and where it is: of a thread whose element is gone, where that stood.
        pub view: Option<Id>,
        pub x: Figure,
        pub y: Figure,
        pub messages: Messages,
        /// Nothing is left to be said.
        pub resolved: bool,
        pub resolved_by: String,
        /// The day, `2026-11-24`.
        pub resolved_on: String,
    }
}

record! {
    /// What somebody said.
    pub struct Message {
        pub author: String,
        /// The day, `2026-11-24`.
        pub day: String,
        pub text: String,
    }
}

/// The messages of a thread in their order: ids begin with their number, and end so that two people who answer at the same
/// time do not collide.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Messages(pub BTreeMap<Id, Message>);

impl Messages {
    /// An id behind all that are there.
    pub fn next(&self, ids: &mut Ids) -> Id {
        let number = |it: &Id| it.as_str().split('-').next().and_then(|it| it.parse::<u32>().ok());
        let last = self.0.keys().filter_map(number).max().unwrap_or(0);
        ids.mint(&format!("{:04}", last.saturating_add(1)), |it| self.0.contains_key(it))
    }
}

impl Field for Messages {
    /// By entry, as answers are: who takes back a message of their own leaves those of others.
    fn merge(now: &mut Self, before: &Self, after: &Self, only_if_before: bool) {
        merge_by_entry(&mut now.0, (&before.0, &after.0), only_if_before);
    }
}

/// What a thread is pinned to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Anchor<'a> {
    Element(&'a Id),
    /// A point of a view, in pixels at 100 %.
    Point {
        view: &'a Id,
        x: f32,
        y: f32,
    },
    /// Its element or its view is gone, and nothing says where that was.
    Nowhere,
}

impl Comment {
    pub fn anchor<'a>(&'a self, model: &Model) -> Anchor<'a> {
        match (&self.on, &self.view) {
            (Some(id), _) if model.has(id) => Anchor::Element(id),
            (_, Some(view)) if model.views().contains_key(view) => {
                Anchor::Point { view, x: self.x.px(), y: self.y.px() }
            }
            _ => Anchor::Nowhere,
        }
    }

    /// What it was pinned to, if that is gone.
    pub fn lost(&self, model: &Model) -> Option<&str> {
        match &self.on {
            Some(id) if model.has(id) => None,
            Some(id) if self.was.is_empty() => Some(id.as_str()),
            _ => Some(self.was.as_str()).filter(|it| !it.is_empty()),
        }
    }

    /// What it is about, in words.
    pub fn about(&self, model: &Model) -> String {
        match (self.anchor(model), self.lost(model)) {
            (Anchor::Element(id), _) => model.title(id),
            (_, Some(was)) => format!("{was}, which is gone"),
            (Anchor::Point { view, .. }, None) => {
                let name = model.views().get(view).map(|it| it.name.as_str()).unwrap_or_default();
                format!("A point of {}", if name.is_empty() { view.as_str() } else { name })
            }
            (Anchor::Nowhere, None) => "A view that is gone".to_owned(),
        }
    }

    /// What it is called: how it begins.
    pub fn title(&self) -> String {
        let first = self.messages.0.values().next().map(|it| it.text.as_str()).unwrap_or_default();
        let line = first.lines().map(str::trim).find(|it| !it.is_empty()).unwrap_or_default();
        line.chars().take(MAX_AUTHOR).collect()
    }

    /// Leaves its element, which is about to be deleted, and stays where that stands.
    pub(super) fn leave(&mut self, model: &Model) {
        let Some(id) = self.on.take() else { return };
        self.was = model.title(&id);
        if let Some((view, x, y)) = stands(model, &id) {
            (self.view, self.x, self.y) = (Some(view), x.into(), y.into());
        }
    }
}

impl Model {
    /// The threads of comments, those that were spoken in last first.
    pub fn threads(&self) -> Vec<(&Id, &Comment)> {
        let mut all: Vec<(&Id, &Comment)> = self.comments().iter().map(|(id, it)| (id, &**it)).collect();
        let day = |it: &Comment| it.messages.0.values().map(|it| it.day.clone()).max().unwrap_or_default();
        all.sort_by_cached_key(|(_, it)| (Reverse(day(it)), natural(&it.title())));
        all
    }
}

/// A view that an element is drawn on, the first of them, and about where on it.
fn stands(model: &Model, id: &Id) -> Option<(Id, f32, f32)> {
    let mut views: Vec<(u32, &Id)> = model.views().iter().map(|(id, it)| (it.order, id)).collect();
    views.sort_unstable();
    let place = |(_, view): (u32, &Id)| {
        let (x, y) = match model.flow(id) {
            Some(flow) => {
                let (a, b) = (model.spot(view, &flow.from)?, model.spot(view, &flow.to)?);
                (f32::midpoint(a.0, b.0), f32::midpoint(a.1, b.1))
            }
            None => model.spot(view, id)?,
        };
        Some((view.clone(), x, y))
    };
    views.into_iter().find_map(place)
}

/// A message or a name as it is kept: without blanks around it, and no longer than so many characters.
pub fn kept(text: &str, most: usize) -> String {
    text.trim().chars().take(most).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::{self, Draft};

    const SHOP: &str = r#"(format: 1,
        components: {"a": (name: "Web"), "b": (name: "Data"), "fw": (kind: "firewall", gate_of: "t")},
        boundaries: {"t": (name: "Tier")}, flows: {"f": (from: "a", to: "b")},
        comments: {
            "c-a": (on: "a", messages: {"0001-aaaa": (author: "Ada", day: "2026-11-24", text: "Who patches this?")}),
            "c-f": (on: "f"), "c-fw": (on: "fw"), "c-odd": (on: "nobody", view: "main", x: 7, y: 9),
            "c-none": (on: "nobody"),
        },
        places: {("main", "a"): (x: 100, y: 40), ("main", "b"): (x: 300, y: 140),
            ("main", "t"): (x: 0, y: 200, width: 400, height: 100), ("main", "fw"): (side: right, offset: 0.25)})"#;

    fn shop() -> Model {
        model::read(SHOP.as_bytes()).unwrap()
    }

    fn get<'m>(model: &'m Model, id: &str) -> &'m Comment {
        &model.comments()[&Id::slug(id)]
    }

    #[test]
    fn a_thread_stays_where_its_element_was_and_comes_back_with_it() {
        let mut model = shop();
        let before = model.clone();
        assert_eq!(get(&model, "c-a").anchor(&model), Anchor::Element(&Id::slug("a")));
        let mut draft = Draft::of(&model);
        draft.delete(&BTreeSet::from(["a", "fw"].map(Id::slug)));
        let edit = draft.finish();
        let happened = model.apply(&edit);
        let main = Id::slug("main");
        let at = |id: &str| match get(&model, id).anchor(&model) {
            Anchor::Point { view, x, y } if *view == main => (x, y),
            other => panic!("{other:?}"),
        };
        assert_eq!(at("c-a"), (100.0, 40.0));
        assert_eq!(at("c-f"), (200.0, 90.0), "its flow went with its end");
        assert_eq!(at("c-fw"), (400.0, 225.0), "on the edge of the boundary");
        assert_eq!(get(&model, "c-a").about(&model), "Web, which is gone");
        assert_eq!(get(&model, "c-f").about(&model), "Web → Data, which is gone");
        model.revert(&happened);
        assert_eq!(model, before);
    }

    #[test]
    fn one_that_names_nothing_stays_at_its_point_or_in_the_list() {
        let model = shop();
        let odd = get(&model, "c-odd");
        assert!(matches!(odd.anchor(&model), Anchor::Point { x, y, .. } if (x, y) == (7.0, 9.0)));
        assert_eq!(odd.about(&model), "nobody, which is gone");
        assert_eq!(get(&model, "c-none").anchor(&model), Anchor::Nowhere);
        assert_eq!(model::read(model::write(&model).as_bytes()).unwrap(), model, "and is written back");
    }

    #[test]
    fn messages_are_in_their_order_and_merge_one_by_one() {
        let mut model = shop();
        let mut ids = Ids::seeded(1);
        let say = |model: &Model, ids: &mut Ids, text: &str| {
            let mut draft = Draft::of(model);
            draft.edit::<Comment>(&Id::slug("c-a"), |it| {
                let id = it.messages.next(ids);
                it.messages.0.insert(id, Message { text: text.to_owned(), ..Message::default() });
            });
            draft.finish()
        };
        // Both answer what they see.
        let (mine, theirs) = (say(&model, &mut ids, "mine"), say(&model, &mut ids, "theirs"));
        let mine = model.apply(&mine);
        model.apply(&theirs);
        assert_eq!(get(&model, "c-a").messages.0.len(), 3);
        for n in 0..12 {
            let next = say(&model, &mut ids, &n.to_string());
            model.apply(&next);
        }
        let said: Vec<&str> = get(&model, "c-a").messages.0.values().map(|it| it.text.as_str()).collect();
        assert_eq!(
            (said[0], &said[3..]),
            ("Who patches this?", &["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"][..])
        );
        model.revert(&mine);
        let said: Vec<&str> = get(&model, "c-a").messages.0.values().map(|it| it.text.as_str()).collect();
        assert!(!said.contains(&"mine") && said.contains(&"theirs"));
    }

    #[test]
    fn what_is_kept_has_an_end() {
        assert_eq!(kept("  a b \n", 10), "a b");
        assert_eq!(kept(&"é ".repeat(9000), MAX_MESSAGE).chars().count(), MAX_MESSAGE - 1);
    }
}
