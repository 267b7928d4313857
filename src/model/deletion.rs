//! Deleting: what goes along, in the same edit.

use std::collections::BTreeSet;

use super::{
    Allow, Allows, Api, Asset, Boundary, Comment, Component, Dataset, Decision, Draft, Feature, Flow, From,
    Id, Ingress, Nesting, Only, Place, Remark, Threat, View,
};

impl Draft<'_> {
    /// Deletes elements of any table. Flows at them, their places, gates and memberships go along; verdicts stay, and so do
    /// comments, each where its element stood.
    ///
    /// What stood in a deleted boundary and is not deleted itself stands in the boundary around it then. Lists that
    /// named a deleted element (assets carried, origins of an allow, a feature's path) forget it.
    pub fn delete(&mut self, ids: &BTreeSet<Id>) {
        let model = self.model();
        let mut gone = ids.clone();
        for (id, flow) in model.flows() {
            if gone.contains(id) || ids.contains(&flow.from) || ids.contains(&flow.to) {
                gone.insert(id.clone());
                self.remove::<Flow>(id);
            }
        }
        let threads = model.comments().iter();
        for (id, _) in threads.filter(|it| it.1.on.as_ref().is_some_and(|it| gone.contains(it))) {
            self.edit::<Comment>(id, |it| it.leave(model));
        }
        self.remove_rows(ids);
        self.forget_in_components(&gone);
        self.forget_in_boundaries(&gone);
        self.forget_elsewhere(&gone);
        // Only those of what is gone: what comes before the field is an id, and none has a dot.
        let about =
            |key: &str| key.split_once('.').is_some_and(|it| gone.iter().any(|id| id.as_str() == it.0));
        for key in model.remarks().keys().filter(|it| about(it)) {
            self.remove::<Remark>(key);
        }
        for key in model.places().keys().filter(|(view, it)| gone.contains(it) || gone.contains(view)) {
            self.remove::<Place>(key);
        }
        self.drop_unused_artworks();
    }

    /// Writes into the places of a gate where it sits, as it is about to be none.
    pub fn come_off_the_edge(&mut self, id: &Id) {
        let model = self.model();
        for view in model.views().keys() {
            let is_on_edge = model.place(view, id).is_some_and(|it| it.side.is_some());
            if let Some((x, y)) = model.spot(view, id).filter(|_| is_on_edge) {
                self.edit::<Place>(&(view.clone(), id.clone()), |it| {
                    (it.x, it.y, it.side, it.offset) = (x.into(), y.into(), None, None);
                });
            }
        }
    }

    fn remove_rows(&mut self, ids: &BTreeSet<Id>) {
        for id in ids {
            self.remove::<Component>(id);
            self.remove::<Boundary>(id);
            self.remove::<Asset>(id);
            self.remove::<Feature>(id);
            self.remove::<Api>(id);
            self.remove::<Dataset>(id);
            self.remove::<Decision>(id);
            self.remove::<Threat>(id);
            self.remove::<View>(id);
        }
    }

    fn forget_in_components(&mut self, gone: &BTreeSet<Id>) {
        let model = self.model();
        let nesting = Nesting::of(model);
        let is_gone = |id: &Option<Id>| id.as_ref().is_some_and(|it| gone.contains(it));
        for (id, component) in model.components().iter().filter(|(id, _)| !gone.contains(*id)) {
            let touched = is_gone(&component.within)
                || is_gone(&component.gate_of)
                || component.stores.iter().chain(&component.processes).any(|it| gone.contains(it))
                || component.allows.entries().iter().any(|it| names(it, gone))
                || component.listeners.iter().any(|it| names_from(&it.meant_for, gone));
            if !touched {
                continue;
            }
            if is_gone(&component.gate_of) {
                self.come_off_the_edge(id);
            }
            self.edit::<Component>(id, |it| {
                if is_gone(&it.within) {
                    it.within = nesting.ancestors(id).find(|it| !gone.contains(*it)).cloned();
                }
                it.gate_of.take_if(|it| gone.contains(it));
                it.stores.retain(|it| !gone.contains(it));
                it.processes.retain(|it| !gone.contains(it));
                if let Allows::Only(entries) = &mut it.allows {
                    forget_all(entries, gone);
                }
                it.listeners.iter_mut().for_each(|it| forget(&mut it.meant_for, gone));
            });
        }
    }

    fn forget_in_boundaries(&mut self, gone: &BTreeSet<Id>) {
        let model = self.model();
        let nesting = Nesting::of(model);
        for (id, boundary) in model.boundaries().iter().filter(|(id, _)| !gone.contains(*id)) {
            let outside = boundary.within.as_ref().is_some_and(|it| gone.contains(it));
            if outside || boundary.ingress.entries().iter().any(|it| names(it, gone)) {
                self.edit::<Boundary>(id, |it| {
                    if outside {
                        it.within = nesting.ancestors(id).find(|it| !gone.contains(*it)).cloned();
                    }
                    if let Ingress::Only(entries) = &mut it.ingress {
                        forget_all(entries, gone);
                    }
                });
            }
        }
    }

    fn forget_elsewhere(&mut self, gone: &BTreeSet<Id>) {
        let model = self.model();
        let is_gone = |it: &Only| matches!(it, Only::Within(id) if gone.contains(id));
        for (id, view) in model.views() {
            if view.only.iter().any(is_gone) {
                self.edit::<View>(id, |it| it.only.retain(|it| !is_gone(it)));
            }
        }
        for (id, flow) in model.flows() {
            if flow.carries.iter().any(|it| gone.contains(it)) {
                self.edit::<Flow>(id, |it| it.carries.retain(|it| !gone.contains(it)));
            }
        }
        for (id, feature) in model.features() {
            if feature.flows.iter().any(|it| gone.contains(it)) {
                self.edit::<Feature>(id, |it| it.flows.retain(|it| !gone.contains(it)));
            }
        }
        for (id, decision) in model.decisions() {
            if decision.elements.iter().any(|it| gone.contains(it)) {
                self.edit::<Decision>(id, |it| it.elements.retain(|it| !gone.contains(it)));
            }
        }
        for (id, dataset) in model.datasets() {
            let column = |it: &Option<Id>| it.as_ref().is_some_and(|it| gone.contains(it));
            if column(&dataset.store) || dataset.columns.iter().any(|it| column(&it.asset)) {
                self.edit::<Dataset>(id, |it| {
                    it.store.take_if(|it| gone.contains(it));
                    it.columns.iter_mut().for_each(|it| drop(it.asset.take_if(|it| gone.contains(it))));
                });
            }
        }
        for (id, api) in model.apis() {
            if api.component.as_ref().is_some_and(|it| gone.contains(it)) {
                self.edit::<Api>(id, |it| it.component = None);
            }
        }
    }
}

fn names(allow: &Allow, gone: &BTreeSet<Id>) -> bool {
    names_from(&allow.from, gone)
}

fn names_from(from: &From, gone: &BTreeSet<Id>) -> bool {
    matches!(from, From::Of(ids) if ids.iter().any(|it| gone.contains(it)))
}

fn forget_all(entries: &mut [Allow], gone: &BTreeSet<Id>) {
    for entry in entries {
        forget(&mut entry.from, gone);
    }
}

/// An origin that is gone is no origin; a list that is empty then lets nobody in, which is the safe reading.
fn forget(from: &mut From, gone: &BTreeSet<Id>) {
    if let From::Of(ids) = from {
        ids.retain(|it| !gone.contains(it));
    }
}
