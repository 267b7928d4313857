//! `parapet convert FROM TO`: a document, its picture or its report, in another format.

use std::path::PathBuf;
use std::sync::Arc;

use super::complaint::Complaint;
use super::{Reply, source};
use crate::analysis::Facts;
use crate::editor::{Editor, Surroundings, Tint};
use crate::formats::{self, png};
use crate::model::Model;
use crate::rules;
use crate::tokens::Theme;

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
    /// What a picture shows beside the drawing; may be said several times
    #[arg(long, value_name = "WHAT")]
    show: Vec<Shown>,
    /// The colours of a picture
    #[arg(long, value_enum)]
    theme: Option<Colours>,
}

/// What a picture shows beside the drawing.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shown {
    /// How many findings and questions each element has
    Counts,
    /// Where comments are open
    Comments,
    /// What an attacker reaches from the internet, with a legend
    Exposure,
    /// Where personal data is kept and goes, with a legend
    PersonalData,
    /// Of the view, only what passes its filter
    Filter,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Colours {
    Light,
    Dark,
    HighContrast,
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
    let is_picture = format.is_some_and(|it| it.is_picture);
    if is_picture && (!arguments.show.is_empty() || arguments.theme.is_some()) {
        let bytes = picture(arguments, &model, format.is_some_and(|it| it.id == "png"))
            .map_err(|it| Complaint::of_file(to, &it))?;
        source::create(to, &bytes)?;
        return Ok(Reply { remarks: source::problems(from, &model), ..Reply::default() });
    }
    if !is_picture && (!arguments.show.is_empty() || arguments.theme.is_some()) {
        return Err(Complaint::of_file(to, "--show and --theme are for pictures, *.svg and *.png"));
    }
    let bytes = export(&source::export(&from.to_string_lossy(), &model, &report, &source::today()))
        .map_err(|it| Complaint::of_file(to, &it.to_string()))?;
    source::create(to, &bytes)?;
    let mut remarks = source::problems(from, &model);
    // Whoever checks the text would miss what they find.
    if format.is_some_and(|it| it.drops_packs) && !model.packs().is_empty() {
        let what = "its rule packs are not in the text; give their files to `check` with --rules";
        remarks.push(format!("{}: {what}", from.display()));
    }
    if format.is_some_and(|it| it.drops_packs) && !model.artworks().is_empty() {
        let what = "its icons of your own are not in the text; what was drawn with them has the icon of its kind there";
        remarks.push(format!("{}: {what}", from.display()));
    }
    Ok(Reply { remarks, ..Reply::default() })
}

/// The picture of the first view, with what is to be shown beside the drawing.
fn picture(arguments: &Arguments, model: &Model, is_png: bool) -> Result<Vec<u8>, String> {
    let shows = |it: Shown| arguments.show.contains(&it);
    let surroundings = Surroundings { today: source::today, ..Surroundings::fixed() };
    let mut editor = Editor::with(model.clone(), surroundings);
    editor.shown.picture.no_badges = !shows(Shown::Counts);
    editor.shown.picture.no_comments = !shows(Shown::Comments);
    editor.shown.shows_all = !shows(Shown::Filter);
    editor.shown.tint = match (shows(Shown::Exposure), shows(Shown::PersonalData)) {
        (true, true) => return Err("a picture has one tint: exposure or personal-data".to_owned()),
        (true, false) => Some(Tint::Exposure),
        (false, true) => Some(Tint::PersonalData),
        (false, false) => None,
    };
    let theme = match arguments.theme {
        Some(Colours::Dark) => Theme::Dark,
        Some(Colours::HighContrast) => Theme::HighContrast,
        Some(Colours::Light) | None => Theme::Light,
    };
    let svg = editor.picture(theme);
    if is_png { png::export_small_enough(&svg).map_err(|it| it.to_string()) } else { Ok(svg.into_bytes()) }
}
