//! gates: to come.
