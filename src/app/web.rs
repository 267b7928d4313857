//! The page around the application: how it starts, and what it says to screen readers and on leaving.

use std::cell::RefCell;
use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};

use wasm_bindgen::closure::Closure;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{BeforeUnloadEvent, Document, HtmlCanvasElement, HtmlElement, KeyboardEvent, MediaQueryList};

use super::App;
use crate::editor::{COMMANDS, Editor, Key, Keymap, LayoutTask, Shortcut, places_to_post};

/// The ids of web/index.html.
const CANVAS: &str = "parapet";
const SUMMARY: &str = "parapet-summary";
const SAID: &str = "parapet-said";
const NOTE: &str = "parapet-note";
const NOTE_TEXT: &str = "parapet-note-text";

/// How often what is told may change, in seconds: a screen reader must be able to follow.
const SUMMARY_EVERY: f64 = 0.5;

/// Whether leaving the page would lose something.
static IS_UNSAVED: AtomicBool = AtomicBool::new(false);

thread_local! {
    /// The shortcuts that the browser is not to take.
    static OURS: RefCell<Vec<Shortcut>> = RefCell::new(ours(&Keymap::default()));
}

/// The shortcuts of all commands that are held with something. Cut and copy come by events that the browser must send.
fn ours(keymap: &Keymap) -> Vec<Shortcut> {
    let commands = COMMANDS.iter().filter(|it| !matches!(it.id, "edit.copy" | "edit.cut"));
    commands.flat_map(|it| keymap.of(it)).filter(|it| it.cmd || it.alt).collect()
}

/// Starts the application in the page's canvas.
#[wasm_bindgen(start)]
pub fn start() {
    // A worker has no page: it waits for what it is asked.
    if web_sys::window().is_none() {
        return;
    }
    let runner = eframe::WebRunner::new();
    say_when_it_crashes();
    ask_before_leaving();
    keep_our_keys();
    wasm_bindgen_futures::spawn_local(async move {
        let Some(canvas) = element(CANVAS).and_then(|it| it.dyn_into::<HtmlCanvasElement>().ok()) else {
            note("Parapet did not start: the page has no canvas for it.");
            return;
        };
        let create: eframe::AppCreator<'static> = Box::new(|creation| Ok(Box::new(App::new(creation, None))));
        match runner.start(canvas, eframe::WebOptions::default(), create).await {
            Ok(()) => hide_note(),
            Err(error) => note(&format!("Parapet did not start: {}", text(&error))),
        }
    });
}

/// Makes a layout in a worker: see `web/layout.js`. None for what is no task.
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "JavaScript hands it over")]
pub fn lay_out(post: Vec<String>) -> Option<Vec<String>> {
    Some(places_to_post(&LayoutTask::of_post(&post)?.run()))
}

/// What the page was told last.
pub(super) struct Page {
    summary: String,
    said: String,
    /// What was found on the drawing.
    found: String,
    /// The row of the outline that has the keyboard.
    row: String,
    notice: u64,
    /// The layout that was proposed last.
    proposal: Option<u64>,
    /// When it was told, in seconds.
    told: f64,
    keymap: Keymap,
    /// Whether the system asks for little motion; it goes on knowing.
    motion: Option<MediaQueryList>,
}

impl Default for Page {
    fn default() -> Self {
        let asked = |it: web_sys::Window| it.match_media("(prefers-reduced-motion: reduce)").ok().flatten();
        Self {
            summary: String::new(),
            said: String::new(),
            found: String::new(),
            row: String::new(),
            notice: 0,
            proposal: None,
            told: 0.0,
            keymap: Keymap::default(),
            motion: web_sys::window().and_then(asked),
        }
    }
}

impl Page {
    /// Whether the system asks for little motion now.
    pub(super) fn reduces_motion(&self) -> bool {
        self.motion.as_ref().is_some_and(MediaQueryList::matches)
    }

    /// Tells screen readers what there is and what has happened, and the browser whether to ask before the page is left.
    pub(super) fn tell(&mut self, ctx: &egui::Context, editor: &mut Editor) {
        if self.keymap != editor.keymap {
            self.keymap = editor.keymap.clone();
            OURS.replace(ours(&self.keymap));
        }
        IS_UNSAVED.store(!editor.document.is_saved(), Ordering::Relaxed);
        let now = ctx.input(|it| it.time);
        if now - self.told < SUMMARY_EVERY {
            ctx.request_repaint_after_secs((SUMMARY_EVERY - (now - self.told)) as f32);
            return;
        }
        self.told = now;
        let summary = editor.summary();
        if summary != self.summary {
            set_text(SUMMARY, &summary);
            self.summary = summary;
        }
        // On the desktop the bars say these themselves.
        let number = editor.notice().map_or(0, |it| it.number);
        if number != self.notice {
            self.notice = number;
            if let Some(words) = editor.notice_in_words().map(str::to_owned) {
                editor.tell(words);
            }
        }
        let proposal = editor.proposal().map(|it| it.number);
        if proposal != self.proposal {
            self.proposal = proposal;
            if let Some(words) = editor.proposal().map(|it| it.in_words()) {
                editor.tell(format!("Layout proposed: {words}. Enter keeps it, Escape discards it."));
            }
        }
        let found = editor.search_in_words().unwrap_or_default();
        if found != self.found {
            if !found.is_empty() {
                editor.tell(found.clone());
            }
            self.found = found;
        }
        // On the desktop the row that has the focus says it.
        let row = editor.shown.outline_at.as_ref().map(|it| editor.outline_in_words(it)).unwrap_or_default();
        if row != self.row {
            if !row.is_empty() {
                editor.tell(row.clone());
            }
            self.row = row;
        }
        let said = editor.said();
        if said != self.said {
            set_text(SAID, said);
            said.clone_into(&mut self.said);
        }
    }
}

fn document() -> Option<Document> {
    web_sys::window().and_then(|it| it.document())
}

fn element(id: &str) -> Option<HtmlElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

fn set_text(id: &str, text: &str) {
    if let Some(element) = element(id) {
        element.set_text_content(Some(text));
    }
}

/// Covers the page with a text.
fn note(text: &str) {
    set_text(NOTE_TEXT, text);
    if let Some(note) = element(NOTE) {
        note.set_hidden(false);
    }
}

fn hide_note() {
    if let Some(note) = element(NOTE) {
        note.set_hidden(true);
    }
}

fn text(error: &JsValue) -> String {
    let message = error.dyn_ref::<js_sys::Error>().map(|it| String::from(it.message()));
    message.or_else(|| error.as_string()).unwrap_or_else(|| format!("{error:?}"))
}

/// A picture that no longer answers is worse than a word.
fn say_when_it_crashes() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        usual(info);
        note(
            "Parapet has crashed: that is a fault of ours. Load the page again: it offers what was not saved.",
        );
    }));
}

fn ask_before_leaving() {
    let ask = Closure::<dyn Fn(BeforeUnloadEvent)>::new(|event: BeforeUnloadEvent| {
        if IS_UNSAVED.load(Ordering::Relaxed) {
            event.prevent_default();
        }
    });
    if let Some(window) = web_sys::window() {
        window.set_onbeforeunload(Some(ask.as_ref().unchecked_ref()));
        // For as long as the page.
        ask.forget();
    }
}

/// Holds off what the browser itself does at our keys: its search, its bookmarks, its zoom. The toolkit does so for few.
fn keep_our_keys() {
    let keep = Closure::<dyn Fn(KeyboardEvent)>::new(|event: KeyboardEvent| {
        if is_ours(&event) {
            event.prevent_default();
        }
    });
    if let Some(window) = web_sys::window() {
        let call = keep.as_ref().unchecked_ref();
        // Before the canvas, which lets no event through.
        drop(window.add_event_listener_with_callback_and_bool("keydown", call, true));
        // For as long as the page.
        keep.forget();
    }
}

/// Whether a command has this key with Control, Command or Alt, or one by which browsers search.
fn is_ours(event: &KeyboardEvent) -> bool {
    let pressed = event.key().to_lowercase();
    let is_held =
        |it: &Shortcut| it.cmd == (event.ctrl_key() || event.meta_key()) && it.alt == event.alt_key();
    let is_named = |it: &Shortcut, name: &str| it.shift == event.shift_key() && pressed == name;
    let is_meant = |it: &Shortcut| match it.key {
        Key::Char(c) => {
            let fits_shift = it.shift == event.shift_key() || !c.is_alphanumeric();
            fits_shift && pressed == c.to_lowercase().to_string()
        }
        Key::Left => is_named(it, "arrowleft"),
        Key::Right => is_named(it, "arrowright"),
        Key::PageUp => is_named(it, "pageup"),
        Key::PageDown => is_named(it, "pagedown"),
        Key::Home => is_named(it, "home"),
        Key::End => is_named(it, "end"),
        Key::F3 => is_named(it, "f3"),
        _ => false,
    };
    OURS.with_borrow(|ours| ours.iter().any(|it| is_held(it) && is_meant(it)))
}
