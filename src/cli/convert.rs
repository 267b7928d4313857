//! `parapet convert FROM TO`: a document in another format.

use std::path::PathBuf;

use super::complaint::Complaint;
use super::{Reply, source};
use crate::model;

/// Write a document in another format, told by the ending of the file's name
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The document to read
    from: PathBuf,
    /// The file to write; it must not be there yet
    to: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<Reply, Complaint> {
    let model = source::open(&arguments.from)?;
    let bytes = match source::kind(&arguments.to) {
        Some("ron") => model::write(&model).into_bytes(),
        _ => return Err(Complaint::of_file(&arguments.to, "this kind of file is not written")),
    };
    source::create(&arguments.to, &bytes)?;
    Ok(Reply { remarks: source::problems(&arguments.from, &model), ..Reply::default() })
}
