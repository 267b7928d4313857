//! What a layout and its picture must hold.

mod apart;
mod lines;
mod updating;
pub(crate) mod ways;

use super::Layout;
use crate::model::{self, Id, Model, Nesting};

/// A model as it stands in a file, without `format`.
pub(crate) fn model(text: &str) -> Model {
    model::read(format!("(format: 1, {text})").as_bytes()).unwrap()
}

pub(crate) fn layout(model: &Model) -> Layout {
    Layout::of(model, &Id::slug("main"), &Nesting::of(model))
}
