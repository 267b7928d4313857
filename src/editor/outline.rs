//! The outline: the drawing as a tree, boundary by boundary, each element with its flows, each of these with its findings.

use std::collections::BTreeSet;

use foldhash::{HashMap, HashMapExt as _, HashSet};

use super::{Editor, Words, folded};
use crate::model::{Id, Nesting, Severity, natural};
use crate::rules::Finding;

/// What a row of the outline stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// A boundary or a component.
    Element(Id),
    /// A flow, below one of its ends.
    Flow { at: Id, flow: Id, is_out: bool },
    /// A finding, below an element or below a flow of it, by its key.
    Finding { at: Id, flow: Option<Id>, key: String },
}

impl Node {
    /// The element that it stands for; a finding is none.
    pub fn element(&self) -> Option<&Id> {
        match self {
            Self::Element(id) | Self::Flow { flow: id, .. } => Some(id),
            Self::Finding { .. } => None,
        }
    }
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub node: Node,
    /// How deep it stands; 1 at the top.
    pub level: usize,
    /// Whether what is below it is shown; `None` if there is nothing.
    pub is_open: Option<bool>,
    /// Its place among those beside it, from 1 on, and how many these are.
    pub place: (usize, usize),
    /// How many open findings there are about it and, where they are not shown, about what is in it; the worst of them.
    pub findings: Option<(Severity, usize)>,
}

/// How somebody looks at the outline.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// Words that names, kinds and technologies must hold; empty for all.
    pub words: String,
    /// What is folded though it is a boundary, or unfolded though it is none.
    turned: BTreeSet<Node>,
}

impl Outline {
    fn is_open(&self, node: &Node, starts_open: bool) -> bool {
        starts_open != self.turned.contains(node)
    }

    /// Folds a row, or unfolds it.
    pub fn set_open(&mut self, row: &Row, is_open: bool) {
        if row.is_open == Some(!is_open) && !self.turned.remove(&row.node) {
            self.turned.insert(row.node.clone());
        }
    }
}

/// What is below what, of all that there is.
struct Tree<'e> {
    editor: &'e Editor,
    outline: &'e Outline,
    /// The flows of each element, and whether they go out.
    flows: HashMap<&'e Id, Vec<(&'e Id, bool)>>,
    /// The open findings about each element, the worst first.
    findings: HashMap<&'e Id, Vec<&'e Finding>>,
    /// The same, counted with all that is in each boundary.
    counts: HashMap<&'e Id, (Severity, usize)>,
    /// What is searched for, with the boundaries around it; none while nothing is.
    found: Option<HashSet<&'e Id>>,
}

impl Editor {
    /// The rows of the outline, from the top down.
    pub fn outline(&self, outline: &Outline) -> Vec<Row> {
        let tree = Tree::of(self, outline);
        let mut rows = Vec::new();
        let mut open = tree.beside(tree.roots(), 1);
        while let Some(row) = open.pop() {
            if row.is_open == Some(true) {
                open.extend(tree.beside(tree.below(&row.node), row.level + 1));
            }
            rows.push(row);
        }
        rows
    }

    /// Unfolds all that an element stands in, so that it has a row.
    pub fn reveal_in_outline(&self, outline: &mut Outline, id: &Id) {
        for outer in self.nesting.ancestors(id) {
            outline.turned.remove(&Node::Element(outer.clone()));
        }
    }
}

impl<'e> Tree<'e> {
    fn of(editor: &'e Editor, outline: &'e Outline) -> Self {
        let model = &editor.model;
        let mut flows: HashMap<&Id, Vec<(&Id, bool)>> = HashMap::new();
        for (id, it) in model.flows() {
            flows.entry(&it.from).or_default().push((id, true));
            flows.entry(&it.to).or_default().push((id, false));
        }
        let mut findings: HashMap<&Id, Vec<&Finding>> = HashMap::new();
        let mut counts: HashMap<&Id, (Severity, usize)> = HashMap::new();
        for listed in editor.findings().filter(|it| it.state.is_open()) {
            for id in &listed.finding.subjects {
                findings.entry(id).or_default().push(listed.finding);
                for counted in std::iter::once(id).chain(editor.nesting.ancestors(id)) {
                    let severity = listed.finding.severity;
                    let (worst, count) = counts.entry(counted).or_insert((severity, 0));
                    *worst = (*worst).max(severity);
                    *count += 1;
                }
            }
        }
        let mut tree = Self { editor, outline, flows, findings, counts, found: None };
        tree.found = tree.search();
        tree
    }

    fn search(&self) -> Option<HashSet<&'e Id>> {
        let words = Words::of(&self.outline.words);
        if words.is_empty() {
            return None;
        }
        let model = &self.editor.model;
        let component = |id| {
            let it = model.component(id)?;
            Some(format!("{}\n{}\n{}", it.title(), it.kind().label, it.technology))
        };
        let boundary = |id| model.boundary(id).map(|it| format!("{}\n{}", it.title(), it.kind().label));
        let mut found = HashSet::default();
        for id in model.components().keys().chain(model.boundaries().keys()) {
            let text = component(id).or_else(|| boundary(id)).unwrap_or_default();
            if words.are_in(&folded(&text)) {
                found.insert(id);
                found.extend(self.editor.nesting.ancestors(id));
            }
        }
        Some(found)
    }

    /// What stands in no boundary.
    fn roots(&self) -> Vec<Node> {
        let nesting = &self.editor.nesting;
        let is_root = |it: &&Id| nesting.parent(it).is_none();
        let model = &self.editor.model;
        self.elements(model.boundaries().keys().filter(is_root), model.components().keys().filter(is_root))
    }

    /// Boundaries, then components, each by name: a tree that jumps about with what is moved would lead nobody back.
    fn elements(
        &self,
        boundaries: impl Iterator<Item = &'e Id>,
        components: impl Iterator<Item = &'e Id>,
    ) -> Vec<Node> {
        let is_found = |it: &&Id| self.found.as_ref().is_none_or(|found| found.contains(*it));
        let by_title = |ids: Vec<&'e Id>| self.editor.model.by_title(ids);
        let boundaries = by_title(boundaries.filter(is_found).collect());
        // One id for both is refused by files, not by edits.
        let is_no_boundary = |it: &&Id| !self.editor.model.boundaries().contains_key(*it);
        let components = by_title(components.filter(is_found).filter(is_no_boundary).collect());
        boundaries.into_iter().chain(components).map(|it| Node::Element(it.clone())).collect()
    }

    fn below(&self, node: &Node) -> Vec<Node> {
        let nesting: &'e Nesting = &self.editor.nesting;
        match node {
            Node::Element(id) => {
                let inside =
                    self.elements(nesting.boundaries_in(id).iter(), nesting.components_in(id).iter());
                if self.leads_on(id) {
                    return inside;
                }
                inside.into_iter().chain(self.flows_of(id)).chain(self.findings_of(id, None)).collect()
            }
            Node::Flow { at, flow, .. } => self.findings_of(flow, Some(at)),
            Node::Finding { .. } => Vec::new(),
        }
    }

    /// Flows out, then flows in, by the names of their other ends.
    fn flows_of(&self, at: &Id) -> Vec<Node> {
        let model = &self.editor.model;
        let mut flows: Vec<(&Id, bool)> = self.flows.get(at).cloned().unwrap_or_default();
        flows.sort_by_cached_key(|(id, is_out)| {
            let other = model.flow(id).map(|it| if *is_out { &it.to } else { &it.from });
            (!is_out, natural(&other.map(|it| model.title(it)).unwrap_or_default()), (*id).clone())
        });
        let node = |(flow, is_out): (&Id, bool)| Node::Flow { at: at.clone(), flow: flow.clone(), is_out };
        flows.into_iter().map(node).collect()
    }

    fn findings_of(&self, about: &Id, seen_from: Option<&Id>) -> Vec<Node> {
        let at = seen_from.unwrap_or(about);
        let flow = seen_from.map(|_| about.clone());
        let node = |it: &&Finding| Node::Finding { at: at.clone(), flow: flow.clone(), key: it.key.clone() };
        self.findings.get(about).into_iter().flatten().map(node).collect()
    }

    fn has_below(&self, node: &Node) -> bool {
        let nesting = &self.editor.nesting;
        let has = |id: &Id| self.findings.contains_key(id);
        match node {
            Node::Element(id) => {
                let inside = nesting.boundaries_in(id).iter().chain(nesting.components_in(id));
                let mut shown =
                    inside.filter(|it| self.found.as_ref().is_none_or(|found| found.contains(*it)));
                let has_own = !self.leads_on(id) && (has(id) || self.flows.contains_key(id));
                shown.next().is_some() || has_own
            }
            Node::Flow { flow, .. } => has(flow),
            Node::Finding { .. } => false,
        }
    }

    /// Rows that stand beside each other, the first one last.
    fn beside(&self, nodes: Vec<Node>, level: usize) -> Vec<Row> {
        let of = nodes.len();
        let row = |(n, node): (usize, Node)| {
            let is_open = self.has_below(&node).then(|| self.is_open(&node));
            let findings = self.counted(&node, is_open == Some(true));
            Row { node, level, is_open, place: (n + 1, of), findings }
        };
        nodes.into_iter().enumerate().map(row).rev().collect()
    }

    fn is_open(&self, node: &Node) -> bool {
        let Node::Element(id) = node else { return self.outline.is_open(node, false) };
        // What is searched for is shown, whatever was folded.
        self.leads_on(id) || self.outline.is_open(node, self.editor.model.boundaries().contains_key(id))
    }

    /// While something is searched for, a boundary is there for what is found in it.
    fn leads_on(&self, id: &Id) -> bool {
        self.found.is_some() && self.editor.model.boundaries().contains_key(id)
    }

    /// Findings of a flow count at that alone, as they do on the drawing.
    fn counted(&self, node: &Node, is_open: bool) -> Option<(Severity, usize)> {
        let id = node.element()?;
        if !is_open {
            return self.counts.get(id).copied();
        }
        let own = self.findings.get(id)?;
        Some((own.iter().map(|it| it.severity).max()?, own.len()))
    }
}
