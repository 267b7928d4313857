//! Words: how findings and questions name what they speak of.

use crate::analysis::{ComponentIx, Facts, FlowEdge, FlowIx};
pub(super) use crate::model::capital;
use crate::model::{Id, Text};

/// The name of a component, or its kind.
pub(super) fn name(facts: &Facts, component: ComponentIx) -> String {
    facts.title(component).to_string()
}

/// Words as they read now, for the names of what is put into the model.
pub(super) fn in_full(facts: &Facts, words: String) -> String {
    Text::from(words).read(facts.model()).into_owned()
}

/// The names of components, as [`list`]: `Primary 1 and Primary 2`.
pub(super) fn names(facts: &Facts, components: impl IntoIterator<Item = ComponentIx>) -> String {
    let components: Vec<ComponentIx> = components.into_iter().collect();
    list_of(&components, |it| name(facts, *it))
}

/// The names of elements of any table, as [`list`].
pub(super) fn titles<'a>(facts: &Facts, elements: impl IntoIterator<Item = &'a Id>) -> String {
    let elements: Vec<&Id> = elements.into_iter().collect();
    list_of(&elements, |it| facts.title_of(it))
}

/// A [`list`] of which only those are named that it shows: of a loss there may be thousands.
fn list_of<T>(all: &[T], name: impl Fn(&T) -> String) -> String {
    let shown: Vec<String> = all.iter().take(3).map(name).collect();
    match &shown[..] {
        [a, b, _] if all.len() > 3 => format!("{a}, {b} and {} more", all.len() - 2),
        few => list(few),
    }
}

/// `A`, `A and B`, `A, B and C`, `A, B and 3 more`.
pub fn list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [a, b] => format!("{a} and {b}"),
        [a, b, c] => format!("{a}, {b} and {c}"),
        [a, b, rest @ ..] => format!("{a}, {b} and {} more", rest.len()),
    }
}

/// A component and where it stands: `Orders · Data tier`.
pub(super) fn place(facts: &Facts, component: ComponentIx) -> String {
    let topology = &facts.topology;
    let name = name(facts, component);
    match topology.component(component).within {
        Some(within) => format!("{name} · {}", topology.boundary(within).record.title()),
        None => name,
    }
}

/// A flow by its ends: `Web servers → Orders`.
pub(super) fn flow(facts: &Facts, flow: &FlowEdge) -> String {
    format!("{} → {}", facts.title(flow.from), facts.title(flow.to))
}

/// Flows, the first by its ends and ports: `Web servers → Orders · 5432 and 2 more flows`.
pub(super) fn flows(facts: &Facts, flows: &[FlowIx]) -> String {
    let Some(first) = flows.first().map(|it| facts.topology.flow(*it)) else { return String::new() };
    let mut text = flow(facts, first);
    if !first.ports.is_empty() {
        text.push_str(&format!(" · {}", first.ports.numbers()));
    }
    match flows.len() - 1 {
        0 => text,
        1 => format!("{text} and 1 more flow"),
        more => format!("{text} and {more} more flows"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_stay_short() {
        let words = |n: usize| list(&(1..=n).map(|it| it.to_string()).collect::<Vec<_>>());
        assert_eq!([0, 1, 2, 3, 5].map(words), ["", "1", "1 and 2", "1, 2 and 3", "1, 2 and 3 more"]);
    }
}
