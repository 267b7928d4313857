//! The palette: all that can be put on the drawing, to be dragged there or added by a click.
//!
//! With Shift, a click or Enter makes what is selected that instead; with Alt, it connects what is selected with the new one.

use egui::{EventFilter, Id, Key, Modifiers, Rect, Response, ScrollArea, Ui, Vec2, pos2};

use super::family_ink;
use crate::editor::{Carried, Editor, Offer, Tool, Wish};
use crate::model::{Family, Kind};
use crate::tokens::{Face, Ink, size};
use crate::ui::widgets::{
    KEY_TILE_HEIGHT, TILE_BUTTON_HEIGHT, heading, inset, key_tile, search_field, tile_button, wrapped,
};

/// The tiles as they were laid out, in their order: for the arrow keys.
type Tiles = Vec<(Id, Rect)>;

/// Fills its panel.
pub fn ui(ui: &mut Ui, editor: &mut Editor) {
    ui.add_space(size::SPACE_12);
    let found = Offer::search(&editor.shown.palette_search);
    let mut leave = false;
    inset(ui, |ui| leave = search_ui(ui, editor, &found));
    let mut tiles = Tiles::new();
    ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
        inset(ui, |ui| {
            if editor.shown.palette_search.trim().is_empty() {
                recent_ui(ui, editor, &mut tiles);
                groups_ui(ui, editor, &mut tiles);
            } else if found.is_empty() {
                let text = format!("Nothing is called “{}”.", editor.shown.palette_search.trim());
                wrapped(ui, &text, Face::Sans, size::TYPE_13, Ink::Muted);
                wrapped(
                    ui,
                    "Try another word: queue, postgres, zone.",
                    Face::Sans,
                    size::TYPE_12,
                    Ink::Muted,
                );
            } else {
                tiles_ui(ui, editor, &found, &mut tiles);
            }
        });
    });
    match tiles.first() {
        Some((first, _)) if leave => ui.memory_mut(|it| it.request_focus(*first)),
        _ => move_focus(ui, &tiles),
    }
}

/// The field above; Enter adds the best that is found. Returns whether the arrow down leaves it.
fn search_ui(ui: &mut Ui, editor: &mut Editor, found: &[Offer]) -> bool {
    let is_typing = ui.ctx().text_edit_focused();
    let is_called = !is_typing && ui.input_mut(|it| it.consume_key(Modifiers::NONE, Key::Slash));
    let field = search_field(ui, &mut editor.shown.palette_search, "Search", "/");
    if is_called {
        field.request_focus();
    }
    let is_asked = !editor.shown.palette_search.trim().is_empty();
    let is_taken = field.lost_focus() && is_asked && ui.input(|it| it.key_pressed(Key::Enter));
    if let Some(best) = found.first().filter(|_| is_taken) {
        act(editor, *best, ui.input(|it| it.modifiers));
        editor.shown.palette_search.clear();
    }
    field.has_focus() && ui.input(|it| it.key_pressed(Key::ArrowDown))
}

/// The kinds under the digits: always as many, so that nothing below moves when one is placed.
fn recent_ui(ui: &mut Ui, editor: &mut Editor, tiles: &mut Tiles) {
    heading(ui, "Recent");
    let kinds: Vec<&'static Kind> = editor.shown.recent.kinds().collect();
    let gap = size::SPACE_4;
    let in_row = kinds.len().div_ceil(RECENT_ROWS).max(1);
    let width = ((ui.available_width() + gap) / in_row as f32 - gap).floor();
    let height = RECENT_ROWS as f32 * (KEY_TILE_HEIGHT + gap) - gap;
    let (_, area) = ui.allocate_space(Vec2::new(ui.available_width(), height));
    for (n, kind) in kinds.into_iter().enumerate() {
        let corner = pos2(
            area.left() + (n % in_row) as f32 * (width + gap),
            area.top() + (n / in_row) as f32 * (KEY_TILE_HEIGHT + gap),
        );
        let rect = Rect::from_min_size(corner, Vec2::new(width, KEY_TILE_HEIGHT));
        let offer = Offer::Component(kind);
        let id = ui.scope_id().with(("recent", n));
        let is_in_hand = matches!(&editor.shown.tool, Tool::Place(it) if *it == kind.slug);
        let key = (n + 1).to_string();
        let look = (offer.icon(), ink(offer));
        let marks = (is_in_hand, is_stop(ui, id, tiles));
        let tile = key_tile(ui, (rect, id), look, (offer.label(), &key), marks);
        let kept =
            if is_in_hand && editor.is_tool_kept() { "It is kept in hand; Esc lets go of it.\n" } else { "" };
        let about = format!("{kept}{}\nKey {key}: place one by the next click.", help(offer));
        offer_ui(ui, editor, offer, (&tile, rect), tiles);
        tile.on_hover_text(about);
    }
    ui.add_space(size::SPACE_8);
}

/// In how many rows the kinds under the digits stand.
const RECENT_ROWS: usize = 2;

fn groups_ui(ui: &mut Ui, editor: &mut Editor, tiles: &mut Tiles) {
    for family in Family::ALL {
        let of_family = |it: &Offer| matches!(it, Offer::Component(kind) if kind.family == family);
        let offers: Vec<Offer> = Offer::all().filter(of_family).collect();
        group_ui(ui, editor, family.label(), &offers, tiles);
    }
    let boundaries: Vec<Offer> = Offer::all().filter(|it| matches!(it, Offer::Boundary(_))).collect();
    group_ui(ui, editor, "Trust boundaries", &boundaries, tiles);
}

fn group_ui(ui: &mut Ui, editor: &mut Editor, name: &str, offers: &[Offer], tiles: &mut Tiles) {
    heading(ui, name);
    tiles_ui(ui, editor, offers, tiles);
    ui.add_space(size::SPACE_8);
}

/// Tiles in two columns.
fn tiles_ui(ui: &mut Ui, editor: &mut Editor, offers: &[Offer], tiles: &mut Tiles) {
    let gap = size::SPACE_6;
    let width = ((ui.available_width() - gap) / 2.0).floor();
    let rows = offers.len().div_ceil(2) as f32;
    let (_, area) =
        ui.allocate_space(Vec2::new(ui.available_width(), rows * (TILE_BUTTON_HEIGHT + gap) - gap));
    for (n, offer) in offers.iter().enumerate() {
        let corner = pos2(
            area.left() + (n % 2) as f32 * (width + gap),
            area.top() + (n / 2) as f32 * (TILE_BUTTON_HEIGHT + gap),
        );
        let rect = Rect::from_min_size(corner, Vec2::new(width, TILE_BUTTON_HEIGHT));
        tile_ui(ui, editor, *offer, rect, tiles);
    }
}

fn tile_ui(ui: &Ui, editor: &mut Editor, offer: Offer, rect: Rect, tiles: &mut Tiles) {
    let id = ui.scope_id().with((offer.kind(), offer.technology()));
    let is_stop = is_stop(ui, id, tiles);
    let tile = tile_button(ui, rect, id, offer.icon(), ink(offer), offer.short_label(), is_stop);
    offer_ui(ui, editor, offer, (&tile, rect), tiles);
    tile.on_hover_text(help(offer));
}

/// The Tab key stops at the palette once; from there on the arrows lead.
fn is_stop(ui: &Ui, id: Id, tiles: &Tiles) -> bool {
    tiles.is_empty() || ui.memory(|it| it.has_focus(id))
}

/// What is done to a tile, whatever it looks like.
fn offer_ui(ui: &Ui, editor: &mut Editor, offer: Offer, (tile, rect): (&Response, Rect), tiles: &mut Tiles) {
    tiles.push((tile.id, rect));
    if tile.has_focus() {
        let arrows = EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|it| it.set_focus_lock_filter(tile.id, arrows));
        if tile.gained_focus() {
            tile.scroll_to_me(None);
        }
    }
    if tile.drag_started() {
        editor.shown.carried = Some(carried(offer));
    }
    if tile.clicked() {
        act(editor, offer, ui.input(|it| it.modifiers));
    }
}

fn ink(offer: Offer) -> Ink {
    match offer {
        Offer::Component(kind) | Offer::Product(_, kind) => family_ink(kind.family),
        Offer::Boundary(_) => Ink::Muted,
    }
}

fn help(offer: Offer) -> String {
    let named = match offer {
        Offer::Component(kind) => kind.label.clone(),
        Offer::Product(technology, kind) => format!("{}, a {}", technology.label, kind.label.to_lowercase()),
        Offer::Boundary(kind) => {
            return format!(
                "{}: drag it onto the drawing, or click to draw it around what is selected.\n\
                 Shift+click: make the selected boundary one.",
                kind.label
            );
        }
    };
    if matches!(offer, Offer::Component(kind) if kind.family == Family::Note) {
        return format!("{named}: drag it onto the drawing, or click to add it.");
    }
    format!(
        "{named}: drag it onto the drawing, or click to add it.\n\
         Shift+click: make the selection one; flows stay.\n\
         Alt+click: connect the selection with a new one."
    )
}

fn carried(offer: Offer) -> Carried {
    match offer {
        Offer::Boundary(kind) => Carried::Boundary(kind.slug.clone()),
        Offer::Component(_) | Offer::Product(..) => {
            Carried::Component { kind: offer.kind().to_owned(), technology: offer.technology().to_owned() }
        }
    }
}

/// What a click or Enter does with it.
fn act(editor: &mut Editor, offer: Offer, keys: Modifiers) {
    match offer {
        Offer::Boundary(kind) if keys.shift => editor.replace_selected_boundaries(&kind.slug),
        Offer::Component(_) | Offer::Product(..) if keys.shift => {
            editor.replace_selection(offer.kind(), offer.technology());
        }
        Offer::Component(_) | Offer::Product(..) if keys.alt => {
            editor.add_connected(offer.kind(), offer.technology());
        }
        _ => add(editor, offer),
    }
}

fn add(editor: &mut Editor, offer: Offer) {
    let new = match offer {
        Offer::Boundary(kind) => editor.add_boundary_anywhere(&kind.slug),
        Offer::Component(_) | Offer::Product(..) => {
            editor.add_product_anywhere(offer.kind(), offer.technology())
        }
    };
    if editor.is_named_at_once(&new) {
        editor.shown.wishes.push(Wish::Rename(new));
    }
}

/// The arrow keys lead from tile to tile.
fn move_focus(ui: &Ui, tiles: &Tiles) {
    let Some(focused) = ui.memory(|it| it.focused()) else { return };
    let Some(now) = tiles.iter().position(|it| it.0 == focused) else { return };
    let pressed = |key| ui.input(|it| it.key_pressed(key));
    let next = if pressed(Key::ArrowRight) {
        Some(now + 1)
    } else if pressed(Key::ArrowLeft) {
        now.checked_sub(1)
    } else if pressed(Key::ArrowDown) {
        beyond(tiles.iter().enumerate().skip(now), tiles[now].1)
    } else if pressed(Key::ArrowUp) {
        beyond(tiles.iter().enumerate().take(now).rev(), tiles[now].1)
    } else {
        None
    };
    if let Some((id, _)) = next.and_then(|it| tiles.get(it)) {
        ui.memory_mut(|it| it.request_focus(*id));
    }
}

/// The next tile of another row: of its column if that row has one there, else the row's nearest.
fn beyond<'t>(tiles: impl Iterator<Item = (usize, &'t (Id, Rect))> + Clone, from: Rect) -> Option<usize> {
    let others = tiles.filter(|it| it.1.1.top() != from.top());
    let row = others.clone().next()?.1.1.top();
    let in_row = others.take_while(|it| it.1.1.top() == row);
    let distance = |it: &(usize, &(Id, Rect))| (it.1.1.left() - from.left()).abs();
    in_row.min_by(|a, b| distance(a).total_cmp(&distance(b))).map(|it| it.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::widgets::tile_name_room;

    #[test]
    fn the_names_of_kinds_need_no_smaller_type() {
        let panel = size::LEFT_PANEL_WIDTH - 2.0 * size::SPACE_14;
        let tile = ((panel - size::SPACE_6) / 2.0).floor();
        let room = tile_name_room(tile);
        for kind in Kind::all() {
            for word in kind.short_label().split(' ') {
                let width = Face::Sans.width(size::TYPE_11, word);
                assert!(width <= room, "{word} of {} is {width}, and there is room for {room}", kind.label);
            }
        }
    }
}
