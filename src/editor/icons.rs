//! Which icons elements are drawn with: what there is to choose from, and choosing.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Editor, Tone};
use crate::model::{Artwork, Boundary, Component, Draft, Family, Id};
use crate::scene::CardIcon;
use crate::tokens;

/// An icon to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IconOffer {
    pub name: String,
    pub icon: CardIcon,
    pub choice: IconChoice,
}

/// What is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IconChoice {
    /// That of the kind, whatever that becomes.
    Kind,
    /// An artwork of the document, or a bundled icon.
    Named(Id),
    /// An icon of a pack, by their places.
    OfPack(usize, usize),
}

/// Icons that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IconGroup {
    pub title: String,
    pub offers: Vec<IconOffer>,
}

impl Editor {
    /// What of the selection is drawn with an icon: boundaries, and components but for notes.
    fn with_icons(&self) -> BTreeSet<Id> {
        let model = self.model();
        let has_icon = |id: &&Id| {
            model.component(id).is_some_and(|it| it.kind().family != Family::Note)
                || model.boundaries().contains_key(*id)
        };
        self.selection().iter().filter(has_icon).cloned().collect()
    }

    /// Whether an icon can be chosen for what is selected.
    pub fn can_choose_icon(&self) -> bool {
        !self.with_icons().is_empty()
    }

    /// The choice that all of the selection share, if they do.
    pub fn icon_now(&self) -> Option<IconChoice> {
        let model = self.model();
        let icon = |id: &Id| {
            let of_component = model.component(id).map(|it| it.icon.clone());
            of_component.or_else(|| model.boundary(id).map(|it| it.icon.clone())).flatten()
        };
        let mut all = self.with_icons().into_iter().map(|it| icon(&it));
        let first = all.next()?;
        let choice = first.clone().map_or(IconChoice::Kind, IconChoice::Named);
        all.all(|it| it == first).then_some(choice)
    }

    /// All icons there are: that of the kind, those of the document, the packs one by one, and those of the app.
    pub fn icon_groups(&self) -> Vec<IconGroup> {
        let model = self.model();
        let group = |title: &str, offers: Vec<IconOffer>| IconGroup { title: title.to_owned(), offers };
        let kinds: BTreeSet<&str> = (self.with_icons().iter())
            .filter_map(|id| {
                let of_component = model.component(id).map(|it| it.kind().icon.as_str());
                of_component.or_else(|| model.boundary(id).map(|it| it.kind().icon.as_str()))
            })
            .collect();
        let (name, kind) = match kinds.iter().collect::<Vec<_>>()[..] {
            [only] => ("Kind's own", *only),
            _ => ("Kinds' own", "boxes"),
        };
        let kind =
            IconOffer { name: name.to_owned(), icon: CardIcon::bundled(kind), choice: IconChoice::Kind };
        let mut used: Vec<IconOffer> = (model.artworks().iter())
            .filter_map(|(id, it)| {
                let icon = CardIcon::Own(tokens::artwork(&it.svg)?);
                let name = if it.name.trim().is_empty() { id.to_string() } else { it.name.clone() };
                Some(IconOffer { name, icon, choice: IconChoice::Named(id.clone()) })
            })
            .collect();
        used.sort_by_cached_key(|it| crate::model::natural(&it.name));
        let packs = self.icon_packs.all().iter().enumerate().map(|(n, pack)| {
            let offers = pack.icons.iter().enumerate().map(|(m, it)| IconOffer {
                name: it.name.clone(),
                icon: CardIcon::Own(Arc::clone(&it.icon)),
                choice: IconChoice::OfPack(n, m),
            });
            group(&pack.name, offers.collect())
        });
        let bundled = tokens::icon_names().map(|name| IconOffer {
            name: readable(name),
            icon: CardIcon::bundled(name),
            choice: IconChoice::Named(Id::slug(name)),
        });
        let mut groups = vec![group("", vec![kind]), group("In this document", used)];
        groups.extend(packs);
        groups.push(group("Parapet", bundled.collect()));
        groups.retain(|it| !it.offers.is_empty());
        groups
    }

    /// Draws what is selected with an icon, as one step. One of a pack is copied into the document, once.
    pub fn choose_icon(&mut self, choice: &IconChoice) {
        let ids = self.with_icons();
        let packed = match choice {
            IconChoice::OfPack(pack, n) => {
                let Some(pack) = self.icon_packs.all().get(*pack) else { return };
                let Some(it) = pack.icons.get(*n) else { return };
                Some(Artwork { pack: pack.name.clone(), name: it.name.clone(), svg: it.icon.to_svg() })
            }
            _ => None,
        };
        let named = match choice {
            IconChoice::Named(id) => Some(id.clone()),
            _ => None,
        };
        let revision = self.document.revision;
        let label =
            if ids.len() == 1 { "Change the icon".to_owned() } else { format!("Change {} icons", ids.len()) };
        self.change(label, |draft, ids_to_mint| {
            let icon = packed.map(|it| put_artwork(draft, ids_to_mint, it)).or(named);
            for id in &ids {
                draft.edit::<Component>(id, |it| it.icon.clone_from(&icon));
                draft.edit::<Boundary>(id, |it| it.icon.clone_from(&icon));
            }
            draft.drop_unused_artworks();
        });
        if self.document.revision == revision {
            self.say(Tone::Info, "It is drawn with this icon already.", &[]);
        }
    }
}

/// Puts an artwork into the document, unless it is there already; returns its id.
pub(super) fn put_artwork(draft: &mut Draft<'_>, ids: &mut crate::model::Ids, artwork: Artwork) -> Id {
    let same = draft.model().artworks().iter().find(|it| it.1.svg == artwork.svg);
    if let Some((id, _)) = same {
        return id.clone();
    }
    // A bundled icon of the same name is another one.
    let model = draft.model();
    let is_taken = |id: &Id| model.artworks().contains_key(id) || tokens::icon(id.as_str()).is_some();
    let id = ids.mint(&artwork.name, is_taken);
    draft.put(id.clone(), artwork);
    id
}

/// The name of a bundled icon in words.
fn readable(name: &str) -> String {
    crate::model::capital(&name.replace('-', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Event, IconReader, Surroundings};
    use crate::scene::{CardFace, Pos};

    const RED: &str = r##"<svg viewBox="0 0 9 9"><path fill="#f00" d="M0 0H9V9z"/></svg>"##;
    const BLUE: &str = r##"<svg viewBox="0 0 9 9"><path fill="#00f" d="M0 0H9V9z"/></svg>"##;

    fn editor() -> (Editor, Id, Id) {
        let mut editor = Editor::new(Surroundings::fixed());
        let a = editor.add_component("web-server", Pos::new(100.0, 100.0));
        let b = editor.add_component("sql-database", Pos::new(400.0, 100.0));
        let mut reader = IconReader::new(Some("/icons/cloud"));
        reader.take("red.svg", RED.as_bytes());
        reader.take("blue.svg", BLUE.as_bytes());
        let pack = Box::new(reader.finish());
        editor.handle(Event::IconsRead { asked: "/icons/cloud".to_owned(), pack });
        (editor, a, b)
    }

    fn is_drawn_coloured(editor: &Editor, id: &Id) -> bool {
        match &editor.layout().cards[id].face {
            CardFace::Element { icon, .. } => icon.is_coloured(),
            CardFace::Note { .. } => false,
        }
    }

    #[test]
    fn an_icon_of_a_pack_is_copied_into_the_document_once_and_goes_with_its_last_user() {
        let (mut editor, a, b) = editor();
        editor.select([a.clone(), b.clone()]);
        let before = editor.model().clone();
        editor.choose_icon(&IconChoice::OfPack(0, 1));
        assert_eq!(editor.model().artworks().len(), 1);
        assert!(is_drawn_coloured(&editor, &a) && is_drawn_coloured(&editor, &b));
        assert!(!editor.is_behind(), "no finding follows from it");
        let artwork = editor.model().artworks().values().next().unwrap();
        assert_eq!((&*artwork.pack, &*artwork.name), ("cloud", "Red"));
        editor.undo();
        assert_eq!(*editor.model(), before);
        editor.redo();
        editor.select([a.clone()]);
        editor.choose_icon(&IconChoice::OfPack(0, 0));
        assert_eq!(editor.model().artworks().len(), 2);
        assert!(matches!(editor.icon_now(), Some(IconChoice::Named(_))));
        editor.select([a.clone(), b]);
        assert_eq!(editor.icon_now(), None, "they differ");
        editor.choose_icon(&IconChoice::Kind);
        assert!(editor.model().artworks().is_empty());
        assert!(!is_drawn_coloured(&editor, &a));
        editor.choose_icon(&IconChoice::Named(Id::slug("shield")));
        assert_eq!(editor.model().component(&a).unwrap().icon, Some(Id::slug("shield")));
        assert!(editor.model().artworks().is_empty());
    }

    #[test]
    fn a_copy_takes_its_artwork_along_and_shares_what_is_there() {
        let (mut editor, a, _) = editor();
        editor.select([a]);
        editor.choose_icon(&IconChoice::OfPack(0, 1));
        let fragment = editor.fragment().unwrap();
        editor.paste(&fragment, None);
        assert_eq!(editor.model().artworks().len(), 1);
        let mut other = Editor::new(Surroundings::fixed());
        other.paste(&fragment, None);
        other.paste(&fragment, None);
        assert_eq!((other.model().artworks().len(), other.model().components().len()), (1, 2));
        let ids: Vec<Id> = other.model().components().keys().cloned().collect();
        assert!(ids.iter().all(|it| is_drawn_coloured(&other, it)));
        // The same id there is another picture.
        let (id, _) = editor.model().artworks().iter().next().unwrap();
        let foreign = fragment.replace("#ff0000", "#00ff00");
        other.paste(&foreign, None);
        assert_eq!(other.model().artworks().len(), 2);
        assert!(other.model().artworks().contains_key(id));
        other.select_all();
        other.cut();
        assert!(other.model().artworks().is_empty());
        other.undo();
        assert_eq!(other.model().artworks().len(), 2);
    }

    #[test]
    fn there_is_a_choice_of_groups_and_notes_have_none() {
        let (mut editor, a, _) = editor();
        editor.select([a]);
        let titles =
            |editor: &Editor| editor.icon_groups().into_iter().map(|it| it.title).collect::<Vec<_>>();
        assert_eq!(titles(&editor), ["", "cloud", "Parapet"]);
        assert_eq!(editor.icon_now(), Some(IconChoice::Kind));
        editor.choose_icon(&IconChoice::OfPack(0, 0));
        assert_eq!(titles(&editor), ["", "In this document", "cloud", "Parapet"]);
        editor.select_all();
        let drawn = |it: &IconGroup| it.offers.iter().all(|it| !it.icon.parts.is_empty());
        assert!(editor.icon_groups().iter().all(drawn), "of several kinds, too");
        let note = editor.add_component("note", Pos::ZERO);
        editor.select([note]);
        assert!(!editor.can_choose_icon() && !editor.run("edit.icon"));
    }
}
