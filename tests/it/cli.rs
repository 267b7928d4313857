//! The command line from outside: the real program, its exit codes, and that every refusal is one line with what to do.

use std::fmt::Write as _;
use std::path::Path;

use parapet::editor::{Editor, PinTo, Surroundings};
use parapet::formats::{self, text};
use parapet::model::{self, Family, Id, Model, Only, Place, Severity};
use parapet::rules;
use serde_json::{Value, json};

use crate::command::{Told, fresh_folder, parapet, refused, samples, succeeds};
use crate::properties::without_places;

const HOSTILE: &str = "tests/fixtures/hostile.parapet.ron";

/// A file of some text in a folder.
fn file(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

fn read(path: &str) -> Model {
    formats::import(path, &std::fs::read(path).unwrap()).unwrap()
}

fn json_of(told: &str) -> Value {
    serde_json::from_str(told).unwrap()
}

fn check_json(path: &str) -> Value {
    json_of(&parapet(["check", path, "--format", "json"]).out)
}

fn paths() -> Vec<String> {
    let samples = samples().into_iter().map(|it| it.to_str().unwrap().to_owned());
    samples.chain([HOSTILE.to_owned()]).collect()
}

#[test]
fn a_check_fails_at_the_level_that_was_asked_for() {
    for path in paths() {
        let output = check_json(&path);
        let open = output["findings"].as_array().unwrap().iter().filter(|it| it["verdict"].is_null());
        let levels: Vec<Severity> =
            open.map(|it| Severity::from_slug(it["severity"].as_str().unwrap()).unwrap()).collect();
        for level in Severity::ALL {
            let code = i32::from(levels.iter().any(|it| *it >= level));
            assert_eq!(parapet(["check", &path, "--fail-on", level.slug()]).code, code, "{path} {level:?}");
            if level == Severity::High {
                assert_eq!(parapet(["check", &path]).code, code, "{path}: high is what is meant by default");
            }
        }
    }
}

#[test]
fn a_verdict_settles_a_finding_for_the_exit_code() {
    let folder = fresh_folder("verdict");
    let sketch = "user -> db: postgres; db [stores cards; encryption-at-rest no]; asset cards: secret\n";
    let open = file(&folder, "open.txt", sketch);
    let findings = check_json(&open)["findings"].clone();
    assert_eq!(parapet(["check", &open, "--fail-on", "low"]).code, 1);
    let mut settled = sketch.to_owned();
    for finding in findings.as_array().unwrap() {
        let key = finding["key"].as_str().unwrap();
        writeln!(settled, "verdict \"{key}\" [state accepted; reason \"as agreed\"; who Ada]").unwrap();
    }
    let settled = file(&folder, "settled.txt", settled);
    let told = parapet(["check", &settled, "--fail-on", "low"]);
    assert_eq!(told.code, 0, "{}", told.out);
    assert!(told.out.contains("accepted: ") && told.out.contains("as agreed · Ada"), "{}", told.out);
    let settled = check_json(&settled);
    assert_eq!(settled["findings"].as_array().unwrap().len(), findings.as_array().unwrap().len());
    let verdict = json!({
        "state": "accepted", "reason": "as agreed", "who": "Ada", "when": "", "until": "", "link": ""
    });
    assert!(settled["findings"].as_array().unwrap().iter().all(|it| it["verdict"] == verdict));
}

#[test]
fn verdicts_that_settle_nothing_are_told_too() {
    let folder = fresh_folder("open-verdicts");
    let key = "sensitive-data-at-rest-clear:db";
    let sketch = |verdict: &str| {
        format!(
            "web -> db: postgres; db \"Orders\": postgres [stores cards; encryption-at-rest no]; asset cards: secret
             verdict \"{key}\" [{verdict}]; verdict \"exposed-port:db:tcp/22\" [state mitigated; reason \"behind the VPN\"]"
        )
    };
    let of = |verdict: &str| {
        let path = file(&folder, "a.txt", sketch(verdict));
        let findings = check_json(&path)["findings"].clone();
        let finding = findings.as_array().unwrap().iter().find(|it| it["key"] == key).unwrap().clone();
        (parapet(["check", &path]).out, finding)
    };
    let (told, finding) = of("state in-discussion; reason \"asked the vendor\"; who Ada");
    assert!(told.contains("In discussion: asked the vendor · Ada"), "{told}");
    assert_eq!(
        [&finding["verdict"], &finding["open_verdict"]["state"]],
        [&json!(null), &json!("in-discussion")]
    );
    assert!(
        told.contains("mitigated, and its finding is gone: ") && told.contains("Orders · tcp/22"),
        "{told}"
    );
    assert!(told.contains("behind the VPN"), "{told}");
    let path = file(&folder, "a.txt", sketch("state in-discussion; reason asked"));
    let orphans = check_json(&path)["orphans"].clone();
    assert_eq!(
        (orphans.as_array().unwrap().len(), &orphans[0]["verdict"]["state"]),
        (1, &json!("mitigated"))
    );
    assert!(orphans[0]["finding"].as_str().unwrap().ends_with("· Orders · tcp/22"), "{orphans}");
    let (told, finding) = of("state accepted; reason r; facts \"cards: internal\"");
    assert!(told.contains("Open again. New since then: "), "{told}");
    assert!(finding["open_again"].as_str().unwrap().contains("no longer so"), "{finding}");
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let folder = fresh_folder("determinism");
    for (n, path) in paths().iter().enumerate() {
        let twice = |arguments: &[&str]| {
            let first = parapet(arguments);
            assert_eq!(first, parapet(arguments), "{arguments:?}");
        };
        twice(&["check", path]);
        twice(&["check", path, "--format", "json"]);
        twice(&["simulate", path]);
        for format in formats::ALL {
            let convert = |which: &str| {
                let to = folder.join(format!("{n}-{which}.{}", format.extensions[0]));
                let told = parapet([Path::new("convert"), Path::new(path), &to]);
                assert_eq!((told.code, told.out.as_str()), (0, ""), "{}", told.err);
                std::fs::read(to).unwrap()
            };
            assert_eq!(convert("a"), convert("b"), "{path} as {}", format.id);
        }
    }
}

#[test]
fn a_sketch_becomes_a_document_with_places_and_back() {
    let folder = fresh_folder("convert");
    let sketch =
        file(&folder, "shop.parapet.txt", "boundary t: tier { web; db }\nuser -> web -> db: https\n");
    let document = folder.join("shop.parapet.ron").to_str().unwrap().to_owned();
    succeeds(["convert", &sketch, &document]);
    let model = read(&document);
    assert_eq!(model.components().len(), 3);
    let places: Vec<&Place> = model.places().values().map(|it| &**it).collect();
    assert_eq!(places.len(), 4);
    for (n, place) in places.iter().enumerate() {
        assert!(
            places[..n].iter().all(|it| (it.x, it.y) != (place.x, place.y)),
            "one lies on another: {places:?}"
        );
    }
    let back = folder.join("back.txt").to_str().unwrap().to_owned();
    succeeds(["convert", &document, &back]);
    assert_eq!(without_places(&read(&back)), without_places(&model));
    let line = refused(["convert", &sketch, &document]);
    assert!(line.ends_with("this file is there already; name another, or remove it"), "{line}");
    assert_eq!(read(&document), model);
}

#[test]
fn a_picture_shows_what_is_asked_for() {
    let folder = fresh_folder("show");
    let sketch = "net: internet; asset people: confidential [personal yes]
        web: web-server; db: postgres [stores people; encryption-at-rest no]; net -> web: http; web -> db: postgres
        batch \"Nightly\": worker; batch -> db: postgres\n";
    let mut editor = Editor::with(formats::placed(text::read(sketch).unwrap()), Surroundings::fixed());
    editor.who = "Ada".to_owned();
    editor.add_comment(&PinTo::Element(Id::slug("web")), "Why?").unwrap();
    editor.toggle_filter(&Only::Family(Family::Data));
    let document = file(&folder, "shop.parapet.ron", model::write(editor.model()));
    let picture = |name: &str, asked: &[&str]| {
        let to = folder.join(name).to_str().unwrap().to_owned();
        let told = parapet(["convert", &document, &to].iter().chain(asked));
        assert_eq!((told.code, told.err.as_str()), (0, ""), "{asked:?}");
        std::fs::read(&to).unwrap()
    };
    let svg = |name: &str, asked: &[&str]| String::from_utf8(picture(name, asked)).unwrap();
    let plain = svg("plain.svg", &["--theme", "light"]);
    assert_eq!(plain, svg("default.svg", &[]), "light, and nothing beside the drawing");
    let mut known = vec![plain];
    for (n, asked) in [
        ["--theme", "dark"],
        ["--theme", "high-contrast"],
        ["--show", "counts"],
        ["--show", "comments"],
        ["--show", "exposure"],
        ["--show", "personal-data"],
        ["--show", "filter"],
    ]
    .into_iter()
    .enumerate()
    {
        let drawn = svg(&format!("{n}.svg"), &asked);
        assert!(!known.contains(&drawn), "{asked:?} is as without it");
        roxmltree::Document::parse(&drawn).unwrap();
        assert_eq!(drawn.contains("Nightly"), asked[1] != "filter", "{asked:?}");
        known.push(drawn);
    }
    // Several at once hold what each holds.
    let all = svg("all.svg", &["--show", "counts", "--show", "comments", "--show", "exposure"]);
    assert!(known.iter().all(|it| it.len() < all.len()) && !known.contains(&all));
    assert!(picture("all.png", &["--show", "counts", "--theme", "dark"]).starts_with(b"\x89PNG"));
    let refuse = |to: &str, asked: &[&str]| {
        let to = folder.join(to).to_str().unwrap().to_owned();
        let line = refused(["convert", &document, &to].iter().chain(asked));
        assert!(!Path::new(&to).exists(), "{to}");
        line.strip_prefix(&format!("{to}: ")).unwrap().to_owned()
    };
    insta::assert_snapshot!(refuse("no.csv", &["--show", "counts"]), @"--show and --theme are for pictures, *.svg and *.png");
    insta::assert_snapshot!(refuse("no.svg", &["--show", "exposure", "--show", "personal-data"]), @"a picture has one tint: exposure or personal-data");
}

#[test]
fn what_is_no_document_is_refused_with_its_place() {
    let folder = fresh_folder("bad");
    let shown = folder.display().to_string();
    let short = |line: String| line.replace(&format!("{shown}/"), "").replace(&shown, "FOLDER");
    let refused = |name: &str, bytes: &[u8]| short(refused(["check", &file(&folder, name, bytes)]));
    insta::assert_snapshot!(refused("prose.ron", b"This is not RON."), @"prose.ron:1:1: Expected struct `document` but found `This`; correct it there");
    insta::assert_snapshot!(refused("newer.ron", b"(format: 2, marvels: [])"), @"newer.ron: this file has format 2, and this Parapet reads up to format 1: open it with a newer Parapet");
    insta::assert_snapshot!(refused("type.ron", b"(format: 1,\n components: {\"a\": (replicas: \"two\")})"), @"type.ron:2:30: Expected integer; correct it there");
    insta::assert_snapshot!(refused("twice.ron", b"(format: 1, components: {\"a\": ()}, flows: {\"a\": ()})"), @"twice.ron: the id `a` stands in two tables, components and flows: an id names one element; rename one of them");
    insta::assert_snapshot!(refused("bytes.ron", b"(format: 1, \xff\xfe"), @"bytes.ron: byte 12 is no text: a document is UTF-8; save it as UTF-8");
    insta::assert_snapshot!(refused("empty.ron", b""), @"empty.ron: the file is empty: nothing of a document is in it; open the version before it, which a save keeps beside it with `.previous` behind its name, or another copy");
    insta::assert_snapshot!(refused("a\nb.ron", b""), @"a b.ron: the file is empty: nothing of a document is in it; open the version before it, which a save keeps beside it with `.previous` behind its name, or another copy");
    insta::assert_snapshot!(refused("sketch.txt", b"user -> web\nweb -> db: htps"), @"sketch.txt:2:12: the protocol `htps` is not known; did you mean `https`?");
    insta::assert_snapshot!(refused("bytes.txt", b"a -> \xff"), @"bytes.txt: byte 5 is no text: a text is UTF-8; save it as UTF-8");
    insta::assert_snapshot!(refused("report.md", b"# Shop"), @"report.md: this kind of file (Markdown report) is written and not read; open a *.parapet.ron or a *.parapet.txt");
    insta::assert_snapshot!(short(crate::command::refused(["check", &folder.join("none.ron").to_string_lossy()])), @"none.ron: there is no such file; check its name and folder");
    insta::assert_snapshot!(short(crate::command::refused(["check", &shown])), @"FOLDER: this is a folder; name a file in it");
}

#[test]
fn a_truncated_document_is_refused_wherever_it_ends() {
    let folder = fresh_folder("truncated");
    let whole = std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join(HOSTILE)).unwrap();
    for end in (1..whole.trim_ascii_end().len()).step_by(97) {
        let line = refused(["check", &file(&folder, "part.ron", &whole[..end])]);
        let (_, place) = line.split_once("part.ron:").unwrap();
        let numbers: Vec<usize> = place.splitn(3, ':').take(2).map(|it| it.parse().unwrap()).collect();
        assert!(numbers.iter().all(|it| *it > 0), "{line}");
    }
}

#[test]
fn fifty_megabytes_of_nesting_are_refused() {
    let folder = fresh_folder("nesting");
    let fifty = |piece: &str| piece.repeat((50 << 20) / piece.len());
    for (name, piece, head) in [
        ("round.ron", "(", ""),
        ("square.ron", "[", "(format: 1, components: "),
        ("curly.ron", "{\"a\":", "(format: 1, brief: "),
        ("some.ron", "Some(", "(format: 1, views: "),
        ("braces.txt", "boundary x: host {", ""),
        ("lists.txt", "[", "a "),
    ] {
        let path = file(&folder, name, format!("{head}{}", fifty(piece)));
        let line = refused(["check", &path]);
        assert!(line.contains(&format!("{name}:1:")), "{line}");
        assert!(line.len() < 400, "{line}");
        std::fs::remove_file(path).unwrap();
    }
    let path = file(&folder, "long.ron", vec![b' '; model::MAX_FILE_BYTES + 1]);
    let line = refused(["check", &path]);
    assert!(line.ends_with("split the document"), "{line}");
    std::fs::remove_file(path).unwrap();
}

#[test]
fn bad_usage_is_refused_with_how_it_is_used() {
    let sample = "samples/reference.parapet.ron";
    insta::assert_snapshot!(refused(["check"]), @"the following required arguments were not provided: <FILE>; usage: parapet check <FILE>");
    insta::assert_snapshot!(refused(["check", sample, "--format", "yaml"]), @"invalid value 'yaml' for '--format <FORMAT>' [possible values: text, json]");
    insta::assert_snapshot!(refused(["check", sample, "--fail-on", "hgh"]), @"invalid value 'hgh' for '--fail-on <LEVEL>' [possible values: critical, high, medium, low]; tip: a similar value exists: 'high'");
    insta::assert_snapshot!(refused(["simulate", sample, "--fal", "a"]), @"unexpected argument '--fal' found; tip: a similar argument exists: '--fail'; usage: parapet simulate --fail <ID> <FILE>");
    insta::assert_snapshot!(refused(["explain"]), @"the following required arguments were not provided: <RULE>; usage: parapet explain <RULE>");
    insta::assert_snapshot!(refused(["rules", "all\nof\u{1b}[31m them"]), @"unexpected argument 'all of them' found; usage: parapet rules [OPTIONS]");
    insta::assert_snapshot!(refused(["chekc", sample]), @"there is no command `chekc`; did you mean `check`?");
    insta::assert_snapshot!(refused(["chekc"]), @"there is no command and no file `chekc`; did you mean `parapet check`?");
    insta::assert_snapshot!(refused(["convert", sample, "shop.yaml"]), @"shop.yaml: this kind of file is not written; name one of *.parapet.ron, *.parapet.txt, *.md, *.csv, *.json, *.svg, *.png");
    insta::assert_snapshot!(refused(["convert", sample, "no-such-folder/shop.svg"]), @"no-such-folder/shop.svg: there is no such folder; make it, or name another");
    insta::assert_snapshot!(refused(["simulate", sample, "--fail", "primary-a"]), @"--fail primary-a: there is no component or boundary `primary-a`; did you mean `primary-a1`?");
    insta::assert_snapshot!(refused(["simulate", sample, "--fail", "zebra*"]), @"--fail zebra*: there is no component or boundary `zebra`; name a component or a boundary by its id");
    insta::assert_snapshot!(refused(["simulate", sample, "--fail", "dc-a*"]), @"--fail dc-a*: `dc-a` is a boundary, which fails as a whole; leave out the `*`");
    insta::assert_snapshot!(refused(["simulate", sample, "--foothold", "dc-a"]), @"--foothold dc-a: `dc-a` is a boundary; name a component in it");
    insta::assert_snapshot!(refused(["simulate", sample, "--foothold", "wbe-a"]), @"--foothold wbe-a: there is no component `wbe-a`; did you mean `web-a`?");
    insta::assert_snapshot!(refused(["explain", "zebra"]), @"there is no rule `zebra`; `parapet rules` lists them");
}

#[test]
fn rules_are_listed_and_explained() {
    let list = succeeds(["rules"]);
    let widest = list.lines().max_by_key(|it| it.len()).unwrap();
    assert!(widest.len() <= 100, "{} columns: {widest}", widest.len());
    let mut lines = list.lines();
    let heading = lines.next().unwrap();
    assert_eq!(
        heading.split_whitespace().collect::<Vec<_>>(),
        ["rule", "STRIDE", "CWE", "kind", "tests", "finds"]
    );
    // Letters and words below the start of their heading, single letters and numbers below its end.
    let start = |word: &str| heading.find(word).unwrap();
    let end = |word: &str| start(word) + word.len();
    assert_eq!(lines.clone().count(), rules::ALL.len());
    for (rule, line) in rules::ALL.iter().zip(lines) {
        assert!(line.starts_with(&format!("{} ", rule.id)), "{line}");
        let stride: String = rule.stride.iter().map(|it| it.letter()).collect();
        let stride = if rule.id == rules::THREAT_BY_HAND { "all" } else { &stride };
        let cwe: Vec<String> = rule.cwe.iter().map(u32::to_string).collect();
        assert_eq!(line[start("STRIDE")..start("CWE")].trim_end(), stride, "{line}");
        assert_eq!(line[start("CWE")..end("kind") - 1].trim_end(), cwe.join(" "), "{line}");
        assert_eq!(line[end("kind") - 1..end("kind")], rule.kind.letter().to_string(), "{line}");
        assert_eq!(line[end("kind")..end("tests")].trim(), rule.tests.to_string(), "{line}");
        assert_eq!(line[start("finds")..], *rule.label);
        let page = succeeds(["explain", rule.id]);
        assert!(page.starts_with(&format!("# {}: {}\n", rule.id, rule.label)), "{page}");
        for heading in ["## What it finds", "## Why it matters", "## Example", "## How to fix it"] {
            assert!(page.contains(heading), "{}: {heading}", rule.id);
        }
        // Two letters swapped.
        let mut letters: Vec<char> = rule.id.chars().collect();
        let n = (1..letters.len() - 1).find(|n| letters[*n] != letters[n + 1]).unwrap();
        letters.swap(n, n + 1);
        let line = refused(["explain".to_owned(), letters.iter().collect()]);
        assert!(line.ends_with(&format!("did you mean `{}`?", rule.id)), "{line}");
    }
}

#[test]
fn rules_are_listed_for_programs() {
    let told = json_of(&succeeds(["rules", "--format", "json"]));
    let listed = told["rules"].as_array().unwrap();
    assert_eq!(listed.len(), rules::ALL.len());
    for (rule, it) in rules::ALL.iter().zip(listed) {
        let stride: Vec<String> = rule.stride.iter().map(|it| it.letter().to_string()).collect();
        let (kind, tests) = (rule.kind.slug(), rule.tests);
        let expected = json!({
            "id": rule.id, "label": rule.label, "stride": stride, "cwe": rule.cwe, "kind": kind, "tests": tests
        });
        assert_eq!(*it, expected);
    }
}

/// What is counted while the program is built is what stands in the files.
#[test]
fn tests_of_rules_are_counted_right() {
    for rule in rules::ALL {
        let path = format!("{}/src/rules/{}.rs", env!("CARGO_MANIFEST_DIR"), rule.id.replace('-', "_"));
        let text = std::fs::read_to_string(path).unwrap();
        let tests = text.lines().filter(|it| it.trim() == "#[test]").count();
        assert_eq!(rule.tests, tests, "{}", rule.id);
    }
}

/// What stands between two marks of a text.
#[track_caller]
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let (_, rest) = text.split_once(start).unwrap();
    rest.split_once(end).unwrap().0
}

/// `UPDATE=1 cargo test` writes into the README what a check of its own sketch prints.
#[test]
fn the_readme_shows_what_is_printed() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let sketch = file(&fresh_folder("readme"), "shop.parapet.txt", between(&readme, "```text\n", "```"));
    let told = parapet(["check", &sketch]).out.replace(&sketch, "shop.parapet.txt");
    let (start, end) = ("```console\n$ parapet check shop.parapet.txt\n", "```\n");
    let shown = between(&readme, start, end);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, readme.replace(shown, &told)).unwrap();
    } else {
        assert_eq!(shown, told, "README.md is stale: run `UPDATE=1 cargo test`");
    }
    let without_blanks = |it: &str| it.split_whitespace().collect::<String>();
    let told = succeeds(["simulate", &sketch, "--fail", "lb", "--foothold", "web-1"]);
    assert_eq!(between(&readme, "```json\n", "```").trim_end(), without_blanks(&told));
}

#[test]
fn help_names_every_command() {
    let help = succeeds(["--help"]);
    for command in ["check", "convert", "explain", "rules", "simulate"] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
        assert!(succeeds([command, "--help"]).contains(&format!("Usage: parapet {command}")));
    }
    assert_eq!(succeeds(["--version"]), format!("parapet {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn problems_of_a_file_are_remarks_and_no_failure() {
    let folder = fresh_folder("problems");
    let path =
        file(&folder, "odd.ron", "(format: 1, components: {\"a\": (kind: \"spaceship\", replicas: 0)})");
    let told = parapet(["simulate", &path]);
    assert_eq!((told.code, told.err.lines().count()), (0, 2), "{told:?}");
    assert!(told.err.lines().all(|it| it.starts_with(&format!("parapet: {path}: a: "))), "{}", told.err);
    assert_eq!(json_of(&told.out)["exposed"], json!([]));
}

/// Two web servers of two instances each before one database, in two zones.
const SHOP: &str = "
    user -> lb: https
    lb -> web-1, web-2: https
    web-1, web-2 -> db: postgres
    boundary a \"A\": zone { web-1 [replicas 2]; db [listens tcp/5432, 9000-9001; listens 9002] }
    boundary b \"B\": zone { web-2 }
";

fn simulate(path: &str, arguments: &[&str]) -> Value {
    json_of(&succeeds(["simulate", path].iter().chain(arguments)))
}

#[test]
fn one_instance_all_instances_and_all_in_a_boundary_fail() {
    let folder = fresh_folder("simulate");
    let shop = file(&folder, "shop.txt", SHOP);
    let down = |fail: &[&str]| {
        let arguments: Vec<&str> = fail.iter().flat_map(|it| ["--fail", it]).collect();
        simulate(&shop, &arguments)["down"].clone()
    };
    assert_eq!(down(&[]), json!([]));
    assert_eq!(down(&["web-1"]), json!([]));
    assert_eq!(down(&["web-1", "web-1"]), json!(["web-1"]));
    assert_eq!(down(&["web-1*"]), json!(["web-1"]));
    assert_eq!(down(&["web-2"]), json!(["web-2"]));
    assert_eq!(down(&["db"]), json!(["db", "lb", "user", "web-1", "web-2"]));
    assert_eq!(down(&["a"]), json!(["db", "lb", "user", "web-1", "web-2"]));
    assert_eq!(down(&["b"]), json!(["web-2"]));
    let one = simulate(&shop, &["--fail", "web-1"]);
    assert!(one["degraded"].as_array().unwrap().contains(&json!("web-1")), "{one}");
    assert_eq!(one.as_object().unwrap().keys().count(), 4, "no `overloaded` where no demand is stated");
}

#[test]
fn what_is_left_may_be_overloaded() {
    let folder = fresh_folder("overloaded");
    let shop = file(
        &folder,
        "shop.txt",
        "user [requests-per-second 100; read-share 1]; user -> lb -> web-1, web-2: https\n\
         web-1: web-server [capacity 80]; web-2: web-server [capacity 80]",
    );
    let overloaded = |arguments: &[&str]| simulate(&shop, arguments)["overloaded"].clone();
    assert_eq!(overloaded(&[]), json!([]));
    assert_eq!(overloaded(&["--fail", "web-1"]), json!([{ "id": "web-2", "utilisation": 1.25 }]));
    assert_eq!(overloaded(&["--fail", "lb"]), json!([]));
}

#[test]
fn rows_of_what_is_exposed_are_merged_and_tell_their_path() {
    let folder = fresh_folder("exposed");
    let shop = file(
        &folder,
        "shop.txt",
        "boundary n: network [ingress tcp/0-65535 from anywhere; segmented no] { web [listens 80, 443]; db [listens 8000-8009; \
         listens 8010-8019; listens udp/8020] }\nuser -> web: https\nweb -> db: 8005",
    );
    let rows = |arguments: &[&str]| simulate(&shop, arguments)["exposed"].clone();
    let row = |id: &str, port: &str, hop: u32, path: &[&str]| json!({ "id": id, "port": port, "hop": hop, "question": false, "path": path });
    let found = rows(&[]);
    assert!(found.as_array().unwrap().contains(&row("db", "tcp/8000-8019", 0, &["user", "db"])), "{found}");
    let found = rows(&["--foothold", "web"]);
    assert!(found.as_array().unwrap().contains(&row("db", "tcp/8000-8019", 0, &["web", "db"])), "{found}");
    let ids = |it: &Value| it["id"].as_str().unwrap().to_owned();
    let order: Vec<String> = found.as_array().unwrap().iter().map(ids).collect();
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn ids_that_look_like_options_and_words_are_ids() {
    let folder = fresh_folder("ids");
    let path = file(&folder, "ids.ron", "(format: 1, components: {\"-\": (kind: \"web-server\")})");
    assert_eq!(simulate(&path, &["--fail=-"])["down"], json!(["-"]));
    assert!(Id::new("-").is_ok());
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let path = "samples/reference.parapet.ron";
    let program = env!("CARGO_BIN_EXE_parapet");
    let script = format!("'{program}' simulate {path} | head -c 1");
    let told = std::process::Command::new("sh")
        .arg("-c")
        .arg(script)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let told = Told {
        out: String::from_utf8(told.stdout).unwrap(),
        err: String::from_utf8(told.stderr).unwrap(),
        code: told.status.code().unwrap(),
    };
    assert_eq!(told, Told { out: "{".to_owned(), err: String::new(), code: 0 });
}
