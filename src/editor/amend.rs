//! Amending: what an inspector changes of the elements that are there, each change one step of history.

use std::collections::BTreeSet;

use super::Editor;
use super::create::{TAKE_OFF, new_component, place};
use crate::model::{Asset, Component, Draft, Flow, Id, Kind, Place, Protocol, Side, Stored};
use crate::scene::{self, Pos};

/// How far above its boundary a gate stands that was taken off it.
const OFF_THE_GATE: f32 = 72.0;

/// What an element does with an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holds {
    /// A component keeps it.
    Stores,
    /// A component handles it without keeping it.
    Processes,
    /// A flow carries it.
    Carries,
}

impl Editor {
    /// Alters one record as one step; nothing happens if it is gone or stays as it is.
    pub fn amend<T: Stored>(&mut self, key: &T::Key, label: impl Into<String>, change: impl FnOnce(&mut T)) {
        self.change(label, |draft, _| draft.edit::<T>(key, change));
    }

    /// Alters several components as one step.
    pub fn amend_all(
        &mut self,
        ids: &BTreeSet<Id>,
        label: impl Into<String>,
        change: impl Fn(&mut Component),
    ) {
        self.change(label, |draft, _| {
            for id in ids {
                draft.edit::<Component>(id, &change);
            }
        });
    }

    /// Alters several flows as one step.
    pub fn amend_flows(&mut self, ids: &BTreeSet<Id>, label: impl Into<String>, change: impl Fn(&mut Flow)) {
        self.change(label, |draft, _| {
            for id in ids {
                draft.edit::<Flow>(id, &change);
            }
        });
    }

    /// Gives a flow a protocol; a port that only the old one had brought follows.
    pub fn change_protocol(&mut self, id: &Id, protocol: &str) {
        let known = Protocol::find(protocol);
        let word = known.map_or(protocol, |it| &it.label);
        self.amend::<Flow>(id, format!("Speak {word}"), |it| {
            let is_untouched = it.protocol().is_some_and(|before| before.port == it.port);
            protocol.clone_into(&mut it.protocol);
            if let Some(known) = known.filter(|_| is_untouched) {
                it.port.clone_from(&known.port);
            }
        });
    }

    /// Makes components another kind. Flows stay; listeners that only the kind had brought go with it.
    pub fn change_kind(&mut self, ids: &BTreeSet<Id>, kind: &str) {
        self.replace_kind(ids, kind, "");
    }

    /// The same, with a technology in the same step unless it is empty.
    pub(super) fn replace_kind(&mut self, ids: &BTreeSet<Id>, kind: &str, technology: &str) {
        let kind = Kind::of(kind);
        let word = if technology.is_empty() { kind.label.to_lowercase() } else { technology.to_owned() };
        self.amend_all(ids, format!("Make it {word}"), |it| {
            let listeners = brought(Kind::of(&it.kind), &it.technology);
            let is_untouched = it.listeners == listeners;
            it.kind.clone_from(&kind.slug);
            if !technology.is_empty() {
                technology.clone_into(&mut it.technology);
            }
            if is_untouched {
                it.listeners = brought(kind, &it.technology);
            }
        });
    }

    /// Gives components a technology; listeners that only the old one had brought follow.
    pub fn change_technology(&mut self, ids: &BTreeSet<Id>, technology: &str) {
        let technology = technology.trim();
        let label = if technology.is_empty() {
            "Clear the technology".to_owned()
        } else {
            format!("Use {technology}")
        };
        self.amend_all(ids, label, |it| {
            let kind = it.kind();
            let is_untouched = it.listeners == brought(kind, &it.technology);
            technology.clone_into(&mut it.technology);
            if is_untouched {
                it.listeners = brought(kind, technology);
            }
        });
    }

    /// Puts a component on the edge of a boundary as its gate, or takes it off.
    pub fn set_gate(&mut self, id: &Id, boundary: Option<&Id>) {
        if let Some(boundary) = boundary {
            self.make_gate(id, boundary, Side::Top, 0.5);
            return;
        }
        if let Some(rect) = self.layout.rect(id) {
            let centre = rect.centre();
            return self.take_off_gate(id, Pos::new(centre.x, centre.y - OFF_THE_GATE));
        }
        // What is not drawn here stands where it stood.
        self.change(TAKE_OFF, |draft, _| {
            draft.come_off_the_edge(id);
            draft.edit::<Component>(id, |it| it.gate_of = None);
        });
    }

    /// Adds a kind of data that has no name yet to speak of.
    pub fn add_asset(&mut self, name: &str) -> Id {
        self.change(format!("Add {name}"), |draft, ids| put_asset(draft, ids, name))
    }

    /// Adds a kind of data, and says in the same step what elements do with it.
    pub fn add_asset_to(&mut self, elements: &BTreeSet<Id>, holds: Holds, name: &str) -> Id {
        self.change(format!("Add {name}"), |draft, ids| {
            let asset = put_asset(draft, ids, name);
            for element in elements {
                hold(draft, element, holds, &asset, true);
            }
            asset
        })
    }

    /// Says that elements hold an asset, or that they do not.
    pub fn hold_asset(&mut self, elements: &BTreeSet<Id>, holds: Holds, asset: &Id, is_held: bool) {
        let word = match (holds, is_held) {
            (Holds::Stores, true) => "Store",
            (Holds::Stores, false) => "Do not store",
            (Holds::Processes, true) => "Process",
            (Holds::Processes, false) => "Do not process",
            (Holds::Carries, true) => "Carry",
            (Holds::Carries, false) => "Do not carry",
        };
        self.change(format!("{word} {}", self.model.title(asset)), |draft, _| {
            for element in elements {
                hold(draft, element, holds, asset, is_held);
            }
        });
    }
}

/// What a component of a kind and technology listens on when it is new.
fn brought(kind: &Kind, technology: &str) -> Vec<crate::model::Listener> {
    new_component(kind, technology, String::new()).listeners
}

fn put_asset(draft: &mut Draft<'_>, ids: &mut crate::model::Ids, name: &str) -> Id {
    let id = draft.mint(ids, name);
    draft.put(id.clone(), Asset { name: name.trim().to_owned(), ..Asset::default() });
    id
}

fn hold(draft: &mut Draft<'_>, element: &Id, holds: Holds, asset: &Id, is_held: bool) {
    let set = |list: &mut Vec<Id>| {
        list.retain(|it| it != asset);
        if is_held {
            list.push(asset.clone());
        }
    };
    match holds {
        Holds::Stores => draft.edit::<Component>(element, |it| set(&mut it.stores)),
        Holds::Processes => draft.edit::<Component>(element, |it| set(&mut it.processes)),
        Holds::Carries => draft.edit::<Flow>(element, |it| set(&mut it.carries)),
    }
}

/// Gives an element that changed its boundary a place there, and takes what is in it along.
pub(super) fn move_to_room(draft: &mut Draft<'_>, view: &Id, id: &Id, inside: &[Id]) {
    let key = (view.clone(), id.clone());
    let Some(old) = draft.get::<Place>(&key).cloned() else { return };
    draft.remove::<Place>(&key);
    place(draft, view, &[scene::New { id: id.clone(), wish: scene::Wish::Anywhere }]);
    let Some(new) = draft.get::<Place>(&key).cloned() else { return };
    let (x, y) = (new.x.px() - old.x.px(), new.y.px() - old.y.px());
    draft.put(key, Place { x: new.x, y: new.y, ..old });
    for member in inside {
        draft.edit::<Place>(&(view.clone(), member.clone()), |it| {
            (it.x, it.y) = ((it.x.px() + x).into(), (it.y.px() + y).into());
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::model::Model;

    fn editor_with(kind: &str) -> (Editor, Id) {
        let mut editor = Editor::new(Surroundings::fixed());
        let id = editor.add_component(kind, Pos::ZERO);
        (editor, id)
    }

    fn port(model: &Model, id: &Id) -> String {
        model.component(id).unwrap().listeners[0].port.to_string()
    }

    #[test]
    fn listeners_follow_kind_and_technology_until_somebody_touches_them() {
        let (mut editor, id) = editor_with("sql-database");
        let ids = BTreeSet::from([id.clone()]);
        editor.change_technology(&ids, "MySQL 8");
        assert_eq!(port(editor.model(), &id), "tcp/3306");
        editor.amend::<Component>(&id, "Listen elsewhere", |it| {
            it.listeners[0].port = crate::model::Ports::tcp(3307);
        });
        editor.change_kind(&ids, "cache");
        assert_eq!(port(editor.model(), &id), "tcp/3307");
        editor.undo();
        editor.undo();
        editor.undo();
        assert_eq!(port(editor.model(), &id), "tcp/5432");
    }

    #[test]
    fn a_new_asset_and_what_holds_it_are_one_step() {
        let (mut editor, id) = editor_with("sql-database");
        let elements = BTreeSet::from([id.clone()]);
        let asset = editor.add_asset_to(&elements, Holds::Stores, "Card numbers");
        assert_eq!(editor.model().component(&id).unwrap().stores, std::slice::from_ref(&asset));
        editor.hold_asset(&elements, Holds::Stores, &asset, false);
        assert!(editor.model().component(&id).unwrap().stores.is_empty());
        editor.undo();
        editor.undo();
        assert!(editor.model().assets().is_empty());
    }

    #[test]
    fn a_gate_that_is_not_drawn_here_gets_no_place_here() {
        let mut editor = Editor::new(Surroundings::fixed());
        let tier = editor.add_boundary("network", scene::Rect::new(-200.0, -200.0, 400.0, 400.0));
        let fw = editor.add_component("firewall", Pos::new(1000.0, 0.0));
        editor.add_view(crate::editor::NewView::Empty);
        editor.put_on_view(std::slice::from_ref(&tier));
        let places = editor.model().places().len();
        editor.set_gate(&fw, Some(&tier));
        assert_eq!(editor.model().component(&fw).unwrap().gate_of, Some(tier));
        editor.set_gate(&fw, None);
        let component = editor.model().component(&fw).unwrap();
        assert_eq!((&component.gate_of, &component.within), (&None, &None));
        assert_eq!(editor.model().places().len(), places);
    }

    #[test]
    fn what_is_put_into_a_boundary_takes_its_contents_along_and_comes_back() {
        let mut editor = Editor::new(Surroundings::fixed());
        let outer = editor.add_boundary("network", scene::Rect::new(1000.0, 0.0, 800.0, 800.0));
        let inner = editor.add_boundary("host", scene::Rect::new(0.0, 0.0, 300.0, 300.0));
        let web = editor.add_component("web-server", Pos::new(150.0, 150.0));
        assert_eq!(editor.nesting().parent(&web), Some(&inner));
        let before = editor.model().clone();
        editor.put_into(&BTreeSet::from([inner.clone()]), Some(&outer));
        assert_eq!(editor.nesting().parent(&inner), Some(&outer));
        let at = |editor: &Editor, id: &Id| {
            let it = editor.model().place(editor.view(), id).unwrap();
            (it.x.px(), it.y.px())
        };
        let (inner_at, web_at) = (at(&editor, &inner), at(&editor, &web));
        let gap = (web_at.0 - inner_at.0, web_at.1 - inner_at.1);
        editor.undo();
        assert_eq!(*editor.model(), before);
        let (inner_at, web_at) = (at(&editor, &inner), at(&editor, &web));
        assert_eq!(gap, (web_at.0 - inner_at.0, web_at.1 - inner_at.1));
    }
}
