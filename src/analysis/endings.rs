//! Endings: where encryption ends on the way of requests: an own edge gets them encrypted and sends them on in clear, or
//! nobody has said how.

use super::{AssetIx, ComponentIx, Data, FlowEdge, FlowIx, Topology};
use crate::model::{Capability, Family, Truth};

/// A component of the edge at which encryption ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    pub at: ComponentIx,
    /// Encrypted flows to it, in order.
    pub arrives: Vec<FlowIx>,
    /// Flows from it to own components that are not encrypted, or of which nobody knows, in order.
    pub goes_on: Vec<FlowIx>,
}

impl Ending {
    /// All endings, in the order of their components.
    pub fn all(topology: &Topology) -> Vec<Self> {
        let edges =
            topology.components().filter(|(_, it)| it.is(Family::Edge) && !it.can(Capability::NotOurs));
        let endings = edges.map(|(at, node)| {
            let requests = |flows: &[FlowIx], which: &dyn Fn(&FlowEdge) -> bool| {
                let is_one = |it: &FlowIx| !topology.flow(*it).reply && which(topology.flow(*it));
                flows.iter().copied().filter(is_one).collect::<Vec<FlowIx>>()
            };
            let is_ours = |it: &FlowEdge| !topology.component(it.to).can(Capability::NotOurs);
            let is_clear = |it: &FlowEdge| matches!(it.encrypted, Truth::No | Truth::Unknown);
            Self {
                at,
                arrives: requests(&node.into, &|it| it.encrypted == Truth::Yes),
                goes_on: requests(&node.out, &|it| is_clear(it) && is_ours(it)),
            }
        });
        endings.filter(|it| !it.arrives.is_empty() && !it.goes_on.is_empty()).collect()
    }

    /// What goes on over one of its flows: what that is said to carry or, if nothing was said, what arrives. In order.
    pub fn assets(&self, topology: &Topology, data: &Data, flow: FlowIx) -> Vec<AssetIx> {
        if !topology.flow(flow).record.carries.is_empty() {
            return data.carried(flow).to_vec();
        }
        let mut assets: Vec<AssetIx> =
            self.arrives.iter().flat_map(|it| data.carried(*it).iter().copied()).collect();
        assets.sort_unstable();
        assets.dedup();
        assets
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::analysis::Facts;
    use crate::formats::text;

    /// `at: flow (assets)`, one a flow that goes on.
    fn endings(text: &str) -> Vec<String> {
        let facts =
            Facts::of(Arc::new(text::read(&format!("asset a: secret; asset b: public\n{text}")).unwrap()));
        let topology = &facts.topology;
        let row = |ending: &Ending, flow: FlowIx| {
            let assets = ending.assets(topology, &facts.data, flow);
            let assets: Vec<&str> = assets.iter().map(|it| facts.data.asset_id(*it).as_str()).collect();
            format!("{}: {} ({})", topology.component(ending.at).id, topology.flow(flow).id, assets.join(" "))
        };
        let all = Ending::all(topology);
        all.iter().flat_map(|it| it.goes_on.iter().map(|flow| row(it, *flow)).collect::<Vec<_>>()).collect()
    }

    #[test]
    fn it_ends_where_it_arrives_encrypted_and_goes_on_in_clear() {
        assert_eq!(endings("user -> lb: https [carries a, b]; lb -> web: http"), ["lb: lb-web (a b)"]);
        assert_eq!(endings("user -> lb: https [carries a]; lb -> web: rest [carries b]"), ["lb: lb-web (b)"]);
        assert_eq!(endings("user -> waf: https; waf -> lb: http; waf"), ["waf: waf-lb ()"]);
        for nowhere in [
            "user -> lb -> web: https",
            "user -> lb -> web: http",
            "user -> lb: https; lb -> web: http [encrypted yes]",
            "user -> lb: https; lb -> web: http [reply]",
            "user -> lb: https; lb -> pay: http; pay: third-party-service",
            "user -> web: https; web -> db: mysql",
        ] {
            assert!(endings(nowhere).is_empty(), "{nowhere}");
        }
    }
}
