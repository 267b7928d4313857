//! Reading a text: statement by statement into a draft, then what the statements left to be found out.

use std::collections::BTreeMap;

use super::cursor::{Cursor, Phrase, shortened};
use super::lex::{Kind, Token};
use super::shapes::{self, Named, Shape};
use super::values::{ClassWord, Said, Value as _};
use super::words;
use super::{MAX_NESTING, TextError, usual_ingress};
use crate::formats::nearest::did_you_mean;
use crate::model::{
    Answer, Asset, Boundary, BoundaryKind, Brief, Component, Control, Draft, Flow, Id, Model, PortRange,
    Ports, Stored, Transport,
};

/// Each end of a list is joined to each of the next, so that a short line could draw millions.
const MAX_FLOWS_OF_A_STATEMENT: usize = 1000;

/// Words that a statement begins with, if a word follows them.
const NOUNS: [&str; 8] = ["boundary", "asset", "feature", "api", "dataset", "decision", "threat", "view"];

pub(super) fn read(text: &str) -> Result<Model, TextError> {
    let empty = Model::new();
    let mut reader = Reader {
        cursor: Cursor::new(text)?,
        draft: Draft::of(&empty),
        declared: BTreeMap::new(),
        ends: BTreeMap::new(),
        flows: Vec::new(),
        open: Vec::new(),
        has_brief: false,
    };
    reader.statements()?;
    reader.finish()?;
    let edit = reader.draft.finish();
    let mut model = Model::new();
    model.apply(&edit);
    Ok(model)
}

pub(super) struct Reader<'t> {
    pub(super) cursor: Cursor<'t>,
    pub(super) draft: Draft<'t>,
    /// Every id that a statement declared: of what, and where.
    pub(super) declared: BTreeMap<Id, (&'static str, usize)>,
    /// The ends of flows: how each was first written, and where.
    pub(super) ends: BTreeMap<Id, (String, usize)>,
    /// Flows without an id, in their order.
    pub(super) flows: Vec<Flow>,
    /// The boundaries whose braces are open, and where they opened.
    open: Vec<(Id, usize)>,
    has_brief: bool,
}

impl Reader<'_> {
    fn statements(&mut self) -> Result<(), TextError> {
        loop {
            match self.cursor.peek().kind {
                Kind::Line | Kind::Semicolon => {
                    self.cursor.advance()?;
                }
                Kind::End => {
                    return match self.open.last() {
                        None => Ok(()),
                        Some((id, at)) => Err(self.cursor.error_at(
                            *at,
                            format!("the braces of `{id}` are not closed"),
                            "add a `}`",
                        )),
                    };
                }
                Kind::CloseBrace => {
                    if self.open.pop().is_none() {
                        return Err(self.cursor.error("no boundary is open that this `}` could close", ""));
                    }
                    self.cursor.advance()?;
                }
                Kind::Word | Kind::Text => self.statement()?,
                _ => {
                    return Err(self.cursor.expected(
                        "a statement",
                        "write `id: kind`, `a -> b: https` or `boundary id: kind { … }`",
                    ));
                }
            }
        }
    }

    fn statement(&mut self) -> Result<(), TextError> {
        let (first, depth) = (self.cursor.peek(), self.open.len());
        let word = if first.kind == Kind::Word { self.cursor.slice(first) } else { "" };
        let ahead: Vec<Kind> = self.cursor.ahead().take(3).collect();
        let [second, third] = [1, 2].map(|n| ahead.get(n).copied().unwrap_or(Kind::End));
        let is_named = second == Kind::Text && !matches!(third, Kind::Colon | Kind::Arrow | Kind::Comma);
        if word == "verdict" && is_named {
            self.cursor.advance()?;
            self.by_key("the key of a finding", &shapes::VERDICT)?;
        } else if word == "remark" && is_named {
            self.cursor.advance()?;
            self.by_key("the key of a question", &shapes::REMARK)?;
        } else if word == "brief" && (is_named || second == Kind::Open) {
            self.cursor.advance()?;
            self.brief(first)?;
        } else if NOUNS.contains(&word) && second == Kind::Word {
            self.cursor.advance()?;
            self.noun(word)?;
        } else {
            match Form::of(self.cursor.ahead()) {
                Form::Component => self.component()?,
                form => self.flow(form == Form::FlowWithId)?,
            }
        }
        match self.cursor.peek().kind {
            Kind::Line | Kind::End | Kind::Semicolon | Kind::CloseBrace => Ok(()),
            // A statement may stand on the line of the brace that opened.
            _ if self.open.len() > depth => Ok(()),
            // The only brace that may follow was taken by its boundary.
            Kind::OpenBrace => {
                Err(self.cursor.error("only a boundary has braces", "write `boundary id: kind {`"))
            }
            _ => {
                let hint = did_you_mean(
                    word,
                    NOUNS.into_iter().chain(["verdict", "remark", "brief"]),
                    "a statement ends with its line",
                );
                Err(self.cursor.expected("`:`, `->`, `[` or the end of the statement", hint))
            }
        }
    }

    fn noun(&mut self, noun: &str) -> Result<(), TextError> {
        match noun {
            "boundary" => self.boundary(),
            "asset" => self.asset(),
            "feature" => self.plain(&shapes::FEATURE),
            "api" => self.plain(&shapes::API),
            "dataset" => self.plain(&shapes::DATASET),
            "decision" => self.plain(&shapes::DECISION),
            "threat" => self.plain(&shapes::THREAT),
            _ => self.plain(&shapes::VIEW),
        }
    }

    /// A statement of an id, a name and properties.
    fn plain<R: Named + Stored<Key = Id>>(&mut self, shape: &Shape<R>) -> Result<(), TextError> {
        let mut record = R::default();
        let id = self.head(shape.noun, &mut record)?;
        self.properties(shape, &mut record)?;
        self.draft.put(id, record);
        Ok(())
    }

    /// An id, declared, and a name. A record without one is called by its id, as it was written.
    fn head<R: Named>(&mut self, noun: &'static str, record: &mut R) -> Result<Id, TextError> {
        let (id, word) = self.cursor.id("an id")?;
        self.declare(&id, noun, word.at)?;
        *record.called_mut() =
            if self.cursor.is(Kind::Text) { self.cursor.one("a name")?.text } else { word.text };
        Ok(id)
    }

    fn declare(&mut self, id: &Id, noun: &'static str, at: usize) -> Result<(), TextError> {
        match self.declared.insert(id.clone(), (noun, at)) {
            None => Ok(()),
            Some((first, _)) => {
                let message = format!("the id `{id}` stands twice; it is {} already", with_article(first));
                Err(self.cursor.error_at(at, message, "an id names one element"))
            }
        }
    }

    fn component(&mut self) -> Result<(), TextError> {
        let mut component = Component { within: self.within(), ..Component::default() };
        let id = self.head("component", &mut component)?;
        let meant = if self.cursor.take(Kind::Colon)? {
            let phrase = self.cursor.phrase("a kind of component", false)?;
            self.component_kind(phrase)?
        } else {
            words::component_kind_of_id(id.as_str())
        };
        component.kind = meant.kind;
        component.technology = meant.technology;
        self.properties(&shapes::COMPONENT, &mut component)?;
        self.draft.put(id, component);
        Ok(())
    }

    fn component_kind(&self, phrase: Phrase) -> Result<words::Meant, TextError> {
        if phrase.quoted {
            return Ok(words::Meant { kind: phrase.text, technology: String::new() });
        }
        words::component_kind(&phrase.text).ok_or_else(|| {
            let message = format!("the kind `{}` is not known", shortened(&phrase.text));
            let otherwise =
                "write a kind such as web-server, a technology such as postgres:16, or any text in quotes";
            let hint = did_you_mean(&phrase.text, words::component_words(), otherwise);
            self.cursor.error_at(phrase.at, message, hint)
        })
    }

    fn boundary(&mut self) -> Result<(), TextError> {
        let mut boundary = Boundary { within: self.within(), ..Boundary::default() };
        let start = self.cursor.peek();
        let id = self.head("boundary", &mut boundary)?;
        boundary.kind = self.boundary_kind(&id, start)?;
        boundary.ingress = usual_ingress(boundary.kind());
        self.properties(&shapes::BOUNDARY, &mut boundary)?;
        self.draft.put(id.clone(), boundary);
        if self.cursor.is(Kind::OpenBrace) {
            if self.open.len() + 1 >= MAX_NESTING {
                let message = format!("boundaries stand at most {MAX_NESTING} deep");
                return Err(self.cursor.error(message, "say `within` instead of braces"));
            }
            let brace = self.cursor.advance()?;
            self.open.push((id, brace.start));
        }
        Ok(())
    }

    fn boundary_kind(&mut self, id: &Id, start: Token) -> Result<String, TextError> {
        if self.cursor.take(Kind::Colon)? {
            let phrase = self.cursor.phrase("a kind of boundary", false)?;
            if phrase.quoted {
                return Ok(phrase.text);
            }
            if let Some(kind) = words::boundary_kind(&phrase.text) {
                return Ok(kind.slug.clone());
            }
            let known = BoundaryKind::all().iter().flat_map(|it| it.words.iter().chain([&it.slug]));
            let hint = did_you_mean(&phrase.text, known.map(String::as_str), &boundary_kinds());
            let message = format!("the kind of boundary `{}` is not known", shortened(&phrase.text));
            return Err(self.cursor.error_at(phrase.at, message, hint));
        }
        let said = words::boundary_kind_of_id(id.as_str()).map(|it| it.slug.clone());
        said.ok_or_else(|| {
            let message = format!("expected `: kind` after the boundary `{id}`");
            self.cursor.error_at(start.start, message, boundary_kinds())
        })
    }

    fn asset(&mut self) -> Result<(), TextError> {
        let mut asset = Asset::default();
        let id = self.head("asset", &mut asset)?;
        if self.cursor.take(Kind::Colon)? {
            ClassWord::read(&mut self.cursor, &mut asset.class)?;
        }
        self.properties(&shapes::ASSET, &mut asset)?;
        self.draft.put(id, asset);
        Ok(())
    }

    /// A record that stands under a text: a verdict, a remark.
    fn by_key<T: Stored<Key = String>>(&mut self, what: &str, shape: &Shape<T>) -> Result<(), TextError> {
        let key = self.cursor.one(what)?;
        let mut record = T::default();
        self.properties(shape, &mut record)?;
        if self.draft.get::<T>(&key.text).is_some() {
            let message = format!("there is a {} on this already", shape.noun);
            return Err(self.cursor.error_at(key.at, message, ""));
        }
        self.draft.put(key.text, record);
        Ok(())
    }

    fn brief(&mut self, start: Token) -> Result<(), TextError> {
        if self.has_brief {
            return Err(self.cursor.error_at(
                start.start,
                "there is a brief already",
                "a text has one brief",
            ));
        }
        self.has_brief = true;
        let mut brief = Brief::default();
        if self.cursor.is(Kind::Text) {
            brief.title = self.cursor.one("a title")?.text;
        }
        self.properties(&shapes::BRIEF, &mut brief)?;
        self.draft.put((), brief);
        Ok(())
    }

    /// `f-1 "Name": a, b -> c -> d: https 443 [write]`: each of a list to each of the next.
    fn flow(&mut self, has_id: bool) -> Result<(), TextError> {
        let (start, mut flow, mut id) = (self.cursor.peek().start, Flow::default(), None);
        if has_id {
            let (said, word) = self.cursor.id("an id")?;
            self.declare(&said, "flow", word.at)?;
            id = Some(said);
            if self.cursor.is(Kind::Text) {
                flow.name = self.cursor.one("a name")?.text;
            }
            self.cursor.take(Kind::Colon)?;
        }
        let mut ends = vec![self.ends()?];
        while self.cursor.take(Kind::Arrow)? {
            ends.push(self.ends()?);
        }
        if self.cursor.take(Kind::Colon)? {
            self.protocol_and_port(&mut flow)?;
        }
        self.properties(&shapes::FLOW, &mut flow)?;
        let count: usize = ends.windows(2).map(|it| it[0].len() * it[1].len()).sum();
        if count > MAX_FLOWS_OF_A_STATEMENT || (id.is_some() && count != 1) {
            let message = format!("this one statement draws {count} flows");
            let hint = if id.is_some() {
                "an id names one flow: leave it out, or draw one"
            } else {
                "draw fewer at once"
            };
            return Err(self.cursor.error_at(start, message, hint));
        }
        let pairs = ends
            .windows(2)
            .flat_map(|it| it[0].iter().flat_map(|from| it[1].iter().map(move |to| (from, to))));
        for (from, to) in pairs {
            let flow = Flow { from: from.clone(), to: to.clone(), ..flow.clone() };
            match id.take() {
                Some(id) => self.draft.put(id, flow),
                None => self.flows.push(flow),
            }
        }
        Ok(())
    }

    fn ends(&mut self) -> Result<Vec<Id>, TextError> {
        let ends = &mut self.ends;
        self.cursor.list(|cursor| {
            let (id, word) = cursor.id("a component")?;
            if !word.quoted {
                ends.entry(id.clone()).or_insert((word.text, word.at));
            }
            Ok(id)
        })
    }

    fn protocol_and_port(&mut self, flow: &mut Flow) -> Result<(), TextError> {
        let mut transport = None;
        if let Some(phrase) = self.cursor.protocol_phrase()? {
            // `udp 53`: what carries a port is no protocol of its own.
            transport = Transport::ALL.into_iter().find(|it| !phrase.quoted && it.slug() == phrase.text);
            if transport.is_none() {
                flow.protocol = self.cursor.known_protocol(phrase)?;
            }
        } else if self.cursor.peek().kind != Kind::Word {
            return Err(self
                .cursor
                .expected("a protocol or a port", "write `: https`, `: https 8443` or `: tcp/22`"));
        }
        if self.cursor.is(Kind::Word) {
            flow.port = self.cursor.ports()?;
            if let Some(transport) = transport {
                let ranges = flow.port.ranges().iter().map(|it| PortRange { transport, ..*it });
                flow.port = Ports::from_ranges(ranges);
            }
        } else if let Some(transport) = transport {
            transport.slug().clone_into(&mut flow.protocol);
        }
        Ok(())
    }

    /// `[property; property value; …]`, if there is one.
    fn properties<R: Default + 'static>(
        &mut self,
        shape: &Shape<R>,
        record: &mut R,
    ) -> Result<(), TextError> {
        if !self.cursor.is(Kind::Open) {
            return Ok(());
        }
        let start = self.cursor.peek();
        self.cursor.open_list()?;
        let mut seen: Vec<&str> = Vec::new();
        loop {
            match self.cursor.peek().kind {
                Kind::Semicolon => {
                    self.cursor.advance()?;
                    continue;
                }
                Kind::Close => return self.cursor.close_list(),
                Kind::End => {
                    return Err(self.cursor.error_at(start.start, "this `[` is not closed", "add a `]`"));
                }
                Kind::Word => self.property(shape, record, &mut seen)?,
                _ => return Err(self.cursor.expected("a property", "write `[property; property value]`")),
            }
            if !matches!(self.cursor.peek().kind, Kind::Semicolon | Kind::Close | Kind::End) {
                return Err(self.cursor.expected("`;` or `]`", "properties are separated by `;`"));
            }
        }
    }

    fn property<R: Default + 'static>(
        &mut self,
        shape: &Shape<R>,
        record: &mut R,
        seen: &mut Vec<&str>,
    ) -> Result<(), TextError> {
        let token = self.cursor.advance()?;
        let name = self.cursor.slice(token).to_lowercase();
        self.cursor.take(Kind::Colon)?;
        if let Some(property) = shape.property(&name) {
            let first = property.names.first().copied().unwrap_or_default();
            if seen.contains(&first) && !(property.repeats)(record) {
                return Err(self.cursor.error_at(
                    token.start,
                    format!("`{first}` is said twice"),
                    "say it once",
                ));
            }
            seen.push(first);
            return (property.read)(&mut self.cursor, record);
        }
        if let Some(word) = shape.word(&name) {
            (word.set)(record);
            return Ok(());
        }
        if let Some((_, controls)) = shape.controls {
            let slug = if name == "control" && matches!(self.cursor.peek().kind, Kind::Word | Kind::Text) {
                Some(self.cursor.one("a control")?.text)
            } else {
                Control::find(&name.replace('_', "-")).map(|it| it.slug.clone())
            };
            if let Some(slug) = slug {
                let mut answer = Answer::default();
                Said::read(&mut self.cursor, &mut answer)?;
                controls(record).0.insert(slug, answer);
                return Ok(());
            }
        }
        let message = format!("{} has no property `{}`", with_article(shape.noun), shortened(&name));
        Err(self.cursor.error_at(
            token.start,
            message,
            did_you_mean(&name, shape.names(), "see the page of the language"),
        ))
    }

    fn within(&self) -> Option<Id> {
        self.open.last().map(|(id, _)| id.clone())
    }
}

/// What a statement without a word of its own declares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    Component,
    Flow,
    FlowWithId,
}

impl Form {
    /// `a`, `a: kind`, `a "Name": kind`; `a -> b`, `a, b -> c`; `f: a -> b`, `f "Name": a -> b`.
    fn of(ahead: impl Iterator<Item = Kind>) -> Self {
        let kinds: Vec<Kind> = ahead.take(5).collect();
        let ends = |it: &[Kind]| matches!(it, [Kind::Word | Kind::Text, Kind::Arrow | Kind::Comma, ..]);
        match kinds.as_slice() {
            it if ends(it) => Self::Flow,
            [Kind::Word, Kind::Colon, it @ ..] | [Kind::Word, Kind::Text, Kind::Colon, it @ ..]
                if ends(it) =>
            {
                Self::FlowWithId
            }
            _ => Self::Component,
        }
    }
}

pub(super) fn with_article(noun: &str) -> String {
    let article = if noun.starts_with('a') { "an" } else { "a" };
    format!("{article} {noun}")
}

fn boundary_kinds() -> String {
    let all: Vec<&str> = BoundaryKind::all().iter().map(|it| it.slug.as_str()).collect();
    format!("write one of {}", all.join(", "))
}
