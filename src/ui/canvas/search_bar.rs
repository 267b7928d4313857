//! The bar of the search on the drawing: type, and go from hit to hit.

use egui::{Align, Align2, Id as UiId, Key, Layout, Modifiers, Pos2, Rect, Ui, Vec2, vec2};

use super::Canvas;
use super::controls::{floating, frame};
use crate::editor::{Editor, command};
use crate::tokens::{Face, Ink, size};
use crate::ui::theme;
use crate::ui::widgets::{Button, icon_button, search_field, select_all, spoken};

/// The field, and the count behind it.
const FIELD_WIDTH: f32 = 236.0;
const COUNT_WIDTH: f32 = 104.0;
const BUTTONS: f32 = 3.0;
/// Longer names of views are cut.
const VIEW_WIDTH: f32 = 160.0;

/// What the bar remembers from frame to frame.
#[derive(Debug, Default)]
pub(super) struct SearchBar {
    /// Where it stands while it is open.
    area: Option<Rect>,
    /// The field that is typed into.
    field: Option<UiId>,
    /// The field or one of its buttons has the focus.
    has_focus: bool,
    /// All that stands in the field is to be typed over.
    selects_all: bool,
}

impl SearchBar {
    pub(super) fn area(&self) -> Option<Rect> {
        self.area
    }
}

impl Canvas {
    /// The keys of the bar. They come before its field would take them.
    pub(super) fn search_keys(&self, ui: &Ui, editor: &mut Editor) {
        if editor.search().is_none() || !self.search_bar.has_focus || editor.shown.modal.is_some() {
            return;
        }
        let pressed = |keys, key| ui.input_mut(|it| it.consume_key(keys, key));
        if pressed(Modifiers::NONE, Key::Escape) {
            editor.end_search();
            ui.memory_mut(|it| it.request_focus(Self::id()));
            return;
        }
        // A button that has the focus is pressed by Enter, and window shortcuts wait while one types.
        if self.search_bar.field.is_some_and(|it| ui.memory(|memory| memory.has_focus(it))) {
            if pressed(Modifiers::COMMAND, Key::F) {
                editor.begin_search();
            }
            // The most special first: a key with modifiers also counts as one without.
            for (keys, key, forwards) in [
                (Modifiers::SHIFT, Key::Enter, false),
                (Modifiers::NONE, Key::Enter, true),
                (Modifiers::SHIFT, Key::F3, false),
                (Modifiers::NONE, Key::F3, true),
                (Modifiers::NONE, Key::ArrowUp, false),
                (Modifiers::NONE, Key::ArrowDown, true),
            ] {
                let times = ui.input_mut(|it| it.count_and_consume_key(keys, key));
                (0..times).for_each(|_| editor.go_to_hit(forwards));
            }
        }
    }

    pub(super) fn search_bar_ui(&mut self, ui: &Ui, editor: &mut Editor) {
        let is_called = std::mem::take(&mut editor.shown.search_is_called);
        let Some(search) = editor.search() else {
            self.search_bar = SearchBar::default();
            return;
        };
        let (mut text, count) = (search.text().to_owned(), search.count());
        let in_words = editor.search_in_words().unwrap_or_default();
        let has_hits = !search.hits().is_empty();
        let elsewhere = search.elsewhere().map(|it| format!("Go to {}", editor.view_name(it)));
        let at = Pos2::new(self.area.center().x, self.area.top() + size::SPACE_14);
        let way = if elsewhere.is_some() { VIEW_WIDTH + size::CONTROL_HEIGHT } else { 0.0 };
        let rest = COUNT_WIDTH + BUTTONS * size::CONTROL_HEIGHT + way;
        let room = self.area.width() - 2.0 * size::SPACE_14 - rest - size::SPACE_6;
        let width = FIELD_WIDTH.min(room).max(size::CONTROL_HEIGHT);
        let bar = &mut self.search_bar;
        let mut go = None;
        let mut is_closed = false;
        let shown = floating("canvas-search", self.area, at, Align2::CENTER_TOP).show(ui.ctx(), |ui| {
            frame(ui).show(ui, |ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.horizontal(|ui| {
                    let down = Layout::top_down(Align::Min);
                    let field = ui
                        .allocate_ui_with_layout(vec2(width, size::CONTROL_HEIGHT), down, |ui| {
                            search_field(ui, &mut text, "Find on the drawing", "")
                        })
                        .inner;
                    count_ui(ui, &count, &in_words);
                    if let Some(there) = &elsewhere {
                        let short = Face::SansMedium.elide(size::TYPE_13, there, VIEW_WIDTH);
                        go = ui.add(Button::new(&short).quiet()).clicked().then_some(true);
                    }
                    let keys = ["view.search-previous", "view.search-next"]
                        .map(|it| command(it).map(|it| editor.keys_of(it)).unwrap_or_default());
                    let buttons = ui.add_enabled_ui(has_hits, |ui| {
                        [
                            icon_button(ui, "chevron-up", "Find the one before", &keys[0], false),
                            icon_button(ui, "chevron-down", "Find the next", &keys[1], false),
                        ]
                    });
                    let [before, next] = buttons.inner;
                    let close = icon_button(ui, "x", "End the search", "Esc", false);
                    go = if next.clicked() { Some(true) } else { before.clicked().then_some(false).or(go) };
                    is_closed = close.clicked();
                    if is_called {
                        field.request_focus();
                    }
                    bar.has_focus =
                        is_called || [&field, &before, &next, &close].iter().any(|it| it.has_focus());
                    // Not before it has been shown: until then the field knows of no cursor.
                    if bar.selects_all && field.has_focus() {
                        select_all(ui, &field, &text);
                        bar.selects_all = false;
                    }
                    bar.selects_all |= is_called;
                    bar.field = Some(field.id);
                });
            });
        });
        bar.area = Some(shown.response.rect);
        editor.search_for(&text);
        if let Some(forwards) = go {
            editor.go_to_hit(forwards);
        }
        if is_closed {
            editor.end_search();
            ui.memory_mut(|it| it.request_focus(Self::id()));
        }
        if self.search_bar.selects_all {
            ui.ctx().request_repaint();
        }
    }

    /// How much of the canvas the bar covers from above: what is brought into view must not lie there. On a canvas hardly
    /// higher than the bar, nothing can be done about it.
    pub(super) fn covered(&self) -> f32 {
        let covered = self.search_bar.area().map_or(0.0, |it| it.bottom() - self.area.top());
        if covered < self.area.height() / 3.0 { covered } else { 0.0 }
    }
}

/// How many hits there are; screen readers say it whenever it changes, and at which hit one is.
fn count_ui(ui: &mut Ui, count: &str, in_words: &str) {
    let (rect, response) =
        ui.allocate_exact_size(Vec2::new(COUNT_WIDTH, size::CONTROL_HEIGHT), egui::Sense::hover());
    spoken(ui, response.id, || in_words.to_owned());
    let at = rect.right_center() - vec2(size::SPACE_8, 0.0);
    let font = theme::font(Face::Sans, size::TYPE_12);
    ui.painter().text(at, Align2::RIGHT_CENTER, count, font, theme::colour(ui.ctx(), Ink::Muted));
}
