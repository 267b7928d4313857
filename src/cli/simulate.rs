//! `parapet simulate FILE`: what goes down, and what an attacker reaches.

use std::path::PathBuf;
use std::sync::Arc;

use super::complaint::Complaint;
use super::nearest::did_you_mean;
use super::{Reply, source};
use crate::analysis::{Facts, Topology, Unit};

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
    let failed: Result<Vec<Unit>, Complaint> =
        arguments.fail.iter().map(|it| unit(&facts.topology, it)).collect();
    let _outcome = facts.failure.simulate(&failed?);
    Ok(Reply { remarks: source::problems(&arguments.file, &model), ..Reply::default() })
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
            let meant = did_you_mean(id, known);
            Err(Complaint::new(format!("--fail {text}: there is no component or boundary `{id}`{meant}")))
        }
    }
}
