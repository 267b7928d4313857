//! One crate for all integration tests.
