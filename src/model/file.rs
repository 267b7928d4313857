//! The document as RON text: reading with positions in errors, migrating, writing.

use std::fmt;
use std::marker::PhantomData;

use ron::error::SpannedError;
use ron::extensions::Extensions;
use ron::ser::PrettyConfig;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::ron_text::is_cut_off;
use super::tables::{Change, Stored as _, Table};
use super::{
    Api, Artwork, Asset, Boundary, Brief, Comment, Component, Dataset, Decision, Delta, Edit, Feature, Flow,
    Id, Model, Pack, Place, Remark, Threat, Verdict, View, main_view_id,
};

/// The format that is written, and the newest that is read.
pub const FORMAT: u32 = 1;

/// The longest file that is read, in bytes.
pub const MAX_FILE_BYTES: usize = 64 << 20;

/// Why a text is no document. The open model is never touched by it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Lines and columns count from 1.
    #[error("line {line}, column {column}: {what}")]
    Syntax { line: usize, column: usize, what: String },
    /// It ends in the middle of something: a copy or a save was not brought to its end.
    #[error(
        "line {line}, column {column}: the file ends here, in the middle of the document: the rest of it is missing"
    )]
    CutOff { line: usize, column: usize },
    #[error("the file is empty: nothing of a document is in it")]
    Empty,
    #[error(
        "this file has format {found}, and this Parapet reads up to format {FORMAT}: open it with a newer Parapet"
    )]
    Newer { found: u32 },
    #[error("the id `{id}` stands in two tables, {first} and {second}: an id names one element")]
    DoubledId { id: Id, first: &'static str, second: &'static str },
    #[error("the file has {bytes} bytes, and at most {MAX_FILE_BYTES} are read")]
    TooLarge { bytes: usize },
    #[error("byte {at} is no text: a document is UTF-8")]
    NotText { at: usize },
}

/// Reads a document.
///
/// # Errors
/// The text is no RON, holds a value of the wrong type, an id twice, or a newer format. All else loads; see
/// [`Model::problems`].
pub fn read(bytes: &[u8]) -> Result<Model, ReadError> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(ReadError::TooLarge { bytes: bytes.len() });
    }
    let text = std::str::from_utf8(bytes).map_err(|it| ReadError::NotText { at: it.valid_up_to() })?;
    if text.trim().is_empty() {
        return Err(ReadError::Empty);
    }
    let refused = |it: SpannedError| cut_off(text, &it).unwrap_or_else(|| syntax(&it));
    // The format first, by itself: a newer file may hold fields that we do not know.
    let format = options().from_str::<Header>(text).map_err(refused)?.format;
    let file = match format {
        FORMAT => options().from_str::<File>(text).map_err(refused)?,
        0 => options().from_str::<format_0::File>(text).map_err(refused)?.migrated(),
        found => return Err(ReadError::Newer { found }),
    };
    unique(&file)?;
    Ok(file.into_model())
}

/// Writes a document: defaults left out, keys in order, one record a line.
pub fn write(model: &Model) -> String {
    let file = File::of(model);
    let pretty = PrettyConfig::new().depth_limit(2).new_line("\n").indentor("  ");
    // All our types write to a string: no IO, no map key but strings and pairs of them.
    let text = options().to_string_pretty(&file, pretty);
    debug_assert!(text.is_ok(), "{}", text.as_ref().err().map(ToString::to_string).unwrap_or_default());
    let mut text = text.unwrap_or_default();
    text.push('\n');
    text
}

fn options() -> ron::Options {
    ron::Options::default().with_default_extension(Extensions::IMPLICIT_SOME)
}

fn syntax(error: &SpannedError) -> ReadError {
    let at = error.span.start;
    let what = match error.code {
        // The parser's own words are for programmers.
        ron::Error::ExceededRecursionLimit => "this is nested deeper than any document of Parapet".to_owned(),
        ref code => code.to_string(),
    };
    ReadError::Syntax { line: at.line.max(1), column: at.col.max(1), what }
}

/// Whether a text does not read because its end is missing. The parser would say what it expected there, `,` perhaps,
/// and whoever put one would be asked for the next.
fn cut_off(text: &str, error: &SpannedError) -> Option<ReadError> {
    let rest = text.trim_end();
    let last = rest.rsplit('\n').next().unwrap_or_default();
    let (line, column) = (rest.matches('\n').count() + 1, last.chars().count() + 1);
    let at = error.span.end;
    let is_at_end = (at.line, at.col) >= (line, column);
    let is_open = matches!(
        error.code,
        ron::Error::Eof | ron::Error::ExpectedStringEnd | ron::Error::UnclosedBlockComment
    );
    ((is_at_end || is_open) && is_cut_off(text)).then_some(ReadError::CutOff { line, column })
}

#[derive(Deserialize)]
#[serde(rename = "document")]
struct Header {
    #[serde(default)]
    format: u32,
}

macro_rules! file {
    ($($table:ident: $record:ident,)+) => {
        /// The document as it stands in a file of format 1.
        #[derive(Serialize, Deserialize)]
        #[serde(deny_unknown_fields)]
        struct File {
            format: u32,
            #[serde(default, skip_serializing_if = "super::record::is_default")]
            brief: Brief,
            $(#[serde(default, deserialize_with = "table", skip_serializing_if = "super::record::is_default")]
            $table: Table<$record>,)+
        }

        impl File {
            fn of(model: &Model) -> Self {
                Self { format: FORMAT, brief: model.the_brief().clone(), $($table: model.$table().clone(),)+ }
            }

            fn into_model(self) -> Model {
                let mut changes: Vec<Change> = Vec::new();
                changes.push(Brief::wrap(Delta {
                    key: (), before: Some(std::sync::Arc::default()), after: Some(std::sync::Arc::new(self.brief)),
                }));
                $(changes.extend(self.$table.into_iter().map(|(key, record)| {
                    $record::wrap(Delta { key, before: None, after: Some(record) })
                }));)+
                let mut model = Model::new();
                model.apply(&changes.into_iter().collect::<Edit>());
                if model.views().is_empty() {
                    let view = View { name: "Main".to_owned(), ..View::default() };
                    let change = View::wrap(Delta {
                        key: main_view_id(|it| model.is_taken(it)),
                        before: None,
                        after: Some(std::sync::Arc::new(view)),
                    });
                    model.apply(&[change].into_iter().collect::<Edit>());
                }
                model
            }
        }
    };
}

file! {
    components: Component,
    boundaries: Boundary,
    flows: Flow,
    assets: Asset,
    features: Feature,
    apis: Api,
    datasets: Dataset,
    decisions: Decision,
    threats: Threat,
    views: View,
    verdicts: Verdict,
    remarks: Remark,
    comments: Comment,
    packs: Pack,
    artworks: Artwork,
    places: Place,
}

/// An id names one element of one table.
fn unique(file: &File) -> Result<(), ReadError> {
    let mut seen = std::collections::BTreeMap::new();
    let tables: [(&'static str, Vec<&Id>); 11] = [
        ("components", file.components.keys().collect()),
        ("boundaries", file.boundaries.keys().collect()),
        ("flows", file.flows.keys().collect()),
        ("assets", file.assets.keys().collect()),
        ("features", file.features.keys().collect()),
        ("apis", file.apis.keys().collect()),
        ("datasets", file.datasets.keys().collect()),
        ("decisions", file.decisions.keys().collect()),
        ("threats", file.threats.keys().collect()),
        ("views", file.views.keys().collect()),
        ("comments", file.comments.keys().collect()),
    ];
    for (second, ids) in tables {
        for id in ids {
            if let Some(first) = seen.insert(id, second) {
                return Err(ReadError::DoubledId { id: id.clone(), first, second });
            }
        }
    }
    Ok(())
}

/// Reads a table, and refuses a key that stands twice: a map would silently keep the last.
fn table<'de, D, K, V>(deserializer: D) -> Result<std::collections::BTreeMap<K, V>, D::Error>
where
    D: Deserializer<'de>,
    K: Deserialize<'de> + Ord + fmt::Debug,
    V: Deserialize<'de>,
{
    struct Rows<K, V>(PhantomData<(K, V)>);

    impl<'de, K: Deserialize<'de> + Ord + fmt::Debug, V: Deserialize<'de>> Visitor<'de> for Rows<K, V> {
        type Value = std::collections::BTreeMap<K, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a table: { id: (fields), … }")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut rows = Self::Value::new();
            while let Some(key) = map.next_key::<K>()? {
                if rows.contains_key(&key) {
                    return Err(de::Error::custom(format!("{key:?} stands twice in this table")));
                }
                let row = map.next_value()?;
                rows.insert(key, row);
            }
            Ok(rows)
        }
    }

    deserializer.deserialize_map(Rows(PhantomData))
}

/// Format 0: the drafts from before formats had a number. The title stood at the top, and views did not exist:
/// places were keyed by the element alone. Frozen: a migration never changes once it is out.
mod format_0 {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::super::{Boundary, Brief, Component, Flow, Id, MAIN_VIEW, Place, View};
    use super::{Table, table};

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    pub(super) struct File {
        #[serde(default, rename = "format")]
        _format: u32,
        #[serde(default)]
        title: String,
        #[serde(default, deserialize_with = "table")]
        components: Table<Component>,
        #[serde(default, deserialize_with = "table")]
        boundaries: Table<Boundary>,
        #[serde(default, deserialize_with = "table")]
        flows: Table<Flow>,
        #[serde(default, deserialize_with = "table")]
        places: BTreeMap<Id, std::sync::Arc<Place>>,
    }

    impl File {
        pub(super) fn migrated(self) -> super::File {
            let main = Id::slug(MAIN_VIEW);
            let view = View { name: "Main".to_owned(), ..View::default() };
            super::File {
                format: super::FORMAT,
                brief: Brief { title: self.title, ..Brief::default() },
                components: self.components,
                boundaries: self.boundaries,
                flows: self.flows,
                assets: BTreeMap::new(),
                features: BTreeMap::new(),
                apis: BTreeMap::new(),
                datasets: BTreeMap::new(),
                decisions: BTreeMap::new(),
                threats: BTreeMap::new(),
                views: BTreeMap::from([(main.clone(), std::sync::Arc::new(view))]),
                verdicts: BTreeMap::new(),
                remarks: BTreeMap::new(),
                comments: BTreeMap::new(),
                packs: BTreeMap::new(),
                artworks: BTreeMap::new(),
                places: self.places.into_iter().map(|(id, place)| ((main.clone(), id), place)).collect(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Allows, Answer, From, Ports};

    /// The file of the design's own page.
    const SHOP: &str = r#"(format: 1, brief: (title: "Shop"),
 components: {
  "fw": (kind: "firewall", name: "Edge", gate_of: "web-tier", allows: only([(ports: "tcp/80,443", from: anywhere)])),
  "web-1": (kind: "web-server", name: "Web 1", within: "web-tier", replicas: 2,
    listeners: [(port: "tcp/443", protocol: "https", meant_for: anywhere)], controls: {"rate-limiting": yes}),
 },
 boundaries: {"web-tier": (kind: "subnet-tier", name: "Web tier", ingress: unknown)},
 flows: {"f-1": (from: "fw", to: "web-1", protocol: "https", port: "tcp/443", access: read)},
 places: {("main", "web-1"): (x: 120, y: 80)})"#;

    fn refused(text: &str) -> String {
        read(text.as_bytes()).unwrap_err().to_string()
    }

    #[test]
    fn the_designs_file_reads_and_writes() {
        let model = read(SHOP.as_bytes()).unwrap();
        assert_eq!(model.the_brief().title, "Shop");
        let web = model.component(&Id::slug("web-1")).unwrap();
        assert_eq!((web.instances(), web.controls.truth("rate-limiting")), (2, Answer::yes().is));
        let Allows::Only(allows) = &model.component(&Id::slug("fw")).unwrap().allows else {
            panic!("{model:?}")
        };
        assert_eq!(
            (&allows[0].ports, &allows[0].from),
            (&"tcp/80,443".parse::<Ports>().unwrap(), &From::Anywhere)
        );
        assert_eq!(model.first_view().map(Id::as_str), Some("main"));
        let written = write(&model);
        assert_eq!(read(written.as_bytes()).unwrap(), model);
        assert_eq!(write(&read(written.as_bytes()).unwrap()), written);
        insta::assert_snapshot!(written, @r#"
        (
          format: 1,
          brief: (
            title: "Shop",
          ),
          components: {
            "fw": (kind: "firewall", name: "Edge", gate_of: "web-tier", allows: only([(ports: "tcp/80,443", from: anywhere)])),
            "web-1": (kind: "web-server", name: "Web 1", within: "web-tier", replicas: 2, listeners: [(port: "tcp/443", protocol: "https", meant_for: anywhere)], controls: {"rate-limiting": yes}),
          },
          boundaries: {
            "web-tier": (kind: "subnet-tier", name: "Web tier"),
          },
          flows: {
            "f-1": (from: "fw", to: "web-1", protocol: "https", port: "tcp/443", access: read),
          },
          views: {
            "main": (name: "Main"),
          },
          places: {
            ("main", "web-1"): (x: 120, y: 80),
          },
        )
        "#);
    }

    #[test]
    fn bad_files_are_refused_with_a_place() {
        insta::assert_snapshot!(refused("this is not RON"), @"line 1, column 1: Expected struct `document` but found `this`");
        insta::assert_snapshot!(refused("(format: 2, marvels: [1])"), @"this file has format 2, and this Parapet reads up to format 1: open it with a newer Parapet");
        insta::assert_snapshot!(refused(&SHOP[..400]), @"line 7, column 37: the file ends here, in the middle of the document: the rest of it is missing");
        insta::assert_snapshot!(refused(" \n"), @"the file is empty: nothing of a document is in it");
        insta::assert_snapshot!(refused("(format: 1,\n components: {\"Bad Id\": ()})"), @"line 2, column 16: `Bad Id` is no id: an id is 1 to 64 of a-z, 0-9, - and _");
        insta::assert_snapshot!(refused("(format: 1,\n components: {\"a\": (),\n \"a\": ()})"), @r#"line 3, column 3: "a" stands twice in this table"#);
        insta::assert_snapshot!(refused("(format: 1, components: {\"a\": ()}, flows: {\"a\": ()})"), @"the id `a` stands in two tables, components and flows: an id names one element");
        insta::assert_snapshot!(refused("(format: 1,\n components: {\"a\": (colour: \"red\")})"), @"line 2, column 21: Unexpected field named `colour` in `Component`, expected one of `kind`, `name`, `technology`, `within`, `replicas`, `pool`, `quorum`, `highly_available`, `takes_over`, `gate_of`, `listeners`, `allows`, `capacity`, `hit_ratio`, `balancing`, `availability`, `requests_per_second`, `read_share`, `stores`, `processes`, `controls`, `notes`, or `icon` instead");
        insta::assert_snapshot!(refused("(format: 1,\n components: {\"a\": (listeners: [(port: \"ssh\")])})"), @"line 2, column 41: `ssh` are no ports: write tcp/443, tcp/80,443 udp/53, tcp/8000-8080 or any");
        insta::assert_snapshot!(refused("(format: 1,\n components: {\"a\": (capacity: inf)})"), @"line 2, column 31: a number must be finite");
        insta::assert_snapshot!(refused("\u{0}"), @"line 1, column 1: Expected opening `(` for struct `document`");
        assert_eq!(read(&[b'(', 0xff]), Err(ReadError::NotText { at: 1 }));
    }

    #[test]
    fn a_file_that_was_cut_off_says_so_wherever_it_was() {
        let written = write(&read(SHOP.as_bytes()).unwrap());
        for text in [SHOP, written.trim_end()] {
            for end in 1..text.len() {
                let before = &text[..end];
                let rest = before.trim_end();
                let line = rest.matches('\n').count() + 1;
                let column = rest.rsplit('\n').next().unwrap().len() + 1;
                assert_eq!(read(before.as_bytes()), Err(ReadError::CutOff { line, column }), "{before}");
            }
        }
        // What is wrong before the end is told where it is.
        let wrong = SHOP.replace("kind: \"firewall\",", "kind: \"firewall\"");
        assert!(refused(&wrong).starts_with("line 3, column "), "{}", refused(&wrong));
        assert!(refused(&wrong[..wrong.len() - 1]).starts_with("line 3, column "), "{}", refused(&wrong));
    }

    #[test]
    fn nesting_without_end_is_refused_and_not_followed() {
        for opening in ["(", "[", "{", "(format:(", "Some("] {
            let text = opening.repeat(200_000);
            assert!(refused(&text).starts_with("line 1"), "{opening}");
            assert!(refused(&format!("(format: 1, brief: {text}")).starts_with("line 1"), "{opening}");
        }
        let deep = refused(&format!("(format: 1, components: {}", "[".repeat(200_000)));
        assert_eq!(deep.split_once(": ").unwrap().1, "this is nested deeper than any document of Parapet");
        let bytes = MAX_FILE_BYTES + 1;
        assert_eq!(read(&vec![b'('; bytes]), Err(ReadError::TooLarge { bytes }));
    }

    #[test]
    fn a_view_is_added_under_an_id_that_is_free() {
        let text = r#"(format: 1, components: {"main": (kind: "user")},
            flows: {"main-2": (from: "main", to: "main")})"#;
        let model = read(text.as_bytes()).unwrap();
        assert_eq!(model.first_view().map(Id::as_str), Some("main-3"));
        assert_eq!(read(write(&model).as_bytes()), Ok(model));
    }

    #[test]
    fn format_0_is_migrated() {
        let old = "(title: \"Old\", components: {\"a\": (kind: \"user\")}, places: {\"a\": (x: 1, y: 2)})";
        let model = read(old.as_bytes()).unwrap();
        assert_eq!(model.the_brief().title, "Old");
        assert_eq!(model.place(&Id::slug("main"), &Id::slug("a")), Some(&Place::at(1.0, 2.0)));
        assert!(write(&model).starts_with("(\n  format: 1,"));
    }

    #[test]
    fn what_cannot_be_meant_loads_and_is_said() {
        let text = r#"(format: 1,
            components: {"a": (kind: "spaceship", replicas: 0, within: "gone", controls: {"shields": yes})},
            boundaries: {"b": (kind: "host", within: "b")},
            flows: {"f": (from: "a", to: "nowhere"), "g": (from: "a", to: "a"), "h": (from: "a", to: "b")})"#;
        let model = read(text.as_bytes()).unwrap();
        let said: Vec<String> =
            model.problems().iter().map(|it| format!("{}: {}", it.element, it.message)).collect();
        insta::assert_snapshot!(said.join("\n"), @"
        a: 0 replicas are read as 1.
        a: It stands in the boundary `gone`, which is not there.
        a: The control `shields` is not known; it is kept as it is.
        a: The kind `spaceship` is not known; it is read as a service.
        b: It stands inside itself; it is read as standing at the top.
        f: It ends at `nowhere`, which is not there; it opens nothing.
        g: It ends where it starts; it opens nothing and needs nothing.
        h: It ends at the boundary `b`; a flow's ends are components.
        ");
        assert_eq!(read(write(&model).as_bytes()).unwrap(), model, "nothing is changed in the file");
    }
}
