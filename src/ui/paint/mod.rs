//! The painter: a display list to egui's triangles.
//!
//! [`Painting::paint`] writes the whole list into one mesh, in the order of the list and in screen space: texts are
//! laid out at the size that they have on the screen, and so stay crisp at every zoom without a layer that scales.
//! What is laid out once (texts, icons) is kept from frame to frame; a frame copies it to its place. A picture that
//! has not changed is shown again by [`Painting::repeat`], which costs next to nothing.

mod atlas;
mod icons;
mod lines;
mod pen;
mod rects;
mod texts;

use std::sync::Arc;

use egui::{Mesh, Painter, Pos2, Rect, Shape};

use crate::scene::{self, DisplayList};

use icons::Icons;
use pen::{Pen, Scratch};
use texts::Texts;

/// How the world lies on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// Where the world's zero is.
    pub origin: Pos2,
    /// Points on the screen for one of the world.
    pub zoom: f32,
}

impl View {
    pub fn to_screen(&self, pos: scene::Pos) -> Pos2 {
        Pos2::new(self.origin.x + pos.x * self.zoom, self.origin.y + pos.y * self.zoom)
    }

    pub fn to_world(&self, pos: Pos2) -> scene::Pos {
        scene::Pos::new((pos.x - self.origin.x) / self.zoom, (pos.y - self.origin.y) / self.zoom)
    }

    pub fn rect_to_screen(&self, rect: scene::Rect) -> Rect {
        Rect::from_min_max(self.to_screen(rect.min), self.to_screen(rect.max))
    }

    pub fn rect_to_world(&self, rect: Rect) -> scene::Rect {
        scene::Rect { min: self.to_world(rect.min), max: self.to_world(rect.max) }
    }
}

/// A picture on the screen, and what makes the next one cheap.
#[derive(Default)]
pub struct Painting {
    mesh: Arc<Mesh>,
    /// The height of the texture of glyphs that the mesh was written for.
    texture: [usize; 2],
    scratch: Scratch,
    texts: Texts,
    icons: Icons,
}

impl Painting {
    /// Paints a list.
    ///
    /// While `is_zooming`, texts may be stretched instead of laid out anew for each step on the way.
    pub fn paint(&mut self, painter: &Painter, list: &DisplayList, view: View, is_zooming: bool) {
        self.texts.begin(painter, view.zoom, is_zooming);
        // All texts first: laying one out may let the texture grow, which moves every glyph in it.
        for item in &list.items {
            if let scene::Shape::Text(text) = &item.shape {
                self.texts.prepare(painter, text);
            }
        }
        self.texture = painter.fonts(|it| it.font_image_size());
        // Whoever still holds the last picture keeps it.
        if Arc::get_mut(&mut self.mesh).is_none() {
            self.mesh = Arc::default();
        }
        let Some(mesh) = Arc::get_mut(&mut self.mesh) else { return };
        mesh.clear();
        let mut pen = Pen::new(mesh, &mut self.scratch, painter, view);
        for item in &list.items {
            match &item.shape {
                scene::Shape::Rect(it) => pen.rect(it, item.opacity),
                scene::Shape::Path(it) => pen.path(it, item.opacity),
                scene::Shape::Text(it) => self.texts.write(&mut pen, it, item.opacity, self.texture),
                scene::Shape::Icon(it) => self.icons.write(&mut pen, it, item.opacity),
            }
        }
        self.show(painter);
    }

    /// Shows the last picture again, where it was. Returns whether it could: it cannot once the glyphs have moved.
    pub fn repeat(&mut self, painter: &Painter) -> bool {
        let texture = painter.fonts(|it| it.font_image_size());
        if !self.texts.still_stand(painter) || texture != self.texture {
            return false;
        }
        self.show(painter);
        true
    }

    fn show(&self, painter: &Painter) {
        if self.mesh.is_empty() {
            return;
        }
        let at = painter.add(Shape::Mesh(Arc::clone(&self.mesh)));
        atlas::keep(painter, at, &self.mesh, self.texture);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_to_the_screen_and_back() {
        let view = View { origin: Pos2::new(10.0, -20.0), zoom: 2.5 };
        let pos = scene::Pos::new(3.0, 4.0);
        assert_eq!(view.to_screen(pos), Pos2::new(17.5, -10.0));
        assert_eq!(view.to_world(view.to_screen(pos)), pos);
        let rect = scene::Rect::new(1.0, 2.0, 30.0, 40.0);
        assert_eq!(view.rect_to_world(view.rect_to_screen(rect)), rect);
    }
}
