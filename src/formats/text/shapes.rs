//! Shapes: which properties a statement of each table has. A field of the model is a row here.

use super::TextError;
use super::compound::{
    Choices, Columns, Figures, Filters, LettingIn, LevelRows, Listening, Parameters, Passing, Thread, ToView,
};
use super::cursor::Cursor;
use super::values::{
    AccessWord, ClassWord, Count, Flag, IconName, NeedsWord, Number, PortSet, Said, SeverityWord, Speaks,
    StateWord, StrideWords, StyleWord, Text, Texts, ToAnything, ToAsset, ToBoundary, ToComponent, ToFlow,
    Value, WayWord,
};
use super::write::Known;
use crate::model::{
    Access, Api, Asset, Boundary, Brief, Comment, Component, Control, Controls, Dataset, Decision, Feature,
    Flow, Needs, Remark, Style, Threat, Verdict, View,
};

/// One property of a record: a field.
pub(super) struct Property<R> {
    /// Its name as it is written, and any others that are read.
    pub(super) names: &'static [&'static str],
    /// Whether it may stand several times, each adding to it.
    pub(super) repeats: fn(&R) -> bool,
    pub(super) read: fn(&mut Cursor<'_>, &mut R) -> Result<(), TextError>,
    /// The values to write after its name.
    pub(super) write: fn(&R, &Known<'_>) -> Vec<String>,
}

/// The controls of a record, to be read and to be set.
pub(super) type ControlsOf<R> = (fn(&R) -> &Controls, fn(&mut R) -> &mut Controls);

/// The statement of a table.
pub(super) struct Shape<R: 'static> {
    /// What it is called, in messages.
    pub(super) noun: &'static str,
    /// In the order in which they are written.
    pub(super) properties: &'static [Property<R>],
    /// Properties that the writer puts elsewhere.
    pub(super) head: &'static [Property<R>],
    pub(super) controls: Option<ControlsOf<R>>,
    /// Words that say a property by themselves.
    pub(super) words: &'static [Word<R>],
}

/// A record that is called something, in quotes after its id.
pub(super) trait Named {
    fn called(&self) -> &str;
    fn called_mut(&mut self) -> &mut String;
}

macro_rules! named {
    ($($type:ident.$field:ident),+) => {$(
        impl Named for $type {
            fn called(&self) -> &str {
                &self.$field
            }

            fn called_mut(&mut self) -> &mut String {
                &mut self.$field
            }
        }
    )+};
}

named!(
    Component.name,
    Boundary.name,
    Flow.name,
    Asset.name,
    Feature.name,
    Api.name,
    Dataset.name,
    Decision.title,
    Threat.title,
    Comment.was,
    View.name
);

/// A word that says a property by itself: `write`, `asynchronous`, `hard`.
pub(super) struct Word<R> {
    pub(super) word: &'static str,
    pub(super) set: fn(&mut R),
    /// Whether a record is written with it.
    pub(super) is: fn(&R) -> bool,
}

impl<R> Shape<R> {
    /// All names that a property can begin with.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let properties = self.properties.iter().chain(self.head).flat_map(|it| it.names.iter().copied());
        let words = self.words.iter().map(|it| it.word);
        let controls = Control::all().iter().filter(|_| self.controls.is_some()).map(|it| it.slug.as_str());
        properties.chain(words).chain(controls)
    }

    /// The property of a name, with hyphens or underscores.
    pub(super) fn property(&self, name: &str) -> Option<&'static Property<R>> {
        let mut properties = self.properties.iter().chain(self.head);
        properties.find(|it| it.names.iter().any(|it| same(it, name)))
    }

    pub(super) fn word(&self, word: &str) -> Option<&'static Word<R>> {
        self.words.iter().find(|it| same(it.word, word))
    }
}

/// Whether two names are one but for hyphens and underscores.
fn same(a: &str, b: &str) -> bool {
    let plain = |it: u8| if it == b'_' { b'-' } else { it };
    a.len() == b.len() && a.bytes().map(plain).eq(b.bytes().map(plain))
}

fn repeats<V: Value<T>, T>(_: &T) -> bool {
    V::REPEATS
}

macro_rules! properties {
    ($type:ident { $($field:ident: $value:ident $([$($name:literal),+])?),* $(,)? }) => {
        &[$(Property {
            names: &[$($($name,)+)? stringify!($field)],
            repeats: |it: &$type| repeats::<$value, _>(&it.$field),
            read: |cursor, it: &mut $type| <$value as Value<_>>::read(cursor, &mut it.$field),
            write: |it: &$type, known| <$value as Value<_>>::write(&it.$field, known),
        },)*]
    };
}

macro_rules! words {
    ($type:ident { $($word:literal $field:ident = $value:expr, $written:literal;)* }) => {
        &[$(Word {
            word: $word,
            set: |it: &mut $type| it.$field = $value,
            is: |it: &$type| $written && it.$field == $value,
        },)*]
    };
}

pub(super) static COMPONENT: Shape<Component> = Shape {
    noun: "component",
    properties: properties!(Component {
        technology: Text,
        within: ToBoundary,
        replicas: Count,
        pool: Text,
        quorum: Count,
        highly_available: Said ["highly-available"],
        takes_over: Said ["takes-over"],
        gate_of: ToBoundary ["gate-of"],
        listeners: Listening ["listens", "listener"],
        allows: Passing,
        capacity: Number,
        hit_ratio: Number ["hit-ratio"],
        balancing: Text,
        availability: Number,
        requests_per_second: Number ["requests-per-second"],
        read_share: Number ["read-share"],
        stores: ToAsset,
        processes: ToAsset,
        notes: Text,
        icon: IconName,
    }),
    head: properties!(Component { name: Text }),
    controls: Some((|it| &it.controls, |it| &mut it.controls)),
    words: &[],
};

pub(super) static BOUNDARY: Shape<Boundary> = Shape {
    noun: "boundary",
    properties: properties!(Boundary {
        within: ToBoundary,
        ingress: LettingIn,
        segmented: Said,
        notes: Text,
        icon: IconName,
    }),
    head: properties!(Boundary { name: Text }),
    controls: Some((|it| &it.controls, |it| &mut it.controls)),
    words: &[],
};

pub(super) static FLOW: Shape<Flow> = Shape {
    noun: "flow",
    properties: properties!(Flow {
        encrypted: Said,
        authenticated: Said,
        carries: ToAsset,
        requests_per_request: Number["requests-per-request"],
        weight: Number,
        notes: Text,
    }),
    head: properties!(Flow {
        name: Text,
        protocol: Speaks,
        port: PortSet,
        access: AccessWord,
        style: StyleWord,
        needs: NeedsWord,
        reply: Flag,
        two_heads: Flag,
    }),
    controls: Some((|it| &it.controls, |it| &mut it.controls)),
    words: words!(Flow {
        "read" access = Access::Read, true;
        "write" access = Access::Write, true;
        "read-write" access = Access::ReadWrite, true;
        "replicate" access = Access::Replicate, true;
        "publish" access = Access::Publish, true;
        "consume" access = Access::Consume, true;
        "admin" access = Access::Admin, true;
        "async" style = Style::Asynchronous, true;
        "asynchronous" style = Style::Asynchronous, false;
        "sync" style = Style::Synchronous, false;
        "synchronous" style = Style::Synchronous, false;
        "hard" needs = Needs::Hard, true;
        "soft" needs = Needs::Soft, true;
        "reply" reply = true, true;
        "two-heads" two_heads = true, true;
    }),
};

pub(super) static ASSET: Shape<Asset> = Shape {
    noun: "asset",
    properties: properties!(Asset { personal: Said, credential: Said, notes: Text }),
    head: properties!(Asset { name: Text, class: ClassWord }),
    controls: None,
    words: &[],
};

pub(super) static FEATURE: Shape<Feature> = Shape {
    noun: "feature",
    properties: properties!(Feature {
        roles: Texts ["roles", "role"],
        requests_per_second: Number ["requests-per-second"],
        read_share: Number ["read-share"],
        flows: ToFlow,
        notes: Text,
    }),
    head: properties!(Feature { name: Text }),
    controls: None,
    words: &[],
};

pub(super) static API: Shape<Api> = Shape {
    noun: "api",
    properties: properties!(Api {
        component: ToComponent,
        signature: Text,
        parameters: Parameters ["parameters", "parameter"],
        notes: Text,
    }),
    head: properties!(Api { name: Text }),
    controls: Some((|it| &it.controls, |it| &mut it.controls)),
    words: &[],
};

pub(super) static DATASET: Shape<Dataset> = Shape {
    noun: "dataset",
    properties: properties!(Dataset {
        store: ToComponent,
        columns: Columns ["columns", "column"],
        engine: Text,
        why: Text,
        indexes: Texts ["indexes", "index"],
        retention: Text,
        notes: Text,
    }),
    head: properties!(Dataset { name: Text }),
    controls: Some((|it| &it.controls, |it| &mut it.controls)),
    words: &[],
};

pub(super) static DECISION: Shape<Decision> = Shape {
    noun: "decision",
    properties: properties!(Decision {
        status: Text,
        options: Choices["option"],
        chosen: Text,
        gives_up: Text["gives-up"],
        elements: ToAnything,
        notes: Text,
    }),
    head: properties!(Decision { title: Text }),
    controls: None,
    words: &[],
};

pub(super) static THREAT: Shape<Threat> = Shape {
    noun: "threat",
    properties: properties!(Threat {
        stride: StrideWords,
        severity: SeverityWord,
        subjects: ToAnything,
        mitigation: Text,
        status: Text,
        notes: Text,
    }),
    head: properties!(Threat { title: Text }),
    controls: None,
    words: &[],
};

pub(super) static COMMENT: Shape<Comment> = Shape {
    noun: "comment",
    properties: properties!(Comment {
        on: ToAnything,
        view: ToView,
        x: Number,
        y: Number,
        messages: Thread["message"],
        resolved: Flag,
        resolved_by: Text["resolved-by"],
        resolved_on: Text["resolved-on"],
    }),
    head: properties!(Comment { was: Text }),
    controls: None,
    words: &[],
};

pub(super) static VIEW: Shape<View> = Shape {
    noun: "view",
    properties: properties!(View {
        order: Count,
        filter: Text,
        only: Filters,
        dims: Flag,
        locked: Flag,
        direction: WayWord
    }),
    head: properties!(View { name: Text }),
    controls: None,
    words: &[],
};

pub(super) static VERDICT: Shape<Verdict> = Shape {
    noun: "verdict",
    properties: properties!(Verdict {
        state: StateWord,
        reason: Text,
        who: Text,
        when: Text,
        until: Text,
        link: Text,
        facts: Texts ["facts", "fact"],
    }),
    head: &[],
    controls: None,
    words: &[],
};

pub(super) static REMARK: Shape<Remark> = Shape {
    noun: "remark",
    properties: properties!(Remark { note: Text, later: Flag }),
    head: &[],
    controls: None,
    words: &[],
};

pub(super) static BRIEF: Shape<Brief> = Shape {
    noun: "brief",
    properties: properties!(Brief {
        use_cases: Texts ["use-cases", "use-case"],
        figures: Figures ["figure"],
        constraints: Texts ["constraints", "constraint"],
        requirements: Texts ["requirements", "requirement"],
        attacks: Texts ["attacks", "attack"],
        levels: LevelRows ["levels", "level"],
        notes: Text,
    }),
    head: properties!(Brief { title: Text }),
    controls: None,
    words: &[],
};
