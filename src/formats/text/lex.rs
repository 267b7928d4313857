//! Tokens of the text language, read one by one, so that a long text costs no more than its longest line.

use super::TextError;
use crate::formats::steers;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Anything without a meaning of its own: an id, a number, `postgres`, `tcp/80`.
    Word,
    /// A text in quotes.
    Text,
    Arrow,
    Colon,
    Comma,
    Semicolon,
    Open,
    Close,
    OpenBrace,
    CloseBrace,
    /// The end of a line, outside `[ ]`.
    Line,
    End,
}

impl Kind {
    /// Whether a statement, or a value of a property, ends before it.
    pub(super) fn ends_value(self) -> bool {
        !matches!(self, Self::Word | Self::Text | Self::Arrow | Self::Colon | Self::Comma)
    }
}

/// A token, by its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Reads tokens. Cheap to clone, which is how the reader looks ahead.
#[derive(Debug, Clone)]
pub(super) struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Inside `[ ]` the end of a line is a space.
    pub(super) in_list: bool,
}

impl<'t> Lexer<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        Self { text, at, in_list: false }
    }

    /// What a token says, as it stands in the text.
    pub(super) fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// An error at a byte of the text.
    pub(super) fn error(&self, at: usize, message: impl Into<String>, hint: impl Into<String>) -> TextError {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |it| it + 1);
        TextError {
            line: before.bytes().filter(|it| *it == b'\n').count() + 1,
            column: before[line_start..].trim_start_matches('\u{feff}').chars().count() + 1,
            message: message.into(),
            hint: hint.into(),
        }
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let in_list = self.in_list;
            let kept = rest.trim_start_matches(|c: char| c.is_whitespace() && (c != '\n' || in_list));
            self.at += rest.len() - kept.len();
            if !kept.starts_with('#') {
                return;
            }
            self.at += kept.find('\n').unwrap_or(kept.len());
        }
    }

    /// The next token.
    ///
    /// # Errors
    /// A text in quotes does not end on its line.
    pub(super) fn next(&mut self) -> Result<Token, TextError> {
        self.skip_space();
        let (start, rest) = (self.at, self.rest());
        let (kind, length) = match rest.chars().next() {
            None => (Kind::End, 0),
            Some('\n') => (Kind::Line, 1),
            Some('"') => (Kind::Text, self.quoted(rest)?),
            Some(':') => (Kind::Colon, 1),
            Some(',') => (Kind::Comma, 1),
            Some(';') => (Kind::Semicolon, 1),
            Some('[') => (Kind::Open, 1),
            Some(']') => (Kind::Close, 1),
            Some('{') => (Kind::OpenBrace, 1),
            Some('}') => (Kind::CloseBrace, 1),
            Some('→') => (Kind::Arrow, '→'.len_utf8()),
            Some('-') if rest.starts_with("->") => (Kind::Arrow, 2),
            Some(_) => (Kind::Word, word_length(rest)),
        };
        self.at += length;
        Ok(Token { kind, start, end: self.at })
    }

    fn quoted(&self, rest: &str) -> Result<usize, TextError> {
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            match c {
                '\n' => break,
                '"' if !escaped => return Ok(at + 1),
                _ => escaped = c == '\\' && !escaped,
            }
        }
        Err(self.error(
            self.at,
            "expected a closing `\"` on this line",
            "a line break in a text is written \\n",
        ))
    }

    /// The text of a token in quotes, without its escapes.
    ///
    /// # Errors
    /// It holds an escape that is none.
    pub(super) fn unquote(&self, token: Token) -> Result<String, TextError> {
        let inner = self.slice(token.start + 1, token.end.saturating_sub(1));
        if !inner.contains('\\') {
            return Ok(inner.to_owned());
        }
        let mut text = String::with_capacity(inner.len());
        let mut rest = inner.chars();
        while let Some(c) = rest.next() {
            if c != '\\' {
                text.push(c);
                continue;
            }
            let escape = match rest.next() {
                Some('n') => Some('\n'),
                Some('r') => Some('\r'),
                Some('t') => Some('\t'),
                Some(it @ ('"' | '\\')) => Some(it),
                Some('u') => unicode(&mut rest),
                _ => None,
            };
            let Some(escape) = escape else {
                let at = token.end - 1 - rest.as_str().len();
                let known = "the escapes are \\\" \\\\ \\n \\r \\t and \\u{1f600}";
                return Err(self.error(at.saturating_sub(1), "this escape is not known", known));
            };
            text.push(escape);
        }
        Ok(text)
    }
}

/// The rest of `\u{1f600}`, of at most six digits.
fn unicode(rest: &mut std::str::Chars<'_>) -> Option<char> {
    let (digits, after) = rest.as_str().strip_prefix('{')?.split_once('}')?;
    *rest = after.chars();
    char::from_u32(u32::from_str_radix(digits.get(..).filter(|it| it.len() <= 6)?, 16).ok()?)
}

fn word_length(rest: &str) -> usize {
    let ends = |at: usize, c: char| {
        c.is_whitespace()
            || matches!(c, '"' | ':' | ',' | ';' | '[' | ']' | '{' | '}' | '→')
            || rest[at..].starts_with("->")
    };
    rest.char_indices().find(|(at, c)| ends(*at, *c)).map_or(rest.len(), |(at, _)| at)
}

/// A text as it is written in quotes.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ if steers(c) => quoted.extend(c.escape_unicode()),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A text without quotes if it is one plain word, in quotes else.
pub(super) fn word_or_quote(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | '+');
    if !text.is_empty() && text.chars().all(plain) && !text.starts_with('-') && !text.contains("->") {
        text.to_owned()
    } else {
        quote(text)
    }
}
