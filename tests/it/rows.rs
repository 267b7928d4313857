//! The list of what the editor does, row by row: every test that it names is there.

use std::collections::BTreeSet;
use std::path::Path;

/// The names of all functions that are tests, below a folder.
fn tests_in(folder: &Path, names: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_in(&path, names);
        } else if path.extension().is_some_and(|it| it == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            for part in text.split("#[test]").skip(1) {
                let name = part.split("fn ").nth(1).and_then(|it| it.split('(').next());
                names.extend(name.map(str::to_owned));
            }
        }
    }
}

#[test]
#[expect(clippy::print_stdout, reason = "how much is open is asked of it")]
fn every_row_names_tests_that_are_there_or_is_open() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut known = BTreeSet::new();
    tests_in(&root.join("src"), &mut known);
    tests_in(&root.join("tests/it"), &mut known);
    let text = std::fs::read_to_string(root.join("tests/editor-rows.md")).unwrap();
    let rows: Vec<Vec<&str>> = (text.lines())
        .filter(|it| it.starts_with("| ") && !it.starts_with("| What"))
        .map(|it| it.trim_matches('|').split(" | ").map(str::trim).collect())
        .collect();
    assert!(rows.len() > 60, "{}", rows.len());
    let (mut open, mut wrong) = (0, Vec::new());
    for row in &rows {
        let [what, tests] = row[..] else { panic!("{row:?} has no two columns") };
        if tests.starts_with("open") {
            open += 1;
            continue;
        }
        let named: Vec<&str> = tests.split(", ").map(|it| it.trim_matches('`')).collect();
        wrong.extend(named.iter().filter(|it| !known.contains(**it)).map(|it| format!("{what}: {it}")));
    }
    println!("{} rows of the editor, {open} of them open", rows.len());
    assert!(wrong.is_empty(), "no such test: {wrong:#?}");
}
