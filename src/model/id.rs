//! Ids: readable slugs that name every element, and the source of fresh ones.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use smol_str::SmolStr;

/// The id of an element: `[a-z0-9_-]{1,64}`, unique across all tables of a model. Cheap to clone.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(SmolStr);

/// The longest id that is accepted, in bytes.
pub const MAX_ID_LENGTH: usize = 64;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no id: an id is 1 to 64 of a-z, 0-9, - and _")]
pub struct NoId(String);

impl Id {
    /// Checks a text and makes it an id.
    ///
    /// # Errors
    /// The text is empty, too long, or holds another character than `a-z`, `0-9`, `-` and `_`.
    pub fn new(text: &str) -> Result<Self, NoId> {
        let fits = |it: u8| it.is_ascii_lowercase() || it.is_ascii_digit() || it == b'-' || it == b'_';
        if !text.is_empty() && text.len() <= MAX_ID_LENGTH && text.bytes().all(fits) {
            Ok(Self(SmolStr::new(text)))
        } else {
            Err(NoId(text.chars().take(80).collect()))
        }
    }

    /// The id nearest to any text: `Orders DB #2` becomes `orders-db-2`; a text without a letter or a digit
    /// becomes `element`.
    pub fn slug(text: &str) -> Self {
        let mut slug = String::new();
        for c in text.chars().flat_map(char::to_lowercase) {
            if slug.len() >= MAX_ID_LENGTH {
                break;
            }
            if c.is_ascii_alphanumeric() || c == '_' {
                slug.push(c);
            } else if !slug.ends_with('-') && !slug.is_empty() {
                slug.push('-');
            }
        }
        let slug = slug.trim_end_matches('-');
        Self(SmolStr::new(if slug.is_empty() { "element" } else { slug }))
    }

    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// A number that tells one list of ids from another. Not against anybody who makes them alike on purpose.
    pub fn fingerprint<'a>(ids: impl Iterator<Item = &'a Self>) -> u64 {
        fnv(ids.flat_map(|it| it.as_str().bytes().chain([0])))
    }
}

/// FNV-1a, 64 bits: <http://www.isthe.com/chongo/tech/comp/fnv/>
fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// `-`: the end of a flow that nobody drew yet. Nothing is minted with that id.
impl Default for Id {
    fn default() -> Self {
        Self(SmolStr::new_static("-"))
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.0.as_str())
    }
}

impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        self.0.as_str()
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::new(&text).map_err(de::Error::custom)
    }
}

/// A source of fresh ids. Whoever opens an editor seeds it: the platform with chance, a test with a number.
///
/// Tails are random so that two people who add an element at the same time do not collide; a fix takes a source
/// seeded by its finding's key, so that the same fix is the same edit.
#[derive(Debug, Clone)]
pub struct Ids {
    state: u64,
}

impl Ids {
    pub fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    /// A source that depends on a text alone.
    pub fn from_text(text: &str) -> Self {
        Self { state: fnv(text.bytes()) }
    }

    /// Mints an id from a readable stem and four random characters, `orders-db-7f3k`, that `taken` does not hold.
    pub fn mint(&mut self, stem: &str, taken: impl Fn(&Id) -> bool) -> Id {
        let slug = Id::slug(stem);
        let stem: String = slug.as_str().chars().take(MAX_ID_LENGTH - 14).collect();
        let mut length = 4;
        loop {
            let id = Id(SmolStr::from(format!("{}-{}", stem.trim_end_matches('-'), self.tail(length))));
            if !taken(&id) {
                return id;
            }
            // More of the tail each time, so that no source, however poor, can hang us.
            length = (length + 1).min(13);
        }
    }

    fn tail(&mut self, length: usize) -> String {
        const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        let mut bits = self.next();
        (0..length)
            .map(|_| {
                let digit = DIGITS[(bits & 31) as usize];
                bits >>= 5;
                char::from(digit)
            })
            .collect()
    }

    /// `SplitMix64`: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.state ^ (self.state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// The readable form of a set of ids, for messages: `a, b and 3 more`.
pub fn short_list<'a>(ids: impl IntoIterator<Item = &'a Id>) -> String {
    let ids: BTreeSet<&Id> = ids.into_iter().collect();
    let shown: Vec<&str> = ids.iter().take(3).map(|it| it.as_str()).collect();
    match ids.len().saturating_sub(shown.len()) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_ids() {
        for (text, slug) in
            [("Orders DB #2", "orders-db-2"), ("  ", "element"), ("é", "element"), ("Web_1", "web_1")]
        {
            assert_eq!(Id::slug(text).as_str(), slug);
        }
        let long = Id::slug(&"ab ".repeat(60));
        assert_eq!(Id::new(long.as_str()), Ok(long));
    }

    #[test]
    fn bad_ids_are_refused() {
        for text in ["", "A", "a b", "a/b", "é", &"a".repeat(65)] {
            assert!(Id::new(text).is_err(), "{text}");
        }
    }

    #[test]
    fn minting_never_repeats_and_never_hangs() {
        let mut ids = Ids::seeded(1);
        let mut taken = BTreeSet::new();
        for _ in 0..2000 {
            let id = ids.mint("Web server", |it| taken.contains(it));
            assert!(Id::new(id.as_str()).is_ok());
            assert!(taken.insert(id));
        }
        assert_eq!(Ids::from_text("a").mint("x", |_| false), Ids::from_text("a").mint("x", |_| false));
    }
}
