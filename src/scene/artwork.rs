//! Which icon an element is drawn with: that of its kind, another that comes with the app, or an artwork of the document.

use std::ops::Deref;
use std::sync::{Arc, LazyLock};

use crate::model::{Id, MAX_ARTWORK_BYTES, Model};
use crate::tokens::{self, Icon};

/// An icon that is ready to be drawn.
#[derive(Debug, Clone)]
pub enum CardIcon {
    /// It comes with the app.
    Bundled(&'static Icon),
    Own(Arc<Icon>),
}

impl CardIcon {
    /// The bundled icon of that name; one that draws nothing if there is none.
    pub fn bundled(name: &str) -> Self {
        static NOTHING: LazyLock<Icon> = LazyLock::new(Icon::default);
        Self::Bundled(tokens::icon(name).unwrap_or(&NOTHING))
    }

    /// What an element asks for, be it an artwork or a bundled icon; without that, or where there is none, the icon of its
    /// kind.
    pub fn of(model: &Model, chosen: Option<&Id>, kind: &str) -> Self {
        let own = chosen.and_then(|it| Self::chosen(model, it));
        own.unwrap_or_else(|| Self::bundled(kind))
    }

    /// The icon of an element of the model, if it is one that is drawn with an icon.
    pub fn of_element(model: &Model, id: &Id) -> Option<Self> {
        if let Some(it) = model.component(id) {
            return Some(Self::of(model, it.icon.as_ref(), &it.kind().icon));
        }
        model.boundary(id).map(|it| Self::of(model, it.icon.as_ref(), &it.kind().icon))
    }

    fn chosen(model: &Model, id: &Id) -> Option<Self> {
        match model.artwork(id) {
            Some(it) if it.svg.len() <= MAX_ARTWORK_BYTES => tokens::artwork(&it.svg).map(Self::Own),
            Some(_) => None,
            None => tokens::icon(id.as_str()).map(Self::Bundled),
        }
    }
}

impl Deref for CardIcon {
    type Target = Icon;

    fn deref(&self) -> &Icon {
        match self {
            Self::Bundled(it) => it,
            Self::Own(it) => it,
        }
    }
}

impl PartialEq for CardIcon {
    fn eq(&self, other: &Self) -> bool {
        self.key == other.key
    }
}

impl Eq for CardIcon {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn an_artwork_goes_before_a_bundled_icon_and_what_is_unknown_is_the_kinds() {
        let text = r#"(format: 1, artworks: {"server": (svg: "<svg viewBox='0 0 9 9'><path fill='#f00' d='M0 0H9V9z'/></svg>"),
            "bad": (svg: "no")})"#;
        let model = model::read(text.as_bytes()).unwrap();
        let of = |id: &str| CardIcon::of(&model, Some(&Id::slug(id)), "lock");
        assert!(of("server").is_coloured());
        assert_eq!(&*of("shield"), tokens::icon("shield").unwrap());
        for id in ["bad", "nothing-of-that-name"] {
            assert_eq!(&*of(id), tokens::icon("lock").unwrap(), "{id}");
        }
        assert_eq!(&*CardIcon::of(&model, None, "lock"), tokens::icon("lock").unwrap());
        assert!(CardIcon::bundled("none").parts.is_empty());
    }
}
