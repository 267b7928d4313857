//! Artworks: icons of a user's own that the document uses. They stand in it, so that a picture is the same wherever it is
//! opened, and no analysis reads them.

use std::collections::BTreeSet;

use super::record::record;
use super::{Boundary, Component, Draft, Id, Model};

/// The longest SVG of an artwork that is drawn, in bytes. Those that we write are a tenth of it, as a rule.
pub const MAX_ARTWORK_BYTES: usize = 64 << 10;

record! {
    /// An icon of a pack.
    pub struct Artwork {
        /// What its pack is called.
        pub pack: String,
        pub name: String,
        /// An SVG of paths alone, which says `currentColor` where the colour is that of the element.
        pub svg: String,
    }
}

impl Model {
    /// The artwork that an element asked for, if the document has it.
    pub fn artwork(&self, id: &Id) -> Option<&Artwork> {
        self.get(id)
    }

    /// The artworks of the document that elements are drawn with.
    pub fn used_artworks(&self) -> BTreeSet<&Id> {
        let of_components = self.components().values().filter_map(|it| it.icon.as_ref());
        let of_boundaries = self.boundaries().values().filter_map(|it| it.icon.as_ref());
        of_components.chain(of_boundaries).filter(|it| self.artworks().contains_key(*it)).collect()
    }
}

impl Draft<'_> {
    /// Lets go of artworks that this draft took from the last element that was drawn with them: what nobody uses would
    /// travel along for ever, and an undo brings them back with whoever used them.
    pub fn drop_unused_artworks(&mut self) {
        let model = self.model();
        if model.artworks().is_empty() {
            return;
        }
        let components = model.components().iter().map(|(id, it)| (id, &it.icon));
        let boundaries = model.boundaries().iter().map(|(id, it)| (id, &it.icon));
        let mut let_go = BTreeSet::new();
        let mut kept = BTreeSet::new();
        for (id, icon) in components.chain(boundaries) {
            let component = self.get::<Component>(id).map(|it| &it.icon);
            let now = component.or_else(|| self.get::<Boundary>(id).map(|it| &it.icon));
            let now = now.and_then(Option::as_ref);
            if now != icon.as_ref() {
                let_go.extend(icon.as_ref());
            }
            kept.extend(now.cloned());
        }
        kept.extend(self.new_icons());
        for id in let_go.into_iter().filter(|it| !kept.contains(*it)) {
            self.remove::<Artwork>(id);
        }
    }

    /// The icons of elements that this draft makes.
    fn new_icons(&self) -> Vec<Id> {
        let so_far = self.so_far();
        let components = so_far.of::<Component>().filter_map(|it| it.after.as_ref()?.icon.clone());
        let boundaries = so_far.of::<Boundary>().filter_map(|it| it.after.as_ref()?.icon.clone());
        components.chain(boundaries).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{self, Delta};

    const SHOP: &str = r#"(format: 1,
        components: {"a": (icon: "own-1"), "b": (icon: "own-1"), "c": (icon: "server")},
        boundaries: {"t": (icon: "own-2")},
        artworks: {"own-1": (pack: "Cloud", name: "Function", svg: "<svg/>"), "own-2": (name: "Zone", svg: "<svg/>"),
            "own-3": (name: "Nobody's", svg: "<svg/>")})"#;

    #[test]
    fn the_last_that_lets_go_takes_it_along_and_undo_brings_it_back() {
        let mut model = model::read(SHOP.as_bytes()).unwrap();
        assert_eq!(model.used_artworks().len(), 2);
        let before = model.clone();
        let delete = |model: &mut Model, ids: &[&str]| {
            let mut draft = Draft::of(model);
            draft.delete(&ids.iter().map(|it| Id::slug(it)).collect());
            let edit = draft.finish();
            model.apply(&edit)
        };
        delete(&mut model, &["a"]);
        assert_eq!(model.artworks().len(), 3, "another is drawn with it");
        model = before.clone();
        let happened = delete(&mut model, &["a", "b", "t"]);
        assert_eq!(
            model.artworks().keys().map(Id::as_str).collect::<Vec<_>>(),
            ["own-3"],
            "which nobody let go of"
        );
        model.revert(&happened);
        assert_eq!(model, before);
        let mut draft = Draft::of(&model);
        draft.edit::<Component>(&Id::slug("a"), |it| it.icon = None);
        draft.edit::<Component>(&Id::slug("b"), |it| it.icon = Some(Id::slug("own-2")));
        draft.edit::<Boundary>(&Id::slug("t"), |it| it.icon = None);
        draft.drop_unused_artworks();
        let edit = draft.finish();
        let gone: Vec<&Delta<Artwork>> = edit.of::<Artwork>().collect();
        assert_eq!(gone.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["own-1"]);
    }

    #[test]
    fn it_is_written_and_read() {
        let model = model::read(SHOP.as_bytes()).unwrap();
        let written = model::write(&model);
        assert_eq!(model::read(written.as_bytes()).unwrap(), model);
        assert!(
            written.contains(r#""own-1": (pack: "Cloud", name: "Function", svg: "<svg/>")"#),
            "{written}"
        );
    }
}
