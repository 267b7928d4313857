//! Features, APIs and datasets: what the system does, how it is asked, and what it keeps.

use super::record::record;
use super::{Controls, Figure, Id};

record! {
    /// Something that users can do, and the path of a request through the diagram.
    pub struct Feature {
        pub name: String,
        pub roles: Vec<String>,
        pub requests_per_second: Option<Figure>,
        pub read_share: Option<Figure>,
        /// Its flows, in order.
        pub flows: Vec<Id>,
        pub notes: String,
    }
}

record! {
    /// A parameter of an API.
    pub struct Parameter {
        pub name: String,
        /// Its type, if one was given.
        pub of: String,
        /// What it was recognised as: an identifier, free text, a location …
        pub recognised_as: String,
    }
}

record! {
    /// One call that a component offers: `postComment(userID, comment_text, user_location, timestamp)`.
    pub struct Api {
        pub name: String,
        pub component: Option<Id>,
        pub signature: String,
        pub parameters: Vec<Parameter>,
        pub controls: Controls,
        pub notes: String,
    }
}

record! {
    /// A column of a dataset.
    pub struct Column {
        pub name: String,
        pub asset: Option<Id>,
    }
}

record! {
    /// A table or a collection.
    pub struct Dataset {
        pub name: String,
        pub store: Option<Id>,
        pub columns: Vec<Column>,
        /// `sql` or `nosql`, or a product.
        pub engine: String,
        /// Why that engine.
        pub why: String,
        pub indexes: Vec<String>,
        /// How long it is kept.
        pub retention: String,
        pub controls: Controls,
        pub notes: String,
    }
}
