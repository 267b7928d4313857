//! What `parapet simulate` prints. Fields stand in the order in which they are written.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use super::super::ExportError;
use crate::analysis::{ComponentIx, Load, Outcome, Reach, Topology};
use crate::model::{PortRange, Ports};

/// What a loss takes down and what an attacker reaches, as `parapet simulate` prints it.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "parapet simulate", deny_unknown_fields)]
pub(super) struct Simulation<'a> {
    /// Components that do not work any more, sorted.
    down: Vec<&'a str>,
    /// All that is down, and what lacks a part of what it needs; sorted.
    cut: Vec<&'a str>,
    /// What is up, but worse; sorted.
    degraded: Vec<&'a str>,
    /// What has to serve more than it can, sorted; absent where no demand is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Vec<Overloaded<'_>>", default)]
    overloaded: Option<Vec<Overloaded<'a>>>,
    /// The listeners that the attacker gets to: by component, then by port.
    exposed: Vec<Exposed<'a>>,
}

/// A component that has to serve more than it can.
#[derive(Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Overloaded<'a> {
    id: &'a str,
    /// Demand over capacity: more than 1.
    utilisation: f64,
}

/// Ports of a component that arrive, and on which it listens.
#[derive(PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Exposed<'a> {
    id: &'a str,
    /// One port or one range: `tcp/22`, `tcp/8000-8080`.
    #[serde(serialize_with = "written")]
    #[schemars(with = "String", regex(pattern = r"^(tcp|udp)/\d{1,5}(-\d{1,5})?$"))]
    port: PortRange,
    /// The fewest compromises that are possible before it arrives.
    hop: u32,
    /// Whether that rests on something that nobody has said.
    question: bool,
    /// The ids of the components from the origin to this one.
    path: Vec<&'a str>,
}

fn written<S: serde::Serializer>(port: &PortRange, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(port)
}

/// The text of a simulation: what fails, what is overloaded then, and what is reached from one origin.
///
/// # Errors
/// It cannot be written.
pub fn simulation(
    topology: &Topology,
    outcome: &Outcome,
    load: Option<&Load>,
    reach: &Reach,
) -> Result<String, ExportError> {
    let overloaded = |(it, utilisation): (ComponentIx, f64)| Overloaded {
        id: id(topology, it),
        // What rounding left is nothing to tell.
        utilisation: (utilisation * 1e6).round() / 1e6,
    };
    let ids = |them: &BTreeSet<ComponentIx>| them.iter().map(|it| id(topology, *it)).collect();
    super::text(&Simulation {
        down: ids(&outcome.down),
        cut: ids(&outcome.cut),
        degraded: ids(&outcome.degraded),
        overloaded: load.map(|it| it.overloaded().map(overloaded).collect()),
        exposed: exposed(topology, reach),
    })
}

fn id(topology: &Topology, component: ComponentIx) -> &str {
    topology.component(component).id.as_str()
}

/// One row a port; adjacent ports are one if all else is equal.
fn exposed<'a>(topology: &'a Topology, reach: &Reach) -> Vec<Exposed<'a>> {
    let mut rows: Vec<Exposed<'a>> = Vec::new();
    for found in reach.exposed() {
        let path: Vec<&str> = reach.path(found).iter().map(|it| id(topology, it.component)).collect();
        for port in found.ports.ranges() {
            let row = Exposed {
                id: id(topology, found.component),
                port: *port,
                hop: found.hop,
                question: found.question,
                path: path.clone(),
            };
            match rows.last_mut() {
                Some(last) if joins(last, &row) => last.port.last = row.port.last,
                _ => rows.push(row),
            }
        }
    }
    rows
}

fn joins(last: &Exposed<'_>, next: &Exposed<'_>) -> bool {
    let touch = Ports::from_ranges([last.port, next.port]).ranges().len() == 1;
    let alike = |it: &Exposed<'_>| (it.hop, it.question);
    touch && last.id == next.id && alike(last) == alike(next) && last.path == next.path
}
