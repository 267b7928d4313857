//! What the drawing says without anybody having said so: pools and gates that are read off it, to be confirmed or
//! denied in one click. Part *Pools* and *Ingress* of the meanings.

use super::Editor;
use crate::model::{Component, Id, Side};
use crate::scene::{Marks, Pos};

impl Editor {
    /// The other members of the pool that a component is read into, if nobody has said so.
    pub fn inferred_pool(&self, component: &Id) -> Option<Vec<Id>> {
        let facts = self.facts();
        let ix = facts.topology.find_component(component)?;
        let pool = facts.pools.pool(facts.pools.pool_of(ix)?);
        let others = pool.members.iter().filter(|it| **it != ix);
        pool.inferred.then(|| others.map(|it| facts.topology.component(*it).id.clone()).collect())
    }

    /// The boundaries that a component is read to guard, if nobody has said so.
    pub fn inferred_gate_of(&self, component: &Id) -> Vec<Id> {
        let facts = self.facts();
        let Some(ix) = facts.topology.find_component(component) else { return Vec::new() };
        let guarded = facts.ingress.gate_of(ix).iter().filter(|it| facts.ingress.is_inferred(**it));
        guarded.map(|it| facts.topology.boundary(*it).id.clone()).collect()
    }

    /// Says that a component and those it is read with are a pool.
    pub fn confirm_pool(&mut self, component: &Id) {
        let facts = self.facts();
        let pool = facts.topology.find_component(component).and_then(|it| facts.pools.pool_of(it));
        let Some(pool) = pool.map(|it| facts.pools.pool(it)).filter(|it| it.inferred) else { return };
        let name = pool.name.clone();
        let members: Vec<Id> =
            pool.members.iter().map(|it| facts.topology.component(*it).id.clone()).collect();
        self.change(format!("Make {name} a pool"), |draft, _| {
            for id in &members {
                draft.edit::<Component>(id, |it| it.pool.clone_from(&name));
            }
        });
    }

    /// Says that a component and those it is read with are no alternatives: each gets a pool of its own.
    pub fn separate_pool(&mut self, component: &Id) {
        let Some(others) = self.inferred_pool(component) else { return };
        self.change("Keep them apart", |draft, _| {
            for id in others.iter().chain([component]) {
                draft.edit::<Component>(id, |it| it.pool = id.to_string());
            }
        });
    }

    /// Puts a component that is read as a gate on the edge of what it guards, where it is nearest.
    pub fn confirm_gate(&mut self, component: &Id) {
        let Some(boundary) = self.inferred_gate_of(component).into_iter().next() else { return };
        let edge = self.layout().boundaries.get(&boundary).map(|it| it.rect);
        let stands = self.layout().rect(component).map_or(Pos::ZERO, |it| it.centre());
        let (side, offset) = edge.map_or((Side::Top, 0.5), |it| it.nearest_side(stands));
        self.make_gate(component, &boundary, side, offset);
    }
}

/// Marks what is inferred, to be drawn dashed.
pub(super) fn mark(editor: &Editor, marks: &mut Marks) {
    let facts = editor.facts();
    for (boundary, _) in facts.topology.boundaries().filter(|(it, _)| facts.ingress.is_inferred(*it)) {
        let gates = facts.ingress.gates(boundary).iter();
        marks.inferred.extend(gates.map(|it| facts.topology.component(*it).id.clone()));
    }
    for pool in facts.pools.pools().iter().filter(|it| it.inferred) {
        marks.inferred.extend(pool.members.iter().map(|it| facts.topology.component(*it).id.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::formats::text;

    fn editor(sketch: &str) -> Editor {
        Editor::with(text::read(sketch).unwrap(), Surroundings::fixed())
    }

    const POOL: &str = "lb \"LB\": load-balancer\nweb-1 \"Web 1\": web-server\nweb-2 \"Web 2\": web-server\n\
        lb -> web-1: https\nlb -> web-2: https\n";

    #[test]
    fn an_inferred_pool_is_confirmed_or_separated() {
        let web = Id::slug("web-1");
        let mut editor = editor(POOL);
        assert_eq!(editor.inferred_pool(&web), Some(vec![Id::slug("web-2")]));
        assert_eq!(editor.marks().inferred.len(), 2);
        editor.confirm_pool(&web);
        assert_eq!(editor.inferred_pool(&web), None);
        assert_eq!(editor.facts().pools.pools().iter().filter(|it| it.members.len() == 2).count(), 1);
        editor.undo();
        editor.separate_pool(&web);
        assert_eq!(editor.inferred_pool(&web), None);
        assert!(editor.facts().pools.pools().iter().all(|it| it.members.len() == 1));
    }

    #[test]
    fn a_firewall_in_the_line_is_read_as_a_gate() {
        let fw = Id::slug("fw");
        let mut editor = editor(
            "net \"Internet\": internet\nfw \"Firewall\": firewall [allows tcp/443 from anywhere]\n\
             boundary tier \"Tier\": subnet-tier {\nweb \"Web\": web-server\n}\nnet -> fw: https\nfw -> web: https\n",
        );
        assert_eq!(editor.inferred_gate_of(&fw), vec![Id::slug("tier")]);
        assert!(editor.marks().inferred.contains(&fw));
        editor.confirm_gate(&fw);
        assert_eq!(editor.inferred_gate_of(&fw), Vec::new(), "{:?}", editor.model().component(&fw));
    }
}
