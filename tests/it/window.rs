//! The main window as a user meets it: by label on the real thing, with pictures for whoever looks.

use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::Harness;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use parapet::app::Window;
use parapet::editor::{AfterUnsaved, Derived, Editor, Effect, Event, Modal, SAMPLES, Surroundings, Tool};
use parapet::model::{Id, Severity, Text};
use parapet::scene::Pos;
use parapet::tokens::Theme;

/// A window on the reference architecture.
pub(crate) fn window(size: (f32, f32), pixels: f32) -> Harness<'static, Option<Window>> {
    let builder = Harness::builder().with_size(vec2(size.0, size.1)).with_pixels_per_point(pixels);
    let mut harness = builder.with_max_steps(12).build_ui_state(
        |ui, state: &mut Option<Window>| {
            let window = state.get_or_insert_with(|| {
                let mut editor = Editor::new(Surroundings::fixed());
                editor.load_sample(&SAMPLES[0]);
                Window::new(ui.ctx(), editor)
            });
            window.ui(ui);
        },
        None,
    );
    harness.run_ok();
    harness
}

pub(crate) fn editor<'h>(harness: &'h mut Harness<'static, Option<Window>>) -> &'h mut Editor {
    &mut harness.state_mut().as_mut().unwrap().editor
}

fn command() -> Modifiers {
    Modifiers { ctrl: true, command: true, ..Modifiers::NONE }
}

/// Saves what is seen to `target/pictures`, where a software renderer is at hand.
pub(crate) fn picture(harness: &mut Harness<'static, Option<Window>>, name: &str) {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("target/pictures/{name}.png"));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    // Pictures are for whoever looks: where nothing can render, there is none.
    if let Ok(image) = harness.render() {
        image.save(file).unwrap();
    }
}

/// A clock on which nothing fits into a frame.
fn slow_ms() -> f64 {
    static CLOCK: AtomicU32 = AtomicU32::new(0);
    f64::from(CLOCK.fetch_add(11, Relaxed))
}

#[test]
fn a_heavy_file_is_drawn_at_once_and_its_findings_follow() {
    let mut harness = Harness::builder().with_size(vec2(1280.0, 800.0)).with_max_steps(60).build_ui_state(
        |ui, state: &mut Option<Window>| {
            let window = state.get_or_insert_with(|| {
                let surroundings = Surroundings { now_ms: slow_ms, ..Surroundings::fixed() };
                Window::new(ui.ctx(), Editor::new(surroundings))
            });
            window.ui(ui);
        },
        None,
    );
    let naive = SAMPLES.iter().find(|it| it.id == "naive").unwrap();
    let bytes = naive.text.as_bytes().to_vec();
    editor(&mut harness).handle(Event::Opened { name: "n.parapet.ron".to_owned(), path: None, bytes });
    harness.run_ok();
    let looking = "Looking for what fails and who gets in…";
    assert!(harness.query_by_label_contains(looking).is_some());
    assert!(harness.query_by_label("No findings.").is_none());
    assert!(harness.query_by_label_contains("analysing…").is_some());
    // It says for how long, and goes on saying so.
    let said = |harness: &Harness<'static, Option<Window>>| {
        harness.get_by_label_contains(looking).accesskit_node().value().unwrap_or_default()
    };
    let before = said(&harness);
    harness.run_steps(40);
    assert_ne!(said(&harness), before);
    let card = naive_card(&mut harness);
    assert!(harness.query_all_by_label_contains(&card).next().is_some());
    picture(&mut harness, "window-looking");
    let job = |harness: &mut Harness<'static, Option<Window>>| {
        let effects = editor(harness).take_effects();
        let Some(Effect::Derive { generation, model }) = effects.into_iter().next_back() else {
            panic!("no job")
        };
        (generation, model)
    };
    // If it fails, nobody goes on waiting, and the drawing can be saved.
    let (generation, _) = job(&mut harness);
    let reason = "no such node".to_owned();
    editor(&mut harness).handle(Event::DeriveFailed { generation, reason });
    harness.run_ok();
    assert!(harness.query_by_label_contains(looking).is_none());
    assert!(harness.query_by_label("The analysis of this drawing failed.").is_some());
    assert!(harness.query_by_label("analysis failed").is_some());
    picture(&mut harness, "window-analysis-failed");
    harness.get_by_label("Save").click();
    harness.run_ok();
    let effects = editor(&mut harness).take_effects();
    assert!(matches!(effects.last(), Some(Effect::SaveDialog { .. })), "{effects:?}");
    editor(&mut harness).add_component("user", Pos::ZERO);
    let (generation, model) = job(&mut harness);
    let derived = Box::new(Derived::of(model, || 0.0));
    editor(&mut harness).handle(Event::Derived { generation, derived });
    harness.run_ok();
    assert!(harness.query_by_label_contains(looking).is_none());
    let editor = editor(&mut harness);
    let finding = editor.report().findings[0].message.read(editor.model()).into_owned();
    assert!(harness.query_all_by_label(&finding).next().is_some());
}

fn naive_card(harness: &mut Harness<'static, Option<Window>>) -> String {
    let editor = editor(harness);
    let first = editor.layout().cards.keys().next().unwrap().clone();
    editor.model().title(&first)
}

#[test]
fn what_is_undone_to_the_last_save_is_saved() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let says = |harness: &Harness<'static, Option<Window>>, what| harness.query_by_label(what).is_some();
    let (name, bytes) = ("a.parapet.ron".to_owned(), SAMPLES[1].text.as_bytes().to_vec());
    editor(&mut harness).handle(Event::Opened { name, path: None, bytes });
    harness.run_ok();
    assert!(says(&harness, "· saved"));
    editor(&mut harness).add_component("web-server", Pos::ZERO);
    harness.run_ok();
    assert!(says(&harness, "· not saved"));
    harness.get_by_label("Undo").click();
    harness.run_ok();
    assert!(says(&harness, "· saved"));
    harness.get_by_label("Redo").click();
    harness.run_ok();
    assert!(says(&harness, "· not saved"));
}

#[test]
fn arrows_walk_the_list_that_was_clicked() {
    for tab in ["Findings", "Questions"] {
        let mut harness = window((1280.0, 800.0), 1.0);
        let (first, second) = {
            let editor = editor(&mut harness);
            let naive = SAMPLES.iter().find(|it| it.id == "naive").unwrap();
            editor.load_sample(naive);
            let card = editor.layout().cards.keys().next().unwrap().clone();
            editor.select([card]);
            let findings = editor.findings().map(|it| &it.finding.message).take(2);
            let questions = editor.questions().map(|it| &it.text).take(2);
            let all: Vec<&Text> = if tab == "Findings" { findings.collect() } else { questions.collect() };
            let mut all: Vec<String> = all.iter().map(|it| it.read(editor.model()).into_owned()).collect();
            (all.remove(0), all.remove(0))
        };
        harness.run_ok();
        harness.get_by_label(tab).click();
        harness.run_ok();
        if tab == "Findings" {
            harness.get_by_label("Filter and sort findings").click();
            harness.run_ok();
            harness.get_by_label("Not grouped").click_accesskit();
            harness.run_ok();
            harness.key_press(Key::Escape);
            harness.run_ok();
        }
        let before = editor(&mut harness).model().clone();
        harness.get_by_label(&first).click();
        harness.run_ok();
        assert!(editor(&mut harness).shown.chosen.is_some(), "{tab}: it was clicked");
        harness.key_press(Key::ArrowDown);
        harness.run_ok();
        assert!(harness.get_by_label(&second).is_focused(), "{tab}");
        // The pointer rests on the first one still, and the keys lead now.
        let lit = |harness: &mut Harness<'static, Option<Window>>| {
            let editor = editor(harness);
            let key = editor.shown.hovered.clone().unwrap_or_default();
            let finding = editor.report().finding(&key).map(|it| &it.message);
            let text = finding.or_else(|| editor.report().question(&key).map(|it| &it.text));
            text.map(|it| it.read(editor.model()).into_owned())
        };
        assert_eq!(lit(&mut harness).as_ref(), Some(&second), "{tab}");
        harness.get_by_label(&first).hover();
        harness.run_ok();
        assert_eq!(lit(&mut harness).as_ref(), Some(&first), "{tab}");
        assert!(*editor(&mut harness).model() == before, "{tab}: nothing was moved");
        harness.key_press(Key::ArrowUp);
        harness.run_ok();
        assert!(harness.get_by_label(&first).is_focused(), "{tab}");
        // Esc leads back to the drawing.
        harness.key_press(Key::Escape);
        harness.run_ok();
        harness.key_press(Key::ArrowDown);
        harness.run_ok();
        assert!(*editor(&mut harness).model() != before, "{tab}: what is selected is moved");
    }
}

#[test]
fn shortcuts_run_commands() {
    let mut harness = window((1280.0, 800.0), 1.0);
    harness.key_press(Key::H);
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.tool, Tool::Hand);
    editor(&mut harness).add_component("web-server", Pos::ZERO);
    let full = editor(&mut harness).model().components().len();
    harness.key_press_modifiers(command(), Key::Z);
    harness.run_ok();
    assert_eq!(editor(&mut harness).model().components().len(), full - 1);
    harness.key_press_modifiers(command(), Key::S);
    harness.run_ok();
    assert!(matches!(editor(&mut harness).take_effects().last(), Some(Effect::SaveDialog { .. })));
}

#[test]
fn every_tool_and_command_of_the_bar_is_there_by_name() {
    let harness = window((1280.0, 800.0), 1.0);
    for label in
        ["Menu", "Select", "Move the view", "Draw a boundary", "Draw a flow", "Undo", "Redo", "Export"]
    {
        assert!(harness.query_all_by_label(label).next().is_some(), "{label}");
    }
}

#[test]
fn the_command_palette_finds_and_runs() {
    let mut harness = window((1280.0, 800.0), 1.0);
    harness.key_press_modifiers(command(), Key::K);
    harness.run_ok();
    harness.get_by_label("Find a command").type_text("theme light");
    harness.run_ok();
    harness.key_press(Key::Enter);
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.modal, None);
    assert_eq!(editor(&mut harness).shown.theme, Some(Theme::Light));
}

#[test]
fn the_gallery_opens_a_sample_and_asks_about_unsaved_changes() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let last = SAMPLES.last().unwrap();
    editor(&mut harness).add_component("web-server", Pos::ZERO);
    editor(&mut harness).run("file.gallery");
    harness.run_ok();
    picture(&mut harness, "gallery");
    for sample in SAMPLES {
        let card = harness.query_by_role_and_label(Role::Button, sample.label);
        assert!(card.is_some(), "{}", sample.label);
    }
    harness.get_by_role_and_label(Role::Button, last.label).click_accesskit();
    harness.run_ok();
    let asked = Some(Modal::Unsaved(AfterUnsaved::Sample(last.id.to_owned())));
    assert_eq!(editor(&mut harness).shown.modal, asked);
    picture(&mut harness, "unsaved");
    harness.get_by_label("Don’t save").click();
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.modal, None);
    assert!(editor(&mut harness).document.is_saved());
}

#[test]
fn a_verdict_is_given_from_the_keyboard() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).load_sample(SAMPLES.last().unwrap());
    let key = editor(&mut harness).report().findings[0].key.clone();
    editor(&mut harness).shown.modal = Some(Modal::Verdict(key.clone()));
    harness.run_ok();
    let reason = harness.get_by_role_and_label(Role::MultilineTextInput, "Reason");
    assert!(reason.is_focused(), "one can type at once");
    reason.type_text("Moves in spring");
    harness.run_ok();
    // Without a name there is no verdict.
    harness.key_press_modifiers(command(), Key::Enter);
    harness.run_ok();
    assert!(editor(&mut harness).verdict(&key).is_none());
    let name = harness.get_by_role_and_label(Role::TextInput, "Name");
    assert!(name.is_focused(), "what is missing has the focus");
    name.type_text("Ada");
    harness.run_ok();
    picture(&mut harness, "verdict");
    harness.key_press_modifiers(command(), Key::Enter);
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.modal, None);
    let verdict = editor(&mut harness).verdict(&key).cloned().unwrap();
    assert_eq!((verdict.reason.as_str(), verdict.who.as_str()), ("Moves in spring", "Ada"));
}

#[test]
fn a_threat_is_added_by_hand_and_stands_beside_what_is_found() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let balancer = Id::slug("a-lb");
    let first = editor(&mut harness).model().components().keys().next().unwrap().clone();
    let about = if editor(&mut harness).model().has(&balancer) { balancer } else { first };
    editor(&mut harness).select([about.clone()]);
    harness.key_press_modifiers(Modifiers { shift: true, ..command() }, Key::T);
    harness.run_ok();
    let title = harness.get_by_role_and_label(Role::TextInput, "Threat");
    assert!(title.is_focused(), "one can type at once");
    title.type_text("A bribed operator");
    harness.run_ok();
    harness.get_by_label("Elevation of privilege").click();
    harness.run_ok();
    harness.get_by_label("High").click();
    harness.run_ok();
    picture(&mut harness, "threat");
    harness.key_press_modifiers(command(), Key::Enter);
    harness.run_ok();
    // It is open where it stands.
    harness.get_by_label("A bribed operator");
    let threats = editor(&mut harness).model().threats().clone();
    let (id, threat) = threats.iter().next().unwrap();
    assert_eq!((&threat.subjects[..], threat.severity), (&[about][..], Severity::High));
    harness.get_by_label("Edit…").click();
    harness.run_ok();
    harness.get_by_label("Delete").click();
    harness.run_ok();
    assert!(!editor(&mut harness).model().has(id));
    assert!(harness.query_by_label("A bribed operator").is_none());
}

fn click_at(harness: &mut Harness<'static, Option<Window>>, pos: egui::Pos2) {
    harness.event(egui::Event::PointerMoved(pos));
    for pressed in [true, false] {
        let (button, modifiers) = (egui::PointerButton::Primary, Modifiers::NONE);
        harness.event(egui::Event::PointerButton { pos, button, pressed, modifiers });
        harness.run_ok();
    }
}

#[test]
fn a_click_beside_a_dialog_loses_nothing_that_was_typed_and_esc_keeps_it() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).load_sample(SAMPLES.last().unwrap());
    let key = editor(&mut harness).report().findings[0].key.clone();
    let title = |harness: &Harness<'static, Option<Window>>, name: &str, role| {
        harness.get_by_role_and_label(role, name).accesskit_node().value().unwrap_or_default()
    };
    for (modal, name, role) in [
        (Modal::Threat(None), "Threat", Role::TextInput),
        (Modal::Verdict(key), "Reason", Role::MultilineTextInput),
    ] {
        editor(&mut harness).shown.modal = Some(modal.clone());
        harness.run_ok();
        assert!(harness.query_by_label("Start anew").is_none());
        harness.get_by_role_and_label(role, name).type_text("A bribed operator");
        harness.run_ok();
        click_at(&mut harness, egui::pos2(20.0, 400.0));
        assert_eq!(editor(&mut harness).shown.modal.as_ref(), Some(&modal), "a slip closes nothing");
        assert_eq!(title(&harness, name, role), "A bribed operator");
        for way in ["Esc", "cross"] {
            match way {
                "Esc" => harness.key_press(Key::Escape),
                _ => harness.get_by_label("Close").click(),
            }
            harness.run_ok();
            assert_eq!(editor(&mut harness).shown.modal, None, "{way}");
            harness.run_steps(3);
            editor(&mut harness).shown.modal = Some(modal.clone());
            harness.run_ok();
            assert_eq!(title(&harness, name, role), "A bribed operator", "{way} keeps what was typed");
        }
        harness.get_by_label("Start anew").click();
        harness.run_ok();
        assert_eq!(title(&harness, name, role), "");
        assert!(harness.query_by_label("Start anew").is_none());
        harness.get_by_label("Cancel").click();
        harness.run_ok();
        assert_eq!(editor(&mut harness).shown.modal, None);
    }
    // Other dialogs, in which nothing is typed, still close so.
    editor(&mut harness).shown.modal = Some(Modal::About);
    harness.run_ok();
    click_at(&mut harness, egui::pos2(20.0, 400.0));
    assert_eq!(editor(&mut harness).shown.modal, None);
}

#[test]
fn every_cell_of_the_coverage_leads_to_what_was_found() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).load_sample(SAMPLES.last().unwrap());
    editor(&mut harness).run("view.coverage");
    harness.run_ok();
    picture(&mut harness, "coverage");
    let exposed = "Load balancer, Elevation of privilege: SSH is exposed to the internet";
    harness.get_by_label(exposed).click();
    harness.run_ok();
    let shown = &editor(&mut harness).shown;
    assert_eq!(shown.modal, None);
    assert!(
        shown.chosen.as_ref().is_some_and(|it| it.starts_with("exposed-admin-port")),
        "{:?}",
        shown.chosen
    );
}

#[test]
fn a_fix_under_the_pointer_is_shown_and_weighed_before_it_is_applied() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).load_sample(SAMPLES.last().unwrap());
    harness.run_ok();
    let before = editor(&mut harness).model().clone();
    harness.get_by_label("Add a replica of Orders that takes over").hover();
    // The tooltip waits a while.
    harness.run_steps(40);
    picture(&mut harness, "fix-previewed");
    let preview = editor(&mut harness).preview().unwrap();
    assert!(!preview.new.is_empty() && preview.difference.is_some());
    assert_eq!(*editor(&mut harness).model(), before);
    harness.hover_at(egui::pos2(600.0, 700.0));
    harness.run_ok();
    assert!(editor(&mut harness).preview().is_none());
}

#[test]
fn what_a_fix_adds_comes_into_view_when_it_is_applied_and_not_before() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).load_sample(SAMPLES.last().unwrap());
    harness.run_ok();
    let fix = "Add a replica of Orders that takes over";
    let before = editor(&mut harness).model().components().clone();
    // As near as it gets to what is farthest from it.
    let layout = editor(&mut harness).layout();
    let place = |it: &Id| layout.cards.get(it).map(|it| it.rect.centre());
    let orders = before.keys().find(|it| before[*it].name == "Orders").unwrap().clone();
    let from = place(&orders).unwrap();
    let distance = |it: &&Id| place(it).map_or(0.0, |it| (it.x - from.x).hypot(it.y - from.y));
    let far = before.keys().max_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap().clone();
    let name = format!("{}, ", before[&far].name);
    editor(&mut harness).select([far]);
    editor(&mut harness).run("view.fit-selection");
    harness.run_steps(40);
    let canvas = egui::Rect::from_min_max(egui::pos2(240.0, 44.0), egui::pos2(900.0, 770.0));
    let seen = |harness: &Harness<'static, Option<Window>>, name: &str| {
        let all: Vec<egui::Rect> = harness.query_all_by_label_contains(name).map(|it| it.rect()).collect();
        all.into_iter().find(|it| canvas.contains(it.center()))
    };
    assert!(seen(&harness, "Orders, ").is_none());
    let stood = seen(&harness, &name).unwrap();
    harness.get_by_label(fix).hover();
    harness.run_steps(40);
    assert!(editor(&mut harness).preview().is_some());
    assert_eq!(seen(&harness, &name), Some(stood), "to look moves nothing");
    harness.get_by_label(fix).click();
    harness.run_steps(40);
    let after = editor(&mut harness).model().components().clone();
    let added = after.keys().find(|it| !before.contains_key(*it)).unwrap();
    assert!(seen(&harness, &format!("{}, ", after[added].name)).is_some());
    assert!(seen(&harness, "Orders, ").is_some(), "and what it is about");
    picture(&mut harness, "fix-in-view");
}

#[test]
fn the_levels_of_a_document_are_set_in_its_table() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).load_sample(SAMPLES.last().unwrap());
    let critical = |harness: &mut Harness<'static, Option<Window>>| {
        let found = &editor(harness).report().findings;
        found.iter().filter(|it| it.severity == Severity::Critical).count()
    };
    assert!(critical(&mut harness) > 0);
    editor(&mut harness).run("edit.levels");
    harness.run_ok();
    picture(&mut harness, "levels");
    harness.get_by_label("Grave, anyone reaches it").click();
    harness.run_ok();
    harness.get_by_role_and_label(Role::Button, "Low").click();
    harness.run_ok();
    assert_eq!(editor(&mut harness).model().the_brief().levels.grave[0], Severity::Low);
    assert_eq!(critical(&mut harness), 0);
    harness.get_by_label("Reset to the usual levels").click();
    harness.run_ok();
    assert!(critical(&mut harness) > 0);
}

#[test]
fn escape_and_the_cross_close_a_dialog() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).run("help.shortcuts");
    harness.run_ok();
    harness.key_press(Key::Escape);
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.modal, None);
    editor(&mut harness).run("help.about");
    harness.run_ok();
    harness.get_by_label("Close").click();
    harness.run_ok();
    assert_eq!(editor(&mut harness).shown.modal, None);
}

#[test]
fn a_path_is_typed_to_open_and_to_save() {
    let mut harness = window((1280.0, 800.0), 1.0);
    editor(&mut harness).run("file.open-path");
    harness.run_ok();
    harness.get_by_label("Path").type_text("/tmp/shop.parapet.ron");
    harness.run_ok();
    harness.get_by_label("Open").click();
    harness.run_ok();
    let effects = editor(&mut harness).take_effects();
    assert!(
        matches!(effects.last(), Some(Effect::OpenPath(path)) if path == "/tmp/shop.parapet.ron"),
        "{effects:?}"
    );
}

#[test]
fn what_went_wrong_has_the_whole_bar() {
    const COUNTS: &str = "26 components · 27 flows · 6 boundaries";
    let mut harness = window((1280.0, 800.0), 1.0);
    harness.get_by_label(COUNTS);
    let before = editor(&mut harness).model().clone();
    let name = "truncated.parapet.ron".to_owned();
    let bytes = SAMPLES[0].text.as_bytes()[..4000].to_vec();
    editor(&mut harness).handle(Event::Opened { name, path: None, bytes });
    harness.run_ok();
    harness.get_by_label_contains("truncated.parapet.ron was not opened: line ");
    assert!(harness.query_by_label(COUNTS).is_none());
    assert!(harness.query_by_label_contains("analysed in").is_none());
    picture(&mut harness, "bad-file");
    assert_eq!(*editor(&mut harness).model(), before);
    harness.get_by_label("Dismiss").click();
    harness.run_ok();
    harness.get_by_label(COUNTS);
}

#[test]
fn pictures_of_the_window() {
    for (name, theme) in [("dark", Theme::Dark), ("light", Theme::Light), ("contrast", Theme::HighContrast)] {
        let mut harness = window((1600.0, 1000.0), 1.0);
        editor(&mut harness).shown.theme = Some(theme);
        harness.run_ok();
        picture(&mut harness, &format!("window-{name}"));
    }
    let mut harness = window((1280.0, 800.0), 2.0);
    picture(&mut harness, "window-small-double");
}

#[test]
fn panels_make_way_in_a_small_window_and_fold_by_button_and_key() {
    let mut harness = window((900.0, 600.0), 1.0);
    let shown = |harness: &Harness<'static, Option<Window>>| {
        ["Outline", "Inspector"].map(|it| harness.query_by_label(it).is_some())
    };
    assert_eq!(shown(&harness), [false, true]);
    picture(&mut harness, "window-900");
    harness.get_by_label("Panel on the left").click();
    harness.run_ok();
    assert_eq!(shown(&harness), [true, false], "there is no room for both");
    harness.get_by_label("Panel on the right").click();
    harness.run_ok();
    assert_eq!(shown(&harness), [false, true]);
    harness.set_size(vec2(1280.0, 800.0));
    harness.run_ok();
    assert_eq!(shown(&harness), [true, true], "it made way only for as long as there was no room");
    harness.key_press_modifiers(command(), Key::Backslash);
    harness.run_ok();
    assert_eq!(shown(&harness), [false, false]);
    picture(&mut harness, "window-without-panels");
    harness.key_press(Key::Slash);
    harness.run_ok();
    assert_eq!(shown(&harness), [true, false], "who looks for something to draw sees the palette");
    editor(&mut harness).run("view.findings");
    harness.run_ok();
    assert_eq!(shown(&harness), [true, true]);
}

#[test]
fn what_is_drawn_stays_where_it_is_when_a_panel_folds_or_opens() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let card = {
        let editor = editor(&mut harness);
        let layout = editor.layout();
        let middle = layout.bounds().unwrap().centre();
        let distance = |id: &Id| layout.cards[id].rect.centre().distance(middle);
        let nearest = layout.cards.keys().min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap();
        editor.element_in_words(nearest)
    };
    let at = |harness: &Harness<'static, Option<Window>>| harness.get_by_label_contains(&card).rect();
    let before = at(&harness);
    for button in ["Panel on the left", "Panel on the right", "Panel on the left", "Panel on the right"] {
        harness.get_by_label(button).click();
        // At once, and not on the way.
        harness.run_steps(2);
        assert!(at(&harness).min.distance(before.min) < 0.5, "{button}: {before} {}", at(&harness));
        harness.run_ok();
        assert!(at(&harness).min.distance(before.min) < 0.5, "{button}: {before} {}", at(&harness));
    }
    // As nobody has moved the view, it still follows the window.
    harness.set_size(vec2(1600.0, 1000.0));
    harness.run_ok();
    assert!(at(&harness).width() > before.width());
}

#[test]
fn a_dialog_lies_over_tooltips() {
    let mut harness = window((1280.0, 800.0), 1.0);
    let help = "User: ";
    assert!(harness.query_by_label_contains(help).is_none());
    harness.get_by_label("User").hover();
    harness.run_steps(60);
    assert!(harness.query_by_label_contains(help).is_some(), "else this shows nothing");
    harness.key_press_modifiers(command(), Key::K);
    harness.run_ok();
    harness.run_steps(2);
    assert!(harness.query_by_label_contains(help).is_none());
}
