//! A cursor over the tokens: the small readings that all statements and values are made of.

use super::TextError;
use super::lex::{Kind, Lexer, Token};
use crate::formats::nearest::did_you_mean;
use crate::model::{Figure, Id, Ports, Protocol};

/// What an id must name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    Component,
    Boundary,
    /// A component or a boundary.
    Place,
    /// One that nobody declared becomes one, of unknown class.
    Asset,
    Flow,
    Anything,
}

/// An id that was written somewhere, to be looked up when all is read.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) id: Id,
    pub(super) wanted: Wanted,
    pub(super) at: usize,
}

/// A value as it was written.
#[derive(Debug, Clone)]
pub(super) struct Phrase {
    pub(super) text: String,
    pub(super) quoted: bool,
    pub(super) at: usize,
}

pub(super) struct Cursor<'t> {
    lexer: Lexer<'t>,
    next: Token,
    pub(super) references: Vec<Reference>,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t str) -> Result<Self, TextError> {
        let mut lexer = Lexer::new(text);
        let next = lexer.next()?;
        Ok(Self { lexer, next, references: Vec::new() })
    }

    pub(super) fn peek(&self) -> Token {
        self.next
    }

    pub(super) fn is(&self, kind: Kind) -> bool {
        self.next.kind == kind
    }

    /// Whether the next token is that word.
    pub(super) fn is_word(&self, word: &str) -> bool {
        self.is(Kind::Word) && self.slice(self.next) == word
    }

    pub(super) fn slice(&self, token: Token) -> &'t str {
        self.lexer.slice(token.start, token.end)
    }

    pub(super) fn advance(&mut self) -> Result<Token, TextError> {
        let next = self.lexer.next()?;
        Ok(std::mem::replace(&mut self.next, next))
    }

    /// Takes the next token if it is of that kind.
    pub(super) fn take(&mut self, kind: Kind) -> Result<bool, TextError> {
        let is = self.is(kind);
        if is {
            self.advance()?;
        }
        Ok(is)
    }

    /// Takes the next token if it is that word.
    pub(super) fn take_word(&mut self, word: &str) -> Result<bool, TextError> {
        let is = self.is_word(word);
        if is {
            self.advance()?;
        }
        Ok(is)
    }

    /// The kinds of the tokens that follow, the next one included, to the end of the line.
    pub(super) fn ahead(&self) -> impl Iterator<Item = Kind> {
        let mut lexer = self.lexer.clone();
        let mut next = Some(self.next.kind);
        std::iter::from_fn(move || {
            let kind = next?;
            next = if kind.ends_value() { None } else { lexer.next().ok().map(|it| it.kind) };
            Some(kind)
        })
    }

    /// Opens `[`, within which the end of a line is a space.
    pub(super) fn open_list(&mut self) -> Result<(), TextError> {
        self.lexer.in_list = true;
        self.advance().map(|_| ())
    }

    /// Closes `]`.
    pub(super) fn close_list(&mut self) -> Result<(), TextError> {
        self.lexer.in_list = false;
        self.advance().map(|_| ())
    }

    pub(super) fn error(&self, message: impl Into<String>, hint: impl Into<String>) -> TextError {
        self.error_at(self.next.start, message, hint)
    }

    pub(super) fn error_at(
        &self,
        at: usize,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> TextError {
        self.lexer.error(at, message, hint)
    }

    /// `expected …, found …`, at the next token.
    pub(super) fn expected(&self, what: &str, hint: impl Into<String>) -> TextError {
        let found = match self.next.kind {
            Kind::Line => "the end of the line".to_owned(),
            Kind::End => "the end of the text".to_owned(),
            _ => format!("`{}`", shortened(self.slice(self.next))),
        };
        self.error(format!("expected {what}, found {found}"), hint)
    }

    /// One word or one text in quotes.
    pub(super) fn one(&mut self, what: &str) -> Result<Phrase, TextError> {
        let token = self.next;
        let (text, quoted) = match token.kind {
            Kind::Word => (self.slice(token).to_owned(), false),
            Kind::Text => (self.lexer.unquote(token)?, true),
            _ => return Err(self.expected(what, "")),
        };
        self.advance()?;
        Ok(Phrase { text, quoted, at: token.start })
    }

    /// A text in quotes, or all words up to the end of the value; in a list, up to the comma.
    pub(super) fn phrase(&mut self, what: &str, in_list: bool) -> Result<Phrase, TextError> {
        if self.is(Kind::Text) {
            return self.one(what);
        }
        let (start, mut end) = (self.next.start, self.next.start);
        while !(self.next.kind.ends_value() || in_list && self.is(Kind::Comma)) {
            if self.is(Kind::Text) {
                return Err(self.expected(what, "put the whole text in quotes"));
            }
            end = self.advance()?.end;
        }
        if end == start {
            return Err(self.expected(what, ""));
        }
        Ok(Phrase { text: self.lexer.slice(start, end).to_owned(), quoted: false, at: start })
    }

    /// Values separated by commas, each read by `read`.
    pub(super) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, TextError>,
    ) -> Result<Vec<T>, TextError> {
        let mut items = vec![read(self)?];
        while self.take(Kind::Comma)? {
            items.push(read(self)?);
        }
        Ok(items)
    }

    /// An id, in quotes if need be. Capitals are read as small letters.
    pub(super) fn id(&mut self, what: &str) -> Result<(Id, Phrase), TextError> {
        let word = self.one(what)?;
        match Id::new(&word.text)
            .or_else(|it| if word.quoted { Err(it) } else { Id::new(&word.text.to_lowercase()) })
        {
            Ok(id) => Ok((id, word)),
            Err(_) => Err(self.error_at(
                word.at,
                format!("expected {what}, found `{}`", shortened(&word.text)),
                "an id is 1 to 64 of a-z, 0-9, - and _; a name goes in quotes after it",
            )),
        }
    }

    /// An id of something that is declared elsewhere. In quotes it is taken as it is, even if nothing bears it.
    pub(super) fn reference(&mut self, wanted: Wanted) -> Result<Id, TextError> {
        let (id, word) = self.id("an id")?;
        if !word.quoted {
            self.references.push(Reference { id: id.clone(), wanted, at: word.at });
        }
        Ok(id)
    }

    /// Ports: `443`, `tcp/80,443 udp/53`, `any`, `none`; all words that are ports, commas between them included.
    pub(super) fn ports(&mut self) -> Result<Ports, TextError> {
        if self.take_word("none")? {
            return Ok(Ports::NONE);
        }
        let (start, mut end) = (self.next.start, self.next.start);
        while self.is(Kind::Word) && is_ports(self.slice(self.next)) {
            end = self.advance()?.end;
            // A comma belongs to the ports if ports follow it.
            let follows = self.is(Kind::Comma) && {
                let mut ahead = self.lexer.clone();
                let next = ahead.next()?;
                next.kind == Kind::Word && is_ports(self.slice(next))
            };
            if follows {
                self.advance()?;
            }
        }
        let text = self.lexer.slice(start, end);
        match text.parse() {
            Ok(ports) if end > start => Ok(ports),
            _ => Err(self.expected("ports", "write 443, tcp/80,443, udp/53, tcp/8000-8080, any or none")),
        }
    }

    /// The words of a protocol, up to its ports: a text in quotes, or all words before the first that are ports.
    pub(super) fn protocol_phrase(&mut self) -> Result<Option<Phrase>, TextError> {
        if self.is(Kind::Text) {
            return self.one("a protocol").map(Some);
        }
        let (start, mut end) = (self.next.start, self.next.start);
        while self.is(Kind::Word) && !is_ports(self.slice(self.next)) {
            end = self.advance()?.end;
        }
        let text = self.lexer.slice(start, end).to_owned();
        Ok((end > start).then_some(Phrase { text, quoted: false, at: start }))
    }

    /// A finite number; `80%` is 0.8.
    pub(super) fn number(&mut self) -> Result<Figure, TextError> {
        let word = self.one("a number")?;
        let (digits, scale) = word.text.strip_suffix('%').map_or((word.text.as_str(), 1.0), |it| (it, 100.0));
        let number = digits.parse::<f64>().ok().and_then(|it| Figure::new(it / scale));
        number.ok_or_else(|| {
            let found = shortened(&word.text);
            self.error_at(word.at, format!("expected a number, found `{found}`"), "write 40, 0.25 or 25%")
        })
    }

    /// A whole number.
    pub(super) fn count(&mut self) -> Result<u32, TextError> {
        let word = self.one("a whole number")?;
        word.text.parse().ok().ok_or_else(|| {
            let found = shortened(&word.text);
            self.error_at(word.at, format!("expected a whole number, found `{found}`"), "")
        })
    }

    /// A protocol, in quotes as it is, without them by the words of the table.
    pub(super) fn known_protocol(&self, phrase: Phrase) -> Result<String, TextError> {
        if phrase.quoted {
            return Ok(phrase.text);
        }
        if let Some(known) = Protocol::find(&phrase.text) {
            return Ok(known.slug.clone());
        }
        let all = Protocol::all().iter().flat_map(|it| it.words.iter().chain([&it.slug]));
        let hint = did_you_mean(&phrase.text, all.map(String::as_str), "write another protocol in quotes");
        Err(self.error_at(
            phrase.at,
            format!("the protocol `{}` is not known", shortened(&phrase.text)),
            hint,
        ))
    }
}

fn is_ports(word: &str) -> bool {
    word.parse::<Ports>().is_ok()
}

/// A word for a message, without the length of a novel.
pub(super) fn shortened(word: &str) -> String {
    let mut short: String = word.chars().take(40).collect();
    if short.len() < word.len() {
        short.push('…');
    }
    short
}
