//! About a rule: the one place that knows what a rule is called and stands for, whether it is built in or of a pack.

use std::borrow::Cow;

use super::{Kind, RuleId, find};
use crate::model::{Condition, Control, Id, Model, Pack, PackRule, Stride, Worth, capital};

/// What is to be known of a rule beside what it finds.
#[derive(Debug, Clone)]
pub struct About<'m> {
    pub id: RuleId,
    /// What it finds, in a few words.
    pub label: &'m str,
    pub stride: &'m [Stride],
    pub cwe: &'m [u32],
    pub kind: Kind,
    /// How many tests stand in its source file; a pack has none.
    pub tests: usize,
    /// The title of its pack; none if it is built in.
    pub source: Option<Cow<'m, str>>,
    /// The page of the manual, in the few marks of `CommonMark` that it uses.
    pub manual: Cow<'m, str>,
}

/// The rule of that id, if the model's packs or Parapet itself have it.
pub fn about<'m>(model: &'m Model, id: &str) -> Option<About<'m>> {
    if let Some(rule) = find(id) {
        return Some(About {
            id: rule.id.into(),
            label: rule.label,
            stride: rule.stride,
            cwe: rule.cwe,
            kind: rule.kind,
            tests: rule.tests,
            source: None,
            manual: Cow::Borrowed(rule.manual),
        });
    }
    let (pack_id, pack, rule) = in_pack(model, id)?;
    Some(About {
        id: RuleId::of_pack(pack_id, &rule.id),
        label: &rule.label,
        stride: &rule.stride,
        cwe: &rule.cwe,
        kind: if may_ask(&rule.when) { Kind::Asks } else { Kind::Structure },
        tests: 0,
        source: Some(model.pack_title(pack_id)),
        manual: Cow::Owned(page(&model.pack_title(pack_id), pack, rule)),
    })
}

/// The same for every rule, the built-in ones first, then those of packs in the order of their packs.
pub fn abouts(model: &Model) -> impl Iterator<Item = About<'_>> {
    let built_in = super::ALL.iter().filter_map(|it| about(model, it.id));
    let of_packs = model.packs().iter().flat_map(move |(id, pack)| {
        pack.rules.iter().filter_map(move |rule| about(model, &RuleId::of_pack(id, &rule.id)))
    });
    built_in.chain(of_packs)
}

/// What a rule finds, in a few words; its id if it is gone.
pub fn label<'m>(model: &'m Model, id: &'m str) -> &'m str {
    let of_pack = || in_pack(model, id).map(|(_, _, rule)| rule.label.as_str());
    find(id).map(|it| it.label).or_else(of_pack).unwrap_or(id)
}

/// The kinds of threats that a rule looks for.
pub fn stride<'m>(model: &'m Model, id: &str) -> &'m [Stride] {
    let of_pack = || in_pack(model, id).map(|(_, _, rule)| rule.stride.as_slice());
    find(id).map(|it| it.stride).or_else(of_pack).unwrap_or_default()
}

/// The title of the pack that a rule is of; none if it is built in.
pub fn source<'m>(model: &'m Model, id: &str) -> Option<Cow<'m, str>> {
    in_pack(model, id).map(|(id, _, _)| model.pack_title(id))
}

/// Whether somebody said how bad its findings are, in a pack or by hand, so that the table of levels has no say in it.
pub fn is_stated(model: &Model, id: &str) -> bool {
    id == super::THREAT_BY_HAND || in_pack(model, id).is_some_and(|it| it.2.severity.is_some())
}

pub(super) fn in_pack<'m>(model: &'m Model, id: &str) -> Option<(&'m Id, &'m Pack, &'m PackRule)> {
    let (pack, rule) = id.split_once('/')?;
    let (id, pack) = model.packs().get_key_value(&Id::new(pack).ok()?)?;
    Some((id, pack, pack.rule(rule)?))
}

/// Whether a condition may hang on what nobody has said.
fn may_ask(it: &Condition) -> bool {
    match it {
        Condition::Answer(..)
        | Condition::Access(_)
        | Condition::Protocol(_)
        | Condition::Technology(_)
        | Condition::Exposed => true,
        Condition::Keeps(worth)
        | Condition::Handles(worth)
        | Condition::Carries(worth)
        | Condition::Asset(worth) => *worth != Worth::Anything,
        other => other.inner().iter().any(may_ask),
    }
}

/// A text of a rule, as it reads of no element in particular.
fn of_any(rule: &PackRule, text: &str) -> String {
    let it = format!("the {}", rule.subject.singular());
    let places = [("{name}", &*it), ("{flow}", &it), ("{source}", "its source"), ("{target}", "its target")];
    places.into_iter().fold(text.to_owned(), |text, (place, words)| text.replace(place, words))
}

/// The page of a pack's rule.
fn page(title: &str, pack: &Pack, rule: &PackRule) -> String {
    let version = if pack.version.is_empty() { String::new() } else { format!(", version {}", pack.version) };
    let from = match pack.source.trim() {
        "" => String::new(),
        source => format!(", from {source}"),
    };
    let mut text = format!(
        "## What it finds\nA rule of the pack {}{version}{from}. It looks at {} and says: {}.\n",
        title,
        rule.subject.plural(),
        of_any(rule, &rule.message).trim_end_matches('.'),
    );
    if !rule.why.trim().is_empty() {
        text.push_str(&format!("\n## Why it matters\n{}\n", capital(&of_any(rule, rule.why.trim()))));
    }
    if !rule.advice.trim().is_empty() {
        text.push_str(&format!("\n## What to do\n{}\n", rule.advice.trim()));
    }
    if let Some(fix) = &rule.fix {
        let field = Control::find(&fix.set).map_or(fix.set.as_str(), |it| &it.label);
        text.push_str(&format!(
            "\n## How to fix it\n{}: {field} is then {}.\n",
            fix.label,
            fix.to.truth().label().to_lowercase()
        ));
    }
    if !rule.references.is_empty() {
        text.push_str("\n## References\n");
        rule.references.iter().for_each(|it| text.push_str(&format!("* {it}\n")));
    }
    text
}
