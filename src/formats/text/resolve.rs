//! What the statements left to be found out: undeclared ends, ids of flows, and whether references name something.

use std::collections::BTreeMap;

use super::cursor::{Reference, Wanted};
use super::read::{Reader, with_article};
use super::words;
use super::{TextError, flow_id, main_view};
use crate::formats::nearest::did_you_mean;
use crate::model::{Asset, Component, Id, View, main_view_id};

impl Reader<'_> {
    /// To be called when all statements are read.
    pub(super) fn finish(&mut self) -> Result<(), TextError> {
        self.make_ends()?;
        self.make_assets();
        self.name_flows();
        for reference in std::mem::take(&mut self.cursor.references) {
            self.check(&reference)?;
        }
        self.make_view();
        Ok(())
    }

    /// An end that nobody declared becomes a component, of the kind that its id says.
    fn make_ends(&mut self) -> Result<(), TextError> {
        for (id, (name, at)) in std::mem::take(&mut self.ends) {
            match self.declared.get(&id) {
                Some(("component", _)) => {}
                Some((other, _)) => {
                    let message =
                        format!("`{id}` is {}, and a flow's ends are components", with_article(other));
                    return Err(self.cursor.error_at(at, message, "in quotes it is taken as it is"));
                }
                None => {
                    let meant = words::component_kind_of_id(id.as_str());
                    let component = Component {
                        kind: meant.kind,
                        technology: meant.technology,
                        name,
                        ..Component::default()
                    };
                    self.declared.insert(id.clone(), ("component", at));
                    self.draft.put(id, component);
                }
            }
        }
        Ok(())
    }

    /// An asset that is only mentioned becomes one, of unknown class.
    fn make_assets(&mut self) {
        let mentioned: BTreeMap<Id, usize> = self
            .cursor
            .references
            .iter()
            .filter(|it| it.wanted == Wanted::Asset && !self.declared.contains_key(&it.id))
            .map(|it| (it.id.clone(), it.at))
            .collect();
        for (id, at) in mentioned {
            self.draft.put(id.clone(), Asset { name: id.to_string(), ..Asset::default() });
            self.declared.insert(id, ("asset", at));
        }
    }

    /// A flow without an id is called by its ends: `a-b`, then `a-b-2`.
    fn name_flows(&mut self) {
        let mut numbers: BTreeMap<(Id, Id), usize> = BTreeMap::new();
        for flow in std::mem::take(&mut self.flows) {
            let number = numbers.entry((flow.from.clone(), flow.to.clone())).or_insert(0);
            let id = loop {
                *number += 1;
                let id = flow_id(&flow.from, &flow.to, *number);
                if !self.declared.contains_key(&id) {
                    break id;
                }
            };
            self.declared.insert(id.clone(), ("flow", 0));
            self.draft.put(id, flow);
        }
    }

    fn check(&self, reference: &Reference) -> Result<(), TextError> {
        let Reference { id, wanted, at } = reference;
        let (what, nouns): (&str, &[&str]) = match wanted {
            Wanted::Component => ("component", &["component"]),
            Wanted::Boundary => ("boundary", &["boundary"]),
            Wanted::Place => ("component or boundary", &["component", "boundary"]),
            Wanted::Asset => ("asset", &["asset"]),
            Wanted::Flow => ("flow", &["flow"]),
            Wanted::Anything => ("element", &[]),
        };
        let fits = |noun: &str| nouns.is_empty() || nouns.contains(&noun);
        if self.declared.get(id).is_some_and(|(noun, _)| fits(noun)) {
            return Ok(());
        }
        let known = self.declared.iter().filter(|(_, (noun, _))| fits(noun)).map(|(id, _)| id.as_str());
        let hint = did_you_mean(id.as_str(), known, "declare it; in quotes it is taken as it is");
        Err(self.cursor.error_at(*at, format!("there is no {what} `{id}`"), hint))
    }

    /// A text without views gets one.
    fn make_view(&mut self) {
        if self.declared.values().any(|(noun, _)| *noun == "view") {
            return;
        }
        let id = main_view_id(|it| self.declared.contains_key(it));
        for view in main_view().into_values() {
            self.draft.put(id.clone(), View::clone(&view));
        }
    }
}
