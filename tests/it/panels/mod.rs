//! The panels, by what they say: each test does what a user does and looks at the model.

mod inspector;
mod packs;
mod palette;
mod review;
mod ways;

use egui_kittest::Harness;
use parapet::editor::{Editor, Surroundings};
use parapet::formats::text;
use parapet::tokens::Theme;
use parapet::ui::theme;

/// A panel on an editor, as wide and as high as given.
fn panel(
    editor: Editor,
    (width, height): (f32, f32),
    mut show: impl FnMut(&mut egui::Ui, &mut Editor) + 'static,
) -> Harness<'static, Editor> {
    // The harness keeps a margin of 8 around.
    let size = egui::vec2(width + 16.0, height + 16.0);
    Harness::builder().with_size(size).with_context_setup(theme::install).build_ui_state(
        move |ui, editor| {
            let fill = theme::colour(ui.ctx(), parapet::tokens::Ink::Panel);
            egui::CentralPanel::no_frame()
                .frame(egui::Frame::new().fill(fill))
                .show(ui, |ui| show(ui, editor));
        },
        editor,
    )
}

/// Saves what a panel looks like to `target/pictures`, in both themes and at 1× and 2×, if `PARAPET_PICTURES` is set.
fn picture(harness: &mut Harness<'static, Editor>, name: &str) {
    if std::env::var_os("PARAPET_PICTURES").is_none() {
        return;
    }
    let size = harness.ctx.content_rect().size();
    for (scale, scale_name) in [(1.0, ""), (2.0, "@2x")] {
        for (look, theme_name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            theme::apply(&harness.ctx, look);
            scale_to(harness, scale, size);
            let image = harness.render().unwrap();
            image.save(folder().join(format!("{name}-{theme_name}{scale_name}.png"))).unwrap();
        }
    }
    scale_to(harness, 1.0, size);
}

/// A frame in between has as many pixels as the one before. It is never one with more points: where a whole list fits, it
/// goes back to its top.
fn scale_to(harness: &mut Harness<'static, Editor>, scale: f32, size: egui::Vec2) {
    let ratio = scale / harness.ctx.pixels_per_point();
    if ratio < 1.0 {
        harness.set_size(size * ratio).step();
    }
    harness.set_pixels_per_point(scale).step();
    // What was as many pixels is fewer points now.
    harness.set_size(size).run_ok();
}

fn empty() -> Editor {
    Editor::new(Surroundings::fixed())
}

/// An editor of a model in the text language.
fn editor_of(model: &str) -> Editor {
    Editor::with(text::read(model).unwrap(), Surroundings::fixed())
}

/// Saves what is seen now, popups included, if `PARAPET_PICTURES` is set.
fn snap(harness: &mut Harness<'static, Editor>, name: &str) {
    if std::env::var_os("PARAPET_PICTURES").is_some() {
        harness.render().unwrap().save(folder().join(format!("{name}.png"))).unwrap();
    }
}

fn folder() -> std::path::PathBuf {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("target/pictures");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}
