//! What an SVG becomes: every bundled icon, what vendors draw, and what is no icon.

use std::path::Path;

use kurbo::{Rect, Shape as _};
use proptest::prelude::*;

use super::*;

const FUNCTION: &str = include_str!("../../../tests/icons/Compute/Arch_Sample-Function_48.svg");
const MACHINE: &str = include_str!("../../../tests/icons/Compute/10021-icon-service-Sample-Machine.svg");
const BUCKET: &str = include_str!("../../../tests/icons/Storage/sample_bucket.svg");
const WHEEL: &str = include_str!("../../../tests/icons/General/sample-wheel.svg");
const GEAR: &str = include_str!("../../../tests/icons/General/sample_gear.svg");
const LABEL: &str = include_str!("../../../tests/icons/General/sample_label.svg");
const ALL_SAMPLES: [&str; 6] = [FUNCTION, MACHINE, BUCKET, WHEEL, GEAR, LABEL];

fn parse(body: &str) -> Result<Icon, IconError> {
    Icon::parse(
        "test",
        &format!(
            r#"<svg viewBox="0 0 24 24" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{body}</svg>"#
        ),
    )
}

/// The paths of what was read, as they are written.
fn written(body: &str) -> String {
    let svg = parse(body).unwrap().to_svg();
    let inner = svg.strip_prefix(r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">"#).unwrap();
    inner.strip_suffix("</svg>").unwrap().to_owned()
}

#[test]
fn every_file_is_listed_and_nothing_else() {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/assets/icons"));
    let files = folder.read_dir().unwrap().map(|it| it.unwrap().path());
    let svgs = files.filter(|it| it.extension().is_some_and(|it| it == "svg"));
    let mut names: Vec<_> = svgs.map(|it| it.file_stem().unwrap().to_str().unwrap().to_owned()).collect();
    names.sort();
    assert_eq!(names, icon_names().collect::<Vec<_>>());
    assert!(icon_names().is_sorted());
}

#[test]
fn every_bundled_icon_is_lines_in_ink_that_stay_in_their_box() {
    let page = Rect::new(0.0, 0.0, Icon::BOX, Icon::BOX).inflate(0.01, 0.01);
    for (name, svg) in ALL {
        let parsed = Icon::parse(name, svg).unwrap_or_else(|error| panic!("{name}: {error}")).thinned();
        for part in &parsed.parts {
            let bounds = part.outline.bounding_box();
            assert!(page.contains_rect(bounds), "{name}: {bounds:?}");
            let ink = Paint { colour: None, opacity: 1.0 };
            let stroke = Stroke { paint: ink, width: Icon::STROKE, cap: Cap::Round, join: Join::Round };
            assert_eq!(part.stroke, Some(stroke), "{name}");
            assert!(part.fill.is_none_or(|it| it.paint == ink), "{name}");
            let again = BezPath::from_svg(&part.d).unwrap();
            assert_eq!(again.elements().len(), part.outline.elements().len(), "{name}");
        }
        assert_eq!((parsed.is_coloured(), parsed.simplified), (false, 0), "{name}");
        assert_eq!(icon(name), Some(&parsed));
    }
    assert_eq!(icon("no-such-icon"), None);
}

#[test]
fn reads_each_shape() {
    let stroked = |body: &str| {
        let icon = parse(&format!(r#"<g fill="none" stroke="currentColor">{body}</g>"#)).unwrap();
        icon.parts.iter().map(|it| it.d.clone()).collect::<String>()
    };
    assert_eq!(stroked(r#"<line x1="5" x2="19" y1="12" y2="12"/>"#), "M5 12L19 12");
    assert_eq!(stroked(r#"<polyline points="1,2 3,4 5,6"/>"#), "M1 2L3 4L5 6");
    assert_eq!(stroked(r#"<polygon points="1 2 3 4 5 6"/>"#), "M1 2L3 4L5 6Z");
    assert_eq!(stroked(r#"<rect x="1" y="2" width="3" height="4"/>"#), "M1 2L4 2L4 6L1 6Z");
    let near = |body: &str, b: Rect| {
        let a = parse(body).unwrap().parts[0].outline.bounding_box();
        let (a_corners, b_corners) = ([a.x0, a.y0, a.x1, a.y1], [b.x0, b.y0, b.x1, b.y1]);
        assert!(a_corners.iter().zip(b_corners).all(|(a, b)| (a - b).abs() < 0.01), "{a} is not {b}");
    };
    near(r#"<circle cx="12" cy="7" r="4"/>"#, Rect::new(8.0, 3.0, 16.0, 11.0));
    near(r#"<ellipse cx="12" cy="5" rx="9" ry="3"/>"#, Rect::new(3.0, 2.0, 21.0, 8.0));
    near(r#"<rect width="20" height="8" rx="2"/>"#, Rect::new(0.0, 0.0, 20.0, 8.0));
    near(
        r#"<g transform="scale(2) translate(1)"><rect width="3" height="4"/></g>"#,
        Rect::new(2.0, 0.0, 8.0, 8.0),
    );
}

#[test]
fn fits_another_box_and_cuts_what_lies_outside() {
    let icon = Icon::parse("test", r#"<svg viewBox="10 0 48 24"><path d="M10 0H58V24z"/></svg>"#).unwrap();
    assert_eq!(icon.parts[0].d, "M0 6L24 6L24 18Z");
    assert_eq!(
        written(r##"<path fill="#f00" d="M-10 4H10V8H-10z"/>"##),
        r##"<path d="M0 4L10 4L10 8L0 8Z" fill="#ff0000"/>"##
    );
    assert!(matches!(parse(r##"<path fill="#f00" d="M30 4H40V8z"/>"##), Err(IconError::Empty)));
}

#[test]
fn colours_come_from_attributes_styles_and_gradients() {
    let two = r##"<path d="M0 0H4V4z" fill="#123456"/><path d="M1 1H3V3z" fill="#FFF" opacity=".5"/>"##;
    assert_eq!(
        written(two),
        r##"<path d="M0 0L4 0L4 4Z" fill="#123456"/><path d="M1 1L3 1L3 3Z" fill="#ffffff" fill-opacity="0.5"/>"##
    );
    let class = r#"<style>.a{fill:rgb(255,0,0);fill-rule:evenodd}</style><path class="a" d="M0 0H4V4z"/>"#;
    assert_eq!(written(class), r##"<path d="M0 0L4 0L4 4Z" fill="#ff0000" fill-rule="evenodd"/>"##);
    let gradient = r##"<linearGradient id="g"><stop stop-color="#f00"/><stop offset="1" stop-color="#00f"/></linearGradient>
        <path fill="url(#g)" d="M0 0H4V4z"/>"##;
    assert_eq!(written(gradient), r##"<path d="M0 0L4 0L4 4Z" fill="#800080"/>"##);
    let stroke = r#"<path d="M4 4H9" fill="none" stroke="teal" stroke-width="2" transform="scale(1.5)"/>"#;
    assert_eq!(written(stroke), r##"<path d="M6 6L13.5 6" fill="none" stroke="#008080" stroke-width="3"/>"##);
}

#[test]
fn one_that_is_black_or_white_all_over_is_drawn_in_ink() {
    let ink = |body: &str| !parse(body).unwrap().is_coloured();
    assert!(ink(r#"<path d="M0 0H4V4z"/>"#));
    assert!(ink(r##"<path d="M0 0H4V4z" fill="#231f20"/><path d="M9 9h4" stroke="#111"/>"##));
    assert!(ink(r##"<path d="M0 0H4V4z" fill="#fff"/>"##));
    assert!(ink(r#"<path d="M0 0H4V4z" fill="currentColor"/>"#));
    assert!(!ink(r##"<path d="M0 0H4V4z"/><path d="M1 1H3V3z" fill="#fff"/>"##), "a sign on a ground");
    assert!(!ink(r##"<path d="M0 0H4V4z" fill="#003"/><path d="M1 1H3V3z" fill="#00a"/>"##));
}

#[test]
fn clip_paths_cut_areas_and_lines() {
    let clipped = |shape: &str, what: &str| {
        parse(&format!(r#"<clipPath id="c">{shape}</clipPath><g clip-path="url(#c)">{what}</g>"#)).unwrap()
    };
    let area = clipped(r#"<rect width="6" height="24"/>"#, r##"<path fill="#f00" d="M2 2H10V6H2z"/>"##);
    assert_eq!(area.parts[0].outline.bounding_box(), Rect::new(2.0, 2.0, 6.0, 6.0));
    let line =
        clipped(r#"<rect width="6" height="24"/>"#, r##"<path fill="none" stroke="#f00" d="M2 4H10"/>"##);
    assert_eq!(line.parts[0].outline.bounding_box(), Rect::new(2.0, 3.5, 6.0, 4.5));
    assert!(line.parts[0].fill.is_some() && line.parts[0].stroke.is_none());
    let whole =
        clipped(r#"<rect width="24" height="24"/>"#, r##"<path fill="none" stroke="#f00" d="M2 4H10"/>"##);
    assert_eq!((&*whole.parts[0].d, whole.simplified), ("M2 4L10 4", 0));
    let star = r#"<path d="M12 0L16 20L2 8H22L8 20z"/>"#;
    assert_eq!(clipped(star, r##"<path fill="#f00" d="M2 2H10V6H2z"/>"##).simplified, 1, "not convex");
}

#[test]
fn what_vendors_draw_becomes_parts() {
    let parts = |svg: &str| {
        let icon = Icon::parse("test", svg).unwrap();
        (icon.parts.len(), icon.is_coloured(), icon.simplified)
    };
    assert_eq!(parts(FUNCTION), (2, true, 0));
    assert_eq!(parts(MACHINE), (5, true, 0));
    assert_eq!(parts(BUCKET), (6, true, 0));
    assert_eq!(parts(WHEEL), (2, true, 0), "its lines are one part");
    assert_eq!(parts(GEAR), (1, false, 0));
    assert_eq!(parts(LABEL), (1, true, 3), "a filter, a mask and a text");
}

#[test]
fn what_is_written_is_what_is_read() {
    for svg in ALL_SAMPLES.into_iter().chain(ALL.iter().map(|it| it.1)) {
        let once = Icon::parse("test", svg).unwrap();
        let again = Icon::parse("test", &once.to_svg()).unwrap();
        assert_eq!(again.to_svg(), once.to_svg());
        assert_eq!((&again.parts, again.key), (&once.parts, once.key));
        let document = roxmltree::Document::parse(svg);
        assert!(document.is_ok());
        let written = once.to_svg();
        let document = roxmltree::Document::parse(&written).unwrap();
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            assert!(["svg", "path"].contains(&node.tag_name().name()));
            assert!(node.attributes().all(|it| !["id", "style", "href"].contains(&it.name())));
        }
    }
}

#[test]
fn nothing_is_loaded_and_nothing_runs() {
    let picture = r#"<image href="/etc/hostname" width="9" height="9"/><image href="data:image/svg+xml;base64,PHN2Zy8+" width="9" height="9"/>
        <script>alert(1)</script><foreignObject><p>hi</p></foreignObject><path d="M0 0H4V4z" onclick="x()"/>"#;
    let icon = parse(picture).unwrap();
    assert_eq!((icon.parts.len(), icon.simplified), (1, 3));
    assert_eq!(icon.to_svg().matches("<path").count(), 1);
}

#[test]
fn refuses_what_is_no_icon_and_says_why() {
    let error = |body: &str| parse(body).unwrap_err().to_string();
    assert_eq!(error(""), "it draws nothing");
    assert_eq!(error(r#"<path d="M0 0 bad"/>"#), "it draws nothing");
    assert_eq!(error(r#"<path d="M0 0H1e7V3z"/>"#), "something in it lies too far away to be drawn");
    let deep = format!("{}<path d='M0 0H4V4z'/>{}", "<g>".repeat(60), "</g>".repeat(60));
    assert_eq!(error(&deep), "it has more groups in each other than an icon needs");
    let many = (0..20)
        .map(|n| format!(r##"<g id="g{}"><use xlink:href="#g{n}"/><use xlink:href="#g{n}"/></g>"##, n + 1));
    let bomb = format!(
        r##"<defs><g id="g0"><path d="M0 0H4V4z"/></g>{}</defs><use xlink:href="#g20"/>"##,
        many.collect::<String>()
    );
    assert_eq!(error(&bomb), "it has more elements than an icon needs");
    assert_eq!(
        error(r##"<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>"##),
        "something in it refers to itself"
    );
    let long = "L1 1".repeat(4000);
    let uses = r##"<use href="#long"/>"##.repeat(100);
    assert_eq!(
        error(&format!(r#"<path id="long" d="M0 0{long}"/>{uses}"#)),
        "it has more elements than an icon needs"
    );
    let dashes = "1 ".repeat(3000);
    assert_eq!(
        error(&format!(r#"<g stroke-dasharray="{dashes}"><path d="M0 0H4V4z"/></g>"#)),
        "it has more in one attribute than an icon needs"
    );
    let styled =
        format!("<style>{}</style>{}", ".a{fill:red}".repeat(3000), "<path d='M0 0H4V4z'/>".repeat(2000));
    assert_eq!(error(&styled), "it has more styles than an icon needs");
    let gradients = r##"<linearGradient id="a" href="#b"/><linearGradient id="b" href="#c"/><linearGradient id="c" href="#b"/>
        <path fill="url(#a)" d="M0 0H4V4z"/>"##;
    assert_eq!(error(gradients), "something in it refers to itself");
    let of = |svg: &str| Icon::parse("test", svg).unwrap_err().to_string();
    assert_eq!(of("<html><body/></html>"), "it is no SVG: it begins with <html>");
    assert!(of("hello").starts_with("it is no SVG: "));
    assert_eq!(
        of(r#"<svg width="0" height="4"><path d="M0 0H4V4z"/></svg>"#),
        "its width, height or viewBox is none"
    );
    assert!(of(&" ".repeat(Icon::MAX_BYTES + 1)).starts_with("it is larger than 256 KiB"));
}

#[test]
fn clip_paths_that_clip_each_other_end() {
    let ring = r##"<clipPath id="a"><use href="#s"/></clipPath><clipPath id="b"><use href="#t"/></clipPath>
        <clipPath id="c"><use href="#u"/></clipPath>
        <path id="s" clip-path="url(#b)" d="M0 0H9V9z"/><path id="t" clip-path="url(#c)" d="M0 0H9V9z"/>
        <path id="u" clip-path="url(#a)" d="M0 0H9V9z"/>"##;
    assert_eq!(parse(ring).unwrap().simplified, 3);
    let styled = ring
        .replace(" clip-path=", " class=")
        .replace("<clipPath id=\"a\"", "<style>#s{clip-path:url(#b)}</style><clipPath id=\"a\"");
    assert_eq!(parse(&styled).unwrap().simplified, 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_read_ends_in_an_icon_or_an_error(text in ".{0,200}") {
        _ = Icon::parse("test", &text);
        _ = parse(&text);
    }

    /// What is left of a vendor's icon once something came into it.
    #[test]
    fn a_damaged_icon_does_no_harm(
        which in 0..ALL_SAMPLES.len(), at in any::<prop::sample::Index>(), length in 0_usize..30,
        put in prop::sample::select(vec![
            "", "<", ">", "\"", "/>", "#", "999999999", "-1e30", "NaN", "0", "clipPath", "use", "href=\"#a\"", "href=\"#clip\"",
            "transform=\"scale(0)\"", "transform=\"scale(1e20)\"", "clip-path=\"url(#clip)\"", "stroke-dasharray=\"0.001\"",
            "id=\"a\"", "%", "mm", "<use href=\"#dot\"/>", "stroke-width=\"1e9\"", "A1 1 0 0 1 5 5", "M", "z",
        ]),
    ) {
        let svg = ALL_SAMPLES[which];
        let from = (0..=at.index(svg.len())).rev().find(|it| svg.is_char_boundary(*it)).unwrap_or(0);
        let to = (from + length..=svg.len()).find(|it| svg.is_char_boundary(*it)).unwrap_or(svg.len());
        let damaged = format!("{}{put}{}", &svg[..from], &svg[to..]);
        if let Ok(icon) = Icon::parse("test", &damaged) {
            let page = Rect::new(0.0, 0.0, 24.0, 24.0).inflate(0.05, 0.05);
            for part in &icon.parts {
                prop_assert!(page.contains_rect(part.outline.bounding_box()), "{damaged}");
            }
            let again = Icon::parse("test", &icon.to_svg()).map(|it| it.to_svg());
            prop_assert_eq!(again.ok(), Some(icon.to_svg()));
        }
    }
}
