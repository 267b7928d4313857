//! route: to come.
