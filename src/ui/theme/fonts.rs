//! The bundled typefaces, each cut a family of egui's.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily};

use super::family;
use crate::tokens::Face;

/// Every cut, with Inter behind the monospaced face and the other way round for what one of them lacks.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::empty();
    for face in Face::ALL {
        let data = FontData::from_static(face.bytes());
        fonts.font_data.insert(face.full_name().to_owned(), Arc::new(data));
        let other = if face.is_mono() { Face::Sans } else { Face::Mono };
        let names = [face, other].map(|it| it.full_name().to_owned()).to_vec();
        fonts.families.insert(family(face), names);
    }
    debug_assert!(fonts.families.contains_key(&FontFamily::Proportional));
    fonts
}
