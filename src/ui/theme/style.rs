//! A theme as egui's style: quiet panels, hairlines, one accent.

use std::collections::BTreeMap;

use egui::style::{ScrollAnimation, Selection, WidgetVisuals};
use egui::{Color32, Context, CornerRadius, Margin, Shadow, Stroke, Style, TextStyle, Visuals, vec2};

use super::{font, slot, to_color32};
use crate::tokens::{Face, Ink, Theme, size};

/// Makes a theme that of the context.
pub fn apply(ctx: &Context, theme: Theme) {
    ctx.data_mut(|it| it.insert_temp(slot(), theme));
    let egui_theme = if theme.is_dark() { egui::Theme::Dark } else { egui::Theme::Light };
    ctx.set_theme(egui_theme);
    ctx.set_style_of(egui_theme, style(theme));
    ctx.options_mut(|it| {
        // Ctrl and +, - and 0 zoom the canvas, not the whole window.
        it.zoom_with_keyboard = false;
    });
}

/// Takes out of the style all that moves by itself, until a theme is applied again: popups that fade in, lists that roll,
/// the cursor that blinks.
pub fn hold_still(ctx: &Context) {
    ctx.all_styles_mut(|it| {
        it.animation_time = 0.0;
        it.scroll_animation = ScrollAnimation::none();
        it.visuals.text_cursor.blink = false;
    });
}

fn style(theme: Theme) -> Style {
    let mut style = Style { visuals: visuals(theme), animation_time: 0.12, ..Style::default() };
    style.text_styles = BTreeMap::from([
        (TextStyle::Small, font(Face::Sans, size::TYPE_11)),
        (TextStyle::Body, font(Face::Sans, size::TYPE_13)),
        (TextStyle::Button, font(Face::SansMedium, size::TYPE_12)),
        (TextStyle::Heading, font(Face::SansSemibold, size::TYPE_14)),
        (TextStyle::Monospace, font(Face::Mono, size::TYPE_12)),
    ]);
    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(size::SPACE_6, size::SPACE_6);
    spacing.button_padding = vec2(size::SPACE_12, size::SPACE_6);
    spacing.interact_size = vec2(size::CONTROL_HEIGHT_IN_ROW, size::CONTROL_HEIGHT_IN_ROW);
    spacing.window_margin = Margin::same(size::SPACE_14 as i8);
    spacing.menu_margin = Margin::same(size::SPACE_6 as i8);
    spacing.text_edit_width = 200.0;
    spacing.combo_width = 120.0;
    spacing.tooltip_width = 320.0;
    spacing.scroll.bar_width = 8.0;
    spacing.scroll.floating = true;
    // Where a list is cut, its text fades out, and is not cut through its letters.
    spacing.scroll.fade.strength = 1.0;
    style.interaction.tooltip_delay = 0.4;
    style.interaction.selectable_labels = false;
    style
}

fn visuals(theme: Theme) -> Visuals {
    let palette = theme.palette();
    let colour = |ink: Ink| to_color32(palette.colour(ink));
    let on = |ground: Ink, ink: Ink, opacity: f32| to_color32(palette.on(ground, ink, opacity));
    let mut visuals = if theme.is_dark() { Visuals::dark() } else { Visuals::light() };
    let radius = CornerRadius::same(size::RADIUS_CONTROL as u8);
    let widget = |fill: Color32, line: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(size::STROKE_HAIRLINE, line),
        corner_radius: radius,
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    let (raised, hairline, text) = (colour(Ink::Raised), colour(Ink::Hairline), colour(Ink::Text));
    let widgets = &mut visuals.widgets;
    widgets.noninteractive = widget(colour(Ink::Panel), hairline, text);
    widgets.inactive = widget(raised, hairline, text);
    widgets.hovered = widget(on(Ink::Raised, Ink::Text, 0.05), on(Ink::Hairline, Ink::Text, 0.15), text);
    widgets.active = widget(on(Ink::Raised, Ink::Accent, 0.15), colour(Ink::Accent), text);
    widgets.open = widget(on(Ink::Raised, Ink::Text, 0.05), hairline, text);
    visuals.selection = Selection {
        bg_fill: on(Ink::Raised, Ink::Accent, 0.3),
        stroke: Stroke::new(1.5, colour(Ink::Accent)),
    };
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(colour(Ink::Muted));
    visuals.hyperlink_color = colour(Ink::Accent);
    visuals.faint_bg_color = on(Ink::Panel, Ink::Text, 0.02);
    visuals.extreme_bg_color = raised;
    visuals.text_edit_bg_color = Some(raised);
    visuals.code_bg_color = raised;
    visuals.warn_fg_color = colour(Ink::Medium);
    visuals.error_fg_color = colour(Ink::Critical);
    visuals.panel_fill = colour(Ink::Panel);
    visuals.window_fill = colour(Ink::Panel);
    visuals.window_stroke = Stroke::new(size::STROKE_HAIRLINE, hairline);
    visuals.window_corner_radius = CornerRadius::same(size::RADIUS_BOUNDARY as u8);
    visuals.menu_corner_radius = radius;
    // On a light ground a shadow is seen much sooner.
    let depth = if theme.is_dark() { 1.0 } else { 0.35 };
    let shadow = |reach: u8, opacity: f32| Shadow {
        offset: [0, 6],
        blur: reach,
        spread: 0,
        color: colour(Ink::Shadow).gamma_multiply(opacity * depth),
    };
    visuals.window_shadow = shadow(32, 0.45);
    visuals.popup_shadow = shadow(16, 0.35);
    visuals.button_frame = true;
    visuals
}
