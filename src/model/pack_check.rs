//! Whether a pack's rule can be meant as it stands: what fits its subject, and bounds that keep every run short.

use super::condition::{ANSWER_FIELDS, Condition, Worth, Zone};
use super::pack::{MAX_PACK_RULES, Pack, PackRule, PackSubject};
use super::{Access, AppliesTo, BoundaryKind, Class, Control, Id, Kind, Protocol, Table, Technology, ended};

/// How deep conditions stand in each other.
pub const MAX_CONDITION_DEPTH: usize = 24;
/// How many parts a condition has.
const MAX_PARTS: usize = 2000;
/// How many parts the conditions of all packs of a document have together. A file may hold many packs, and each part is
/// asked of every element: with so many, 10,000 elements take about a second.
pub const MAX_ALL_PARTS: usize = 20_000;
const MAX_LABEL: usize = 200;
const MAX_MESSAGE: usize = 400;
const MAX_WHY: usize = 2000;
const MAX_ADVICE: usize = 20_000;
const MAX_REFERENCES: usize = 50;

impl PackSubject {
    pub const ALL: [Self; 6] =
        [Self::Component, Self::Flow, Self::Boundary, Self::Api, Self::Dataset, Self::Asset];

    /// One of them, without an article.
    pub fn singular(self) -> &'static str {
        match self {
            Self::Component => "component",
            Self::Flow => "flow",
            Self::Boundary => "boundary",
            Self::Api => "API",
            Self::Dataset => "dataset",
            Self::Asset => "asset",
        }
    }

    /// Many of them, in words.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Component => "components",
            Self::Flow => "flows",
            Self::Boundary => "boundaries",
            Self::Api => "APIs",
            Self::Dataset => "datasets",
            Self::Asset => "assets",
        }
    }
}

impl Pack {
    /// What of it cannot be meant as it stands, a sentence each: such a rule never runs.
    pub fn faults(&self) -> Vec<String> {
        let too_many = self.rules.len() > MAX_PACK_RULES;
        let too_many = too_many
            .then(|| format!("Only its first {MAX_PACK_RULES} rules are run, of {}.", self.rules.len()));
        let of_rules = self
            .rules
            .iter()
            .filter_map(|it| Some(ended(&format!("Its rule `{}` is not run: {}", it.id, it.sound().err()?))));
        too_many.into_iter().chain(of_rules).collect()
    }
}

/// The rules of all packs that are run: those that can be meant, in order, as long as there is room for them; and the
/// first pack for which there is none.
pub fn rules_of_packs(packs: &Table<Pack>) -> (Vec<(&Id, &PackRule)>, Option<&Id>) {
    let (mut left, mut full) = (MAX_ALL_PARTS, None);
    let mut rules = Vec::new();
    for (id, pack) in packs {
        for rule in pack.rules.iter().take(MAX_PACK_RULES) {
            let Ok(parts) = rule.parts() else { continue };
            let Some(rest) = left.checked_sub(parts) else {
                full = full.or(Some(id));
                continue;
            };
            left = rest;
            rules.push((id, rule));
        }
    }
    (rules, full)
}

impl PackRule {
    /// How many parts its condition has, if it can be meant as it stands.
    fn parts(&self) -> Result<usize, String> {
        self.sound()?;
        let mut parts = 0;
        fits(&self.when, self.subject, 1, &mut parts)?;
        Ok(parts)
    }

    /// Whether it can be meant as it stands.
    ///
    /// # Errors
    /// The first thing that cannot, in words.
    pub fn sound(&self) -> Result<(), String> {
        let texts = [
            ("label", &self.label, MAX_LABEL),
            ("message", &self.message, MAX_MESSAGE),
            ("why", &self.why, MAX_WHY),
            ("advice", &self.advice, MAX_ADVICE),
        ];
        for (name, text, most) in texts {
            let length = text.chars().count();
            if length > most {
                return Err(format!("its {name} has {length} characters, and at most {most} are read"));
            }
        }
        for (name, text) in [("label", &self.label), ("message", &self.message)] {
            if text.trim().is_empty() {
                return Err(format!("its {name} is empty"));
            }
        }
        let is_long = |it: &String| it.chars().count() > MAX_MESSAGE;
        if self.references.len() > MAX_REFERENCES || self.references.iter().any(is_long) {
            return Err(format!("its references are more than {MAX_REFERENCES}, or one is too long"));
        }
        let mut parts = 0;
        fits(&self.when, self.subject, 1, &mut parts)?;
        match &self.fix {
            Some(fix) if fix.label.trim().is_empty() => Err("its fix has no label".to_owned()),
            Some(fix) if fix.label.chars().count() > MAX_LABEL => {
                Err("its fix's label is too long".to_owned())
            }
            Some(fix) => is_asked_of(&fix.set, self.subject),
            None => Ok(()),
        }
    }
}

/// Whether a condition can be asked of a subject.
fn fits(it: &Condition, of: PackSubject, depth: usize, parts: &mut usize) -> Result<(), String> {
    use PackSubject::{Api, Asset, Boundary, Component, Dataset, Flow};
    *parts += 1;
    if depth > MAX_CONDITION_DEPTH {
        return Err(format!("its condition is nested deeper than {MAX_CONDITION_DEPTH}"));
    }
    if *parts > MAX_PARTS {
        return Err(format!("its condition has more than {MAX_PARTS} parts"));
    }
    let (name, subjects, inner): (&str, &[PackSubject], PackSubject) = match it {
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) => ("", &PackSubject::ALL, of),
        Condition::Answer(field, _) => {
            is_asked_of(field, of)?;
            ("answer", &PackSubject::ALL, of)
        }
        Condition::Kind(_) => ("kind", &[Component, Boundary], of),
        Condition::Family(_) => ("family", &[Component], of),
        Condition::Technology(_) => ("technology", &[Component], of),
        Condition::Can(_) => ("can", &[Component], of),
        Condition::Source(_) => ("source", &[Flow], Component),
        Condition::Target(_) => ("target", &[Flow], Component),
        Condition::Protocol(_) => ("protocol", &[Flow], of),
        Condition::Access(_) => ("access", &[Flow], of),
        Condition::Carries(_) => ("carries", &[Flow], of),
        Condition::Crosses(_) => ("crosses", &[Flow], of),
        Condition::Keeps(_) => ("keeps", &[Component, Dataset], of),
        Condition::Handles(_) => ("handles", &[Component], of),
        Condition::Asset(_) => ("asset", &[Asset], of),
        Condition::Within(_) => ("within", &[Component, Boundary, Api, Dataset], of),
        Condition::Incoming(_) => ("incoming", &[Component], Flow),
        Condition::Outgoing(_) => ("outgoing", &[Component], Flow),
        Condition::Listens(_) => ("listens", &[Component], of),
        Condition::Exposed => ("exposed", &[Component], of),
        Condition::Component(_) => ("component", &[Api, Dataset, Asset, Boundary], Component),
    };
    if !subjects.contains(&of) {
        let those: Vec<&str> = subjects.iter().map(|it| it.plural()).collect();
        return Err(format!("`{name}` can be asked of {}, not of {}", those.join(", "), of.plural()));
    }
    words_fit(it, of)?;
    it.inner().iter().try_for_each(|it| fits(it, inner, depth + 1, parts))
}

/// Whether the tables know the words of a condition.
fn words_fit(it: &Condition, of: PackSubject) -> Result<(), String> {
    let unknown = |what: &str, word: &str| Err(format!("there is no {what} `{word}`"));
    let all = |words: &[String], what: &str, is_known: &dyn Fn(&str) -> bool| {
        words.iter().find(|it| !is_known(it)).map_or(Ok(()), |it| unknown(what, it))
    };
    let boundary_kind = |it: &str| BoundaryKind::find(it).is_some();
    match it {
        Condition::Kind(words) if of == PackSubject::Boundary => {
            all(words, "kind of boundary", &boundary_kind)
        }
        Condition::Kind(words) => all(words, "kind", &|it| Kind::find(it).is_some()),
        Condition::Technology(words) => all(words, "technology", &|it| Technology::find(it).is_some()),
        Condition::Protocol(words) => all(words, "protocol", &|it| Protocol::find(it).is_some()),
        Condition::Crosses(Zone::Kind(words)) | Condition::Within(Zone::Kind(words)) => {
            all(words, "kind of boundary", &boundary_kind)
        }
        // What nobody has said is nothing to look for: it is asked for.
        Condition::Access(all) if all.contains(&Access::Unknown) => {
            Err("`unknown` is no access to look for".to_owned())
        }
        Condition::Carries(worth)
        | Condition::Keeps(worth)
        | Condition::Handles(worth)
        | Condition::Asset(worth)
            if *worth == Worth::AtLeast(Class::Unknown) =>
        {
            Err("`unknown` is no class to look for".to_owned())
        }
        _ => Ok(()),
    }
}

/// Whether a control or field is asked of such subjects.
fn is_asked_of(field: &str, of: PackSubject) -> Result<(), String> {
    if ANSWER_FIELDS.contains(&field) {
        let theirs: &[&str] = match of {
            PackSubject::Component => &["highly_available", "takes_over"],
            PackSubject::Boundary => &["segmented"],
            PackSubject::Flow => &["encrypted", "authenticated"],
            PackSubject::Asset => &["personal", "credential"],
            PackSubject::Api | PackSubject::Dataset => &[],
        };
        return if theirs.contains(&field) { Ok(()) } else { Err(not_of(field, of)) };
    }
    let Some(control) = Control::find(field) else {
        return Err(format!("there is no control or field `{field}`"));
    };
    let is_meant = |it: &AppliesTo| match it {
        AppliesTo::Families(_) | AppliesTo::Can(_) | AppliesTo::Components => of == PackSubject::Component,
        AppliesTo::Boundaries => of == PackSubject::Boundary,
        AppliesTo::Flows => of == PackSubject::Flow,
        AppliesTo::Apis => of == PackSubject::Api,
        AppliesTo::Datasets => of == PackSubject::Dataset,
    };
    if control.applies_to.iter().any(is_meant) { Ok(()) } else { Err(not_of(field, of)) }
}

fn not_of(field: &str, of: PackSubject) -> String {
    format!("`{field}` is not asked of {}", of.plural())
}
