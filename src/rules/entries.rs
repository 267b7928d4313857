//! Entries for outside input, for all rules: the APIs that outsiders can call and, where nobody drew any, the
//! components that take outside input themselves. A rule asks by API, or once for such a component.

use super::arguments::{Argument, arguments};
use super::outside::{control, is_open, sender, speaks, together};
use super::{
    Asked, Evidence, Exposure, Finding, Fix, Found, Impact, Out, answer, severity, words, yes_or_no,
};
use crate::analysis::{ApiIx, ApiNode, Arrival, AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{Family, Id, Truth};

/// Where outside input comes in, and what was said of it.
pub(super) struct Entry {
    /// `None` for components.
    pub api: Option<ApiIx>,
    /// The component that offers it, or the first of those that are asked about together.
    pub component: Option<ComponentIx>,
    /// The API, or the components.
    pub subjects: Vec<Id>,
    pub name: String,
    pub place: String,
    /// `No` or `Unknown`.
    pub truth: Truth,
    /// The way of requests from outside to the component; empty where none is drawn.
    pub way: Vec<ComponentIx>,
    pub exposure: Exposure,
    /// `anyone on the internet can send it`
    pub who: String,
}

/// What a rule has to say of an entry, whether it finds or asks.
pub(super) struct Said {
    pub impact: Impact,
    /// What is asked while the answer is unknown.
    pub question: String,
    /// What is wrong if it is no.
    pub message: String,
    /// Why it matters, small and without a period: for both.
    pub because: String,
    /// The way of the input; empty: that to the entry.
    pub way: Vec<ComponentIx>,
    pub facts: Vec<String>,
}

impl Entry {
    /// Asks for a control, or finds that it does not hold.
    pub(super) fn say(&self, facts: &Facts, slug: &str, said: Said, out: &mut Out<'_>) {
        let way = if said.way.is_empty() { &self.way } else { &said.way };
        let mut evidence = Evidence::way(facts, way.iter().copied());
        evidence.also = self.subjects.clone();
        if self.truth == Truth::Unknown {
            let unknowns = unknowns(&self.subjects, slug);
            let Some(about) = unknowns.first().cloned() else { return };
            out.question(Asked {
                about,
                stake: severity(facts, said.impact, self.exposure),
                text: said.question,
                why: format!("{}.", words::capital(&said.because)),
                choices: yes_or_no(&unknowns),
                evidence,
            });
            return;
        }
        out.finding(Found {
            subjects: self.subjects.clone(),
            detail: String::new(),
            impact: said.impact,
            exposure: self.exposure,
            because: said.because,
            message: said.message,
            place: self.place.clone(),
            evidence,
            facts: said.facts,
        });
    }

    /// The API's parameters; none of a component.
    pub(super) fn arguments(&self, facts: &Facts) -> Vec<Argument> {
        self.api.map(|it| arguments(&facts.data.api(it).record)).unwrap_or_default()
    }
}

/// The answer that a control holds, for all subjects of a finding; its label begins with what is done.
pub(super) fn holds(facts: &Facts, finding: &Finding, slug: &str, label: &str) -> Fix {
    let label = format!("{label} {}", words::titles(facts, &finding.subjects));
    Fix { label, edit: answer(facts, &unknowns(&finding.subjects, slug), Truth::Yes) }
}

fn unknowns(subjects: &[Id], slug: &str) -> Vec<Unknown> {
    subjects.iter().map(|it| Unknown::new(it, format!("controls.{slug}"))).collect()
}

/// All entries of which a control is not known to hold. Where a component says that it does not, that explains its
/// APIs, too.
pub(super) fn entries(facts: &Facts, slug: &str) -> Vec<Entry> {
    let mut entries = apis(facts, slug);
    let mut has_apis = vec![false; facts.topology.component_count()];
    for component in facts.data.apis().iter().filter_map(|it| it.component) {
        for one in together(facts, component, |_| true) {
            has_apis[one.at()] = true;
        }
    }
    for (component, _) in facts.topology.components().filter(|(_, it)| it.is(Family::Compute)) {
        let truth = control(facts, component, slug);
        let enters = |it: ComponentIx| {
            let is_entry = if truth == Truth::No { is_reached(facts, it) } else { facts.inputs().takes(it) };
            is_entry && control(facts, it, slug) == truth
        };
        if !is_open(truth) || !enters(component) || (truth == Truth::Unknown && has_apis[component.at()]) {
            continue;
        }
        if !speaks(facts, component, enters) {
            continue;
        }
        let same = together(facts, component, enters);
        let way = facts.inputs().way(component, Arrival::Request);
        let (exposure, who) = sender(facts, &way);
        entries.push(Entry {
            api: None,
            component: Some(component),
            subjects: same.iter().map(|it| facts.topology.component(*it).id.clone()).collect(),
            name: words::names(facts, same.iter().copied()),
            place: words::place(facts, component),
            truth,
            way,
            exposure,
            who,
        });
    }
    entries
}

/// The APIs that outsiders can call of which a control is not known to hold.
pub(super) fn apis(facts: &Facts, slug: &str) -> Vec<Entry> {
    apis_unless(facts, slug, |it| control(facts, it, slug))
}

/// The same, whatever their components say: where another component has to see to it.
pub(super) fn apis_alone(facts: &Facts, slug: &str) -> Vec<Entry> {
    apis_unless(facts, slug, |_| Truth::Unknown)
}

fn apis_unless(facts: &Facts, slug: &str, said: impl Fn(ComponentIx) -> Truth) -> Vec<Entry> {
    let one = |(n, api): (usize, &ApiNode)| {
        let of_component = api.component.map(&said).unwrap_or_default();
        let truth = match api.record.controls.truth(slug) {
            Truth::Unknown if of_component != Truth::Unknown => return None,
            Truth::No if of_component == Truth::No => return None,
            said => said,
        };
        let is_entry = api.component.is_none_or(|it| is_reached(facts, it));
        (is_entry && is_open(truth)).then(|| entry(facts, n.into(), api, truth))
    };
    facts.data.apis().iter().enumerate().filter_map(one).collect()
}

fn entry(facts: &Facts, ix: ApiIx, api: &ApiNode, truth: Truth) -> Entry {
    let way = api.component.map(|it| facts.inputs().way(it, Arrival::Request)).unwrap_or_default();
    let name = if api.record.name.is_empty() { api.id.to_string() } else { api.record.name.clone() };
    let (exposure, who) = if !is_open(api.record.controls.truth("authentication")) {
        (Exposure::Guarded, format!("whoever may call {name} can send it"))
    } else if way.is_empty() {
        // Nobody has drawn yet who calls it.
        (Exposure::Guarded, "whoever calls it can send it".to_owned())
    } else {
        sender(facts, &way)
    };
    let place =
        api.component.map_or_else(|| name.clone(), |it| format!("{name} · {}", words::name(facts, it)));
    let subjects = vec![api.id.clone()];
    Entry { api: Some(ix), component: api.component, subjects, name, place, truth, way, exposure, who }
}

/// Whether requests from outside come to a component, or nobody has drawn yet what does.
fn is_reached(facts: &Facts, component: ComponentIx) -> bool {
    facts.topology.component(component).into.is_empty() || facts.inputs().reaches(component, Arrival::Request)
}

/// All assets that components handle, in order, each once.
pub(super) fn handled(facts: &Facts, components: impl IntoIterator<Item = ComponentIx>) -> Vec<AssetIx> {
    let all = components.into_iter().flat_map(|it| facts.data.handled(it).iter().copied());
    let mut assets: Vec<AssetIx> = all.collect();
    assets.sort_unstable();
    assets.dedup();
    assets
}
