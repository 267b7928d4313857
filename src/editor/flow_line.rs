//! A flow in one line, as it is typed where it is drawn: `Orders · https:8443`, its name, its protocol and its port.
//!
//! What stands behind the last `·`, or a colon and a space, is a protocol, a port or both; else all of it is the name. A
//! protocol is named by its word in the file or by its title; by other words for it only where a port follows, since these
//! are what people call flows, too.

use super::Editor;
use super::create::renaming;
use crate::formats::nearest::nearest;
use crate::model::{Flow, Id, PortRange, Ports, Protocol};

/// What a line says of a flow. What it does not say stays.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FlowLine {
    pub name: String,
    pub protocol: Option<&'static Protocol>,
    /// Empty where none is said.
    pub port: Ports,
    /// What looks like a protocol, is none and so is a part of the name; and the one that may be meant.
    pub mistaken: Option<(String, Option<&'static str>)>,
}

impl FlowLine {
    /// Reads what was typed.
    pub(super) fn read(text: &str) -> Self {
        let text = text.trim();
        let dot = text.rfind('·').map(|at| (at, '·'.len_utf8()));
        let colon = text.rfind(": ").map(|at| (at, 2));
        let Some((at, long)) = dot.max(colon) else {
            // Alone, a number is what somebody calls a flow.
            return match spoken(text, false) {
                Some((protocol, port)) if protocol.is_some() || !is_number(text) => {
                    Self { protocol, port, ..Self::default() }
                }
                _ => {
                    let mistaken = text.contains(':').then(|| mistaken(text)).flatten();
                    Self { name: text.to_owned(), mistaken, ..Self::default() }
                }
            };
        };
        let (name, tail) = (text[..at].trim(), text[at + long..].trim());
        let is_step = dot < colon && is_number(tail);
        match spoken(tail, true).filter(|_| !is_step) {
            Some((protocol, port)) => Self { name: name.to_owned(), protocol, port, mistaken: None },
            None => Self { name: text.to_owned(), mistaken: mistaken(tail), ..Self::default() },
        }
    }

    fn says_nothing(&self) -> bool {
        self.protocol.is_none() && self.port.is_empty()
    }

    /// A flow as it is when all has been taken over.
    fn put(&self, flow: &mut Flow) {
        flow.name.clone_from(&self.name);
        if let Some(known) = self.protocol {
            let is_as_usual = flow.port.is_empty() || flow.port == known.port;
            let stays = flow.protocol() == Some(known) && is_as_usual;
            if flow.protocol() != Some(known) {
                flow.protocol.clone_from(&known.slug);
            }
            if !stays {
                flow.port.clone_from(&known.port);
            }
        }
        if !self.port.is_empty() {
            flow.port.clone_from(&self.port);
        }
    }
}

impl Editor {
    /// A flow in one line that can be read again, and how much of it is the name.
    pub fn line_of_flow(&self, id: &Id) -> Option<(String, usize)> {
        let flow = self.model.flow(id)?;
        let name = flow.name.trim();
        let known = flow.protocol();
        let said = match known {
            _ if known.is_none() && !flow.protocol.trim().is_empty() => String::new(),
            Some(known) if flow.port.is_empty() || flow.port == known.port => known.slug.clone(),
            Some(known) => format!("{}:{}", known.slug, short(known, &flow.port)),
            None => flow.port.to_string(),
        };
        let line = if name.is_empty() || said.is_empty() {
            format!("{name}{said}")
        } else {
            format!("{name} · {said}")
        };
        // A name that reads as something else stands alone.
        let mut read = flow.clone();
        FlowLine::read(&line).put(&mut read);
        let is_same = read.name == name && (&read.protocol, &read.port) == (&flow.protocol, &flow.port);
        let line = if is_same { line } else { name.to_owned() };
        Some((line, name.chars().count()))
    }

    /// What of a line will be understood, in words: `Name “Orders”, HTTPS, port 8443`.
    pub fn flow_line_in_words(&self, id: &Id, text: &str) -> String {
        let line = FlowLine::read(text);
        let mut flow = self.model.flow(id).cloned().unwrap_or_default();
        line.put(&mut flow);
        let mut words = vec![if line.name.is_empty() {
            "No name".to_owned()
        } else {
            format!("Name “{}”", line.name)
        }];
        let known = flow.protocol();
        let protocol = known.map_or_else(|| flow.protocol.trim(), |it| &it.label);
        words.extend((!protocol.is_empty()).then(|| protocol.to_owned()));
        let port = known.filter(|_| flow.port.is_empty()).map_or(&flow.port, |it| &it.port);
        words.extend((!port.is_empty()).then(|| format!("port {}", port.numbers())));
        let stays = line.says_nothing() && words.len() > 1;
        let mut words = words.join(", ");
        if stays {
            words.push_str(" as before");
        }
        match line.mistaken {
            Some((word, Some(meant))) => {
                format!("{words}. “{word}” is no known protocol and stays in the name. Did you mean {meant}?")
            }
            Some((word, None)) => format!("{words}. “{word}” is no known protocol and stays in the name."),
            None => words,
        }
    }

    /// Takes over what a line says of a flow, as one step.
    pub fn take_flow_line(&mut self, id: &Id, text: &str) {
        let Some(flow) = self.model.flow(id) else { return };
        let line = FlowLine::read(text);
        let mut next = flow.clone();
        line.put(&mut next);
        let is_spoken = (&next.protocol, &next.port) != (&flow.protocol, &flow.port);
        let speaks = || {
            let protocol = next.protocol().map_or_else(|| next.protocol.trim(), |it| &it.label);
            format!("{protocol} {}", next.port.numbers()).trim().to_owned()
        };
        let label = match (next.name != flow.name, is_spoken) {
            (_, false) => renaming(&next.name),
            (false, true) => format!("Speak {}", speaks()),
            (true, true) => format!("{}, speak {}", renaming(&next.name), speaks()),
        };
        self.amend::<Flow>(id, label, |it| *it = next);
    }
}

/// A port as it stands behind a protocol: without the transport that this has in any case.
fn short(known: &Protocol, port: &Ports) -> String {
    let numbers = port.numbers().replace(", ", ",");
    let read = ports(&numbers, Some(known));
    if read.as_ref() == Some(port) { numbers } else { port.to_string() }
}

/// A protocol, a port, or both.
fn spoken(text: &str, is_behind: bool) -> Option<(Option<&'static Protocol>, Ports)> {
    if let Some(known) = named(text) {
        return Some((Some(known), Ports::NONE));
    }
    if let Some(port) = ports(text.strip_prefix(':').filter(|_| is_behind).unwrap_or(text), None) {
        return Some((None, port));
    }
    let ends = text.char_indices().filter(|it| it.1 == ':' || it.1.is_whitespace());
    ends.into_iter().find_map(|(at, end)| {
        let known = Protocol::find(text[..at].trim())?;
        let port = ports(&text[at + end.len_utf8()..], Some(known))?;
        Some((Some(known), port))
    })
}

/// The protocol of that word in the file, or of that title.
fn named(text: &str) -> Option<&'static Protocol> {
    let is_it = |it: &&Protocol| text.eq_ignore_ascii_case(&it.slug) || text.eq_ignore_ascii_case(&it.label);
    Protocol::find(text).filter(is_it)
}

/// Ports with a number; without a transport they have that of the protocol.
fn ports(text: &str, known: Option<&Protocol>) -> Option<Ports> {
    let text = text.trim();
    if !text.contains(|it: char| it.is_ascii_digit()) {
        return None;
    }
    let ports: Ports = text.parse().ok().filter(|it: &Ports| !it.is_empty())?;
    let usual = known.and_then(|it| it.port.ranges().first()).map(|it| it.transport);
    let Some(transport) = usual.filter(|_| !text.contains('/')) else { return Some(ports) };
    Some(Ports::from_ranges(ports.ranges().iter().map(|it| PortRange { transport, ..*it })))
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|it| it.is_ascii_digit())
}

/// Of what stands behind the last separator, the word that is nearly a protocol, or that stands where one would.
fn mistaken(tail: &str) -> Option<(String, Option<&'static str>)> {
    let cut = |at: usize| (tail[..at].trim(), ports(&tail[at + 1..], None).is_some());
    let (word, has_port) = tail.rfind([':', ' ']).map(cut).filter(|it| it.1).unwrap_or((tail, false));
    if word.is_empty() || word.contains(char::is_whitespace) && !has_port {
        return None;
    }
    let meant = Protocol::find(word).map(|it| it.slug.as_str()).or_else(|| {
        let all = Protocol::all().iter().map(|it| it.slug.as_str());
        nearest(word, all).filter(|it| has_port || word.len() > 2 && it.len().abs_diff(word.len()) < 2)
    });
    (has_port || meant.is_some()).then(|| (word.to_owned(), meant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::editor::Surroundings;
    use crate::scene::Pos;

    fn read(text: &str) -> String {
        let it = FlowLine::read(text);
        let protocol = it.protocol.map_or("-", |it| it.slug.as_str());
        format!("{}|{protocol}|{}", it.name, it.port)
    }

    #[test]
    fn behind_the_last_separator_stand_protocol_and_port() {
        for (text, expected) in [
            ("Orders · https:8443", "Orders|https|tcp/8443"),
            ("Orders · HTTPS 8443", "Orders|https|tcp/8443"),
            ("Orders: https", "Orders|https|"),
            ("Orders · 8443", "Orders|-|tcp/8443"),
            ("Orders: :8443", "Orders|-|tcp/8443"),
            ("Orders · udp/53", "Orders|-|udp/53"),
            ("Names · http3:8443", "Names|http3|udp/8443"),
            ("Sync: nightly · ssh", "Sync: nightly|ssh|"),
            ("a · b · postgres:5433", "a · b|postgres|tcp/5433"),
            ("https:80,443", "|https|tcp/80,443"),
            ("HTTP with basic login 8080", "|http-basic|tcp/8080"),
            ("tcp/8443", "|-|tcp/8443"),
            // All of these are names.
            ("Orders", "Orders|-|"),
            ("7", "7|-|"),
            ("Step: 7", "Step: 7|-|"),
            ("Sync: nightly", "Sync: nightly|-|"),
            ("Read · write", "Read · write|-|"),
            ("Import · json", "Import · json|-|"),
            ("8:30 report", "8:30 report|-|"),
            ("Orders · htps:443", "Orders · htps:443|-|"),
            ("Orders: none", "Orders: none|-|"),
            ("·", "·|-|"),
            ("", "|-|"),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_typed_is_one_step_and_what_is_not_said_stays() {
        let mut editor = Editor::new(Surroundings::fixed());
        let a = editor.add_component("browser", Pos::new(100.0, 100.0));
        let b = editor.add_component("web-server", Pos::new(700.0, 100.0));
        let id = editor.connect(&a, &b).unwrap();
        let before = editor.model().clone();
        let flow = |editor: &Editor| {
            let it = editor.model().flow(&id).unwrap();
            format!("{}|{}|{}", it.name, it.protocol, it.port)
        };
        assert_eq!(editor.line_of_flow(&id).unwrap(), ("https".to_owned(), 0));
        editor.take_flow_line(&id, "Orders · http:8080");
        assert_eq!(flow(&editor), "Orders|http|tcp/8080");
        assert_eq!(editor.line_of_flow(&id).unwrap(), ("Orders · http:8080".to_owned(), 6));
        assert_eq!(editor.history().next_undo(), Some("Rename to Orders, speak HTTP 8080"));
        editor.take_flow_line(&id, "Payments");
        assert_eq!(flow(&editor), "Payments|http|tcp/8080");
        // A protocol without a port has its own.
        editor.take_flow_line(&id, "Payments · https");
        assert_eq!(flow(&editor), "Payments|https|tcp/443");
        // A name that reads as a protocol is shown alone.
        editor.rename(&id, "Login · ssh");
        assert_eq!(editor.line_of_flow(&id).unwrap().0, "Login · ssh · https");
        editor.rename(&id, "");
        assert_eq!(editor.history().next_undo(), Some("Remove the name"));
        for _ in 0..5 {
            editor.undo();
        }
        assert_eq!(*editor.model(), before);
    }

    #[test]
    fn words_say_what_is_understood() {
        let mut editor = Editor::new(Surroundings::fixed());
        let a = editor.add_component("browser", Pos::new(100.0, 100.0));
        let b = editor.add_component("web-server", Pos::new(700.0, 100.0));
        let id = editor.connect(&a, &b).unwrap();
        let words = |text: &str| editor.flow_line_in_words(&id, text);
        insta::assert_snapshot!(words("Orders · https:8443"), @"Name “Orders”, HTTPS, port 8443");
        insta::assert_snapshot!(words("Orders"), @"Name “Orders”, HTTPS, port 443 as before");
        insta::assert_snapshot!(words("ssh"), @"No name, SSH, port 22");
        insta::assert_snapshot!(words("Orders · htps:8443"), @"Name “Orders · htps:8443”, HTTPS, port 443 as before. “htps” is no known protocol and stays in the name. Did you mean https?");
        insta::assert_snapshot!(words("Orders · foo:1"), @"Name “Orders · foo:1”, HTTPS, port 443 as before. “foo” is no known protocol and stays in the name.");
        insta::assert_snapshot!(words("htps:8443"), @"Name “htps:8443”, HTTPS, port 443 as before. “htps” is no known protocol and stays in the name. Did you mean https?");
        insta::assert_snapshot!(words("Step 2"), @"Name “Step 2”, HTTPS, port 443 as before");
        insta::assert_snapshot!(words("Read · write"), @"Name “Read · write”, HTTPS, port 443 as before");
    }
}
