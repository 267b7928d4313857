//! Trust boundaries: what stands together, and what may come in.

use super::record::record;
use super::{Answer, BoundaryKind, Controls, Id, Ingress};

record! {
    /// A trust boundary. Boundaries nest.
    pub struct Boundary {
        /// The slug of a row of `assets/kinds.ron`.
        pub kind: String,
        pub name: String,
        pub within: Option<Id>,
        /// What it lets in where no gate guards it.
        pub ingress: Ingress,
        /// Whether members and inner boundaries are kept apart, so that only drawn flows cross.
        pub segmented: Answer,
        pub controls: Controls,
        pub notes: String,
        /// What it is drawn with: an artwork of the document or a bundled icon; none is the icon of its kind.
        pub icon: Option<Id>,
    }
}

impl Boundary {
    pub fn kind(&self) -> &'static BoundaryKind {
        BoundaryKind::of(&self.kind)
    }

    /// The name, or the kind of what has none.
    pub fn title(&self) -> &str {
        if self.name.trim().is_empty() { &self.kind().label } else { &self.name }
    }
}
