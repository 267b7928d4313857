//! The painter: a display list as egui's shapes, in screen space.

mod camera;

pub use camera::Camera;

use crate::scene::DisplayList;

/// Paints a display list as the camera sees it.
pub fn paint(painter: &egui::Painter, list: &DisplayList, camera: &Camera) {
    // Written next: this is the seam that canvas and gallery paint through.
    let _ = (painter, list, camera);
}
