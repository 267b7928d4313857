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

/// Beside the page.
const SCRIPT: &str = "layout.js";

pub(super) struct Layouts {
    outbox: Outbox,
    worker: RefCell<Option<Worker>>,
    state: Rc<Cell<State>>,
    /// What is called when the worker answers or fails; the last ones, as it may still call them.
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
        Self { outbox, worker: RefCell::default(), state, calls: RefCell::default() }
    }

    /// Makes a layout; one that is being made is given up for it. Without a worker it is made in one go.
    pub(super) fn make(&self, generation: u64, task: LayoutTask) {
        if self.state.get() == State::Busy
            && let Some(old) = self.worker.take()
        {
            old.terminate();
        }
        if self.state.get() != State::Broken && self.post(generation, &task).is_ok() {
            return;
        }
        self.state.set(State::Broken);
        make_here(self.outbox.clone(), generation, task);
    }

    fn post(&self, generation: u64, task: &LayoutTask) -> Result<(), JsValue> {
        let known = self.worker.take();
        let worker = known.map_or_else(new_worker, Ok)?;
        let (outbox, state) = (self.outbox.clone(), Rc::clone(&self.state));
        let answers = Closure::<dyn FnMut(_)>::new(move |event: MessageEvent| {
            state.set(State::Idle);
            outbox.send(answer(generation, &event.data()));
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

/// Places as texts, or in one text why there are none.
fn answer(generation: u64, data: &JsValue) -> Event {
    let texts =
        data.dyn_ref::<Array>().map(|it| it.iter().filter_map(|it| it.as_string()).collect::<Vec<_>>());
    if let Some(places) = texts.and_then(|it| places_of_post(&it)) {
        return Event::LaidOut { generation, places };
    }
    let reason = data.as_string().unwrap_or_else(|| "its answer was not understood".to_owned());
    Event::LayoutFailed { generation, reason }
}
