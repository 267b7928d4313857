//! The JSON Schemas of `schemas/`: made from the types, and kept by what the program really prints.
//!
//! `UPDATE=1 cargo test` rewrites them.

use std::path::{Path, PathBuf};

use parapet::formats::json::SCHEMAS;
use serde_json::Value;

use crate::command::{fresh_folder, parapet, samples, succeeds};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas")
}

fn schema(name: &str) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder().join(name)).unwrap()).unwrap()
}

#[track_caller]
fn assert_valid(schema: &Value, output: &str) {
    let validator = jsonschema::validator_for(schema).unwrap();
    let output: Value = serde_json::from_str(output).unwrap();
    let errors: Vec<String> =
        validator.iter_errors(&output).map(|it| format!("{}: {it}", it.instance_path())).collect();
    assert!(errors.is_empty(), "{}", errors.join("\n"));
}

#[test]
fn schemas_are_those_of_the_types() {
    let mut listed: Vec<&str> = SCHEMAS.iter().map(|it| it.name).collect();
    for file in SCHEMAS {
        let (path, made) = (folder().join(file.name), (file.schema)().unwrap());
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(folder()).unwrap();
            std::fs::write(&path, &made).unwrap();
        }
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(kept, made, "{} is old: UPDATE=1 cargo test rewrites it", path.display());
        assert!(jsonschema::meta::is_valid(&serde_json::from_str(&made).unwrap()), "{}", file.name);
    }
    let mut there: Vec<String> = std::fs::read_dir(folder())
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    listed.sort_unstable();
    there.sort_unstable();
    assert_eq!(there, listed);
}

#[test]
fn checks_of_all_samples_are_valid() {
    let schema = schema("check.schema.json");
    for sample in samples() {
        let told = parapet([Path::new("check"), &sample, Path::new("--format"), Path::new("json")]);
        assert!(matches!(told.code, 0 | 1), "{}: {}", sample.display(), told.err);
        assert_valid(&schema, &told.out);
    }
}

#[test]
fn the_list_of_rules_is_valid() {
    assert_valid(&schema("rules.schema.json"), &succeeds(["rules", "--format", "json"]));
}

#[test]
fn simulations_of_all_samples_are_valid() {
    let schema = schema("simulate.schema.json");
    for sample in samples() {
        let model = parapet::model::read(&std::fs::read(&sample).unwrap()).unwrap();
        let sample = sample.to_str().unwrap();
        assert_valid(&schema, &succeeds(["simulate", sample]));
        for id in model.components().keys() {
            let told = succeeds(["simulate", sample, "--fail", &format!("{id}*"), "--foothold", id.as_str()]);
            assert_valid(&schema, &told);
        }
        for id in model.boundaries().keys() {
            assert_valid(&schema, &succeeds(["simulate", sample, "--fail", id.as_str()]));
        }
    }
}

#[test]
fn every_state_of_a_verdict_is_valid_on_what_is_found_and_on_what_is_gone() {
    let schema = schema("check.schema.json");
    let path = fresh_folder("states").join("a.parapet.txt");
    for state in ["open", "in-discussion", "accepted", "mitigated", "false-positive", "transferred"] {
        let said = format!("state {state}; reason r");
        let text = format!(
            "db: postgres [stores cards; encryption-at-rest no]; web -> db: postgres; asset cards: secret
             verdict \"sensitive-data-at-rest-clear:db\" [{said}]; verdict \"gone:db\" [{said}]"
        );
        std::fs::write(&path, text).unwrap();
        let told = parapet([Path::new("check"), &path, Path::new("--format"), Path::new("json")]).out;
        assert_eq!(told.matches(&format!("\"state\": \"{state}\"")).count(), 2, "{told}");
        assert_valid(&schema, &told);
    }
}

/// A schema that lets everything through would be no help.
#[test]
fn what_is_not_in_the_schema_is_refused() {
    let check = jsonschema::validator_for(&schema("check.schema.json")).unwrap();
    let simulate = jsonschema::validator_for(&schema("simulate.schema.json")).unwrap();
    let rules = jsonschema::validator_for(&schema("rules.schema.json")).unwrap();
    let value = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let counts = r#""counts": {"components": 0, "flows": 0, "boundaries": 0}"#;
    let rest = r#""findings": [], "questions": []"#;
    assert!(check.is_valid(&value(&format!(r#"{{"format": 1, "file": "a", {counts}, {rest}}}"#))));
    assert!(!check.is_valid(&value(&format!(r#"{{"format": 2, "file": "a", {counts}, {rest}}}"#))));
    assert!(!check.is_valid(&value(&format!(r#"{{"format": 1, {counts}, {rest}}}"#))));
    assert!(
        !check.is_valid(&value(&format!(r#"{{"format": 1, "file": "a", "more": 1, {counts}, {rest}}}"#)))
    );
    let rule = |stride: &str, kind: &str| {
        value(&format!(
            r#"{{"format": 1, "rules": [
                {{"id": "a", "label": "A", "stride": ["{stride}"], "cwe": [], "kind": "{kind}", "tests": 1}}
            ]}}"#
        ))
    };
    assert!(rules.is_valid(&rule("S", "structure")) && rules.is_valid(&rule("P", "asks")));
    assert!(!rules.is_valid(&rule("X", "asks")) && !rules.is_valid(&rule("S", "Q")));
    let empty = r#""down": [], "cut": [], "degraded": []"#;
    let row = |port: &str| {
        value(&format!(
            r#"{{{empty}, "exposed": [{{"id": "a", "port": "{port}", "hop": 0, "question": false, "path": []}}]}}"#
        ))
    };
    assert!(simulate.is_valid(&row("tcp/22")) && simulate.is_valid(&row("udp/8000-8080")));
    assert!(!simulate.is_valid(&row("22")) && !simulate.is_valid(&row("tcp/22,80")));
    let overloaded =
        format!(r#"{{{empty}, "overloaded": [{{"id": "a", "utilisation": 1.2}}], "exposed": []}}"#);
    assert!(simulate.is_valid(&value(&overloaded)));
}
