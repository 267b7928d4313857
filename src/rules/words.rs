//! Words: how findings and questions name what they speak of.

use crate::analysis::{ComponentIx, Facts, FlowEdge, FlowIx};
pub(super) use crate::model::capital;
use crate::model::{Id, Text, natural_order};

/// The name of a component, or its kind.
pub(super) fn name(facts: &Facts, component: ComponentIx) -> String {
    facts.title(component).to_string()
}

/// Words as they read now, for the names of what is put into the model.
pub(super) fn in_full(facts: &Facts, words: String) -> String {
    Text::from(words).read(facts.model()).into_owned()
}

/// The names of components, as [`list`]: `Primary 1 and Primary 2`; what comes by ids, in their natural order.
pub(super) fn names(facts: &Facts, components: impl IntoIterator<Item = ComponentIx>) -> String {
    let components: Vec<ComponentIx> = components.into_iter().collect();
    list_of(&components, |it| &facts.topology.component(*it).id, |it| name(facts, *it))
}

/// The names of elements of any table, as [`names`].
pub(super) fn titles<'a>(facts: &Facts, elements: impl IntoIterator<Item = &'a Id>) -> String {
    let elements: Vec<&Id> = elements.into_iter().collect();
    list_of(&elements, |it| it, |it| facts.title_of(it))
}

/// So many stand in a list, at most.
const SHOWN: usize = 3;

/// A [`list`] of which only those are named that it shows: of a loss there may be thousands.
///
/// What comes in the order of ids means nothing by it, and is told as people count: `web-2` before `web-10`. Any other
/// order is a rule's own, and stays.
fn list_of<'i, T>(all: &'i [T], id: impl Fn(&'i T) -> &'i Id, name: impl Fn(&T) -> String) -> String {
    let mut first: Vec<&'i T> = all.iter().take(SHOWN).collect();
    if all.is_sorted_by(|a, b| id(a) <= id(b)) {
        let order = |a: &&'i T, b: &&'i T| natural_order(id(a).as_str(), id(b).as_str());
        first.sort_by(order);
        for it in all.iter().skip(SHOWN) {
            if first.last().is_some_and(|last| order(&it, last).is_lt()) {
                first.pop();
                let at = first.partition_point(|other| order(other, &it).is_le());
                first.insert(at, it);
            }
        }
    }
    let shown: Vec<String> = first.into_iter().map(name).collect();
    match &shown[..] {
        [a, b, _] if all.len() > SHOWN => format!("{a}, {b} and {} more", all.len() - 2),
        few => list(few),
    }
}

/// `A`, `A and B`, `A, B and C`, `A, B and 3 more`.
pub fn list(words: &[String]) -> String {
    joined(words, "and")
}

/// `A`, `A or B`, `A, B or C`, `A, B or 3 more`.
pub(super) fn any_of(words: &[String]) -> String {
    joined(words, "or")
}

fn joined(words: &[String], last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [a, b] => format!("{a} {last} {b}"),
        [a, b, c] => format!("{a}, {b} {last} {c}"),
        [a, b, rest @ ..] => format!("{a}, {b} {last} {} more", rest.len()),
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
    use crate::rules::testing;

    #[test]
    fn names_that_come_by_ids_are_told_in_natural_order() {
        let all: Vec<String> = (1..=12).map(|n| format!("web-{n} \"Web {n}\": web-server")).collect();
        let facts = testing::facts(&format!("{}; db \"Store\": postgres", all.join("; ")));
        let find = |it: &str| facts.topology.find_component(&Id::slug(it)).unwrap();
        let told = |ids: &[&str]| testing::words(&facts, names(&facts, ids.iter().map(|it| find(it))));
        assert_eq!(told(&["web-1", "web-10", "web-2"]), "Web 1, Web 2 and Web 10");
        assert_eq!(told(&["db", "web-1", "web-10", "web-11", "web-2"]), "Store, Web 1 and 3 more");
        assert_eq!(told(&["web-10", "web-11", "web-12", "web-3", "web-9"]), "Web 3, Web 9 and 3 more");
        // An order of the rule's own stays.
        assert_eq!(told(&["web-2", "web-10", "web-1"]), "Web 2, Web 10 and Web 1");
        let ids = ["web-10", "web-9"].map(Id::slug);
        assert_eq!(testing::words(&facts, titles(&facts, &ids)), "Web 9 and Web 10");
    }

    #[test]
    fn lists_stay_short() {
        let words = |n: usize| list(&(1..=n).map(|it| it.to_string()).collect::<Vec<_>>());
        assert_eq!([0, 1, 2, 3, 5].map(words), ["", "1", "1 and 2", "1, 2 and 3", "1, 2 and 3 more"]);
    }
}
