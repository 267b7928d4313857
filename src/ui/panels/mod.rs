//! Panels: one file each. A panel reads the editor and calls what it can do; panels do not know each other, nor the
//! canvas.

pub mod about;
pub mod command_palette;
pub mod export;
pub mod findings;
pub mod gallery;
pub mod inspector;
pub mod manual;
pub mod palette;
pub mod paths;
pub mod questions;
pub mod shortcuts;
pub mod status_bar;
pub mod top_bar;
pub mod unsaved;
pub mod verdict;

use crate::model::{Family, Severity};
use crate::tokens::{FamilyInk, Ink};

/// The colour of a family.
fn family_ink(family: Family) -> Ink {
    Ink::Family(match family {
        Family::Outside | Family::Note => FamilyInk::Outside,
        Family::Edge => FamilyInk::Edge,
        Family::Compute => FamilyInk::Compute,
        Family::Data => FamilyInk::Data,
        Family::Messaging => FamilyInk::Messaging,
        Family::Trust => FamilyInk::Trust,
        Family::Operations => FamilyInk::Operations,
    })
}

/// The colour of a level.
fn severity_ink(severity: Severity) -> Ink {
    match severity {
        Severity::Critical => Ink::Critical,
        Severity::High => Ink::High,
        Severity::Medium => Ink::Medium,
        Severity::Low => Ink::Low,
    }
}
