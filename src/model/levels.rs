//! The table of levels: how bad a finding is, by impact and exposure. A house with a scale of its own sets it in the file.

use serde::{Deserialize, Serialize};

use super::Severity;
use super::record::fields;

/// The levels by impact and exposure. A row has a level for each of four exposures, the nearest first: open to anyone;
/// behind a login, or served; one compromise away; deeper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Levels {
    pub grave: [Severity; 4],
    pub serious: [Severity; 4],
    pub slight: [Severity; 4],
}

impl Default for Levels {
    fn default() -> Self {
        use Severity::{Critical, High, Low, Medium};
        Self {
            grave: [Critical, High, High, Medium],
            serious: [High, Medium, Medium, Low],
            slight: [Medium, Low, Low, Low],
        }
    }
}

impl Levels {
    /// The names of the rows, the worst first.
    pub const ROWS: [&str; 3] = ["grave", "serious", "slight"];

    /// The row of that name.
    pub fn row_mut(&mut self, name: &str) -> Option<&mut [Severity; 4]> {
        match name {
            "grave" => Some(&mut self.grave),
            "serious" => Some(&mut self.serious),
            "slight" => Some(&mut self.slight),
            _ => None,
        }
    }

    /// All rows with their names, the worst first.
    pub fn rows(&self) -> [(&'static str, [Severity; 4]); 3] {
        [("grave", self.grave), ("serious", self.serious), ("slight", self.slight)]
    }
}

fields!(Levels);
