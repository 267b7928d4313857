//! Filters of views: what a view shows alone. What is left out is drawn elsewhere or nowhere, and still counts in every finding.

use serde::{Deserialize, Serialize};

use super::{Family, Id, Severity, Stride};

/// One condition of a filter. Of those of one sort any is enough; of each sort one has to hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Only {
    /// Components of a family of kinds.
    Family(Family),
    /// What stands in a boundary, however deep.
    Within(Id),
    /// What has to do with personal data: where it is kept and used, and flows that carry it.
    PersonalData,
    /// What an attacker from the internet gets to, after whatever number of compromises.
    Reached,
    /// What an open finding of this level or a worse one is about.
    Severity(Severity),
    /// What an open finding of this kind of threat is about.
    Stride(Stride),
    /// Flows that are encrypted, and their ends.
    Encrypted,
    /// Flows that are not encrypted or of which nobody has said so, and their ends.
    Clear,
}

impl Only {
    /// What those have in common of which any is enough.
    pub fn sort(&self) -> u8 {
        match self {
            Self::Family(_) => 0,
            Self::Within(_) => 1,
            Self::PersonalData => 2,
            Self::Reached => 3,
            Self::Severity(_) => 4,
            Self::Stride(_) => 5,
            Self::Encrypted | Self::Clear => 6,
        }
    }
}
