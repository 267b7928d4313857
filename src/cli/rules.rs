//! `parapet rules`: all rules, a line each.

use super::Reply;
use crate::rules::{self, Rule};

/// List the rules: id, STRIDE letters, what it finds
///
/// The letters are Spoofing, Tampering, Repudiation, Information disclosure, Denial of service, Elevation of privilege,
/// Availability and Privacy.
#[derive(clap::Args)]
pub(super) struct Arguments {}

pub(super) fn run(_: &Arguments) -> Reply {
    let letters = |rule: &Rule| rule.stride.iter().map(|it| it.letter()).collect::<String>();
    let widest = |width: fn(&Rule) -> usize| rules::ALL.iter().map(|it| width(it)).max().unwrap_or(0);
    let (ids, strides) = (widest(|it| it.id.len()), widest(|it| it.stride.len()));
    let line = |it: &&Rule| format!("{:ids$}  {:strides$}  {}\n", it.id, letters(it), it.label);
    Reply::text(rules::ALL.iter().map(line).collect())
}
