//! Patches: edits from which no other fact follows. Names and most answers are read by rules alone, so that the facts
//! of the model after such an edit are those before, with other records.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{ComponentIx, Facts, Pools};
use crate::model::{Api, Boundary, Change, Component, Controls, Dataset, Delta, Edit, Flow, Model, Stored};

/// What an edit changed from which no other fact follows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Touched {
    /// Components that are called otherwise now, or of which was answered otherwise whether one has to log in: their
    /// particulars. In order.
    pub components: Vec<ComponentIx>,
    /// What was answered otherwise, of whatever element: slugs of controls, `encrypted`, `authenticated`.
    pub answers: BTreeSet<String>,
}

impl Facts {
    /// Makes these the facts of the model after an edit, if they are known but for what was touched; returns what was.
    ///
    /// `model` is what these were found in after `edit`, which is what really happened. Otherwise they stay those of the
    /// model before, and are to be found anew.
    pub fn patch(&mut self, model: &Arc<Model>, edit: &Edit) -> Option<Touched> {
        let mut touched = Touched::default();
        if !edit.changes().iter().all(|it| self.is_known(it, &mut touched)) {
            return None;
        }
        touched.components.sort_unstable();
        touched.components.dedup();
        let name = |it: &Option<Arc<Component>>| it.as_deref().map(|it| it.name.clone());
        let renamed = edit.of::<Component>().filter(|it| name(&it.before) != name(&it.after));
        let renamed: Vec<ComponentIx> =
            renamed.filter_map(|it| self.topology.find_component(&it.key)).collect();
        // Those whose names are alike may be one pool.
        let before = Pools::around(&self.topology, &renamed);
        self.topology.put_records(model, edit);
        if Pools::around(&self.topology, &renamed) != before {
            let mut before = Model::clone(model);
            before.apply(&edit.inverted());
            self.topology.put_records(&Arc::new(before), edit);
            return None;
        }
        self.data.put_records(model, edit);
        Some(touched)
    }

    fn is_known(&self, change: &Change, touched: &mut Touched) -> bool {
        match change {
            Change::Component(it) => {
                let Some(ix) = self.topology.find_component(&it.key) else { return false };
                let particulars =
                    |it: &Arc<Component>| (it.title().to_owned(), it.controls.truth("authentication"));
                if it.before.as_ref().map(particulars) != it.after.as_ref().map(particulars) {
                    touched.components.push(ix);
                }
                is_same(
                    it,
                    touched,
                    |it| &it.controls,
                    |old, new| Component {
                        name: new.name.clone(),
                        controls: new.controls.clone(),
                        notes: new.notes.clone(),
                        icon: new.icon.clone(),
                        ..old.clone()
                    },
                )
            }
            Change::Flow(it) => {
                // Of a flow that the topology lacks nothing follows anyway, but its ends name it.
                let answers = |it: &Flow| [it.encrypted.is, it.authenticated.is];
                if let (Some(old), Some(new)) = (&it.before, &it.after) {
                    let [old, new] = [answers(old), answers(new)];
                    let fields = ["encrypted", "authenticated"].into_iter().zip(old.into_iter().zip(new));
                    let changed = fields.filter(|(_, (old, new))| old != new);
                    touched.answers.extend(changed.map(|it| it.0.to_owned()));
                }
                is_same(
                    it,
                    touched,
                    |it| &it.controls,
                    |old, new| Flow {
                        name: new.name.clone(),
                        encrypted: new.encrypted.clone(),
                        authenticated: new.authenticated.clone(),
                        two_heads: new.two_heads,
                        controls: new.controls.clone(),
                        notes: new.notes.clone(),
                        ..old.clone()
                    },
                )
            }
            Change::Boundary(it) => is_same(
                it,
                touched,
                |it| &it.controls,
                |old, new| Boundary {
                    controls: new.controls.clone(),
                    notes: new.notes.clone(),
                    icon: new.icon.clone(),
                    ..old.clone()
                },
            ),
            Change::Api(it) => is_same(
                it,
                touched,
                |it| &it.controls,
                |old, new| Api { controls: new.controls.clone(), notes: new.notes.clone(), ..old.clone() },
            ),
            Change::Dataset(it) => is_same(
                it,
                touched,
                |it| &it.controls,
                |old, new| Dataset {
                    controls: new.controls.clone(),
                    notes: new.notes.clone(),
                    ..old.clone()
                },
            ),
            // Where it is drawn, what was judged of it and what is said about it.
            Change::Place(_)
            | Change::View(_)
            | Change::Verdict(_)
            | Change::Remark(_)
            | Change::Comment(_)
            | Change::Artwork(_) => true,
            _ => false,
        }
    }
}

/// Whether a record stays the same but for what is taken over from the new one; notes which answers changed.
fn is_same<T: Stored>(
    delta: &Delta<T>,
    touched: &mut Touched,
    controls: impl Fn(&T) -> &Controls,
    with: impl Fn(&T, &T) -> T,
) -> bool {
    let (Some(old), Some(new)) = (&delta.before, &delta.after) else { return false };
    let (before, after) = (controls(old), controls(new));
    let slugs = before.0.keys().chain(after.0.keys());
    // Some note beside a no says how bad it is.
    let said = |it: &Controls, slug: &String| it.0.get(slug).map(|it| (it.is, it.note.clone()));
    touched.answers.extend(slugs.filter(|it| said(before, it) != said(after, it)).cloned());
    with(old, new) == **new
}
