//! Icons as meshes: the tokens' outlines, filled and stroked once for each size on the screen with soft edges, then only
//! moved and coloured.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use egui::epaint::Vertex;
use egui::{Color32, Mesh, Painter, Rect, Vec2};

use super::icon_shapes::{Triangles, drawn};
use crate::tokens::{self, Icon};

/// Sizes come in steps of a quarter of a pixel.
const STEPS: f32 = 4.0;
/// A long zoom leaves many sizes behind; beyond so many, or so many vertices of all, they are forgotten.
const KEPT: usize = 1000;
const KEPT_VERTICES: usize = 2_000_000;

/// What icon, the size in steps, and the width of a pixel.
type Key = (u64, u32, u32);

/// What was drawn already.
#[derive(Default)]
struct Known {
    drawn: HashMap<Key, Arc<Triangles>>,
    vertices: usize,
}

/// Paints a bundled icon into a box; nothing if there is none of that name.
pub fn icon(painter: &Painter, rect: Rect, name: &str, colour: Color32) {
    if let Some(it) = tokens::icon(name) {
        picture(painter, rect, it, colour);
    }
}

/// Paints an icon into a box; what of it is ink, in a colour.
pub fn picture(painter: &Painter, rect: Rect, icon: &Icon, colour: Color32) {
    let mut mesh = Mesh::default();
    icon_mesh(&mut mesh, rect, icon, colour, painter.pixels_per_point());
    if !mesh.is_empty() {
        painter.add(mesh);
    }
}

/// Adds the triangles of an icon, fitted into a box, to a mesh. Its corner comes to lie on a whole pixel. Where the colour
/// is translucent, so are the icon's own.
pub fn icon_mesh(mesh: &mut Mesh, rect: Rect, icon: &Icon, colour: Color32, pixels_per_point: f32) {
    let side = rect.width().min(rect.height());
    let steps = (side * STEPS * pixels_per_point).round().max(1.0);
    let drawn = triangles(icon, steps, pixels_per_point);
    let side = steps / (STEPS * pixels_per_point);
    let to_pixel = |at: f32| (at * pixels_per_point).round() / pixels_per_point;
    let at = rect.center() - Vec2::splat(side / 2.0);
    let at = Vec2::new(to_pixel(at.x), to_pixel(at.y));
    let first = mesh.vertices.len() as u32;
    mesh.indices.extend(drawn.indices.iter().map(|it| it + first));
    // Edges fade out, and a stroke thinner than a pixel is paler as a whole.
    let in_ink = |it: &Vertex| match it.color.a() {
        255 => colour,
        0 => Color32::TRANSPARENT,
        alpha => colour.gamma_multiply_u8(alpha),
    };
    let place = |it: &Vertex, color| Vertex { pos: it.pos + at, uv: it.uv, color };
    if drawn.is_own.is_empty() {
        mesh.vertices.extend(drawn.vertices.iter().map(|it| place(it, in_ink(it))));
        return;
    }
    let left = colour.a();
    let of_its_own = |it: &Vertex| if left == 255 { it.color } else { it.color.gamma_multiply_u8(left) };
    let both = drawn.vertices.iter().zip(&drawn.is_own);
    mesh.vertices
        .extend(both.map(|(it, is_own)| place(it, if *is_own { of_its_own(it) } else { in_ink(it) })));
}

fn triangles(icon: &Icon, steps: f32, pixels_per_point: f32) -> Arc<Triangles> {
    static KNOWN: OnceLock<Mutex<Known>> = OnceLock::new();
    let key = (icon.key, steps as u32, pixels_per_point.to_bits());
    let mut known = KNOWN.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(it) = known.drawn.get(&key) {
        return Arc::clone(it);
    }
    if known.drawn.len() >= KEPT || known.vertices > KEPT_VERTICES {
        *known = Known::default();
    }
    let new = Arc::new(drawn(icon, steps / (STEPS * pixels_per_point), 1.0 / pixels_per_point));
    known.vertices += new.vertices.len();
    known.drawn.insert(key, Arc::clone(&new));
    new
}

#[cfg(test)]
mod tests {
    use egui::Pos2;
    use proptest::prelude::*;

    use super::*;

    fn mesh_of(icon: &Icon, side: f32, colour: Color32) -> (Mesh, Rect) {
        let rect = Rect::from_min_size(Pos2::new(10.0, 20.0), Vec2::splat(side));
        let mut mesh = Mesh::default();
        icon_mesh(&mut mesh, rect, icon, colour, 1.0);
        (mesh, rect)
    }

    fn parsed(body: &str) -> Icon {
        Icon::parse("test", &format!(r#"<svg viewBox="0 0 24 24">{body}</svg>"#)).unwrap()
    }

    #[test]
    fn every_bundled_icon_has_triangles_in_its_box() {
        for name in tokens::icon_names() {
            for side in [10.0, 18.0, 96.0] {
                let (mesh, rect) = mesh_of(tokens::icon(name).unwrap(), side, Color32::WHITE);
                assert!(mesh.indices.len() > 3, "{name}");
                let outside = mesh.vertices.iter().find(|it| !rect.expand(1.5).contains(it.pos));
                assert!(outside.is_none(), "{name} at {side}: {outside:?}");
            }
        }
    }

    /// The part of the box that is painted, by the triangles that are opaque all over.
    fn painted(mesh: &Mesh) -> f32 {
        let corner = |n: u32| &mesh.vertices[n as usize];
        let triangles = mesh.indices.as_chunks::<3>().0;
        let opaque =
            triangles.iter().map(|it| it.map(corner)).filter(|it| it.iter().all(|it| it.color.a() == 255));
        opaque
            .map(|[a, b, c]| {
                ((b.pos - a.pos).x * (c.pos - a.pos).y - (b.pos - a.pos).y * (c.pos - a.pos).x).abs() / 2.0
            })
            .sum()
    }

    #[test]
    fn areas_are_filled_with_their_holes_left_open() {
        let area = |body: &str| painted(&mesh_of(&parsed(body), 240.0, Color32::WHITE).0) / 100.0;
        let near = |a: f32, b: f32| assert!((a - b).abs() < 10.0, "{a} is not about {b}");
        near(area(r#"<path d="M2 2H22V22H2z"/>"#), 400.0);
        near(area(r#"<path d="M2 2H22V22H2z M6 6V18H18V6z"/>"#), 400.0 - 144.0);
        near(area(r#"<path d="M2 2H22V22H2z M6 6H18V18H6z"/>"#), 400.0);
        near(area(r#"<path fill-rule="evenodd" d="M2 2H22V22H2z M6 6H18V18H6z"/>"#), 400.0 - 144.0);
    }

    #[test]
    fn own_colours_stay_and_fade_and_ink_is_the_grounds() {
        let icon = parsed(
            r##"<path fill="#ff0000" d="M2 2H22V12H2z"/><path fill="currentColor" d="M2 12H22V22H2z"/>"##,
        );
        let blue = Color32::BLUE;
        let (mesh, _) = mesh_of(&icon, 48.0, blue);
        let has = |mesh: &Mesh, colour: Color32| mesh.vertices.iter().any(|it| it.color == colour);
        assert!(has(&mesh, Color32::RED) && has(&mesh, blue));
        let (faded, _) = mesh_of(&icon, 48.0, blue.gamma_multiply_u8(128));
        assert!(has(&faded, Color32::RED.gamma_multiply_u8(128)) && !has(&faded, Color32::RED));
    }

    #[test]
    fn a_line_that_runs_back_on_itself_stays_where_it_is() {
        let icon = parsed(r##"<path d="M3 3L11 4L21 14L10 3" fill="#f00" stroke="#00f"/>"##);
        for side in [1.0, 16.0, 24.0] {
            let (mesh, rect) = mesh_of(&icon, side, Color32::WHITE);
            assert!(mesh.vertices.iter().all(|it| rect.expand(4.0).contains(it.pos)));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_outline_is_filled_without_harm(
            points in prop::collection::vec((0_u8..25, 0_u8..25, 0_u8..4), 1..60), even_odd: bool, side in 1.0_f32..90.0,
        ) {
            let mut d = String::from("M3 3");
            for (x, y, what) in points {
                let letter = ["L", "M", "L", "zM"][usize::from(what)];
                d.push_str(&format!("{letter}{x} {y}"));
            }
            let rule = if even_odd { "evenodd" } else { "nonzero" };
            let svg = format!(r##"<svg viewBox="0 0 24 24"><path d="{d}" fill-rule="{rule}" fill="#f00" stroke="#00f"/></svg>"##);
            if let Ok(icon) = Icon::parse("test", &svg) {
                let (mesh, rect) = mesh_of(&icon, side, Color32::WHITE);
                prop_assert!(mesh.vertices.iter().all(|it| it.pos.is_finite() && rect.expand(side.max(4.0)).contains(it.pos)));
                prop_assert!(mesh.indices.iter().all(|it| (*it as usize) < mesh.vertices.len()));
            }
        }
    }
}
