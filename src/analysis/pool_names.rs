//! Which names are those of alternatives: `web-1`, `web02` and `web b`; `lb-east` and `lb-west` in different zones.

use std::collections::BTreeMap;

use super::stores::technology;
use super::{BoundaryIx, ComponentIx, Topology};

/// Words that say nothing of what a component is for.
const GENERIC: [&str; 6] = ["service", "microservice", "function", "lambda", "component", "module"];

/// Components that turned out to be alternatives, as disjoint sets (union-find with path halving).
pub(super) struct Alike<'t> {
    topology: &'t Topology,
    parent: Vec<u32>,
    words: BTreeMap<ComponentIx, Vec<String>>,
}

impl<'t> Alike<'t> {
    pub(super) fn new(topology: &'t Topology) -> Self {
        Self { topology, parent: (0..topology.component_count() as u32).collect(), words: BTreeMap::new() }
    }

    /// Joins those of one technology whose names are alike, among components of one kind that one spreader reaches in
    /// one way.
    pub(super) fn join(&mut self, targets: &[ComponentIx]) {
        let mut by_technology: BTreeMap<String, Vec<ComponentIx>> = BTreeMap::new();
        for target in targets {
            by_technology.entry(technology(self.topology, *target)).or_default().push(*target);
        }
        for same in by_technology.into_values().filter(|it| it.len() > 1) {
            for target in &same {
                let name = &self.topology.component(*target).record.name;
                self.words.entry(*target).or_insert_with(|| words(name));
            }
            self.join_numbered(&same);
            self.join_located(&same);
        }
    }

    /// The sets of two and more in the order of their first members, with what their names have in common.
    pub(super) fn finish(mut self) -> Vec<(String, Vec<ComponentIx>)> {
        let mut sets: BTreeMap<u32, Vec<ComponentIx>> = BTreeMap::new();
        for member in self.words.keys().copied().collect::<Vec<_>>() {
            sets.entry(self.root(member.0)).or_default().push(member);
        }
        let mut found: Vec<Vec<ComponentIx>> = sets.into_values().filter(|it| it.len() > 1).collect();
        found.sort_unstable();
        found.into_iter().map(|members| (self.common_name(&members), members)).collect()
    }

    /// Names that are one but for a last word that is a number or a single letter.
    fn join_numbered(&mut self, same: &[ComponentIx]) {
        let mut by_stem: BTreeMap<Vec<String>, Vec<ComponentIx>> = BTreeMap::new();
        for target in same {
            let stem = stem(&self.words[target]);
            if says_something(stem.iter()) {
                by_stem.entry(stem.to_vec()).or_default().push(*target);
            }
        }
        for members in by_stem.into_values() {
            self.unite(&members);
        }
    }

    /// Names that are one but for one word, of components that stand in different places.
    fn join_located(&mut self, same: &[ComponentIx]) {
        let mut by_rest: BTreeMap<(usize, Vec<&str>), Vec<ComponentIx>> = BTreeMap::new();
        for target in same {
            let words = &self.words[target];
            for at in 0..words.len() {
                let rest: Vec<&str> =
                    words[..at].iter().chain(&words[at + 1..]).map(String::as_str).collect();
                if says_something(rest.iter()) {
                    by_rest.entry((at, rest)).or_default().push(*target);
                }
            }
        }
        let candidates: Vec<Vec<ComponentIx>> = by_rest.into_values().filter(|it| it.len() > 1).collect();
        for members in candidates {
            // Of one sort of place, all that stand in one are joined if they stand in more than one of them.
            let mut by_sort: BTreeMap<&str, BTreeMap<Location<'_>, Vec<ComponentIx>>> = BTreeMap::new();
            for member in members {
                for (sort, location) in locations(self.topology, member) {
                    by_sort.entry(sort).or_default().entry(location).or_default().push(member);
                }
            }
            for places in by_sort.into_values().filter(|it| it.len() > 1) {
                self.unite(&places.into_values().flatten().collect::<Vec<_>>());
            }
        }
    }

    fn unite(&mut self, members: &[ComponentIx]) {
        for pair in members.windows(2) {
            let (a, b) = (self.root(pair[0].0), self.root(pair[1].0));
            self.parent[a.max(b) as usize] = a.min(b);
        }
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    fn common_name(&self, members: &[ComponentIx]) -> String {
        let others = &members[1..];
        let shared = |word: &&String| others.iter().all(|it| self.words[it].contains(word));
        let first = members.first().map_or(&[][..], |it| stem(&self.words[it]));
        first.iter().filter(shared).map(String::as_str).collect::<Vec<_>>().join("-")
    }
}

/// A place in the world: boundaries of one kind and one name are one.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Location<'t> {
    Named(&'t str),
    Nameless(BoundaryIx),
}

/// The innermost place of each sort that a component stands in, by the slug of the sort.
fn locations(topology: &Topology, component: ComponentIx) -> BTreeMap<&'static str, Location<'_>> {
    let mut found = BTreeMap::new();
    for ix in topology.outward(topology.component(component).within) {
        let record = &topology.boundary(ix).record;
        if record.kind().location {
            let name = record.name.trim();
            let location = if name.is_empty() { Location::Nameless(ix) } else { Location::Named(name) };
            found.entry(record.kind().slug.as_str()).or_insert(location);
        }
    }
    found
}

/// The words of a name in lower case; a number is a word of its own: `Web02 (EU)` is `web`, `02`, `eu`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for c in name.chars().flat_map(char::to_lowercase) {
        let sort = c.is_alphanumeric().then(|| c.is_numeric());
        if let Some(word) = words.last_mut().filter(|_| sort.is_some() && sort == last) {
            word.push(c);
        } else if sort.is_some() {
            words.push(c.into());
        }
        last = sort;
    }
    words
}

/// The words without a last one that only counts.
fn stem(words: &[String]) -> &[String] {
    match words.split_last() {
        Some((last, rest)) if counts(last) => rest,
        _ => words,
    }
}

/// A number or a single letter.
fn counts(word: &str) -> bool {
    word.chars().all(char::is_numeric) || word.chars().count() == 1
}

/// Whether a common name is one: not of generic words, numbers and letters alone.
fn says_something<W: AsRef<str>>(mut words: impl Iterator<Item = W>) -> bool {
    words.any(|it| !counts(it.as_ref()) && !GENERIC.contains(&it.as_ref()))
}
