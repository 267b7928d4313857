//! What people decide and judge: decisions, threats added by hand, verdicts on findings; and the words for it.

use serde::{Deserialize, Serialize};

use super::Id;
use super::record::{fields, record};

/// How bad a finding or a threat is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Low,
    #[default]
    Medium,
    High,
    Critical,
}

impl Severity {
    /// From the worst down.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    pub fn slug(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Low => "Low",
            Self::Medium => "Medium",
            Self::High => "High",
            Self::Critical => "Critical",
        }
    }

    pub fn from_slug(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.slug() == text)
    }
}

/// What kind of threat: STRIDE (Kohnfelder and Garg, "The threats to our products", Microsoft 1999), with
/// availability beyond denial of service, and privacy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stride {
    Spoofing,
    Tampering,
    Repudiation,
    InformationDisclosure,
    DenialOfService,
    ElevationOfPrivilege,
    Availability,
    Privacy,
}

impl Stride {
    pub const ALL: [Self; 8] = [
        Self::Spoofing,
        Self::Tampering,
        Self::Repudiation,
        Self::InformationDisclosure,
        Self::DenialOfService,
        Self::ElevationOfPrivilege,
        Self::Availability,
        Self::Privacy,
    ];

    pub fn letter(self) -> char {
        match self {
            Self::Spoofing => 'S',
            Self::Tampering => 'T',
            Self::Repudiation => 'R',
            Self::InformationDisclosure => 'I',
            Self::DenialOfService => 'D',
            Self::ElevationOfPrivilege => 'E',
            Self::Availability => 'A',
            Self::Privacy => 'P',
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Spoofing => "Spoofing",
            Self::Tampering => "Tampering",
            Self::Repudiation => "Repudiation",
            Self::InformationDisclosure => "Information disclosure",
            Self::DenialOfService => "Denial of service",
            Self::ElevationOfPrivilege => "Elevation of privilege",
            Self::Availability => "Availability",
            Self::Privacy => "Privacy",
        }
    }
}

record! {
    /// One way out of a decision.
    pub struct Choice {
        pub title: String,
        pub pros: Vec<String>,
        pub cons: Vec<String>,
    }
}

record! {
    /// A trade-off: what was decided, and what was given up for it.
    pub struct Decision {
        pub title: String,
        /// `open`, `decided`, `superseded` …
        pub status: String,
        pub options: Vec<Choice>,
        /// The title of the option that was chosen.
        pub chosen: String,
        pub gives_up: String,
        pub elements: Vec<Id>,
        pub notes: String,
    }
}

record! {
    /// A threat that somebody added by hand.
    pub struct Threat {
        pub title: String,
        pub stride: Vec<Stride>,
        pub severity: Severity,
        pub subjects: Vec<Id>,
        pub mitigation: String,
        /// `open`, `mitigated`, `accepted` …
        pub status: String,
        pub notes: String,
    }
}

/// What was decided about a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VerdictState {
    #[default]
    Open,
    /// Somebody is at it; it is still open.
    InDiscussion,
    /// The risk is taken, perhaps until a day.
    Accepted,
    /// Something that the drawing does not show takes care of it.
    Mitigated,
    FalsePositive,
    /// Somebody else bears the risk: an insurer, a supplier.
    Transferred,
}

impl VerdictState {
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::InDiscussion,
        Self::Accepted,
        Self::Mitigated,
        Self::FalsePositive,
        Self::Transferred,
    ];

    /// Whether nothing is left to do about the finding.
    pub fn settles(self) -> bool {
        !matches!(self, Self::Open | Self::InDiscussion)
    }

    pub fn slug(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::InDiscussion => "in-discussion",
            Self::Accepted => "accepted",
            Self::Mitigated => "mitigated",
            Self::FalsePositive => "false-positive",
            Self::Transferred => "transferred",
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Open => "Open",
            Self::InDiscussion => "In discussion",
            Self::Accepted => "Accepted",
            Self::Mitigated => "Mitigated",
            Self::FalsePositive => "False positive",
            Self::Transferred => "Transferred",
        }
    }
}

record! {
    /// A verdict on the finding whose key it is stored under.
    pub struct Verdict {
        pub state: VerdictState,
        pub reason: String,
        pub who: String,
        /// The day it was given, `2026-11-24`.
        pub when: String,
        /// The day until which it holds; empty is for good.
        pub until: String,
        /// A ticket or a page.
        pub link: String,
        /// The facts it was given on, sorted, so that it can reopen by itself.
        pub facts: Vec<String>,
    }
}

fields!(Severity, Stride, VerdictState);
