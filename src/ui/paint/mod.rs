//! paint.
