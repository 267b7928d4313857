//! Menus that drop from a button.

use egui::{
    Align2, Key, Modifiers, Painter, Popup, PopupCloseBehavior, Rect, Response, Role, Sense, Ui, Vec2,
    WidgetInfo, pos2,
};

use super::focus_ring;
use crate::tokens::{Face, Ink, TINT, size};
use crate::ui::theme;

/// Shows a menu below its button while it is open; any click closes it.
pub fn menu<R>(button: &Response, add: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    menu_as_wide(button, size::MENU_WIDTH, add)
}

/// Whether the menu of a button is open.
pub fn is_menu_open(button: &Response) -> bool {
    Popup::is_id_open(&button.ctx, Popup::default_response_id(button))
}

/// The same, as wide as its lines need.
pub fn menu_as_wide<R>(button: &Response, width: f32, add: impl FnOnce(&mut Ui) -> R) -> Option<R> {
    drop_down(button, PopupCloseBehavior::CloseOnClick, width, add)
}

/// Shows what drops from a button while it is open; a click beside it closes it, and so does [`Ui::close`].
pub(super) fn drop_down<R>(
    button: &Response,
    close: PopupCloseBehavior,
    width: f32,
    add: impl FnOnce(&mut Ui) -> R,
) -> Option<R> {
    let popup = Popup::menu(button).close_behavior(close).gap(size::SPACE_4).width(width);
    let shown = popup.show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        ui.set_min_width(width - 2.0 * size::SPACE_6);
        add(ui)
    });
    if shown.is_some() {
        // It has closed the menu, and means nothing else to whoever comes after.
        button.ctx.input_mut(|it| it.consume_key(Modifiers::NONE, Key::Escape));
    }
    shown.map(|it| it.inner)
}

/// The name of a mark that is no icon: the dot of a level.
pub const DOT: &str = "dot";

/// Paints an icon, or the dot.
pub(super) fn mark(painter: &Painter, square: Rect, icon: &str, ink: Ink) {
    let colour = theme::colour(painter.ctx(), ink);
    if icon == DOT {
        painter.circle_filled(square.center(), DOT_RADIUS, colour);
    } else {
        theme::icon(painter, square, icon, colour);
    }
}

/// As large as before findings.
const DOT_RADIUS: f32 = 4.0;

/// A line of a menu: an icon or none, a text, and a quiet note at its end.
pub fn menu_item(
    ui: &mut Ui,
    icon: Option<(&str, Ink)>,
    text: &str,
    note: &str,
    is_selected: bool,
) -> Response {
    let (face, type_) = (Face::Sans, size::TYPE_13);
    let size_ = Vec2::new(ui.available_width(), size::CONTROL_HEIGHT_IN_ROW);
    let (rect, response) = ui.allocate_exact_size(size_, Sense::click());
    let is_enabled = ui.is_enabled();
    response.widget_info(|| WidgetInfo::selected(Role::Button, is_enabled, is_selected, text));
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let (ctx, painter) = (ui.ctx(), ui.painter());
    let fill = match (is_selected, response.hovered() || response.has_focus()) {
        (true, _) => Some(theme::tint(ctx, Ink::Panel, Ink::Accent, TINT)),
        (false, true) => Some(theme::tint(ctx, Ink::Panel, Ink::Text, theme::HOVER)),
        _ => None,
    };
    if let Some(fill) = fill {
        painter.rect_filled(rect, size::RADIUS_FLOW, fill);
    }
    let mut left = rect.left() + size::SPACE_8;
    if let Some((icon, ink)) = icon {
        let square =
            Rect::from_min_size(pos2(left, rect.center().y - size::ICON / 2.0), Vec2::splat(size::ICON));
        mark(painter, square, icon, ink);
        left += size::ICON + size::SPACE_8;
    }
    let end = rect.right() - size::SPACE_8;
    let note_width =
        if note.is_empty() { 0.0 } else { Face::Sans.width(size::TYPE_12, note) + size::SPACE_12 };
    let shown = face.elide(type_, text, end - left - note_width + 1.0);
    let read = |ink| if is_selected { theme::on_tint(ctx, ink) } else { theme::colour(ctx, ink) };
    let ink = if is_selected { Ink::Accent } else { Ink::Text };
    painter.text(
        pos2(left, rect.center().y),
        Align2::LEFT_CENTER,
        &*shown,
        theme::font(face, type_),
        read(ink),
    );
    let font = theme::font(Face::Sans, size::TYPE_12);
    painter.text(pos2(end, rect.center().y), Align2::RIGHT_CENTER, note, font, read(Ink::Muted));
    focus_ring(ui, &response);
    response
}
