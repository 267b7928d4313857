//! Remarks: what is said beside the answer to a question.

use super::record::record;

record! {
    /// A note on a question, and whether it was put off.
    ///
    /// An [`Answer`](super::Answer) holds both itself. What a store keeps or a filter lets in is no answer: a remark on such
    /// a question has a row of its own, under the question's key, `db.stores`.
    pub struct Remark {
        pub note: String,
        pub later: bool,
    }
}
