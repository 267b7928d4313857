//! The browser: its file dialog, downloads, timers, and its own drawing of SVGs.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use egui::DroppedFileHandle;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, BlobPropertyBag, CanvasRenderingContext2d, Document, File, HtmlAnchorElement, HtmlCanvasElement,
    HtmlImageElement, HtmlInputElement, Url, Window,
};

use super::Outbox;
use super::web_journal::Journals;
use super::web_layouts::Layouts;
use crate::editor::{
    Dialog, Effect, Event, Exported, IconReader, Keep, MAX_ICON_FILES, Slices, Surroundings, Ticket,
};
use crate::model::{self, Ids, Model, ended};
use crate::tokens::Face;

/// The derivation that is under way, with its generation.
type UnderWay = Rc<RefCell<Option<(u64, Slices)>>>;

/// How long the derivation goes on between two frames, in milliseconds.
const SLICE_MS: f64 = 6.0;

/// How long a download's bytes are kept for the browser to fetch, in milliseconds.
const KEPT_MS: i32 = 60_000;

/// Performs effects in a page. Nothing blocks: what takes long goes on between the frames.
pub(in crate::app) struct Platform {
    outbox: Outbox,
    inbox: Receiver<Event>,
    derivation: UnderWay,
    journals: Journals,
    layouts: Layouts,
}

impl Platform {
    pub(in crate::app) fn new(ctx: &egui::Context) -> Self {
        let (outbox, inbox) = Outbox::new(ctx);
        let journals = Journals::new(outbox.clone());
        journals.keep(Keep::Look);
        let layouts = Layouts::new(outbox.clone());
        Self { outbox, inbox, derivation: Rc::default(), journals, layouts }
    }

    /// What happened since the last call.
    pub(in crate::app) fn events(&self) -> Vec<Event> {
        self.inbox.try_iter().collect()
    }

    /// Performs an effect. A save is a download: the browser asks where to, or has its own folder for them.
    pub(in crate::app) fn perform(&self, effect: Effect, _: &eframe::Frame) {
        match effect {
            Effect::OpenDialog => self.open(),
            Effect::OpenPath(path) => {
                self.fail_to_open(&format!("{path} was not opened: a page has no paths."));
            }
            Effect::PackDialog => self.ask_for_packs(),
            Effect::ReadPacks(path) => {
                let message =
                    format!("{path} was not read: a page has no paths. Choose a file, or drop it here.");
                self.outbox.send(Event::PacksFailed { messages: vec![message], read: Vec::new() });
            }
            Effect::IconDialog => self.ask_for_icons(),
            Effect::ReadIcons(asked) => {
                let message =
                    format!("{asked} was not read: a page has no paths. Choose SVGs, or drop them here.");
                self.outbox.send(Event::IconsFailed { asked, message });
            }
            Effect::SaveDialog { name, document, ticket }
            | Effect::Save { path: name, document, ticket, .. } => {
                self.save(name, &document, ticket);
            }
            Effect::Journal(keep) => self.journals.keep(keep),
            Effect::Export { name, what, remark } | Effect::ExportTo { path: name, what, remark } => {
                self.export(name, what, remark);
            }
            Effect::Derive { generation, model } => self.derive(generation, model),
            Effect::LayOut { generation, task } => self.layouts.make(generation, task),
            Effect::GiveUpLayout => self.layouts.give_up(),
            Effect::Discard(it) => later(0, move || drop(it)),
            // The window's own.
            Effect::Copy(_) | Effect::Paste | Effect::Quit => {}
        }
    }

    /// Reads a file that was dropped on the page.
    pub(in crate::app) fn open_dropped(&self, file: &DroppedFileHandle) {
        match file.web_file() {
            Some(file) => spawn_local(read(file.clone(), self.outbox.clone())),
            None => self.fail_to_open("The browser did not hand out the file."),
        }
    }

    fn open(&self) {
        let taken = |files: Vec<File>, outbox: Outbox| {
            files.into_iter().take(1).for_each(|it| spawn_local(read(it, outbox.clone())));
        };
        if choose_files(&self.outbox, Dialog::Open, ".ron,.txt", taken).is_err() {
            self.fail_to_open("The browser did not show its dialog.");
        }
    }

    fn ask_for_packs(&self) {
        let taken = |files: Vec<File>, outbox: Outbox| spawn_local(read_packs(files, outbox));
        if choose_files(&self.outbox, Dialog::Packs, ".ron,.tb7", taken).is_err() {
            let message = "The browser did not show its dialog. Drop the file here.".to_owned();
            self.outbox.send(Event::PacksFailed { messages: vec![message], read: Vec::new() });
        }
    }

    /// Reads SVGs that were dropped on the page together.
    pub(in crate::app) fn read_dropped_icons(&self, files: &[DroppedFileHandle]) {
        let files = files.iter().filter_map(|it| it.web_file().cloned()).collect();
        spawn_local(read_icons(files, self.outbox.clone()));
    }

    fn ask_for_icons(&self) {
        let taken = |files: Vec<File>, outbox: Outbox| spawn_local(read_icons(files, outbox));
        if choose_files(&self.outbox, Dialog::Icons, ".svg", taken).is_err() {
            let message = "The browser did not show its dialog. Drop the SVGs here.".to_owned();
            self.outbox.send(Event::IconsFailed { asked: String::new(), message });
        }
    }

    fn fail_to_open(&self, what: &str) {
        self.outbox.send(Event::OpenFailed { message: format!("{what} Use Open, or drop the file here.") });
    }

    fn save(&self, name: String, document: &Model, ticket: Ticket) {
        let text = model::write(document);
        let saved = blob(text.as_bytes(), "text/plain").and_then(|it| download(&name, &it));
        self.outbox.send(match saved {
            Ok(()) => Event::Saved { name, path: None, print: None, ticket },
            Err(error) => Event::SaveFailed { message: failure(&name, "saved", &error), ticket },
        });
    }

    fn export(&self, name: String, what: Exported, remark: &'static str) {
        let outbox = self.outbox.clone();
        spawn_local(async move {
            let made = match what {
                Exported::Bytes(bytes) => blob(&bytes, "application/octet-stream"),
                Exported::Png { svg, scale } => draw(&svg, scale).await,
            };
            outbox.send(match made.and_then(|it| download(&name, &it)) {
                Ok(()) => Event::Exported { name, remark },
                Err(error) => Event::ExportFailed { message: failure(&name, "exported", &error) },
            });
        });
    }

    /// Derives between the frames: what asks later takes the place of what is under way.
    fn derive(&self, generation: u64, model: Arc<Model>) {
        let slices = Slices::of(model, now_ms);
        if self.derivation.replace(Some((generation, slices))).is_none() {
            go_on(Rc::clone(&self.derivation), self.outbox.clone());
        }
    }
}

/// Derives for a while, and calls itself again until all is derived. The frames in between are short of nothing else.
fn go_on(derivation: UnderWay, outbox: Outbox) {
    later(0, move || {
        let Some((generation, mut slices)) = derivation.take() else { return };
        if let Some(derived) = slices.slice(SLICE_MS) {
            outbox.send(Event::Derived { generation, derived: Box::new(derived) });
            return;
        }
        derivation.replace(Some((generation, slices)));
        go_on(derivation, outbox);
    });
}

/// Shows the title on the page's tab.
pub(in crate::app) fn show_title(_: &egui::Context, title: &str) {
    if let Ok(document) = document() {
        document.set_title(title);
    }
}

fn window() -> Result<Window, JsValue> {
    web_sys::window().ok_or(JsValue::NULL)
}

fn document() -> Result<Document, JsValue> {
    window()?.document().ok_or(JsValue::NULL)
}

/// Calls once, so many milliseconds later.
pub(super) fn later(ms: i32, call: impl FnOnce() + 'static) {
    let call = Closure::once_into_js(call);
    if let Ok(window) = window() {
        drop(window.set_timeout_with_callback_and_timeout_and_arguments_0(call.unchecked_ref(), ms));
    }
}

/// Shows the browser's dialog, which it does only while the user's last click or key is fresh.
fn choose_files(
    outbox: &Outbox,
    dialog: Dialog,
    accept: &str,
    taken: fn(Vec<File>, Outbox),
) -> Result<(), JsValue> {
    if !window()?.navigator().user_activation().is_active() {
        return Err(JsValue::NULL);
    }
    let input: HtmlInputElement = document()?.create_element("input")?.unchecked_into();
    input.set_type("file");
    input.set_accept(accept);
    input.set_multiple(matches!(dialog, Dialog::Packs | Dialog::Icons));
    // What waits for a file is to know that none comes.
    let cancelled = outbox.clone();
    let cancel = Closure::once_into_js(move || cancelled.send(Event::DialogEmpty(dialog)));
    input.add_event_listener_with_callback("cancel", cancel.unchecked_ref())?;
    let (chosen, outbox) = (input.clone(), outbox.clone());
    let take = Closure::once_into_js(move || {
        let files = chosen.files();
        let files = files.iter().flat_map(|all| (0..all.length()).filter_map(|n| all.get(n))).collect();
        taken(files, outbox);
    });
    input.set_onchange(Some(take.unchecked_ref()));
    input.click();
    Ok(())
}

/// Reads files of rules, one after the other, all or none.
async fn read_packs(files: Vec<File>, outbox: Outbox) {
    let (mut read, mut messages) = (Vec::new(), Vec::new());
    for file in files {
        let name = file.name();
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => read.push((name, js_sys::Uint8Array::new(&buffer).to_vec())),
            Err(error) => messages.push(failure(&name, "read", &error)),
        }
    }
    let is_whole = messages.is_empty();
    outbox.send(if is_whole { Event::PacksRead(read) } else { Event::PacksFailed { messages, read } });
}

/// Reads SVGs one after the other; between them, the page goes on.
async fn read_icons(files: Vec<File>, outbox: Outbox) {
    let (mut reader, of) = (IconReader::new(None), files.len());
    for (done, file) in files.into_iter().take(MAX_ICON_FILES).enumerate() {
        if done % 100 == 0 {
            outbox.send(Event::IconsUnderWay { asked: String::new(), done, of });
        }
        let name = file.name();
        match JsFuture::from(file.array_buffer()).await {
            Ok(buffer) => reader.take(&name, &js_sys::Uint8Array::new(&buffer).to_vec()),
            Err(error) => reader.leave_out(&name, failure(&name, "read", &error)),
        }
    }
    if of > MAX_ICON_FILES {
        reader.cut();
    }
    outbox.send(Event::IconsRead { asked: String::new(), pack: Box::new(reader.finish()) });
}

async fn read(file: File, outbox: Outbox) {
    let name = file.name();
    outbox.send(match JsFuture::from(file.array_buffer()).await {
        Ok(buffer) => Event::Opened { name, path: None, bytes: js_sys::Uint8Array::new(&buffer).to_vec() },
        Err(error) => Event::OpenFailed { message: failure(&name, "opened", &error) },
    });
}

fn failure(name: &str, done: &str, error: &JsValue) -> String {
    let why = error.dyn_ref::<js_sys::Error>().map(|it| String::from(it.message()));
    let why = why.unwrap_or_else(|| "the browser gave no reason".to_owned());
    ended(&format!("{name} was not {done}: {why}"))
}

fn blob(bytes: &[u8], kind: &str) -> Result<Blob, JsValue> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    Blob::new_with_u8_array_sequence_and_options(&parts, &options)
}

fn download(name: &str, blob: &Blob) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document()?.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    later(KEPT_MS, move || drop(Url::revoke_object_url(&url)));
    Ok(())
}

/// An SVG as a PNG, drawn by the browser.
async fn draw(svg: &str, scale: f32) -> Result<Blob, JsValue> {
    let url = Url::create_object_url_with_blob(&blob(with_fonts(svg)?.as_bytes(), "image/svg+xml")?)?;
    let image = HtmlImageElement::new()?;
    image.set_src(&url);
    let loaded = JsFuture::from(image.decode()).await;
    Url::revoke_object_url(&url)?;
    loaded?;
    let side = |length: u32| f64::from(length) * f64::from(scale);
    let (width, height) = (side(image.natural_width()), side(image.natural_height()));
    let canvas: HtmlCanvasElement = document()?.create_element("canvas")?.unchecked_into();
    canvas.set_width(width.ceil() as u32);
    canvas.set_height(height.ceil() as u32);
    let context: CanvasRenderingContext2d = canvas.get_context("2d")?.ok_or(JsValue::NULL)?.unchecked_into();
    context.draw_image_with_html_image_element_and_dw_and_dh(&image, 0.0, 0.0, width, height)?;
    let png = js_sys::Promise::new(&mut |done, failed| {
        if let Err(error) = canvas.to_blob(&done) {
            drop(failed.call1(&JsValue::NULL, &error));
        }
    });
    // A canvas above the browser's limits gives nothing.
    let too_large = |_| JsValue::from(js_sys::Error::new("the picture is too large; choose a smaller scale"));
    JsFuture::from(png).await?.dyn_into::<Blob>().map_err(too_large)
}

/// The drawing with the bundled fonts inside: a picture in a page sees no others than those of the system.
fn with_fonts(svg: &str) -> Result<String, JsValue> {
    let window = window()?;
    let face = |face: Face| {
        let letters: String = face.bytes().iter().map(|it| char::from(*it)).collect();
        let (family, weight, font) = (face.family_name(), face.weight(), window.btoa(&letters)?);
        let source = format!("url(data:font/ttf;base64,{font})");
        Ok(format!("@font-face{{font-family:'{family}';font-weight:{weight};src:{source}}}"))
    };
    let faces = Face::ALL.into_iter().map(face).collect::<Result<String, JsValue>>()?;
    let head = svg.find('>').map_or(0, |it| it + 1);
    Ok(format!("{}<style>{faces}</style>{}", &svg[..head], &svg[head..]))
}

/// Chance and time of this browser.
pub(in crate::app) fn surroundings() -> Surroundings {
    let seed = (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
    let more = (js_sys::Math::random() * f64::from(u32::MAX)) as u64;
    Surroundings { ids: Ids::seeded(seed << 32 | more), now_ms, today }
}

fn now_ms() -> f64 {
    let performance = web_sys::window().and_then(|it| it.performance());
    performance.map_or_else(js_sys::Date::now, |it| it.now())
}

fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}
