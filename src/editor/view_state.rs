//! What is shown, as plain data: the tool in hand, what is highlighted, wishes to the canvas.

use super::{DrawnOn, Motion, Panels, PictureChoices, PinTo, RecentKinds, Row, Tint, Wanted};
use crate::model::Id;
use crate::scene::Jumps;
use crate::scene::{Pos, Rect};
use crate::tokens::Theme;

/// The tool in hand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Tool {
    /// Select, move, resize; pull flows from handles.
    #[default]
    Pointer,
    /// Move the view.
    Hand,
    /// Draw a boundary.
    Boundary,
    /// Draw a flow from one component to another.
    Flow,
    /// Say on what to comment.
    Comment,
    /// Place a component of this kind at the next click.
    Place(String),
}

/// What is being dragged from the palette to the canvas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Carried {
    /// A component of a kind, with a technology if one was searched for.
    Component { kind: String, technology: String },
    /// A boundary of a kind.
    Boundary(String),
}

/// A tab of the panel on the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    #[default]
    Findings,
    Questions,
    Comments,
    Inspector,
}

/// A tab of the panel on the left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LeftTab {
    /// What can be put on the drawing.
    #[default]
    Palette,
    /// What is on it, as a tree.
    Outline,
}

/// A window over all else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Modal {
    Gallery,
    CommandPalette,
    Help,
    About,
    /// Type a path to open.
    OpenPath(String),
    /// Type a path of rules to add: a file or a folder.
    AddPacks(String),
    /// What is wrong with rule packs that were to be added, a line each.
    PackFaults(Vec<String>),
    /// The rule packs of the document.
    Packs,
    /// The packs of icons to choose from.
    IconPacks,
    /// Type the path of a folder of icons.
    AddIcons(String),
    /// Choose an icon for what is selected.
    Icon,
    /// Type a path to save to.
    SaveToPath(String),
    /// Type a path for an export that found no dialog.
    ExportToPath(String),
    /// There are unsaved changes; what was to be done when that is settled.
    Unsaved(AfterUnsaved),
    /// Where the document is to be saved lies another file than the one that we know; what was to be done after it.
    OthersThere {
        path: String,
        after: Option<AfterUnsaved>,
    },
    /// Work was not saved when a window ended; the one of which it was asked whether it is to be thrown away.
    Lost(Option<String>),
    /// Give a verdict on the finding of this key.
    Verdict(String),
    /// The views of the document, and what is on the one that is shown.
    Views,
    /// The page of a rule.
    Manual(String),
    /// How bad what is.
    Levels,
    /// Name where something goes that the pointer would drag there.
    Target(Wanted),
    /// Every element against every kind of threat.
    Coverage,
    /// A threat by hand: that of an id, or a new one about what is selected.
    Threat(Option<Id>),
    Export,
}

/// What waits for the answer about unsaved changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AfterUnsaved {
    New,
    OpenDialog,
    OpenPath(String),
    Sample(String),
    /// A file that was dropped on the window.
    Dropped {
        name: String,
        path: Option<String>,
        bytes: Vec<u8>,
    },
    /// Work that was lost, by its journal.
    Restore(String),
    Quit,
}

/// What the canvas is asked to do at its next frame.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// Show all.
    Fit,
    /// Show what is selected.
    FitSelection,
    /// Bring these into view, if they are not, and so near that they can be read.
    Show(Vec<Id>),
    /// Bring these into view, if they are not, as near as one looks already.
    Follow(Vec<Id>),
    /// The same of a point.
    ShowPoint(Pos),
    ZoomIn,
    ZoomOut,
    /// 100 %.
    ZoomReset,
    /// Edit the name of an element in place.
    Rename(Id),
    /// Open the menu of what is selected, at these points of the window.
    Menu {
        x: i32,
        y: i32,
    },
    Focus,
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ViewState {
    pub tool: Tool,
    /// The tool stays in hand after it was used.
    pub keeps_tool: bool,
    /// The kinds under the digits.
    pub recent: RecentKinds,
    pub tab: Tab,
    pub left: LeftTab,
    /// Which of the two panels show.
    pub panels: Panels,
    pub modal: Option<Modal>,
    /// The key of the finding or question whose evidence is shown for good, by a click.
    pub chosen: Option<String>,
    /// The key of the one under the pointer.
    pub hovered: Option<String>,
    /// The views are shown one after the other, with nothing around them.
    pub presents: bool,
    /// The view that was shown before.
    pub view_before: Option<Id>,
    /// What the drawing is tinted by.
    pub tint: Option<Tint>,
    /// Of the legend of a tint, the title alone shows.
    pub folds_legend: bool,
    /// Elements do not wear the counts of their findings.
    pub hides_badges: bool,
    /// Pins of comments do not show.
    pub hides_comments: bool,
    /// What the filter of the view leaves out shows for a while.
    pub shows_all: bool,
    /// What a comment is being written on.
    pub composing: Option<PinTo>,
    /// The thread that is open in its list.
    pub thread: Option<Id>,
    /// Somebody came for it: the list brings it into sight.
    pub thread_is_sought: bool,
    /// Whoever comments wants to type.
    pub words_are_called: bool,
    /// Snap to the grid.
    pub snap: bool,
    /// The map shows while the drawing is larger than the view.
    pub minimap: bool,
    /// How lines are drawn where they cross.
    pub jumps: Jumps,
    /// A box selects only what it encloses, and not all that it touches.
    pub box_encloses: bool,
    /// The wheel zooms, and does not move the view.
    pub wheel_zooms: bool,
    /// The document saves itself.
    pub autosave: bool,
    /// None: as the system has it.
    pub theme: Option<Theme>,
    /// The one that the window shows; it says so.
    pub theme_now: Theme,
    /// What pictures leave off that are handed out.
    pub picture: PictureChoices,
    /// How much may move by itself; [`super::Editor::reduced_motion`] says what comes of it.
    pub motion: Motion,
    /// The system asks for little motion.
    pub system_reduces_motion: bool,
    /// What is on its way from the palette; whoever is under the pointer takes it when it is let go.
    pub carried: Option<Carried>,
    /// Wishes, in order; the canvas takes them.
    pub wishes: Vec<Wish>,
    /// Where the pointer is on the drawing, if it is over it; the canvas says so.
    pub pointed: Option<Pos>,
    /// The part of the drawing that is in view, but for a margin; the canvas says so.
    pub seen: Option<Rect>,
    /// The keyboard came to the list of the tab: its first row takes the focus, or the one that is chosen.
    pub list_is_called: bool,
    /// The keyboard came to the search of the findings: its field takes the focus, its text selected.
    pub list_search_is_called: bool,
    /// The keyboard came to the outline: the row of what is selected takes the focus, or the first.
    pub outline_is_called: bool,
    /// The row of the outline that has the keyboard: letters look for another, and some keys with Control are its own.
    pub outline_at: Option<Row>,
    /// What arrows are drawing on, until the key is let go.
    pub drawn_on: Option<DrawnOn>,
    /// The element whose flows are walked through.
    pub flows_of: Option<Id>,
    /// Whoever searches the drawing wants to type.
    pub search_is_called: bool,
    /// The key of the finding or question that somebody came for: its list brings it into sight, whatever hides it there.
    pub sought: Option<String>,
    /// Somebody came for all findings of what is selected: their list narrows to these.
    pub narrows_to_selection: bool,
    /// Filters of the findings panel: settled ones are hidden unless wanted.
    pub show_settled: bool,
    /// Words that findings, and what else is listed with them, must hold.
    pub search: String,
    pub palette_search: String,
}
