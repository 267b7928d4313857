//! Ports: sets of intervals per transport, so that ranges cost nothing.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use smallvec::{SmallVec, smallvec};

use super::record::fields;

/// What carries a port.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Transport {
    Tcp,
    Udp,
}

impl Transport {
    pub const ALL: [Self; 2] = [Self::Tcp, Self::Udp];

    pub fn slug(self) -> &'static str {
        match self {
            Self::Tcp => "tcp",
            Self::Udp => "udp",
        }
    }
}

/// Ports from `first` to `last`, both included, of one transport.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortRange {
    pub transport: Transport,
    pub first: u16,
    pub last: u16,
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.transport.slug(), Span(self.first, self.last))
    }
}

struct Span(u16, u16);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 == self.1 { write!(f, "{}", self.0) } else { write!(f, "{}-{}", self.0, self.1) }
    }
}

/// A set of ports. Its text is `tcp/80,443,8000-8080 udp/53`, `any` for all ports, empty for none.
///
/// Kept as sorted ranges that neither touch nor overlap, so that equal sets are equal values.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ports(Ranges);

/// A flow has one port, nearly always, and a model has as many sets as flows: one or two stand where the set does.
type Ranges = SmallVec<[PortRange; 2]>;

fields!(Ports);

impl Ports {
    pub const NONE: Self = Self(SmallVec::new_const());

    pub fn all() -> Self {
        Self(Transport::ALL.map(|transport| PortRange { transport, first: 0, last: u16::MAX }).into())
    }

    pub fn one(transport: Transport, port: u16) -> Self {
        Self(smallvec![PortRange { transport, first: port, last: port }])
    }

    pub fn tcp(port: u16) -> Self {
        Self::one(Transport::Tcp, port)
    }

    pub fn from_ranges(ranges: impl IntoIterator<Item = PortRange>) -> Self {
        let mut ranges: Ranges = ranges.into_iter().filter(|it| it.first <= it.last).collect();
        ranges.sort_unstable();
        let mut merged = Ranges::new();
        for range in ranges {
            match merged.last_mut() {
                Some(last)
                    if last.transport == range.transport
                        && u32::from(range.first) <= u32::from(last.last) + 1 =>
                {
                    last.last = last.last.max(range.last);
                }
                _ => merged.push(range),
            }
        }
        Self(merged)
    }

    /// The ranges in order: all of TCP before all of UDP.
    pub fn ranges(&self) -> &[PortRange] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn is_all(&self) -> bool {
        *self == Self::all()
    }

    /// How many ports these are.
    pub fn count(&self) -> u32 {
        self.0.iter().map(|it| u32::from(it.last) - u32::from(it.first) + 1).sum()
    }

    /// The single port, if it is one.
    pub fn single(&self) -> Option<(Transport, u16)> {
        match self.0.as_slice() {
            [it] if it.first == it.last => Some((it.transport, it.first)),
            _ => None,
        }
    }

    pub fn contains(&self, transport: Transport, port: u16) -> bool {
        self.0.iter().any(|it| it.transport == transport && it.first <= port && port <= it.last)
    }

    pub fn union(&self, other: &Self) -> Self {
        if other.is_empty() || self == other {
            return self.clone();
        }
        Self::from_ranges(self.0.iter().chain(&other.0).copied())
    }

    pub fn intersect(&self, other: &Self) -> Self {
        let (mut left, mut right) = (self.0.iter().peekable(), other.0.iter().peekable());
        let mut both = Ranges::new();
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            if a.transport == b.transport {
                let (first, last) = (a.first.max(b.first), a.last.min(b.last));
                if first <= last {
                    both.push(PortRange { transport: a.transport, first, last });
                }
            }
            if (a.transport, a.last) < (b.transport, b.last) {
                left.next();
            } else {
                right.next();
            }
        }
        Self(both)
    }

    pub fn minus(&self, other: &Self) -> Self {
        let mut rest = Ranges::new();
        for range in &self.0 {
            let mut next = u32::from(range.first);
            for cut in other.0.iter().filter(|it| it.transport == range.transport) {
                if u32::from(cut.last) < next || cut.first > range.last {
                    continue;
                }
                if u32::from(cut.first) > next {
                    rest.push(PortRange { first: next as u16, last: cut.first - 1, ..*range });
                }
                next = u32::from(cut.last) + 1;
            }
            if next <= u32::from(range.last) {
                rest.push(PortRange { first: next as u16, ..*range });
            }
        }
        Self(rest)
    }

    pub fn is_subset(&self, other: &Self) -> bool {
        self.minus(other).is_empty()
    }

    pub fn overlaps(&self, other: &Self) -> bool {
        !self.intersect(other).is_empty()
    }

    /// The bare numbers, for a pill or a sentence: `80, 443`; a transport other than TCP is named: `udp/53`.
    pub fn numbers(&self) -> String {
        if self.is_all() {
            return "all ports".to_owned();
        }
        let word = |it: &PortRange| match it.transport {
            Transport::Tcp => Span(it.first, it.last).to_string(),
            Transport::Udp => it.to_string(),
        };
        self.0.iter().map(word).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_all() {
            return f.write_str("any");
        }
        let mut last = None;
        for range in &self.0 {
            match last {
                Some(it) if it == range.transport => f.write_str(",")?,
                Some(_) => write!(f, " {}/", range.transport.slug())?,
                None => write!(f, "{}/", range.transport.slug())?,
            }
            write!(f, "{}", Span(range.first, range.last))?;
            last = Some(range.transport);
        }
        Ok(())
    }
}

impl fmt::Debug for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` are no ports: write tcp/443, tcp/80,443 udp/53, tcp/8000-8080 or any")]
pub struct NoPorts(String);

impl FromStr for Ports {
    type Err = NoPorts;

    fn from_str(text: &str) -> Result<Self, NoPorts> {
        parse(text).ok_or_else(|| NoPorts(text.chars().take(80).collect()))
    }
}

fn parse(text: &str) -> Option<Ports> {
    if matches!(text.trim(), "any" | "all") {
        return Some(Ports::all());
    }
    let mut ranges = Ranges::new();
    for part in text.split_whitespace() {
        // A bare `443` is what people type in a hurry; ports without a transport are TCP.
        let (transport, list) = part.split_once('/').unwrap_or(("tcp", part));
        let transport = Transport::ALL.into_iter().find(|it| it.slug() == transport)?;
        for item in list.split(',').filter(|it| !it.is_empty()) {
            let (first, last) = match item.split_once('-') {
                Some((first, last)) => (first.parse().ok()?, last.parse().ok()?),
                None if matches!(item, "any" | "*") => (0, u16::MAX),
                None => item.parse().map(|it| (it, it)).ok()?,
            };
            if first > last {
                return None;
            }
            ranges.push(PortRange { transport, first, last });
        }
    }
    Some(Ports::from_ranges(ranges))
}

impl Serialize for Ports {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Ports {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ports(text: &str) -> Ports {
        text.parse().unwrap()
    }

    #[test]
    fn text_is_canonical() {
        for (text, canonical) in [
            ("tcp/443", "tcp/443"),
            ("443,80", "tcp/80,443"),
            ("tcp/80-90,85-100 udp/53", "tcp/80-100 udp/53"),
            ("udp/53 tcp/1,2,3", "tcp/1-3 udp/53"),
            ("any", "any"),
            ("", ""),
        ] {
            assert_eq!(ports(text).to_string(), canonical, "{text}");
        }
        for text in ["tcp/", "udp/", " "] {
            assert!(ports(text).is_empty(), "{text}");
        }
        for text in ["http", "tcp/70000", "tcp/9-1", "icmp/3", "tcp/1-2-3", "-"] {
            assert!(text.parse::<Ports>().is_err(), "{text}");
        }
    }

    fn some_ports() -> impl Strategy<Value = Ports> {
        let edge = prop_oneof![0..6_u16, u16::MAX - 5..=u16::MAX];
        let range = (any::<bool>(), edge.clone(), edge).prop_map(|(tcp, a, b)| PortRange {
            transport: if tcp { Transport::Tcp } else { Transport::Udp },
            first: a.min(b),
            last: a.max(b),
        });
        prop::collection::vec(range, 0..5).prop_map(Ports::from_ranges)
    }

    proptest! {
        #[test]
        fn sets_behave_as_sets(a in some_ports(), b in some_ports()) {
            prop_assert_eq!(&ports(&a.to_string()), &a);
            let (both, either, rest) = (a.intersect(&b), a.union(&b), a.minus(&b));
            for transport in Transport::ALL {
                for port in (0..8).chain(u16::MAX - 8..=u16::MAX) {
                    let (in_a, in_b) = (a.contains(transport, port), b.contains(transport, port));
                    prop_assert_eq!(both.contains(transport, port), in_a && in_b);
                    prop_assert_eq!(either.contains(transport, port), in_a || in_b);
                    prop_assert_eq!(rest.contains(transport, port), in_a && !in_b);
                }
            }
            prop_assert_eq!(rest.union(&both), a);
        }
    }
}
