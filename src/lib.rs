//! Parapet: draw an architecture together and see, as you draw, what fails and who gets in.
//!
//! This page is the map of the house. From the ground up; a room uses only rooms that stand above it here, and
//! `tests/it/architecture.rs` holds the table to which every `use` is compared.
//!
//! * [`model`]: the document, and the one type that changes it, [`model::Edit`].
//! * [`analysis`]: facts, a pure function of the model: topology, failure, reachability.
//! * [`rules`]: one file a rule, with its manual, check, fix and tests. A rule asks facts; it never sees the screen.
//! * [`tokens`]: colours, sizes, fonts, icons and text widths, as data.
//! * [`scene`]: model and view to one display list, from which canvas, SVG and PNG draw.
//! * [`formats`]: bytes to and from a model; one file a format.
//! * [`editor`]: what a user can do, without a screen. The window, the command line and tests are its equal clients.
//! * [`cli`]: the command line.
//! * [`ui`]: theme, widgets, painter, canvas, panels.
//! * [`app`]: the window and the platform; the only room beside `cli` that touches the outside world.
//!
//! What is absent: nothing below `app` and `cli` does IO or reads a clock. Nothing there starts a thread but `analysis`
//! and `rules`, which wait for it, for parts that follow from nothing of each other. Nothing but [`model::Model::apply`]
//! and [`model::Model::revert`] alters a model. Panels do not know each other. No output depends on the order of a hash
//! map.

pub mod analysis;
#[cfg(feature = "gui")]
pub mod app;
#[cfg(not(target_arch = "wasm32"))]
pub mod cli;
pub mod editor;
pub mod formats;
pub mod model;
pub mod rules;
pub mod scene;
pub mod tokens;
#[cfg(feature = "gui")]
pub mod ui;

/// Facts, findings and pictures are made of many small pieces, which cost the usual allocator an eighth of a run. Without
/// huge pages: to empty one of two megabytes as it is first written to takes 2.5 ms of whatever frame that falls in.
#[cfg(not(target_arch = "wasm32"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
