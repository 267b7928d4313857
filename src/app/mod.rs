//! The application: the window in the system's frame or in a page, and the platform that does what the editor asks.

#[cfg(not(target_arch = "wasm32"))]
mod desktop;
mod gl;
mod platform;
mod shortcuts;
#[cfg(target_arch = "wasm32")]
mod web;
pub mod window;

#[cfg(not(target_arch = "wasm32"))]
pub use desktop::{keep_freed_memory, run};
#[cfg(target_arch = "wasm32")]
pub use web::{lay_out, start};
pub use window::Window;

use std::sync::Arc;

use egui::ViewportCommand;

use crate::editor::{Editor, Effect, Event, SAMPLES, Settings, Tone};
use crate::tokens::Theme;
use crate::ui::paint;
use gl::Gl;
use platform::Platform;

/// Under what name the settings are kept.
const SETTINGS: &str = "settings";

/// The application, as eframe runs it.
struct App {
    window: Window,
    platform: Platform,
    /// The settings that are kept.
    settings: Settings,
    /// What the title bar says.
    title: String,
    /// Unsaved changes are settled: the window may go.
    may_close: bool,
    #[cfg(target_arch = "wasm32")]
    page: web::Page,
}

impl App {
    /// Opens the window on what was read at the start, else on the reference sample.
    fn new(creation: &eframe::CreationContext<'_>, opened: Option<Event>) -> Self {
        if let Some(gl) = creation.gl.as_ref().and_then(|it| Gl::new(it)) {
            paint::keep_in(&creation.egui_ctx, Arc::new(gl));
        }
        let mut editor = Editor::new(platform::surroundings());
        if let Some(settings) = creation.storage.and_then(|it| eframe::get_value(it, SETTINGS)) {
            editor.set_settings(settings);
        }
        // The sample stays when the file is none.
        if let Some(reference) = SAMPLES.first() {
            editor.load_sample(reference);
        }
        if let Some(event) = opened {
            editor.handle(event);
        }
        Self {
            settings: editor.settings(),
            window: Window::new(&creation.egui_ctx, editor),
            platform: Platform::new(&creation.egui_ctx),
            title: String::new(),
            may_close: false,
            #[cfg(target_arch = "wasm32")]
            page: web::Page::default(),
        }
    }

    fn perform_effects(&mut self, ctx: &egui::Context, frame: &eframe::Frame) {
        for effect in self.window.editor.take_effects() {
            match effect {
                Effect::Copy(text) => ctx.copy_text(text),
                Effect::Paste => ctx.send_viewport_cmd(ViewportCommand::RequestPaste),
                Effect::Quit => {
                    self.may_close = true;
                    ctx.send_viewport_cmd(ViewportCommand::Close);
                }
                other => self.platform.perform(other, frame),
            }
        }
    }

    /// Unsaved changes are asked about before the window goes.
    fn settle_close(&mut self, ctx: &egui::Context) {
        let is_asked = ctx.input(|it| it.viewport().close_requested());
        if is_asked && !self.may_close && !self.window.editor.is_settled() {
            ctx.send_viewport_cmd(ViewportCommand::CancelClose);
            self.window.editor.handle(Event::CloseRequested);
        }
    }

    fn take_dropped_files(&mut self, ctx: &egui::Context) {
        let files = ctx.input(|it| it.raw.dropped_files.clone());
        if files.len() > 1 && files.iter().all(|it| is_svg(it.path())) {
            self.platform.read_dropped_icons(&files);
            return;
        }
        if let Some(file) = files.first() {
            self.platform.open_dropped(file);
        }
        if files.len() > 1 {
            self.window.editor.say(Tone::Info, "One file at a time: the first is opened.", &[]);
        }
    }

    /// Keeps settings as soon as they change: a program may end in other ways than by its window.
    fn keep_settings(&mut self, frame: &mut eframe::Frame) {
        let settings = self.window.editor.settings();
        if settings == self.settings {
            return;
        }
        if let Some(storage) = frame.storage_mut() {
            eframe::set_value(storage, SETTINGS, &settings);
            storage.flush();
        }
        self.settings = settings;
    }

    fn show_title(&mut self, ctx: &egui::Context) {
        let editor = &self.window.editor;
        let mark = if editor.document.is_saved() { "" } else { "● " };
        let title = format!("{mark}{} · Parapet", editor.title());
        if title != self.title {
            platform::show_title(ctx, &title);
            self.title = title;
        }
    }
}

impl eframe::App for App {
    #[cfg(not(target_arch = "wasm32"))]
    fn on_exit(&mut self, _: Option<&eframe::glow::Context>) {
        if self.window.editor.is_journal_spent() {
            self.platform.drop_journal();
        }
        self.platform.end();
    }

    fn logic(&mut self, ctx: &egui::Context, frame: &mut eframe::Frame) {
        for event in self.platform.events() {
            self.window.editor.handle(event);
        }
        self.settle_close(ctx);
        self.perform_effects(ctx, frame);
    }

    fn ui(&mut self, ui: &mut egui::Ui, frame: &mut eframe::Frame) {
        self.window.system_theme = system_theme(ui.ctx());
        // The toolkit does not say what a desktop asks for.
        #[cfg(target_arch = "wasm32")]
        {
            self.window.editor.shown.system_reduces_motion = self.page.reduces_motion();
        }
        self.take_dropped_files(ui.ctx());
        self.window.ui(ui);
        self.perform_effects(ui.ctx(), frame);
        self.keep_settings(frame);
        self.show_title(ui.ctx());
        #[cfg(target_arch = "wasm32")]
        self.page.tell(ui.ctx(), &mut self.window.editor);
    }
}

/// Several of them are icons, as a drawing comes alone.
fn is_svg(path: &std::path::Path) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case("svg"))
}

/// What the system prefers; dark where it does not say.
fn system_theme(ctx: &egui::Context) -> Theme {
    match ctx.system_theme() {
        Some(egui::Theme::Light) => Theme::Light,
        Some(egui::Theme::Dark) | None => Theme::Dark,
    }
}
