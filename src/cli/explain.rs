//! `parapet explain RULE`: the manual's page of a rule.

use std::path::PathBuf;

use super::complaint::Complaint;
use super::{Reply, source};
use crate::formats::nearest::did_you_mean;
use crate::formats::{one_line, plain_lines};
use crate::rules;

/// Show the manual's page of a rule: what it finds, why it matters, how to fix it
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The rule's id, as `parapet rules` lists it
    rule: String,
    /// Rule packs: a file (*.parapet-rules.ron, *.tb7) or a folder of them; may be repeated
    #[arg(long, value_name = "PATH")]
    rules: Vec<PathBuf>,
}

pub(super) fn run(arguments: &Arguments) -> Result<Reply, Complaint> {
    let model = source::with_packs(crate::model::Model::new(), &arguments.rules)?;
    let Some(rule) = rules::about(&model, &arguments.rule) else {
        let known: Vec<rules::RuleId> = rules::abouts(&model).map(|it| it.id).collect();
        let known = known.iter().map(|it| it.as_str());
        let meant = did_you_mean(&arguments.rule, known, "`parapet rules` lists them");
        return Err(Complaint::new(format!("there is no rule `{}`; {meant}", arguments.rule)));
    };
    let threats = rule.stride.iter().map(|it| it.label().to_owned());
    let weaknesses = rule.cwe.iter().map(|it| format!("CWE-{it}"));
    let classes: Vec<String> = threats.chain(weaknesses).collect();
    let mut text = format!("# {}: {}\n\n", rule.id, one_line(rule.label));
    // A rule of a pack may name none.
    if !classes.is_empty() {
        text.push_str(&format!("{}\n\n", classes.join(" · ")));
    }
    // A pack is a stranger's text.
    for line in plain_lines(&rule.manual) {
        // Doc comments keep the blank after their slashes.
        text.push_str(line.strip_prefix(' ').unwrap_or(&line).trim_end());
        text.push('\n');
    }
    Ok(Reply::text(text))
}
