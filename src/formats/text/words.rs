//! Words: what kind of component or boundary a word means, and which known word an unknown one is nearest to.

use crate::model::{BoundaryKind, Capability, Kind, Technology};

/// A kind of component, and the technology that a word names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Meant {
    pub(super) kind: String,
    pub(super) technology: String,
}

/// What one says of a thing, not what it is: `redis-primary` is a Redis.
const QUALIFIERS: [&str; 12] = [
    "primary",
    "secondary",
    "replica",
    "standby",
    "leader",
    "follower",
    "main",
    "new",
    "old",
    "internal",
    "external",
    "public",
];

/// What a word or a few mean as the kind of a component: a kind's slug, label or words, or a technology.
pub(super) fn component_kind(text: &str) -> Option<Meant> {
    let word = plain(text);
    let exact = |it: &&Kind| plain(&it.slug) == word || plain(&it.label) == word;
    if let Some(kind) = Kind::all().iter().find(exact) {
        return Some(Meant { kind: kind.slug.clone(), technology: String::new() });
    }
    let technology = Technology::find(text);
    // A word of two kinds (`web`, `app`) means the one that is part of the system, rather than who uses it.
    let mut named = Kind::all().iter().filter(|it| it.words.iter().any(|it| plain(it) == word));
    let first = named.next();
    let kind = first
        .filter(|it| !it.can(Capability::NotOurs))
        .or_else(|| named.find(|it| !it.can(Capability::NotOurs)));
    match (kind.or(first), technology) {
        (Some(kind), Some(technology)) if technology.kind == kind.slug => {
            Some(Meant { kind: kind.slug.clone(), technology: text.trim().to_owned() })
        }
        (Some(kind), _) => Some(Meant { kind: kind.slug.clone(), technology: String::new() }),
        (None, Some(technology)) => {
            Some(Meant { kind: technology.kind.clone(), technology: text.trim().to_owned() })
        }
        (None, None) => None,
    }
}

/// What an id says of its kind: `lb-east`, `postgres`, `web02`, `orders-db`, else a microservice.
pub(super) fn component_kind_of_id(id: &str) -> Meant {
    let words = words_of(id);
    let without: Vec<&str> = words.iter().copied().filter(|it| !QUALIFIERS.contains(it)).collect();
    let meant = in_words(&without, run_of_id).or_else(|| in_words(&words, run_of_id));
    meant.unwrap_or_else(|| Meant { kind: "microservice".to_owned(), technology: String::new() })
}

/// What a run of an id's words means. A technology must be the whole run: `postgres-backup` is a backup.
fn run_of_id(run: &str) -> Option<Meant> {
    let begins = |it: &Meant| {
        let shorter = run.rfind(['-', ' ']).and_then(|at| Technology::find(&run[..at]));
        !it.technology.is_empty() && shorter.is_some_and(|shorter| Some(shorter) == Technology::find(run))
    };
    component_kind(run).filter(|it| !begins(it))
}

/// What a word or a few mean as the kind of a boundary.
pub(super) fn boundary_kind(text: &str) -> Option<&'static BoundaryKind> {
    let word = plain(text);
    let exact = |it: &&BoundaryKind| plain(&it.slug) == word || plain(&it.label) == word;
    let all = BoundaryKind::all();
    all.iter().find(exact).or_else(|| all.iter().find(|it| it.words.iter().any(|it| plain(it) == word)))
}

/// What an id says of its kind: `data-tier`, `vpc-1`.
pub(super) fn boundary_kind_of_id(id: &str) -> Option<&'static BoundaryKind> {
    in_words(&words_of(id), boundary_kind)
}

/// The words of an id, without numbers and single letters; a number that belongs to a name stays (`s3`).
fn words_of(id: &str) -> Vec<&str> {
    let known = |it: &str| component_kind(it).is_some();
    id.split(['-', '_', ' '])
        .map(|it| if known(it) { it } else { it.trim_end_matches(|c: char| c.is_ascii_digit()) })
        .filter(|it| it.chars().count() > 1)
        .collect()
}

/// The meaning of the longest run of words, the last ones first: in `payment-service` the head stands at the end.
fn in_words<T>(words: &[&str], meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
    // An id is short; nobody means more than its last words.
    let words = &words[words.len().saturating_sub(8)..];
    for length in (1..=words.len()).rev() {
        for run in words.windows(length).rev() {
            if let Some(meant) = meaning(&run.join("-")).or_else(|| meaning(&run.join(" "))) {
                return Some(meant);
            }
        }
    }
    None
}

/// All words that name a kind of component, for suggestions.
pub(super) fn component_words() -> impl Iterator<Item = &'static str> {
    let kinds = Kind::all().iter().flat_map(|it| it.words.iter().chain([&it.slug]));
    kinds.chain(Technology::all().iter().map(|it| &it.slug)).map(String::as_str)
}

fn plain(text: &str) -> String {
    text.trim().to_lowercase().replace(['-', '_'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_say_their_kind() {
        for (id, kind, technology) in [
            ("lb", "load-balancer", ""),
            ("lb-east", "load-balancer", ""),
            ("web-1", "web-server", ""),
            ("web02", "web-server", ""),
            ("app", "application-server", ""),
            ("user", "user", ""),
            ("internet", "internet", ""),
            ("postgres", "sql-database", "postgres"),
            ("postgres-primary", "sql-database", "postgres"),
            ("orders-db", "sql-database", ""),
            ("redis", "cache", "redis"),
            ("payment-service", "microservice", ""),
            ("checkout", "microservice", ""),
            ("api", "microservice", ""),
            ("s3", "object-store", "s3"),
            ("postgres-backup", "backup-store", ""),
            ("kafka-consumer", "worker", ""),
            ("443", "microservice", ""),
            ("-", "microservice", ""),
        ] {
            let meant = component_kind_of_id(id);
            assert_eq!((meant.kind.as_str(), meant.technology.as_str()), (kind, technology), "{id}");
        }
    }

    #[test]
    fn phrases_are_kinds() {
        for (text, kind, technology) in [
            ("load balancer", "load-balancer", ""),
            ("SQL database", "sql-database", ""),
            ("postgres:16", "sql-database", "postgres:16"),
            ("PostgreSQL 16", "sql-database", "PostgreSQL 16"),
            ("CI/CD", "ci-cd", ""),
        ] {
            let meant = component_kind(text).unwrap();
            assert_eq!((meant.kind.as_str(), meant.technology.as_str()), (kind, technology), "{text}");
        }
        assert_eq!(component_kind("spaceship"), None);
        assert_eq!(boundary_kind("dmz").map(|it| it.slug.as_str()), Some("subnet-tier"));
        assert_eq!(boundary_kind_of_id("data-tier").map(|it| it.slug.as_str()), Some("subnet-tier"));
    }
}
