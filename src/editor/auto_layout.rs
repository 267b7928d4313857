//! Auto layout as a proposal: it is made beside the frames, shown as it would be, and kept or discarded.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::create::put_view;
use super::{Editor, Effect, Tone};
use crate::formats;
use crate::model::{Direction, Draft, Edit, Id, Model, Nesting, Place, View, ended};
use crate::scene::{Layered, Layout, LayoutScope, Places, auto_layout, prevailing_direction};

/// A layout that is to be made; it holds all that this takes.
#[derive(Debug, Clone)]
pub struct LayoutTask {
    pub(super) model: Arc<Model>,
    pub(super) view: Id,
    pub(super) scope: LayoutScope,
    pub(super) direction: Direction,
    pub(super) is_cancelled: Arc<AtomicBool>,
}

impl LayoutTask {
    /// Makes it: the places that differ; none if it was cancelled.
    pub fn run(&self) -> Places {
        let nesting = Nesting::of(&self.model);
        let is_over = || self.is_cancelled.load(Ordering::Relaxed);
        let asked = (&self.scope, self.direction);
        auto_layout(&self.model, &nesting, &self.view, asked, &Layered, &is_over).unwrap_or_default()
    }
}

/// Which document, which state of it and which view a layout is of: it is of no use to any other.
type Of = (u64, u64, u64);

/// A layout that is being made.
#[derive(Debug)]
struct Asked {
    task: LayoutTask,
    of: Of,
    since_ms: f64,
    /// The user has chosen the direction.
    is_chosen: bool,
}

/// A layout that is proposed: the drawing as it would be.
#[derive(Debug)]
pub struct Proposal {
    scope: LayoutScope,
    direction: Direction,
    is_chosen: bool,
    edit: Edit,
    of: Of,
    /// Differs from that of every other proposal.
    pub number: u64,
    model: Arc<Model>,
    /// The drawing with it.
    pub layout: Layout,
    /// How many cards and boundaries stand elsewhere, and how many stay as they are locked.
    pub moved: usize,
    pub held: usize,
}

impl Proposal {
    /// The way that flows run.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// `12 elements move, 2 locked ones stay`
    pub fn in_words(&self) -> String {
        let moved = match self.moved {
            0 => "Nothing moves".to_owned(),
            1 => "1 element moves".to_owned(),
            many => format!("{many} elements move"),
        };
        match self.held {
            0 => moved,
            1 => format!("{moved}, 1 locked one stays"),
            many => format!("{moved}, {many} locked ones stay"),
        }
    }

    /// The flows whose corners differ, with their places.
    pub fn corners(&self) -> impl Iterator<Item = (&Id, Place)> {
        let flows = self.edit.of::<Place>().filter(|it| self.model.flow(&it.key.1).is_some());
        flows.map(|it| (&it.key.1, it.after.as_deref().cloned().unwrap_or_default()))
    }
}

/// What is proposed, and what is being made.
#[derive(Debug, Default)]
pub(super) struct Proposing {
    /// Counts what was asked for; an answer to an older one is dropped.
    generation: u64,
    asked: Option<Asked>,
    proposal: Option<Proposal>,
}

impl Editor {
    /// Whether there is anything that may be laid out.
    pub fn can_lay_out(&self) -> bool {
        let layout = self.layout();
        !self.is_layout_locked() && layout.cards.len() + layout.boundaries.len() > 1
    }

    /// What of the view is meant by the selection: a boundary with all in it, several elements, or all there is.
    pub fn layout_scope(&self) -> LayoutScope {
        let (cards, boundaries) = (&self.layout.cards, &self.layout.boundaries);
        let is_box = |it: &&Id| cards.contains_key(*it) || boundaries.contains_key(*it);
        let boxes: BTreeSet<Id> = self.selection.iter().filter(is_box).cloned().collect();
        match boxes.first() {
            Some(only) if boxes.len() == 1 && boundaries.contains_key(only) => {
                LayoutScope::Boundary(only.clone())
            }
            Some(_) if boxes.len() > 1 => LayoutScope::Selection(boxes),
            _ => LayoutScope::View,
        }
    }

    /// Asks for a layout of a part of the view: it comes as a proposal. The direction is that of the view or, where nobody
    /// has chosen one, the one that most of its flows have already.
    pub fn lay_out(&mut self, scope: LayoutScope) {
        if self.is_layout_locked() {
            self.say(Tone::Info, "The layout is locked.", &["view.lock-layout"]);
            return;
        }
        let known = self.model.views().get(&self.view).and_then(|it| it.direction);
        let direction = known.unwrap_or_else(|| prevailing_direction(&self.layout));
        self.propose(scope, direction, false);
    }

    /// Asks for the layout that is proposed, or being made, in a direction.
    pub fn turn_layout(&mut self, direction: Direction) {
        let proposed = self.proposal().map(|it| (it.scope.clone(), it.direction));
        let asked = self.asked_layout().map(|it| (it.task.scope.clone(), it.task.direction));
        if let Some((scope, before)) = asked.or(proposed)
            && before != direction
        {
            self.propose(scope, direction, true);
        }
    }

    fn propose(&mut self, scope: LayoutScope, direction: Direction, is_chosen: bool) {
        let was_chosen = self.proposal().is_some_and(|it| it.is_chosen && it.scope == scope);
        self.cancel_asked();
        self.proposing.generation += 1;
        let task = LayoutTask {
            model: Arc::clone(&self.model),
            view: self.view.clone(),
            scope,
            direction,
            is_cancelled: Arc::default(),
        };
        let (of, since_ms) = (self.drawn(), (self.surroundings.now_ms)());
        let is_chosen = is_chosen || was_chosen;
        self.proposing.asked = Some(Asked { task: task.clone(), of, since_ms, is_chosen });
        self.effects.retain(|it| !matches!(it, Effect::LayOut { .. }));
        self.ask(Effect::LayOut { generation: self.proposing.generation, task });
    }

    fn cancel_asked(&mut self) {
        if let Some(asked) = self.proposing.asked.take() {
            asked.task.is_cancelled.store(true, Ordering::Relaxed);
            self.ask(Effect::GiveUpLayout);
        }
    }

    /// Which drawing is shown: it differs whenever document, model or view do.
    pub(super) fn drawn(&self) -> Of {
        (self.document.number, self.document.revision, self.turns)
    }

    fn asked_layout(&self) -> Option<&Asked> {
        self.proposing.asked.as_ref().filter(|it| it.of == self.drawn())
    }

    /// The layout that is proposed.
    pub fn proposal(&self) -> Option<&Proposal> {
        self.proposing.proposal.as_ref().filter(|it| it.of == self.drawn())
    }

    /// For how long a layout has been waited for, in milliseconds; none if none is.
    pub fn layout_waits_ms(&self) -> Option<f64> {
        Some((self.surroundings.now_ms)() - self.asked_layout()?.since_ms)
    }

    /// Takes a layout that was made, unless it is not waited for any more.
    pub(super) fn laid_out(&mut self, generation: u64, places: Places) {
        if generation != self.proposing.generation || self.asked_layout().is_none() {
            return;
        }
        let Some(Asked { task, of, is_chosen, .. }) = self.proposing.asked.take() else { return };
        let LayoutTask { scope, direction, .. } = task;
        let moved = |(id, place): (&Id, &Option<Place>)| {
            place.is_some() && self.layout.rect(id).is_some() && self.model.flow(id).is_none()
        };
        let moved = places.iter().filter(|it| moved(*it)).count();
        let held = self.locked.iter().filter(|it| self.is_meant(&scope, it)).count();
        let mut draft = Draft::of(&self.model);
        for (id, place) in places {
            let key = (self.view.clone(), id);
            match place {
                Some(place) => draft.put(key, place),
                None => draft.remove::<Place>(&key),
            }
        }
        if is_chosen {
            put_view(&mut draft, &self.view);
            draft.edit::<View>(&self.view, |it| it.direction = Some(direction));
        }
        let edit = draft.finish();
        let mut model = Arc::clone(&self.model);
        let happened = Arc::make_mut(&mut model).apply(&edit);
        let mut layout = self.layout.clone();
        layout.update(&model, &self.nesting, &happened);
        let number = generation;
        let proposal = Proposal { scope, direction, is_chosen, edit, of, number, model, layout, moved, held };
        self.proposing.proposal = Some(proposal);
        self.settle_proposal(super::SETTLE_MS);
    }

    /// Whether a box is among what is laid out.
    fn is_meant(&self, scope: &LayoutScope, id: &Id) -> bool {
        let is_box = self.layout.cards.contains_key(id) || self.layout.boundaries.contains_key(id);
        let is_in = |outer: &Id| id == outer || self.nesting.is_in(id, outer);
        is_box
            && match scope {
                LayoutScope::View => true,
                LayoutScope::Boundary(outer) => is_in(outer),
                LayoutScope::Selection(ids) => ids.iter().any(is_in),
            }
    }

    pub(super) fn layout_failed(&mut self, generation: u64, reason: &str) {
        if generation == self.proposing.generation && self.asked_layout().is_some() {
            self.discard_layout();
            let why = ended(&format!("The layout failed: {}", formats::one_line(reason)));
            let text =
                format!("{why} Nothing was moved; save the drawing, and send us the file to mend this.");
            self.say(Tone::Error, text, &["file.save"]);
        }
    }

    /// Goes on drawing the lines of what is proposed for so many milliseconds; returns whether all are as they should be.
    pub fn settle_proposal(&mut self, ms: f64) -> bool {
        let Some(proposal) = self.proposing.proposal.as_mut().filter(|it| !it.layout.is_settled()) else {
            return true;
        };
        self.settlings += 1;
        let now_ms = self.surroundings.now_ms;
        let end_ms = now_ms() + ms;
        proposal.layout.settle(&proposal.model, &self.nesting, &|| now_ms() >= end_ms)
    }

    /// Applies what is proposed, as one step.
    pub fn keep_layout(&mut self) {
        if self.proposal().is_none() {
            return;
        }
        let Some(proposal) = self.proposing.proposal.take() else { return };
        let label = match &proposal.scope {
            LayoutScope::View => "Lay out the view".to_owned(),
            LayoutScope::Boundary(id) => format!("Lay out {}", self.model.title(id)),
            LayoutScope::Selection(ids) => format!("Lay out {} elements", ids.len()),
        };
        self.apply(label, &proposal.edit);
        // It is the same, and its lines need not be drawn again.
        self.layout = proposal.layout;
        self.settlings += 1;
    }

    /// Gives up what is proposed, or being made; returns whether anything was.
    pub fn discard_layout(&mut self) -> bool {
        let was_there = self.proposal().is_some() || self.asked_layout().is_some();
        self.cancel_asked();
        self.proposing.proposal = None;
        was_there
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::{Event, Membership, SAMPLES, Surroundings};
    use crate::formats::text;
    use crate::scene::{Pos, Rect};

    const SHOP: &str = "user -> lb -> web-1, web-2: https; web-1, web-2 -> db: postgres
        boundary tier: tier { web-1: web-server; web-2: web-server }";

    fn shop() -> Editor {
        let model = formats::placed(text::read(SHOP).unwrap());
        let mut editor = Editor::with(model, Surroundings::fixed());
        let all = editor.layout().cards.keys().cloned().collect::<Vec<_>>();
        for (n, id) in all.into_iter().enumerate() {
            let by = Pos::new((n * 37 % 5) as f32 * 80.0, (n * 23 % 7) as f32 * 64.0);
            editor.move_by(&BTreeSet::from([id]), by, &Membership::Keep);
        }
        editor
    }

    /// The layouts that are to be made beside the frames.
    fn asked(editor: &mut Editor) -> Vec<(u64, LayoutTask)> {
        let effects = editor.take_effects().into_iter();
        effects
            .filter_map(|it| match it {
                Effect::LayOut { generation, task } => Some((generation, task)),
                _ => None,
            })
            .collect()
    }

    fn made(editor: &mut Editor) {
        for (generation, task) in asked(editor) {
            editor.handle(Event::LaidOut { generation, places: task.run() });
        }
    }

    fn rects(editor: &Editor) -> Vec<(Id, Rect)> {
        let layout = editor.layout();
        let ids = layout.cards.keys().chain(layout.boundaries.keys());
        ids.map(|it| (it.clone(), layout.rect(it).unwrap())).collect()
    }

    #[test]
    fn a_layout_is_proposed_and_kept_as_one_step() {
        let mut editor = shop();
        let (model, report) = (editor.model().clone(), editor.report().clone());
        let steps = editor.history().state();
        assert!(editor.run("arrange.layout"));
        assert!(editor.proposal().is_none() && editor.layout_waits_ms().is_some());
        made(&mut editor);
        let proposed = {
            let proposal = editor.proposal().unwrap();
            assert!(proposal.moved > 3, "{}", proposal.moved);
            proposal.layout.clone()
        };
        assert_eq!(*editor.model(), model, "nothing is changed by looking at it");
        editor.keep_layout();
        assert!(editor.proposal().is_none() && editor.history().state() != steps);
        assert_eq!(editor.layout().cards, proposed.cards);
        assert_eq!(editor.layout().boundaries, proposed.boundaries);
        while !editor.settle() {}
        let fresh = Layout::of(editor.model(), editor.view(), editor.nesting());
        assert_eq!(editor.layout().flows, fresh.flows);
        assert_eq!(*editor.report(), report, "findings never change by it");
        assert_eq!(editor.history().next_undo(), Some("Lay out the view"));
        editor.undo();
        assert_eq!(*editor.model(), model, "one step");
    }

    #[test]
    fn what_is_meant_follows_from_the_selection() {
        let mut editor = shop();
        let before = rects(&editor);
        let [tier, user, db] = ["tier", "user", "db"].map(Id::slug);
        editor.select([tier.clone()]);
        editor.run("arrange.layout");
        made(&mut editor);
        editor.keep_layout();
        let moved: BTreeSet<Id> =
            rects(&editor).into_iter().filter(|it| !before.contains(it)).map(|it| it.0).collect();
        assert!(!moved.is_empty() && moved.iter().all(|it| *it == tier || editor.nesting().is_in(it, &tier)));
        assert_eq!(editor.history().next_undo(), Some("Lay out tier"));
        editor.select([user.clone(), db.clone()]);
        let before = rects(&editor);
        editor.run("arrange.layout");
        made(&mut editor);
        editor.keep_layout();
        let after = rects(&editor);
        let stay = |it: &&(Id, Rect)| ![&user, &db].contains(&&it.0);
        assert!(before.iter().filter(stay).all(|it| after.contains(it)), "{before:?} {after:?}");
        let rect = |id: &Id| editor.layout().rect(id).unwrap();
        assert!(!rect(&user).overlaps(&rect(&db)));
        editor.select([user]);
        assert_eq!(editor.layout_scope(), LayoutScope::View, "one card alone has no layout");
    }

    #[test]
    fn locked_elements_stay_and_are_told_of() {
        let mut editor = shop();
        let db = Id::slug("db");
        editor.select([db.clone()]);
        editor.toggle_lock();
        let before = editor.layout().rect(&db);
        editor.clear_selection();
        editor.run("arrange.layout");
        made(&mut editor);
        assert_eq!(editor.proposal().map(|it| it.held), Some(1));
        editor.keep_layout();
        assert_eq!(editor.layout().rect(&db), before);
        editor.toggle_layout_lock();
        assert!(!editor.run("arrange.layout"));
        editor.lay_out(LayoutScope::View);
        assert!(asked(&mut editor).is_empty());
        assert_eq!(editor.notice().unwrap().text, "The layout is locked.");
    }

    #[test]
    fn a_layout_that_comes_late_is_dropped() {
        let mut editor = shop();
        editor.run("arrange.layout");
        let (generation, task) = asked(&mut editor).remove(0);
        let places = task.run();
        assert!(!places.is_empty());
        editor.add_component("cache", Pos::new(2000.0, 0.0));
        assert!(task.run().is_empty(), "nobody waits for it any more");
        editor.handle(Event::LaidOut { generation, places });
        assert!(editor.proposal().is_none());
        // Of two, the later one counts.
        editor.run("arrange.layout");
        let (first, task) = asked(&mut editor).remove(0);
        editor.turn_layout(task.direction.turned());
        let (second, turned) = asked(&mut editor).remove(0);
        assert_eq!(turned.direction, task.direction.turned());
        editor.handle(Event::LaidOut { generation: second, places: turned.run() });
        editor.handle(Event::LaidOut { generation: first, places: Places::new() });
        assert_eq!(editor.proposal().map(Proposal::direction), Some(turned.direction));
    }

    #[test]
    fn an_edit_a_view_or_an_undo_ends_it() {
        let mut editor = shop();
        let propose = |editor: &mut Editor| {
            editor.run("arrange.layout");
            made(editor);
            assert!(editor.proposal().is_some());
        };
        propose(&mut editor);
        editor.rename(&Id::slug("db"), "Orders");
        assert!(editor.proposal().is_none());
        propose(&mut editor);
        let model = editor.model().clone();
        editor.undo();
        assert!(editor.proposal().is_none());
        assert_eq!(*editor.model(), model, "an undo takes back the last that was done: it is the proposal");
        propose(&mut editor);
        editor.load_sample(&SAMPLES[0]);
        assert!(editor.proposal().is_none());
        editor.run("arrange.layout");
        assert!(editor.discard_layout());
        made(&mut editor);
        assert!(editor.proposal().is_none() && editor.layout_waits_ms().is_none());
        assert!(!editor.discard_layout());
    }

    #[test]
    fn a_direction_that_was_chosen_is_kept_with_the_view() {
        let mut editor = shop();
        editor.run("arrange.layout");
        made(&mut editor);
        let first = editor.proposal().unwrap().direction();
        editor.turn_layout(first.turned());
        assert!(editor.proposal().is_some(), "what is proposed stays until the other is there");
        made(&mut editor);
        editor.keep_layout();
        let view = |editor: &Editor| editor.model().views().get(editor.view()).and_then(|it| it.direction);
        assert_eq!(view(&editor), Some(first.turned()));
        editor.undo();
        assert_eq!(view(&editor), None);
        editor.redo();
        editor.run("arrange.layout");
        made(&mut editor);
        assert_eq!(editor.proposal().unwrap().direction(), first.turned());
        let text = crate::model::write(editor.model());
        assert_eq!(text.matches("direction: ").count(), 1, "{text}");
        assert_eq!(crate::model::read(text.as_bytes()).unwrap(), *editor.model());
    }

    #[test]
    fn a_layout_that_breaks_off_is_told_and_moves_nothing() {
        let mut editor = shop();
        let before = editor.model().clone();
        editor.run("arrange.layout");
        let (generation, _) = asked(&mut editor).remove(0);
        editor.handle(Event::LayoutFailed { generation, reason: "no such\nbox".to_owned() });
        let said = &editor.notice().unwrap().text;
        assert!(said.starts_with("The layout failed: no such box."), "{said}");
        assert_eq!(*editor.model(), before);
        assert!(editor.layout_waits_ms().is_none());
    }

    #[test]
    fn without_a_change_nothing_is_to_be_undone() {
        let mut editor = shop();
        editor.run("arrange.layout");
        made(&mut editor);
        editor.keep_layout();
        let revision = editor.document.revision;
        editor.run("arrange.layout");
        made(&mut editor);
        assert_eq!(editor.proposal().map(|it| it.moved), Some(0));
        editor.keep_layout();
        assert_eq!(editor.document.revision, revision);
    }
}
