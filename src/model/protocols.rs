//! Protocols: rows of `assets/protocols.ron`.

use std::sync::LazyLock;

use foldhash::HashMap;
use serde::Deserialize;

use super::{Ports, Truth};

/// What a flow speaks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protocol {
    pub slug: String,
    pub label: String,
    /// The port it has unless said, with its transport.
    #[serde(default)]
    pub port: Ports,
    /// Whether it is encrypted by its nature: `Some(false)` is plaintext, `None` depends on how it is set up.
    #[serde(default)]
    encrypted: Option<bool>,
    /// The slug of the protocol that does the same encrypted.
    #[serde(default)]
    pub secure_twin: String,
    /// Given up by those who made it, or broken: something else has taken its place.
    #[serde(default)]
    pub obsolete: bool,
    /// It administers: a shell, a console, a desktop.
    #[serde(default)]
    pub admin: bool,
    /// It is spoken by browsers.
    #[serde(default)]
    pub web: bool,
    /// What is asked over it is a text in a language of queries: SQL, LDAP filters, search terms.
    #[serde(default)]
    pub queries: bool,
    #[serde(default)]
    pub words: Vec<String>,
}

static ROWS: LazyLock<Vec<Protocol>> =
    LazyLock::new(|| super::bundled(include_str!("../../assets/protocols.ron")));

/// Rows by each of their names. A slug goes before a word that another row has for itself, an earlier row before a
/// later one.
static BY_NAME: LazyLock<HashMap<String, &'static Protocol>> = LazyLock::new(|| {
    let mut by_name = HashMap::default();
    for row in ROWS.iter() {
        by_name.insert(row.slug.clone(), row);
    }
    for row in ROWS.iter() {
        for word in row.words.iter().cloned().chain([row.label.to_lowercase()]) {
            by_name.entry(word).or_insert(row);
        }
    }
    by_name
});

impl Protocol {
    pub fn all() -> &'static [Self] {
        &ROWS
    }

    /// The protocol of that slug, or of another word for it, in any casing.
    pub fn find(name: &str) -> Option<&'static Self> {
        if name.is_empty() {
            return None;
        }
        // As drawings have it nearly always, and without a copy.
        BY_NAME.get(name).or_else(|| BY_NAME.get(name.trim().to_lowercase().as_str())).copied()
    }

    /// What the protocol alone says about encryption.
    pub fn encrypted(&self) -> Truth {
        match self.encrypted {
            Some(true) => Truth::Yes,
            Some(false) => Truth::No,
            None => Truth::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        assert!(Protocol::all().len() >= 30);
        for row in Protocol::all() {
            let twin = row.secure_twin.as_str();
            assert!(
                twin.is_empty() || Protocol::find(twin).is_some_and(|it| it.encrypted() == Truth::Yes),
                "{twin}"
            );
        }
        assert!(Protocol::all().iter().all(|it| !it.obsolete || !it.secure_twin.is_empty()));
        assert_eq!(Protocol::find("HTTP").map(Protocol::encrypted), Some(Truth::No));
        assert_eq!(Protocol::find("https").map(|it| it.port.to_string()), Some("tcp/443".to_owned()));
    }
}
