//! What comes into a model from elsewhere, under ids and with places that are free there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::create::{move_waypoints, next_name};
use crate::model::{
    self, Allows, Asset, Boundary, Change, Component, Delta, Draft, Edit, From, Id, Ids, Ingress, Model,
    Nesting, Place, Stored,
};
use crate::scene::{self, Pos};

/// The edit that adds a fragment under fresh ids. Assets that the model has already are shared.
pub(super) fn insertion(
    model: &Model,
    fragment: &Model,
    view: &Id,
    by: Pos,
    rename: bool,
    ids: &mut Ids,
) -> Edit {
    // Written against nothing, so that what the model has under the same ids is not in the way.
    let nothing = Model::new();
    let mut draft = Draft::of(&nothing);
    let mut taken: BTreeSet<String> = model.components().values().map(|it| it.name.clone()).collect();
    taken.extend(model.boundaries().values().map(|it| it.name.clone()));
    for (id, asset) in fragment.assets() {
        if model.asset(id).is_none() {
            draft.put(id.clone(), (**asset).clone());
        }
    }
    let artworks = share_artworks(model, fragment, &mut draft, ids);
    let icon = |it: &Option<Id>| it.as_ref().map(|it| artworks.get(it).unwrap_or(it).clone());
    for (id, component) in fragment.components() {
        let mut it = (**component).clone();
        it.icon = icon(&it.icon);
        if rename && taken.contains(&it.name) && !it.name.is_empty() {
            it.name = next_name(&it.name, &taken);
        }
        taken.insert(it.name.clone());
        draft.put(id.clone(), it);
    }
    for (id, boundary) in fragment.boundaries() {
        let mut it = (**boundary).clone();
        it.icon = icon(&it.icon);
        if rename && taken.contains(&it.name) && !it.name.is_empty() {
            it.name = next_name(&it.name, &taken);
        }
        draft.put(id.clone(), it);
    }
    fragment.flows().iter().for_each(|(id, it)| draft.put(id.clone(), (**it).clone()));
    for ((_, id), place) in fragment.places() {
        let mut place = (**place).clone();
        // Of a flow, the corners alone say where it is.
        if fragment.flow(id).is_none() {
            (place.x, place.y) = ((place.x.px() + by.x).into(), (place.y.px() + by.y).into());
        }
        move_waypoints(&mut place, by);
        // Where it comes to stand, somebody will want to move it.
        place.locked = false;
        draft.put((view.clone(), id.clone()), place);
    }
    with_fresh_ids(model, &draft.finish(), ids)
}

/// Adds the artworks that a fragment is drawn with, but for those that the model has; returns those that are called
/// otherwise there.
fn share_artworks(model: &Model, fragment: &Model, draft: &mut Draft<'_>, ids: &mut Ids) -> BTreeMap<Id, Id> {
    let mut renamed = BTreeMap::new();
    for id in fragment.used_artworks() {
        let Some(artwork) = fragment.artwork(id) else { continue };
        let known = model.artworks().iter().find(|it| it.1.svg == artwork.svg).map(|it| it.0.clone());
        let new = known.unwrap_or_else(|| {
            let is_taken =
                |it: &Id| model.artworks().contains_key(it) || fragment.artworks().contains_key(it);
            let new = if model.artworks().contains_key(id) {
                ids.mint(&artwork.name, is_taken)
            } else {
                id.clone()
            };
            draft.put(new.clone(), artwork.clone());
            new
        });
        if new != *id {
            renamed.insert(id.clone(), new);
        }
    }
    renamed
}

/// The same edit with fresh ids for the components, boundaries and flows that it adds, wherever it names them. Assets keep
/// theirs, by which another fragment knows them again, unless something else is called so.
pub(super) fn with_fresh_ids(model: &Model, edit: &Edit, ids: &mut Ids) -> Edit {
    let mut fresh: BTreeMap<Id, Id> = BTreeMap::new();
    let assets: BTreeSet<&Id> = edit.of::<Asset>().map(|it| &it.key).collect();
    let is_taken = |it: &Id| model.is_taken(it) || assets.contains(it);
    for change in edit.changes() {
        let (id, stem) = match change {
            Change::Component(it) if it.before.is_none() => {
                (&it.key, it.after.as_ref().map(|it| it.title().to_owned()))
            }
            Change::Boundary(it) if it.before.is_none() => {
                (&it.key, it.after.as_ref().map(|it| it.title().to_owned()))
            }
            Change::Flow(it) if it.before.is_none() => (&it.key, Some("flow".to_owned())),
            Change::Asset(it) if it.before.is_none() && model.is_taken(&it.key) => {
                (&it.key, it.after.as_ref().map(|it| it.name.clone()))
            }
            _ => continue,
        };
        let minted =
            ids.mint(&stem.unwrap_or_default(), |it| is_taken(it) || fresh.values().any(|known| known == it));
        fresh.insert(id.clone(), minted);
    }
    edit.changes().iter().map(|it| renamed(it, &fresh)).collect()
}

fn renamed(change: &Change, fresh: &BTreeMap<Id, Id>) -> Change {
    let new = |id: &Id| fresh.get(id).unwrap_or(id).clone();
    let opt = |id: &Option<Id>| id.as_ref().map(new);
    let all = |ids: &[Id]| ids.iter().map(new).collect::<Vec<_>>();
    let from = |it: &From| if let From::Of(ids) = it { From::Of(all(ids)) } else { it.clone() };
    let entries = |it: &[model::Allow]| {
        it.iter().map(|it| model::Allow::of(it.ports.clone(), from(&it.from))).collect()
    };
    match change {
        Change::Component(it) => Change::Component(rewritten(it, new(&it.key), |it| {
            (it.within, it.gate_of) = (opt(&it.within), opt(&it.gate_of));
            (it.stores, it.processes) = (all(&it.stores), all(&it.processes));
            if let Allows::Only(list) = &it.allows {
                it.allows = Allows::Only(entries(list));
            }
            it.listeners.iter_mut().for_each(|it| it.meant_for = from(&it.meant_for));
        })),
        Change::Boundary(it) => Change::Boundary(rewritten(it, new(&it.key), |it| {
            it.within = opt(&it.within);
            if let Ingress::Only(list) = &it.ingress {
                it.ingress = Ingress::Only(entries(list));
            }
        })),
        Change::Flow(it) => Change::Flow(rewritten(it, new(&it.key), |it| {
            (it.from, it.to, it.carries) = (new(&it.from), new(&it.to), all(&it.carries));
        })),
        Change::Asset(it) => Change::Asset(Delta { key: new(&it.key), ..it.clone() }),
        Change::Feature(it) => Change::Feature(rewritten(it, it.key.clone(), |it| it.flows = all(&it.flows))),
        Change::Place(it) => {
            let key = (it.key.0.clone(), new(&it.key.1));
            Change::Place(Delta { key, ..it.clone() })
        }
        other => other.clone(),
    }
}

/// A change of a record under that key, and with what it comes to be rewritten.
fn rewritten<T: Stored>(it: &Delta<T>, key: T::Key, rewrite: impl FnOnce(&mut T)) -> Delta<T> {
    let mut after = it.after.clone();
    if let Some(after) = &mut after {
        rewrite(Arc::make_mut(after));
    }
    Delta { key, before: it.before.clone(), after }
}

/// The same edit with places on a view for the boxes that it adds without one: whatever adds elements adds their places.
pub(super) fn with_places(model: &Model, view: &Id, edit: &Edit) -> Edit {
    let placed: BTreeSet<&Id> = edit.of::<Place>().map(|it| &it.key.1).collect();
    let bare: Vec<Id> = added(edit).into_iter().filter(|it| !placed.contains(it)).collect();
    if bare.is_empty() {
        return edit.clone();
    }
    let mut next = model.clone();
    next.apply(edit);
    let nesting = Nesting::of(&next);
    let near = |id: &Id| {
        let flows = next.flows().values();
        let other = flows
            .filter_map(|it| if it.from == *id { Some(&it.to) } else { (it.to == *id).then_some(&it.from) });
        other.filter(|it| model.place(view, it).is_some()).min().cloned()
    };
    let wish = |id: &Id| near(id).map_or(scene::Wish::Anywhere, scene::Wish::Near);
    let new: Vec<scene::New> = bare.iter().map(|id| scene::New { id: id.clone(), wish: wish(id) }).collect();
    let mut draft = Draft::of(&next);
    for (id, place) in scene::place_new(&next, &nesting, view, &new) {
        draft.put((view.clone(), id), place);
    }
    let places = draft.finish();
    edit.changes().iter().chain(places.changes()).cloned().collect()
}

/// The components and boundaries that an edit adds.
pub(super) fn added(edit: &Edit) -> Vec<Id> {
    let components = edit.of::<Component>().filter(|it| it.before.is_none()).map(|it| it.key.clone());
    let boundaries = edit.of::<Boundary>().filter(|it| it.before.is_none()).map(|it| it.key.clone());
    components.chain(boundaries).collect()
}
