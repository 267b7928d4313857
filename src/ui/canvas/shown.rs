//! What the picture of a frame follows from: as long as that is the same, it need not be painted anew.

use crate::editor::{Editor, Tint};
use crate::model::Id;
use crate::scene::{Highlight, Jumps, Overlay, Share};
use crate::tokens::Theme;
use crate::ui::paint::Camera;

/// What the picture of a frame follows from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Shown {
    /// Which document, by its number, and which of its views.
    pub(super) drawing: (u64, Id),
    pub(super) share: Share,
    pub(super) proposed: Option<u64>,
    pub(super) marked: Marked,
    pub(super) highlight: Highlight,
    pub(super) overlay: Overlay,
    pub(super) camera: Camera,
    pub(super) theme: Theme,
    pub(super) jumps: Jumps,
}

impl Shown {
    /// Whether an element is shown as lying below the pointer.
    #[cfg(test)]
    pub(super) fn hovers(&self, id: &Id) -> bool {
        self.highlight.hovered.as_ref() == Some(id)
    }

    /// Whether this may stand for the other one for some frames, and parts of both be seen beside each other.
    pub(super) fn is_same_kind(&self, other: &Self) -> bool {
        let kind = |it: &Self| (it.drawing.clone(), it.proposed, it.theme);
        kind(self) == kind(other)
    }

    /// Whether parts of this and parts of the other have the same elements in the same order.
    pub(super) fn goes_on_as(&self, other: &Self) -> bool {
        let steps = |it: &Self| {
            let is_lit = it.marked.evidence.is_some() || it.highlight.found.is_some();
            (it.share, it.jumps, it.camera.screen, is_lit, it.marked.tint.is_some(), it.marked.hides)
        };
        self.is_same_kind(other) && steps(self) == steps(other) && self.camera.sees_half_of(&other.camera)
    }

    pub(super) fn is_but_for_camera(&self, other: &Self) -> bool {
        *self == Self { camera: self.camera, ..other.clone() }
    }

    /// [`Editor::stamp`] of what it shows.
    pub(super) fn stamp(&self) -> (u64, u64, bool) {
        self.marked.stamp
    }
}

/// What marks follow from.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Marked {
    /// All but the evidence.
    pub(super) rest: (u64, u64),
    pub(super) tint: Option<Tint>,
    /// Badges, and pins.
    pub(super) hides: (bool, bool),
    pub(super) stamp: (u64, u64, bool),
    pub(super) evidence: Option<String>,
}

impl Marked {
    pub(super) fn of(editor: &Editor, evidence: Option<String>) -> Self {
        let tint = editor.shown.tint.clone();
        let hides = (editor.shown.hides_badges, editor.shown.hides_comments);
        Self { rest: editor.marked(), tint, hides, stamp: editor.stamp(), evidence }
    }

    /// Whether at most the evidence differs.
    pub(super) fn is_but_for_evidence(&self, other: &Self) -> bool {
        (self.rest, &self.tint, self.hides) == (other.rest, &other.tint, other.hides)
    }
}
