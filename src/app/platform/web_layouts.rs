//! Layouts are made in a worker of the page, so that frames go on meanwhile and one that is not wanted any more is given up.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Array;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{MessageEvent, Worker, WorkerOptions, WorkerType};

use super::Outbox;
use super::web::later;
use crate::editor::{Event, LayoutTask, places_of_post};
use crate::scene::Places;

/// Beside the page.
const SCRIPT: &str = "layout.js";

pub(super) struct Layouts {
    outbox: Outbox,
    worker: Rc<RefCell<Option<Worker>>>,
    state: Rc<Cell<State>>,
    /// What the worker calls when it answers or fails.
    calls: RefCell<Option<[Call; 2]>>,
}

type Call = Closure<dyn FnMut(MessageEvent)>;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Idle,
    Busy,
    /// There is no worker to be had.
    Broken,
}

impl Layouts {
    pub(super) fn new(outbox: Outbox) -> Self {
        let state = Rc::new(Cell::new(State::Idle));
        Self { outbox, worker: Rc::default(), state, calls: RefCell::default() }
    }

    /// Makes a layout; one that is being made is given up for it. Without a worker it is made in one go.
    pub(super) fn make(&self, generation: u64, task: LayoutTask) {
        self.give_up();
        if self.state.get() != State::Broken && self.post(generation, &task).is_ok() {
            return;
        }
        self.state.set(State::Broken);
        make_here(self.outbox.clone(), generation, task);
    }

    /// Gives up the layout that is being made, if one is.
    pub(super) fn give_up(&self) {
        if self.state.get() == State::Busy {
            self.state.set(State::Idle);
            end(&self.worker);
        }
    }

    fn post(&self, generation: u64, task: &LayoutTask) -> Result<(), JsValue> {
        let known = self.worker.take();
        let worker = known.map_or_else(new_worker, Ok)?;
        let (outbox, state, again) = (self.outbox.clone(), Rc::clone(&self.state), task.clone());
        let at_work = Rc::clone(&self.worker);
        let answers = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| {
            let data = event.data();
            if let Some(places) = places(&data) {
                state.set(State::Idle);
                return outbox.send(Event::LaidOut { generation, places });
            }
            // Whatever failed in it, it is not to be trusted with the next one.
            end(&at_work);
            if data.is_null() {
                state.set(State::Broken);
                return make_here(outbox.clone(), generation, again.clone());
            }
            state.set(State::Idle);
            let reason = data.as_string().unwrap_or_else(|| "its answer was not understood".to_owned());
            outbox.send(Event::LayoutFailed { generation, reason });
        });
        let (outbox, state, again) = (self.outbox.clone(), Rc::clone(&self.state), task.clone());
        // Its script did not load, or the browser has no such workers.
        let fails = Closure::<dyn FnMut(_)>::new(move |_: MessageEvent| {
            state.set(State::Broken);
            make_here(outbox.clone(), generation, again.clone());
        });
        worker.set_onmessage(Some(answers.as_ref().unchecked_ref()));
        worker.set_onerror(Some(fails.as_ref().unchecked_ref()));
        let post: Array = task.to_post().iter().map(|it| JsValue::from_str(it)).collect();
        worker.post_message(&post)?;
        self.state.set(State::Busy);
        self.calls.replace(Some([answers, fails]));
        self.worker.replace(Some(worker));
        Ok(())
    }
}

fn new_worker() -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(SCRIPT, &options)
}

fn make_here(outbox: Outbox, generation: u64, task: LayoutTask) {
    later(0, move || outbox.send(Event::LaidOut { generation, places: task.run() }));
}

/// The places of an answer; none if it has none.
fn places(data: &JsValue) -> Option<Places> {
    let texts = data.dyn_ref::<Array>()?.iter().filter_map(|it| it.as_string());
    places_of_post(&texts.collect::<Vec<_>>())
}

/// Ends a worker, which then calls nobody any more.
fn end(worker: &RefCell<Option<Worker>>) {
    if let Some(old) = worker.take() {
        old.set_onmessage(None);
        old.set_onerror(None);
        old.terminate();
    }
}
