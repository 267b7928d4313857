//! The document itself, `*.parapet.ron`: the one format that holds all of a model.

// Copied for every further format, so keep it exemplary.

use super::{Format, ImportError};
use crate::model::{self, MAX_FILE_BYTES, Model, ReadError};

pub(super) static FORMAT: Format = Format {
    id: "document",
    label: "Parapet document",
    extensions: &["parapet.ron", "ron"],
    is_picture: false,
    tells_findings: false,
    drops_packs: false,
    import: Some(import),
    export: Some(|it| Ok(model::write(it.model).into_bytes())),
};

/// What to do about a file of which something is missing: nobody can correct that.
const SEEK_ANOTHER: &str = "open the version before it, which a save keeps beside it with `.previous` behind its name, or another copy";

fn import(bytes: &[u8]) -> Result<Model, ImportError> {
    model::read(bytes).map_err(error)
}

fn error(error: ReadError) -> ImportError {
    let (place, what, hint) = match error {
        ReadError::Syntax { line, column, what } => (Some((line, column)), what, "correct it there"),
        ReadError::CutOff { line, column } => {
            let what = "the file ends too early: the rest of the document is missing".to_owned();
            (Some((line, column)), what, SEEK_ANOTHER)
        }
        ReadError::Empty => (None, error.to_string(), SEEK_ANOTHER),
        ReadError::DoubledId { .. } => (None, error.to_string(), "rename one of them"),
        ReadError::NotText { .. } => (None, error.to_string(), "save it as UTF-8"),
        ReadError::TooLarge { bytes } => {
            let what = format!("the file has {bytes} bytes or more, and at most {MAX_FILE_BYTES} are read");
            (None, what, "split the document")
        }
        // Says itself what to do.
        ReadError::Newer { .. } => (None, error.to_string(), ""),
    };
    ImportError { place, what, hint: hint.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_say_where_and_what_to_do() {
        let refused = |bytes: &[u8]| import(bytes).unwrap_err().to_string();
        assert_eq!(
            refused(b"no"),
            "line 1, column 1: Expected struct `document` but found `no`; correct it there"
        );
        assert_eq!(refused(b"(\xff"), "byte 1 is no text: a document is UTF-8; save it as UTF-8");
        assert_eq!(
            refused(b"(format: 1,\n components: {\"a\": (kind: \"user\""),
            "line 2, column 33: the file ends too early: the rest of the document is missing; open the version before it, which a \
             save keeps beside it with `.previous` behind its name, or another copy"
        );
        assert!(refused(b"").starts_with("the file is empty") && refused(b"").contains("`.previous`"));
        assert!(refused(b"(format: 9)").ends_with("open it with a newer Parapet"));
    }
}
