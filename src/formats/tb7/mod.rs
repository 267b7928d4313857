//! Templates of the Microsoft Threat Modeling Tool, `*.tb7`, as packs: their threats are its rules.
//!
//! A template is XML: stencils, categories of threats, and threats with filters on the flow that they are about. A threat
//! becomes a rule on flows whose condition is its filter, read by the table `assets/tb7.ron`.

mod filter;
mod mapping;

use std::collections::BTreeSet;

use roxmltree::{Document, Node, ParsingOptions};

use super::ImportError;
use crate::model::{Condition, Id, MAX_PACK_RULES, Pack, PackRule, PackSubject, Severity, Stride};
use mapping::Stencils;

/// The most nodes that are read. The largest template known has a tenth.
const MAX_NODES: u32 = 500_000;
/// The most attributes of one element: each is compared with all others. No template has more than ten.
const MAX_ATTRIBUTES: usize = 300;
/// The most stencils that are read. The largest template known has a tenth.
const MAX_STENCILS: usize = 2000;

/// Reads a template.
///
/// # Errors
/// It is none, or the filters of some threats do not read: what is wrong with each.
pub(super) fn read(text: &str) -> Result<(Id, Pack), Vec<ImportError>> {
    let alone = |it: ImportError| vec![it];
    let document = parsed(text).map_err(alone)?;
    let root = document.root_element();
    let (stencils, threats) = parts(root).map_err(alone)?;
    let mut ids = BTreeSet::new();
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    for threat in threats {
        match rule(root, threat, &stencils, &mut ids) {
            Ok(rule) => rules.push(rule),
            Err(fault) => faults.push(fault),
        }
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    let manifest = child(root, "Manifest");
    let said = |name: &str| {
        let it = manifest.and_then(|it| it.attribute(name).or_else(|| text_of(it, name)));
        cut(it.unwrap_or_default(), 200)
    };
    let title =
        Some(said("name")).filter(|it| !it.is_empty()).unwrap_or_else(|| "Threat template".to_owned());
    Ok((Id::slug(&title), Pack { title, version: said("version"), rules, source: String::new() }))
}

fn parsed(text: &str) -> Result<Document<'_>, ImportError> {
    if text.split('<').any(|it| attributes(it) > MAX_ATTRIBUTES) {
        return Err(refused(None, format!("one of its elements has more than {MAX_ATTRIBUTES} attributes")));
    }
    // No DTD, hence no entities but XML's own.
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let at = error.pos();
        refused(Some((at.row as usize, at.col as usize)), error_words(&error))
    })
}

/// What a template says of its stencils, and its threats.
fn parts<'a, 'i>(root: Node<'a, 'i>) -> Result<(Stencils, Vec<Node<'a, 'i>>), ImportError> {
    if root.tag_name().name() != "KnowledgeBase" {
        let what = format!("this is XML, and no template: it begins with `{}`", root.tag_name().name());
        return Err(refused(None, what));
    }
    // The generic ones first: an attribute is as the most general stencil has it.
    let lists = ["GenericElements", "StandardElements"].into_iter().filter_map(|it| child(root, it));
    let all: Vec<Node<'_, '_>> = lists.flat_map(elements).collect();
    if all.len() > MAX_STENCILS {
        let what = format!("it has {} stencils, and at most {MAX_STENCILS} are read", all.len());
        return Err(refused(None, what));
    }
    let threats: Vec<Node<'_, '_>> =
        child(root, "ThreatTypes").map(|it| elements(it).collect()).unwrap_or_default();
    if threats.is_empty() {
        // As a pack it would be one without a rule, which looks as if it had been read.
        let what = "this template has no threat types, and only these become rules".to_owned();
        return Err(ImportError { place: None, what, hint: "take one that has some".to_owned() });
    }
    if threats.len() > MAX_PACK_RULES {
        let what = format!("it has {} threats, and at most {MAX_PACK_RULES} are read", threats.len());
        return Err(refused(None, what));
    }
    Ok((stencils(&all), threats))
}

fn refused(place: Option<(usize, usize)>, what: String) -> ImportError {
    ImportError { place, what, hint: "open it in the Threat Modeling Tool and save it again".to_owned() }
}

fn error_words(error: &roxmltree::Error) -> String {
    match error {
        roxmltree::Error::DtdDetected => "it has a DTD, which is not read".to_owned(),
        roxmltree::Error::NodesLimitReached => format!("it has more than {MAX_NODES} nodes"),
        // Its words end with the place, which is told before them.
        other => {
            let text = other.to_string();
            text.rsplit_once(" at ").map_or(text.as_str(), |it| it.0).to_owned()
        }
    }
}

/// How many attributes an element may have, of which this is the text up to the next one.
fn attributes(text: &str) -> usize {
    let signs = text.match_indices('=').map(|(at, it)| text[at + it.len()..].trim_start());
    signs.filter(|it| it.starts_with(['"', '\''])).count()
}

fn elements<'a, 'i>(of: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    of.children().filter(Node::is_element)
}

/// The first child of one of these names; older templates write `ID`, newer ones `Id`.
fn child<'a, 'i>(of: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    elements(of).find(|it| it.tag_name().name().eq_ignore_ascii_case(name))
}

fn text_of<'a>(of: Node<'a, '_>, name: &str) -> Option<&'a str> {
    child(of, name).and_then(|it| it.text()).map(str::trim).filter(|it| !it.is_empty())
}

/// What the template says of its stencils.
fn stencils(all: &[Node<'_, '_>]) -> Stencils {
    let mut found = Stencils::default();
    for element in all.iter().copied() {
        let Some(id) = text_of(element, "Id") else { continue };
        if let Some(name) = text_of(element, "Name") {
            found.names.insert(id.to_owned(), name.to_owned());
        }
        if let Some(parent) = text_of(element, "ParentElement").or_else(|| text_of(element, "ParentId")) {
            found.below.entry(parent.to_owned()).or_default().push(id.to_owned());
        }
        for attribute in child(element, "Attributes").into_iter().flat_map(elements) {
            let Some(name) = text_of(attribute, "Name") else { continue };
            let shown = text_of(attribute, "DisplayName").unwrap_or(name);
            let values = child(attribute, "AttributeValues");
            let first =
                values.and_then(|it| elements(it).next()).and_then(|it| it.text()).unwrap_or_default();
            let said = || (shown.to_owned(), first.trim().to_owned());
            found.attributes.entry(name.to_owned()).or_insert_with(said);
        }
    }
    found
}

fn rule(
    root: Node<'_, '_>,
    threat: Node<'_, '_>,
    stencils: &Stencils,
    ids: &mut BTreeSet<Id>,
) -> Result<PackRule, ImportError> {
    let name = text_of(threat, "Id").unwrap_or("threat");
    let filters = child(threat, "GenerationFilters");
    let read = |name: &str| match filters.and_then(|it| child(it, name)) {
        Some(it) => filter(it),
        None => Ok(None),
    };
    let of_threat = |it: ImportError| ImportError { what: format!("threat {name}: {}", it.what), ..it };
    let include = read("Include").map_err(of_threat)?;
    let exclude = read("Exclude").map_err(of_threat)?;
    let include = include.map(|it| mapping::condition(&it, stencils));
    let exclude = exclude.map(|it| mapping::condition(&it, stencils));
    // One that includes nothing is never generated.
    let include = include.unwrap_or_else(|| Condition::Any(Vec::new()));
    let when = match exclude {
        Some(it) => Condition::All(vec![include, Condition::Not(Box::new(it))]),
        None => include,
    };
    let title = text_of(threat, "ShortTitle").unwrap_or(name);
    let description = text_of(threat, "Description").unwrap_or_default();
    let rule = PackRule {
        id: fresh(name, ids),
        label: cut(&capital(&words(title, ENDS)), 200),
        subject: PackSubject::Flow,
        stride: text_of(threat, "Category").map(|it| stride(root, it)).unwrap_or_default(),
        cwe: Vec::new(),
        severity: property(threat, "Priority").as_deref().and_then(severity),
        when,
        message: cut(&words(title, ["{source}", "{target}", "{flow}"]), 400),
        why: cut(&words(description, ["{source}", "{target}", "{flow}"]), 2000),
        advice: cut(&advice(threat, description), 10_000),
        references: Vec::new(),
        fix: None,
    };
    rule.sound().map_err(|it| refused(None, format!("threat {name}: {it}")))?;
    Ok(rule)
}

/// Reads a filter, with the place of what is wrong in it.
fn filter(of: Node<'_, '_>) -> Result<Option<filter::Filter>, ImportError> {
    let text = of.text().unwrap_or_default();
    filter::parse(text).map_err(|wrong| {
        let document = of.document();
        let range = of.first_child().unwrap_or(of).range();
        // Where no reference stands in it, a text is as long in the file as it is.
        let offset = if document.input_text().get(range.clone()) == Some(text) { wrong.at } else { 0 };
        let at = document.text_pos_at(range.start + offset);
        refused(Some((at.row as usize, at.col as usize)), wrong.what)
    })
}

/// An id that no other rule of the pack has.
fn fresh(name: &str, ids: &mut BTreeSet<Id>) -> Id {
    let first = Id::slug(name);
    let stem: String = first.as_str().chars().take(56).collect();
    let more = (2..).map(|n| Id::slug(&format!("{stem}-{n}")));
    let id = std::iter::once(first.clone()).chain(more).find(|it| !ids.contains(it)).unwrap_or(first);
    ids.insert(id.clone());
    id
}

/// The kinds of threats of a category, by its name.
fn stride(root: Node<'_, '_>, category: &str) -> Vec<Stride> {
    let categories = child(root, "ThreatCategories").into_iter().flat_map(elements);
    let of_id = categories.into_iter().find(|it| text_of(*it, "Id") == Some(category));
    let name = of_id.and_then(|it| text_of(it, "Name")).unwrap_or(category).to_lowercase();
    Stride::ALL.into_iter().filter(|it| it.label().to_lowercase() == name.trim()).collect()
}

/// What a threat says of itself beside its filters.
fn property(threat: Node<'_, '_>, name: &str) -> Option<String> {
    let all = child(threat, "PropertiesMetaData").into_iter().flat_map(elements);
    let it = all.into_iter().find(|it| text_of(*it, "Name") == Some(name))?;
    let values: Vec<&str> = elements(child(it, "Values")?)
        .filter_map(|it| it.text())
        .map(str::trim)
        .filter(|it| !it.is_empty())
        .collect();
    Some(values.join("\n\n")).filter(|it| !it.is_empty())
}

fn severity(priority: &str) -> Option<Severity> {
    Severity::from_slug(&priority.trim().to_lowercase())
}

fn advice(threat: Node<'_, '_>, description: &str) -> String {
    let mitigations = property(threat, "PossibleMitigations");
    let parts = [Some(description.to_owned()), mitigations].into_iter().flatten();
    let parts: Vec<String> = parts.filter(|it| !it.is_empty()).collect();
    capital(&words(&parts.join("\n\n"), ENDS))
}

/// What the places of names are called where no flow is meant.
const ENDS: [&str; 3] = ["source", "target", "flow"];

fn capital(text: &str) -> String {
    let mut rest = text.trim().chars();
    rest.next().map(|it| it.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// A text with other words for the places of names.
fn words(text: &str, [source, target, flow]: [&str; 3]) -> String {
    text.replace("{source.Name}", source).replace("{target.Name}", target).replace("{flow.Name}", flow)
}

fn cut(text: &str, most: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests;
