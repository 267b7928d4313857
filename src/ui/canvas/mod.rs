//! The canvas: the drawing, and the tools that work in it.
//!
//! * `camera` says where one looks, `navigate` and `quick_zoom` move it.
//! * `pointer` and `keyboard` take the input; a click selects by `picking`, a drag is a gesture of `tools`, one file each.
//! * `picture` paints what is seen, which follows from what is `shown`, at the `pace` that frames allow, `handles`, `ghosts` and
//!   `locks` what stands on it for a moment.
//! * `rename`, `picker`, `menu`, `controls`, `overlays`, `views`, `filter_bar`, `map`, `search_bar`, `arranging`,
//!   `proposal` and `stepped` are the few things that float above it; `dock` keeps those at its lower corners clear of the rest.
//! * `blank` says how to begin where nothing is drawn.
//! * `access` tells screen readers, and tests, what is there.
//!
//! A frame is painted anew only if something has changed; at rest, nothing asks for one.

mod access;
mod arranging;
mod blank;
mod camera;
mod controls;
mod dock;
mod filter_bar;
mod ghosts;
mod grid;
mod handles;
mod hover;
mod keyboard;
mod locks;
mod map;
mod menu;
mod navigate;
mod overlays;
mod pace;
mod picker;
mod picking;
mod picture;
mod pointer;
mod proposal;
mod quick_zoom;
mod rename;
mod search_bar;
mod shown;
mod snap;
mod spacing;
mod stepped;
mod tools;
mod views;

use egui::{Id as UiId, Rect, Sense, Ui};

use crate::editor::Editor;
use crate::model::Id;
use crate::ui::paint::Camera;

use camera::CameraControl;
use dock::Dock;
use handles::Handle;
use map::Map;
use menu::Menu;
use navigate::{Beside, Room};
use overlays::Legend;
use picker::Picker;
use picking::Picked;
use picture::Picture;
use pointer::Phase;
use proposal::Proposed;
use quick_zoom::QuickZoom;
use rename::Rename;
use search_bar::SearchBar;
use stepped::Stepped;

/// The canvas of one window.
#[derive(Debug)]
pub struct Canvas {
    camera: CameraControl,
    /// Where the camera was last set without being asked to, how much room there was, and what had been edited by then.
    looked: Option<(Room, CameraControl, u64)>,
    /// Where one looked before the views were presented.
    before_presenting: Option<CameraControl>,
    /// Where the canvas is on the screen.
    area: Rect,
    phase: Phase,
    picture: Picture,
    handles: Vec<Handle>,
    /// The element below the pointer, and since when.
    hovered: Option<(Id, f64)>,
    picked: Option<Picked>,
    rename: Option<Rename>,
    picker: Option<Picker>,
    menu: Option<Menu>,
    search_bar: SearchBar,
    map: Map,
    legend: Legend,
    proposed: Proposed,
    dock: Dock,
    stepped: Option<Stepped>,
    beside: Option<Beside>,
    quick: Option<QuickZoom>,
    zoomed_at: Option<f64>,
    panned_at: Option<f64>,
    at_edge_since: Option<f64>,
}

impl Default for Canvas {
    fn default() -> Self {
        Self {
            camera: CameraControl::default(),
            looked: None,
            before_presenting: None,
            area: Rect::ZERO,
            phase: Phase::default(),
            picture: Picture::default(),
            handles: Vec::new(),
            hovered: None,
            picked: None,
            rename: None,
            picker: None,
            menu: None,
            search_bar: SearchBar::default(),
            map: Map::default(),
            legend: Legend::default(),
            proposed: Proposed::default(),
            dock: Dock::default(),
            stepped: None,
            beside: None,
            quick: None,
            zoomed_at: None,
            panned_at: None,
            at_edge_since: None,
        }
    }
}

impl Canvas {
    /// Fills what is left of the window.
    pub fn ui(&mut self, ui: &mut Ui, editor: &mut Editor) {
        let before = std::mem::replace(&mut self.area, ui.available_rect_before_wrap());
        self.stay_beside_panels(ui, editor, before);
        ui.advance_cursor_after_rect(self.area);
        let response = ui.interact(self.area, Self::id(), Sense::click_and_drag());
        self.search_keys(ui, editor);
        editor.update_search();
        Self::end_drawing_on(ui, editor);
        self.grant_wishes(ui, &response, editor);
        self.navigate(ui, &response, editor);
        self.picture.begin(editor);
        let is_proposed = self.follow_proposal(ui, &response, editor);
        let is_free = response.has_focus() && self.takes_keys(editor);
        if !is_proposed {
            if !self.quick_zoom(ui, editor, is_free) {
                self.keyboard(ui, &response, editor);
                self.pointer(ui, &response, editor);
            }
            self.carried(ui, &response, editor);
        }
        let painter = ui.painter_at(self.area);
        let camera = self.camera.camera(self.area);
        let is_zooming = self.is_zooming(ui.input(|it| it.time));
        if !matches!(self.phase, Phase::Dragging { .. }) {
            self.picture.highlight.selected.clone_from(editor.selection());
        }
        self.picture.paint(ui, editor, &camera, is_zooming);
        if !is_proposed {
            self.handles_ui(ui, &painter, editor, &camera);
            self.quick_zoom_ui(ui, &camera);
            self.locks_ui(&painter, editor, &camera);
        }
        self.blank_ui(ui, editor);
        self.controls_ui(ui, &painter, editor, &camera);
        self.stepped_ui(ui, editor, &camera);
        self.search_bar_ui(ui, editor);
        self.proposal_ui(ui, editor);
        if !is_proposed {
            self.arranging_ui(ui, editor, &camera);
            self.hover_ui(&response, editor, &camera);
        }
        self.access(ui, &response, editor, &camera);
        self.rename_ui(ui, editor, &camera);
        self.picker_ui(ui, editor, &camera);
        self.menu_ui(ui, editor, &camera);
    }

    /// How the world lies on the screen now.
    pub fn camera(&self) -> Camera {
        self.camera.camera(self.area)
    }

    /// What has the focus while the canvas has it.
    pub fn id() -> UiId {
        UiId::unique("canvas")
    }
}
