//! The outline: the drawing as a tree to be read and worked in with keys alone.
//!
//! What is selected there is selected on the drawing, and the other way round. Only rows in sight are laid out, however
//! many there are.

mod keys;
mod row;

use std::collections::BTreeSet;

use egui::accesskit::Role;
use egui::style::ScrollAnimation;
use egui::{Id as UiId, Key, Rect, ScrollArea, Ui, UiBuilder, Vec2, pos2};

use crate::editor::{self, Editor, LeftTab, Node, Row, Tab, Wish};
use crate::model::Id;
use crate::tokens::size;
use crate::ui::widgets::{inset, nothing, search_field};

use row::{Act, Look};

/// How high a row is.
const ROW: f32 = size::CONTROL_HEIGHT_IN_ROW;
/// How near to the end of what is seen a drag rolls the list, and how far in a frame.
const EDGE: f32 = 24.0;
const ROLLS: f32 = 10.0;

/// The panel of the outline.
#[derive(Debug, Default)]
pub struct Outline {
    look: editor::Outline,
    rows: Vec<Row>,
    /// Of what the rows were made: where anything stands is none of it.
    made_of: Option<(u64, u64, (u64, u64), editor::Outline)>,
    /// The row that has the keyboard, or had it last; and where it stood.
    at: Option<Node>,
    place: usize,
    /// Where a range of rows that are selected begins.
    anchor: Option<Node>,
    /// What was selected at the last frame.
    selected: BTreeSet<Id>,
    /// The finding that is shown because its row is.
    chosen: Option<String>,
    /// What was typed to look for a row, and when last.
    typed: (String, f64),
    rename: Option<Rename>,
    /// What is on its way to a boundary.
    dragged: Option<BTreeSet<Id>>,
    /// The row comes into sight; it takes the focus.
    reveals: bool,
    calls: bool,
    /// It had the keyboard when it was looked at last.
    had_keys: bool,
}

/// A name that is being edited in its row.
#[derive(Debug)]
struct Rename {
    node: Node,
    text: String,
    is_new: bool,
}

/// Where what is dragged would come: the row that shows it, and the boundary; none is outside of all.
#[derive(Debug)]
struct Landing {
    row: Option<usize>,
    boundary: Option<Id>,
}

/// The id of a row.
fn row_id(node: &Node) -> UiId {
    UiId::unique(("outline", node))
}

impl Outline {
    /// Fills its panel.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        ui.add_space(size::SPACE_12);
        let goes_down = inset_search(ui, &mut self.look.words);
        self.bring_up_to_date(editor);
        self.follow(editor);
        if std::mem::take(&mut editor.shown.outline_is_called) || goes_down {
            (self.calls, self.reveals) = (true, true);
        }
        self.keys(ui, editor);
        self.bring_up_to_date(editor);
        self.keep_place();
        if let Some(node) = self.at.as_ref().filter(|_| std::mem::take(&mut self.calls)) {
            ui.memory_mut(|it| it.request_focus(row_id(node)));
        }
        if self.rows.is_empty() {
            inset(ui, |ui| self.nothing_ui(ui, editor));
        } else {
            self.list_ui(ui, editor);
        }
        let has_focus = |it: &Node| ui.memory(|memory| memory.has_focus(row_id(it)));
        let at = self.at.as_ref().filter(|it| self.rename.is_none() && has_focus(it));
        editor.shown.outline_at = at.and_then(|at| self.rows.iter().find(|it| it.node == *at)).cloned();
    }

    fn nothing_ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        if self.look.words.trim().is_empty() {
            let why = "What is drawn is listed here, each in its boundary, to be read and worked in by keys.";
            if nothing(ui, "Nothing is drawn yet.", why, Some("Show the palette")) {
                editor.shown.left = LeftTab::Palette;
            }
            return;
        }
        let what = format!("Nothing holds “{}”.", self.look.words.trim());
        if nothing(ui, &what, "", Some("Show all")) {
            self.look.words.clear();
        }
    }

    fn bring_up_to_date(&mut self, editor: &Editor) {
        let now = (editor.document.number(), editor.stamp().0, editor.marked());
        let is_same = self.made_of.as_ref().is_some_and(|(document, stamp, marked, look)| {
            (*document, *stamp, *marked) == now && *look == self.look
        });
        if !is_same {
            self.rows = editor.outline(&self.look);
            self.made_of = Some((now.0, now.1, now.2, self.look.clone()));
        }
    }

    /// What was selected elsewhere comes into sight.
    fn follow(&mut self, editor: &Editor) {
        if self.selected == *editor.selection() {
            return;
        }
        self.selected.clone_from(editor.selection());
        let Some(one) = editor.selected_one() else { return };
        let flow = editor.model().flow(one);
        let stands = flow.map_or(one, |it| &it.from);
        editor.reveal_in_outline(&mut self.look, stands);
        self.bring_up_to_date(editor);
        let is_it = |row: &&Row| row.node.element() == Some(one);
        let found = self.rows.iter().find(is_it).map(|it| it.node.clone());
        self.at = Some(found.unwrap_or_else(|| Node::Element(stands.clone())));
        self.anchor.clone_from(&self.at);
        self.reveals = true;
    }

    /// The row that has the keyboard is there; if it is gone, that which has come to its place.
    fn keep_place(&mut self) {
        let found = self.at.as_ref().and_then(|at| self.rows.iter().position(|it| it.node == *at));
        if let Some(found) = found {
            self.place = found;
            return;
        }
        self.place = self.place.min(self.rows.len().saturating_sub(1));
        self.at = self.rows.get(self.place).map(|it| it.node.clone());
        // A row that was deleted had the focus, perhaps.
        self.calls |= self.had_keys;
    }

    fn list_ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        let mut acts: Vec<(usize, Act)> = Vec::new();
        let shown = ScrollArea::vertical().id_salt("outline").animated(false).auto_shrink(false);
        shown.show_viewport(ui, |ui, seen| {
            ui.set_height(self.rows.len() as f32 * ROW);
            let builder = UiBuilder::new()
                .max_rect(ui.max_rect())
                .accessibility_role(Role::Tree)
                .accessibility_label("Outline");
            ui.scope_builder(builder, |ui| {
                let first = (seen.min.y / ROW).floor().max(0.0) as usize;
                let last = ((seen.max.y / ROW).ceil().max(0.0) as usize + 1).min(self.rows.len());
                // The one that has the focus would lose it out of sight.
                let place = Some(self.place).filter(|it| !(first..last).contains(it));
                let target = self.target(ui, editor);
                for n in (first..last).chain(place) {
                    let Some(row) = self.rows.get(n) else { continue };
                    let look = Look {
                        id: row_id(&row.node),
                        is_at: self.at.as_ref() == Some(&row.node),
                        is_selected: row.node.element().is_some_and(|it| editor.is_selected(it))
                            || self.is_chosen(editor, &row.node),
                        is_target: target.as_ref().is_some_and(|it| it.row == Some(n)),
                        rename: self.rename.as_mut().filter(|it| it.node == row.node),
                    };
                    let rect = row_rect(ui, n);
                    acts.extend(row::ui(ui, editor, rect, row, look).map(|it| (n, it)));
                }
                if std::mem::take(&mut self.reveals) {
                    let rect = row_rect(ui, self.place);
                    ui.scroll_to_rect_animation(rect, None, ScrollAnimation::none());
                    ui.request_repaint();
                }
                self.drop_dragged(ui, editor, target);
            });
        });
        for (n, act) in acts {
            self.do_it(ui, editor, n, act);
        }
    }

    fn is_chosen(&self, editor: &Editor, node: &Node) -> bool {
        let Node::Finding { key, .. } = node else { return false };
        self.at.as_ref() == Some(node) && editor.shown.chosen.as_ref() == Some(key)
    }

    fn do_it(&mut self, ui: &Ui, editor: &mut Editor, n: usize, act: Act) {
        let Some(row) = self.rows.get(n).cloned() else { return };
        match act {
            Act::Fold(is_open) => {
                self.look.set_open(&row, is_open);
                self.at = Some(row.node);
            }
            Act::Press { toggles, extends } => {
                ui.memory_mut(|it| it.request_focus(row_id(&row.node)));
                if toggles {
                    self.toggle(editor, n);
                } else if extends {
                    self.extend(editor, n);
                } else {
                    self.go(editor, n);
                }
                self.reveals = false;
            }
            Act::Rename => self.begin_rename(editor, n),
            Act::Renamed(name) => {
                self.rename = None;
                if let (Some(name), Some(id)) = (name, row.node.element())
                    && editor.model().title(id) != name.trim()
                {
                    editor.rename(id, &name);
                }
                self.calls = true;
                ui.request_repaint();
            }
            Act::Menu(at) => self.open_menu(editor, n, at),
            Act::Drag => {
                let id = row.node.element().filter(|it| editor.model().flow(it).is_none());
                self.dragged = id.map(|it| {
                    let is_selected = editor.is_selected(it);
                    if is_selected { editor.selection().clone() } else { BTreeSet::from([it.clone()]) }
                });
            }
        }
    }

    /// Selects a row alone, and shows on the drawing what it stands for.
    fn go(&mut self, editor: &mut Editor, n: usize) {
        let Some(row) = self.rows.get(n).cloned() else { return };
        self.focus(n);
        self.anchor.clone_from(&self.at);
        match &row.node {
            Node::Finding { key, .. } => {
                // Nothing is selected: Delete would take what nobody looks at.
                editor.clear_selection();
                if editor.shown.chosen.as_ref() != Some(key) {
                    editor.choose(key);
                }
                self.chosen = Some(key.clone());
            }
            Node::Element(id) | Node::Flow { flow: id, .. } => {
                if self.chosen.take().is_some_and(|it| editor.shown.chosen == Some(it)) {
                    editor.shown.chosen = None;
                }
                editor.select([id.clone()]);
                editor.shown.wishes.push(Wish::Show(vec![id.clone()]));
            }
        }
        self.selected.clone_from(editor.selection());
    }

    /// Gives the keyboard to a row and selects nothing.
    fn focus(&mut self, n: usize) {
        let Some(row) = self.rows.get(n) else { return };
        self.at = Some(row.node.clone());
        self.place = n;
        self.reveals = true;
    }

    fn toggle(&mut self, editor: &mut Editor, n: usize) {
        self.focus(n);
        self.anchor.clone_from(&self.at);
        if let Some(id) = self.at.as_ref().and_then(Node::element) {
            editor.toggle_selected(id);
            editor.tell(if editor.is_selected(id) { "Selected." } else { "Not selected." });
        }
        self.selected.clone_from(editor.selection());
    }

    /// Selects all from where the range begins to a row.
    fn extend(&mut self, editor: &mut Editor, n: usize) {
        let anchor = self.anchor.clone();
        let from = anchor.as_ref().and_then(|it| self.rows.iter().position(|row| row.node == *it));
        let from = from.unwrap_or(self.place);
        self.focus(n);
        let range = self.rows.get(from.min(n)..=from.max(n)).unwrap_or_default();
        editor.select(range.iter().filter_map(|it| it.node.element()).cloned());
        let count = editor.selection().len();
        editor.tell(format!("{count} selected."));
        self.selected.clone_from(editor.selection());
    }

    /// Names are edited, findings are opened where they are listed.
    fn open(&mut self, editor: &mut Editor, n: usize) {
        match self.rows.get(n).map(|it| &it.node) {
            Some(Node::Finding { key, .. }) => {
                let key = key.clone();
                editor.seek(&key, Tab::Findings);
            }
            Some(_) => self.begin_rename(editor, n),
            None => {}
        }
    }

    fn begin_rename(&mut self, editor: &Editor, n: usize) {
        let Some(node) = self.rows.get(n).map(|it| it.node.clone()) else { return };
        let Some(id) = node.element() else { return };
        let model = editor.model();
        let name = model.component(id).map(|it| it.name.clone());
        let name = name.or_else(|| model.boundary(id).map(|it| it.name.clone()));
        let text = name.or_else(|| model.flow(id).map(|it| it.name.clone())).unwrap_or_default();
        self.rename = Some(Rename { node, text, is_new: true });
    }

    /// The menu of the drawing, for what the row stands for.
    fn open_menu(&mut self, editor: &mut Editor, n: usize, at: egui::Pos2) {
        let Some(id) = self.rows.get(n).and_then(|it| it.node.element()).cloned() else { return };
        if !editor.is_selected(&id) {
            self.go(editor, n);
            self.reveals = false;
        }
        editor.shown.wishes.push(Wish::Menu { x: at.x as i32, y: at.y as i32 });
    }

    /// Where what is dragged would come; below all rows that is outside of all boundaries.
    fn target(&self, ui: &Ui, editor: &Editor) -> Option<Landing> {
        let ids = self.dragged.as_ref()?;
        let pos = ui.input(|it| it.pointer.interact_pos()).filter(|it| ui.clip_rect().contains(*it))?;
        let n = ((pos.y - ui.max_rect().top()) / ROW).floor().max(0.0) as usize;
        let over = self.rows.get(n).map(|it| match &it.node {
            Node::Element(id) | Node::Flow { at: id, .. } | Node::Finding { at: id, .. } => id,
        });
        let boundary = over.and_then(|it| {
            if editor.model().boundary(it).is_some() { Some(it) } else { editor.nesting().parent(it) }
        });
        let boundary = boundary.cloned();
        if !ids.iter().any(|it| editor.can_put_into(it, boundary.as_ref())) {
            return None;
        }
        let shows = boundary.as_ref().map(|it| Node::Element(it.clone()));
        let row = shows.and_then(|it| self.rows.iter().position(|row| row.node == it));
        Some(Landing { row, boundary })
    }

    fn drop_dragged(&mut self, ui: &Ui, editor: &mut Editor, target: Option<Landing>) {
        if self.dragged.is_none() {
            return;
        }
        let (pos, is_down, is_given_up) = ui.input_mut(|it| {
            let is_given_up = it.consume_key(egui::Modifiers::NONE, Key::Escape);
            (it.pointer.interact_pos(), it.pointer.primary_down(), is_given_up)
        });
        let seen = ui.clip_rect();
        if let Some(pos) = pos.filter(|_| is_down) {
            let cursor =
                if target.is_some() { egui::CursorIcon::Grabbing } else { egui::CursorIcon::NotAllowed };
            ui.set_cursor_icon(cursor);
            let roll = f32::from(pos.y < seen.top() + EDGE) - f32::from(pos.y > seen.bottom() - EDGE);
            if roll != 0.0 && seen.x_range().contains(pos.x) {
                ui.scroll_with_delta(Vec2::new(0.0, roll * ROLLS));
                ui.request_repaint();
            }
        }
        if is_given_up {
            self.dragged = None;
        } else if !is_down {
            let ids = self.dragged.take().unwrap_or_default();
            if let Some(Landing { boundary, .. }) = target {
                editor.move_into(&ids, boundary.as_ref());
            }
        }
    }
}

fn row_rect(ui: &Ui, n: usize) -> Rect {
    let all = ui.max_rect();
    Rect::from_min_size(pos2(all.left(), all.top() + n as f32 * ROW), Vec2::new(all.width(), ROW))
}

/// The field above; returns whether the arrow down leaves it.
fn inset_search(ui: &mut Ui, words: &mut String) -> bool {
    let mut leaves = false;
    inset(ui, |ui| {
        let field = search_field(ui, words, "Find in the outline", "");
        leaves = field.has_focus() && ui.input(|it| it.key_pressed(Key::ArrowDown));
    });
    leaves
}
