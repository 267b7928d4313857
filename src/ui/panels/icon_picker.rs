//! Choosing an icon for what is selected: a grid to look through, or a few letters of a name, and Enter.

use std::ops::Range;

use egui::{
    Align2, Key, Modifiers, Pos2, Rect, Response, Role, ScrollArea, Sense, Ui, Vec2, WidgetInfo, pos2,
};

use crate::editor::{Editor, IconChoice, IconGroup, IconOffer, Words, folded};
use crate::model::counted;
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, in_margin, label, search_field};

/// A cell of the grid at least: an icon, and its name below.
const CELL: Vec2 = Vec2::new(86.0, 62.0);
const HEADING: f32 = 30.0;
const PICTURE: f32 = 28.0;
/// The grid scrolls from here on.
const HEIGHT: f32 = 6.0 * CELL.y;

/// The dialog in which an icon is chosen.
#[derive(Debug, Default)]
pub struct IconPicker {
    text: String,
    /// The icon that Enter takes, among those that are found.
    at: usize,
    groups: Vec<IconGroup>,
    /// What was typed is in their names, by group and place.
    found: Vec<(usize, usize)>,
    rows: Vec<Row>,
    /// What groups, then what rows were made of.
    groups_of: Option<(u64, u64)>,
    rows_of: Option<(String, usize)>,
    offset: f32,
    /// The last pass in which it was shown.
    shown: u64,
}

/// A row of the grid, from `top` on.
#[derive(Debug)]
struct Row {
    top: f32,
    what: What,
}

#[derive(Debug)]
enum What {
    /// The title of a group, and how many of it are found.
    Heading(String, usize),
    /// So many of those that are found, side by side.
    Cells(Range<usize>),
}

impl Row {
    fn height(&self) -> f32 {
        if matches!(self.what, What::Heading(..)) { HEADING } else { CELL.y }
    }
}

impl IconPicker {
    /// Shows all icons there are.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        let pass = ui.ctx().cumulative_pass_nr();
        let is_new = self.shown + 1 < pass;
        if is_new {
            (self.text, self.at, self.groups_of, self.rows_of) = (String::new(), 0, None, None);
        }
        self.shown = pass;
        let pressed = ui.input_mut(|it| {
            let keys = [Key::ArrowLeft, Key::ArrowRight, Key::ArrowUp, Key::ArrowDown, Key::Enter];
            keys.map(|key| it.count_and_consume_key(Modifiers::NONE, key))
        });
        search_field(ui, &mut self.text, "Search icons", "").request_focus();
        ui.add_space(size::SPACE_6);
        let across = (ui.available_width() / CELL.x).floor().max(1.0) as usize;
        self.look_for(editor, across, is_new);
        let before = self.at;
        self.step(&pressed);
        let mut taken = (pressed[4] > 0).then_some(self.at);
        if self.found.is_empty() {
            label(ui, "No icon has this name.", Face::Sans, size::TYPE_13, Ink::Muted);
        }
        let moved = self.at != before || is_new;
        let now = editor.icon_now();
        taken = self.grid_ui(ui, moved, now.as_ref()).or(taken);
        if self.at != before
            && let Some(it) = self.offer(self.at)
        {
            // The field keeps the focus, so somebody has to say it.
            let text = format!("{}, {} of {}.", it.name, self.at + 1, self.found.len());
            editor.tell(text);
        }
        ui.add_space(size::SPACE_8);
        ui.horizontal(|ui| {
            if ui.add(Button::new("Icon packs…").quiet()).clicked() {
                editor.run("view.icon-packs");
            }
            let name = self.offer(self.at).map(|it| it.name.clone()).unwrap_or_default();
            ui.add_space(size::SPACE_8);
            label(ui, &name, Face::Sans, size::TYPE_12, Ink::Muted);
        });
        if let Some(choice) = taken.and_then(|it| self.offer(it)).map(|it| it.choice.clone()) {
            editor.shown.modal = None;
            editor.choose_icon(&choice);
        }
    }

    fn offer(&self, n: usize) -> Option<&IconOffer> {
        let (group, at) = self.found.get(n)?;
        self.groups.get(*group)?.offers.get(*at)
    }

    /// Finds what holds the words that were typed, and puts it in rows.
    fn look_for(&mut self, editor: &mut Editor, across: usize, is_new: bool) {
        let groups_of = (editor.document.revision, editor.icon_packs().revision());
        if self.groups_of != Some(groups_of) {
            self.groups = editor.icon_groups();
            (self.groups_of, self.rows_of) = (Some(groups_of), None);
        }
        let rows_of = (self.text.clone(), across);
        if self.rows_of.as_ref() == Some(&rows_of) {
            return;
        }
        let is_typed = self.rows_of.as_ref().is_none_or(|it| it.0 != rows_of.0);
        let words = Words::of(&self.text);
        self.found.clear();
        self.rows.clear();
        let mut top = 0.0;
        for (n, group) in self.groups.iter().enumerate() {
            let title = folded(&group.title);
            let holds = |it: &IconOffer| words.are_in(&format!("{}\n{title}", folded(&it.name)));
            let first = self.found.len();
            let found = group.offers.iter().enumerate().filter(|(_, it)| holds(it));
            self.found.extend(found.map(|(m, _)| (n, m)));
            let last = self.found.len();
            if first == last {
                continue;
            }
            let mut put = |what: What| {
                let row = Row { top, what };
                top += row.height();
                self.rows.push(row);
            };
            if !group.title.is_empty() {
                put(What::Heading(group.title.clone(), last - first));
            }
            for from in (first..last).step_by(across) {
                put(What::Cells(from..last.min(from + across)));
            }
        }
        if is_typed {
            // What is drawn now is where one begins to look around; what was typed is looked for.
            let now = editor.icon_now().filter(|_| is_new);
            let is_now = |n: &usize| self.offer(*n).is_some_and(|it| Some(&it.choice) == now.as_ref());
            self.at = (0..self.found.len()).find(is_now).unwrap_or(0);
            if !is_new {
                editor.tell(match self.offer(self.at) {
                    Some(it) => format!("{}, 1 of {}.", it.name, self.found.len()),
                    None => "No icon has this name.".to_owned(),
                });
            }
        }
        self.rows_of = Some(rows_of);
    }

    /// Goes where arrows were pressed to: left, right, up, down.
    fn step(&mut self, pressed: &[usize; 5]) {
        let last = self.found.len().saturating_sub(1);
        self.at = (self.at + pressed[1]).saturating_sub(pressed[0]).min(last);
        for _ in 0..pressed[2] {
            self.go_to_row(false);
        }
        for _ in 0..pressed[3] {
            self.go_to_row(true);
        }
    }

    /// To the row below or above, in the same column if there is one.
    fn go_to_row(&mut self, is_down: bool) {
        let cells: Vec<Range<usize>> = (self.rows.iter())
            .filter_map(|it| if let What::Cells(cells) = &it.what { Some(cells.clone()) } else { None })
            .collect();
        let Some(row) = cells.iter().position(|it| it.contains(&self.at)) else { return };
        let column = self.at - cells.get(row).map_or(0, |it| it.start);
        let next = if is_down { Some(row + 1) } else { row.checked_sub(1) };
        if let Some(next) = next.and_then(|it| cells.get(it)) {
            self.at = (next.start + column).min(next.end - 1);
        }
    }

    fn grid_ui(&mut self, ui: &mut Ui, moved: bool, now: Option<&IconChoice>) -> Option<usize> {
        let mut grid = ScrollArea::vertical().max_height(HEIGHT).auto_shrink([false, false]).animated(false);
        let holds = |it: &&Row| matches!(&it.what, What::Cells(cells) if cells.contains(&self.at));
        if let Some(row) = self.rows.iter().find(holds).filter(|_| moved) {
            // With the heading above it.
            let (top, end) = ((row.top - HEADING).max(0.0), row.top + row.height());
            grid = grid.vertical_scroll_offset(self.offset.min(top).max(end - HEIGHT));
        }
        let mut taken = None;
        let shown = in_margin(ui, grid, |grid, ui| {
            grid.show_viewport(ui, |ui, viewport| {
                let height = self.rows.last().map_or(0.0, |it| it.top + it.height());
                let (rect, _) =
                    ui.allocate_exact_size(Vec2::new(ui.available_width(), height), Sense::hover());
                let first = self.rows.partition_point(|it| it.top + it.height() < viewport.top());
                for row in self.rows.iter().skip(first).take_while(|it| it.top < viewport.bottom()) {
                    taken = self.row_ui(ui, row, rect, now).or(taken);
                }
            })
        });
        self.offset = shown.state.clamped_offset().y;
        taken
    }

    /// A row of the grid, which fills `grid`; returns the icon that was pressed.
    fn row_ui(&self, ui: &Ui, row: &Row, grid: Rect, now: Option<&IconChoice>) -> Option<usize> {
        let at = pos2(grid.left(), grid.top() + row.top);
        let cells = match &row.what {
            What::Heading(title, count) => {
                heading_ui(ui, at, grid.width(), (title, *count));
                return None;
            }
            What::Cells(cells) => cells.clone(),
        };
        let room = grid.width() - size::SPACE_12;
        let width = room / (room / CELL.x).floor().max(1.0);
        let mut taken = None;
        for (column, n) in cells.enumerate() {
            let Some(offer) = self.offer(n) else { continue };
            let cell =
                Rect::from_min_size(pos2(at.x + column as f32 * width, at.y), Vec2::new(width, CELL.y));
            let marks = (n == self.at, Some(&offer.choice) == now);
            if cell_ui(ui, cell, (offer, n), marks).clicked() {
                taken = Some(n);
            }
        }
        taken
    }
}

fn heading_ui(ui: &Ui, at: Pos2, width: f32, (title, count): (&str, usize)) {
    let middle = at.y + HEADING / 2.0 + size::SPACE_4;
    let colour = theme::colour(ui.ctx(), Ink::Muted);
    let icons = counted(count, "icon");
    let room = width - Face::Sans.width(size::TYPE_12, &icons) - size::SPACE_24;
    let title = Face::SansSemibold.elide(size::TYPE_12, title, room);
    let font = theme::font(Face::SansSemibold, size::TYPE_12);
    ui.painter().text(pos2(at.x + size::SPACE_4, middle), Align2::LEFT_CENTER, &*title, font, colour);
    let font = theme::font(Face::Sans, size::TYPE_12);
    ui.painter().text(pos2(at.x + width - size::SPACE_14, middle), Align2::RIGHT_CENTER, icons, font, colour);
}

/// `is_next` is what Enter takes, `is_now` what the selection is drawn with.
fn cell_ui(
    ui: &Ui,
    cell: Rect,
    (offer, n): (&IconOffer, usize),
    (is_next, is_now): (bool, bool),
) -> Response {
    let response = ui.interact(cell, ui.scope_id().with(("icon", n)), Sense::CLICK);
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_now, &offer.name));
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let ground = cell.shrink(2.0);
    if is_next || response.hovered() {
        let fill = theme::tint(ctx, Ink::Panel, Ink::Accent, if is_next { 0.15 } else { 0.07 });
        painter.rect_filled(ground, size::RADIUS_CONTROL, fill);
    }
    if is_now {
        let stroke = egui::Stroke::new(1.5, theme::colour(ctx, Ink::Accent));
        painter.rect_stroke(ground, size::RADIUS_CONTROL, stroke, egui::StrokeKind::Inside);
    }
    let middle = pos2(cell.center().x, cell.top() + size::SPACE_8 + PICTURE / 2.0);
    let side = if offer.icon.is_coloured() { PICTURE } else { PICTURE - size::SPACE_6 };
    let square = Rect::from_center_size(middle, Vec2::splat(side));
    theme::picture(painter, square, &offer.icon, theme::colour(ctx, Ink::Text));
    let name = Face::Sans.elide(size::TYPE_11, &offer.name, cell.width() - size::SPACE_12);
    let font = theme::font(Face::Sans, size::TYPE_11);
    let below = pos2(middle.x, cell.bottom() - size::SPACE_6);
    painter.text(below, Align2::CENTER_BOTTOM, &*name, font, theme::colour(ctx, Ink::Muted));
    response.on_hover_text(&offer.name)
}
