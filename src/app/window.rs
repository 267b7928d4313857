//! The main window, with egui alone: tests and benchmarks run it without a platform.

use egui::{
    CentralPanel, Color32, Context, Frame, Id, Key, Margin, Modal as EguiModal, Modifiers, Panel, Popup,
    Rect, Sense, Stroke, Ui, UiBuilder, Vec2,
};

use super::shortcuts::TypedAhead;
use crate::editor::{Editor, LeftTab, Modal, Tab};
use crate::tokens::{Face, Ink, Theme, size};
use crate::ui::canvas::Canvas;
use crate::ui::panels::comments::Comments;
use crate::ui::panels::coverage::Coverage;
use crate::ui::panels::findings::Findings;
use crate::ui::panels::gallery::Gallery;
use crate::ui::panels::icon_picker::IconPicker;
use crate::ui::panels::inspector::Inspector;
use crate::ui::panels::outline::Outline;
use crate::ui::panels::questions::Questions;
use crate::ui::panels::shortcuts::Shortcuts;
use crate::ui::panels::target::Targets;
use crate::ui::panels::{
    about, command_palette, export, icon_packs, levels, lost, manual, others_there, packs, palette, paths,
    status_bar, threat, top_bar, unsaved, verdict, views,
};
use crate::ui::theme;
use crate::ui::widgets::{icon_button, label, live, tabs};

/// One window on one document.
#[derive(Debug)]
pub struct Window {
    pub editor: Editor,
    canvas: Canvas,
    gallery: Gallery,
    coverage: Coverage,
    shortcuts: Shortcuts,
    targets: Targets,
    icons: IconPicker,
    side: Side,
    review: Review,
    focus: Focus,
    typed_ahead: TypedAhead,
    /// What the system prefers; the user's own choice goes before it.
    pub system_theme: Theme,
    /// The theme that was applied last, and whether it moves.
    applied: Option<(Theme, bool)>,
}

impl Window {
    pub fn new(ctx: &Context, editor: Editor) -> Self {
        theme::install(ctx);
        Self {
            editor,
            canvas: Canvas::default(),
            gallery: Gallery::default(),
            coverage: Coverage::default(),
            shortcuts: Shortcuts::default(),
            targets: Targets::default(),
            icons: IconPicker::default(),
            side: Side::default(),
            focus: Focus::default(),
            typed_ahead: TypedAhead::default(),
            review: Review::default(),
            system_theme: Theme::Dark,
            applied: None,
        }
    }

    /// One frame.
    pub fn ui(&mut self, ui: &mut Ui) {
        self.typed_ahead.give_back(ui.ctx());
        self.theme(ui.ctx());
        self.editor.look_at_the_day();
        if let Some(ms) = self.editor.save_in_time() {
            ui.ctx().request_repaint_after_secs((ms / 1e3) as f32);
        }
        if self.editor.shown.presents {
            self.present_ui(ui);
            self.announce(ui);
            return;
        }
        self.keep_focus(ui.ctx());
        self.typed_ahead.run(ui.ctx(), &mut self.editor);
        // The pointer is a dialog's alone: below it, a tooltip that is open would stay so while the pointer rests.
        let is_below = self.editor.shown.modal.is_some();
        let pointer = is_below.then(|| ui.input_mut(|it| std::mem::take(&mut it.pointer)));
        let editor = &mut self.editor;
        let bar = |height: f32| {
            Frame::new().fill(theme::colour(ui.ctx(), Ink::Panel)).inner_margin(Margin::symmetric(
                size::SPACE_8 as i8,
                ((height - size::CONTROL_HEIGHT).max(0.0) / 2.0) as i8,
            ))
        };
        let (top, bottom) = (bar(size::TOOLBAR_HEIGHT), bar(0.0));
        Panel::top("top-bar")
            .exact_size(size::TOOLBAR_HEIGHT)
            .resizable(false)
            .frame(top)
            .show(ui, |ui| top_bar::ui(ui, editor));
        Panel::bottom("status-bar")
            .exact_size(size::STATUS_BAR_HEIGHT)
            .resizable(false)
            .frame(bottom)
            .show(ui, |ui| status_bar::ui(ui, editor));
        let side = Frame::new().fill(theme::colour(ui.ctx(), Ink::Panel));
        editor.shown.panels.room = ui.ctx().content_rect().width() as u32;
        // The search of the palette is a key away, wherever one is.
        if !ui.ctx().text_edit_focused() && ui.input(|it| it.key_pressed(Key::Slash)) {
            editor.show_left(LeftTab::Palette);
        }
        editor.shown.outline_at = None;
        if editor.shown.panels.shows_left() {
            Panel::left("palette")
                .default_size(size::LEFT_PANEL_WIDTH)
                .size_range(180.0..=360.0)
                .frame(side)
                .show(ui, |ui| self.side.ui(ui, editor));
        }
        if editor.shown.panels.shows_right() {
            Panel::right("review")
                .default_size(size::RIGHT_PANEL_WIDTH)
                .size_range(300.0..=560.0)
                .frame(side)
                .show(ui, |ui| self.review.ui(ui, editor));
        } else {
            editor.end_preview();
        }
        let ground = Frame::new().fill(theme::colour(ui.ctx(), Ink::Canvas));
        CentralPanel::no_frame().frame(ground).show(ui, |ui| self.canvas.ui(ui, &mut self.editor));
        if let Some(pointer) = pointer {
            ui.input_mut(|it| it.pointer = pointer);
        }
        self.modal_ui(ui.ctx());
        self.announce(ui);
        let is_let_go = ui.input(|it| it.pointer.any_released() || !it.pointer.any_down());
        if is_let_go {
            self.editor.shown.carried = None;
        }
    }

    /// Gives the keyboard back to who had it before a dialog, unless somebody else has it by now.
    fn keep_focus(&mut self, ctx: &Context) {
        let now = ctx.memory(|it| it.focused());
        let focus = &mut self.focus;
        if self.editor.shown.modal.is_some() {
            (focus.inside, focus.tries) = (now, FOCUS_TRIES);
            return;
        }
        // What had it in the dialog is gone.
        let is_free = now.is_none() || now == focus.inside;
        match focus.before.filter(|_| is_free && focus.tries > 0) {
            Some(before) => {
                focus.tries -= 1;
                ctx.memory_mut(|it| it.request_focus(before));
                ctx.request_repaint();
            }
            None => *focus = Focus { before: now, ..Focus::default() },
        }
    }

    /// Screen readers say what has happened.
    fn announce(&mut self, ui: &Ui) {
        let editor = &mut self.editor;
        live(ui, Id::unique("announcements"), || editor.said().to_owned());
    }

    /// The drawing alone, with one view after the other.
    fn present_ui(&mut self, ui: &mut Ui) {
        let is_asked = self.editor.shown.modal.is_some();
        let pressed = |keys: &[Key]| {
            !is_asked && ui.input_mut(|it| keys.iter().any(|key| it.consume_key(Modifiers::NONE, *key)))
        };
        // A menu that is open takes it first.
        if !Popup::is_any_open(ui.ctx()) && pressed(&[Key::Escape]) {
            self.editor.toggle_presenting();
        }
        if pressed(&[Key::ArrowRight, Key::ArrowDown, Key::PageDown, Key::Space]) {
            self.editor.step_view(true);
        }
        if pressed(&[Key::ArrowLeft, Key::ArrowUp, Key::PageUp]) {
            self.editor.step_view(false);
        }
        let panel = Frame::new().fill(theme::colour(ui.ctx(), Ink::Panel));
        Panel::bottom("presenting")
            .exact_size(size::TOOLBAR_HEIGHT)
            .resizable(false)
            .frame(panel.inner_margin(Margin::symmetric(size::SPACE_14 as i8, 0)))
            .show(ui, |ui| views::presenting_ui(ui, &mut self.editor));
        let ground = Frame::new().fill(theme::colour(ui.ctx(), Ink::Canvas));
        CentralPanel::no_frame().frame(ground).show(ui, |ui| self.canvas.ui(ui, &mut self.editor));
        // Whoever closes the window may be asked something.
        self.modal_ui(ui.ctx());
    }

    fn theme(&mut self, ctx: &Context) {
        let wanted = self.editor.shown.theme.unwrap_or(self.system_theme);
        self.editor.shown.theme_now = wanted;
        let is_still = self.editor.reduced_motion();
        if self.applied != Some((wanted, is_still)) {
            theme::apply(ctx, wanted);
            if is_still {
                theme::hold_still(ctx);
            }
            self.applied = Some((wanted, is_still));
        }
    }

    fn modal_ui(&mut self, ctx: &Context) {
        let Some(modal) = &self.editor.shown.modal else { return };
        let (title, width): (&str, f32) = match modal {
            Modal::Gallery => ("Open a sample", 960.0),
            Modal::CommandPalette => ("", 520.0),
            Modal::Help => ("Keyboard shortcuts", 560.0),
            Modal::About => ("About", 420.0),
            Modal::OpenPath(_) => ("Open path", 520.0),
            Modal::AddPacks(_) => ("Add rule packs from path", 520.0),
            Modal::PackFaults(_) => ("No rule pack was added", 680.0),
            Modal::Packs => ("Rule packs", 560.0),
            Modal::IconPacks => ("Icon packs", 560.0),
            Modal::AddIcons(_) => ("Add icons from path", 520.0),
            Modal::Icon => ("Change the icon", 640.0),
            Modal::SaveToPath(_) => ("Save to path", 520.0),
            Modal::ExportToPath(_) => ("Export to path", 520.0),
            Modal::Unsaved(_) => ("Save changes?", 420.0),
            Modal::OthersThere { .. } => ("Overwrite another version?", 520.0),
            Modal::Lost(_) => ("Restore unsaved work?", 520.0),
            Modal::Verdict(_) => ("Verdict", 460.0),
            Modal::Manual(_) => ("Manual", 600.0),
            Modal::Coverage => ("STRIDE coverage", 820.0),
            Modal::Threat(_) => ("Threat", 520.0),
            Modal::Target(wanted) => (wanted.title(), 460.0),
            Modal::Views => ("Views", 520.0),
            Modal::Levels => ("Levels of severity", 800.0),
            Modal::Export => ("Export", 460.0),
        };
        let before = modal.clone();
        let frame = Frame::popup(&ctx.global_style())
            .inner_margin(Margin::same(size::SPACE_14 as i8))
            .corner_radius(size::RADIUS_BOUNDARY)
            .stroke(Stroke::new(size::STROKE_HAIRLINE, theme::colour(ctx, Ink::Hairline)));
        let shown = EguiModal::new(Id::unique(("modal", title)))
            .frame(frame)
            .backdrop_color(Color32::from_black_alpha(120))
            .show(ctx, |ui| {
                let room = ctx.content_rect().width() - 2.0 * size::SPACE_24;
                ui.set_width(width.min(room));
                // Without it a list inside gets no more height than the modal had the last time.
                ui.set_max_height(ctx.content_rect().height() - 2.0 * size::SPACE_24);
                if !title.is_empty() && title_ui(ui, title) {
                    self.editor.shown.modal = None;
                    return;
                }
                self.body_ui(ui);
            });
        let is_open_still = self.editor.shown.modal.as_ref() == Some(&before);
        // A click beside what one types into is most often a slip.
        let is_typed_into = matches!(before, Modal::Threat(_) | Modal::Verdict(_));
        let is_beside = shown.backdrop_response.clicked();
        if shown.should_close() && is_open_still && !(is_typed_into && is_beside) {
            self.editor.shown.modal = None;
        }
    }

    fn body_ui(&mut self, ui: &mut Ui) {
        let editor = &mut self.editor;
        match &editor.shown.modal {
            None => {}
            Some(Modal::Gallery) => self.gallery.ui(ui, editor),
            Some(Modal::CommandPalette) => command_palette::ui(ui, editor),
            Some(Modal::Help) => self.shortcuts.ui(ui, editor),
            Some(Modal::About) => about::ui(ui),
            Some(Modal::OpenPath(_)) => paths::open_ui(ui, editor),
            Some(Modal::AddPacks(_)) => paths::packs_ui(ui, editor),
            Some(Modal::PackFaults(_)) => packs::faults_ui(ui, editor),
            Some(Modal::Packs) => packs::ui(ui, editor),
            Some(Modal::IconPacks) => icon_packs::ui(ui, editor),
            Some(Modal::AddIcons(_)) => paths::icons_ui(ui, editor),
            Some(Modal::Icon) => self.icons.ui(ui, editor),
            Some(Modal::SaveToPath(_)) => paths::save_ui(ui, editor),
            Some(Modal::ExportToPath(_)) => paths::export_ui(ui, editor),
            Some(Modal::Unsaved(_)) => unsaved::ui(ui, editor),
            Some(Modal::OthersThere { .. }) => others_there::ui(ui, editor),
            Some(Modal::Lost(_)) => lost::ui(ui, editor),
            Some(Modal::Verdict(_)) => verdict::ui(ui, editor),
            Some(Modal::Manual(_)) => manual::ui(ui, editor),
            Some(Modal::Views) => views::ui(ui, editor),
            Some(Modal::Levels) => levels::ui(ui, editor),
            Some(Modal::Coverage) => self.coverage.ui(ui, editor),
            Some(Modal::Threat(_)) => threat::ui(ui, editor),
            Some(Modal::Target(wanted)) => {
                let wanted = *wanted;
                self.targets.ui(ui, editor, wanted);
            }
            Some(Modal::Export) => export::ui(ui, editor),
        }
    }
}

/// The title of a modal and the button that closes it; returns whether that was pressed.
fn title_ui(ui: &mut Ui, title: &str) -> bool {
    /// From the edge of the button to its cross.
    const AROUND: f32 = (size::CONTROL_HEIGHT - size::ICON) / 2.0 + size::ICON * 0.2;
    let side = size::CONTROL_HEIGHT;
    let (row, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), side), Sense::hover());
    // It is the cross that stands on the margin of what is below, so the button reaches beyond, and moves nothing.
    let corner = row.right_top() + Vec2::new(AROUND - side, 0.0);
    let centred = egui::Layout::left_to_right(egui::Align::Center);
    let words = Rect::from_min_max(row.min, corner + Vec2::new(0.0, side));
    let mut words = ui.new_child(UiBuilder::new().max_rect(words).layout(centred));
    label(&mut words, title, Face::SansSemibold, size::TYPE_14, Ink::Text);
    let square = Rect::from_min_size(corner, Vec2::splat(side));
    let mut square = ui.new_child(UiBuilder::new().id_salt("close").max_rect(square).layout(centred));
    let is_closed = icon_button(&mut square, "x", "Close", "Esc", false).clicked();
    ui.add_space(size::SPACE_8);
    is_closed
}

/// What had the keyboard before a dialog opened, and what had it in the dialog.
#[derive(Debug, Clone, Copy, Default)]
struct Focus {
    before: Option<Id>,
    inside: Option<Id>,
    /// For how many frames it is still given back: a dialog that is just going away forbids it.
    tries: u8,
}

const FOCUS_TRIES: u8 = 3;

/// The panel on the left: what can be drawn, and what is.
#[derive(Debug, Default)]
struct Side {
    outline: Outline,
}

impl Side {
    fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        const TABS: [LeftTab; 2] = [LeftTab::Palette, LeftTab::Outline];
        if let Some(tab) = tabs_ui(ui, &[("Palette", 0), ("Outline", 0)], &TABS, editor.shown.left) {
            editor.shown.left = tab;
        }
        match editor.shown.left {
            LeftTab::Palette => palette::ui(ui, editor),
            LeftTab::Outline => self.outline.ui(ui, editor),
        }
    }
}

/// Tabs over a line; returns the one that was pressed.
fn tabs_ui<T: Copy + PartialEq>(ui: &mut Ui, names: &[(&str, usize)], all: &[T], shown: T) -> Option<T> {
    ui.spacing_mut().item_spacing = Vec2::ZERO;
    let selected = all.iter().position(|it| *it == shown).unwrap_or(0);
    let pressed = ui.horizontal(|ui| {
        ui.add_space(size::SPACE_8);
        tabs(ui, names, selected)
    });
    let line = ui.cursor().min;
    let colour = theme::colour(ui.ctx(), Ink::Hairline);
    ui.painter().hline(ui.max_rect().x_range(), line.y - 0.5, Stroke::new(size::STROKE_HAIRLINE, colour));
    ui.reset_style();
    pressed.inner.and_then(|it| all.get(it)).copied()
}

/// The panel on the right: what is wrong, what to ask, what is selected.
#[derive(Debug, Default)]
struct Review {
    findings: Findings,
    questions: Questions,
    comments: Comments,
    inspector: Inspector,
}

impl Review {
    fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        const TABS: [Tab; 4] = [Tab::Findings, Tab::Questions, Tab::Comments, Tab::Inspector];
        let names = [
            ("Findings", editor.open_count()),
            ("Questions", editor.questions().count()),
            ("Comments", editor.open_threads()),
            ("Inspector", 0),
        ];
        if let Some(tab) = tabs_ui(ui, &names, &TABS, editor.shown.tab) {
            editor.shown.tab = tab;
        }
        if editor.shown.tab != Tab::Findings {
            editor.end_preview();
        }
        match editor.shown.tab {
            Tab::Findings => self.findings.ui(ui, editor),
            Tab::Questions => self.questions.ui(ui, editor),
            Tab::Comments => self.comments.ui(ui, editor),
            Tab::Inspector => self.inspector.ui(ui, editor),
        }
    }
}
