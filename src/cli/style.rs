//! Colours on a terminal, and none anywhere else.

use crate::model::Severity;

/// Whether the result may be coloured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    is_coloured: bool,
}

impl Style {
    pub(super) fn of(is_coloured: bool) -> Self {
        Self { is_coloured }
    }

    pub(super) fn severity(self, severity: Severity, text: &str) -> String {
        let code = match severity {
            Severity::Critical => "1;31",
            Severity::High => "31",
            Severity::Medium => "33",
            Severity::Low => "36",
        };
        self.put(code, text)
    }

    pub(super) fn strong(self, text: &str) -> String {
        self.put("1", text)
    }

    pub(super) fn faint(self, text: &str) -> String {
        self.put("2", text)
    }

    /// Select Graphic Rendition, ECMA-48 8.3.117.
    fn put(self, code: &str, text: &str) -> String {
        if self.is_coloured { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
