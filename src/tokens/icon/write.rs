//! Icons as text: the `d` of paths, and whole SVGs of nothing but paths.

use std::fmt::Write as _;

use kurbo::{BezPath, Cap, Join, PathEl};

use super::{Icon, Paint};

/// An icon as an SVG.
pub(super) fn svg(icon: &Icon) -> String {
    let mut svg = String::from(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">"#);
    for part in &icon.parts {
        // Writing to a String cannot fail.
        _ = write!(svg, r#"<path d="{}""#, part.d);
        match &part.fill {
            Some(fill) => {
                paint(&mut svg, "fill", &fill.paint);
                if fill.is_even_odd {
                    svg.push_str(r#" fill-rule="evenodd""#);
                }
            }
            None => svg.push_str(r#" fill="none""#),
        }
        if let Some(stroke) = &part.stroke {
            paint(&mut svg, "stroke", &stroke.paint);
            _ = write!(svg, r#" stroke-width="{}""#, rounded(stroke.width));
            svg.push_str(cap(stroke.cap));
            svg.push_str(join(stroke.join));
        }
        svg.push_str("/>");
    }
    svg.push_str("</svg>");
    svg
}

/// How long it gets.
pub(super) fn length(icon: &Icon) -> usize {
    svg(icon).len()
}

fn paint(svg: &mut String, what: &str, paint: &Paint) {
    _ = match paint.colour {
        Some(colour) => write!(svg, r#" {what}="{colour}""#),
        None => write!(svg, r#" {what}="currentColor""#),
    };
    if paint.opacity < 1.0 {
        _ = write!(svg, r#" {what}-opacity="{}""#, paint.opacity);
    }
}

/// How a line ends and turns, as attributes with a blank before them; nothing for what SVG does by itself.
fn cap(cap: Cap) -> &'static str {
    match cap {
        Cap::Butt => "",
        Cap::Round => r#" stroke-linecap="round""#,
        Cap::Square => r#" stroke-linecap="square""#,
    }
}

fn join(join: Join) -> &'static str {
    match join {
        Join::Miter => "",
        Join::Round => r#" stroke-linejoin="round""#,
        Join::Bevel => r#" stroke-linejoin="bevel""#,
    }
}

impl super::Stroke {
    /// How its lines end and turn, as attributes of an SVG with a blank before each.
    pub fn ends(&self) -> String {
        format!("{}{}", cap(self.cap), join(self.join))
    }
}

/// The path as SVG reads it, to a thousandth: exact to the eye, and the same text on every machine.
pub(super) fn to_d(path: &BezPath) -> String {
    let mut d = String::new();
    for element in path.elements() {
        let (letter, points) = match element {
            PathEl::MoveTo(a) => ('M', vec![a]),
            PathEl::LineTo(a) => ('L', vec![a]),
            PathEl::QuadTo(a, b) => ('Q', vec![a, b]),
            PathEl::CurveTo(a, b, c) => ('C', vec![a, b, c]),
            PathEl::ClosePath => ('Z', Vec::new()),
        };
        d.push(letter);
        for (at, point) in points.iter().enumerate() {
            let gap = if at == 0 { "" } else { " " };
            _ = write!(d, "{gap}{} {}", rounded(point.x), rounded(point.y));
        }
    }
    d
}

/// To a thousandth.
pub(super) fn rounded(number: f64) -> f64 {
    // The sum turns -0 into 0.
    (number * 1000.0).round() / 1000.0 + 0.0
}
