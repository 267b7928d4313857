//! Technologies: what a name like `postgres:16` or `nginx` is; rows of `assets/technologies.ron`.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use foldhash::HashMap;
use serde::Deserialize;

use super::{Ports, Truth};

/// A product or a service, and what it answers by itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Technology {
    pub slug: String,
    pub label: String,
    /// The slug of its kind.
    pub kind: String,
    /// Other names, lower case.
    #[serde(default)]
    pub words: Vec<String>,
    #[serde(default)]
    pub port: Ports,
    #[serde(default)]
    pub protocol: String,
    /// It is one service over several zones that its provider keeps up.
    #[serde(default)]
    highly_available: Word,
    /// It keeps nothing when it stops.
    #[serde(default)]
    pub volatile: bool,
    /// What it answers by itself, by the slug of a control.
    #[serde(default)]
    controls: BTreeMap<String, Word>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Word {
    #[default]
    Unknown,
    Yes,
    No,
}

impl Word {
    fn truth(self) -> Truth {
        match self {
            Self::Unknown => Truth::Unknown,
            Self::Yes => Truth::Yes,
            Self::No => Truth::No,
        }
    }
}

impl Technology {
    pub fn highly_available(&self) -> Truth {
        self.highly_available.truth()
    }

    pub fn control(&self, slug: &str) -> Truth {
        self.controls.get(slug).map(|it| it.truth()).unwrap_or_default()
    }

    pub fn controls(&self) -> impl Iterator<Item = &str> {
        self.controls.keys().map(String::as_str)
    }

    pub fn all() -> &'static [Self] {
        &TABLES.rows
    }

    /// What a name as people write it is: `postgres:16`, `PostgreSQL 16`, `nginx/1.27`, `MySQL 8`.
    pub fn find(name: &str) -> Option<&'static Self> {
        if name.is_empty() {
            return None;
        }
        let name = name.trim().to_lowercase();
        // The longest beginning that is known: `amazon aurora mysql 8` is Aurora, not MySQL.
        let mut end = name.len();
        loop {
            if let Some(n) = TABLES.by_word.get(name[..end].trim_end_matches(|c: char| !c.is_alphanumeric()))
            {
                return TABLES.rows.get(*n);
            }
            end = name[..end].rfind([' ', ':', '/', '-', '_', '@', '.', '(', ','])?;
        }
    }
}

struct Tables {
    rows: Vec<Technology>,
    by_word: HashMap<String, usize>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let rows: Vec<Technology> = super::bundled(include_str!("../../assets/technologies.ron"));
    let mut by_word = HashMap::default();
    for (n, row) in rows.iter().enumerate() {
        for word in
            row.words.iter().chain([&row.slug]).map(|it| it.to_lowercase()).chain([row.label.to_lowercase()])
        {
            by_word.insert(word, n);
        }
    }
    Tables { rows, by_word }
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Control, Kind, Protocol};

    #[test]
    fn the_table_is_sound() {
        assert!(Technology::all().len() >= 60);
        for row in Technology::all() {
            assert!(Kind::find(&row.kind).is_some(), "{}: no kind {}", row.slug, row.kind);
            assert!(row.protocol.is_empty() || Protocol::find(&row.protocol).is_some(), "{}", row.slug);
            for control in row.controls() {
                assert!(Control::find(control).is_some(), "{}: no control {control}", row.slug);
            }
            assert_eq!(
                Technology::find(&row.label).map(|it| &it.slug),
                Some(&row.slug),
                "a name stands twice"
            );
        }
    }

    #[test]
    fn names_as_people_write_them() {
        for (name, slug) in [
            ("postgres:16", "postgres"),
            ("PostgreSQL 16", "postgres"),
            ("nginx/1.27", "nginx"),
            ("MySQL 8", "mysql"),
            ("memcached", "memcached"),
            ("RabbitMQ", "rabbitmq"),
            ("Amazon S3", "s3"),
        ] {
            assert_eq!(Technology::find(name).map(|it| it.slug.as_str()), Some(slug), "{name}");
        }
        for name in ["", "Rust", "our own", "-", "é"] {
            assert_eq!(Technology::find(name), None, "{name}");
        }
    }
}
