//! Journals on a real disk, and a window that is really killed.

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::Receiver;

use egui::{Event as Input, Modifiers, PointerButton};
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable as _;

use super::super::disk::tests::Folder;
use super::*;
use crate::app::Window;
use crate::editor::{Editor, Effect, Membership, Surroundings};
use crate::formats::journal::Recovered;
use crate::scene::Pos;

/// A window's journals in a folder, and what they say.
struct Desk {
    journals: Journals,
    inbox: Receiver<Event>,
}

impl Desk {
    fn in_folder(folder: &Path) -> Self {
        let (outbox, inbox) = Outbox::new(&egui::Context::default());
        Self { journals: Journals::new(Some(folder.to_owned()), outbox), inbox }
    }

    /// Hands over what an editor asks.
    fn take(&self, editor: &mut Editor) {
        for effect in editor.take_effects() {
            if let Effect::Journal(keep) = effect {
                self.journals.keep(keep);
            }
        }
    }

    fn lost(&self) -> Vec<Lost> {
        self.journals.keep(Keep::Look);
        loop {
            if let Event::Lost(found) = self.inbox.recv().unwrap() {
                return found;
            }
        }
    }

    fn restored(&self, id: &str) -> Result<Recovered, String> {
        self.journals.keep(Keep::Restore(id.to_owned()));
        loop {
            match self.inbox.recv().unwrap() {
                Event::Restored { bytes, .. } => return Ok(journal::read(&bytes).unwrap()),
                Event::RestoreFailed { message } => return Err(message),
                _ => {}
            }
        }
    }

    /// Ends as a window does that is killed: what it kept stays.
    fn end(mut self) {
        self.journals.end();
    }
}

/// An editor with so many steps.
fn worked(steps: usize) -> Editor {
    let mut editor = Editor::new(Surroundings::fixed());
    for n in 0..steps {
        editor.add_component("web-server", Pos::new(n as f32 * 240.0, 0.0));
    }
    editor
}

#[test]
fn what_a_window_left_is_found_and_gone_on_with() {
    let folder = Folder::new("journals");
    let mut first = worked(3);
    let window = Desk::in_folder(&folder.0);
    window.take(&mut first);
    window.end();
    // The next window finds it, and nothing else.
    fs::write(folder.0.join("notes.txt"), b"mine").unwrap();
    let window = Desk::in_folder(&folder.0);
    let lost = window.lost();
    assert_eq!((lost.len(), lost[0].steps, lost[0].title.as_str()), (1, 3, "Untitled"));
    let Recovered { model, whole, .. } = window.restored(&lost[0].id).unwrap();
    assert_eq!(&model, first.model());
    let mut second = Editor::new(Surroundings::fixed());
    let bytes = fs::read(folder.0.join(format!("{}.{ENDING}", lost[0].id))).unwrap();
    assert_eq!(bytes.len(), whole);
    second.handle(Event::Restored { id: lost[0].id.clone(), bytes });
    second.add_component("user", Pos::ZERO);
    window.take(&mut second);
    // A third one sees that somebody has it.
    let third = Desk::in_folder(&folder.0);
    assert!(third.lost().is_empty());
    assert!(third.restored(&lost[0].id).unwrap_err().contains("another window has it open"));
    window.end();
    let found = third.lost();
    assert_eq!((found.len(), found[0].steps, &found[0].id), (1, 4, &lost[0].id), "it is the same journal");
    third.journals.keep(Keep::Discard(found[0].id.clone()));
    assert!(third.lost().is_empty());
    assert!(third.restored(&lost[0].id).unwrap_err().contains("it is gone"));
    third.end();
    assert_eq!(folder.names(), ["notes.txt"]);
}

#[test]
fn what_is_saved_or_undone_or_given_up_leaves_nothing() {
    let folder = Folder::new("journals-nothing");
    let window = Desk::in_folder(&folder.0);
    let mut editor = worked(1);
    window.take(&mut editor);
    assert!(window.lost().is_empty(), "our own");
    assert_eq!(folder.names().len(), 1);
    window.journals.keep(Keep::Drop);
    window.lost();
    assert!(folder.names().is_empty());
    // Undone to what was saved, it may stay until somebody looks.
    let mut editor = worked(1);
    editor.undo();
    window.take(&mut editor);
    window.end();
    assert_eq!(folder.names().len(), 1);
    let window = Desk::in_folder(&folder.0);
    assert!(window.lost().is_empty());
    window.end();
    assert!(folder.names().is_empty());
}

#[test]
fn what_is_put_aside_waits() {
    let folder = Folder::new("journals-aside");
    let window = Desk::in_folder(&folder.0);
    window.take(&mut worked(2));
    window.journals.keep(Keep::PutAside);
    window.take(&mut worked(5));
    let mut found: Vec<usize> = window.lost().iter().map(|it| it.steps).collect();
    assert_eq!(found, [2], "the other one is open");
    window.end();
    let window = Desk::in_folder(&folder.0);
    found = window.lost().iter().map(|it| it.steps).collect();
    found.sort_unstable();
    assert_eq!(found, [2, 5]);
    window.end();
}

#[test]
fn what_cannot_be_read_is_told_and_never_lost() {
    let folder = Folder::new("journals-damaged");
    let window = Desk::in_folder(&folder.0);
    window.take(&mut worked(3));
    window.end();
    let path = folder.0.join(&folder.names()[0]);
    let text = fs::read_to_string(&path).unwrap();
    let last = text.rfind("step(").unwrap();
    fs::write(&path, format!("{}nonsense\n{}", &text[..last], &text[last..])).unwrap();
    let foreign = folder.0.join(format!("other.{ENDING}"));
    fs::write(&foreign, b"nonsense").unwrap();
    let window = Desk::in_folder(&folder.0);
    let lost = window.lost();
    assert_eq!(
        lost.iter().filter(|it| !it.is_readable).map(|it| it.id.as_str()).collect::<Vec<_>>(),
        ["other"]
    );
    let lost = lost.into_iter().find(|it| it.is_readable).unwrap();
    assert_eq!((lost.steps, lost.fault.is_some()), (2, true));
    window.restored(&lost.id).unwrap();
    let mut editor = Editor::new(Surroundings::fixed());
    editor.handle(Event::Restored { id: lost.id, bytes: fs::read(&path).unwrap() });
    editor.add_component("user", Pos::ZERO);
    window.take(&mut editor);
    window.end();
    // It goes on in a new one, which fits what is seen; the old one is there as it was.
    let is_new = |it: &String| it.ends_with(ENDING) && !it.starts_with("other.");
    let new: Vec<String> = folder.names().into_iter().filter(is_new).collect();
    assert!(new.len() == 1 && !path.exists(), "{new:?}");
    let again = journal::read(&fs::read(folder.0.join(&new[0])).unwrap()).unwrap();
    assert_eq!((again.fault, &again.model), (None, editor.model()));
    let damaged = fs::read_to_string(path.with_extension(DAMAGED_ENDING)).unwrap();
    assert!(damaged.contains("nonsense") && damaged.ends_with(&text[last..]));
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_once_and_what_waits_is_written_later() {
    let folder = Folder::new("journals-full");
    let (outbox, inbox) = Outbox::new(&egui::Context::default());
    let mut keeper = Keeper::new(Some(folder.0.clone()), outbox);
    let mut editor = worked(2);
    let take = |keeper: &mut Keeper, editor: &mut Editor| {
        for effect in editor.take_effects() {
            if let Effect::Journal(keep) = effect {
                keeper.take(keep);
            }
        }
        keeper.write();
    };
    take(&mut keeper, &mut editor);
    let Some(Current { path, file, length, .. }) = keeper.kept.current.take() else {
        panic!("nothing is kept")
    };
    // The device that has no room for a single byte.
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    keeper.kept.current = Some(Current { path: path.clone(), file: full, length: 0, has_rest: false });
    for n in 0..3 {
        editor.add_component("user", Pos::new(n as f32 * 240.0, 240.0));
        take(&mut keeper, &mut editor);
    }
    let said: Vec<Event> = inbox.try_iter().collect();
    let [Event::KeepFailed { message }] = &said[..] else { panic!("{said:?}") };
    assert!(message.contains("not kept against a crash: the disk is full; make room"), "{message}");
    assert_eq!((keeper.kept.waiting.len(), fs::metadata(&path).unwrap().len()), (3, length));
    // There is room again, and half a line from before.
    fs::write(&path, [&fs::read(&path).unwrap()[..], b"step(turn:do"].concat()).unwrap();
    keeper.kept.current = Some(Current { path: path.clone(), file, length, has_rest: true });
    keeper.write();
    let read = journal::read(&fs::read(&path).unwrap()).unwrap();
    assert_eq!((&read.model, read.unsaved, keeper.kept.waiting.len()), (editor.model(), 5, 0));
}

#[test]
fn what_is_put_aside_while_nothing_can_be_written_is_written_later() {
    let folder = Folder::new("journals-blocked");
    // A file where the folder should be: nothing can be begun.
    let journals = folder.0.join("journals");
    fs::write(&journals, b"").unwrap();
    let (outbox, inbox) = Outbox::new(&egui::Context::default());
    let mut keeper = Keeper::new(Some(journals.clone()), outbox);
    let take = |keeper: &mut Keeper, editor: &mut Editor| {
        for effect in editor.take_effects() {
            if let Effect::Journal(keep) = effect {
                keeper.take(keep);
            }
        }
        keeper.write();
    };
    take(&mut keeper, &mut worked(2));
    keeper.take(Keep::PutAside);
    take(&mut keeper, &mut worked(4));
    let told = inbox.try_iter().filter(|it| matches!(it, Event::KeepFailed { .. })).count();
    assert_eq!((told, keeper.aside.len()), (1, 1));
    fs::remove_file(&journals).unwrap();
    keeper.write();
    let steps = |name: &str| journal::read(&fs::read(journals.join(name)).unwrap()).unwrap().unsaved;
    let names = fs::read_dir(&journals).unwrap().map(|it| it.unwrap().file_name());
    let mut found: Vec<usize> = names.map(|it| steps(it.to_str().unwrap())).collect();
    found.sort_unstable();
    assert_eq!((found, keeper.aside.len()), (vec![2, 4], 0));
}

#[test]
fn a_fault_of_ours_is_told_too() {
    let (outbox, inbox) = Outbox::new(&egui::Context::default());
    let mut journals = Journals::new(None, outbox);
    // As if its thread had ended.
    journals.orders = Some(mpsc::channel().0);
    journals.keep(Keep::Look);
    let Ok(Event::KeepFailed { message }) = inbox.recv() else { panic!("it is not said") };
    assert!(message.contains("a fault of ours"), "{message}");
}

#[test]
fn without_a_folder_it_is_said_when_there_is_something_to_lose() {
    let (outbox, inbox) = Outbox::new(&egui::Context::default());
    let mut journals = Journals::new(None, outbox);
    journals.keep(Keep::Look);
    assert!(matches!(inbox.recv(), Ok(Event::Lost(found)) if found.is_empty()));
    let mut editor = worked(1);
    for effect in editor.take_effects() {
        if let Effect::Journal(keep) = effect {
            journals.keep(keep);
        }
    }
    let Ok(Event::KeepFailed { message }) = inbox.recv() else { panic!("it is not said") };
    assert!(message.contains("no folder for data"), "{message}");
    journals.end();
}

/// Set in the process that is to be killed: where it keeps its journal.
const CHILD: &str = "PARAPET_TEST_JOURNALS";

/// What it says when it has begun.
const READY: &str = "it can be killed now";

/// This very program, running one test alone in a process of its own, until it says that it can be killed.
fn child(test: &str, folder: &Path) -> Child {
    let name = format!("app::platform::journal::tests::{test}");
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", &name, "--nocapture"])
        .env(CHILD, folder)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(
        lines.map_while(Result::ok).any(|it| it.contains(READY)),
        "the other process ended before its time"
    );
    child
}

fn journals_in(folder: &Folder) -> Vec<String> {
    folder.names().into_iter().filter(|it| it.ends_with(ENDING)).collect()
}

/// What a killed process left.
fn left(folder: &Folder) -> Recovered {
    assert_eq!(journals_in(folder).len(), 1);
    let window = Desk::in_folder(&folder.0);
    let lost = window.lost();
    assert_eq!(lost.len(), 1, "its lock went with it");
    let read = window.restored(&lost[0].id).unwrap();
    window.end();
    read
}

#[expect(clippy::print_stdout, reason = "how the process that is killed talks to the one that kills it")]
fn say_ready() {
    println!("{READY}");
}

#[test]
fn a_kill_amid_writes_loses_at_most_the_last_step() {
    if let Some(folder) = std::env::var_os(CHILD) {
        // Moves one card to and fro without an end, as fast as it can; where it is counts the steps.
        let window = Desk::in_folder(Path::new(&folder));
        let mut editor = Editor::new(Surroundings::fixed());
        let id = editor.add_component("web-server", Pos::ZERO);
        for n in 0..100_000 {
            editor.move_by(&BTreeSet::from([id.clone()]), Pos::new(8.0, 0.0), &Membership::Keep);
            window.take(&mut editor);
            if n == 50 {
                // Something is on the disk; it goes on while the signal is on its way.
                window.lost();
                say_ready();
            }
        }
        panic!("nobody has killed it");
    }
    let folder = Folder::new("killed");
    let mut child = child("a_kill_amid_writes_loses_at_most_the_last_step", &folder.0);
    // The signal that no program can catch.
    child.kill().unwrap();
    child.wait().unwrap();
    let bytes = fs::read(folder.0.join(&journals_in(&folder)[0])).unwrap();
    let written = bytes.split(|it| *it == b'\n').filter(|it| it.starts_with(b"step(")).count();
    let read = left(&folder);
    assert_eq!(read.fault, None);
    assert!(read.unsaved > 0 && read.unsaved + 1 >= written, "{} of {written}", read.unsaved);
    // All of them in order: each moved it on by as much.
    let place = read.model.places().values().next().unwrap();
    let first = worked(1).model().places().values().next().unwrap().x.get();
    assert_eq!(place.x.get() - first, 8.0 * (read.unsaved as f64 - 1.0));
}

#[test]
fn a_kill_in_the_middle_of_a_drag_loses_that_drag_alone() {
    let moved = |editor: &Editor| {
        let place = editor.model().places().values().next().unwrap();
        (place.x.get(), place.y.get())
    };
    let name = "Web under way";
    if let Some(folder) = std::env::var_os(CHILD) {
        let kept = Desk::in_folder(Path::new(&folder));
        let mut harness = Harness::builder().with_size(egui::vec2(1280.0, 800.0)).build_ui_state(
            |ui, state: &mut Option<Window>| {
                let window = state.get_or_insert_with(|| {
                    let mut editor = Editor::new(Surroundings::fixed());
                    let id = editor.add_component("web-server", Pos::ZERO);
                    editor.rename(&id, name);
                    editor.clear_selection();
                    Window::new(ui.ctx(), editor)
                });
                window.ui(ui);
            },
            None,
        );
        harness.run_ok();
        let from = harness
            .get_all_by_label_contains(name)
            .map(|it| it.rect())
            .max_by(|a, b| a.left().total_cmp(&b.left()));
        let from = from.unwrap().center();
        harness.event(Input::PointerMoved(from));
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        harness.event(Input::PointerButton { pos: from, button, pressed: true, modifiers });
        let before = moved(&harness.state().as_ref().unwrap().editor);
        // The button is held, and the card follows the pointer until the end.
        for n in 0..100_000 {
            harness
                .event(Input::PointerMoved(from + egui::vec2(4.0 * (n % 40) as f32, 3.0 * (n % 40) as f32)));
            harness.step();
            let editor = &mut harness.state_mut().as_mut().unwrap().editor;
            kept.take(editor);
            assert_eq!(moved(editor), before, "a gesture that goes on changes nothing");
            if n == 20 {
                assert!(editor.selected_one().is_some(), "the card was not even touched");
                // All before it is on the disk.
                kept.lost();
                say_ready();
            }
        }
        panic!("nobody has killed it");
    }
    let folder = Folder::new("killed-drag");
    let mut child = child("a_kill_in_the_middle_of_a_drag_loses_that_drag_alone", &folder.0);
    child.kill().unwrap();
    child.wait().unwrap();
    let mut expected = worked(1);
    let id = expected.model().components().keys().next().unwrap().clone();
    expected.rename(&id, name);
    let read = left(&folder);
    assert_eq!((read.fault, read.unsaved, &read.model), (None, 2, expected.model()));
}
