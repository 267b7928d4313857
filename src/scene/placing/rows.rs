//! Where the boxes of ordered layers stand: rows of a bearable width, below what they belong to, in columns of a
//! bearable height.

use super::layering::{Part, Pull, Size};
use super::spacing::Spacing;
use crate::scene::SNAP;
use crate::scene::geometry::Pos;

/// Columns of up to so many rows are not broken.
const HIGH: usize = 8;
/// More room from row to row where many lines run side by side.
const LINE: f32 = 4.0;
/// Between columns.
const COLUMNS: f32 = 96.0;
const PASSES: usize = 4;

/// The upper left corner of each box, and the size of the whole.
pub(super) fn stand(part: &Part, layers: &[Vec<usize>]) -> (Vec<Pos>, Size) {
    let rows = broken(part, layers);
    let lefts = lefts(part, &rows, &middles(part, &rows));
    let gaps = gaps(part, &rows);
    let height = |row: &Vec<usize>| row.iter().map(|it| part.sizes[*it].1).fold(0.0, f32::max);
    let heights: Vec<f32> = rows.iter().map(height).collect();
    let limit = limit(part, &rows, &lefts, &heights, &gaps);
    let mut places = vec![Pos::ZERO; part.sizes.len()];
    let mut size = (0.0_f32, 0.0_f32);
    let (mut x, mut first) = (0.0, 0);
    while first < rows.len() {
        let (mut y, mut end) = (0.0, first);
        let mut bottom = 0.0;
        while end < rows.len() && (end == first || y + heights[end] <= limit) {
            rows[end].iter().for_each(|it| places[*it].y = y);
            bottom = y + heights[end];
            y = bottom + gaps[end];
            end += 1;
        }
        let column = || rows[first..end].iter().flatten();
        let low = column().map(|it| lefts[*it]).fold(f32::INFINITY, f32::min);
        for it in column() {
            places[*it].x = x + lefts[*it] - low;
            size.0 = size.0.max(places[*it].x + part.sizes[*it].0);
        }
        size.1 = size.1.max(bottom);
        x = ((size.0 + COLUMNS) / SNAP).ceil() * SNAP;
        first = end;
    }
    (places, size)
}

/// How high a column may be.
fn limit(part: &Part, rows: &[Vec<usize>], lefts: &[f32], heights: &[f32], gaps: &[f32]) -> f32 {
    if rows.len() <= HIGH {
        return f32::INFINITY;
    }
    let all = || rows.iter().flatten();
    let low = all().map(|it| lefts[*it]).fold(f32::INFINITY, f32::min);
    let high = all().map(|it| lefts[*it] + part.sizes[*it].0).fold(f32::NEG_INFINITY, f32::max);
    let total: f32 = heights.iter().chain(gaps).sum();
    (total * (high - low + COLUMNS) / part.spacing.aspect).sqrt().max(part.spacing.wide)
}

/// Layers that would be too wide as several rows.
fn broken(part: &Part, layers: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let Spacing { beside, below, aspect, wide: least, .. } = part.spacing;
    let area: f32 = part.sizes.iter().map(|it| (it.0 + beside) * (it.1 + below)).sum();
    let limit = (area * aspect).sqrt().max(least);
    let mut rows = Vec::with_capacity(layers.len());
    for layer in layers {
        let wide: f32 = layer.iter().map(|it| part.sizes[*it].0 + beside).sum();
        let share = wide / (wide / limit).ceil().max(1.0);
        let (mut row, mut x) = (Vec::new(), 0.0);
        for it in layer {
            let width = part.sizes[*it].0 + beside;
            if x + width > share + 1.0 && !row.is_empty() {
                rows.push(std::mem::take(&mut row));
                x = 0.0;
            }
            row.push(*it);
            x += width;
        }
        rows.push(row);
    }
    rows
}

/// The middle of each box, as near to those of its neighbours as the order of its row lets it.
fn middles(part: &Part, rows: &[Vec<usize>]) -> Vec<f32> {
    let mut middles = vec![0.0; part.sizes.len()];
    for row in rows {
        let wishes: Vec<(f32, f32)> = row.iter().map(|_| (0.0, 1.0)).collect();
        fit(part, row, &wishes, &mut middles);
    }
    for pass in 0..PASSES {
        for n in 0..rows.len() {
            let is_down = pass % 2 == 0;
            let row = &rows[if is_down { n } else { rows.len() - 1 - n }];
            let wish = |it: &usize| {
                if let Some(other) = part.beside[*it] {
                    return (middles[other] + apart(part, other, *it), 0.01);
                }
                let (near, far) = if is_down {
                    (&part.into[*it], &part.out[*it])
                } else {
                    (&part.out[*it], &part.into[*it])
                };
                let mean = |of: &[Pull]| of.iter().map(|it| it.wish(&middles)).sum::<f32>() / of.len() as f32;
                match (near.is_empty(), far.is_empty()) {
                    (false, _) => (mean(near), near.len() as f32),
                    (true, false) => (mean(far), 0.5),
                    (true, true) => (middles[*it], 0.1),
                }
            };
            let wishes: Vec<(f32, f32)> = row.iter().map(wish).collect();
            fit(part, row, &wishes, &mut middles);
        }
    }
    middles
}

/// From middle to middle of neighbours in a row.
fn apart(part: &Part, a: usize, b: usize) -> f32 {
    let gap = if part.beside[b] == Some(a) || part.beside[a] == Some(b) {
        part.spacing.aside
    } else if part.team[a] == part.team[b] {
        part.spacing.team
    } else {
        part.spacing.beside
    };
    part.sizes[a].0.midpoint(part.sizes[b].0) + gap
}

/// Puts the middles of a row as near to their wishes (where, and how much it weighs) as keeps them apart: the least
/// squares under an order, found by pooling neighbours that want to pass each other.
fn fit(part: &Part, row: &[usize], wishes: &[(f32, f32)], middles: &mut [f32]) {
    let mut offsets = Vec::with_capacity(row.len());
    let mut offset = 0.0;
    for (n, it) in row.iter().enumerate() {
        if n > 0 {
            offset += apart(part, row[n - 1], *it);
        }
        offsets.push(offset);
    }
    // Sum of wishes, weight, count.
    let mut pools: Vec<(f32, f32, usize)> = Vec::new();
    for ((wish, weight), offset) in wishes.iter().zip(&offsets) {
        let mut pool = ((wish - offset) * weight, *weight, 1);
        while let Some(last) = pools.last().filter(|it| it.0 / it.1 > pool.0 / pool.1) {
            pool = (pool.0 + last.0, pool.1 + last.1, pool.2 + last.2);
            pools.pop();
        }
        pools.push(pool);
    }
    let mut n = 0;
    for (sum, weight, count) in pools {
        for _ in 0..count {
            middles[row[n]] = sum / weight + offsets[n];
            n += 1;
        }
    }
}

/// The left edges, on the grid.
fn lefts(part: &Part, rows: &[Vec<usize>], middles: &[f32]) -> Vec<f32> {
    let mut lefts = vec![0.0; middles.len()];
    for row in rows {
        let mut last: Option<usize> = None;
        for it in row {
            let wish = ((middles[*it] - part.sizes[*it].0 / 2.0) / SNAP).round() * SNAP;
            let free = last.map_or(wish, |last| {
                let gap = apart(part, last, *it) - part.sizes[last].0.midpoint(part.sizes[*it].0);
                lefts[last] + part.sizes[last].0 + gap
            });
            lefts[*it] = (wish.max(free) / SNAP).ceil() * SNAP;
            last = Some(*it);
        }
    }
    lefts
}

/// The room below each row: more, the more lines run through it.
fn gaps(part: &Part, rows: &[Vec<usize>]) -> Vec<f32> {
    let mut row_of = vec![0; part.sizes.len()];
    rows.iter().enumerate().for_each(|(n, row)| row.iter().for_each(|it| row_of[*it] = n));
    // How many lines start or end at each row, as they run downwards.
    let mut lines = vec![0_i32; rows.len()];
    for (from, out) in part.out.iter().enumerate() {
        for to in out {
            let (a, b) = (row_of[from].min(row_of[to.to]), row_of[from].max(row_of[to.to]));
            lines[a] += 1;
            lines[b] -= 1;
        }
    }
    let mut running = 0;
    let room = |it: i32| {
        running += it;
        (((part.spacing.below + LINE * running as f32).min(part.spacing.most_below)) / SNAP).ceil() * SNAP
    };
    lines.into_iter().map(room).collect()
}
