//! Values of several parts: filters, listeners, parameters, columns, options, figures.

use super::TextError;
use super::cursor::{Cursor, Wanted, shortened};
use super::lex::{Kind, quote, word_or_quote};
use super::values::{Number, SeverityWord, Value, joined, ports, protocol, stride_slug};
use super::write::Known;
use crate::model::{
    Allow, Allows, BriefFigure, Choice, Column, Family, From, Id, Ingress, Levels, Listener, Message,
    Messages, Only, Parameter, Severity, Stride,
};

/// `unknown`, `anywhere`, `nobody`, or ids with `and` between them.
fn read_origins(cursor: &mut Cursor<'_>) -> Result<From, TextError> {
    for (word, from) in
        [("anywhere", From::Anywhere), ("unknown", From::Unknown), ("nobody", From::Of(Vec::new()))]
    {
        if cursor.take_word(word)? {
            return Ok(from);
        }
    }
    let mut ids = vec![cursor.reference(Wanted::Place)?];
    while cursor.take_word("and")? {
        ids.push(cursor.reference(Wanted::Place)?);
    }
    Ok(From::Of(ids))
}

fn origins(from: &From, known: &Known<'_>) -> String {
    match from {
        From::Unknown => "unknown".to_owned(),
        From::Anywhere => "anywhere".to_owned(),
        From::Of(ids) if ids.is_empty() => "nobody".to_owned(),
        From::Of(ids) => ids.iter().map(|it| known.id(it, Wanted::Place)).collect::<Vec<_>>().join(" and "),
    }
}

fn read_entries(cursor: &mut Cursor<'_>) -> Result<Vec<Allow>, TextError> {
    // `none` alone is the empty list; `none from x` an entry without ports.
    let is_none = cursor.is_word("none") && cursor.ahead().nth(1).is_none_or(Kind::ends_value);
    if is_none {
        cursor.advance()?;
        return Ok(Vec::new());
    }
    cursor.list(|cursor| {
        let ports = cursor.ports()?;
        let from = if cursor.take_word("from")? { read_origins(cursor)? } else { From::Unknown };
        Ok(Allow::of(ports, from))
    })
}

fn entries(entries: &[Allow], known: &Known<'_>) -> String {
    if entries.is_empty() {
        return "none".to_owned();
    }
    let entry = |it: &Allow| format!("{} from {}", ports(&it.ports), origins(&it.from, known));
    entries.iter().map(entry).collect::<Vec<_>>().join(", ")
}

/// What a component lets through.
pub(super) struct Passing;

impl Value<Allows> for Passing {
    fn read(cursor: &mut Cursor<'_>, into: &mut Allows) -> Result<(), TextError> {
        *into =
            if cursor.take_word("unknown")? { Allows::Unknown } else { Allows::Only(read_entries(cursor)?) };
        Ok(())
    }

    fn write(value: &Allows, known: &Known<'_>) -> Vec<String> {
        match value {
            Allows::Unknown => Vec::new(),
            Allows::Only(list) => vec![entries(list, known)],
        }
    }
}

/// What a boundary lets in. Written always: whether it is left out depends on the kind.
pub(super) struct LettingIn;

impl Value<Ingress> for LettingIn {
    fn read(cursor: &mut Cursor<'_>, into: &mut Ingress) -> Result<(), TextError> {
        *into = if cursor.take_word("unknown")? {
            Ingress::Unknown
        } else if cursor.take_word("open")? {
            Ingress::Open
        } else {
            Ingress::Only(read_entries(cursor)?)
        };
        Ok(())
    }

    fn write(value: &Ingress, known: &Known<'_>) -> Vec<String> {
        vec![match value {
            Ingress::Unknown => "unknown".to_owned(),
            Ingress::Open => "open".to_owned(),
            Ingress::Only(list) => entries(list, known),
        }]
    }
}

/// `tcp/443 https for anywhere "purpose"`.
pub(super) struct Listening;

impl Value<Vec<Listener>> for Listening {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Vec<Listener>) -> Result<(), TextError> {
        into.extend(cursor.list(|cursor| {
            let mut listener = Listener { port: cursor.ports()?, ..Listener::default() };
            let named = cursor.take_word("protocol")?;
            if named || (cursor.is(Kind::Word) && !cursor.is_word("for")) {
                let phrase = cursor.one("a protocol")?;
                listener.protocol = cursor.known_protocol(phrase)?;
            }
            if cursor.take_word("for")? {
                listener.meant_for = read_origins(cursor)?;
            }
            if cursor.is(Kind::Text) {
                listener.purpose = cursor.one("a purpose")?.text;
            }
            Ok(listener)
        })?);
        Ok(())
    }

    fn write(value: &Vec<Listener>, known: &Known<'_>) -> Vec<String> {
        let one = |it: &Listener| {
            let mut text = ports(&it.port);
            match protocol(&it.protocol).as_str() {
                _ if it.protocol.is_empty() => {}
                word if word.starts_with('"') => text.extend([" protocol ", word]),
                word => text.extend([" ", word]),
            }
            if it.meant_for != From::Unknown {
                text.extend([" for ", &origins(&it.meant_for, known)]);
            }
            if !it.purpose.is_empty() {
                text.extend([" ", &quote(&it.purpose)]);
            }
            text
        };
        value.iter().map(one).collect()
    }
}

/// `userID of int as identifier`.
pub(super) struct Parameters;

impl Value<Vec<Parameter>> for Parameters {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Vec<Parameter>) -> Result<(), TextError> {
        into.extend(cursor.list(|cursor| {
            let mut parameter = Parameter { name: cursor.one("a name")?.text, ..Parameter::default() };
            if cursor.take_word("of")? {
                parameter.of = cursor.one("a type")?.text;
            }
            if cursor.take_word("as")? {
                parameter.recognised_as = cursor.one("what it is recognised as")?.text;
            }
            Ok(parameter)
        })?);
        Ok(())
    }

    fn write(value: &Vec<Parameter>, _: &Known<'_>) -> Vec<String> {
        let one = |it: &Parameter| {
            let mut text = word_or_quote(&it.name);
            for (word, value) in [("of", &it.of), ("as", &it.recognised_as)] {
                if !value.is_empty() {
                    text.extend([" ", word, " ", &word_or_quote(value)]);
                }
            }
            text
        };
        joined(value.iter().map(one))
    }
}

/// `card_number holds cards`.
pub(super) struct Columns;

impl Value<Vec<Column>> for Columns {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Vec<Column>) -> Result<(), TextError> {
        into.extend(cursor.list(|cursor| {
            let name = cursor.one("a name")?.text;
            let asset =
                if cursor.take_word("holds")? { Some(cursor.reference(Wanted::Asset)?) } else { None };
            Ok(Column { name, asset })
        })?);
        Ok(())
    }

    fn write(value: &Vec<Column>, known: &Known<'_>) -> Vec<String> {
        joined(value.iter().map(|it| match &it.asset {
            Some(asset) => format!("{} holds {}", word_or_quote(&it.name), known.id(asset, Wanted::Asset)),
            None => word_or_quote(&it.name),
        }))
    }
}

/// `"SQL" pro "joins" con "hard to shard"`.
pub(super) struct Choices;

impl Value<Vec<Choice>> for Choices {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Vec<Choice>) -> Result<(), TextError> {
        let mut choice = Choice { title: cursor.one("an option")?.text, ..Choice::default() };
        loop {
            if cursor.take_word("pro")? {
                choice.pros.push(cursor.one("what speaks for it")?.text);
            } else if cursor.take_word("con")? {
                choice.cons.push(cursor.one("what speaks against it")?.text);
            } else {
                into.push(choice);
                return Ok(());
            }
        }
    }

    fn write(value: &Vec<Choice>, _: &Known<'_>) -> Vec<String> {
        let one = |it: &Choice| {
            let pros = it.pros.iter().map(|it| format!(" pro {}", quote(it)));
            let cons = it.cons.iter().map(|it| format!(" con {}", quote(it)));
            format!("{}{}", quote(&it.title), pros.chain(cons).collect::<String>())
        };
        value.iter().map(one).collect()
    }
}

/// `grave critical high high medium`, a row of the table of levels.
pub(super) struct LevelRows;

impl Value<Levels> for LevelRows {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Levels) -> Result<(), TextError> {
        let name = cursor.one("an impact")?;
        let Some(row) = into.row_mut(&name.text) else {
            let hint = format!("one of {}", Levels::ROWS.join(", "));
            return Err(cursor.error_at(
                name.at,
                format!("expected an impact, found `{}`", shortened(&name.text)),
                hint,
            ));
        };
        row.iter_mut().try_for_each(|level| SeverityWord::read(cursor, level))
    }

    fn write(value: &Levels, _: &Known<'_>) -> Vec<String> {
        if *value == Levels::default() {
            return Vec::new();
        }
        let row =
            |(name, row): (&str, [Severity; 4])| format!("{name} {}", row.map(Severity::slug).join(" "));
        value.rows().map(row).to_vec()
    }
}

/// `0001-7f3k by "Ada" on "2026-11-24" "Who patches this?"`.
pub(super) struct Thread;

impl Value<Messages> for Thread {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Messages) -> Result<(), TextError> {
        let (id, word) = cursor.id("the id of a message")?;
        let mut message = Message::default();
        if cursor.take_word("by")? {
            message.author = cursor.one("a name")?.text;
        }
        if cursor.take_word("on")? {
            message.day = cursor.one("a day")?.text;
        }
        if cursor.is(Kind::Text) {
            message.text = cursor.one("a text")?.text;
        }
        match into.0.insert(id, message) {
            None => Ok(()),
            Some(_) => Err(cursor.error_at(word.at, "this message stands twice", "give it another id")),
        }
    }

    fn write(value: &Messages, _: &Known<'_>) -> Vec<String> {
        let part = |word: &str, text: &str| {
            if text.is_empty() { String::new() } else { format!(" {word}{}", quote(text)) }
        };
        let one = |(id, it): (&Id, &Message)| {
            format!("{id}{}{}{}", part("by ", &it.author), part("on ", &it.day), part("", &it.text))
        };
        value.0.iter().map(one).collect()
    }
}

/// `personal-data, family data, within tier`.
pub(super) struct Filters;

/// Those that are one word.
const FILTERS: [(&str, Only); 4] = [
    ("personal-data", Only::PersonalData),
    ("reached", Only::Reached),
    ("encrypted", Only::Encrypted),
    ("clear", Only::Clear),
];

impl Value<Vec<Only>> for Filters {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Vec<Only>) -> Result<(), TextError> {
        into.extend(cursor.list(|cursor| {
            let word = cursor.one("what a view shows alone")?;
            let plain = word.text.replace('_', "-").to_lowercase();
            if let Some((_, only)) = FILTERS.iter().find(|it| it.0 == plain) {
                return Ok(only.clone());
            }
            Ok(match plain.as_str() {
                "within" => Only::Within(cursor.reference(Wanted::Boundary)?),
                "family" => Only::Family(one_of(cursor, &Family::ALL, |it| it.label().to_lowercase())?),
                "severity" => Only::Severity(one_of(cursor, &Severity::ALL, |it| it.slug().to_owned())?),
                "stride" => Only::Stride(one_of(cursor, &Stride::ALL, stride_slug)?),
                _ => {
                    let all: Vec<&str> = FILTERS
                        .iter()
                        .map(|it| it.0)
                        .chain(["within", "family", "severity", "stride"])
                        .collect();
                    let found =
                        format!("expected what a view shows alone, found `{}`", shortened(&word.text));
                    return Err(cursor.error_at(word.at, found, format!("one of {}", all.join(", "))));
                }
            })
        })?);
        Ok(())
    }

    fn write(value: &Vec<Only>, known: &Known<'_>) -> Vec<String> {
        let one = |it: &Only| match it {
            Only::Within(id) => format!("within {}", known.id(id, Wanted::Boundary)),
            Only::Family(it) => format!("family {}", it.label().to_lowercase()),
            Only::Severity(it) => format!("severity {}", it.slug()),
            Only::Stride(it) => format!("stride {}", stride_slug(*it)),
            word => FILTERS.iter().find(|it| it.1 == *word).map(|it| it.0.to_owned()).unwrap_or_default(),
        };
        joined(value.iter().map(one))
    }
}

fn one_of<T: Copy>(cursor: &mut Cursor<'_>, all: &[T], slug: impl Fn(T) -> String) -> Result<T, TextError> {
    let word = cursor.one("a word")?;
    let plain = word.text.replace('_', "-").to_lowercase();
    all.iter().copied().find(|it| slug(*it) == plain).ok_or_else(|| {
        let known: Vec<String> = all.iter().copied().map(&slug).collect();
        let found = format!("`{}` is not known here", shortened(&word.text));
        cursor.error_at(word.at, found, format!("one of {}", known.join(", ")))
    })
}

/// A view, always in quotes: the one that every text has is not declared.
pub(super) struct ToView;

impl Value<Option<Id>> for ToView {
    fn read(cursor: &mut Cursor<'_>, into: &mut Option<Id>) -> Result<(), TextError> {
        *into = Some(cursor.reference(Wanted::Anything)?);
        Ok(())
    }

    fn write(value: &Option<Id>, _: &Known<'_>) -> Vec<String> {
        value.iter().map(|it| quote(it.as_str())).collect()
    }
}

/// `"Users" 1000 "in the first year"`.
pub(super) struct Figures;

impl Value<Vec<BriefFigure>> for Figures {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Vec<BriefFigure>) -> Result<(), TextError> {
        let mut figure = BriefFigure { name: cursor.one("what it counts")?.text, ..BriefFigure::default() };
        if cursor.is(Kind::Word) {
            Number::read(cursor, &mut figure.value)?;
        }
        if !cursor.peek().kind.ends_value() {
            figure.unit = cursor.phrase("a unit", false)?.text;
        }
        into.push(figure);
        Ok(())
    }

    fn write(value: &Vec<BriefFigure>, _: &Known<'_>) -> Vec<String> {
        let one = |it: &BriefFigure| {
            let mut text = quote(&it.name);
            match it.value {
                Some(value) => text.extend([" ", &value.get().to_string()]),
                None if it.unit.is_empty() => {}
                None => text.push_str(" unknown"),
            }
            if !it.unit.is_empty() {
                text.extend([" ", &quote(&it.unit)]);
            }
            text
        };
        value.iter().map(one).collect()
    }
}
