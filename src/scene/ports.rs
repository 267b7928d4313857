//! ports: to come.
