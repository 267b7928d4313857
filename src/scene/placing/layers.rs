//! Which box stands in which layer, and in what order.

use super::layering::{Outside, Part, Pull};
use crate::scene::SNAP;

/// A flow over more layers than these keeps no lane free between the boxes it passes.
const LANES: usize = 5;
const SWEEPS: usize = 6;
/// How many boxes step aside beside one.
const ASIDE: usize = 2;

/// The layers of a part, from the top, each from left to right. May add boxes of no height to it: they keep the way of
/// a flow free that passes a layer.
pub(super) fn layers(part: &mut Part) -> Vec<Vec<usize>> {
    let order = order(part);
    let mut layer = depths(part, &order);
    step_aside(part, &mut layer);
    keep_lanes(part, &mut layer);
    let count = layer.iter().max().map_or(0, |it| it + 1);
    let mut layers: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut rank = vec![usize::MAX; layer.len()];
    order.iter().enumerate().for_each(|(n, it)| rank[*it] = n);
    let mut all: Vec<usize> = (0..layer.len()).collect();
    all.sort_by_key(|n| (part.team.get(*n).map_or(usize::MAX, |it| rank[*it]), *n));
    for n in all {
        layers[layer[n]].push(n);
    }
    untangle(part, &mut layers);
    layers
}

/// Teams, each before those that it leads to but for flows that close a cycle. A team goes by its first member.
fn order(part: &Part) -> Vec<usize> {
    let count = part.sizes.len();
    let mut out: Vec<Vec<usize>> = vec![Vec::new(); count];
    let mut rank = vec![u8::MAX; count];
    let mut is_entered = vec![false; count];
    for n in 0..count {
        let team = part.team[n];
        rank[team] = rank[team].min(part.ranks[n]);
        for to in part.out[n].iter().map(|it| part.team[it.to]).filter(|it| *it != team) {
            out[team].push(to);
            is_entered[to] = true;
        }
    }
    let mut roots: Vec<usize> = (0..count).filter(|n| part.team[*n] == *n).collect();
    roots.sort_by_key(|n| (is_entered[*n], rank[*n], *n));
    let mut is_seen = vec![false; count];
    let mut order = Vec::with_capacity(count);
    // Depth first, without recursion: a chain may be as long as the model.
    for root in roots.into_iter().rev() {
        let mut open = vec![(root, 0)];
        if std::mem::replace(&mut is_seen[root], true) {
            continue;
        }
        while let Some((at, next)) = open.last_mut() {
            let Some(to) = out[*at].get(*next).copied() else {
                order.push(*at);
                open.pop();
                continue;
            };
            *next += 1;
            if !std::mem::replace(&mut is_seen[to], true) {
                open.push((to, 0));
            }
        }
    }
    order.reverse();
    order
}

/// The layer of each box: one below the lowest that leads to it. What nothing leads to stands just above its first.
fn depths(part: &Part, order: &[usize]) -> Vec<usize> {
    let count = part.sizes.len();
    let mut rank = vec![usize::MAX; count];
    order.iter().enumerate().for_each(|(n, it)| rank[*it] = n);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    (0..count).for_each(|n| members[part.team[n]].push(n));
    let ahead = |team: usize| {
        let out = members[team].iter().flat_map(|it| &part.out[*it]).map(|it| part.team[it.to]);
        out.filter(|it| rank[*it] > rank[team]).collect::<Vec<_>>()
    };
    let mut depth = vec![0_usize; count];
    let mut is_entered = vec![false; count];
    for team in order {
        for to in ahead(*team) {
            depth[to] = depth[to].max(depth[*team] + 1);
            is_entered[to] = true;
        }
    }
    for team in order.iter().rev().filter(|it| !is_entered[**it]) {
        if let Some(first) = ahead(*team).into_iter().map(|it| depth[it]).min() {
            depth[*team] = first.saturating_sub(1);
        }
    }
    part.team.iter().map(|it| depth[*it]).collect()
}

/// Puts what leads nowhere beside what leads to it, if that also leads out of the whole: below, it would be in the way.
fn step_aside(part: &mut Part, layer: &mut [usize]) {
    let mut count = vec![0; layer.len()];
    for n in 0..layer.len() {
        let is_last = part.out[n].is_empty() && !part.leaves[n];
        let is_alone = part.team.iter().filter(|it| **it == part.team[n]).count() == 1;
        let above = part.into[n].iter().map(|it| it.to).max_by_key(|it| (layer[*it], *it));
        let Some(above) = above.filter(|it| is_last && is_alone && part.leaves[*it] && count[*it] < ASIDE)
        else {
            continue;
        };
        count[above] += 1;
        layer[n] = layer[above];
        part.beside[n] = Some(above);
        part.into[n].retain(|it| it.to != above);
        part.out[above].retain(|it| it.to != n);
    }
}

/// Cuts flows that pass layers into steps, with a box of no height in each layer passed.
fn keep_lanes(part: &mut Part, layer: &mut Vec<usize>) {
    let count = part.sizes.len();
    for from in 0..count {
        for n in 0..part.out[from].len() {
            let Pull { to, here, there } = part.out[from][n];
            let span = layer[to].abs_diff(layer[from]);
            if span < 2 || span > LANES || part.sizes.len() > 3 * count {
                continue;
            }
            let is_down = layer[to] > layer[from];
            let (mut last, mut leaves) = (from, here);
            for step in 1..span {
                let lane = part.sizes.len();
                part.sizes.push((SNAP * 2.0, 0.0));
                part.ranks.push(u8::MAX);
                part.team.push(lane);
                part.beside.push(None);
                part.outside.push(Vec::new());
                layer.push(if is_down { layer[from] + step } else { layer[from] - step });
                part.into.push(vec![Pull { to: last, here: 0.0, there: leaves }]);
                part.out.push(Vec::new());
                let pull = Pull { to: lane, here: leaves, there: 0.0 };
                if last == from {
                    part.out[from][n] = pull;
                } else {
                    part.out[last].push(pull);
                }
                (last, leaves) = (lane, 0.0);
            }
            part.out[last].push(Pull { to, here: 0.0, there });
            if let Some(back) = part.into[to].iter_mut().find(|it| it.to == from) {
                *back = Pull { to: last, here: there, there: 0.0 };
            }
        }
    }
}

/// Orders each layer by the middles of what its boxes are connected to, downwards and upwards in turn.
fn untangle(part: &Part, layers: &mut [Vec<usize>]) {
    let mut middle = vec![0.0_f32; part.sizes.len()];
    for layer in layers.iter() {
        spread(part, layer, &mut middle);
    }
    let count = layers.len();
    for sweep in 0..SWEEPS {
        for n in 0..count {
            let is_down = sweep % 2 == 0;
            let at = if is_down { n } else { count - 1 - n };
            sort(part, &mut layers[at], &middle, is_down);
            spread(part, &layers[at], &mut middle);
        }
    }
}

fn sort(part: &Part, layer: &mut [usize], middle: &[f32], is_down: bool) {
    let pull = |n: usize| {
        let near = if is_down { &part.into[n] } else { &part.out[n] };
        let near = near.iter().map(|it| it.wish(middle));
        let far = part.outside[n].iter().filter(|it| it.is_above == is_down).map(Outside::wish);
        let (sum, count) = near.chain(far).fold((0.0, 0), |(sum, count), it| (sum + it, count + 1));
        (count > 0).then(|| sum / count as f32)
    };
    let own = |n: usize| match part.beside[n] {
        // Just right of it.
        Some(other) => middle[other] + 1.0,
        None => pull(n).unwrap_or(middle[n]),
    };
    let own: Vec<f32> = layer.iter().map(|n| own(*n)).collect();
    // A team goes by the mean of its members, so that they stay together.
    let mut teams: Vec<(usize, f32)> = layer.iter().map(|n| part.team[*n]).zip(own.iter().copied()).collect();
    teams.sort_by_key(|it| it.0);
    let mean_of = |team: usize| {
        let all = &teams[teams.partition_point(|it| it.0 < team)..];
        let all = &all[..all.partition_point(|it| it.0 == team)];
        all.iter().map(|it| it.1).sum::<f32>() / all.len().max(1) as f32
    };
    let mut keys: Vec<(f32, usize, f32, usize, usize)> = Vec::with_capacity(layer.len());
    for (n, (it, own)) in layer.iter().zip(&own).enumerate() {
        keys.push((mean_of(part.team[*it]), part.team[*it], *own, n, *it));
    }
    keys.sort_by(|a, b| {
        a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.total_cmp(&b.2)).then(a.3.cmp(&b.3))
    });
    keys.into_iter().zip(layer).for_each(|(key, at)| *at = key.4);
}

/// Where the boxes of a layer would stand side by side, around 0.
fn spread(part: &Part, layer: &[usize], middle: &mut [f32]) {
    let width = |n: &usize| part.sizes[*n].0 + part.spacing.beside;
    let mut x = -layer.iter().map(width).sum::<f32>() / 2.0;
    for n in layer {
        middle[*n] = x + width(n) / 2.0;
        x += width(n);
    }
}
