//! Deriving: facts and findings after each edit, in the same call where little can have changed or all is quick, else
//! beside the frames.

use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, LazyLock};

use crate::analysis::{Facts, Making};
use crate::model::{Change, Condition, Delta, Edit, Model, Stored};
use crate::rules::{self, Report};

/// What was derived from one model.
#[derive(Debug, Clone)]
pub struct Derived {
    pub facts: Facts,
    pub report: Report,
    /// How long it took from nothing, in milliseconds.
    pub took_ms: f64,
}

/// A run that takes longer than this goes beside the frames from then on.
pub const IN_FRAME_MS: f64 = 4.0;

impl Derived {
    pub fn of(model: Arc<Model>, now_ms: fn() -> f64) -> Self {
        let start = now_ms();
        let facts = Facts::of(model);
        let report = rules::run(&facts);
        Self { facts, report, took_ms: now_ms() - start }
    }

    /// The same, unless it does not fit into a frame.
    fn in_frame(model: &Arc<Model>, now_ms: fn() -> f64) -> Option<Self> {
        if has_heavy_packs(model) {
            return None;
        }
        unless_it_panics(|| Slices::of(Arc::clone(model), now_ms).slice(IN_FRAME_MS)).flatten()
    }

    /// What is known of a document that nobody has looked at: nothing.
    fn nothing() -> Self {
        // It is known to take longer than a frame.
        Self { facts: Facts::of(Arc::default()), report: Report::default(), took_ms: IN_FRAME_MS }
    }
}

/// A panic within a frame would take the window along, and with it what was not saved. Whoever derives beside the frames
/// tries again, and says what happens there.
fn unless_it_panics<R>(work: impl FnOnce() -> R) -> Option<R> {
    // What it leaves half done is shown as out of date until it is done anew.
    panic::catch_unwind(AssertUnwindSafe(work)).ok()
}

/// Whether rules of packs may take longer than a frame between two looks at the clock: conditions have many parts, and
/// each part may walk through the drawing.
fn has_heavy_packs(model: &Model) -> bool {
    /// So many parts, each asked of everything that is drawn, come to a millisecond or a few.
    const MANY: usize = 100_000;
    let drawn = model.components().len() + model.flows().len() + model.boundaries().len();
    let mut left = MANY / drawn.max(1);
    let rules = model.packs().values().flat_map(|it| &it.rules);
    let mut parts: Vec<&Condition> = rules.map(|it| &it.when).collect();
    while let Some(part) = parts.pop() {
        let Some(fewer) = left.checked_sub(1) else { return true };
        left = fewer;
        parts.extend(part.inner());
    }
    false
}

/// A derivation that goes on a slice at a time, where there is no thread beside the frames.
#[derive(Debug)]
pub struct Slices {
    making: Making,
    facts: Option<Facts>,
    rules: rules::Run,
    took_ms: f64,
    now_ms: fn() -> f64,
}

impl Slices {
    pub fn of(model: Arc<Model>, now_ms: fn() -> f64) -> Self {
        let (making, rules) = (Making::of(model), rules::Run::default());
        Self { making, facts: None, rules, took_ms: 0.0, now_ms }
    }

    /// Goes on for so many milliseconds, or for as long as its next part takes; the last slice brings the result.
    pub fn slice(&mut self, ms: f64) -> Option<Derived> {
        let now_ms = self.now_ms;
        let start = now_ms();
        let is_done = self.go_on(&|| now_ms() - start >= ms);
        self.took_ms += now_ms() - start;
        if !is_done {
            return None;
        }
        let (facts, rules) = (self.facts.take()?, std::mem::take(&mut self.rules));
        Some(Derived { facts, report: rules.finish(), took_ms: self.took_ms })
    }

    fn go_on(&mut self, is_over: &dyn Fn() -> bool) -> bool {
        while self.facts.is_none() {
            self.facts = self.making.part();
            if is_over() {
                return false;
            }
        }
        self.facts.as_ref().is_some_and(|it| self.rules.slice(it, is_over))
    }
}

/// The last result, and whether a newer one is on its way.
#[derive(Debug)]
pub(super) struct Derivation {
    pub(super) derived: Derived,
    /// Counts the models that were to be derived; an answer to an older one is dropped.
    pub(super) generation: u64,
    /// Counts the results.
    pub(super) number: u64,
    pub(super) is_behind: bool,
    /// Nothing was derived of this document yet.
    pub(super) is_blank: bool,
    /// What was asked for last failed: nothing newer is on its way.
    pub(super) has_failed: bool,
    /// Since when a result is waited for.
    since_ms: f64,
    /// The facts are without the model that they are of, which is being edited.
    has_let_go: bool,
}

/// Whether a change leaves facts that cannot be mended.
fn is_coming_or_going(change: &Change) -> bool {
    fn differs<T: Stored>(it: &Delta<T>) -> bool {
        it.before.is_some() != it.after.is_some()
    }
    match change {
        Change::Component(it) => differs(it),
        Change::Boundary(it) => differs(it),
        Change::Flow(it) => differs(it),
        _ => false,
    }
}

impl Derivation {
    pub(super) fn of(model: Arc<Model>, now_ms: fn() -> f64) -> Self {
        let derived = Derived::of(model, now_ms);
        let (is_behind, is_blank, has_failed) = (false, false, false);
        Self {
            derived,
            generation: 0,
            number: 0,
            is_behind,
            is_blank,
            has_failed,
            since_ms: 0.0,
            has_let_go: false,
        }
    }

    /// Turns to another document: derives it now if that fits into a frame; else nothing is known of it, and it returns
    /// the generation to ask the platform for.
    pub(super) fn turn_to(&mut self, model: &Arc<Model>, now_ms: fn() -> f64) -> Option<u64> {
        self.generation += 1;
        self.number += 1;
        let derived = Derived::in_frame(model, now_ms);
        (self.is_blank, self.is_behind, self.has_failed) = (derived.is_none(), false, false);
        self.derived = derived.unwrap_or_else(Derived::nothing);
        self.is_blank.then(|| self.wait(now_ms))
    }

    /// Waits for a result from now on, if it does not already.
    fn wait(&mut self, now_ms: fn() -> f64) -> u64 {
        if !self.is_behind || self.has_failed {
            (self.is_behind, self.has_failed, self.since_ms) = (true, false, now_ms());
        }
        self.generation
    }

    /// For how long a result has been waited for, in milliseconds.
    pub(super) fn waits_ms(&self, now_ms: fn() -> f64) -> f64 {
        if self.is_behind && !self.has_failed { now_ms() - self.since_ms } else { 0.0 }
    }

    /// Derives now what an edit concerns if that is all that can have changed, or all of it if the last run was quick;
    /// else returns the generation to ask the platform for.
    pub(super) fn update(&mut self, model: &Arc<Model>, happened: &Edit, now_ms: fn() -> f64) -> Option<u64> {
        self.generation += 1;
        let Derived { facts, report, took_ms } = &mut self.derived;
        // What is behind is of another model than the edit.
        let is_behind = self.is_behind;
        let touched =
            unless_it_panics(|| if is_behind { None } else { facts.patch(model, happened) }).flatten();
        if let Some(touched) = touched {
            // Some answers concern a third of all rules.
            let fits = *took_ms * rules::share(report, facts, &touched) < IN_FRAME_MS;
            if fits && unless_it_panics(|| rules::update(report, facts, &touched)).is_some() {
                self.number += 1;
                return None;
            }
        } else if self.has_let_go {
            // It is shown until the new ones are there.
            let mut before = Model::clone(model);
            before.apply(&happened.inverted());
            facts.put_model(Arc::new(before));
        }
        self.has_let_go = false;
        self.derive(model, now_ms)
    }

    /// Derives all of another state of the document if the last run was quick; else returns the generation to ask the
    /// platform for.
    pub(super) fn renew(&mut self, model: &Arc<Model>, now_ms: fn() -> f64) -> Option<u64> {
        self.generation += 1;
        self.derive(model, now_ms)
    }

    fn derive(&mut self, model: &Arc<Model>, now_ms: fn() -> f64) -> Option<u64> {
        if self.derived.took_ms < IN_FRAME_MS
            && !has_heavy_packs(model)
            && let Some(derived) = unless_it_panics(|| Derived::of(Arc::clone(model), now_ms))
        {
            self.derived = derived;
            self.number += 1;
            (self.is_behind, self.is_blank, self.has_failed) = (false, false, false);
            return None;
        }
        Some(self.wait(now_ms))
    }

    /// Lets go of the model that is about to be edited: a table that somebody else holds has to be copied first. Where
    /// something comes or goes it is needed, to show what it says until all is derived anew.
    pub(super) fn let_go(&mut self, edit: &Edit) {
        static NONE: LazyLock<Arc<Model>> = LazyLock::new(Arc::default);
        self.has_let_go = !self.is_behind && !edit.changes().iter().any(is_coming_or_going);
        if self.has_let_go {
            self.derived.facts.put_model(Arc::clone(&NONE));
        }
    }

    /// Keeps what was derived with a model that differs in nothing that anything follows from.
    pub(super) fn keep(&mut self, model: &Arc<Model>) {
        self.has_let_go = false;
        if !self.is_behind {
            self.derived.facts.put_model(Arc::clone(model));
        }
    }

    /// Takes a result unless it is of an older generation. Returns the one that nobody needs any more.
    pub(super) fn take(&mut self, generation: u64, mut derived: Box<Derived>) -> Box<Derived> {
        if generation == self.generation {
            std::mem::swap(&mut self.derived, &mut *derived);
            self.number += 1;
            (self.is_behind, self.is_blank, self.has_failed) = (false, false, false);
        }
        derived
    }

    /// Waits no longer for what failed; returns whether it was waited for. The same model is not tried again, and the
    /// next one not within a frame, where a failure would take the window along.
    pub(super) fn fail(&mut self, generation: u64) -> bool {
        let is_waited_for = self.is_behind && !self.has_failed && generation == self.generation;
        if is_waited_for {
            self.has_failed = true;
            self.derived.took_ms = self.derived.took_ms.max(IN_FRAME_MS);
        }
        is_waited_for
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::formats::text;

    #[test]
    fn after_a_rename_all_reads_otherwise_though_nothing_was_said_anew() {
        let surroundings = Surroundings { now_ms: || 0.0, ..Surroundings::fixed() };
        let model = text::read("user -> lb -> web-1, web-2: https; lb \"Balancer\"").unwrap();
        let mut editor = crate::editor::Editor::with(model, surroundings);
        let first = |editor: &crate::editor::Editor| Arc::clone(&editor.report().findings[0]);
        let reads = |editor: &crate::editor::Editor| first(editor).message.read(editor.model()).into_owned();
        let (before, text) = (first(&editor), reads(&editor));
        assert!(text.contains("Balancer"), "{text}");
        editor.rename(&crate::model::Id::slug("lb"), "Front door");
        assert_eq!(reads(&editor), text.replace("Balancer", "Front door"));
        assert!(!editor.is_behind() && Arc::ptr_eq(&before, &first(&editor)));
    }

    #[test]
    fn a_panic_within_a_frame_leaves_it_to_whoever_derives_beside() {
        thread_local! {
            static LOOKS: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
        }
        /// Panics at the second look at it: within the derivation.
        fn now_ms() -> f64 {
            LOOKS.set(LOOKS.get() + 1);
            assert!(LOOKS.get() != 2, "as a rule might");
            0.0
        }
        let model = Arc::new(text::read("user -> web").unwrap());
        let mut derivation = Derivation::of(Arc::default(), || 0.0);
        assert!(derivation.turn_to(&model, now_ms).is_some() && derivation.is_blank);
        LOOKS.set(0);
        let mut derivation = Derivation::of(Arc::clone(&model), || 0.0);
        let mut draft = crate::model::Draft::of(&model);
        draft.remove::<crate::model::Component>(&crate::model::Id::slug("web"));
        let edit = draft.finish();
        let mut after = Model::clone(&model);
        after.apply(&edit);
        assert!(derivation.update(&Arc::new(after), &edit, now_ms).is_some() && derivation.is_behind);
    }

    #[test]
    fn packs_with_many_parts_for_what_is_drawn_are_heavy() {
        let with = |rules: usize, cards: usize| {
            let rule = |n: usize| {
                format!(
                    "(id: \"r{n}\", label: \"R\", subject: component, when: all([kind(\"user\")]), message: \"m\"),"
                )
            };
            let rules: String = (0..rules).map(rule).collect();
            let pack = format!("(format: 1, id: \"p\", title: \"P\", rules: [{rules}])");
            let (id, pack) = crate::formats::pack("p.parapet-rules.ron", pack.as_bytes()).unwrap();
            let cards: Vec<String> = (0..cards).map(|n| format!("c{n}: user")).collect();
            let mut model = text::read(&cards.join("\n")).unwrap();
            let mut draft = crate::model::Draft::of(&model);
            draft.put(id, pack);
            let edit = draft.finish();
            model.apply(&edit);
            model
        };
        assert!(!has_heavy_packs(&with(20, 40)) && has_heavy_packs(&with(200, 400)));
        let mut derivation = Derivation::of(Arc::default(), || 0.0);
        assert!(derivation.turn_to(&Arc::new(with(200, 400)), || 0.0).is_some());
        assert!(derivation.turn_to(&Arc::new(with(20, 40)), || 0.0).is_none());
    }

    #[test]
    fn slices_come_to_the_same() {
        let sketch = "user -> lb -> web-1, web-2: https; web-1, web-2 -> db: postgres [write]
            boundary data: tier { db: postgres [stores people] }; asset people: confidential [personal yes]";
        let model = Arc::new(text::read(sketch).unwrap());
        let now_ms = Surroundings::ticking_ms;
        let mut slices = Slices::of(Arc::clone(&model), now_ms);
        let mut count = 1;
        let derived = loop {
            if let Some(derived) = slices.slice(1.0) {
                break derived;
            }
            count += 1;
        };
        assert!(count > rules::ALL.len(), "{count} slices");
        assert_eq!(derived.report, Derived::of(model, now_ms).report);
    }
}
