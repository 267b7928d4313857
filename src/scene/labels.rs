//! labels: to come.
