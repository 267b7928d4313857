//! One crate for all integration tests.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail loudly and read files")]

mod architecture;
#[cfg(feature = "gui")]
mod arranging;
#[cfg(feature = "gui")]
mod canvas;
mod cli;
mod command;
mod formats;
mod generator;
mod incremental;
mod journal;
#[cfg(feature = "gui")]
mod lost;
mod manual;
mod noise;
mod packs;
#[cfg(feature = "gui")]
mod panels;
mod properties;
mod rules;
mod samples;
mod scale;
mod schemas;
#[cfg(feature = "gui")]
mod window;
