//! How a pack's rule asks for what it hangs on: in the words of the field's own question.

use super::compiled::Compiled;
use crate::analysis::{Facts, Unknown};
use crate::model::{Access, Asset, Class, Component, Control, Draft, Flow, Protocol, Technology};
use crate::rules::{Choice, Says, passing};

/// The question for a field, and its choices; none are yes, no and not applicable.
pub(super) fn asked(facts: &Facts, compiled: &Compiled, about: &Unknown) -> (String, Vec<Choice>) {
    let title = match facts.title_of(&about.subject) {
        title if title.trim().is_empty() => about.subject.to_string(),
        title => title,
    };
    if let Some(slug) = about.field.strip_prefix("controls.") {
        let question = Control::find(slug).map_or("Is it so?", |it| &it.question);
        return (format!("{title}: {question}"), Vec::new());
    }
    let text = match about.field.as_ref() {
        "encrypted" => format!("Is traffic on {title} encrypted?"),
        "authenticated" => format!("Does whoever opens {title} prove who they are?"),
        "personal" => format!("Is there personal data in {title}?"),
        "credential" => format!("Can {title} open something: a password, a key, a token?"),
        "highly_available" => format!("Can {title} survive the loss of a machine unaided?"),
        "takes_over" => format!("Can {title} take writes when the primary is lost?"),
        "class" => return (format!("How secret must {title} stay?"), classes(facts, about)),
        "access" => return (format!("What does the flow {title} do?"), accesses(facts, about)),
        "protocol" => {
            return (
                format!("Which protocol does the flow {title} speak?"),
                protocols(facts, compiled, about),
            );
        }
        "technology" => {
            return (format!("Which technology is used for {title}?"), technologies(facts, compiled, about));
        }
        // What filters let through, and what keeps the members of a boundary apart.
        _ => return passing::asked(facts, about),
    };
    (text, Vec::new())
}

fn classes(facts: &Facts, about: &Unknown) -> Vec<Choice> {
    let choice = |class: Class| {
        let mut draft = Draft::of(facts.model());
        draft.edit::<Asset>(&about.subject, |it| it.class = class);
        Choice { label: class.label().into(), says: Says::Edit(draft.finish()) }
    };
    [Class::Public, Class::Internal, Class::Confidential, Class::Secret].map(choice).to_vec()
}

fn accesses(facts: &Facts, about: &Unknown) -> Vec<Choice> {
    let choice = |access: Access| {
        let mut draft = Draft::of(facts.model());
        draft.edit::<Flow>(&about.subject, |it| it.access = access);
        Choice { label: access.label().into(), says: Says::Edit(draft.finish()) }
    };
    Access::ALL.into_iter().filter(|it| *it != Access::Unknown).map(choice).collect()
}

/// So many of the usual ones are offered, and so many of those that the rule names: what decides is among them.
const USUAL: usize = 3;
const NAMED: usize = 4;

/// What is usually spoken at its end, then what the rule names.
fn protocols(facts: &Facts, compiled: &Compiled, about: &Unknown) -> Vec<Choice> {
    let choice = |it: &&'static Protocol| {
        let mut draft = Draft::of(facts.model());
        draft.edit::<Flow>(&about.subject, |flow| flow.protocol.clone_from(&it.slug));
        Choice { label: it.label.as_str().into(), says: Says::Edit(draft.finish()) }
    };
    let Some(flow) = facts.topology.find_flow(&about.subject) else { return Vec::new() };
    let target = facts.topology.component(facts.topology.flow(flow).to);
    let of_technology = target.technology.map(|it| it.protocol.as_str());
    let of_kind = target.kind.listeners.iter().map(|it| it.protocol.as_str());
    let listens = target.record.listeners.iter().map(|it| it.protocol.as_str());
    let usual = listens.chain(of_technology).chain(of_kind).filter_map(Protocol::find);
    let mut all = each_once(Vec::new(), usual, USUAL);
    let most = all.len() + NAMED;
    all = each_once(all, compiled.protocols.iter().copied(), most);
    if all.len() < 2 {
        all = each_once(all, ["https", "tcp"].into_iter().filter_map(Protocol::find), 2);
    }
    all.iter().map(choice).collect()
}

/// What the rule names of its kind, then what else there is of that.
fn technologies(facts: &Facts, compiled: &Compiled, about: &Unknown) -> Vec<Choice> {
    let choice = |it: &&'static Technology| {
        let mut draft = Draft::of(facts.model());
        draft.edit::<Component>(&about.subject, |component| component.technology.clone_from(&it.label));
        Choice { label: it.label.as_str().into(), says: Says::Edit(draft.finish()) }
    };
    let Some(component) = facts.topology.find_component(&about.subject) else { return Vec::new() };
    let kind = &facts.topology.component(component).kind.slug;
    let named = compiled.technologies.iter().copied().filter(|it| it.kind == *kind);
    let all = each_once(Vec::new(), named, NAMED);
    let most = all.len() + USUAL;
    let all = each_once(all, Technology::all().iter().filter(|it| it.kind == *kind), most);
    let mut all: Vec<Choice> = all.iter().map(choice).collect();
    if all.len() < 2 {
        let mut draft = Draft::of(facts.model());
        draft.edit::<Component>(&about.subject, |component| "other".clone_into(&mut component.technology));
        all.push(Choice { label: "Another".into(), says: Says::Edit(draft.finish()) });
    }
    all
}

/// Adds rows that are not there yet, until there are so many.
fn each_once<R>(
    mut all: Vec<&'static R>,
    new: impl Iterator<Item = &'static R>,
    most: usize,
) -> Vec<&'static R> {
    for row in new {
        if all.len() < most && !all.iter().any(|it| std::ptr::eq(*it, row)) {
            all.push(row);
        }
    }
    all
}
