//! A component: first what matters for its kind, all else below.

use std::collections::BTreeSet;

use egui::Ui;

use super::answers::{Asked, answer};
use super::{controls, filter, form, head, holdings, inferred, issues, listeners};
use crate::editor::{Editor, Holds, may_be_gate};
use crate::model::{Allows, Capability, Component, Family, Id, Kind, Technology};
use crate::tokens::Ink;
use crate::ui::panels::family_ink;
use crate::ui::widgets::{Choice, field, inset, section, segmented_answer, select};

/// The fields beside name, kind and technology.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    Within,
    GateOf,
    Replicas,
    HighlyAvailable,
    Balancing,
    Stores,
    Processes,
    TakesOver,
    Quorum,
    Pool,
    Requests,
    ReadShare,
    HitRatio,
    Capacity,
    Availability,
}

impl Field {
    /// In the order of the form.
    const ALL: [Self; 15] = [
        Self::Within,
        Self::GateOf,
        Self::Replicas,
        Self::HighlyAvailable,
        Self::Balancing,
        Self::Stores,
        Self::Processes,
        Self::TakesOver,
        Self::Requests,
        Self::ReadShare,
        Self::HitRatio,
        Self::Pool,
        Self::Quorum,
        Self::Capacity,
        Self::Availability,
    ];

    /// Whether it stands above for a kind, and not under "More".
    fn is_first_for(self, kind: &Kind) -> bool {
        let is_ours = !kind.can(Capability::NotOurs);
        match self {
            Self::Within => kind.family != Family::Note,
            Self::GateOf => may_be_gate(kind),
            Self::Replicas | Self::HighlyAvailable => is_ours,
            Self::Balancing => kind.can(Capability::Spreads) && !kind.can(Capability::Filters),
            Self::Stores => is_ours && !matches!(kind.family, Family::Edge | Family::Compute),
            Self::Processes => is_ours && matches!(kind.family, Family::Edge | Family::Compute),
            Self::TakesOver => kind.family == Family::Data,
            Self::Requests | Self::ReadShare => kind.can(Capability::Actor),
            Self::HitRatio => kind.can(Capability::Cache),
            Self::Pool | Self::Quorum | Self::Capacity | Self::Availability => false,
        }
    }
}

/// The strategies of what spreads, by slug.
const BALANCING: [(&str, &str); 6] = [
    ("", "Unknown"),
    ("round-robin", "Round robin"),
    ("least-busy", "Least busy"),
    ("cookie-affinity", "By cookie"),
    ("dns", "By DNS"),
    ("per-resource", "By resource"),
];

/// Shows a component and sets what is altered.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor, id: &Id) {
    let Some(mut it) = editor.model().component(id).cloned() else { return };
    let kind = it.kind();
    let ids = BTreeSet::from([id.clone()]);
    let ink = family_ink(kind.family);
    let is_renamed = if kind.family == Family::Note {
        head::named(ui, &kind.icon, ink, &kind.label, &mut it.name)
    } else {
        head::of_element(ui, editor, (id, ink), &kind.label, &mut it.name)
    };
    if is_renamed {
        editor.rename(id, &it.name);
        return;
    }
    issues::ui(ui, editor, &ids);
    inferred::ui(ui, editor, id);
    inset(ui, |ui| {
        kind_ui(ui, editor, &ids, Some(kind));
        if kind.family != Family::Note {
            technology_ui(ui, editor, &ids, Some(&it.technology));
        }
        fields_ui(ui, editor, id, &it, |field| field.is_first_for(kind));
    });
    if kind.can(Capability::Filters) || it.allows != Allows::Unknown {
        allows_ui(ui, editor, id, &it);
    }
    if !kind.can(Capability::NotOurs) || !it.listeners.is_empty() {
        listeners_ui(ui, editor, id, &it);
    }
    if let Some((slug, given)) = controls::ui(ui, &it.controls, it.technology(), |it| it.is_for_kind(kind)) {
        editor.amend::<Component>(id, "Answer", |it| it.controls.set(&slug, given));
    }
    if section(ui, "More", "", false) {
        inset(ui, |ui| fields_ui(ui, editor, id, &it, |field| !field.is_first_for(kind)));
    }
    if section(ui, "Notes", "", !it.notes.is_empty() || kind.family == Family::Note) {
        inset(ui, |ui| {
            if form::notes(ui, "What else is to be known", &mut it.notes) {
                editor.amend::<Component>(id, "Edit notes", |now| now.notes = it.notes.clone());
            }
        });
    }
}

/// The kind of components; `None` where they differ.
pub(super) fn kind_ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>, now: Option<&Kind>) {
    let choice =
        |it: &Kind| Choice::new(&*it.label).icon(&*it.icon, family_ink(it.family)).note(it.family.label());
    let shown =
        now.map_or_else(|| Choice::quiet(form::SEVERAL), |it| Choice { note: String::new(), ..choice(it) });
    let selected = now.and_then(|now| Kind::all().iter().position(|it| it.slug == now.slug));
    let all = || Kind::all().iter().map(choice).collect();
    let chosen = field(ui, "Kind", |ui| select(ui, "Kind", &shown, selected, all)).1;
    if let Some(kind) = chosen.and_then(|it| Kind::all().get(it)) {
        editor.change_kind(ids, &kind.slug);
    }
}

/// The technology of components, with those that are known; `None` where they differ.
pub(super) fn technology_ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>, now: Option<&str>) {
    let words: Vec<&str> = Technology::all().iter().map(|it| it.label.as_str()).collect();
    let mut value = now.unwrap_or_default().to_owned();
    let hint = if now.is_none() { form::SEVERAL } else { "A product: postgres:16, nginx" };
    if form::suggested(ui, "Technology", hint, &mut value, &words) {
        editor.change_technology(ids, &value);
    }
}

/// What elements stand in.
#[derive(Clone, Copy)]
pub(super) enum Home<'a> {
    /// All in the same boundary, or in none.
    Same(Option<&'a Id>),
    Several,
}

/// The boundary that components or boundaries stand in, out of those that may hold them.
pub(super) fn within_ui(ui: &mut Ui, editor: &mut Editor, ids: &BTreeSet<Id>, now: Home<'_>) {
    let inside = |it: &Id| ids.iter().any(|id| it == id || editor.nesting().is_in(it, id));
    let (model, boundaries) = (editor.model(), editor.model().boundaries());
    let all = model.by_title(boundaries.keys().filter(|it| !inside(it)));
    let all: Vec<Id> = all.into_iter().cloned().collect();
    let outside = Choice::new("No boundary").icon("circle-slash", Ink::Muted);
    let shown = match now {
        Home::Several => Choice::quiet(form::SEVERAL),
        Home::Same(None) => outside.clone(),
        Home::Same(Some(it)) => form::element(editor, it),
    };
    let selected = match now {
        Home::Several => None,
        Home::Same(None) => Some(0),
        Home::Same(Some(now)) => all.iter().position(|it| it == now).map(|it| it + 1),
    };
    let choices =
        || std::iter::once(outside.clone()).chain(all.iter().map(|it| form::element(editor, it))).collect();
    let chosen = field(ui, "Stands in", |ui| select(ui, "Stands in", &shown, selected, choices)).1;
    if let Some(chosen) = chosen {
        let into = chosen.checked_sub(1).and_then(|it| all.get(it)).cloned();
        editor.put_into(ids, into.as_ref());
    }
}

fn gate_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, now: Option<&Id>) {
    let (model, boundaries) = (editor.model(), editor.model().boundaries());
    let all: Vec<Id> = model.by_title(boundaries.keys()).into_iter().cloned().collect();
    let none = Choice::new("No boundary").icon("circle-slash", Ink::Muted);
    let shown = now.map_or_else(|| none.clone(), |it| form::element(editor, it));
    let selected = now.map_or(Some(0), |now| all.iter().position(|it| it == now).map(|it| it + 1));
    let choices =
        || std::iter::once(none.clone()).chain(all.iter().map(|it| form::element(editor, it))).collect();
    let chosen = field(ui, "Gate of", |ui| select(ui, "Gate of", &shown, selected, choices)).1;
    if let Some(chosen) = chosen {
        let boundary = chosen.checked_sub(1).and_then(|it| all.get(it)).cloned();
        editor.set_gate(id, boundary.as_ref());
    }
}

/// The fields that `wanted` picks, in order.
fn fields_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, now: &Component, wanted: impl Fn(Field) -> bool) {
    let mut it = now.clone();
    let mut done = None;
    for field in Field::ALL.into_iter().filter(|it| wanted(*it)) {
        let label = field_ui(ui, editor, id, &mut it, field);
        done = done.or(label);
    }
    if let Some(label) = done {
        editor.amend::<Component>(id, label, |now| *now = it);
    }
}

/// One field; what the step is called if it altered the component.
fn field_ui(
    ui: &mut Ui,
    editor: &mut Editor,
    id: &Id,
    it: &mut Component,
    field: Field,
) -> Option<&'static str> {
    let ids = BTreeSet::from([id.clone()]);
    let (is_new, label) = match field {
        Field::Within => {
            // A gate stands where its boundary does.
            if !editor.is_gate(id) {
                within_ui(ui, editor, &ids, Home::Same(it.within.as_ref()));
            }
            return None;
        }
        Field::GateOf => {
            gate_ui(ui, editor, id, it.gate_of.as_ref());
            return None;
        }
        Field::Stores => {
            holdings::ui(ui, editor, "Stores", Holds::Stores, &ids, &it.stores);
            return None;
        }
        Field::Processes => {
            holdings::ui(ui, editor, "Handles", Holds::Processes, &ids, &it.processes);
            return None;
        }
        Field::HighlyAvailable => return highly_available_ui(ui, it),
        Field::TakesOver => {
            let help = "When its source is lost, does a replica take the writes by itself?";
            let given = answer(ui, &Asked::new("Takes over", help), Some(&it.takes_over));
            (form::put(&mut it.takes_over, given), "Answer")
        }
        Field::Replicas => (form::count(ui, "Replicas", "1", &mut it.replicas), "Set the replicas"),
        Field::Balancing => {
            let mut value =
                BALANCING.iter().map(|it| it.0).find(|known| *known == it.balancing).unwrap_or("");
            let is_new = form::listed(ui, "Balancing", &BALANCING, &mut value);
            if is_new {
                value.clone_into(&mut it.balancing);
            }
            (is_new, "Set the balancing")
        }
        Field::Pool => (form::text(ui, "Pool", form::POOL, &mut it.pool), "Set the pool"),
        Field::Quorum => (form::count(ui, "Quorum", "1", &mut it.quorum), "Set the quorum"),
        Field::Requests => (
            form::figure(ui, "Requests a second", "Unknown", &mut it.requests_per_second),
            "Set the requests",
        ),
        Field::ReadShare => {
            (form::share(ui, "Share of reads", "Unknown", &mut it.read_share), "Set the share of reads")
        }
        Field::HitRatio => (form::share(ui, "Hit ratio", "Unknown", &mut it.hit_ratio), "Set the hit ratio"),
        Field::Capacity => {
            (form::figure(ui, "Capacity", "Requests a second of each", &mut it.capacity), "Set the capacity")
        }
        Field::Availability => {
            (form::share(ui, "Availability", "99.95 %", &mut it.availability), "Set the availability")
        }
    };
    is_new.then_some(label)
}

fn highly_available_ui(ui: &mut Ui, it: &mut Component) -> Option<&'static str> {
    let help = "Does it survive the loss of an instance, a host or a zone by itself?";
    let asked = Asked::new("Highly available", help);
    let asked = match it.technology() {
        Some(known) => asked.implied(&known.label, known.highly_available()),
        None => asked,
    };
    let given = answer(ui, &asked, Some(&it.highly_available));
    form::put(&mut it.highly_available, given).then_some("Answer")
}

fn listeners_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, now: &Component) {
    let note = match now.listeners.len() {
        0 => String::new(),
        n => n.to_string(),
    };
    if !section(ui, "Listens on", &note, true) {
        return;
    }
    inset(ui, |ui| {
        let mut all = now.listeners.clone();
        if listeners::listeners(ui, editor, &mut all) {
            editor.amend::<Component>(id, "Edit the listeners", |it| it.listeners = all);
        }
    });
}

fn allows_ui(ui: &mut Ui, editor: &mut Editor, id: &Id, now: &Component) {
    if !section(ui, "Lets through", "", true) {
        return;
    }
    inset(ui, |ui| {
        let mut allows = now.allows.clone();
        let selected = usize::from(allows != Allows::Unknown);
        let mut is_new = false;
        match segmented_answer(ui, "Lets through", &["Unknown", "Only these"], Some(selected)) {
            Some(0) if selected != 0 => (allows, is_new) = (Allows::Unknown, true),
            Some(1) if selected != 1 => (allows, is_new) = (Allows::Only(Vec::new()), true),
            _ => {}
        }
        if let Allows::Only(entries) = &mut allows {
            is_new |= filter::entries(ui, editor, entries, "Nothing passes.");
        }
        if is_new {
            editor.amend::<Component>(id, "Edit what passes", |it| it.allows = allows);
        }
    });
}
