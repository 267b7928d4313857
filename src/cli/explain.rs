//! `parapet explain RULE`: the manual's page of a rule.

use super::Reply;
use super::complaint::Complaint;
use crate::formats::nearest::did_you_mean;
use crate::rules;

/// Show the manual's page of a rule: what it finds, why it matters, how to fix it
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The rule's id, as `parapet rules` lists it
    rule: String,
}

pub(super) fn run(arguments: &Arguments) -> Result<Reply, Complaint> {
    let Some(rule) = rules::find(&arguments.rule) else {
        let known = rules::ALL.iter().map(|it| it.id);
        let meant = did_you_mean(&arguments.rule, known, "`parapet rules` lists them");
        return Err(Complaint::new(format!("there is no rule `{}`; {meant}", arguments.rule)));
    };
    let threats = rule.stride.iter().map(|it| it.label().to_owned());
    let weaknesses = rule.cwe.iter().map(|it| format!("CWE-{it}"));
    let classes: Vec<String> = threats.chain(weaknesses).collect();
    let mut text = format!("# {}: {}\n\n{}\n\n", rule.id, rule.label, classes.join(" · "));
    for line in rule.manual.lines() {
        // Doc comments keep the blank after their slashes.
        text.push_str(line.strip_prefix(' ').unwrap_or(line).trim_end());
        text.push('\n');
    }
    Ok(Reply::text(text))
}
