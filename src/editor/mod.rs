//! What a user can do, without a screen: the open document, selection, clipboard, findings, commands.
//!
//! The window, the command line and tests are equal clients. The editor does no IO: it puts out [`Effect`]s, and what
//! they bring comes back as an [`Event`]. Ids and time are handed in by whoever opens it.

mod alike;
mod amend;
mod announce;
mod arrange;
mod auto_layout;
mod bending;
mod between;
mod catalogue;
mod checkpoints;
mod clipboard;
mod collapse;
mod commands;
mod comments;
mod create;
mod derive;
mod document;
mod edits;
mod effects;
mod evidence;
mod exchange;
mod export;
mod files;
mod filtering;
mod flow_line;
mod gestures;
mod icon_packs;
mod icons;
mod inferred;
mod inserting;
mod keeping;
mod keymap;
mod keys;
mod layout_post;
mod lock;
mod motion;
mod notice;
mod order;
mod outline;
mod outline_words;
mod packs;
mod panels;
mod picture;
mod preview;
mod recent;
mod recovery;
mod review;
mod room;
mod room_between;
mod routes;
mod samples;
mod saving;
mod search;
mod selection;
mod settings;
mod sizes;
mod sliding;
mod steps;
mod switches;
mod targets;
mod tints;
mod view_state;
mod views;
mod words;

use std::collections::BTreeSet;
use std::sync::Arc;
#[cfg(test)]
use std::sync::atomic::{AtomicU32, Ordering};

pub use amend::Holds;
pub use arrange::{Alignment, Way};
pub use auto_layout::{LayoutTask, Proposal};
pub use between::Between;
pub use catalogue::Offer;
pub use checkpoints::Checkpoint;
pub use clipboard::{FragmentError, fragment_from_text};
pub use commands::{COMMANDS, Command, Menu, command};
pub use comments::PinTo;
pub use create::{Membership, may_be_gate};
pub use derive::{Derived, IN_FRAME_MS, Slices};
pub use document::{Document, MAX_RECENT};
pub use effects::{Backup, Dialog, Effect, Event, Exported, Over, Ticket, Unneeded};
pub use export::export_name;
pub use gestures::NEW_BOUNDARY;
pub use icon_packs::{IconPack, IconPacks, IconReader, MAX_ICON_FILES, MAX_ICON_FOLDERS, PackIcon};
pub use icons::{IconChoice, IconGroup, IconOffer};
pub use keeping::Keep;
pub use keymap::Keymap;
pub use keys::{Key, Shortcut};
pub use layout_post::{places_of_post, places_to_post};
pub use motion::Motion;
pub use notice::{Notice, StepNotice, Tone};
pub use order::Reorder;
pub use outline::{Node, Outline, Row};
pub use packs::PackFile;
pub use panels::{FoldedPanels, Panels};
pub use picture::PictureChoices;
pub use preview::{Difference, Preview};
pub use recent::RecentKinds;
pub use recovery::Lost;
pub use review::{FindingState, Listed, state as finding_state};
pub use room::Room;
pub use room_between::LastRoom;
pub use samples::{SAMPLES, Sample};
pub use saving::{AUTOSAVE_AFTER_MS, AUTOSAVE_AGAIN_MS};
pub use search::Search;
pub use settings::Settings;
pub use sizes::Least;
pub use steps::{DrawnOn, Heading};
pub use targets::{Target, TargetOf, Wanted};
pub use tints::{LegendLine, Tint};
pub use view_state::{AfterUnsaved, Carried, LeftTab, Modal, Tab, Tool, ViewState, Wish};
pub use views::NewView;
pub use words::{Words, folded};

use crate::analysis::Facts;
use crate::formats::Format;
use crate::model::{History, Id, Ids, Model, Nesting, PutOff, Turn};
use crate::rules::Report;
use crate::scene::{Jumps, Layout, Marks};
use announce::Voice;
use auto_layout::Proposing;
use checkpoints::Checkpoints;
use derive::Derivation;
use filtering::Filtered;
use keeping::Keeping;
use saving::Saving;

/// What whoever opens an editor hands in: chance and time, which the core has not.
#[derive(Debug, Clone)]
pub struct Surroundings {
    pub ids: Ids,
    /// Milliseconds since some moment.
    pub now_ms: fn() -> f64,
    /// Today, `2026-11-24`, for verdicts.
    pub today: fn() -> String,
}

impl Surroundings {
    /// Fixed chance and time, for tests and for the command line.
    pub fn fixed() -> Self {
        Self { ids: Ids::seeded(1), now_ms: || 0.0, today: || "2026-01-01".to_owned() }
    }

    /// A clock on which each look is a millisecond later.
    #[cfg(test)]
    pub(crate) fn ticking_ms() -> f64 {
        static CLOCK: AtomicU32 = AtomicU32::new(0);
        f64::from(CLOCK.fetch_add(1, Ordering::Relaxed))
    }
}

/// What of a frame may go into lines that follow an edit, in milliseconds; and of the first, in which everybody waits for
/// the drawing anyway.
const SETTLE_MS: f64 = 3.0;
const SETTLE_FIRST_MS: f64 = 10.0;
/// And of the call that makes an edit, which may be an undo of much: what is left follows in the frames after it.
const SETTLE_EDIT_MS: f64 = 1.0;
/// And where all lines are drawn, for indexes to be tidied up.
const SWEEP_MS: f64 = 0.5;

/// The editor of one document.
#[derive(Debug)]
pub struct Editor {
    model: Arc<Model>,
    history: History,
    /// States that large steps led away from.
    checkpoints: Checkpoints,
    nesting: Nesting,
    layout: Layout,
    filtered: Filtered,
    /// Counts how often lines were brought up to date after their edit.
    settlings: u64,
    derivation: Derivation,
    /// The day on which verdicts were last looked at, and how many days passed while it was open.
    day: (String, u64),
    /// The fix that is looked at.
    preview: Option<Preview>,
    /// A layout that is proposed, or being made.
    proposing: Proposing,
    /// What is searched for on the drawing.
    search: Option<Search>,
    view: Id,
    selection: BTreeSet<Id>,
    /// The elements of the view that are locked.
    locked: BTreeSet<Id>,
    /// The boundaries of the view that are collapsed.
    collapsed: BTreeSet<Id>,
    /// The questions that were put off.
    put_off: PutOff,
    /// The fragment that was copied last, and the number of the document that it is of.
    copied: Option<(u64, String)>,
    /// Counts the edits that judged findings, put questions off, hid what wears them or said something.
    judgements: u64,
    /// Counts how often another view was shown.
    turns: u64,
    pub document: Document,
    /// What is shown; the window reads and writes it, commands too.
    pub shown: ViewState,
    /// Who gives verdicts.
    pub who: String,
    /// The shortcuts that the user chose.
    pub keymap: Keymap,
    notice: Option<Notice>,
    notices: u64,
    step_notice: Option<StepNotice>,
    effects: Vec<Effect>,
    /// An export that found no dialog, until it is written, and what to remark then.
    unexported: Option<(String, Exported, &'static str)>,
    saving: Saving,
    keeping: Keeping,
    voice: Voice,
    /// Work that was not saved when a window ended; none until somebody has looked.
    lost: Option<Vec<Lost>>,
    /// A report that waits for the findings that it is to tell.
    after_results: Option<&'static Format>,
    icon_packs: IconPacks,
    surroundings: Surroundings,
}

impl Editor {
    /// An editor of an empty document.
    pub fn new(surroundings: Surroundings) -> Self {
        Self::with(files::empty_model(), surroundings)
    }

    /// An editor of a model. Whoever asks for it waits until all is derived; opening a file does not.
    pub fn with(model: Model, surroundings: Surroundings) -> Self {
        let model = Arc::new(model);
        let nesting = Nesting::of(&model);
        let view = model.first_view().cloned().unwrap_or_else(|| Id::slug(crate::model::MAIN_VIEW));
        let layout = Layout::unsettled(&model, &view, &nesting);
        let locked = lock::locked_on(&model, &view);
        let collapsed = collapse::collapsed_on(&model, &view);
        let put_off = PutOff::of(&model);
        let derivation = Derivation::of(Arc::clone(&model), surroundings.now_ms);
        let mut editor = Self {
            model,
            history: History::default(),
            checkpoints: Checkpoints::default(),
            nesting,
            layout,
            filtered: Filtered::default(),
            settlings: 0,
            derivation,
            day: ((surroundings.today)(), 0),
            preview: None,
            proposing: Proposing::default(),
            search: None,
            view,
            selection: BTreeSet::new(),
            locked,
            collapsed,
            put_off,
            copied: None,
            judgements: 0,
            turns: 0,
            document: Document::default(),
            shown: ViewState { snap: true, minimap: true, ..ViewState::default() },
            who: String::new(),
            keymap: Keymap::default(),
            notice: None,
            notices: 0,
            step_notice: None,
            effects: Vec::new(),
            unexported: None,
            saving: Saving::default(),
            keeping: Keeping::default(),
            voice: Voice::default(),
            lost: None,
            after_results: None,
            icon_packs: IconPacks::default(),
            surroundings,
        };
        editor.keep_from_here();
        editor.settle_for(SETTLE_FIRST_MS);
        editor
    }

    pub fn model(&self) -> &Model {
        &self.model
    }

    pub fn nesting(&self) -> &Nesting {
        &self.nesting
    }

    /// The view that is shown.
    pub fn view(&self) -> &Id {
        &self.view
    }

    /// Where everything stands on the view.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Goes on drawing lines that follow an edit, for a part of a frame; returns whether all are as they should be. An
    /// edit does so by itself, too; the canvas calls it in the frames after it.
    pub fn settle(&mut self) -> bool {
        self.settle_for(SETTLE_MS)
    }

    /// The same for so many milliseconds.
    pub fn settle_for(&mut self, ms: f64) -> bool {
        self.settle_until((self.surroundings.now_ms)() + ms)
    }

    /// Draws lines where they cross as is said.
    pub fn set_jumps(&mut self, jumps: Jumps) {
        self.shown.jumps = jumps;
        self.layout.set_jumping(jumps != Jumps::Off);
    }

    fn settle_until(&mut self, end_ms: f64) -> bool {
        // Another document has another layout.
        self.layout.set_jumping(self.shown.jumps != Jumps::Off);
        let now_ms = self.surroundings.now_ms;
        if self.layout.is_settled() {
            let end_ms = end_ms.min(now_ms() + SWEEP_MS);
            self.layout.sweep(&|| now_ms() >= end_ms);
            return true;
        }
        self.settlings += 1;
        self.layout.settle(&self.model, &self.nesting, &|| now_ms() >= end_ms)
    }

    /// Differs whenever the layout may differ from before though the model does not.
    pub fn settlings(&self) -> u64 {
        self.settlings
    }

    /// The last facts; behind the model while [`Editor::is_behind`].
    pub fn facts(&self) -> &Facts {
        &self.derivation.derived.facts
    }

    /// The last findings and questions; behind the model while [`Editor::is_behind`].
    pub fn report(&self) -> &Report {
        &self.derivation.derived.report
    }

    /// Whether facts and findings are of an older model; newer ones are on their way unless [`Editor::has_failed`].
    pub fn is_behind(&self) -> bool {
        self.derivation.is_behind
    }

    /// Whether nothing was derived of this document yet, since it is a large one and was opened just now: what it has no
    /// findings of is not known.
    pub fn is_blank(&self) -> bool {
        self.derivation.is_blank
    }

    /// Whether deriving newer facts and findings failed: only the next change tries again.
    pub fn has_failed(&self) -> bool {
        self.derivation.has_failed
    }

    /// For how long newer facts and findings have been on their way, in milliseconds.
    pub fn waits_ms(&self) -> f64 {
        self.derivation.waits_ms(self.surroundings.now_ms)
    }

    /// Differs whenever model, view, facts, findings or the day may differ from before: for whoever keeps what follows from them.
    pub fn stamp(&self) -> (u64, u64, bool) {
        (
            self.derivation.generation + self.day.1 + self.turns,
            self.document.revision,
            self.derivation.is_behind,
        )
    }

    /// Counts the results, so that whoever prepared something from one can tell whether it is still of this one.
    pub fn results(&self) -> u64 {
        self.derivation.number + self.day.1
    }

    /// Differs whenever [`Editor::marks`] may differ from before but for the evidence among them: they follow from results
    /// from what was judged of them and from what is collapsed, and not from where anything stands.
    pub fn marked(&self) -> (u64, u64) {
        (self.results(), self.judgements)
    }

    /// Looks whether it is another day, on which other verdicts hold. The window does so in each frame.
    pub fn look_at_the_day(&mut self) {
        let today = self.today();
        if today != self.day.0 {
            self.day = (today, self.day.1 + 1);
        }
    }

    /// How long the last derivation took, in milliseconds.
    pub fn took_ms(&self) -> f64 {
        self.derivation.derived.took_ms
    }

    /// The last notice, until it is dismissed.
    pub fn notice(&self) -> Option<&Notice> {
        self.notice.as_ref()
    }

    pub fn dismiss_notice(&mut self) {
        self.notice = None;
    }

    /// Tells the user something.
    pub fn say(&mut self, tone: Tone, text: impl Into<String>, offers: &[&'static str]) {
        self.notices += 1;
        self.notice = Some(Notice { tone, text: text.into(), offers: offers.to_vec(), number: self.notices });
    }

    /// What is to be done outside, since the last call.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    pub(crate) fn ask(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// What the canvas marks: badges, evidence, what is inferred.
    pub fn marks(&self) -> Marks {
        review::marks(self)
    }

    /// The evidence among [`Editor::marks`] alone: it changes with what the pointer rests on.
    pub fn evidence(&self) -> Option<crate::scene::Evidence> {
        evidence::evidence(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::Pos;

    #[test]
    fn another_day_is_a_reason_to_look_again() {
        static DAY: AtomicU32 = AtomicU32::new(1);
        let today = || format!("2027-02-0{}", DAY.load(Ordering::Relaxed));
        let mut editor = Editor::new(Surroundings { today, ..Surroundings::fixed() });
        let made_of = |editor: &mut Editor| {
            editor.look_at_the_day();
            (editor.stamp(), editor.results())
        };
        let before = made_of(&mut editor);
        assert_eq!(made_of(&mut editor), before);
        DAY.store(2, Ordering::Relaxed);
        let after = made_of(&mut editor);
        assert!(after.0 != before.0 && after.1 != before.1);
        assert!(editor.document.is_saved());
    }

    #[test]
    fn lines_follow_in_later_frames() {
        let now_ms = Surroundings::ticking_ms;
        let mut editor = Editor::new(Surroundings { now_ms, ..Surroundings::fixed() });
        editor.load_sample(&SAMPLES[0]);
        let frames = |editor: &mut Editor| (0..100_000).take_while(|_| !editor.settle()).count();
        frames(&mut editor);
        let all = BTreeSet::from([editor.layout().cards.keys().next().unwrap().clone()]);
        editor.move_by(&all, Pos::new(80.0, 160.0), &Membership::Keep);
        let shown = editor.settlings();
        assert!(!editor.layout().is_settled() && frames(&mut editor) > 0 && editor.settlings() > shown);
        let fresh = Layout::of(editor.model(), editor.view(), editor.nesting());
        assert_eq!(editor.layout().flows, fresh.flows);
        editor.undo();
        frames(&mut editor);
        let fresh = Layout::of(editor.model(), editor.view(), editor.nesting());
        assert_eq!(editor.layout().flows, fresh.flows);
    }
}
