//! Every panel and dialog, of nothing, of a usual drawing and of a crowded one: each control has a name, stands in the
//! window and on no other. With PICTURES=all, each is drawn too, dark and light, at one and two pixels a point.

use egui::{Rect, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use parapet::app::Window;
use parapet::editor::{
    AfterUnsaved, Editor, LeftTab, Modal, PinTo, SAMPLES, Surroundings, Tab, Tint, Wanted,
};
use parapet::formats::{self, text};
use parapet::model::Id;
use parapet::rules;
use parapet::tokens::Theme;

use crate::window::{editor, picture};

type Harnessed = Harness<'static, Option<Window>>;

/// A panel or dialog, and how it is opened.
type Stage = (&'static str, fn(&mut Editor));

const STAGES: [Stage; 31] = [
    ("findings", |it| it.shown.tab = Tab::Findings),
    ("questions", |it| it.shown.tab = Tab::Questions),
    ("comments", |it| it.shown.tab = Tab::Comments),
    ("inspector-nothing", |it| inspect(it, &[])),
    ("inspector-component", |it| inspect(it, &first(it, 1))),
    ("inspector-store", |it| inspect(it, &of_kind(it, "sql-database"))),
    ("inspector-several", |it| inspect(it, &first(it, 3))),
    ("inspector-boundary", |it| {
        inspect(it, &it.model().boundaries().keys().take(1).cloned().collect::<Vec<_>>());
    }),
    ("inspector-flow", |it| inspect(it, &it.model().flows().keys().take(1).cloned().collect::<Vec<_>>())),
    ("outline", |it| it.show_left(LeftTab::Outline)),
    ("tint", |it| it.toggle_tint(&Tint::Exposure)),
    ("gallery", |it| show(it, Modal::Gallery)),
    ("command-palette", |it| show(it, Modal::CommandPalette)),
    ("shortcuts", |it| show(it, Modal::Help)),
    ("about", |it| show(it, Modal::About)),
    ("open-path", |it| show(it, Modal::OpenPath("/home/ada/drawings/shop.parapet.ron".to_owned()))),
    ("save-to-path", |it| show(it, Modal::SaveToPath(String::new()))),
    ("export-to-path", |it| show(it, Modal::ExportToPath(String::new()))),
    ("rule-packs", |it| show(it, Modal::Packs)),
    ("add-rule-packs", |it| show(it, Modal::AddPacks(String::new()))),
    ("rule-pack-faults", |it| show(it, Modal::PackFaults(faults()))),
    ("unsaved", |it| show(it, Modal::Unsaved(AfterUnsaved::New))),
    ("others-there", |it| show(it, Modal::OthersThere { path: "shop.parapet.ron".to_owned(), after: None })),
    ("verdict", verdict),
    ("manual", |it| show(it, Modal::Manual(rules::ALL[0].id.to_owned()))),
    ("views", |it| show(it, Modal::Views)),
    ("levels", |it| show(it, Modal::Levels)),
    ("coverage", |it| show(it, Modal::Coverage)),
    ("threat", |it| show(it, Modal::Threat(None))),
    ("target", |it| {
        it.select(first(it, 1));
        show(it, Modal::Target(Wanted::FlowTo));
    }),
    ("export", |it| show(it, Modal::Export)),
];

fn show(editor: &mut Editor, modal: Modal) {
    editor.shown.modal = Some(modal);
}

fn inspect(editor: &mut Editor, ids: &[Id]) {
    editor.select(ids.iter().cloned());
    editor.shown.tab = Tab::Inspector;
}

fn first(editor: &Editor, count: usize) -> Vec<Id> {
    editor.model().components().keys().take(count).cloned().collect()
}

fn of_kind(editor: &Editor, kind: &str) -> Vec<Id> {
    let all = editor.model().components().iter().filter(|it| it.1.kind == kind);
    all.map(|it| it.0.clone()).take(1).collect()
}

fn verdict(editor: &mut Editor) {
    let first = editor.findings().next().map(|it| it.finding.key.clone());
    if let Some(key) = first {
        show(editor, Modal::Verdict(key));
    }
}

fn faults() -> Vec<String> {
    let fault = |n: u32| format!("house.rules.ron:{n}: a rule needs a level; write `level: high`");
    (1..30).map(|it| fault(it * 7)).collect()
}

/// What is drawn.
fn drawings() -> Vec<(&'static str, Editor)> {
    let sample = |editor: &mut Editor| {
        let reference = SAMPLES.iter().find(|it| it.id == "reference").unwrap();
        editor.load_sample(reference);
    };
    let mut usual = Editor::new(Surroundings::fixed());
    sample(&mut usual);
    let mut crowded = Editor::with(formats::placed(text::read(&crowd()).unwrap()), Surroundings::fixed());
    "Ada Lovelace, Countess of something rather long".clone_into(&mut crowded.who);
    for (n, id) in first(&crowded, 30).into_iter().enumerate() {
        let words = format!(
            "Comment {n}: who may change this, who did, and where would anybody read about it afterwards?"
        );
        crowded.add_comment(&PinTo::Element(id), &words).unwrap();
    }
    vec![("empty", Editor::new(Surroundings::fixed())), ("usual", usual), ("crowded", crowded)]
}

/// Many elements with names that are too long for every place.
fn crowd() -> String {
    let mut text = "net \"The whole of the internet with everybody on it\": internet
        asset people \"Personal data of customers, suppliers and their employees\": confidential [personal yes]
        asset cards \"Numbers-of-cards-without-a-single-place-to-break-the-line\": secret [credential yes]\n"
        .to_owned();
    for zone in 0..6 {
        let title = format!("Availability zone number {zone} of the region in the far north-west");
        text += &format!("boundary z{zone} \"{title}\": zone {{\n");
        for n in 0..6 {
            text += &format!(
                "web{zone}{n} \"Service {n} for reservations-and-cancellations of zone {zone}\": web-server [replicas 12]\n"
            );
        }
        text += &format!(
            "db{zone} \"Database of everything that zone {zone} has ever heard\": sql-database [stores people, cards; encryption-at-rest no]\n}}\n"
        );
    }
    for zone in 0..6 {
        for n in 0..6 {
            text += &format!(
                "net -> web{zone}{n}: http; web{zone}{n} -> db{zone}: postgres [name \"reads and writes nearly everything\"; carries people]\n"
            );
            text += &format!("web{zone}{n} -> web{}{}: https\n", (zone + 1) % 6, (n + 2) % 6);
        }
    }
    text
}

fn window(size: (f32, f32), pixels: f32, editor: Editor) -> Harnessed {
    let builder = Harness::builder().with_size(vec2(size.0, size.1)).with_pixels_per_point(pixels);
    let mut editor = Some(editor);
    let mut harness = builder.with_max_steps(12).build_ui_state(
        move |ui, state: &mut Option<Window>| {
            if let Some(editor) = editor.take() {
                *state = Some(Window::new(ui.ctx(), editor));
            }
            if let Some(window) = state {
                window.ui(ui);
            }
        },
        None,
    );
    harness.run_ok();
    harness
}

fn open(harness: &mut Harnessed, stage: fn(&mut Editor)) {
    let editor = editor(harness);
    editor.shown.modal = None;
    editor.shown.tint = None;
    (editor.shown.left, editor.shown.tab) = (LeftTab::Palette, Tab::Findings);
    editor.clear_selection();
    stage(editor);
    harness.run_ok();
    harness.run_steps(2);
}

/// What is wrong with the controls that are shown.
fn faults_of(harness: &Harnessed) -> Vec<String> {
    let screen = harness.ctx.content_rect();
    let is_control = |role| {
        use egui::accesskit::Role;
        matches!(role, Role::Button | Role::CheckBox | Role::TextInput | Role::ComboBox | Role::RadioButton)
    };
    let controls = harness.query_all(By::new().predicate(move |it| is_control(it.role())));
    let controls: Vec<(String, Rect)> = controls
        .map(|it| {
            let node = it.accesskit_node();
            (node.label().or_else(|| node.value()).unwrap_or_default(), it.rect())
        })
        .collect();
    assert!(controls.len() > 8, "hardly any control is there");
    let mut faults = Vec::new();
    for (name, rect) in &controls {
        if name.trim().is_empty() {
            faults.push(format!("a control at {rect} has no name"));
        }
        // What is scrolled away stands above or below, and never beside.
        if rect.min.x < screen.min.x - 0.5 || rect.max.x > screen.max.x + 0.5 {
            faults.push(format!("{name:?} leaves the window: {rect}"));
        }
    }
    faults
}

#[test]
fn every_control_of_every_panel_has_a_name_and_stands_in_the_window() {
    let mut faults = Vec::new();
    for (drawing, editor) in drawings() {
        let mut harness = window((1280.0, 800.0), 1.0, editor);
        for (name, stage) in STAGES {
            open(&mut harness, stage);
            faults.extend(faults_of(&harness).into_iter().map(|it| format!("{name}, {drawing}: {it}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn each_is_drawn_for_whoever_looks() {
    if std::env::var("PICTURES").is_err() {
        return;
    }
    for (pixels, size) in [(1.0, (1280.0, 800.0)), (2.0, (1000.0, 640.0))] {
        for theme in [Theme::Dark, Theme::Light] {
            for (drawing, mut editor) in drawings() {
                editor.shown.theme = Some(theme);
                let mut harness = window(size, pixels, editor);
                for (name, stage) in STAGES {
                    open(&mut harness, stage);
                    picture(&mut harness, &format!("every/{drawing}-{theme:?}-{pixels}-{name}"));
                }
            }
        }
    }
}
