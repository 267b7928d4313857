//! The manual: every rule has its page, and `assets/manual/rules.md` holds them all.

use std::fmt::Write as _;
use std::path::Path;

use parapet::rules::{ALL, Rule};

const HEADINGS: [&str; 5] =
    ["## What it finds", "## Why it matters", "## Example", "## How to fix it", "## References"];

/// A page as it was written, without the blank that doc comments keep.
fn page(rule: &Rule) -> String {
    let line = |it: &str| it.strip_prefix(' ').unwrap_or(it).trim_end().to_owned();
    rule.manual.lines().map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn manual() -> String {
    let mut text =
        "# Rules\n\nMade from the doc comments in `src/rules/`; `UPDATE=1 cargo test` rewrites it.\n"
            .to_owned();
    for rule in ALL {
        let threats = rule.stride.iter().map(|it| it.label().to_owned());
        let classes: Vec<String> = threats.chain(rule.cwe.iter().map(|it| format!("CWE-{it}"))).collect();
        let page = page(rule).replace("## ", "### ");
        write!(text, "\n## {}\n\n`{}` · {}\n\n{page}\n", rule.label, rule.id, classes.join(" · ")).unwrap();
    }
    text
}

#[test]
fn the_manual_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/manual/rules.md");
    let expected = manual();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &expected).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == expected, "assets/manual/rules.md is stale: run `UPDATE=1 cargo test`");
}

#[test]
fn every_page_has_its_headings_and_says_something_below_each() {
    for rule in ALL {
        let page = page(rule);
        let headings: Vec<&str> = page.lines().filter(|it| it.starts_with('#')).collect();
        assert_eq!(headings, HEADINGS, "{}", rule.id);
        for part in page.split("## ").skip(1) {
            let (heading, rest) = part.split_once('\n').unwrap_or((part, ""));
            assert!(!rest.trim().is_empty(), "{}: nothing below {heading}", rule.id);
        }
    }
}

#[test]
fn every_example_is_a_model_in_which_the_rule_fires() {
    let mut silent = Vec::new();
    for rule in ALL {
        let page = page(rule);
        let part = page.split("## Example").nth(1).unwrap().split("## ").next().unwrap();
        let example = part.split('`').nth(1).unwrap_or_else(|| panic!("{}: no `example`", rule.id));
        let Ok(model) = parapet::formats::text::read(example) else {
            silent.push(rule.id);
            continue;
        };
        let facts = parapet::analysis::Facts::of(std::sync::Arc::new(model));
        let report = parapet::rules::run(&facts);
        if !report.findings.iter().any(|it| it.rule == rule.id) {
            silent.push(rule.id);
        }
    }
    assert_eq!(silent, Vec::<&str>::new(), "their examples do not fire");
}

#[test]
fn every_rule_says_what_it_is() {
    for rule in ALL {
        assert!(rule.label.starts_with(char::is_uppercase) && !rule.label.ends_with('.'), "{}", rule.id);
        assert!(!rule.stride.is_empty() && !rule.reads.is_empty(), "{}", rule.id);
    }
}
