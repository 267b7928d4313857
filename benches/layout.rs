//! How long an auto layout takes, as drawings grow: run with `cargo bench --bench layout`. With `quality` it says what
//! comes of the samples instead.
#![expect(clippy::disallowed_methods, reason = "a benchmark reads the arguments and files")]

#[expect(dead_code, reason = "each benchmark takes the models that it needs")]
mod generated;

use std::io::Write as _;

use divan::Bencher;
use parapet::model::{self, Direction, Draft, Id, MAIN_VIEW, Model, Nesting, Place};
use parapet::scene::{Layered, Layout, LayoutScope, Pos, auto_layout};

fn main() {
    if std::env::args().any(|it| it == "quality") {
        return quality();
    }
    divan::main();
}

/// Of each sample, once laid out: how many of its lines cross, their bends, their length, and the area.
fn quality() {
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| _ = writeln!(out, "{line}");
    say("| drawing | crossings | bends | length | Mpx | before: crossings | bends | length | Mpx |"
        .to_owned());
    say("|---|---|---|---|---|---|---|---|---|".to_owned());
    let mut samples: Vec<_> =
        std::fs::read_dir("samples").into_iter().flatten().flatten().map(|it| it.path()).collect();
    samples.sort();
    for path in samples.iter().filter(|it| it.extension().is_some_and(|it| it == "ron")) {
        let Some(model) = std::fs::read(path).ok().and_then(|it| model::read(&it).ok()) else { continue };
        let name = path.file_name().and_then(|it| it.to_str()?.split('.').next()).unwrap_or_default();
        for direction in [Direction::Down, Direction::Right] {
            let (nesting, view) = (Nesting::of(&model), Id::slug(MAIN_VIEW));
            let asked = (&LayoutScope::View, direction);
            let places = auto_layout(&model, &nesting, &view, asked, &Layered, &|| false).unwrap_or_default();
            let mut laid = model.clone();
            let edit = {
                let mut draft = Draft::of(&model);
                for (id, place) in places {
                    if let Some(place) = place {
                        draft.put((view.clone(), id), place);
                    }
                }
                draft.finish()
            };
            laid.apply(&edit);
            let [after, before] = [&laid, &model].map(|it| measured(&Layout::of(it, &view, &nesting)));
            say(format!("| {name}, {direction:?} | {after} | {before} |"));
        }
    }
}

fn measured(layout: &Layout) -> String {
    let lines: Vec<(usize, Pos, Pos)> = (layout.flows.values().enumerate())
        .flat_map(|(n, it)| it.points.windows(2).map(move |it| (n, it[0], it[1])).collect::<Vec<_>>())
        .collect();
    let cross = |a: &(usize, Pos, Pos), b: &(usize, Pos, Pos)| {
        let is_level = |it: &(usize, Pos, Pos)| (it.1.y - it.2.y).abs() < 0.01;
        let (level, plumb) = match (is_level(a), is_level(b)) {
            (true, false) => (a, b),
            (false, true) => (b, a),
            _ => return false,
        };
        let is_between = |at: f32, one: f32, two: f32| one.min(two) < at && at < one.max(two);
        a.0 != b.0
            && is_between(plumb.1.x, level.1.x, level.2.x)
            && is_between(level.1.y, plumb.1.y, plumb.2.y)
    };
    let crossings: usize =
        lines.iter().enumerate().map(|(n, a)| lines[n + 1..].iter().filter(|b| cross(a, b)).count()).sum();
    let bends: usize = layout.flows.values().map(|it| it.points.len().saturating_sub(2)).sum();
    let length: f32 = lines.iter().map(|it| it.1.distance(it.2)).sum();
    let area = layout.bounds().map_or(0.0, |it| it.width() * it.height() / 1e6);
    format!("{crossings} | {bends} | {length:.0} | {area:.2}")
}

const SIZES: [usize; 5] = [50, 200, 1_000, 2_500, 10_000];

fn bench(bencher: Bencher<'_, '_>, model: &Model, direction: Direction) {
    let (nesting, view) = (Nesting::of(model), Id::slug(MAIN_VIEW));
    let asked = (&LayoutScope::View, direction);
    bencher.bench_local(|| auto_layout(model, &nesting, &view, asked, &Layered, &|| false));
}

/// The landscape with boxes for its boundaries, too.
fn drawn(components: usize) -> Model {
    let mut model = Model::clone(&generated::landscape(components));
    let edit = {
        let mut draft = Draft::of(&model);
        for id in model.boundaries().keys() {
            draft.put((Id::slug(MAIN_VIEW), id.clone()), Place::default());
        }
        draft.finish()
    };
    model.apply(&edit);
    model
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn down(bencher: Bencher<'_, '_>, components: usize) {
    bench(bencher, &drawn(components), Direction::Down);
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn right(bencher: Bencher<'_, '_>, components: usize) {
    bench(bencher, &drawn(components), Direction::Right);
}

/// One in twenty is locked, all over the drawing.
#[divan::bench(args = SIZES, sample_count = 10)]
fn around_pins(bencher: Bencher<'_, '_>, components: usize) {
    let mut model = drawn(components);
    let edit = {
        let mut draft = Draft::of(&model);
        for id in model.components().keys().step_by(20) {
            draft.edit::<Place>(&(Id::slug(MAIN_VIEW), id.clone()), |it| it.locked = true);
        }
        draft.finish()
    };
    model.apply(&edit);
    bench(bencher, &model, Direction::Down);
}
