//! One crate for all integration tests.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail loudly and read files")]

mod architecture;
#[cfg(feature = "gui")]
mod arranging;
#[cfg(feature = "gui")]
mod auto_layout;
#[cfg(feature = "gui")]
mod by_keys;
#[cfg(feature = "gui")]
mod canvas;
mod cli;
mod command;
#[cfg(feature = "gui")]
mod comments;
#[cfg(feature = "gui")]
mod connecting;
#[cfg(feature = "gui")]
mod dialogs;
#[cfg(feature = "gui")]
mod every_panel;
mod formats;
mod generator;
#[cfg(feature = "gui")]
mod icons;
#[cfg(feature = "gui")]
mod in_the_line;
#[cfg(feature = "gui")]
mod in_view;
mod incremental;
mod journal;
#[cfg(feature = "gui")]
mod looking;
#[cfg(feature = "gui")]
mod lost;
mod manual;
mod noise;
#[cfg(feature = "gui")]
mod outline;
#[cfg(feature = "gui")]
mod overlays;
mod packs;
#[cfg(feature = "gui")]
mod panels;
mod properties;
mod rows;
mod rules;
mod samples;
mod scale;
mod schemas;
#[cfg(feature = "gui")]
mod searching;
#[cfg(feature = "gui")]
mod selecting;
#[cfg(feature = "gui")]
mod shortcuts;
#[cfg(feature = "gui")]
mod views;
#[cfg(feature = "gui")]
mod window;
#[path = "../../src/rules/wording.rs"]
mod wording;

// What is shared with tests of the library calls it by this path.
use parapet::model;
