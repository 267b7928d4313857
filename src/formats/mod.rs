//! Formats: bytes to and from a model.
// Stubs until the formats land: their version of this file replaces this one whole.

pub struct Export<'a> {
    pub model: &'a crate::model::Model,
    pub findings: &'a [crate::rules::Finding],
    pub questions: &'a [crate::rules::Question],
    pub file: &'a str,
}

pub struct Format {
    pub id: &'static str,
    pub label: &'static str,
    pub extensions: &'static [&'static str],
    pub import: Option<fn(&[u8]) -> Result<crate::model::Model, String>>,
    pub export: Option<fn(&Export<'_>) -> Vec<u8>>,
}

pub static ALL: &[&Format] = &[];

pub mod text;

#[cfg(not(target_arch = "wasm32"))]
pub mod png;
pub mod svg;
