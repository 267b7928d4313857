//! The filters of threats, as a template writes them: `source is 'GE.P' and (flow crosses 'GE.TB' or not flow.attr is 'Yes')`.
//!
//! `expr := expr 'or' expr | expr 'and' expr | 'not' expr | '(' expr ')' | test`, where `and` binds closer than `or`, and
//! `test := ('source' | 'target' | 'flow') 'is' 'type' | end '.' attribute 'is' 'value' | 'flow' 'crosses' 'type'`.

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Source,
    Target,
    Flow,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    /// It is drawn with a stencil of this id, or of one below it.
    Is(End, String),
    /// An attribute of it has this value.
    Has(End, String, String),
    /// The flow crosses a boundary of this id.
    Crosses(String),
}

/// Why a text is no filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wrong {
    /// Where, in bytes from the start of the text.
    pub(super) at: usize,
    pub(super) what: String,
}

/// How deep parentheses and `not` stand in each other. No template has more than six.
const MAX_DEPTH: usize = 16;
/// How many tests a filter has. A rule has no more parts, and each test may become many of them.
const MAX_TESTS: usize = 2000;

/// Reads a filter; none is an empty one.
pub(super) fn parse(text: &str) -> Result<Option<Filter>, Wrong> {
    let mut parser = Parser { text, at: 0, tests: 0 };
    if parser.is_at_end() {
        return Ok(None);
    }
    let filter = parser.any(1)?;
    if parser.is_at_end() { Ok(Some(filter)) } else { Err(parser.wrong("`and`, `or` or the end")) }
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    /// How many tests were read.
    tests: usize,
}

impl<'t> Parser<'t> {
    fn any(&mut self, depth: usize) -> Result<Filter, Wrong> {
        let mut all = vec![self.all(depth)?];
        while self.takes("or") {
            all.push(self.all(depth)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::Any(all) })
    }

    fn all(&mut self, depth: usize) -> Result<Filter, Wrong> {
        let mut all = vec![self.one(depth)?];
        while self.takes("and") {
            all.push(self.one(depth)?);
        }
        Ok(if all.len() == 1 { all.remove(0) } else { Filter::All(all) })
    }

    fn one(&mut self, depth: usize) -> Result<Filter, Wrong> {
        if depth > MAX_DEPTH {
            let what = format!("this filter is nested deeper than {MAX_DEPTH}");
            return Err(Wrong { at: self.at, what });
        }
        if self.takes("not") {
            return Ok(Filter::Not(Box::new(self.one(depth + 1)?)));
        }
        if self.takes_sign('(') {
            let inner = self.any(depth + 1)?;
            return if self.takes_sign(')') { Ok(inner) } else { Err(self.wrong("`)`, `and` or `or`")) };
        }
        self.test()
    }

    fn test(&mut self) -> Result<Filter, Wrong> {
        self.tests += 1;
        if self.tests > MAX_TESTS {
            return Err(Wrong { at: self.at, what: format!("this filter has more than {MAX_TESTS} tests") });
        }
        self.skip_blanks();
        let start = self.at;
        let word = self.word();
        let (name, attribute) = word.split_once('.').map_or((word, None), |(name, it)| (name, Some(it)));
        let end = match name.to_ascii_lowercase().as_str() {
            "source" => End::Source,
            "target" => End::Target,
            "flow" => End::Flow,
            _ => {
                self.at = start;
                return Err(self.wrong("`source`, `target`, `flow`, `not` or `(`"));
            }
        };
        if end == End::Flow && attribute.is_none() && self.takes("crosses") {
            return Ok(Filter::Crosses(self.quoted()?));
        }
        if attribute == Some("") {
            return Err(self.wrong("the name of an attribute"));
        }
        if !self.takes("is") {
            let expected = if end == End::Flow && attribute.is_none() { "`is` or `crosses`" } else { "`is`" };
            return Err(self.wrong(expected));
        }
        let value = self.quoted()?;
        Ok(match attribute {
            Some(attribute) => Filter::Has(end, attribute.to_owned(), value),
            None => Filter::Is(end, value),
        })
    }

    fn quoted(&mut self) -> Result<String, Wrong> {
        if !self.takes_sign('\'') {
            return Err(self.wrong("a text between two '"));
        }
        let rest = &self.text[self.at..];
        let Some((text, _)) = rest.split_once('\'') else {
            self.at = self.text.len();
            return Err(self.wrong("the ' that ends the text"));
        };
        self.at += text.len() + 1;
        Ok(text.to_owned())
    }

    /// Everything up to a blank, a parenthesis or a quote.
    fn word(&mut self) -> &'t str {
        self.skip_blanks();
        let rest = &self.text[self.at..];
        let ends = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '\'');
        let word = &rest[..rest.find(ends).unwrap_or(rest.len())];
        self.at += word.len();
        word
    }

    fn takes(&mut self, keyword: &str) -> bool {
        let before = self.at;
        let is_it = self.word().eq_ignore_ascii_case(keyword);
        if !is_it {
            self.at = before;
        }
        is_it
    }

    fn takes_sign(&mut self, sign: char) -> bool {
        self.skip_blanks();
        let is_it = self.text[self.at..].starts_with(sign);
        if is_it {
            self.at += sign.len_utf8();
        }
        is_it
    }

    fn skip_blanks(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn is_at_end(&mut self) -> bool {
        self.skip_blanks();
        self.at == self.text.len()
    }

    fn wrong(&mut self, expected: &str) -> Wrong {
        self.skip_blanks();
        let at = self.at;
        let found: String = self.text[at..].chars().take_while(|it| !it.is_whitespace()).take(30).collect();
        let found = if found.is_empty() { "the end".to_owned() } else { format!("`{found}`") };
        Wrong { at, what: format!("expected {expected} but found {found}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A filter with all its parentheses.
    fn told(it: &Filter) -> String {
        let list = |all: &[Filter], word: &str| {
            format!("({})", all.iter().map(told).collect::<Vec<_>>().join(&format!(" {word} ")))
        };
        match it {
            Filter::All(all) => list(all, "and"),
            Filter::Any(all) => list(all, "or"),
            Filter::Not(it) => format!("not {}", told(it)),
            Filter::Is(end, id) => format!("{end:?}={id}"),
            Filter::Has(end, name, value) => format!("{end:?}.{name}={value}"),
            Filter::Crosses(id) => format!("x{id}"),
        }
    }

    fn read(text: &str) -> String {
        match parse(text) {
            Ok(filter) => filter.map_or_else(|| "-".to_owned(), |it| told(&it)),
            Err(wrong) => format!("{}: {}", wrong.at, wrong.what),
        }
    }

    #[test]
    fn filters_are_read_as_they_bind() {
        assert_eq!(read(" \n "), "-");
        assert_eq!(
            read("source is 'A' and target is 'B' or flow crosses 'C'"),
            "((Source=A and Target=B) or xC)"
        );
        assert_eq!(
            read("\n  (target  is  'A' ) AND NOT (flow.e-mail is 'Not Selected' or flow is '')\n"),
            "(Target=A and not (Flow.e-mail=Not Selected or Flow=))"
        );
        assert_eq!(read("not not((source.54-a.b is 'x(y)'))"), "not not Source.54-a.b=x(y)");
    }

    #[test]
    fn what_is_no_filter_is_refused_with_its_place() {
        insta::assert_snapshot!(read("source is"), @"9: expected a text between two ' but found the end");
        insta::assert_snapshot!(read("source 'A'"), @"7: expected `is` but found `'A'`");
        insta::assert_snapshot!(read("flow likes 'A'"), @"5: expected `is` or `crosses` but found `likes`");
        insta::assert_snapshot!(read("source crosses 'A'"), @"7: expected `is` but found `crosses`");
        insta::assert_snapshot!(read("(source is 'A'"), @"14: expected `)`, `and` or `or` but found the end");
        insta::assert_snapshot!(read("source is 'A') or"), @"13: expected `and`, `or` or the end but found `)`");
        insta::assert_snapshot!(read("source is 'A' or"), @"16: expected `source`, `target`, `flow`, `not` or `(` but found the end");
        insta::assert_snapshot!(read("source is 'é"), @"13: expected the ' that ends the text but found the end");
        insta::assert_snapshot!(read("sauce is 'A'"), @"0: expected `source`, `target`, `flow`, `not` or `(` but found `sauce`");
        insta::assert_snapshot!(read("flow. is 'A'"), @"6: expected the name of an attribute but found `is`");
    }

    #[test]
    fn nesting_without_end_is_refused_and_not_followed() {
        for opening in ["(", "not ", "not("] {
            assert!(read(&opening.repeat(10_000)).ends_with("nested deeper than 16"), "{opening}");
        }
        let wide = |n: usize| format!("source is 'A'{}", " or source is 'A'".repeat(n));
        assert!(parse(&wide(1000)).is_ok());
        assert!(read(&wide(10_000)).ends_with("more than 2000 tests"));
    }
}
