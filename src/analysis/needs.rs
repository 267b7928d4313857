//! Needs: what the loss of a flow's target does to its source. Part *Flows, needs, kinds* of the meanings.

use crate::model::{Access, Capability, Family, Needs, Style};

use super::{FlowEdge, Topology};

/// What the loss of a flow's target does to its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// Nothing: it answers, copies or administers, or operations opened it.
    None,
    /// The source fails.
    Hard,
    /// The source degrades.
    Soft,
}

impl Need {
    /// What is said of a flow that cannot make a need is not read: a `reply` or a copy needs nothing, even if it is
    /// said to be hard.
    pub fn of(topology: &Topology, flow: &FlowEdge) -> Self {
        let (source, target) = (topology.component(flow.from), topology.component(flow.to));
        let record = &flow.record;
        let watches = source.is(Family::Operations) && !source.can(Capability::Registry);
        if record.reply || matches!(record.access, Access::Replicate | Access::Admin) || watches {
            return Self::None;
        }
        match record.needs {
            Needs::Hard => return Self::Hard,
            Needs::Soft => return Self::Soft,
            Needs::Unset => {}
        }
        let consumes = record.access == Access::Consume;
        let is_soft = (record.style == Style::Asynchronous && !consumes)
            || target.can(Capability::Cache)
            || (target.is(Family::Operations) && !target.can(Capability::Registry))
            || source.is(Family::Messaging);
        if is_soft { Self::Soft } else { Self::Hard }
    }
}
