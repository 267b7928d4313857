//! How bad: one table of impact and exposure, for all rules.

use crate::model::Severity;

/// What is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    Slight,
    /// Personal, internal or unclassified data, or a part of the users lost.
    Serious,
    /// Secret, confidential or credential data, or every entry actor lost.
    Grave,
}

/// How near an attacker is, or how much of the users is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// Hop 0, and nobody has to log in, or nobody has said; of a loss: all is lost.
    Open,
    /// Hop 0 behind a login, or served by what hands requests on; of a loss: a part is lost.
    Guarded,
    /// One compromise away.
    OneHop,
    Deeper,
}

/// The one table: rows are impact, columns exposure.
pub fn severity(impact: Impact, exposure: Exposure) -> Severity {
    use Severity::{Critical, High, Low, Medium};
    let row = match impact {
        Impact::Grave => [Critical, High, High, Medium],
        Impact::Serious => [High, Medium, Medium, Low],
        Impact::Slight => [Medium, Low, Low, Low],
    };
    match exposure {
        Exposure::Open => row[0],
        Exposure::Guarded => row[1],
        Exposure::OneHop => row[2],
        Exposure::Deeper => row[3],
    }
}

impl Impact {
    pub fn label(self) -> &'static str {
        match self {
            Self::Slight => "slight",
            Self::Serious => "serious",
            Self::Grave => "grave",
        }
    }
}
