//! Cases: what a rule on a control has to say of the elements that it concerns, whether it finds or asks.

use super::{Asked, Evidence, Exposure, Found, Impact, Out, severity, yes_or_no};
use crate::analysis::{AssetIx, ComponentIx, Facts, Unknown};
use crate::model::{
    Access, Answer, Asset, Capability, Class, Component, Draft, Flow, Id, Ids, Listener, Truth,
};

/// A control that does not hold, or of which nobody has said whether it does.
pub(super) struct Case {
    pub control: &'static str,
    /// The first is asked about, and the answer is that of all.
    pub subjects: Vec<Id>,
    /// Anything but `No` and `Unknown` is silence.
    pub truth: Truth,
    pub impact: Impact,
    pub exposure: Exposure,
    pub question: String,
    pub message: String,
    /// Why it matters, without a period: for both.
    pub because: String,
    pub place: String,
    pub evidence: Evidence,
    pub facts: Vec<String>,
}

impl Case {
    /// Asks for the control, or finds that it does not hold.
    pub(super) fn say(self, out: &mut Out<'_>) {
        let unknowns: Vec<Unknown> =
            self.subjects.iter().map(|it| Unknown::new(it, format!("controls.{}", self.control))).collect();
        let Some(about) = unknowns.first().cloned() else { return };
        match self.truth {
            Truth::Unknown => out.question(Asked {
                about,
                stake: severity(out.facts(), self.impact, self.exposure),
                text: self.question,
                why: format!("{}.", super::words::capital(&self.because)),
                choices: yes_or_no(&unknowns),
                evidence: self.evidence,
            }),
            Truth::No => out.finding(Found {
                subjects: self.subjects,
                detail: String::new(),
                impact: self.impact,
                exposure: self.exposure,
                because: self.because,
                message: self.message,
                place: self.place,
                evidence: self.evidence,
                facts: self.facts,
            }),
            Truth::Yes | Truth::NotApplicable => {}
        }
    }
}

/// Whether an asset was said to be more than public.
pub(super) fn is_classified(asset: &Asset) -> bool {
    matches!(asset.class, Class::Internal | Class::Confidential | Class::Secret)
        || asset.personal.is_yes()
        || asset.credential.is_yes()
}

/// Those of some assets that were said to be more than public.
pub(super) fn classified<'f>(facts: &'f Facts, of: &'f [AssetIx]) -> impl Iterator<Item = AssetIx> + 'f {
    of.iter().copied().filter(|it| is_classified(facts.data.asset(*it)))
}

/// Assets in order, each once.
pub(super) fn once(assets: impl IntoIterator<Item = AssetIx>) -> Vec<AssetIx> {
    let mut assets: Vec<AssetIx> = assets.into_iter().collect();
    assets.sort_unstable();
    assets.dedup();
    assets
}

pub(super) fn id(facts: &Facts, component: ComponentIx) -> Id {
    facts.topology.component(component).id.clone()
}

/// Whether it works on requests itself, and is ours: no actor, and nothing through which they only go.
pub(super) fn works(facts: &Facts, component: ComponentIx) -> bool {
    let node = facts.topology.component(component);
    let not = [Capability::NotOurs, Capability::Actor, Capability::Passes, Capability::HandsOn];
    !not.iter().any(|it| node.can(*it)) && !node.is(crate::model::Family::Note)
}

/// Those of some assets that are there: what is not was said where it is missing, and a copy says it no second time.
pub(super) fn known(facts: &Facts, assets: &[Id]) -> Vec<Id> {
    assets.iter().filter(|it| facts.model().assets().contains_key(*it)).cloned().collect()
}

/// A drawn flow, to be drawn once more with other ends.
pub(super) fn copy_of(facts: &Facts, flow: &Flow) -> Flow {
    Flow { carries: known(facts, &flow.carries), ..flow.clone() }
}

/// A component that others use over the web, put beside the first of them if there is none of its kind, and a flow to
/// it from each.
pub(super) fn beside(
    facts: &Facts,
    draft: &mut Draft<'_>,
    ids: &mut Ids,
    users: &[Id],
    (kind, name, port): (&str, &str, &str),
) {
    let known = facts.topology.components().find(|(_, it)| it.record.kind == kind);
    let target = known.map(|(_, it)| it.id.clone()).unwrap_or_else(|| {
        let id = draft.mint(ids, kind);
        let first = users.first().and_then(|it| facts.topology.find_component(it));
        let listener = Listener {
            port: port.parse().unwrap_or_default(),
            protocol: "https".to_owned(),
            ..Listener::default()
        };
        let record = Component {
            kind: kind.to_owned(),
            name: name.to_owned(),
            replicas: Some(2),
            listeners: vec![listener],
            within: first.and_then(|it| facts.topology.place_of(it)),
            ..Component::default()
        };
        draft.put(id.clone(), record);
        id
    });
    for user in users.iter().filter(|it| **it != target) {
        let flow = Flow {
            protocol: "https".to_owned(),
            port: port.parse().unwrap_or_default(),
            access: Access::Read,
            encrypted: Answer::yes(),
            authenticated: Answer::yes(),
            ..Flow::between(user.clone(), target.clone())
        };
        let id = draft.mint(ids, kind);
        draft.put(id, flow);
    }
}
