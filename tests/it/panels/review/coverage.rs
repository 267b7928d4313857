//! The matrix of the coverage.

use egui_kittest::kittest::Queryable as _;
use parapet::ui::panels::coverage::Coverage;

use crate::panels::{editor_of, empty, panel};

#[test]
fn an_empty_coverage_says_what_it_is_for() {
    let mut coverage = Coverage::default();
    let harness = panel(empty(), (820.0, 300.0), move |ui, editor| coverage.ui(ui, editor));
    harness.get_by_label("Nothing is drawn yet.");
    harness.get_by_label_contains("Each element gets a row here");
    assert!(harness.query_by_label_contains("0 cells").is_none());
}

#[test]
fn rows_are_in_natural_order_of_titles() {
    let sketch = "a \"No. 10\": web-server; b \"No. 2\": web-server; c \"no. 1\": web-server; a -> b: https";
    let mut coverage = Coverage::default();
    let mut harness = panel(editor_of(sketch), (820.0, 500.0), move |ui, editor| coverage.ui(ui, editor));
    let top = |harness: &egui_kittest::Harness<'static, parapet::editor::Editor>, title: &str| {
        harness.get_by_label(title).rect().top()
    };
    assert!(["no. 1", "No. 2", "No. 10", "No. 10 → No. 2"].map(|it| top(&harness, it)).is_sorted());
    // A new name leads to another place.
    let b = parapet::model::Id::slug("b");
    harness.state_mut().amend::<parapet::model::Component>(&b, "Rename", |it| it.name = "No. 11".to_owned());
    harness.run();
    assert!(["no. 1", "No. 10", "No. 11"].map(|it| top(&harness, it)).is_sorted());
}

#[test]
fn each_mark_is_explained_beside_its_count() {
    let sketch = "net: internet; web: web-server; net -> web: http";
    for width in [820.0, 500.0] {
        let mut coverage = Coverage::default();
        let harness = panel(editor_of(sketch), (width, 500.0), move |ui, editor| coverage.ui(ui, editor));
        for meaning in ["with findings", "with questions", "answered", "with nothing to say", "do not apply"]
        {
            let mark = harness.get_by_label_contains(meaning).rect();
            assert!(mark.right() <= harness.ctx.content_rect().right(), "{meaning}: {mark}");
        }
        harness.get_by_label("Information disclosure");
    }
}
