//! The platform performs what the editor asks for and brings what happened: files, dialogs, time, chance, and the work
//! that takes longer than a frame.

#[cfg(not(target_arch = "wasm32"))]
mod disk;
#[cfg(not(target_arch = "wasm32"))]
mod icons;
#[cfg(not(target_arch = "wasm32"))]
mod journal;
#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod web;
#[cfg(target_arch = "wasm32")]
mod web_journal;
#[cfg(target_arch = "wasm32")]
mod web_layouts;

use std::sync::mpsc::{self, Receiver, Sender};

#[cfg(not(target_arch = "wasm32"))]
pub(super) use native::{Platform, open, show_title, surroundings};
#[cfg(target_arch = "wasm32")]
pub(super) use web::{Platform, show_title, surroundings};

use crate::editor::Event;

/// Where events go, from whatever thread or promise they come; the window wakes up for each.
#[derive(Clone)]
struct Outbox {
    events: Sender<Event>,
    ctx: egui::Context,
}

impl Outbox {
    fn new(ctx: &egui::Context) -> (Self, Receiver<Event>) {
        let (events, inbox) = mpsc::channel();
        (Self { events, ctx: ctx.clone() }, inbox)
    }

    fn send(&self, event: Event) {
        // Nobody listens any more once the window is closed.
        drop(self.events.send(event));
        self.ctx.request_repaint();
    }
}
