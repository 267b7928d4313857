//! `parapet rules`: all rules, a line each.

use std::path::PathBuf;

use super::complaint::Complaint;
use super::{Reply, source};
use crate::formats::one_line;
use crate::model::Model;
use crate::rules::{self, About};

/// List the rules: id, STRIDE letters, what it finds
///
/// The letters are Spoofing, Tampering, Repudiation, Information disclosure, Denial of service, Elevation of privilege,
/// Availability and Privacy.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Rule packs to list too: a file (*.parapet-rules.ron, *.tb7) or a folder of them; may be repeated
    #[arg(long, value_name = "PATH")]
    rules: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Reply, Complaint> {
    let model = source::with_packs(Model::new(), &arguments.rules)?;
    let all: Vec<About<'_>> = rules::abouts(&model).collect();
    let letters = |rule: &About<'_>| rule.stride.iter().map(|it| it.letter()).collect::<String>();
    let widest = |width: fn(&About<'_>) -> usize| all.iter().map(width).max().unwrap_or(0);
    let (ids, strides) = (widest(|it| it.id.len()), widest(|it| it.stride.len()));
    let line = |it: &About<'_>| {
        format!("{:ids$}  {:strides$}  {}\n", it.id.as_str(), letters(it), one_line(it.label))
    };
    Ok(Reply::text(all.iter().map(line).collect()))
}
