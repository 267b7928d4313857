//! Icons that were read already: a drawing of ten thousand cards reads each of its artworks once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::Icon;

/// So many are kept; then all are forgotten, and those that are still drawn are read again.
const KEPT: usize = 2000;

/// The icon that an SVG of a document is, nothing if it is none. Each text is read once.
pub fn artwork(svg: &str) -> Option<Arc<Icon>> {
    static KNOWN: OnceLock<Mutex<BTreeMap<String, Option<Arc<Icon>>>>> = OnceLock::new();
    let known = || KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(it) = known().get(svg) {
        return it.clone();
    }
    let read = Icon::parse("", svg).ok().map(Arc::new);
    let mut known = known();
    if known.len() >= KEPT {
        known.clear();
    }
    known.insert(svg.to_owned(), read.clone());
    read
}
