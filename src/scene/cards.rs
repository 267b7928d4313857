//! cards: to come.
