//! Whether a rule finds at once or asks first, and how many tests it has: what `parapet rules` tells of each.

/// What a rule does where nobody has said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What is drawn is enough: it finds at once, and never asks.
    Structure,
    /// It rests on answers, at least in part: it asks for an unknown before it finds.
    Asks,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::Structure, Self::Asks];

    /// `S` and `Q`, as in a catalogue of rules.
    pub fn letter(self) -> char {
        match self {
            Self::Structure => 'S',
            Self::Asks => 'Q',
        }
    }

    pub fn slug(self) -> &'static str {
        match self {
            Self::Structure => "structure",
            Self::Asks => "asks",
        }
    }
}

/// Counts the tests in a source file: lines that are `#[test]`, blanks before them aside. It runs when the program is
/// built, so that neither the file nor the counting is in the program.
pub(super) const fn tests_in(source: &[u8]) -> usize {
    let (mut rest, mut tests, mut is_start) = (source, 0, true);
    while let [first, after @ ..] = rest {
        if is_start && matches!(rest, [b'#', b'[', b't', b'e', b's', b't', b']', b'\n' | b'\r', ..]) {
            tests += 1;
        }
        is_start = matches!(first, b'\n') || is_start && matches!(first, b' ');
        rest = after;
    }
    tests
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::analysis::Facts;
    use crate::editor::SAMPLES;
    use crate::formats::text;
    use crate::model::{self, Answer, Asset, Boundary, Component, Controls, Draft, Flow, Model};
    use crate::rules::testing::facts_of;
    use crate::rules::{ALL, Rule, run_only};

    #[test]
    fn only_tests_are_counted() {
        assert_eq!(tests_in(b""), 0);
        assert_eq!(tests_in(b"#[test]\nfn a() {}\n\n    #[test]\r\n    fn b() {}\n"), 2);
        assert_eq!(tests_in(b"// #[test]\nlet it = \"#[test]\n\";\n#[cfg(test)]\n#[test_only]\n#[test]"), 0);
        // This file has some itself, and so has every rule.
        assert_eq!(tests_in(include_bytes!("kind.rs")), 2);
        let few: Vec<&str> = ALL.iter().filter(|it| it.tests == 0).map(|it| it.id).collect();
        assert_eq!(few, [""; 0], "without a test");
    }

    /// What is asked here is asked in no sample and no example.
    const ASKED: [&str; 11] = [
        "asset a: confidential; db: postgres [stores a; encryption-at-rest]; dump: backup-store; db -> dump: https [write]",
        "asset a: secret; user -> web: https; web, report -> db: postgres; db: postgres [stores a; authentication]",
        "user -> web: https [write; session-cookies no]; web [authentication]",
        "asset a: internal [personal]; user -> lb: https [carries a]; fw: firewall [gate-of tier; allows unknown]
         boundary tier: subnet-tier { lb: load-balancer [listens 80, 443 for anywhere; listens 22] }",
        "user -> web: https; api send [component web; parameters picture of file]",
        "asset a: secret; user; k8s -> web: https; web [processes a]
         boundary tier: tier { k8s: orchestrator [listens 6443 kubernetes] }",
        "asset a: confidential [personal]; cdn: cdn; user -> cdn -> lb -> web: https [carries a]",
        "asset a: secret; user -> web: https; web -> db: postgres; db: postgres [stores a]
         api preview [component web; parameters pageUrl]",
        "user -> web -> queue: https; worker -> queue: amqps [consume]; worker -> db: postgres [write]
         asset a: confidential; db: object-store [stores a]",
        "asset a: secret; user -> lb: https [carries a]; lb -> web: rest [carries a]",
        "user -> web: https; api load [component web; parameters order of xml]",
    ];

    /// The same with no answer given.
    fn unanswered(model: &Model) -> Model {
        let mut draft = Draft::of(model);
        for id in model.components().keys() {
            draft.edit::<Component>(id, |it| {
                it.controls = Controls::default();
                (it.highly_available, it.takes_over) = (Answer::default(), Answer::default());
            });
        }
        for id in model.boundaries().keys() {
            draft.edit::<Boundary>(id, |it| {
                (it.controls, it.segmented) = (Controls::default(), Answer::default());
            });
        }
        for id in model.flows().keys() {
            draft.edit::<Flow>(id, |it| {
                it.controls = Controls::default();
                (it.encrypted, it.authenticated) = (Answer::default(), Answer::default());
            });
        }
        for id in model.assets().keys() {
            draft.edit::<Asset>(id, |it| {
                (it.personal, it.credential) = (Answer::default(), Answer::default());
            });
        }
        let edit = draft.finish();
        let mut bare = model.clone();
        bare.apply(&edit);
        bare
    }

    /// All samples and all examples of the manual, as they are and unanswered.
    fn models() -> Vec<Model> {
        let samples = SAMPLES.iter().map(|it| model::read(it.text.as_bytes()).unwrap());
        let example = |it: &&Rule| {
            let part = it.manual.split("## Example").nth(1).unwrap();
            text::read(part.split('`').nth(1).unwrap()).unwrap()
        };
        let said: Vec<Model> = samples.chain(ALL.iter().map(example)).collect();
        let bare: Vec<Model> = said.iter().map(unanswered).collect();
        let asked = ASKED.iter().map(|it| text::read(it).unwrap());
        said.into_iter().chain(bare).chain(asked).collect()
    }

    #[test]
    fn rules_of_structure_never_ask_and_all_others_do_somewhere() {
        let all: Vec<Facts> = models().into_iter().map(facts_of).collect();
        let asks = |rule: &&'static Rule| all.iter().any(|it| !run_only(it, &[*rule]).questions.is_empty());
        let asking: BTreeSet<&str> = ALL.iter().copied().filter(asks).map(|it| it.id).collect();
        let said: BTreeSet<&str> = ALL.iter().filter(|it| it.kind == Kind::Asks).map(|it| it.id).collect();
        assert_eq!(asking.difference(&said).collect::<Vec<_>>(), [&""; 0], "they ask");
        assert_eq!(said.difference(&asking).collect::<Vec<_>>(), [&""; 0], "they never ask");
    }
}
