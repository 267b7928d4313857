//! nest: to come.
