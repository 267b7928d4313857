//! How rules are called in findings and questions, built-in ones and those of packs.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::model::Id;

/// The id of a rule: `exposed-port`, or `house/no-ftp` of a pack. Cheap to clone; reads as a text.
#[derive(Debug, Clone)]
pub struct RuleId(Of);

#[derive(Debug, Clone)]
enum Of {
    BuiltIn(&'static str),
    /// Shared by all that the rule finds.
    Pack(Arc<str>),
}

impl RuleId {
    /// That of a pack's rule.
    pub fn of_pack(pack: &Id, rule: &Id) -> Self {
        Self(Of::Pack(format!("{pack}/{rule}").into()))
    }

    pub fn as_str(&self) -> &str {
        match &self.0 {
            Of::BuiltIn(it) => it,
            Of::Pack(it) => it,
        }
    }

    /// The ids of pack and rule, if it is of a pack.
    pub fn in_pack(&self) -> Option<(&str, &str)> {
        self.split_once('/')
    }
}

impl Default for RuleId {
    fn default() -> Self {
        Self::from("")
    }
}

impl From<&'static str> for RuleId {
    fn from(id: &'static str) -> Self {
        Self(Of::BuiltIn(id))
    }
}

impl Deref for RuleId {
    type Target = str;

    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self)
    }
}

impl PartialEq for RuleId {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for RuleId {}

impl PartialEq<str> for RuleId {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for RuleId {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for RuleId {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// The order in which rules are run: those of packs come after the built-in ones.
impl Ord for RuleId {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.in_pack().is_some(), self.as_str()).cmp(&(other.in_pack().is_some(), other.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_as_a_text() {
        let (ours, theirs) =
            (RuleId::from("exposed-port"), RuleId::of_pack(&Id::slug("house"), &Id::slug("no-ftp")));
        assert_eq!((&ours, &theirs), (&RuleId::from("exposed-port"), &RuleId::from("house/no-ftp")));
        assert!(ours == "exposed-port" && theirs == *"house/no-ftp" && ours < theirs);
        let first = RuleId::from("acme/a");
        assert!(ours < first && first < theirs);
        assert_eq!((ours.in_pack(), theirs.in_pack()), (None, Some(("house", "no-ftp"))));
    }
}
