//! Journals in the browser: rows of a database that outlives the tab, however that ends.
//!
//! The database is `IndexedDB`, which holds large documents and takes one step as one row; `localStorage` ends at some
//! megabytes. A row is named by its journal and its number; row 0 is the beginning. Each tab holds a lock of the
//! browser's (Web Locks) on the journal that it writes; the browser drops it when the tab is gone. Where a page has no
//! such locks, journals of other open tabs are offered too, and none is swept away.

use std::cell::RefCell;
use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Array, Function, Object, Promise, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{IdbDatabase, IdbKeyRange, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

use super::Outbox;
use crate::editor::{Event, Keep, Lost};
use crate::formats::journal::{self, Head, Line};
use crate::model::Model;

const DATABASE: &str = "parapet";
const STORE: &str = "journals";

/// Behind the name of a journal: the copy of one that did not read to its end.
const DAMAGED: &str = " damaged";

/// Keeps journals. What is asked is done in order, between the frames.
pub(super) struct Journals {
    inner: Rc<Inner>,
}

struct Inner {
    orders: RefCell<Vec<Keep>>,
    /// Taken by whoever works.
    keeper: RefCell<Option<Keeper>>,
}

impl Journals {
    pub(super) fn new(outbox: Outbox) -> Self {
        let keeper = Keeper {
            outbox,
            database: None,
            current: None,
            waiting: VecDeque::new(),
            restored: None,
            has_said: false,
        };
        Self { inner: Rc::new(Inner { orders: RefCell::default(), keeper: RefCell::new(Some(keeper)) }) }
    }

    pub(super) fn keep(&self, keep: Keep) {
        self.inner.orders.borrow_mut().push(keep);
        spawn_local(work(Rc::clone(&self.inner)));
    }
}

/// Does what is asked until nothing is; returns at once if that goes on already.
async fn work(inner: Rc<Inner>) {
    let Some(mut keeper) = inner.keeper.take() else { return };
    loop {
        let orders = inner.orders.take();
        if orders.is_empty() {
            break;
        }
        for order in orders {
            keeper.take(order).await;
        }
        keeper.write().await;
    }
    inner.keeper.replace(Some(keeper));
}

/// A lock on a journal, let go of when it is dropped; without a function for that, the browser has none.
struct Held(Option<Function>);

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = self.0.take() {
            drop(release.call0(&JsValue::NULL));
        }
    }
}

/// The journal that goes on.
struct Current {
    id: String,
    held: Held,
    /// The number of its next row.
    next: u32,
}

/// A journal that was read to be restored.
struct Restored {
    id: String,
    held: Held,
    rows: Vec<String>,
}

/// What is to be written.
enum Write {
    Begin { head: Head, base: Arc<Model> },
    Line(Line),
}

struct Keeper {
    outbox: Outbox,
    database: Option<IdbDatabase>,
    current: Option<Current>,
    /// What is not in the database yet, in order.
    waiting: VecDeque<Write>,
    restored: Option<Restored>,
    /// It was said that nothing can be kept.
    has_said: bool,
}

impl Keeper {
    async fn take(&mut self, keep: Keep) {
        match keep {
            Keep::Begin { head, base } => {
                // All that waits is in the new one.
                self.waiting.clear();
                self.waiting.push_back(Write::Begin { head, base });
            }
            Keep::Line(line) => self.waiting.push_back(Write::Line(line)),
            Keep::Drop => {
                self.waiting.clear();
                if let Some(current) = self.current.take() {
                    self.remove(current).await;
                }
            }
            Keep::PutAside => {
                self.write().await;
                self.waiting.clear();
                self.current = None;
                self.look().await;
            }
            Keep::Look => self.look().await,
            Keep::Restore(id) => self.restore(id).await,
            Keep::Adopt { id, whole, has_fault } => {
                // If that fails, the next step has nothing to go on with, and says so.
                drop(self.adopt(&id, whole, has_fault).await);
            }
            Keep::Discard(id) => self.discard(id).await,
        }
    }

    /// Writes what waits, as far as that is possible.
    async fn write(&mut self) {
        let Err(error) = self.try_write().await else {
            self.has_said = false;
            return;
        };
        // The browser may have closed it: the next try opens it anew.
        self.database = None;
        if !self.has_said {
            let message = format!(
                "What you change is not kept if this page is lost: {}. Save it; it is tried again with each change.",
                why(&error)
            );
            self.outbox.send(Event::KeepFailed { message });
        }
        self.has_said = true;
    }

    async fn try_write(&mut self) -> Result<(), JsValue> {
        while let Some(next) = self.waiting.front() {
            if let Write::Begin { head, base } = next {
                let text = journal::begin(head, base);
                let id = new_id();
                let held = hold(&id).await.unwrap_or(Held(None));
                let database = self.database().await?;
                put(&database, &id, 0, &[text]).await?;
                self.waiting.pop_front();
                if let Some(old) = self.current.replace(Current { id, held, next: 1 }) {
                    self.remove(old).await;
                }
                continue;
            }
            let lines = self.waiting.iter().map_while(|it| match it {
                Write::Line(line) => Some(journal::line(line)),
                Write::Begin { .. } => None,
            });
            let lines: Vec<String> = lines.collect();
            let database = self.database().await?;
            let none = || js_sys::Error::new("what was restored cannot be gone on with");
            let current = self.current.as_mut().ok_or_else(none)?;
            put(&database, &current.id, current.next, &lines).await?;
            current.next += lines.len() as u32;
            self.waiting.drain(..lines.len());
        }
        Ok(())
    }

    /// The database; it is opened when it is first needed.
    async fn database(&mut self) -> Result<IdbDatabase, JsValue> {
        if let Some(database) = &self.database {
            return Ok(database.clone());
        }
        let none = || js_sys::Error::new("the browser keeps nothing for this page");
        let window = web_sys::window().ok_or_else(none)?;
        let request = window.indexed_db()?.ok_or_else(none)?.open_with_u32(DATABASE, 1)?;
        let asked = request.clone();
        let make = Closure::once_into_js(move || {
            let database = asked.result().ok().and_then(|it| it.dyn_into::<IdbDatabase>().ok());
            // If that fails, so does opening.
            drop(database.map(|it| it.create_object_store(STORE)));
        });
        request.set_onupgradeneeded(Some(make.unchecked_ref()));
        let database: IdbDatabase = answer(&request).await?.dyn_into()?;
        self.database = Some(database.clone());
        Ok(database)
    }

    /// Takes a journal away of which nothing is needed any more, and lets go of it then. One that stays is found again, and
    /// offered.
    async fn remove(&mut self, current: Current) {
        drop(self.delete(&current.id).await);
        drop(current.held);
    }

    async fn delete(&mut self, id: &str) -> Result<(), JsValue> {
        let database = self.database().await?;
        let (transaction, store) = begin(&database, IdbTransactionMode::Readwrite)?;
        store.delete(&rows_of(id, 0)?)?;
        finished(&transaction).await
    }

    /// Tells of all journals that nobody holds and that something would be lost without; sweeps the others away.
    async fn look(&mut self) {
        // A browser that keeps nothing has lost nothing.
        let found = self.find().await.unwrap_or_default();
        self.outbox.send(Event::Lost(found));
    }

    async fn find(&mut self) -> Result<Vec<Lost>, JsValue> {
        let database = self.database().await?;
        let (_, store) = begin(&database, IdbTransactionMode::Readonly)?;
        let keys: Array = answer(&store.get_all_keys()?).await?.dyn_into()?;
        let ids: BTreeSet<String> =
            keys.iter().filter_map(|it| it.dyn_into::<Array>().ok()?.get(0).as_string()).collect();
        let ours: Vec<&String> =
            self.current.iter().map(|it| &it.id).chain(self.restored.iter().map(|it| &it.id)).collect();
        let others: Vec<String> =
            ids.into_iter().filter(|it| !it.ends_with(DAMAGED) && !ours.contains(&it)).collect();
        let mut found = Vec::new();
        for id in others {
            let Ok(held) = hold(&id).await else { continue };
            let (rows, last_ms) = read(&database, &id).await?;
            let ago_s = ((js_sys::Date::now() - last_ms) / 1e3).max(0.0) as u64;
            match Lost::of(id.clone(), ago_s, rows.concat().as_bytes()) {
                Some(lost) => found.push(lost),
                None if held.0.is_some() => self.delete(&id).await?,
                None => {}
            }
        }
        Ok(found)
    }

    async fn restore(&mut self, id: String) {
        self.restored = None;
        let event = match self.held_rows(&id).await {
            Ok((held, rows)) => {
                let bytes = rows.concat().into_bytes();
                self.restored = Some(Restored { id: id.clone(), held, rows });
                Event::Restored { id, bytes }
            }
            Err(error) => {
                let message = format!("The unsaved work was not restored: {}.", why(&error));
                Event::RestoreFailed { message }
            }
        };
        self.outbox.send(event);
    }

    /// The rows of a journal that nobody else holds, held by us.
    async fn held_rows(&mut self, id: &str) -> Result<(Held, Vec<String>), JsValue> {
        let held = hold(id).await?;
        let database = self.database().await?;
        match read(&database, id).await {
            Ok((rows, _)) if !rows.is_empty() => Ok((held, rows)),
            other => {
                other?;
                Err(js_sys::Error::new("it is gone; another tab has restored it or thrown it away").into())
            }
        }
    }

    /// Goes on with the journal that was restored, behind what was read of it.
    async fn adopt(&mut self, id: &str, whole: usize, has_fault: bool) -> Result<(), JsValue> {
        let Some(Restored { id, held, rows }) = self.restored.take_if(|it| it.id == id) else {
            return Ok(());
        };
        let database = self.database().await?;
        if has_fault {
            put(&database, &format!("{id}{DAMAGED}"), 0, &rows).await?;
        }
        let mut length = 0;
        let is_whole = |row: &&String| {
            length += row.len();
            length <= whole
        };
        let next = rows.iter().take_while(is_whole).count() as u32;
        let (transaction, store) = begin(&database, IdbTransactionMode::Readwrite)?;
        store.delete(&rows_of(&id, next)?)?;
        finished(&transaction).await?;
        self.current = Some(Current { id, held, next });
        Ok(())
    }

    async fn discard(&mut self, id: String) {
        let done = match hold(&id).await {
            Ok(_held) => self.delete(&id).await,
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            let message = format!("The unsaved work was not thrown away: {}.", why(&error));
            self.outbox.send(Event::RestoreFailed { message });
        }
    }
}

/// A name that no other journal of this browser has.
fn new_id() -> String {
    format!("{:x}-{:x}", js_sys::Date::now() as u64, (js_sys::Math::random() * f64::from(u32::MAX)) as u64)
}

fn begin(
    database: &IdbDatabase,
    mode: IdbTransactionMode,
) -> Result<(IdbTransaction, IdbObjectStore), JsValue> {
    let transaction = database.transaction_with_str_and_mode(STORE, mode)?;
    let store = transaction.object_store(STORE)?;
    Ok((transaction, store))
}

/// Writes rows of a journal, all or none, each with its time.
async fn put(database: &IdbDatabase, id: &str, first: u32, rows: &[String]) -> Result<(), JsValue> {
    let (transaction, store) = begin(database, IdbTransactionMode::Readwrite)?;
    let now = JsValue::from(js_sys::Date::now());
    for (n, row) in (first..).zip(rows) {
        store.put_with_key(&Array::of2(&row.as_str().into(), &now), &Array::of2(&id.into(), &n.into()))?;
    }
    // At once: whatever happens to the tab from here on, the browser has it. Without such a function it does so by itself.
    if let Ok(commit) = Reflect::get(&transaction, &"commit".into())?.dyn_into::<Function>() {
        commit.call0(&transaction)?;
    }
    finished(&transaction).await
}

/// The rows of a journal in order, and when the last of them was written.
async fn read(database: &IdbDatabase, id: &str) -> Result<(Vec<String>, f64), JsValue> {
    let (_, store) = begin(database, IdbTransactionMode::Readonly)?;
    let all: Array = answer(&store.get_all_with_key(&rows_of(id, 0)?)?).await?.dyn_into()?;
    let (mut rows, mut last_ms) = (Vec::new(), 0.0);
    for row in all.iter().filter_map(|it| it.dyn_into::<Array>().ok()) {
        rows.push(row.get(0).as_string().unwrap_or_default());
        last_ms = row.get(1).as_f64().unwrap_or(last_ms);
    }
    Ok((rows, last_ms))
}

/// The names of all rows of a journal from a number on.
fn rows_of(id: &str, first: u32) -> Result<JsValue, JsValue> {
    let key = |n: f64| Array::of2(&id.into(), &n.into());
    IdbKeyRange::bound(&key(f64::from(first)), &key(f64::INFINITY)).map(JsValue::from)
}

/// What a request brings.
async fn answer(request: &IdbRequest) -> Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |done, failed| {
        request.set_onsuccess(Some(&done));
        request.set_onerror(Some(&failed));
    });
    match JsFuture::from(promise).await {
        Ok(_) => request.result(),
        Err(_) => Err(Reflect::get(request, &"error".into())?),
    }
}

/// Waits until all of a transaction is in the database.
async fn finished(transaction: &IdbTransaction) -> Result<(), JsValue> {
    let promise = Promise::new(&mut |done, failed| {
        transaction.set_oncomplete(Some(&done));
        transaction.set_onabort(Some(&failed));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(()),
        Err(_) => Err(Reflect::get(transaction, &"error".into())?),
    }
}

/// Holds a journal until it is let go of or the tab is gone; an error says that somebody else does.
async fn hold(id: &str) -> Result<Held, JsValue> {
    let Some((locks, request)) = locks() else { return Ok(Held(None)) };
    let name = JsValue::from(format!("parapet journal {id}"));
    let options = Object::new();
    Reflect::set(&options, &"ifAvailable".into(), &JsValue::TRUE)?;
    let mut asked = Ok(JsValue::UNDEFINED);
    let granted = Promise::new(&mut |answer: Function, _| {
        // The lock is held for as long as the promise that is returned is not kept.
        let take = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                drop(answer.call1(&JsValue::NULL, &JsValue::NULL));
                return JsValue::UNDEFINED;
            }
            Promise::new(&mut |release, _| drop(answer.call1(&JsValue::NULL, &release))).into()
        });
        asked = request.call3(&locks, &name, &options, &take);
    });
    // Where the page may have no locks, asking fails: then it goes without.
    let Ok(asked) = asked else { return Ok(Held(None)) };
    match JsFuture::from(Promise::race(&Array::of2(&granted, &asked))).await {
        Ok(release) if release.is_function() => Ok(Held(release.dyn_into().ok())),
        Ok(_) => Err(js_sys::Error::new("another tab has it open").into()),
        Err(_) => Ok(Held(None)),
    }
}

/// The browser's locks and how to ask for one. Pages that are not secure have none.
fn locks() -> Option<(JsValue, Function)> {
    let navigator = web_sys::window()?.navigator();
    let locks = Reflect::get(&navigator, &"locks".into()).ok().filter(JsValue::is_object)?;
    let request = Reflect::get(&locks, &"request".into()).ok()?.dyn_into().ok()?;
    Some((locks, request))
}

/// Why the browser refused, in words that say what to do.
fn why(error: &JsValue) -> String {
    let part = |name: &str| Reflect::get(error, &name.into()).ok().and_then(|it| it.as_string());
    if part("name").as_deref() == Some("QuotaExceededError") {
        return "the browser has no room left for this page; make room on the disk".to_owned();
    }
    let message = part("message").filter(|it| !it.is_empty());
    message.unwrap_or_else(|| "the browser gave no reason".to_owned())
}
