//! What part an element plays on a view: a card, a gate, an open boundary, or hidden.

use crate::model::{Id, Model, Nesting, Place};

/// A model as one of its views shows it.
#[derive(Clone, Copy)]
pub(super) struct Stage<'a> {
    pub(super) model: &'a Model,
    pub(super) view: &'a Id,
    pub(super) nesting: &'a Nesting,
    /// Whether collapsed boundaries are read as open ones.
    pub(super) is_unfolded: bool,
}

/// The collapsed boundary whose box stands for an element of a view, if one hides it.
pub fn stand_in(model: &Model, view: &Id, nesting: &Nesting, id: &Id) -> Option<Id> {
    let stage = Stage { model, view, nesting, is_unfolded: false };
    if stage.is_hidden(id) { stage.drawn_as(id) } else { None }
}

/// How an element is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Not on the view, or inside a collapsed boundary.
    Hidden,
    Card,
    /// A boundary that shows its contents.
    Open,
    Gate,
}

impl<'a> Stage<'a> {
    pub(super) fn place(&self, id: &Id) -> Option<&'a Place> {
        self.model.place(self.view, id)
    }

    pub(super) fn role(&self, id: &Id) -> Role {
        if self.hidden_by(id).is_some() { Role::Hidden } else { self.role_outside(id) }
    }

    /// Of what lies in no collapsed boundary.
    fn role_outside(&self, id: &Id) -> Role {
        let Some(place) = self.place(id) else { return Role::Hidden };
        if self.model.boundary(id).is_some() {
            return if place.collapsed && !self.is_unfolded { Role::Card } else { Role::Open };
        }
        let Some(component) = self.model.component(id) else { return Role::Hidden };
        // A file may name anything, even gates of each other: those are cards.
        let guarded = component.gate_of.as_ref().filter(|it| self.model.boundary(it).is_some());
        match guarded {
            Some(boundary) if self.role(boundary) == Role::Open => Role::Gate,
            Some(boundary) if self.place(boundary).is_some() => Role::Hidden,
            _ => Role::Card,
        }
    }

    /// The box that stands for an element: its own, or that of the collapsed boundary around it or behind its gate.
    pub(super) fn drawn_as(&self, id: &Id) -> Option<Id> {
        if let Some(outer) = self.hidden_by(id) {
            return Some(outer.clone());
        }
        match self.role_outside(id) {
            Role::Card | Role::Gate => Some(id.clone()),
            Role::Open => None,
            Role::Hidden => {
                self.place(id)?;
                let guarded = self.model.component(id)?.gate_of.as_ref()?;
                self.hidden_by(guarded).or(Some(guarded)).cloned()
            }
        }
    }

    /// The boundary on the view that an element stands in.
    pub(super) fn parent(&self, id: &Id) -> Option<&'a Id> {
        let mut at = self.nesting.parent(id);
        while let Some(boundary) = at {
            if self.place(boundary).is_some() {
                return Some(boundary);
            }
            at = self.nesting.parent(boundary);
        }
        None
    }

    pub(super) fn depth(&self, id: &Id) -> u16 {
        let (mut depth, mut at) = (0, self.parent(id));
        while let Some(boundary) = at {
            depth += 1;
            at = self.parent(boundary);
        }
        depth
    }

    /// Whether an element lies in a collapsed boundary, or would guard one or something in one.
    pub(super) fn is_hidden(&self, id: &Id) -> bool {
        let guarded = self.model.component(id).and_then(|it| it.gate_of.as_ref());
        let is_collapsed = |it: &Id| self.place(it).is_some_and(|it| it.collapsed) && !self.is_unfolded;
        self.hidden_by(id).is_some()
            || guarded.is_some_and(|it| is_collapsed(it) || self.hidden_by(it).is_some())
    }

    /// The outermost collapsed boundary around an element.
    fn hidden_by(&self, id: &Id) -> Option<&'a Id> {
        if self.is_unfolded {
            return None;
        }
        let (mut found, mut at) = (None, self.nesting.parent(id));
        while let Some(boundary) = at {
            if self.place(boundary).is_some_and(|it| it.collapsed) {
                found = Some(boundary);
            }
            at = self.nesting.parent(boundary);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use crate::scene::tests::{layout, model};

    #[test]
    fn gates_of_what_is_no_boundary_are_cards() {
        let text = r#"components: {"a": (kind: "firewall", gate_of: "b"), "b": (kind: "firewall", gate_of: "a"), "c": (kind: "firewall", gate_of: "c")},
            places: {("main", "a"): (x: 0, y: 0), ("main", "b"): (x: 400, y: 200), ("main", "c"): (x: 800, y: 200)}"#;
        let layout = layout(&model(text));
        assert_eq!((layout.cards.len(), layout.gates.len()), (3, 0));
    }
}
