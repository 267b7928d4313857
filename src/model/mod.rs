//! The model: plain data in tables, and the one type that changes it, [`Edit`].
//!
//! All else is derived from a [`Model`] and never saved. Fields are private: only [`Model::apply`] and
//! [`Model::revert`] alter it. Kinds, technologies, protocols and controls are rows of files in `assets/`.

mod answer;
mod artwork;
mod asked;
mod asset;
mod boundary;
mod comment;
mod component;
mod condition;
mod controls;
mod day;
mod deletion;
mod draft;
mod edit;
mod figure;
mod file;
mod filter;
mod flow;
mod history;
mod id;
mod interface;
mod judgement;
mod kinds;
mod levels;
mod natural;
mod nesting;
mod only;
mod pack;
mod pack_check;
mod ports;
mod problems;
mod protocols;
mod record;
mod remark;
mod ron_text;
mod tables;
mod technologies;
mod text;
mod view;

pub use answer::{Answer, Controls, Truth};
pub use artwork::{Artwork, MAX_ARTWORK_BYTES};
pub use asked::PutOff;
pub use asset::{Asset, Class};
pub use boundary::Boundary;
pub use comment::{Anchor, Comment, MAX_AUTHOR, MAX_MESSAGE, Message, Messages, kept};
pub use component::{Component, Listener};
pub use condition::{ANSWER_FIELDS, Condition, Is, Sort, Worth, Zone};
pub use controls::{AppliesTo, Control};
pub use day::{day, is_day};
pub use draft::Draft;
pub use edit::{Delta, Edit};
pub use figure::Figure;
pub use file::{FORMAT, MAX_FILE_BYTES, ReadError, read, write};
pub use filter::{Allow, Allows, From, Ingress};
pub use flow::{Access, Flow, Needs, Style};
pub use history::{History, Step, Turn};
pub use id::{Id, Ids, MAX_ID_LENGTH, NoId, short_list};
pub use interface::{Api, Column, Dataset, Feature, Parameter};
pub use judgement::{Choice, Decision, Severity, Stride, Threat, Verdict, VerdictState};
pub use kinds::{BoundaryKind, Capability, DefaultListener, Family, Kind};
pub use levels::Levels;
pub use natural::{natural, natural_order};
pub use nesting::{Nesting, Parents};
pub use only::Only;
pub use pack::{
    MAX_PACK_BYTES, MAX_PACK_RULES, PACK_FORMAT, Pack, PackError, PackFix, PackRule, PackSubject, Strict,
    read_pack,
};
pub use pack_check::{MAX_ALL_PARTS, MAX_CONDITION_DEPTH, rules_of_packs};
pub use ports::{NoPorts, PortRange, Ports, Transport};
pub use problems::Problem;
pub use protocols::Protocol;
pub use record::Record;
pub use remark::Remark;
pub use ron_text::brackets;
pub use tables::{Change, Model, PlaceKey, Slot, Stored, Table};
pub use technologies::Technology;
pub use text::{Named, Text, by_ids, capital, counted, ended};
pub use view::{BorderPoint, Brief, BriefFigure, Direction, MAIN_VIEW, Place, Side, View, main_view_id};

/// A table of `assets/`, which is part of the program: tests read every one, so it is never empty at a user's.
fn bundled<T: serde::de::DeserializeOwned + Default>(text: &str) -> T {
    let table = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    let read = table.from_str(text);
    debug_assert!(
        read.is_ok(),
        "a table of assets/: {}",
        read.err().map(|it| it.to_string()).unwrap_or_default()
    );
    read.unwrap_or_default()
}
