//! `parapet simulate FILE`: what goes down, what is overloaded, and what an attacker reaches.

use std::path::PathBuf;
use std::sync::Arc;

use super::complaint::Complaint;
use super::{Reply, source};
use crate::analysis::{ComponentIx, Facts, Loss, Reach, Topology, Unit};
use crate::formats::json;
use crate::formats::nearest::did_you_mean;

/// Fail units and take footholds, and print as JSON what follows
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// A document: *.parapet.ron, or *.parapet.txt in the text language
    file: PathBuf,
    /// What fails: a component's id is one instance of it, 'ID*' all of them, a boundary's id all in it; may be repeated
    #[arg(long, value_name = "ID")]
    fail: Vec<String>,
    /// The component that an attacker holds; without it the attacker comes from the internet
    #[arg(long, value_name = "ID")]
    foothold: Option<String>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Reply, Complaint> {
    let model = Arc::new(source::open(&arguments.file)?);
    let facts = Facts::of(Arc::clone(&model));
    let topology = &facts.topology;
    let failed: Result<Vec<Unit>, Complaint> = arguments.fail.iter().map(|it| unit(topology, it)).collect();
    let loss = Loss { failed: failed?, ..Loss::default() };
    let outcome = facts.failure.simulate(&loss.failed);
    let load = facts.load_without(&loss);
    let from_foothold = match &arguments.foothold {
        Some(id) => Some(Reach::from_foothold(topology, &facts.ingress, foothold(topology, id)?)),
        None => None,
    };
    let reach = from_foothold.as_ref().unwrap_or(&facts.reach);
    let text = json::simulation(topology, &outcome, load.as_ref(), reach)
        .map_err(|it| Complaint::of_file(&arguments.file, &it.to_string()))?;
    Ok(Reply { text, remarks: source::problems(&arguments.file, &model), code: 0 })
}

/// What one `--fail` names.
fn unit(topology: &Topology, text: &str) -> Result<Unit, Complaint> {
    let (id, is_all) = text.strip_suffix('*').map(|it| (it, true)).unwrap_or((text, false));
    let component = topology.components().find(|(_, it)| it.id.as_str() == id);
    let boundary = topology.boundaries().find(|(_, it)| it.id.as_str() == id);
    match (component, boundary, is_all) {
        (Some((ix, _)), _, true) => Ok(Unit::Component(ix)),
        (Some((ix, _)), _, false) => Ok(Unit::Instance(ix)),
        (None, Some((ix, _)), false) => Ok(Unit::Boundary(vec![ix])),
        (None, Some(_), true) => Err(Complaint::new(format!(
            "--fail {text}: `{id}` is a boundary, which fails as a whole; leave out the `*`"
        ))),
        (None, None, _) => {
            let components = topology.components().map(|(_, it)| it.id.as_str());
            let known = components.chain(topology.boundaries().map(|(_, it)| it.id.as_str()));
            let meant = did_you_mean(id, known, "name a component or a boundary by its id");
            Err(Complaint::new(format!("--fail {text}: there is no component or boundary `{id}`; {meant}")))
        }
    }
}

/// What `--foothold` names.
fn foothold(topology: &Topology, id: &str) -> Result<ComponentIx, Complaint> {
    if let Some((ix, _)) = topology.components().find(|(_, it)| it.id.as_str() == id) {
        return Ok(ix);
    }
    let what = if topology.boundaries().any(|(_, it)| it.id.as_str() == id) {
        format!("`{id}` is a boundary; name a component in it")
    } else {
        let known = topology.components().map(|(_, it)| it.id.as_str());
        format!("there is no component `{id}`; {}", did_you_mean(id, known, "name one by its id"))
    };
    Err(Complaint::new(format!("--foothold {id}: {what}")))
}
