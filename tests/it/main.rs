//! One crate for all integration tests.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "tests may fail loudly and read files")]

mod architecture;
mod generator;
mod manual;
#[cfg(feature = "gui")]
mod panels;
mod properties;
mod rules;
mod samples;
#[cfg(feature = "gui")]
mod window;
