//! Dashes: of level and upright pieces each is a box of whole pixels, of all others a stroke with soft edges.
//!
//! On a screen full of lines there are tens of thousands of dashes. So those of ordinary lines are not boxes of their own:
//! a piece is one box, and which of its pixels are dash and which are gap, a texture says that repeats along it.

use egui::epaint::Vertex;
use egui::{Color32, ColorImage, Context, Id, Pos2, Rect, TextureHandle, TextureOptions, Vec2};

use super::pen::{Pen, add_quad};

/// Dashes that are shorter than this, in points, run together: the line is drawn whole, and paler.
const SHORTEST: f32 = 1.5;
/// The texture has so many rows, in each of which as many of so many columns are dash as rows lie above it.
const SIDE: usize = 64;

/// The texture of dashes.
pub(super) fn texture(ctx: &Context) -> TextureHandle {
    let id = Id::unique("dashes");
    if let Some(known) = ctx.data(|it| it.get_temp(id)) {
        return known;
    }
    let pixel = |at: usize| if at % SIDE < at / SIDE { Color32::WHITE } else { Color32::TRANSPARENT };
    let image = ColorImage::new([SIDE, SIDE], (0..SIDE * SIDE).map(pixel).collect());
    let texture = ctx.load_texture("dashes", image, TextureOptions::NEAREST_REPEAT);
    ctx.data_mut(|it| it.insert_temp(id, texture.clone()));
    texture
}

/// Dash, and dash and gap, in whole pixels: so that all dashes of a line look alike.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pattern {
    on: f32,
    period: f32,
}

impl Pattern {
    /// Of a dash and a gap, as long as they are, in pixels.
    fn of([on, off]: [f32; 2]) -> Self {
        let period = (on + off).round().max(2.0);
        Self { on: on.round().clamp(1.0, period - 1.0), period }
    }

    /// The row of the texture that looks like that.
    fn row(self) -> f32 {
        let row = (SIDE as f32 * self.on / self.period).round().clamp(1.0, SIDE as f32 - 1.0);
        (row + 0.5) / SIDE as f32
    }
}

/// A line that is drawn in dashes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dashed {
    pub(super) width: f32,
    pub(super) colour: Color32,
    pub(super) dash: [f32; 2],
    /// Whether it lies below all lines that have no dashes.
    pub(super) is_below: bool,
}

/// A level or upright piece of a line, in pixels.
struct Straight {
    is_level: bool,
    /// Where it begins and ends, along it.
    from: f32,
    to: f32,
    /// Its two edges.
    edges: [f32; 2],
}

impl Straight {
    /// The box of a part of it.
    fn part(&self, from: f32, to: f32) -> Rect {
        let ([low, high], (from, to)) = (self.edges, (from.min(to), from.max(to)));
        if self.is_level {
            Rect::from_min_max(Pos2::new(from, low), Pos2::new(to, high))
        } else {
            Rect::from_min_max(Pos2::new(low, from), Pos2::new(high, to))
        }
    }
}

impl Pen<'_> {
    /// Whether dashes of that length can be told apart.
    pub(super) fn shows(&self, dash: [f32; 2]) -> bool {
        dash[0].min(dash[1]) * self.camera.zoom >= SHORTEST
    }

    pub(super) fn dashed_border(&mut self, rect: Rect, radius: f32, line: Dashed) {
        let mut points = std::mem::take(&mut self.scratch.points);
        points.clear();
        let radius = radius.min(rect.width() / 2.0).min(rect.height() / 2.0);
        let corner = |at: Pos2, from: Vec2, to: Vec2, points: &mut Vec<Pos2>| {
            for n in 0..=4 {
                let t = n as f32 / 4.0;
                let (a, b) = ((at + from * radius).lerp(at, t), at.lerp(at + to * radius, t));
                points.push(a.lerp(b, t));
            }
        };
        let (right, down) = (Vec2::new(1.0, 0.0), Vec2::new(0.0, 1.0));
        corner(rect.left_top(), down, right, &mut points);
        corner(rect.right_top(), -right, down, &mut points);
        corner(rect.right_bottom(), -down, -right, &mut points);
        corner(rect.left_bottom(), right, -down, &mut points);
        if let Some(first) = points.first().copied() {
            points.push(first);
        }
        self.dashes(&points, line);
        self.scratch.points = points;
    }

    /// Dashes along a line, those that are seen.
    pub(super) fn dashes(&mut self, points: &[Pos2], line: Dashed) {
        let scale = self.pixels_per_point;
        let pattern = Pattern::of(line.dash.map(|it| it * self.camera.zoom * scale));
        let seen = self.clip.expand(line.width + 1.0);
        // How far into the pattern the piece begins, in pixels.
        let mut phase = 0.0;
        for pair in points.windows(2) {
            let [a, b] = [pair[0], pair[1]];
            let long = a.distance(b);
            if long < 1e-3 {
                continue;
            }
            if let Some((from, to)) = within(seen, a, (b - a) / long, long) {
                match self.straight(a, b, line.width) {
                    Some(it) if line.is_below => self.textured(&it, (pattern, phase), &line),
                    Some(it) => self.boxes(&it, (from * scale, to * scale), (pattern, phase), &line),
                    None => self.soft([a, b], (from, to), (pattern, phase), &line),
                }
            }
            phase = (phase + long * scale) % pattern.period;
        }
    }

    /// The piece between two points, if it is level or upright.
    fn straight(&self, a: Pos2, b: Pos2, width: f32) -> Option<Straight> {
        let scale = self.pixels_per_point;
        let (off, wide) = ((b - a).abs() * scale, (width * scale).round().max(1.0));
        let (is_level, middle, from, to) = if off.y < 0.1 && off.x >= 0.5 {
            (true, a.y, a.x, b.x)
        } else if off.x < 0.1 && off.y >= 0.5 {
            (false, a.x, a.y, b.y)
        } else {
            return None;
        };
        let low = (middle * scale - wide / 2.0).round();
        let [from, to] = [from, to].map(|it| (it * scale).round());
        Some(Straight { is_level, from, to, edges: [low, low + wide] })
    }

    /// What is left of a colour where a line is widened to whole pixels.
    fn widened(&self, line: &Dashed) -> Color32 {
        let wide = line.width * self.pixels_per_point;
        line.colour.gamma_multiply((wide / wide.round().max(1.0)).min(1.0))
    }

    fn textured(&mut self, it: &Straight, (pattern, phase): (Pattern, f32), line: &Dashed) {
        let colour = self.widened(line);
        let rect = it.part(it.from, it.to);
        let long = (it.to - it.from).abs();
        let along = [phase.round(), phase.round() + long].map(|it| it / pattern.period);
        let [low, high] = if it.from <= it.to { along } else { [along[1], along[0]] };
        let along = if it.is_level { [low, high, low, high] } else { [low, low, high, high] };
        let corners = [rect.left_top(), rect.right_top(), rect.left_bottom(), rect.right_bottom()];
        let corner = |n: usize| Vertex {
            pos: corners[n] / self.pixels_per_point,
            uv: Pos2::new(along[n], pattern.row()),
            color: colour,
        };
        add_quad(self.dashed, [0, 1, 2, 3].map(corner));
    }

    fn boxes(
        &mut self,
        it: &Straight,
        (from, to): (f32, f32),
        (pattern, phase): (Pattern, f32),
        line: &Dashed,
    ) {
        let (colour, phase) = (self.widened(line), phase.round());
        let (long, way) = ((it.to - it.from).abs(), (it.to - it.from).signum());
        let mut at = ((from + phase) / pattern.period).floor() * pattern.period - phase;
        while at < to.min(long) {
            let (start, end) = (at.max(0.0), (at + pattern.on).min(long));
            if end > start {
                let rect = it.part(it.from + way * start, it.from + way * end);
                self.quad(rect / self.pixels_per_point, colour);
            }
            at += pattern.period;
        }
    }

    fn soft(
        &mut self,
        [a, b]: [Pos2; 2],
        (from, to): (f32, f32),
        (pattern, phase): (Pattern, f32),
        line: &Dashed,
    ) {
        let scale = self.pixels_per_point;
        let (on, period, phase) = (pattern.on / scale, pattern.period / scale, phase / scale);
        let long = a.distance(b);
        let way = (b - a) / long;
        let first = ((from + phase) / period).floor();
        let mut at = first * period - phase;
        while at < to {
            let (start, end) = (at.max(0.0), (at + on).min(long));
            if end > start {
                self.stroke_open(&[a + way * start, a + way * end], line.width, line.colour);
            }
            at += period;
        }
    }
}

/// From where to where a piece lies in a box, if it does.
fn within(area: Rect, from: Pos2, way: Vec2, long: f32) -> Option<(f32, f32)> {
    let (mut start, mut end) = (0.0_f32, long);
    for (at, step, low, high) in
        [(from.x, way.x, area.min.x, area.max.x), (from.y, way.y, area.min.y, area.max.y)]
    {
        if step.abs() < 1e-6 {
            if at < low || at > high {
                return None;
            }
            continue;
        }
        let (one, two) = ((low - at) / step, (high - at) / step);
        start = start.max(one.min(two));
        end = end.min(one.max(two));
    }
    (start < end).then_some((start, end))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use egui::{Mesh, Painter, RawInput};
    use proptest::prelude::*;

    use super::*;
    use crate::scene::Pos;
    use crate::ui::paint::Camera;
    use crate::ui::paint::pen::Scratch;
    use crate::ui::theme;

    /// The pixels whose middle a mesh of boxes covers, where its texture is not transparent.
    fn pixels(mesh: &Mesh, of_texture: bool) -> BTreeSet<(i32, i32)> {
        let mut all = BTreeSet::new();
        for corners in mesh.vertices.chunks(4) {
            let [from, to] = [&corners[0], &corners[3]];
            let pixels_of = |low: f32, high: f32| (low.round() as i32)..(high.round() as i32);
            for x in pixels_of(from.pos.x, to.pos.x) {
                for y in pixels_of(from.pos.y, to.pos.y) {
                    let share = |at: i32, low: f32, high: f32| (at as f32 + 0.5 - low) / (high - low);
                    // The same at both ends across the piece.
                    let u = if corners[0].uv.x == corners[2].uv.x {
                        egui::lerp(from.uv.x..=to.uv.x, share(x, from.pos.x, to.pos.x))
                    } else {
                        egui::lerp(from.uv.x..=to.uv.x, share(y, from.pos.y, to.pos.y))
                    };
                    let (column, row) =
                        ((u.fract() * SIDE as f32) as usize, (from.uv.y * SIDE as f32) as usize);
                    if !of_texture || column < row {
                        all.insert((x, y));
                    }
                }
            }
        }
        all
    }

    proptest! {
        #[test]
        fn dashes_of_a_texture_are_those_that_are_drawn_one_by_one(
            (from, along, across) in (10.0_f32..300.0, -200.0_f32..200.0, 10.0_f32..300.0),
            (is_level, zoom, phase) in (any::<bool>(), 0.5_f32..4.0, 0.0_f32..30.0),
            width in 1.0_f32..4.0,
        ) {
            prop_assume!(along.abs() > 1.0);
            let ctx = Context::default();
            theme::install(&ctx);
            let screen = Rect::from_min_size(Pos2::ZERO, Vec2::new(600.0, 600.0));
            let at = |along: f32| if is_level { Pos2::new(along, across) } else { Pos2::new(across, along) };
            let [a, b] = [from, (from + along).max(0.0)].map(at);
            let mut found = None;
            let mut paint = |painter: &Painter| {
                let [mut boxes, mut textured] = [Mesh::default(), Mesh::default()];
                let mut scratch = Scratch::default();
                let camera = Camera { corner: Pos::ZERO, zoom, screen };
                let mut pen = Pen::new((&mut boxes, &mut textured), &mut scratch, painter, camera);
                let pattern = Pattern::of([4.0 * zoom, 3.0 * zoom]);
                let line = Dashed { width, colour: Color32::WHITE, dash: [4.0, 3.0], is_below: true };
                if let Some(it) = pen.straight(a, b, width) {
                    pen.boxes(&it, (0.0, a.distance(b)), (pattern, phase % pattern.period), &line);
                    pen.textured(&it, (pattern, phase % pattern.period), &line);
                    found = Some((pixels(&boxes, false), pixels(&textured, true)));
                }
            };
            let input = RawInput { screen_rect: Some(screen), ..RawInput::default() };
            ctx.run_ui(input, |ui| paint(ui.painter())).textures_delta.clear();
            let (one_by_one, of_texture) = found.unwrap();
            prop_assert_eq!(one_by_one, of_texture);
        }
    }

    #[test]
    fn a_piece_is_cut_to_what_is_seen() {
        let area = Rect::from_min_max(Pos2::new(10.0, 10.0), Pos2::new(20.0, 20.0));
        let right = Vec2::new(1.0, 0.0);
        assert_eq!(within(area, Pos2::new(0.0, 15.0), right, 100.0), Some((10.0, 20.0)));
        assert_eq!(within(area, Pos2::new(0.0, 15.0), right, 12.0), Some((10.0, 12.0)));
        assert_eq!(within(area, Pos2::new(0.0, 25.0), right, 100.0), None);
        assert_eq!(within(area, Pos2::new(30.0, 15.0), right, 100.0), None);
    }
}
