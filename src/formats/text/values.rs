//! Values: how each type of field is read and written. A type reads what it writes.

use super::TextError;
use super::cursor::{Cursor, Wanted};
use super::lex::{Kind, quote, word_or_quote};
use super::write::Known;
use crate::formats::nearest::did_you_mean;
use crate::model::{
    Access, Answer, Class, Direction, Figure, Id, Needs, Ports, Protocol, Severity, Stride, Style, Transport,
    Truth, VerdictState,
};

/// How a value of one type stands in a text.
pub(super) trait Value<T> {
    /// Whether the property may stand several times, each adding to it.
    const REPEATS: bool = false;

    /// Reads what stands after the name of the property.
    fn read(cursor: &mut Cursor<'_>, into: &mut T) -> Result<(), TextError>;

    /// The values to write, each after the name of the property; none if there is nothing to say.
    fn write(value: &T, known: &Known<'_>) -> Vec<String>;
}

/// A text: in quotes, or all words up to the end of the value.
pub(super) struct Text;

impl Value<String> for Text {
    fn read(cursor: &mut Cursor<'_>, into: &mut String) -> Result<(), TextError> {
        *into = cursor.phrase("a text", false)?.text;
        Ok(())
    }

    fn write(value: &String, _: &Known<'_>) -> Vec<String> {
        if value.is_empty() { Vec::new() } else { vec![word_or_quote(value)] }
    }
}

/// Texts, separated by commas.
pub(super) struct Texts;

impl Value<Vec<String>> for Texts {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Vec<String>) -> Result<(), TextError> {
        into.extend(cursor.list(|it| it.phrase("a text", true))?.into_iter().map(|it| it.text));
        Ok(())
    }

    fn write(value: &Vec<String>, _: &Known<'_>) -> Vec<String> {
        joined(value.iter().map(|it| word_or_quote(it)))
    }
}

/// A protocol.
pub(super) struct Speaks;

impl Value<String> for Speaks {
    fn read(cursor: &mut Cursor<'_>, into: &mut String) -> Result<(), TextError> {
        let phrase = cursor.phrase("a protocol", false)?;
        *into = cursor.known_protocol(phrase)?;
        Ok(())
    }

    fn write(value: &String, _: &Known<'_>) -> Vec<String> {
        if value.is_empty() { Vec::new() } else { vec![protocol(value)] }
    }
}

pub(super) struct PortSet;

impl Value<Ports> for PortSet {
    fn read(cursor: &mut Cursor<'_>, into: &mut Ports) -> Result<(), TextError> {
        *into = cursor.ports()?;
        Ok(())
    }

    fn write(value: &Ports, _: &Known<'_>) -> Vec<String> {
        if value.is_empty() { Vec::new() } else { vec![ports(value)] }
    }
}

/// A whole number; `unknown` takes it back.
pub(super) struct Count;

impl Value<Option<u32>> for Count {
    fn read(cursor: &mut Cursor<'_>, into: &mut Option<u32>) -> Result<(), TextError> {
        *into = if cursor.take_word("unknown")? { None } else { Some(cursor.count()?) };
        Ok(())
    }

    fn write(value: &Option<u32>, _: &Known<'_>) -> Vec<String> {
        value.iter().map(ToString::to_string).collect()
    }
}

impl Value<u32> for Count {
    fn read(cursor: &mut Cursor<'_>, into: &mut u32) -> Result<(), TextError> {
        *into = cursor.count()?;
        Ok(())
    }

    fn write(value: &u32, _: &Known<'_>) -> Vec<String> {
        if *value == 0 { Vec::new() } else { vec![value.to_string()] }
    }
}

/// A number; `unknown` takes it back.
pub(super) struct Number;

impl Value<Option<Figure>> for Number {
    fn read(cursor: &mut Cursor<'_>, into: &mut Option<Figure>) -> Result<(), TextError> {
        *into = if cursor.take_word("unknown")? { None } else { Some(cursor.number()?) };
        Ok(())
    }

    fn write(value: &Option<Figure>, _: &Known<'_>) -> Vec<String> {
        value.iter().map(|it| it.get().to_string()).collect()
    }
}

impl Value<Figure> for Number {
    fn read(cursor: &mut Cursor<'_>, into: &mut Figure) -> Result<(), TextError> {
        *into = cursor.number()?;
        Ok(())
    }

    fn write(value: &Figure, _: &Known<'_>) -> Vec<String> {
        if *value == Figure::default() { Vec::new() } else { vec![value.get().to_string()] }
    }
}

/// An answer: `yes`, `no`, `na`, `unknown`, then a note in quotes, then `later`. Nothing at all is yes.
pub(super) struct Said;

impl Value<Answer> for Said {
    fn read(cursor: &mut Cursor<'_>, into: &mut Answer) -> Result<(), TextError> {
        *into = Answer::yes();
        if cursor.is(Kind::Word) && !cursor.is_word("later") {
            let word = cursor.slice(cursor.peek());
            let Some(is) = Truth::from_slug(word) else {
                let known = Truth::ALL.iter().map(|it| it.slug());
                return Err(
                    cursor.expected("an answer", did_you_mean(word, known, "write yes, no, na or unknown"))
                );
            };
            into.is = is;
            cursor.advance()?;
        } else if cursor.is_word("later") {
            into.is = Truth::Unknown;
        }
        if cursor.is(Kind::Text) {
            into.note = cursor.one("a note")?.text;
        }
        into.later = cursor.take_word("later")?;
        Ok(())
    }

    fn write(value: &Answer, _: &Known<'_>) -> Vec<String> {
        if *value == Answer::default() { Vec::new() } else { vec![answer(value)] }
    }
}

/// The answer as it is written, `unknown` too; a bare yes is nothing.
pub(super) fn answer(value: &Answer) -> String {
    let mut text = value.is.slug().to_owned();
    if !value.note.is_empty() {
        text = format!("{text} {}", quote(&value.note));
    }
    if value.later {
        text.push_str(" later");
    }
    text
}

/// `true` by its name alone.
pub(super) struct Flag;

impl Value<bool> for Flag {
    fn read(cursor: &mut Cursor<'_>, into: &mut bool) -> Result<(), TextError> {
        *into = !cursor.take_word("no")?;
        cursor.take_word("yes")?;
        Ok(())
    }

    fn write(value: &bool, _: &Known<'_>) -> Vec<String> {
        if *value { vec![String::new()] } else { Vec::new() }
    }
}

/// The name of an icon, which may be none of the sketch's own: what a text leaves out may be there where it is read.
pub(super) struct IconName;

impl Value<Option<Id>> for IconName {
    fn read(cursor: &mut Cursor<'_>, into: &mut Option<Id>) -> Result<(), TextError> {
        let word = cursor.one("the name of an icon")?;
        let icon = Id::new(&word.text);
        *into = Some(
            icon.map_err(|it| cursor.error_at(word.at, it.to_string(), "as in `icon server`".to_owned()))?,
        );
        Ok(())
    }

    fn write(value: &Option<Id>, _: &Known<'_>) -> Vec<String> {
        value.iter().map(|it| word_or_quote(it.as_str())).collect()
    }
}

macro_rules! references {
    ($($(#[$about:meta])* $name:ident($wanted:ident),)+) => {$(
        $(#[$about])*
        pub(super) struct $name;

        impl Value<Option<Id>> for $name {
            fn read(cursor: &mut Cursor<'_>, into: &mut Option<Id>) -> Result<(), TextError> {
                *into = Some(cursor.reference(Wanted::$wanted)?);
                Ok(())
            }

            fn write(value: &Option<Id>, known: &Known<'_>) -> Vec<String> {
                value.iter().map(|it| known.id(it, Wanted::$wanted)).collect()
            }
        }

        impl Value<Vec<Id>> for $name {
            const REPEATS: bool = true;

            fn read(cursor: &mut Cursor<'_>, into: &mut Vec<Id>) -> Result<(), TextError> {
                into.extend(cursor.list(|it| it.reference(Wanted::$wanted))?);
                Ok(())
            }

            fn write(value: &Vec<Id>, known: &Known<'_>) -> Vec<String> {
                joined(value.iter().map(|it| known.id(it, Wanted::$wanted)))
            }
        }
    )+};
}

references! {
    ToComponent(Component),
    ToBoundary(Boundary),
    ToAsset(Asset),
    ToFlow(Flow),
    ToAnything(Anything),
}

/// One of a few words.
macro_rules! words {
    ($($name:ident($type:ty, $what:literal, $all:expr, $slug:expr),)+) => {$(
        pub(super) struct $name;

        impl Value<$type> for $name {
            fn read(cursor: &mut Cursor<'_>, into: &mut $type) -> Result<(), TextError> {
                let word = cursor.one($what)?;
                let plain = word.text.replace('_', "-").to_lowercase();
                *into = $all.into_iter().find(|it| $slug(*it) == plain).ok_or_else(|| {
                    let all: Vec<String> = $all.into_iter().map($slug).collect();
                    let hint = did_you_mean(&plain, all.iter().map(String::as_str), &format!("one of {}", all.join(", ")));
                    cursor.error_at(word.at, format!("expected {}, found `{}`", $what, super::cursor::shortened(&word.text)), hint)
                })?;
                Ok(())
            }

            fn write(value: &$type, _: &Known<'_>) -> Vec<String> {
                if *value == <$type>::default() { Vec::new() } else { vec![$slug(*value)] }
            }
        }
    )+};
}

words! {
    ClassWord(Class, "a class of data", Class::ALL, |it: Class| it.slug().to_owned()),
    SeverityWord(Severity, "a severity", Severity::ALL, |it: Severity| it.slug().to_owned()),
    StateWord(VerdictState, "a verdict", VerdictState::ALL, |it: VerdictState| it.slug().to_owned()),
    AccessWord(Access, "an access", Access::ALL, |it: Access| it.slug().to_owned()),
    StyleWord(Style, "a style", [Style::Synchronous, Style::Asynchronous], style_slug),
    NeedsWord(Needs, "a need", [Needs::Unset, Needs::Hard, Needs::Soft], needs_slug),
    WayWord(Option<Direction>, "a direction", [Some(Direction::Down), Some(Direction::Right)], direction_slug),
}

fn direction_slug(direction: Option<Direction>) -> String {
    match direction {
        None => String::new(),
        Some(Direction::Down) => "down".to_owned(),
        Some(Direction::Right) => "right".to_owned(),
    }
}

fn style_slug(style: Style) -> String {
    match style {
        Style::Synchronous => "synchronous".to_owned(),
        Style::Asynchronous => "asynchronous".to_owned(),
    }
}

fn needs_slug(needs: Needs) -> String {
    match needs {
        Needs::Unset => "unset".to_owned(),
        Needs::Hard => "hard".to_owned(),
        Needs::Soft => "soft".to_owned(),
    }
}

/// The categories of a threat, by their labels with hyphens.
pub(super) struct StrideWords;

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

pub(super) fn stride_slug(stride: Stride) -> String {
    stride.label().to_lowercase().replace(' ', "-")
}

impl Value<Vec<Stride>> for StrideWords {
    const REPEATS: bool = true;

    fn read(cursor: &mut Cursor<'_>, into: &mut Vec<Stride>) -> Result<(), TextError> {
        into.extend(cursor.list(|cursor| {
            let word = cursor.phrase("a category of STRIDE", true)?;
            let plain = word.text.replace(['_', ' '], "-").to_lowercase();
            STRIDE.into_iter().find(|it| stride_slug(*it) == plain).ok_or_else(|| {
                let all = STRIDE.map(stride_slug);
                let hint = did_you_mean(
                    &plain,
                    all.iter().map(String::as_str),
                    &format!("one of {}", all.join(", ")),
                );
                cursor.error_at(word.at, "expected a category of STRIDE", hint)
            })
        })?);
        Ok(())
    }

    fn write(value: &Vec<Stride>, _: &Known<'_>) -> Vec<String> {
        joined(value.iter().map(|it| stride_slug(*it)))
    }
}

/// The text of a list; nothing for an empty one.
pub(super) fn joined(items: impl Iterator<Item = String>) -> Vec<String> {
    let text = items.collect::<Vec<_>>().join(", ");
    if text.is_empty() { Vec::new() } else { vec![text] }
}

/// Ports as they are written: the empty set is `none`.
pub(super) fn ports(ports: &Ports) -> String {
    if ports.is_empty() { "none".to_owned() } else { ports.to_string() }
}

/// A protocol as it is written: a slug of the table as it is, all else in quotes. What carries ports is in quotes too,
/// as `tcp 443` names a port and no protocol.
pub(super) fn protocol(slug: &str) -> String {
    let is_slug = Protocol::find(slug).is_some_and(|it| it.slug == slug);
    if is_slug && Transport::ALL.into_iter().all(|it| it.slug() != slug) {
        slug.to_owned()
    } else {
        quote(slug)
    }
}
