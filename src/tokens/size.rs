//! Lengths, in points at 100 %: spaces, radii, heights, type and strokes.
//!
//! Not a scale to interpolate in: pick the nearest, and add one here only when two places need it.

/// Within a pair that reads as one: an icon and its label.
pub const SPACE_4: f32 = 4.0;
/// Between buttons of a row.
pub const SPACE_6: f32 = 6.0;
/// Between lines of a group.
pub const SPACE_8: f32 = 8.0;
/// The padding of a panel and of a card.
pub const SPACE_12: f32 = 12.0;
/// Between groups.
pub const SPACE_14: f32 = 14.0;
/// Between sections, and between cards on the canvas.
pub const SPACE_24: f32 = 24.0;

/// From the edge of what is typed or chosen in to its text or icon, the line around it included.
pub const FIELD_INSET: f32 = 8.0;

pub const RADIUS_CONTROL: f32 = 8.0;
pub const RADIUS_CARD: f32 = 9.0;
pub const RADIUS_BOUNDARY: f32 = 14.0;
/// The corners of a flow.
pub const RADIUS_FLOW: f32 = 6.0;
/// The tinted square behind an icon.
pub const RADIUS_TILE: f32 = 7.0;

pub const CONTROL_HEIGHT: f32 = 32.0;
/// A control inside a row of a list or a table.
pub const CONTROL_HEIGHT_IN_ROW: f32 = 28.0;
/// Nothing that can be clicked answers to less, whatever it shows.
pub const HIT_TARGET: f32 = 28.0;
pub const TOOLBAR_HEIGHT: f32 = 48.0;
pub const STATUS_BAR_HEIGHT: f32 = 28.0;
/// The palette on the left, as it opens.
pub const LEFT_PANEL_WIDTH: f32 = 236.0;
/// Findings, questions and inspector on the right, as they open.
pub const RIGHT_PANEL_WIDTH: f32 = 372.0;

/// A menu, and a list to choose from.
pub const MENU_WIDTH: f32 = 240.0;

pub const CARD_HEIGHT: f32 = 56.0;
/// A component as it is dropped; [`CARD_WIDTH_MIN`] to [`CARD_WIDTH_MAX`] when it fits its name.
pub const CARD_WIDTH: f32 = 152.0;
pub const CARD_WIDTH_MIN: f32 = 120.0;
pub const CARD_WIDTH_MAX: f32 = 240.0;
/// How far each card of a stack of replicas stands out, to the right and upwards.
pub const CARD_STACK_STEP: f32 = 4.0;
/// How many cards a stack shows at most behind the first.
pub const CARD_STACK_MAX: usize = 2;
/// The tinted square on a card.
pub const TILE: f32 = 32.0;
/// The tinted square in the palette.
pub const TILE_SMALL: f32 = 28.0;
/// An icon in a tile, a button or a tab.
pub const ICON: f32 = 18.0;
/// An icon in colours of its own.
pub const PICTURE: f32 = 26.0;
/// An icon beside small text: a boundary's title, the lock on a flow.
pub const ICON_SMALL: f32 = 14.0;

/// A firewall on the edge of a boundary, wearing its ports.
pub const GATE_HEIGHT: f32 = 24.0;
/// Protocol, port and lock on a flow.
pub const FLOW_LABEL_HEIGHT: f32 = 18.0;
/// The count of findings or questions at a card's corner.
pub const BADGE_HEIGHT: f32 = 18.0;
/// The strip in which a boundary shows its title.
pub const BOUNDARY_TITLE_HEIGHT: f32 = 32.0;
/// The least room between a boundary and what it holds.
pub const BOUNDARY_PADDING: f32 = 24.0;
/// The head of a flow, from tip to base.
pub const ARROW_HEAD: f32 = 8.0;
/// From dot to dot on the canvas; elements snap to a quarter of it.
pub const GRID: f32 = 24.0;

/// Ports and protocols on the canvas, headings of groups.
pub const TYPE_11: f32 = 11.0;
/// The second line of a card, labels and chips.
pub const TYPE_12: f32 = 12.0;
/// The text of panels, names on cards.
pub const TYPE_13: f32 = 13.0;
/// Titles.
pub const TYPE_14: f32 = 14.0;

pub const STROKE_HAIRLINE: f32 = 1.0;
pub const STROKE_CARD: f32 = 1.0;
/// A selected card, and the ring of the keyboard's focus.
pub const STROKE_SELECTED: f32 = 2.0;
pub const STROKE_BOUNDARY: f32 = 1.25;
/// Dash and gap of a boundary.
pub const DASH_BOUNDARY: [f32; 2] = [5.0, 4.0];
pub const STROKE_FLOW: f32 = 1.5;
/// Dash and gap of an asynchronous or replicating flow.
pub const DASH_FLOW: [f32; 2] = [4.0, 3.0];
pub const STROKE_EVIDENCE: f32 = 2.5;
/// The halo around evidence, at [`super::TINT`].
pub const STROKE_HALO: f32 = 9.0;
