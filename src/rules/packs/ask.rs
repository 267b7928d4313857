//! How a pack's rule asks for what it hangs on: in the words of the field's own question.

use crate::analysis::{Facts, Unknown};
use crate::model::{Access, Asset, Class, Control, Draft, Flow};
use crate::rules::{Choice, Says, passing};

/// The question for a field, and its choices; none are yes, no and not applicable.
pub(super) fn asked(facts: &Facts, about: &Unknown) -> (String, Vec<Choice>) {
    let title = match facts.title_of(&about.subject) {
        title if title.trim().is_empty() => about.subject.to_string(),
        title => title,
    };
    if let Some(slug) = about.field.strip_prefix("controls.") {
        let question = Control::find(slug).map_or("Is it so?", |it| &it.question);
        return (format!("{title}: {question}"), Vec::new());
    }
    let text = match about.field.as_ref() {
        "encrypted" => format!("Is the traffic {title} encrypted?"),
        "authenticated" => format!("Does whoever opens {title} prove who they are?"),
        "personal" => format!("Is {title} personal data?"),
        "credential" => format!("Does {title} open something: a password, a key, a token?"),
        "highly_available" => format!("Does {title} survive the loss of a machine by itself?"),
        "takes_over" => format!("Does {title} take writes when the primary is lost?"),
        "class" => return (format!("How secret is {title}?"), classes(facts, about)),
        "access" => return (format!("What does the flow {title} do?"), accesses(facts, about)),
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
