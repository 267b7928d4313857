//! The window on the desktop: how it opens, and what is said when it cannot.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use egui::{IconData, ViewportBuilder};

use super::{App, platform};
use crate::editor::Event;
use crate::formats::png;

/// Names the window for the system, and the folder of the settings under the user's data.
pub(super) const APP_ID: &str = "parapet";

/// Opens the window, on a file if one is named, and returns when it is closed.
///
/// # Errors
/// There is no window: no display, no OpenGL, a library of the system is missing. The text says which.
pub fn run(file: Option<&Path>) -> Result<(), String> {
    if !has_display() {
        return Err("there is no display (neither DISPLAY nor WAYLAND_DISPLAY is set)".to_owned());
    }
    keep_freed_memory();
    let opened = file.map(platform::open);
    let is_open = Arc::new(AtomicBool::new(false));
    be_quiet_until(&is_open);
    // Some of the window system's libraries panic where they should fail.
    let ended = panic::catch_unwind(AssertUnwindSafe(|| open(opened, Arc::clone(&is_open))));
    match ended {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(reason(&error)),
        Err(panicked) if is_open.load(Ordering::Relaxed) => panic::resume_unwind(panicked),
        Err(panicked) => {
            Err(panic_message(panicked.as_ref()).unwrap_or_else(|| "the window system failed".to_owned()))
        }
    }
}

/// Lets the allocator keep what is freed.
///
/// Each frame takes and frees megabytes, and to fetch them from the system page by page doubled the time of some. The
/// allocator of GNU/Linux learns by the largest block that was freed how much it is worth keeping (`mallopt(3)`,
/// `M_MMAP_THRESHOLD`); elsewhere this does nothing.
pub fn keep_freed_memory() {
    drop(std::hint::black_box(Vec::<u8>::with_capacity(31 << 20)));
}

fn open(opened: Option<Event>, is_open: Arc<AtomicBool>) -> eframe::Result {
    let viewport = ViewportBuilder::default()
        .with_title("Parapet")
        .with_app_id(APP_ID)
        .with_icon(icon())
        .with_inner_size([1440.0, 900.0])
        .with_min_inner_size([720.0, 480.0]);
    let options = eframe::NativeOptions { viewport, ..eframe::NativeOptions::default() };
    let create: eframe::AppCreator<'_> = Box::new(move |creation| {
        is_open.store(true, Ordering::Relaxed);
        Ok(Box::new(App::new(creation, opened)))
    });
    eframe::run_native(APP_ID, options, create)
}

/// Whether there is a display to open a window on. Only X and Wayland can tell before.
fn has_display() -> bool {
    let is_set = |name| std::env::var_os(name).is_some_and(|it| !it.is_empty());
    let knows = cfg!(all(unix, not(target_os = "macos")));
    !knows || ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"].into_iter().any(is_set)
}

/// Until the window stands, a panic is an error like others, which the command line words; from then on it is our own
/// fault and says so as usual.
fn be_quiet_until(is_open: &Arc<AtomicBool>) {
    let usual = panic::take_hook();
    let is_open = Arc::clone(is_open);
    panic::set_hook(Box::new(move |info| {
        if is_open.load(Ordering::Relaxed) {
            usual(info);
        }
    }));
}

fn reason(error: &eframe::Error) -> String {
    match error {
        eframe::Error::NoGlutinConfigs(_, error) => format!("there is no OpenGL ({error})"),
        eframe::Error::Glutin(error) => format!("OpenGL does not start ({error})"),
        // The window system's errors say where in its source they arose, then what is the matter.
        other => format!(
            "the display does not answer ({})",
            other.to_string().rsplit(": ").next().unwrap_or_default()
        ),
    }
}

/// The first line of what was said in a panic.
pub(super) fn panic_message(panicked: &(dyn Any + Send)) -> Option<String> {
    let text = panicked.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panicked.downcast_ref::<String>().map(String::as_str));
    text?.lines().next().map(str::to_owned)
}

/// The icon of the window and of the task bar; a system's own if ours cannot be drawn.
fn icon() -> IconData {
    let drawn = png::export(include_str!("../../assets/icon.svg"), 2.0).ok();
    drawn.and_then(|it| eframe::icon_data::from_png_bytes(&it).ok()).unwrap_or_default()
}
