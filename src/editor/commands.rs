//! Commands: one table drives menus, the command palette, shortcuts, tooltips, help and their tests.
// Copied from everywhere, so keep it exemplary.

use std::collections::BTreeSet;

use super::{
    Alignment, Editor, Heading, LeftTab, Modal, Motion, NewView, Reorder, Tab, Tint, Tone, Tool, Wanted, Way,
    Wish,
};
use crate::model::Id;
use crate::scene::{Jumps, LayoutScope};
use crate::tokens::Theme;

/// The menu that a command stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Menu {
    File,
    Edit,
    Arrange,
    Tools,
    View,
    Review,
    Go,
    Preferences,
    Help,
}

impl Menu {
    pub const ALL: [Self; 9] = [
        Self::File,
        Self::Edit,
        Self::Arrange,
        Self::Tools,
        Self::View,
        Self::Review,
        Self::Go,
        Self::Preferences,
        Self::Help,
    ];

    pub fn label(self) -> &'static str {
        match self {
            Self::File => "File",
            Self::Edit => "Edit",
            Self::Arrange => "Arrange",
            Self::Tools => "Tools",
            Self::View => "View",
            Self::Review => "Review",
            Self::Go => "Go",
            Self::Preferences => "Preferences",
            Self::Help => "Help",
        }
    }
}

/// Something that a user can do.
pub struct Command {
    /// `edit.undo`
    pub id: &'static str,
    /// A verb with its object, sentence case; `…` if more is asked.
    pub label: &'static str,
    /// What it does, in a sentence.
    pub help: &'static str,
    /// Shortcuts, the one that is shown first, unless the user chose others; [`super::Shortcut::parse`] reads them.
    pub keys: &'static [&'static str],
    pub menu: Menu,
    /// The name of an icon of `assets/icons`; empty for none.
    pub icon: &'static str,
    /// Whether it can be done now.
    pub when: fn(&Editor) -> bool,
    pub run: fn(&mut Editor),
}

/// The command of that id.
pub fn command(id: &str) -> Option<&'static Command> {
    COMMANDS.iter().find(|it| it.id == id)
}

impl Command {
    /// What it is called now: a switch that is no two commands says what it would do.
    pub fn label_now(&self, editor: &Editor) -> &'static str {
        match self.id {
            "arrange.lock" if !editor.can_lock() => self.label,
            "arrange.lock" if editor.would_unlock() => "Unlock",
            "arrange.lock" => "Lock",
            _ => self.label,
        }
    }
}

impl Editor {
    /// Runs a command by its id, if it can be done now. Returns whether it could.
    pub fn run(&mut self, id: &str) -> bool {
        let Some(command) = command(id).filter(|it| (it.when)(self)) else { return false };
        (command.run)(self);
        true
    }
}

fn always(_: &Editor) -> bool {
    true
}

/// A page is closed by the browser alone.
fn has_own_window(_: &Editor) -> bool {
    cfg!(not(target_arch = "wasm32"))
}

fn has_selection(editor: &Editor) -> bool {
    !editor.selection().is_empty()
}

fn has_selection_or_evidence(editor: &Editor) -> bool {
    has_selection(editor) || editor.shown.chosen.is_some()
}

fn has_one(editor: &Editor) -> bool {
    editor.selected_one().is_some() && editor.proposal().is_none()
}

fn has_boundary(editor: &Editor) -> bool {
    editor.selection().iter().any(|it| editor.model().boundaries().contains_key(it))
}

fn has_boxes(editor: &Editor) -> bool {
    editor.selection().iter().any(|it| !editor.model().flows().contains_key(it))
}

fn has_inferred_pool(editor: &Editor) -> bool {
    editor.selected_one().is_some_and(|it| editor.inferred_pool(it).is_some())
}

fn has_inferred_gate(editor: &Editor) -> bool {
    editor.selected_one().is_some_and(|it| !editor.inferred_gate_of(it).is_empty())
}

fn has_gate(editor: &Editor) -> bool {
    let component = editor.selected_one().and_then(|it| editor.model().component(it));
    component.is_some_and(|it| it.gate_of.is_some())
}

fn has_views(editor: &Editor) -> bool {
    editor.model().views().len() > 1
}

fn has_content(editor: &Editor) -> bool {
    editor.layout().bounds().is_some()
}

macro_rules! commands {
    ($($id:literal, $label:literal, $menu:ident, $icon:literal, [$($key:literal),*], $when:expr, $run:expr, $help:literal;)+) => {
        /// All commands, in the order of their menus.
        pub static COMMANDS: &[Command] = &[
            $(Command {
                id: $id, label: $label, help: $help, keys: &[$($key),*], menu: Menu::$menu, icon: $icon, when: $when, run: $run,
            },)+
        ];
    };
}

commands! {
    "file.new", "New", File, "file", ["Alt+N"], always, Editor::new_document, "Start with an empty drawing.";
    "file.gallery", "Open a sample…", File, "layout-grid", ["Cmd+Shift+O"], always, |it| show(it, Modal::Gallery),
        "Choose one of the sample architectures.";
    "file.open", "Open…", File, "folder-open", ["Cmd+O"], always, Editor::open_dialog, "Choose a file with the system's dialog.";
    "file.open-path", "Open path…", File, "", [], has_own_window, |it| show(it, Modal::OpenPath(String::new())),
        "Type the path of a file to open.";
    "file.save", "Save", File, "save", ["Cmd+S"], always, Editor::save, "Write the document where it came from.";
    "file.save-as", "Save as…", File, "", ["Cmd+Shift+S"], always, Editor::save_as, "Choose where to save with the system's dialog.";
    "file.save-to-path", "Save to path…", File, "", [], has_own_window, show_save_to_path, "Type the path to save to.";
    "file.autosave", "Save automatically", File, "", [], has_own_window, Editor::toggle_autosave,
        "Turn on or off that a document which has a file is saved by itself, soon after each change and before the window closes.";
    "file.restore", "Restore unsaved work…", File, "", [], |it| !it.lost().is_empty(), Editor::show_lost,
        "See what was not saved when a window ended, and bring it back.";
    "file.export", "Export…", File, "download", ["Cmd+E"], always, |it| show(it, Modal::Export),
        "Hand out findings as Markdown, CSV or JSON, or the picture as SVG or PNG.";
    "file.export-to-path", "Export to path…", File, "", [], |it| it.path_for_export().is_some(), show_export_to_path,
        "Type the path for what was to be exported.";
    "file.quit", "Quit", File, "", ["Cmd+Q"], has_own_window, Editor::quit, "Close the window.";

    "edit.undo", "Undo", Edit, "undo-2", ["Cmd+Z"], |it| it.history().next_undo().is_some(), Editor::undo, "Take back the last step.";
    "edit.redo", "Redo", Edit, "redo-2", ["Cmd+Shift+Z", "Cmd+Y"], |it| it.history().next_redo().is_some(), Editor::redo,
        "Do again what was taken back.";
    "edit.cut", "Cut", Edit, "scissors", ["Cmd+X"], has_boxes, Editor::cut, "Copy the selection, then delete it.";
    "edit.copy", "Copy", Edit, "copy", ["Cmd+C"], has_boxes, Editor::copy, "Copy the selection, with the flows inside it.";
    "edit.copy-svg", "Copy as SVG", Edit, "image", ["Cmd+Shift+C"], has_content, Editor::copy_svg,
        "Copy the picture of the selection, or of all, as SVG text. It holds the elements, so that it can be pasted back.";
    "edit.paste", "Paste", Edit, "", [], has_own_window, Editor::ask_for_paste, "Add what was copied, here or elsewhere.";
    "edit.duplicate", "Duplicate", Edit, "", ["Cmd+D"], has_boxes, Editor::duplicate, "Add a copy of the selection beside it.";
    "edit.delete", "Delete", Edit, "trash-2", ["Delete", "Backspace"], has_selection, delete_selection,
        "Delete the selection with its flows; boundaries with all in them.";
    "edit.select-all", "Select all", Edit, "", ["Cmd+A"], has_content, Editor::select_all,
        "Select everything beside the selection; again, everything further out.";
    "edit.select-none", "Select nothing", Edit, "", ["Cmd+Shift+A"], has_selection, Editor::clear_selection, "Clear the selection.";
    "edit.select-same-kind", "Select the same kind", Edit, "", [], has_selection, Editor::select_same_kind,
        "Select all on this view that are of the kind of what is selected; of a flow, all with its protocol.";
    "edit.select-same-finding", "Select the same finding", Edit, "", [], has_selection_or_evidence, Editor::select_same_finding,
        "Select all that has the finding that is shown or, if none is, the worst of what is selected.";
    "edit.rename", "Rename", Edit, "pencil", ["F2", "Enter"], has_one, rename_selected, "Edit the name in place.";

    "edit.icon", "Change the icon…", Edit, "image", [], |it| it.can_choose_icon(), |it| show(it, Modal::Icon),
        "Choose what the selection is drawn with: one of your own icons, or one of those that come with the app.";

    "edit.draw-on-left", "Draw on to the left", Edit, "", ["Cmd+Left"], |it| it.can_draw_on(), |it| it.draw_on(Heading::Left),
        "Add a component of the same kind on the left, with a flow to it. Again while Control is held, one more beside it.";
    "edit.draw-on-right", "Draw on to the right", Edit, "", ["Cmd+Right"], |it| it.can_draw_on(), |it| it.draw_on(Heading::Right),
        "Add a component of the same kind on the right, with a flow to it. Again while Control is held, one more beside it.";
    "edit.draw-on-up", "Draw on upwards", Edit, "", ["Cmd+Up"], |it| it.can_draw_on(), |it| it.draw_on(Heading::Up),
        "Add a component of the same kind above, with a flow to it. Again while Control is held, one more beside it.";
    "edit.draw-on-down", "Draw on downwards", Edit, "", ["Cmd+Down"], |it| it.can_draw_on(), |it| it.draw_on(Heading::Down),
        "Add a component of the same kind below, with a flow to it. Again while Control is held, one more beside it.";

    "edit.comment", "Comment…", Edit, "message-square", ["C"], always, Editor::begin_comment,
        "Write a comment on what is selected; with nothing selected, click what it is about.";
    "edit.flow-to", "Connect to…", Edit, "spline", ["Shift+F"], |it| it.has_target(Wanted::FlowTo) || !has_selection(it), connect_to,
        "Name the component that a flow from the selected one leads to.";
    "edit.flow-from", "Connect from…", Edit, "", [], |it| it.has_target(Wanted::FlowFrom), |it| choose(it, Wanted::FlowFrom),
        "Name the component that a flow to the selected one comes from.";
    "edit.flow-start", "Begin the flow elsewhere…", Edit, "", [], |it| it.has_target(Wanted::Start), |it| choose(it, Wanted::Start),
        "Name the component that the selected flow begins at from now on.";
    "edit.flow-end", "Lead the flow elsewhere…", Edit, "", [], |it| it.has_target(Wanted::End), |it| choose(it, Wanted::End),
        "Name the component that the selected flow ends at from now on.";
    "edit.insert", "Put something into the flow…", Edit, "plus", ["Shift+I"], |it| it.has_target(Wanted::Inserted), |it| choose(it, Wanted::Inserted),
        "Name the kind of component that the selected flow goes through from now on.";

    "edit.add-threat", "Add a threat…", Review, "", ["Cmd+Shift+T"], always, |it| show(it, Modal::Threat(None)),
        "Write down a threat that no rule finds, about what is selected.";
    "edit.rule-packs", "Rule packs…", Review, "", [], always, |it| show(it, Modal::Packs),
        "See the rules of your own that this document holds, add some, take some out.";
    "edit.add-rule-pack", "Add rule packs…", Review, "", [], always, Editor::add_packs_dialog,
        "Choose files of rules with the system's dialog: *.parapet-rules.ron, or *.tb7 of the Microsoft Threat Modeling Tool.";
    "edit.add-rule-pack-path", "Add rule packs from path…", Review, "", [], has_own_window, |it| show(it, Modal::AddPacks(String::new())),
        "Type the path of a file of rules, or of a folder of them.";
    "edit.levels", "Levels of severity…", Review, "", [], always, |it| show(it, Modal::Levels), "See how bad what is, and change it for this document.";

    "arrange.enclose", "Draw a boundary around", Arrange, "group", ["Cmd+G"], has_boxes, |it| it.enclose_selection("subnet-tier"),
        "Draw a trust boundary around the selection.";
    "arrange.dissolve", "Dissolve boundary", Arrange, "ungroup", ["Cmd+Shift+G"], has_boundary, dissolve_selection,
        "Take the boundary away and leave what is in it.";

    "arrange.move-into", "Move into…", Arrange, "square-dashed", ["Shift+M"], |it| it.has_target(Wanted::Home), |it| choose(it, Wanted::Home),
        "Name the boundary that the selection is to stand in.";
    "arrange.make-gate", "Make it the gate of…", Arrange, "brick-wall-shield", [], |it| it.has_target(Wanted::Gated), |it| choose(it, Wanted::Gated),
        "Name the boundary on whose edge the selected component is to sit.";
    "arrange.take-off-gate", "Take off the gate", Arrange, "", [], has_gate, |it| with_selected(it, take_off_gate),
        "Take the gate off the edge of its boundary.";

    "arrange.collapse", "Collapse", Arrange, "chevrons-down-up", ["Cmd+Home"], |it| it.has_foldable(false), |it| it.fold_selection(true),
        "Draw the boundary as one box, which wears the findings of all that is in it.";
    "arrange.expand", "Expand", Arrange, "chevrons-up-down", ["Cmd+End"], |it| it.has_foldable(true), |it| it.fold_selection(false),
        "Show again what is in the boundary.";
    "arrange.fit", "Fit to contents", Arrange, "", ["Alt+Shift+F"], |it| it.can_fit(), Editor::fit_selection,
        "Make a boundary as small as what it holds lets it be, and a card as large as its text asks for.";
    "arrange.layout", "Lay out", Arrange, "workflow", ["Alt+L"], |it| it.can_lay_out(), |it| it.lay_out(it.layout_scope()),
        "Propose tidy places along the flows: for what is selected, boundaries with all in them, or for the whole view. Locked elements stay.";
    "arrange.layout-view", "Lay out the whole view", Arrange, "", ["Alt+Shift+L"], |it| it.can_lay_out(), |it| it.lay_out(LayoutScope::View),
        "Propose tidy places along the flows for all that is on the view. Locked elements stay.";
    "arrange.lock", "Lock or unlock", Arrange, "lock", ["Cmd+Shift+L"], |it| it.can_lock(), Editor::toggle_lock,
        "Hold the selection where it is: nothing moves, resizes or deletes it until it is unlocked.";
    "arrange.unlock-all", "Unlock all", Arrange, "lock-open", [], |it| !it.locked().is_empty(), Editor::unlock_all, "Unlock everything on this view.";
    "arrange.align-left", "Align left", Arrange, "align-start-vertical", ["Cmd+Shift+Left"], |it| it.can_align(), |it| it.align(Alignment::Left),
        "Bring the left edges of the selection onto one line.";
    "arrange.align-centre", "Align centres", Arrange, "align-center-vertical", ["Alt+H"], |it| it.can_align(), |it| it.align(Alignment::Centre),
        "Bring the selection onto one line from top to bottom, by its centres.";
    "arrange.align-right", "Align right", Arrange, "align-end-vertical", ["Cmd+Shift+Right"], |it| it.can_align(), |it| it.align(Alignment::Right),
        "Bring the right edges of the selection onto one line.";
    "arrange.align-top", "Align top", Arrange, "align-start-horizontal", ["Cmd+Shift+Up"], |it| it.can_align(), |it| it.align(Alignment::Top),
        "Bring the upper edges of the selection onto one line.";
    "arrange.align-middle", "Align middles", Arrange, "align-center-horizontal", ["Alt+V"], |it| it.can_align(), |it| it.align(Alignment::Middle),
        "Bring the selection onto one line from left to right, by its middles.";
    "arrange.align-bottom", "Align bottom", Arrange, "align-end-horizontal", ["Cmd+Shift+Down"], |it| it.can_align(), |it| it.align(Alignment::Bottom),
        "Bring the lower edges of the selection onto one line.";
    "arrange.distribute-across", "Distribute horizontally", Arrange, "align-horizontal-space-between", ["Alt+Shift+H"],
        |it| it.can_distribute(), |it| it.distribute(Way::Across), "Make the gaps from left to right equal; the outer two stay.";
    "arrange.distribute-down", "Distribute vertically", Arrange, "align-vertical-space-between", ["Alt+Shift+V"],
        |it| it.can_distribute(), |it| it.distribute(Way::Down), "Make the gaps from top to bottom equal; the outer two stay.";

    "arrange.space-right", "Insert space to the right", Arrange, "", ["Alt+I"], |it| it.can_make_room(), |it| it.make_room_beside(Way::Across, true),
        "Move all that stands right of the selection further away; boundaries grow with it. Ctrl+Alt+Shift and drag does so anywhere.";
    "arrange.space-below", "Insert space below", Arrange, "", ["Alt+Shift+I"], |it| it.can_make_room(), |it| it.make_room_beside(Way::Down, true),
        "Move all that stands below the selection further away; boundaries grow with it.";
    "arrange.close-right", "Take space away on the right", Arrange, "", [], |it| it.can_make_room(), |it| it.make_room_beside(Way::Across, false),
        "Bring all that stands right of the selection nearer, as far as nothing is in the way.";
    "arrange.close-below", "Take space away below", Arrange, "", [], |it| it.can_make_room(), |it| it.make_room_beside(Way::Down, false),
        "Bring all that stands below the selection nearer, as far as nothing is in the way.";

    "arrange.forward", "Bring forward", Arrange, "", ["Cmd+]"], |it| it.can_reorder(), |it| it.reorder(Reorder::Forward),
        "Let the selection lie on the next that lies on it.";
    "arrange.backward", "Send backward", Arrange, "", ["Cmd+["], |it| it.can_reorder(), |it| it.reorder(Reorder::Backward),
        "Let the selection lie below the next that it lies on.";
    "arrange.to-front", "Bring to front", Arrange, "", ["Cmd+Shift+]"], |it| it.can_reorder(), |it| it.reorder(Reorder::ToFront),
        "Let the selection lie on all others. Boundaries stay below what is in them.";
    "arrange.to-back", "Send to back", Arrange, "", ["Cmd+Shift+["], |it| it.can_reorder(), |it| it.reorder(Reorder::ToBack),
        "Let the selection lie below all others. Boundaries stay below what is in them.";

    "arrange.confirm-pool", "Make it a pool", Arrange, "layers", [], has_inferred_pool, |it| with_selected(it, Editor::confirm_pool),
        "Say that any one of those that are drawn alike will do.";
    "arrange.separate-pool", "Keep them apart", Arrange, "split", [], has_inferred_pool, |it| with_selected(it, Editor::separate_pool),
        "Say that those that are drawn alike do not stand in for each other.";
    "arrange.confirm-gate", "Make it the gate", Arrange, "brick-wall-shield", [], has_inferred_gate, |it| with_selected(it, Editor::confirm_gate),
        "Put the filter on the edge of the boundary that it guards.";
    "arrange.fix-ends", "Fix the ends", Arrange, "pin", [], Editor::can_fix_ends, Editor::fix_ends,
        "Hold the ends of the flow at the points of the borders where they are now, wherever its way goes.";
    "arrange.float-ends", "Let the ends float", Arrange, "pin-off", [], Editor::can_float_ends, Editor::float_ends,
        "Let the ends of the flow meet the borders wherever it suits its way.";
    "arrange.reset-label", "Reset the label", Arrange, "", [], Editor::can_reset_labels, Editor::reset_labels,
        "Let the label of the flow find room on its line again. Alt+Shift and arrows move it along the line.";
    "arrange.reset-route", "Reset the route", Arrange, "route", [], |it| it.can_reset_routes(), Editor::reset_routes, "Let the flow find its own way again.";

    "view.pointer", "Select", Tools, "mouse-pointer-2", ["V"], always, Editor::let_go_of_tool, "Select, move and connect.";
    "view.hand", "Move the view", Tools, "hand", ["H"], always, |it| it.shown.tool = Tool::Hand, "Drag to move the view. Space does so for as long as it is held.";
    "view.boundary", "Draw a boundary", Tools, "square-dashed", ["B"], always, |it| it.shown.tool = Tool::Boundary, "Drag out a trust boundary.";
    "view.flow", "Draw a flow", Tools, "spline", ["F"], always, |it| it.shown.tool = Tool::Flow, "Drag from one component to another.";
    "view.note", "Place a note", Tools, "sticky-note", ["N"], always, |it| it.shown.tool = Tool::Place("note".to_owned()), "Click where the note goes.";
    "view.icon-packs", "Icon packs…", Tools, "image", [], always, |it| show(it, Modal::IconPacks),
        "See the icons of your own that you can draw with, add some, take some out.";
    "view.add-icons", "Add icons…", Tools, "", [], always, Editor::add_icons_dialog,
        "Choose a folder of SVGs with the system's dialog; in a browser, the SVGs themselves.";
    "view.add-icons-path", "Add icons from path…", Tools, "", [], has_own_window, |it| show(it, Modal::AddIcons(String::new())),
        "Type the path of a folder of SVGs.";
    "view.keep-tool", "Keep the tool", Tools, "pin", ["Q"], |it| it.has_tool_to_keep(), |it| it.shown.keeps_tool = !it.shown.keeps_tool,
        "Go on with the tool in hand after it was used, until Esc lets go of it; again, use it once.";
    "view.zoom-in", "Zoom in", View, "zoom-in", ["Cmd+=", "Cmd+Plus"], always, |it| wish(it, Wish::ZoomIn), "Come nearer.";
    "view.zoom-out", "Zoom out", View, "zoom-out", ["Cmd+-"], always, |it| wish(it, Wish::ZoomOut), "See more.";
    "view.zoom-reset", "Zoom to 100 %", View, "", ["Cmd+0", "Shift+0"], always, |it| wish(it, Wish::ZoomReset), "See everything in its own size.";
    "view.fit", "Zoom to fit", View, "maximize", ["Shift+1"], has_content, |it| wish(it, Wish::Fit), "See the whole drawing.";
    "view.fit-selection", "Zoom to selection", View, "", ["Shift+2"], has_selection, |it| wish(it, Wish::FitSelection), "See what is selected.";
    "view.snap", "Snap to the grid", Preferences, "", ["Cmd+'"], always, |it| it.shown.snap = !it.shown.snap, "Turn the grid on or off. Control does so for one gesture.";
    "view.minimap", "Map", View, "map", [], always, |it| it.shown.minimap = !it.shown.minimap,
        "Show the whole drawing small in the corner whenever it is larger than the view; again, hide it.";
    "view.lock-layout", "Lock layout", View, "lock", [], always, Editor::toggle_layout_lock,
        "Hold everything on this view where it is, for whoever opens it; again, let it go.";
    "view.wheel-zooms", "Zoom with the wheel", Preferences, "", [], always, |it| it.shown.wheel_zooms = !it.shown.wheel_zooms,
        "The wheel zooms at the pointer, and does not move the view; for a mouse.";
    "view.jumps-off", "Line jumps: none", Preferences, "", [], always, |it| it.set_jumps(Jumps::Off), "Let flows run through each other where they cross.";
    "view.jumps-arc", "Line jumps: arcs", Preferences, "", [], always, |it| it.set_jumps(Jumps::Arc),
        "Let a level flow go over an upright one in a half circle, on the canvas and in exported pictures.";
    "view.jumps-gap", "Line jumps: gaps", Preferences, "", [], always, |it| it.set_jumps(Jumps::Gap),
        "Break a level flow where an upright one crosses it, on the canvas and in exported pictures.";
    "view.box-encloses", "Select what a box encloses", Preferences, "", [], always, toggle_box_encloses,
        "A box selects only what lies in it as a whole; again, all cards that it touches.";
    "view.theme-system", "Theme: as the system", Preferences, "", [], always, |it| it.shown.theme = None, "Dark or light, as the system has it.";
    "view.theme-dark", "Theme: dark", Preferences, "moon", [], always, |it| it.shown.theme = Some(Theme::Dark), "Light text on dark ground.";
    "view.theme-light", "Theme: light", Preferences, "sun", [], always, |it| it.shown.theme = Some(Theme::Light), "Dark text on light ground.";
    "view.theme-contrast", "Theme: high contrast", Preferences, "contrast", [], always, |it| it.shown.theme = Some(Theme::HighContrast),
        "The strongest contrast, every line visible.";
    "view.motion-system", "Motion: as the system", Preferences, "", [], always, |it| it.shown.motion = Motion::System,
        "Let the view fly where it goes unless the system asks for little motion.";
    "view.motion-reduced", "Motion: reduced", Preferences, "", [], always, |it| it.shown.motion = Motion::Reduced,
        "Be at once where the view goes; nothing flies, fades or blinks.";
    "view.motion-full", "Motion: full", Preferences, "", [], always, |it| it.shown.motion = Motion::Full,
        "Let the view fly where it goes, whatever the system asks for.";
    "view.views", "Views…", View, "layout-grid", ["Alt+5"], always, |it| show(it, Modal::Views),
        "Make several diagrams of this one model, name and order them, and choose what is on each.";
    "view.filter", "Filter of the view", View, "funnel", ["Alt+F"], Editor::has_filter, Editor::toggle_show_all,
        "Show all for a while though the view has a filter; again, what passes it.";
    "view.new-of-selection", "New view of the selection", View, "copy-plus", [], has_boxes, |it| it.add_view(NewView::Selection),
        "Make a diagram of what is selected, with all in it, in the same places.";
    "view.take-off", "Take off this view", View, "eye-off", [], |it| it.can_take_off_view(), Editor::take_off_view,
        "Leave what is selected to the other views that it is on.";
    "view.next", "Next view", View, "chevron-right", ["Alt+PageDown"], has_views, |it| { it.step_view(true); }, "Show the next of the views.";
    "view.previous", "Previous view", View, "chevron-left", ["Alt+PageUp"], has_views, |it| { it.step_view(false); }, "Show the view before this one.";
    "view.present", "Present", View, "play", ["Alt+P"], always, Editor::toggle_presenting,
        "Show the views one after the other by the arrow keys, with nothing around them; Esc ends it.";
    "view.exposure", "Tint by exposure", Review, "radio-tower", ["E"], always, |it| it.toggle_tint(&Tint::Exposure),
        "Show what an attacker reaches from the internet, and after how many compromises; again, end it.";
    "view.personal-data", "Tint by personal data", Review, "fingerprint", ["D"], always, |it| it.toggle_tint(&Tint::PersonalData),
        "Show where personal data is kept and where it goes; again, end it.";
    "view.badges", "Counts of findings", Review, "tag", [], always, |it| it.shown.hides_badges = !it.shown.hides_badges,
        "Show on each element how many findings and questions it has, or hide that.";
    "view.comments", "Pins of comments", Review, "message-square", ["Shift+C"], always, |it| it.shown.hides_comments = !it.shown.hides_comments,
        "Show on the drawing where comments are open, or hide that.";
    "view.panels", "Panels", View, "", ["Cmd+\\"], always, Editor::toggle_panels, "Fold what lies beside the drawing, or show it again.";
    "view.left-panel", "Panel on the left", View, "panel-left", [], always, Editor::toggle_left, "Fold palette and outline, or show them again.";
    "view.right-panel", "Panel on the right", View, "panel-right", [], always, Editor::toggle_right,
        "Fold findings, questions, comments and inspector, or show them again.";
    "view.palette", "Palette", View, "", [], always, |it| it.show_left(LeftTab::Palette), "Show what can be put on the drawing.";
    "view.outline", "Outline", View, "", ["Alt+6"], always, call_outline,
        "Show all that is drawn as a tree: boundaries, what is in them, flows and findings.";
    "view.findings", "Findings", Review, "", ["Alt+1"], always, |it| call_list(it, Tab::Findings), "Show what is wrong.";
    "view.search-findings", "Search findings", Review, "search", ["Cmd+Shift+F"], always, call_search, "Find findings and questions by their words.";
    "view.questions", "Questions", Review, "", ["Alt+2"], always, |it| call_list(it, Tab::Questions), "Show what to ask the architect.";
    "view.inspector", "Inspector", Review, "", ["Alt+3"], always, |it| it.show_tab(Tab::Inspector), "Show what is selected.";
    "view.threads", "Comments", Review, "messages-square", ["Alt+7"], always, |it| call_list(it, Tab::Comments), "Show what is said about the drawing.";
    "view.coverage", "STRIDE coverage…", Review, "", ["Alt+4"], always, |it| show(it, Modal::Coverage),
        "See every element against every kind of threat: what was found, asked and answered.";

    "view.search", "Find on the drawing…", Go, "text-search", ["Cmd+F"], always, Editor::begin_search,
        "Light up all that holds the words you type: names, kinds, technologies, notes, ports, data, findings.";
    "view.search-next", "Find the next", Go, "", ["F3"], always, |it| it.go_to_hit(true), "Go to the next of what was found.";
    "view.search-previous", "Find the one before", Go, "", ["Shift+F3"], always, |it| it.go_to_hit(false),
        "Go to the one before among what was found.";
    "view.commands", "Find a command…", Go, "search", ["Cmd+K", "Cmd+Shift+P"], always, |it| show(it, Modal::CommandPalette),
        "Type a few letters of what you want to do.";
    "go.left", "Walk to the left", Go, "", ["Alt+Left"], has_content, |it| it.walk(Heading::Left),
        "Go along a flow to the neighbour on the left; without one, to what is nearest there.";
    "go.right", "Walk to the right", Go, "", ["Alt+Right"], has_content, |it| it.walk(Heading::Right),
        "Go along a flow to the neighbour on the right; without one, to what is nearest there.";
    "go.up", "Walk up", Go, "", ["Alt+Up"], has_content, |it| it.walk(Heading::Up),
        "Go along a flow to the neighbour above; without one, to what is nearest there.";
    "go.down", "Walk down", Go, "", ["Alt+Down"], has_content, |it| it.walk(Heading::Down),
        "Go along a flow to the neighbour below; without one, to what is nearest there.";
    "go.next-flow", "Next flow", Go, "", ["."], has_one, |it| it.walk_flows(true), "Go through the flows of the element that is selected.";
    "go.previous-flow", "Flow before", Go, "", [","], has_one, |it| it.walk_flows(false),
        "Go through the flows of the element that is selected, the other way round.";

    "help.shortcuts", "Keyboard shortcuts…", Help, "keyboard", ["?"], always, |it| show(it, Modal::Help), "See all commands with their keys, and change them.";
    "help.about", "About Parapet", Help, "info", [], always, |it| show(it, Modal::About), "Version and licences.";
}

fn show(editor: &mut Editor, modal: Modal) {
    editor.shown.modal = Some(modal);
}

/// Somebody names where something goes.
fn choose(editor: &mut Editor, wanted: Wanted) {
    show(editor, Modal::Target(wanted));
}

/// Whoever has nothing selected is told how to begin.
fn connect_to(editor: &mut Editor) {
    if has_selection(editor) {
        return choose(editor, Wanted::FlowTo);
    }
    editor.say(Tone::Info, "Select the component first that the flow is to come from.", &[]);
}

fn call_outline(editor: &mut Editor) {
    editor.show_left(LeftTab::Outline);
    editor.shown.outline_is_called = true;
}

fn call_list(editor: &mut Editor, tab: Tab) {
    editor.show_tab(tab);
    editor.shown.list_is_called = true;
}

fn call_search(editor: &mut Editor) {
    // Both lists use the same words: whoever looks at one of them stays with it.
    let is_one = matches!(editor.shown.tab, Tab::Findings | Tab::Questions);
    editor.show_tab(if is_one { editor.shown.tab } else { Tab::Findings });
    editor.shown.list_search_is_called = true;
}

fn wish(editor: &mut Editor, wish: Wish) {
    editor.shown.wishes.push(wish);
}

fn toggle_box_encloses(editor: &mut Editor) {
    editor.shown.box_encloses = !editor.shown.box_encloses;
    let text = if editor.shown.box_encloses {
        "A box selects only what it encloses."
    } else {
        "A box selects the cards that it touches."
    };
    editor.say(Tone::Info, text, &[]);
}

fn show_save_to_path(editor: &mut Editor) {
    let path = editor.document.path.clone().unwrap_or_else(|| editor.file_name());
    show(editor, Modal::SaveToPath(path));
}

fn show_export_to_path(editor: &mut Editor) {
    if let Some(path) = editor.path_for_export() {
        show(editor, Modal::ExportToPath(path));
    }
}

fn delete_selection(editor: &mut Editor) {
    let ids: BTreeSet<Id> = editor.selection().clone();
    editor.delete(&ids);
}

fn dissolve_selection(editor: &mut Editor) {
    let ids: BTreeSet<Id> = editor.selection().clone();
    editor.dissolve(&ids);
}

/// Does something with the one component that is selected.
fn with_selected(editor: &mut Editor, act: fn(&mut Editor, &Id)) {
    if let Some(id) = editor.selected_one().cloned() {
        act(editor, &id);
    }
}

fn take_off_gate(editor: &mut Editor, id: &Id) {
    if editor.can_move(id) {
        editor.set_gate(id, None);
    } else {
        editor.say_what_holds(id);
    }
}

fn rename_selected(editor: &mut Editor) {
    with_selected(editor, |editor, id| wish(editor, Wish::Rename(id.clone())));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::editor::{Shortcut, Surroundings};
    use crate::tokens;

    #[test]
    fn the_table_is_sound() {
        let (mut ids, mut keys) = (BTreeSet::new(), BTreeMap::new());
        for command in COMMANDS {
            assert!(ids.insert(command.id), "{} stands twice", command.id);
            assert!(command.help.ends_with('.'), "{}", command.id);
            assert!(
                command.icon.is_empty() || tokens::icon(command.icon).is_some(),
                "{}: no icon",
                command.id
            );
            for key in command.keys {
                let shortcut = Shortcut::parse(key).unwrap_or_else(|| panic!("{}: {key}", command.id));
                assert_eq!(keys.insert(shortcut, command.id), None, "{key} is taken");
            }
        }
    }

    #[test]
    fn every_command_runs_on_an_empty_and_on_a_full_document() {
        for command in COMMANDS {
            let mut editor = Editor::new(Surroundings::fixed());
            editor.run(command.id);
            editor.shown.modal = None;
            editor.add_component("web-server", crate::scene::Pos::ZERO);
            editor.run(command.id);
        }
        assert!(!Editor::new(Surroundings::fixed()).run("no.such"));
        // And with each sort of element selected, on two views, with something to undo and to redo.
        let text = r#"(format: 1,
            components: {
                "fw": (kind: "firewall", gate_of: "tier"), "web": (kind: "web-server", within: "tier"),
                "db": (kind: "sql-database", stores: ["cards"]), "user": (kind: "user"),
            },
            boundaries: {"tier": (kind: "subnet-tier")}, assets: {"cards": (name: "Cards", class: secret)},
            flows: {"f": (from: "fw", to: "web"), "g": (from: "web", to: "db", protocol: "mysql")},
            views: {"main": (name: "Main"), "other": (name: "Other", order: 1)},
            places: {
                ("main", "tier"): (x: 0, y: 0, width: 320, height: 240), ("main", "fw"): (side: top, offset: 0.5),
                ("main", "web"): (x: 80, y: 96), ("main", "db"): (x: 480, y: 96), ("other", "db"): (x: 0, y: 0),
                ("main", "user"): (x: 480, y: 400),
                ("main", "g"): (waypoints: [(400, 300)], label: 0.5, exit: (side: right, offset: 0.5)),
            },
        )"#;
        let model = crate::model::read(text.as_bytes()).unwrap();
        let mut idle: BTreeSet<&str> = COMMANDS.iter().map(|it| it.id).collect();
        for selected in [&["fw"][..], &["g"], &["tier"], &["db", "tier", "user"]] {
            for command in COMMANDS {
                let mut editor = Editor::with(model.clone(), Surroundings::fixed());
                editor.add_component("cache", crate::scene::Pos::new(0.0, 600.0));
                editor.rename(&Id::slug("db"), "Orders");
                editor.undo();
                editor.select(selected.iter().map(|it| Id::slug(it)));
                if editor.run(command.id) {
                    idle.remove(command.id);
                    let read = crate::model::read(crate::model::write(editor.model()).as_bytes());
                    assert_eq!(read.as_ref(), Ok(editor.model()), "{}", command.id);
                }
            }
        }
        // These ask for what this drawing has not.
        let asking = [
            "arrange.confirm-gate",
            "arrange.confirm-pool",
            "arrange.expand",
            "arrange.separate-pool",
            "arrange.unlock-all",
            "file.export-to-path",
            "file.restore",
            "view.filter",
            "view.keep-tool",
        ];
        assert_eq!(idle, BTreeSet::from(asking));
    }

    #[test]
    fn whoever_connects_with_nothing_selected_is_told_how() {
        let mut editor = Editor::new(Surroundings::fixed());
        assert!(editor.run("edit.flow-to"));
        assert!(editor.shown.modal.is_none() && editor.notice().unwrap().text.starts_with("Select"));
    }
}
