//! `parapet convert FROM TO`: a document, its picture or its report, in another format.

use std::path::PathBuf;
use std::sync::Arc;

use super::complaint::Complaint;
use super::{Reply, source};
use crate::analysis::Facts;
use crate::formats;
use crate::rules;

/// Write a document in another format, told by the ending of the file's name
///
/// *.parapet.ron is the document, *.parapet.txt the text language, *.svg and *.png the picture, *.md, *.csv and *.json the
/// findings.
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The document to read
    from: PathBuf,
    /// The file to write; it must not be there yet
    to: PathBuf,
}

pub(super) fn run(arguments: &Arguments) -> Result<Reply, Complaint> {
    let (from, to) = (&arguments.from, &arguments.to);
    let format = formats::of_name(&to.to_string_lossy());
    let Some(export) = format.and_then(|it| it.export) else {
        let written = formats::ALL.iter().filter(|it| it.export.is_some());
        let endings: Vec<String> =
            written.filter_map(|it| it.extensions.first()).map(|it| format!("*.{it}")).collect();
        let what = format!("this kind of file is not written; name one of {}", endings.join(", "));
        return Err(Complaint::of_file(to, &what));
    };
    let model = Arc::new(source::open(from)?);
    let report = rules::run(&Facts::of(Arc::clone(&model)));
    let bytes = export(&source::export(&from.to_string_lossy(), &model, &report, &source::today()))
        .map_err(|it| Complaint::of_file(to, &it.to_string()))?;
    source::create(to, &bytes)?;
    let mut remarks = source::problems(from, &model);
    // Whoever checks the text would miss what they find.
    if format.is_some_and(|it| it.drops_packs) && !model.packs().is_empty() {
        let what = "its rule packs are not in the text; give their files to `check` with --rules";
        remarks.push(format!("{}: {what}", from.display()));
    }
    Ok(Reply { remarks, ..Reply::default() })
}
