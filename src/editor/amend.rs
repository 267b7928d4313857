//! Amending: what an inspector changes of the elements that are there, each change one step of history.

use std::collections::{BTreeMap, BTreeSet};

use super::Editor;
use super::create::{TAKE_OFF, new_component, place};
use crate::model::{Asset, Component, Draft, Flow, Id, Kind, Place, Protocol, Side, Stored, Technology};
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
        self.amend_each(ids, label, |_, it| change(it));
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
        let named = if technology.is_empty() { &kind.label } else { technology };
        let names = self.names_anew(ids, |_| Some(named));
        self.amend_each(ids, format!("Make it {word}"), |id, it| {
            if let Some(name) = names.get(id) {
                it.name.clone_from(name);
            }
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
        // A name that says the old one would be wrong.
        let says_product = |it: &Component| it.technology().is_some_and(|of| is_name_of(&it.name, &of.label));
        let known = Technology::find(technology).map_or(technology, |it| &it.label);
        let named = |it: &Component| if known.is_empty() { &*it.kind().label } else { known };
        let names = self.names_anew(ids, |it| says_product(it).then(|| named(it)));
        self.amend_each(ids, label, |id, it| {
            if let Some(name) = names.get(id) {
                it.name.clone_from(name);
            }
            let kind = it.kind();
            let is_untouched = it.listeners == brought(kind, &it.technology);
            technology.clone_into(&mut it.technology);
            if is_untouched {
                it.listeners = brought(kind, technology);
            }
        });
    }

    /// Alters several components as one step, each in its own way.
    fn amend_each(
        &mut self,
        ids: &BTreeSet<Id>,
        label: impl Into<String>,
        change: impl Fn(&Id, &mut Component),
    ) {
        self.change(label, |draft, _| {
            for id in ids {
                draft.edit::<Component>(id, |it| change(id, it));
            }
        });
    }

    /// New names by a label for those of the components that have one which nobody typed, each another.
    fn names_anew<'l>(
        &self,
        ids: &BTreeSet<Id>,
        label: impl Fn(&Component) -> Option<&'l str>,
    ) -> BTreeMap<Id, String> {
        let mut names: BTreeMap<Id, String> = BTreeMap::new();
        for (id, it) in ids.iter().filter_map(|id| Some((id, self.model.component(id)?))) {
            let Some(label) = label(it).filter(|label| is_given(it) && !is_name_of(&it.name, label)) else {
                continue;
            };
            let name = self.free_name_but(label, |name| names.values().any(|it| it == name));
            names.insert(id.clone(), name);
        }
        names
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

/// Whether a component is called what it was called when it was made: as its kind or its technology is.
fn is_given(it: &Component) -> bool {
    let product = it.technology().map(|it| it.label.as_str());
    [Some(it.kind().label.as_str()), product].into_iter().flatten().any(|label| is_name_of(&it.name, label))
}

/// Whether a name is a label, or that with a number.
fn is_name_of(name: &str, label: &str) -> bool {
    let rest =
        name.strip_prefix(label).and_then(|it| if it.is_empty() { Some("1") } else { it.strip_prefix(' ') });
    rest.is_some_and(|it| !it.is_empty() && it.chars().all(|it| it.is_ascii_digit()))
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

    #[test]
    fn a_name_that_nobody_typed_follows_kind_and_technology() {
        let (mut editor, id) = editor_with("load-balancer");
        let other = editor.add_component("load-balancer", Pos::new(400.0, 0.0));
        let third = editor.add_component("load-balancer", Pos::new(800.0, 0.0));
        editor.rename(&third, "Front door");
        let names = |editor: &Editor| [&id, &other, &third].map(|it| editor.model().title(it));
        assert_eq!(names(&editor), ["Load balancer", "Load balancer 2", "Front door"]);
        editor.select([id.clone(), other.clone(), third.clone()]);
        editor.replace_selection("nat-gateway", "");
        assert_eq!(names(&editor), ["NAT gateway", "NAT gateway 2", "Front door"]);
        editor.replace_selection("sql-database", "PostgreSQL");
        assert_eq!(names(&editor), ["PostgreSQL", "PostgreSQL 2", "Front door"]);
        let ids = editor.selection().clone();
        editor.change_technology(&ids, "mysql:8");
        assert_eq!(names(&editor), ["MySQL", "MySQL 2", "Front door"]);
        editor.change_technology(&ids, "");
        assert_eq!(names(&editor), ["SQL database", "SQL database 2", "Front door"]);
        editor.change_technology(&ids, "mysql");
        assert_eq!(names(&editor), ["SQL database", "SQL database 2", "Front door"], "it is still true");
    }
}
