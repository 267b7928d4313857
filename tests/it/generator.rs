//! Random models and edits, for whoever has a property to hold.
//!
//! All of it follows from a list of numbers that runs dry in zeros, and zero is always the plainest choice: so a
//! shorter list is a smaller model, and proptest shrinks a failure to one that can be read.

use std::collections::BTreeSet;

use parapet::model::{
    Access, Allow, Allows, Answer, Api, Artwork, Asset, BorderPoint, Boundary, BoundaryKind, Brief,
    BriefFigure, Choice, Class, Column, Comment, Component, Control, Controls, Dataset, Decision, Direction,
    Draft, Edit, Family, Feature, Figure, Flow, From, Id, Ingress, Kind, Levels, Listener, MAIN_VIEW,
    Message, Messages, Model, Needs, Only, Parameter, Place, Ports, Protocol, Remark, Severity, Side, Stored,
    Stride, Style, Technology, Threat, Truth, Verdict, VerdictState, View,
};
use proptest::prelude::*;

/// Texts that something could trip over: markup, quotes, the words and signs of the text language, formulas, controls,
/// marks that turn the direction of text.
pub(crate) const TEXTS: [&str; 40] = [
    "",
    "Web 1",
    "a",
    "<script>alert('1')</script>",
    "\"",
    "\\",
    "a\nb",
    "\r\n",
    "\t",
    "\u{202e}evil",
    "\u{200f}",
    "=1+1",
    "@cmd",
    "-2",
    "# x",
    "[x](y)",
    "**x**",
    "`x`",
    "a -> b",
    "->",
    "x; y",
    "]",
    "[",
    "}",
    ",",
    ":",
    "\u{0}",
    "\u{feff}x",
    " blank ",
    "yes",
    "unknown",
    "none",
    "later",
    "80%",
    "tcp/80",
    "and",
    "for",
    "\u{2028}",
    "é 名 🦀",
    "]]> -->",
];

/// Ids that mean something else elsewhere in the text language.
const IDS: [&str; 25] = [
    "a", "b", "web-1", "a-b", "lb", "db", "boundary", "asset", "view", "verdict", "remark", "brief",
    "anywhere", "unknown", "nobody", "none", "and", "from", "any", "443", "-", "--", "_", "yes", "later",
];

const ICONS: [&str; 5] = ["own-1", "own-2", "server", "yes", "a"];
const SVGS: [&str; 4] = [
    "",
    "<svg",
    r#"<svg viewBox="0 0 9 9"><path d="M0 0H9V9z"/></svg>"#,
    r##"<svg viewBox="0 0 9 9"><path fill="#f00" d="M0 0H9V9z"/><path d="M1 1H3V3z" stroke="#00f"/></svg>"##,
];

const NUMBERS: [f64; 10] = [0.0, 1.0, 40.0, 0.25, 0.1, -3.5, 1e15, 1e300, 5e-324, 123_456_789.123];
const COUNTS: [u32; 5] = [1, 2, 0, 7, u32::MAX];
const PORTS: [&str; 8] =
    ["", "tcp/443", "tcp/80,443 udp/53", "any", "tcp/8000-8080", "tcp/0", "udp/0-65535", "tcp/0-65535"];
const STRIDE: [Stride; 8] = [
    Stride::Spoofing,
    Stride::Tampering,
    Stride::Repudiation,
    Stride::InformationDisclosure,
    Stride::DenialOfService,
    Stride::ElevationOfPrivilege,
    Stride::Availability,
    Stride::Privacy,
];

/// Models of all tables and fields, with references to what is there, to what is not, and to what is something else.
pub(crate) fn models() -> impl Strategy<Value = Model> {
    numbers(800).prop_map(|numbers| Source::of(numbers).model())
}

/// A model, and an edit of it.
pub(crate) fn models_with_edits() -> impl Strategy<Value = (Model, Edit)> {
    (models(), numbers(400)).prop_map(|(model, numbers)| {
        let edit = Source::of(numbers).edit(&model);
        (model, edit)
    })
}

/// A model, and what makes edits that follow one another; [`edit_of`] makes each of what the one before left.
pub(crate) fn models_with_sequences() -> impl Strategy<Value = (Model, Vec<Vec<u16>>)> {
    (models(), prop::collection::vec(numbers(120), 0..12))
}

pub(crate) fn edit_of(numbers: &[u16], model: &Model) -> Edit {
    Source::of(numbers.to_vec()).edit(model)
}

fn numbers(most: usize) -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..most)
}

/// The choices, one after another.
struct Source {
    numbers: std::vec::IntoIter<u16>,
    /// What a reference may name.
    ids: Vec<Id>,
    taken: BTreeSet<Id>,
}

impl Source {
    fn of(numbers: Vec<u16>) -> Self {
        Self { numbers: numbers.into_iter(), ids: Vec::new(), taken: BTreeSet::new() }
    }

    /// A number below `n`.
    fn below(&mut self, n: usize) -> usize {
        usize::from(self.numbers.next().unwrap_or(0)) % n
    }

    fn one<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())].clone()
    }

    fn flag(&mut self) -> bool {
        self.below(2) == 1
    }

    fn some<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.below(3) == 2 { Some(value(self)) } else { None }
    }

    fn list<T>(&mut self, mut value: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let length = self.below(5).saturating_sub(2);
        (0..length).map(|_| value(self)).collect()
    }

    fn text(&mut self) -> String {
        match self.below(4) {
            0 => String::new(),
            1 => self.list(|it| char::from_u32(it.below(0x3000) as u32).unwrap_or('x')).into_iter().collect(),
            _ => self.one(&TEXTS).to_owned(),
        }
    }

    /// One of the words of a table, or any text.
    fn word<'w>(&mut self, words: impl Iterator<Item = &'w String>) -> String {
        let words: Vec<&String> = words.collect();
        if self.below(8) == 7 { self.text() } else { self.one(&words).clone() }
    }

    fn new_id(&mut self) -> Id {
        let word = self.one(&IDS);
        let (mut id, mut n) = (Id::new(word).unwrap(), 1);
        while self.taken.contains(&id) {
            n += 1;
            id = Id::new(&format!("{word}-{n}")).unwrap();
        }
        self.taken.insert(id.clone());
        id
    }

    /// An id of any table, or of none.
    fn id(&mut self) -> Id {
        let ids = self.ids.clone();
        if ids.is_empty() || self.below(16) == 15 { Id::slug("gone") } else { self.one(&ids) }
    }

    fn figure(&mut self) -> Option<Figure> {
        self.some(|it| it.one(&NUMBERS)).and_then(Figure::new)
    }

    fn count(&mut self) -> Option<u32> {
        self.some(|it| it.one(&COUNTS))
    }

    fn ports(&mut self) -> Ports {
        self.one(&PORTS).parse().unwrap()
    }

    fn answer(&mut self) -> Answer {
        let is = self.one(&Truth::ALL);
        let (note, later) =
            if self.below(4) == 3 { (self.text(), self.flag()) } else { (String::new(), false) };
        Answer { is, note, later }
    }

    fn controls(&mut self) -> Controls {
        let entry = |it: &mut Self| (it.word(Control::all().iter().map(|it| &it.slug)), it.answer());
        Controls(self.list(entry).into_iter().collect())
    }

    fn origins(&mut self) -> From {
        match self.below(3) {
            0 => From::Unknown,
            1 => From::Anywhere,
            _ => From::Of(self.list(Self::id)),
        }
    }

    fn allow(&mut self) -> Allow {
        Allow::of(self.ports(), self.origins())
    }

    fn protocol(&mut self) -> String {
        self.some(|it| it.word(Protocol::all().iter().map(|it| &it.slug))).unwrap_or_default()
    }

    fn new_ids(&mut self, most: usize) -> Vec<Id> {
        (0..self.below(most + 1)).map(|_| self.new_id()).collect()
    }

    fn fill<R: Stored>(&mut self, draft: &mut Draft<'_>, keys: Vec<R::Key>, record: fn(&mut Self) -> R) {
        for key in keys {
            draft.put(key, record(self));
        }
    }

    fn model(mut self) -> Model {
        let [components, boundaries, flows] = [8, 4, 8].map(|most| self.new_ids(most));
        let [assets, features, apis, datasets, decisions, threats, views] =
            [3, 2, 2, 2, 2, 2, 2].map(|most| self.new_ids(most));
        self.ids = self.taken.iter().cloned().collect();
        let mut model = Model::new();
        let mut draft = Draft::of(&model);
        self.fill(&mut draft, components, Self::component);
        self.fill(&mut draft, boundaries, Self::boundary);
        self.fill(&mut draft, flows, Self::flow);
        self.fill(&mut draft, assets, Self::asset);
        self.fill(&mut draft, features, Self::feature);
        self.fill(&mut draft, apis, Self::api);
        self.fill(&mut draft, datasets, Self::dataset);
        self.fill(&mut draft, decisions, Self::decision);
        self.fill(&mut draft, threats, Self::threat);
        // A document has a view.
        if views.is_empty() {
            draft.put(Id::slug(MAIN_VIEW), View { name: "Main".to_owned(), ..View::default() });
        }
        self.fill(&mut draft, views, Self::view);
        let comments = self.new_ids(2);
        self.fill(&mut draft, comments, Self::comment);
        let verdicts = self.list(Self::text);
        self.fill(&mut draft, verdicts, Self::verdict);
        let remarks = self.list(|it| format!("{}.{}", it.id(), it.one(&["stores", "carries", "ingress"])));
        self.fill(&mut draft, remarks, Self::remark);
        let places = self.list(|it| (it.id(), it.id()));
        self.fill(&mut draft, places, Self::place);
        draft.put((), self.brief());
        let edit = draft.finish();
        model.apply(&edit);
        model
    }

    fn edit(mut self, model: &Model) -> Edit {
        let tables: [Vec<&Id>; 4] = [
            model.components().keys().collect(),
            model.boundaries().keys().collect(),
            model.flows().keys().collect(),
            model.assets().keys().collect(),
        ];
        self.ids = tables.concat().into_iter().cloned().collect();
        let others: [Vec<&Id>; 7] = [
            model.features().keys().collect(),
            model.apis().keys().collect(),
            model.datasets().keys().collect(),
            model.decisions().keys().collect(),
            model.threats().keys().collect(),
            model.views().keys().collect(),
            model.comments().keys().collect(),
        ];
        // An id names one element of one table.
        self.taken = self.ids.iter().chain(others.concat()).cloned().collect();
        let mut draft = Draft::of(model);
        for _ in 0..self.below(8) {
            self.step(&mut draft);
        }
        draft.finish()
    }

    /// One step of an edit: something new, some fields, or something gone with all that hangs on it.
    fn step(&mut self, draft: &mut Draft<'_>) {
        let (id, text) = (self.id(), self.text());
        match self.below(15) {
            0 => draft.edit::<Component>(&id, |it| it.name = text),
            1 => draft.edit::<Component>(&id, |it| *it = self.component()),
            2 => draft.edit::<Component>(&id, |it| it.controls = self.controls()),
            3 => draft.edit::<Boundary>(&id, |it| *it = self.boundary()),
            4 => draft.edit::<Flow>(&id, |it| *it = self.flow()),
            5 => draft.edit::<Asset>(&id, |it| *it = self.asset()),
            6 => draft.put(self.new_id(), self.component()),
            7 => draft.put(self.new_id(), self.flow()),
            8 => draft.put((Id::slug(MAIN_VIEW), id), self.place()),
            9 => draft.put(text, self.verdict()),
            11 => draft.put(self.new_id(), self.comment()),
            12 => draft.put(Id::slug(self.one(&ICONS)), self.artwork()),
            13 => draft.remove::<Artwork>(&Id::slug(self.one(&ICONS))),
            10 => draft.edit::<Brief>(&(), |it| *it = self.brief()),
            _ => draft.delete(&BTreeSet::from([id])),
        }
    }

    fn component(&mut self) -> Component {
        Component {
            kind: self.word(Kind::all().iter().map(|it| &it.slug)),
            name: self.text(),
            technology: self
                .some(|it| it.word(Technology::all().iter().map(|it| &it.slug)))
                .unwrap_or_default(),
            within: self.some(Self::id),
            replicas: self.count(),
            pool: self.some(Self::text).unwrap_or_default(),
            quorum: self.count(),
            highly_available: self.answer(),
            takes_over: self.answer(),
            gate_of: self.some(Self::id),
            listeners: self.list(|it| Listener {
                port: it.ports(),
                protocol: it.protocol(),
                purpose: it.text(),
                meant_for: it.origins(),
            }),
            allows: self.some(|it| Allows::Only(it.list(Self::allow))).unwrap_or_default(),
            capacity: self.figure(),
            hit_ratio: self.figure(),
            balancing: self.some(Self::text).unwrap_or_default(),
            availability: self.figure(),
            requests_per_second: self.figure(),
            read_share: self.figure(),
            stores: self.list(Self::id),
            processes: self.list(Self::id),
            controls: self.controls(),
            notes: self.some(Self::text).unwrap_or_default(),
            icon: self.icon(),
        }
    }

    fn boundary(&mut self) -> Boundary {
        Boundary {
            kind: self.word(BoundaryKind::all().iter().map(|it| &it.slug)),
            name: self.text(),
            within: self.some(Self::id),
            ingress: match self.below(3) {
                0 => Ingress::Unknown,
                1 => Ingress::Open,
                _ => Ingress::Only(self.list(Self::allow)),
            },
            segmented: self.answer(),
            controls: self.controls(),
            notes: self.some(Self::text).unwrap_or_default(),
            icon: self.icon(),
        }
    }

    /// One of the document, one of the app, or one that nobody knows.
    fn icon(&mut self) -> Option<Id> {
        self.some(|it| Id::slug(it.one(&ICONS)))
    }

    fn artwork(&mut self) -> Artwork {
        let svg = self.one(&SVGS).to_owned();
        Artwork { pack: self.text(), name: self.text(), svg }
    }

    fn flow(&mut self) -> Flow {
        Flow {
            name: self.some(Self::text).unwrap_or_default(),
            from: self.id(),
            to: self.id(),
            protocol: self.protocol(),
            port: self.ports(),
            access: self.one(&Access::ALL),
            style: self.one(&[Style::Synchronous, Style::Asynchronous]),
            needs: self.one(&[Needs::Unset, Needs::Hard, Needs::Soft]),
            encrypted: self.answer(),
            authenticated: self.answer(),
            carries: self.list(Self::id),
            requests_per_request: self.figure(),
            weight: self.figure(),
            reply: self.flag(),
            two_heads: self.flag(),
            controls: self.controls(),
            notes: self.some(Self::text).unwrap_or_default(),
        }
    }

    fn asset(&mut self) -> Asset {
        Asset {
            name: self.text(),
            class: self.one(&Class::ALL),
            personal: self.answer(),
            credential: self.answer(),
            notes: self.text(),
        }
    }

    fn feature(&mut self) -> Feature {
        Feature {
            name: self.text(),
            roles: self.list(Self::text),
            requests_per_second: self.figure(),
            read_share: self.figure(),
            flows: self.list(Self::id),
            notes: self.text(),
        }
    }

    fn api(&mut self) -> Api {
        Api {
            name: self.text(),
            component: self.some(Self::id),
            signature: self.text(),
            parameters: self.list(|it| Parameter {
                name: it.text(),
                of: it.text(),
                recognised_as: it.text(),
            }),
            controls: self.controls(),
            notes: self.text(),
        }
    }

    fn dataset(&mut self) -> Dataset {
        Dataset {
            name: self.text(),
            store: self.some(Self::id),
            columns: self.list(|it| Column { name: it.text(), asset: it.some(Self::id) }),
            engine: self.text(),
            why: self.text(),
            indexes: self.list(Self::text),
            retention: self.text(),
            controls: self.controls(),
            notes: self.text(),
        }
    }

    fn decision(&mut self) -> Decision {
        Decision {
            title: self.text(),
            status: self.text(),
            options: self.list(|it| Choice {
                title: it.text(),
                pros: it.list(Self::text),
                cons: it.list(Self::text),
            }),
            chosen: self.text(),
            gives_up: self.text(),
            elements: self.list(Self::id),
            notes: self.text(),
        }
    }

    fn threat(&mut self) -> Threat {
        Threat {
            title: self.text(),
            stride: self.list(|it| it.one(&STRIDE)),
            severity: self.one(&Severity::ALL),
            subjects: self.list(Self::id),
            mitigation: self.text(),
            status: self.text(),
            notes: self.text(),
        }
    }

    fn verdict(&mut self) -> Verdict {
        Verdict {
            state: self.one(&VerdictState::ALL),
            reason: self.text(),
            who: self.text(),
            when: self.text(),
            until: self.text(),
            link: self.text(),
            facts: self.list(Self::text),
        }
    }

    fn remark(&mut self) -> Remark {
        Remark { note: self.text(), later: self.flag() }
    }

    fn comment(&mut self) -> Comment {
        let messages =
            self.list(|it| (it.new_id(), Message { author: it.text(), day: it.text(), text: it.text() }));
        Comment {
            on: self.some(Self::id),
            was: self.text(),
            view: self.some(Self::id),
            x: Figure::new(self.one(&NUMBERS)).unwrap(),
            y: Figure::new(self.one(&NUMBERS)).unwrap(),
            messages: Messages(messages.into_iter().collect()),
            resolved: self.flag(),
            resolved_by: self.text(),
            resolved_on: self.text(),
        }
    }

    fn view(&mut self) -> View {
        View {
            name: self.text(),
            order: self.count().unwrap_or(0),
            filter: self.text(),
            only: self.list(Self::only),
            dims: self.flag(),
            locked: self.flag(),
            direction: self.some(|it| if it.flag() { Direction::Down } else { Direction::Right }),
        }
    }

    fn only(&mut self) -> Only {
        match self.below(8) {
            0 => Only::PersonalData,
            1 => Only::Reached,
            2 => Only::Encrypted,
            3 => Only::Clear,
            4 => Only::Family(self.one(&Family::ALL)),
            5 => Only::Within(self.id()),
            6 => Only::Severity(self.one(&Severity::ALL)),
            _ => Only::Stride(self.one(&STRIDE)),
        }
    }

    fn place(&mut self) -> Place {
        let figure = |it: &mut Self| Figure::new(it.one(&NUMBERS)).unwrap();
        Place {
            x: figure(self),
            y: figure(self),
            width: self.figure(),
            height: self.figure(),
            waypoints: self.list(|it| (figure(it), figure(it))),
            pinned: self.list(|it| it.one(&COUNTS)),
            exit: self.some(Self::border_point),
            entry: self.some(Self::border_point),
            label: self.figure(),
            side: self.some(Self::side),
            offset: self.figure(),
            order: self.one(&[0, 0, 1, -1, i32::MAX, i32::MIN]),
            collapsed: self.flag(),
            locked: self.flag(),
        }
    }

    fn side(&mut self) -> Side {
        self.one(&[Side::Top, Side::Right, Side::Bottom, Side::Left])
    }

    fn border_point(&mut self) -> BorderPoint {
        BorderPoint { side: self.side(), offset: Figure::new(self.one(&NUMBERS)).unwrap() }
    }

    fn levels(&mut self) -> Levels {
        let mut levels = Levels::default();
        if self.flag() {
            levels.serious = [0; 4].map(|_| self.one(&Severity::ALL));
        }
        levels
    }

    fn brief(&mut self) -> Brief {
        Brief {
            title: self.text(),
            notes: self.text(),
            use_cases: self.list(Self::text),
            figures: self.list(|it| BriefFigure { name: it.text(), value: it.figure(), unit: it.text() }),
            constraints: self.list(Self::text),
            requirements: self.list(Self::text),
            attacks: self.list(Self::text),
            levels: self.levels(),
        }
    }
}
