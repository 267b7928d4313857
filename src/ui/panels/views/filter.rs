//! The filter of the shown view: its conditions as chips, each with how many components pass it, and what becomes of the
//! rest.

use egui::{Id as UiId, Ui, Vec2};

use crate::editor::Editor;
use crate::model::{Family, Id, Only, Severity, Stride};
use crate::tokens::{Face, Ink, size};
use crate::ui::panels::{family_ink, severity_ink};
use crate::ui::widgets::{
    Button, Choice, Picked, TextField, chip, field, heading, picks, segmented_for, wrapped,
};

/// Conditions with a chip of their own, how many pass each, and how many pass them all.
#[derive(Debug, Clone, PartialEq, Default)]
struct Counted {
    chips: Vec<(Only, usize)>,
    /// Shown, and of how many.
    all: (usize, usize),
    /// Of which results, judgements, and edit: of a large drawing they are not counted in each frame.
    made_of: Option<((u64, u64), u64)>,
}

impl Counted {
    fn of(ui: &Ui, editor: &Editor) -> Self {
        let id = UiId::unique("counts of the filter");
        let made_of = Some((editor.marked(), editor.document.revision));
        let known = ui.data_mut(|it| it.get_temp::<Self>(id)).filter(|it| it.made_of == made_of);
        known.unwrap_or_else(|| {
            let always = [Only::PersonalData, Only::Reached, Only::Encrypted, Only::Clear];
            let levels = Severity::ALL.map(Only::Severity);
            let all = always.into_iter().chain(levels);
            let mut chips: Vec<(Only, usize)> =
                all.map(|it| (it.clone(), editor.filter_count(&it))).collect();
            let families = Family::ALL.into_iter().filter(|it| *it != Family::Note).map(Only::Family);
            let families = families.map(|it| (it.clone(), editor.filter_count(&it)));
            chips.extend(families.filter(|it| it.1 > 0 || editor.filters_by(&it.0)));
            let counted = Self { chips, all: editor.filter_counts(), made_of };
            ui.data_mut(|it| it.insert_temp(id, counted.clone()));
            counted
        })
    }
}

/// Shows it and sets what is altered.
pub(super) fn ui(ui: &mut Ui, editor: &mut Editor) {
    let counted = Counted::of(ui, editor);
    let name = editor.view_name(editor.view());
    let (shown, of) = counted.all;
    let has_filter = editor.has_filter();
    let title =
        if has_filter { format!("Only on {name}: {shown} of {of}") } else { format!("Only on {name}") };
    heading(ui, &title);
    let mut toggled = None;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = Vec2::splat(size::SPACE_4);
        for sorts in [&[2, 3, 6][..], &[4], &[0]] {
            let in_row = |it: &&(Only, usize)| sorts.contains(&it.0.sort());
            // A row without chips would leave a hole.
            if !counted.chips.iter().any(|it| in_row(&it)) {
                continue;
            }
            ui.horizontal_wrapped(|ui| {
                for (only, count) in counted.chips.iter().filter(in_row) {
                    let text = format!("{} {count}", editor.filter_words(only));
                    if chip(ui, &text, dot(only), editor.filters_by(only)).clicked() {
                        toggled = Some(only.clone());
                    }
                }
            });
        }
    });
    if let Some(it) = more_ui(ui, editor) {
        toggled = Some(it);
    }
    if let Some(it) = toggled {
        editor.toggle_filter(&it);
    }
    words_ui(ui, editor);
    if has_filter {
        rest_ui(ui, editor, shown);
    }
}

fn dot(only: &Only) -> Option<Ink> {
    match only {
        Only::Severity(it) => Some(severity_ink(*it)),
        Only::Family(it) => Some(family_ink(*it)),
        _ => None,
    }
}

/// Boundaries and kinds of threats, of which there may be many.
fn more_ui(ui: &mut Ui, editor: &Editor) -> Option<Only> {
    let model = editor.model();
    let all: Vec<Only> = {
        let boundaries = model.by_title(model.boundaries().keys()).into_iter().cloned().map(Only::Within);
        boundaries.chain(Stride::ALL.map(Only::Stride)).collect()
    };
    let (held, offers): (Vec<Only>, Vec<Only>) = all.into_iter().partition(|it| editor.filters_by(it));
    let choice = |it: &Only| Choice::new(editor.filter_words(it));
    let shown: Vec<Choice> = held.iter().map(choice).collect();
    let add = "Add a boundary or a kind of threat";
    match picks(ui, &shown, (add, add), None, || offers.iter().map(choice).collect()) {
        Some(Picked::Out(n)) => held.get(n).cloned(),
        Some(Picked::In(n)) => offers.get(n).cloned(),
        _ => None,
    }
}

fn words_ui(ui: &mut Ui, editor: &mut Editor) {
    let view: Id = editor.view().clone();
    let words = editor.model().views().get(&view).map(|it| it.filter.clone()).unwrap_or_default();
    field(ui, "With these words", |ui| {
        let field = TextField::new("Words of the filter", &words);
        if let Some(words) = field.hint("In names, kinds, technologies, notes, ports, data").show(ui) {
            editor.set_filter_words(&words);
        }
    });
}

fn rest_ui(ui: &mut Ui, editor: &mut Editor, shown: usize) {
    if shown == 0 {
        wrapped(ui, "Nothing here passes all of it.", Face::Sans, size::TYPE_12, Ink::High);
    }
    ui.horizontal(|ui| {
        let dims = editor.model().views().get(editor.view()).is_some_and(|it| it.dims);
        let chosen =
            segmented_for(ui, "The rest", &["Hide the rest", "Dim the rest"], Some(usize::from(dims)));
        if let Some(n) = chosen {
            editor.set_filter_dims(n == 1);
        }
        if ui.add(Button::new("Remove the filter").quiet().in_row()).clicked() {
            editor.clear_filter();
        }
    });
    let about = "Findings are those of all that is drawn, whatever is shown.";
    wrapped(ui, about, Face::Sans, size::TYPE_12, Ink::Muted);
}
