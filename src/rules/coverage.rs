//! Coverage: every element against every kind of threat, so that "have we looked at everything?" has an answer.
//!
//! Which kinds an element can have at all follows its type, as in STRIDE per element (Shostack, "Threat Modeling:
//! Designing for Security", Wiley 2014, chapter 3): who uses the system, what works in it, what keeps data, what flows.

use std::collections::BTreeMap;

use super::{Report, Standing, find};
use crate::analysis::{ComponentNode, Facts, FlowIx};
use crate::model::{Capability, Control, Family, Id, Stride, Truth};

/// The columns: STRIDE, where availability goes with denial of service, and privacy.
pub const COLUMNS: [(char, &str, &[Stride]); 7] = [
    ('S', "Spoofing", &[Stride::Spoofing]),
    ('T', "Tampering", &[Stride::Tampering]),
    ('R', "Repudiation", &[Stride::Repudiation]),
    ('I', "Information disclosure", &[Stride::InformationDisclosure]),
    ('D', "Denial of service and failure", &[Stride::DenialOfService, Stride::Availability]),
    ('E', "Elevation of privilege", &[Stride::ElevationOfPrivilege]),
    ('P', "Privacy", &[Stride::Privacy]),
];

/// What is known of one element and one kind of threat. The first that applies, from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Open findings, the worst first, by their keys.
    Found(Vec<String>),
    /// Questions, the weightiest first, by their keys.
    Asked(Vec<String>),
    /// Findings that a verdict settles, by their keys.
    Settled(Vec<String>),
    /// What was answered: `Authentication: yes`.
    Answered(Vec<String>),
    /// So many rules look at such elements for this kind, and none had anything to say of it.
    Clear(usize),
    /// Why it cannot be.
    NotApplicable(&'static str),
}

/// An element with its cells, in the order of [`COLUMNS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub element: Id,
    pub cells: Vec<Cell>,
}

/// What an element is to STRIDE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    User,
    Process,
    Store,
    Flow,
}

/// Every component and flow against every kind of threat, on a day (see [`super::Finding::standing`]).
pub fn coverage(facts: &Facts, report: &Report, today: &str) -> Vec<Row> {
    let said = Said::of(facts, report, today);
    let mut rows = Vec::new();
    for (ix, node) in facts.topology.components() {
        if let Some(part) = part(node) {
            let personal = is_personal(facts, facts.data.handled(ix));
            rows.push(said.row(&node.id, part, personal, &|slug| node.control(slug), &|_| None));
        }
    }
    for (ix, flow) in facts.topology.flows() {
        let personal = is_personal(facts, facts.data.carried(ix));
        let control = |slug: &str| flow.record.controls.truth(slug);
        rows.push(said.row(&flow.id, Part::Flow, personal, &control, &|column| of_flow(facts, ix, column)));
    }
    rows
}

fn part(node: &ComponentNode) -> Option<Part> {
    match node.kind.family {
        Family::Note => None,
        Family::Outside => Some(Part::User),
        _ if node.can(Capability::NotOurs) => Some(Part::User),
        Family::Data | Family::Messaging => Some(Part::Store),
        _ => Some(Part::Process),
    }
//! Coverage: for each element and each letter of STRIDE, and P for privacy, what was found, asked or answered, or why
//! the letter does not apply. No cell is left without a reason.
//!
//! Which letters apply follows the kind of element, as in "STRIDE per element" (Hernan and others, *Uncover security
//! design flaws using the STRIDE approach*, 2006): actors S, R; processes all six; stores T, R, I, D; flows T, I, D.
//! Boundaries, which that leaves out, have I, D, E: who gets in, what gets out, and what is lost with them. P applies
//! where personal data is. What was found or asked outweighs this: a finding is never hidden by a table.

use std::collections::{BTreeMap, BTreeSet};

use super::{ALL, On, Report, Rule};
use crate::analysis::{ComponentIx, ComponentNode, Facts, FlowEdge};
use crate::model::{Boundary, Capability, Component, Control, Edit, Family, Flow, Id, Stride, Truth};

/// The columns. What is said of availability counts as denial of service.
pub const LETTERS: [Stride; 7] = [
    Stride::Spoofing,
    Stride::Tampering,
    Stride::Repudiation,
    Stride::InformationDisclosure,
    Stride::DenialOfService,
    Stride::ElevationOfPrivilege,
    Stride::Privacy,
];

/// What is known of one letter at one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// The keys of findings that no verdict settles, the worst first.
    Finding(Vec<String>),
    /// The keys of questions, the weightiest first.
    Question(Vec<String>),
    /// The answers, verdicts and facts that cover it: `Authentication: yes`.
    Answered(Vec<String>),
    /// Why it does not apply.
    NotApplicable(&'static str),
}

/// The cells of one element, in the order of [`LETTERS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub element: Id,
    pub cells: [Cell; 7],
}

impl Row {
    /// The cell of a letter; that of denial of service for availability.
    pub fn cell(&self, letter: Stride) -> &Cell {
        &self.cells[column(letter)]
    }
}

/// One row for each component but notes, each flow with both its ends, and each boundary that is ours, in that order.
pub fn coverage(facts: &Facts, report: &Report) -> Vec<Row> {
    let said = Said::of(facts, report);
    let topology = &facts.topology;
    let components = topology.components().filter(|(_, it)| !it.is(Family::Note));
    let components = components.map(|(ix, it)| said.row(&it.id, &Element::component(facts, ix, it)));
    let flows = topology.flows().map(|(ix, it)| {
        let personal = is_personal(facts, facts.data.carried(ix));
        said.row(&it.id, &Element::flow(it, personal))
    });
    let with_personal = boundaries_with_personal(facts);
    let boundaries = topology
        .boundaries()
        .filter(|(_, it)| !it.kind.outside)
        .map(|(ix, it)| said.row(&it.id, &Element::boundary(&it.record, with_personal.contains(&ix))));
    components.chain(flows).chain(boundaries).collect()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Type {
    Actor,
    Process,
    Store,
    Flow,
    Boundary,
}

/// An element as far as the letters go.
struct Element {
    of: Type,
    has_personal: bool,
    /// What was answered and what follows from the drawing, with the letters that it covers.
    facts: Vec<(&'static [Stride], String)>,
}

impl Element {
    fn component(facts: &Facts, ix: ComponentIx, node: &ComponentNode) -> Self {
        let of = if node.can(Capability::NotOurs) {
            Type::Actor
        } else if node.is(Family::Data) || node.is(Family::Messaging) {
            Type::Store
        } else {
            Type::Process
        };
        let mut covered = answers(|slug| node.control(slug));
        if of != Type::Actor && facts.reach.hop(ix).is_none() {
            let letters: &[Stride] = &[Stride::Spoofing, Stride::Tampering, Stride::ElevationOfPrivilege];
            covered.push((letters, "Nothing from the internet reaches it".to_owned()));
        }
        let record: &Component = &node.record;
        if node.is_highly_available() == Truth::Yes {
            covered.push((&[Stride::DenialOfService], "Highly available: yes".to_owned()));
        } else if record.instances() > 1 {
            covered.push((&[Stride::DenialOfService], format!("{} instances", record.instances())));
        }
        Self { of, has_personal: is_personal(facts, facts.data.handled(ix)), facts: covered }
    }

    fn flow(edge: &FlowEdge, has_personal: bool) -> Self {
        let record: &Flow = &edge.record;
        let mut facts = answers(|slug| record.controls.truth(slug));
        let encrypted: &[Stride] = &[Stride::Tampering, Stride::InformationDisclosure];
        if is_settled(edge.encrypted) {
            facts.push((encrypted, told("Encrypted", edge.encrypted)));
        }
        Self { of: Type::Flow, has_personal, facts }
    }

    fn boundary(record: &Boundary, has_personal: bool) -> Self {
        let mut facts = answers(|slug| record.controls.truth(slug));
        let segmented: &[Stride] = &[Stride::InformationDisclosure, Stride::ElevationOfPrivilege];
        if is_settled(record.segmented.is) {
            facts.push((segmented, told("Segmented", record.segmented.is)));
        }
        Self { of: Type::Boundary, has_personal, facts }
    }

    /// Why a letter does not apply, if it does not.
    fn why_not(&self, letter: Stride) -> Option<&'static str> {
        use Stride::{
            DenialOfService, ElevationOfPrivilege, InformationDisclosure, Repudiation, Spoofing, Tampering,
        };
        match (self.of, letter) {
            (_, Stride::Privacy) if !self.has_personal => Some("No personal data is said to be here"),
            (Type::Actor, Tampering | InformationDisclosure | DenialOfService | ElevationOfPrivilege) => {
                Some("It is not ours: what can go wrong shows at its flows and at what it calls")
            }
            (Type::Store, Spoofing) => {
                Some("A store calls nobody: who pretends to be whom shows at its flows")
            }
            (Type::Store, ElevationOfPrivilege) => Some("A store runs nothing that could gain rights"),
            (Type::Flow, Spoofing | Repudiation | ElevationOfPrivilege) => {
                Some("A flow acts for its ends: it shows at them")
            }
            (Type::Boundary, Spoofing | Tampering | Repudiation) => {
                Some("A boundary acts for nobody: it shows at what stands in it")
            }
            _ => None,
        }
    }
}

/// What a report says, by element and letter.
struct Said<'r> {
    open: BTreeMap<(&'r Id, usize), Vec<String>>,
    asked: BTreeMap<(Id, usize), Vec<String>>,
    settled: BTreeMap<(&'r Id, usize), Vec<String>>,
    looks: Vec<(Type, [usize; 7])>,
}

impl<'r> Said<'r> {
    fn of(facts: &'r Facts, report: &'r Report) -> Self {
        let looks = [Type::Actor, Type::Process, Type::Store, Type::Flow, Type::Boundary];
        let mut said = Said {
            open: BTreeMap::new(),
            asked: BTreeMap::new(),
            settled: BTreeMap::new(),
            looks: looks.map(|it| (it, LETTERS.map(|letter| looking(it, letter)))).to_vec(),
        };
        for finding in &report.findings {
            let verdict = finding.verdict(facts.model());
            for element in finding.subjects.iter().flat_map(|it| elements(facts, it)) {
                for at in columns(finding.rule) {
                    let (of, text) = match verdict {
                        Some(it) => (&mut said.settled, format!("{}: {}", finding.key, it.state.slug())),
                        None => (&mut said.open, finding.key.clone()),
                    };
                    let of = of.entry((element, at)).or_default();
                    if !of.contains(&text) {
                        of.push(text);
                    }
                }
            }
        }
        for question in &report.questions {
            // A question speaks of all that its answer changes.
            let answer = question.choices.first().map(|it| &it.edit);
            let changed = answer.map(changed).unwrap_or_default();
            let subjects: BTreeSet<Id> = changed.into_iter().chain([question.subject.clone()]).collect();
            for element in subjects.iter().flat_map(|it| elements(facts, it)) {
                for at in columns(question.rule) {
                    let of = said.asked.entry((element.clone(), at)).or_default();
                    if !of.contains(&question.key) {
                        of.push(question.key.clone());
                    }
                }
            }
        }
        said
    }

    fn row(&self, id: &Id, element: &Element) -> Row {
        let cells = LETTERS.map(|letter| self.cell(id, element, letter));
        Row { element: id.clone(), cells }
    }

    fn cell(&self, id: &Id, element: &Element, letter: Stride) -> Cell {
        let at = column(letter);
        if let Some(keys) = self.open.get(&(id, at)) {
            return Cell::Finding(keys.clone());
        }
        if let Some(keys) = self.asked.get(&(id.clone(), at)) {
            return Cell::Question(keys.clone());
        }
        let settled = self.settled.get(&(id, at));
        if let Some(why) = element.why_not(letter).filter(|_| settled.is_none()) {
            return Cell::NotApplicable(why);
        }
        let facts = element.facts.iter().filter(|it| it.0.contains(&letter)).map(|it| it.1.clone());
        let texts: Vec<String> = facts.chain(settled.into_iter().flatten().cloned()).collect();
        if !texts.is_empty() {
            return Cell::Answered(texts);
        }
        let looks = self.looks.iter().find(|it| it.0 == element.of).map(|it| it.1[at]);
        match looks {
            Some(1) => Cell::Answered(vec!["The one rule on it finds and asks nothing here".to_owned()]),
            Some(looks) if looks > 0 => {
                Cell::Answered(vec![format!("The {looks} rules on it find and ask nothing here")])
            }
            _ => Cell::NotApplicable("No rule speaks of it"),
        }
    }
}

fn column(letter: Stride) -> usize {
    match letter {
        Stride::Spoofing => 0,
        Stride::Tampering => 1,
        Stride::Repudiation => 2,
        Stride::InformationDisclosure => 3,
        Stride::DenialOfService | Stride::Availability => 4,
        Stride::ElevationOfPrivilege => 5,
        Stride::Privacy => 6,
    }
}

/// The columns of a rule, each once.
fn columns(rule: &str) -> BTreeSet<usize> {
    let letters = super::find(rule).map(|it| it.stride).unwrap_or_default();
    letters.iter().map(|it| column(*it)).collect()
}

/// How many rules look at elements of a type for a letter.
fn looking(of: Type, letter: Stride) -> usize {
    let looks = |it: &&&Rule| {
        let on = match it.on {
            On::Component | On::Api | On::Dataset | On::Asset => matches!(of, Type::Process | Type::Store),
            On::Flow => matches!(of, Type::Flow | Type::Actor),
            On::Boundary => of == Type::Boundary,
            On::Whole => true,
        };
        on && it.stride.iter().any(|it| column(*it) == column(letter))
    };
    ALL.iter().filter(looks).count()
}

/// The elements that stand for a subject: itself, or the component of an API, a dataset or an asset.
fn elements<'f>(facts: &'f Facts, subject: &'f Id) -> Vec<&'f Id> {
    let model = facts.model();
    if let Some(api) = model.apis().get(subject) {
        return api.component.iter().collect();
    }
    if let Some(dataset) = model.datasets().get(subject) {
        return dataset.store.iter().collect();
    }
    if !model.assets().contains_key(subject) {
        return vec![subject];
    }
    let keeps = |(ix, _): &(ComponentIx, &ComponentNode)| {
        facts.data.kept(*ix).iter().any(|it| facts.data.asset_id(*it) == subject)
    };
    facts.topology.components().filter(keeps).map(|it| &it.1.id).collect()
}

/// What an edit alters.
fn changed(edit: &Edit) -> Vec<Id> {
    let components = edit.of::<Component>().map(|it| it.key.clone());
    let boundaries = edit.of::<Boundary>().map(|it| it.key.clone());
    components.chain(boundaries).chain(edit.of::<Flow>().map(|it| it.key.clone())).collect()
}

/// The answers of an element that settle something, in the order of the table.
fn answers(truth: impl Fn(&str) -> Truth) -> Vec<(&'static [Stride], String)> {
    let settled = COVERED.iter().map(|(slug, letters)| (slug, letters, truth(slug)));
    let settled = settled.filter(|it| is_settled(it.2));
    settled
        .filter_map(|(slug, letters, is)| Some((*letters, told(&Control::find(slug)?.label, is))))
        .collect()
}

fn told(label: &str, truth: Truth) -> String {
    format!("{label}: {}", truth.label().to_lowercase())
}

fn is_settled(truth: Truth) -> bool {
    matches!(truth, Truth::Yes | Truth::NotApplicable)
}

fn is_personal(facts: &Facts, assets: &[crate::analysis::AssetIx]) -> bool {
    assets.iter().any(|it| facts.data.asset(*it).personal.is_yes())
}

/// Why a kind of threat is none of that part's.
fn not_of(part: Part, letter: char, personal: bool) -> Option<&'static str> {
    match (part, letter) {
        (_, 'P') if !personal => Some("No personal data is said to be here."),
        (Part::User, 'T' | 'I' | 'D' | 'E') => {
            Some("It is not part of the system; what happens to it is its own matter.")
        }
        (Part::Store, 'S') => Some("Nobody takes it for somebody; who reaches it is asked at its flows."),
        (Part::Store, 'E') => Some("It runs nothing for others; rights in it are asked at its flows."),
        (Part::Flow, 'S' | 'R' | 'E') => Some("That is asked at the two ends of the flow."),
        _ => None,
    }
}

/// What a flow's own fields answer.
fn of_flow(facts: &Facts, flow: FlowIx, letter: char) -> Option<String> {
    let encrypted = facts.topology.flow(flow).encrypted;
    let is_said = matches!(encrypted, Truth::Yes | Truth::NotApplicable);
    (is_said && matches!(letter, 'T' | 'I'))
        .then(|| format!("Encrypted: {}", encrypted.label().to_lowercase()))
}

/// Findings and questions by element.
struct Said<'r> {
    open: BTreeMap<&'r Id, Vec<(&'r str, Vec<Stride>)>>,
    settled: BTreeMap<&'r Id, Vec<(&'r str, Vec<Stride>)>>,
    asked: BTreeMap<&'r Id, Vec<(&'r str, Vec<Stride>)>>,
}

impl<'r> Said<'r> {
    fn of(facts: &Facts, report: &'r Report, today: &str) -> Self {
        let model = facts.model();
        let mut said = Self { open: BTreeMap::new(), settled: BTreeMap::new(), asked: BTreeMap::new() };
        let of_rule = |rule: &str| find(rule).map(|it| it.stride.to_vec()).unwrap_or_default();
        for finding in &report.findings {
            let by_hand = model.threats().get(&Id::slug(&finding.detail));
            let kinds = match by_hand.filter(|_| finding.rule == super::THREAT_BY_HAND) {
                Some(threat) => threat.stride.clone(),
                None => of_rule(finding.rule),
            };
            let is_settled = matches!(finding.standing(model, today), Standing::Settled(_));
            let list = if is_settled { &mut said.settled } else { &mut said.open };
            for subject in &finding.subjects {
                list.entry(subject).or_default().push((&finding.key, kinds.clone()));
            }
        }
        for question in &report.questions {
            let kinds = of_rule(question.rule);
            said.asked.entry(&question.subject).or_default().push((&question.key, kinds));
        }
        said
    }

    fn row(
        &self,
        id: &Id,
        part: Part,
        personal: bool,
        control: &dyn Fn(&str) -> Truth,
        own: &dyn Fn(char) -> Option<String>,
    ) -> Row {
        let keys = |of: &BTreeMap<&Id, Vec<(&str, Vec<Stride>)>>, kinds: &[Stride]| -> Vec<String> {
            let said = of.get(id).into_iter().flatten();
            let is_meant = |it: &&(&str, Vec<Stride>)| it.1.iter().any(|kind| kinds.contains(kind));
            said.filter(is_meant).map(|it| it.0.to_owned()).collect()
        };
        let cell = |(letter, _, kinds): &(char, &str, &[Stride])| {
            for (keys, cell) in [
                (keys(&self.open, kinds), Cell::Found as fn(Vec<String>) -> Cell),
                (keys(&self.asked, kinds), Cell::Asked),
                (keys(&self.settled, kinds), Cell::Settled),
            ] {
                if !keys.is_empty() {
                    return cell(keys);
                }
            }
            if let Some(why) = not_of(part, *letter, personal) {
                return Cell::NotApplicable(why);
            }
            let is_meant = |it: &&Control| it.stride.iter().any(|kind| kinds.contains(kind));
            let answer = |it: &Control| match control(&it.slug) {
                said @ (Truth::Yes | Truth::NotApplicable) => {
                    Some(format!("{}: {}", it.label, said.label().to_lowercase()))
                }
                Truth::No | Truth::Unknown => None,
            };
            let answers = Control::all().iter().filter(is_meant).filter_map(answer);
            let answered: Vec<String> = own(*letter).into_iter().chain(answers).collect();
            if answered.is_empty() { Cell::Clear(looking(kinds)) } else { Cell::Answered(answered) }
        };
        Row { element: id.clone(), cells: COLUMNS.iter().map(cell).collect() }
    }
}

/// How many rules look for these kinds of threats.
fn looking(kinds: &[Stride]) -> usize {
    super::ALL.iter().filter(|it| it.stride.iter().any(|kind| kinds.contains(kind))).count()
}

/// How many cells of which sort there are: `(found, asked, settled or answered, clear, not applicable)`.
pub fn totals(rows: &[Row]) -> [usize; 5] {
    let mut totals = [0; 5];
    for cell in rows.iter().flat_map(|it| &it.cells) {
        totals[match cell {
            Cell::Found(_) => 0,
            Cell::Asked(_) => 1,
            Cell::Settled(_) | Cell::Answered(_) => 2,
            Cell::Clear(_) => 3,
            Cell::NotApplicable(_) => 4,
        }] += 1;
    }
    totals
}
fn boundaries_with_personal(facts: &Facts) -> BTreeSet<crate::analysis::BoundaryIx> {
    let topology = &facts.topology;
    let mut found = BTreeSet::new();
    for (ix, node) in topology.components() {
        if is_personal(facts, facts.data.handled(ix)) {
            // Those around one that is known are known.
            found.extend(
                topology.outward(node.within).take_while(|it| !found.contains(it)).collect::<Vec<_>>(),
            );
        }
    }
    found
}

/// Which letters an answer to a control covers.
const COVERED: &[(&str, &[Stride])] = {
    use Stride::{
        DenialOfService as D, ElevationOfPrivilege as E, InformationDisclosure as I, Privacy as P,
        Repudiation as R, Spoofing as S, Tampering as T,
    };
    &[
        ("authentication", &[S, E]),
        ("authorisation", &[T, I, E]),
        ("second-factor", &[S, E]),
        ("identity-propagation", &[S, R, E]),
        ("own-credentials", &[S, R]),
        ("least-privilege", &[E]),
        ("secrets", &[S, I]),
        ("input-validation", &[T, E]),
        ("parameterised-queries", &[T, I, E]),
        ("output-encoding", &[T, E]),
        ("safe-commands", &[T, E]),
        ("rate-limiting", &[D]),
        ("blocking", &[D]),
        ("waf", &[T, E]),
        ("egress-restriction", &[I]),
        ("session-handling", &[D]),
        ("session-cookies", &[S]),
        ("csrf-protection", &[S, T]),
        ("callback-signatures", &[S, T]),
        ("encryption-at-rest", &[I, P]),
        ("key-management", &[I, P]),
        ("backups", &[T, D]),
        ("restore-tested", &[D]),
        ("cache-policy", &[I, D]),
        ("cache-keys", &[I, P]),
        ("dead-letter-queue", &[D]),
        ("message-checks", &[S, T, E]),
        ("timeouts", &[D]),
        ("data-agreement", &[I, P]),
        ("health-checks", &[D]),
        ("loss-accepted", &[D]),
        ("logging", &[R]),
        ("append-only-logs", &[T, R]),
        ("log-masking", &[I, P]),
        ("monitoring", &[R, D]),
        ("patching", &[T, E]),
        ("hardening", &[T, E]),
        ("image-scanning", &[T, E]),
        ("review-before-deploy", &[T, R, E]),
        ("scales-out", &[D]),
        ("prompt-filtering", &[T, E]),
    ]
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::{run, testing};

    /// The cells of an element, a letter each: F, ?, s, a, ., -.
    fn cells(text: &str, id: &str) -> String {
        let facts = testing::facts(text);
        let report = run(&facts);
        let rows = coverage(&facts, &report, "");
        let row = rows.iter().find(|it| it.element.as_str() == id).unwrap();
        assert_eq!(row.cells.len(), COLUMNS.len());
        row.cells
            .iter()
            .map(|it| match it {
                Cell::Found(keys) => {
                    assert!(keys.iter().all(|it| report.finding(it).is_some()));
                    'F'
                }
                Cell::Asked(keys) => {
                    assert!(keys.iter().all(|it| report.question(it).is_some()));
                    '?'
                }
                Cell::Settled(_) => 's',
                Cell::Answered(_) => 'a',
                Cell::Clear(rules) => {
                    assert!(*rules > 0, "a cell without a reason");
                    '.'
                }
                Cell::NotApplicable(why) => {
                    assert!(why.ends_with('.'));
                    '-'
                }
            })
            .collect()
    }

    const SHOP: &str = "asset cards: secret; user -> web: https; web -> db: postgres [encrypted]
        db: postgres [stores cards; encryption-at-rest no]; web [authentication yes; rate-limiting yes]";

    #[test]
    fn every_cell_has_a_reason() {
        let store = cells(SHOP, "db");
        assert_eq!((&store[..1], &store[3..4], &store[5..]), ("-", "F", "--"), "{store}");
        assert_eq!(&cells(SHOP, "user")[1..2], "-");
        assert_eq!(&cells(SHOP, "web")[..1], "a", "who calls must log in");
        let flow = cells(SHOP, "web-db");
        assert_eq!((&flow[..1], &flow[1..2], &flow[3..4]), ("-", "a", "a"), "{flow}");
    }

    #[test]
    fn verdicts_settle_and_threats_by_hand_count() {
        let verdict = "verdict \"sensitive-data-at-rest-clear:db\" [state accepted; reason r]";
        assert_eq!(&cells(&format!("{SHOP}; {verdict}"), "db")[3..4], "s");
        let threat = "threat t \"A bribed user\" [stride spoofing; subjects user]";
        assert_eq!(&cells(&format!("{SHOP}; {threat}"), "user")[..1], "F");
    }

    #[test]
    fn privacy_is_asked_where_personal_data_is() {
        assert_eq!(&cells(SHOP, "db")[6..], "-");
        assert_ne!(&cells(&SHOP.replace("cards: secret", "cards: secret [personal]"), "db")[6..], "-");
    }

    #[test]
    fn totals_count_every_cell() {
        let facts = testing::facts(SHOP);
        let rows = coverage(&facts, &run(&facts), "");
        assert_eq!(totals(&rows).iter().sum::<usize>(), rows.len() * COLUMNS.len());
    const SHOP: &str = "asset accounts \"Accounts\": confidential [personal yes]; user -> web: https [carries accounts]
        web [authentication yes; logging no; monitoring yes]; boundary data: tier { db: postgres [stores accounts; replicas 2] }
        web -> db: postgres; job -> bus: https";

    fn row(text: &str, id: &str) -> String {
        let facts = testing::facts(text);
        let rows = coverage(&facts, &run(&facts));
        let row = rows.iter().find(|it| it.element.as_str() == id).unwrap();
        let cell = |letter: Stride| {
            let (word, texts) = match row.cell(letter) {
                Cell::Finding(it) => ("finding", it.clone()),
                Cell::Question(it) => ("question", it.clone()),
                Cell::Answered(it) => ("answered", it.clone()),
                Cell::NotApplicable(it) => ("no", vec![(*it).to_owned()]),
            };
            format!("{} {word} {}", letter.letter(), texts.join(" & "))
        };
        LETTERS.map(cell).join("\n")
    }

    #[test]
    fn letters_apply_by_the_kind_of_element() {
        let letters = |id: &str| -> String {
            let facts = testing::facts(SHOP);
            // Without a report only the table speaks.
            let rows = coverage(&facts, &Report::default());
            let row = rows.iter().find(|it| it.element.as_str() == id).unwrap();
            let applies = |it: &&Stride| !matches!(row.cell(**it), Cell::NotApplicable(why) if *why != "No rule speaks of it");
            LETTERS.iter().filter(applies).map(|it| it.letter()).collect()
        };
        let of = ["user", "web", "db", "bus", "user-web", "job-bus", "data"];
        assert_eq!(of.map(letters), ["SRP", "STRIDEP", "TRIDP", "TRID", "TIDP", "TID", "IDEP"]);
    }

    #[test]
    fn what_is_found_outweighs_what_is_asked_and_that_what_was_answered() {
        let web = row(SHOP, "web");
        assert!(web.contains("R finding logging-missing:web"), "{web}");
        assert!(web.contains("S answered Authentication: yes"), "{web}");
        assert!(web.contains("E question db.controls.hardening"), "{web}");
        let way = row(SHOP, "user-web");
        assert!(way.contains("I answered Encrypted: yes"), "{way}");
        let job = row(SHOP, "job");
        assert!(job.contains("S answered Nothing from the internet reaches it"), "{job}");
    }

    #[test]
    fn a_verdict_answers_a_finding() {
        let text = format!("{SHOP}; verdict \"logging-missing:web\" [state accepted; reason \"small\"]");
        assert!(row(&text, "web").contains("& logging-missing:web: accepted"), "{}", row(&text, "web"));
    }

    #[test]
    fn a_question_speaks_of_all_that_its_answer_changes() {
        let text = "asset a: secret; user -> lb -> web-1, web-2: https [carries a]; lb: aws-alb";
        for id in ["web-1", "web-2"] {
            assert!(row(text, id).contains("T question web-1.controls.hardening"), "{}", row(text, id));
        }
    }

    #[test]
    fn every_covered_control_is_one() {
        for (slug, letters) in COVERED {
            assert!(Control::find(slug).is_some() && !letters.is_empty(), "{slug}");
        }
    }

    #[test]
    fn no_cell_is_without_a_reason_and_no_element_without_a_row() {
        let facts =
            testing::facts(&format!("{SHOP}; hint \"Hint\": note; boundary out: internet-edge {{ }}"));
        let rows = coverage(&facts, &run(&facts));
        let ids: Vec<&str> = rows.iter().map(|it| it.element.as_str()).collect();
        assert_eq!(ids, ["bus", "db", "job", "user", "web", "job-bus", "user-web", "web-db", "data"]);
        for cell in rows.iter().flat_map(|it| &it.cells) {
            let is_told = match cell {
                Cell::Finding(it) | Cell::Question(it) | Cell::Answered(it) => !it.is_empty(),
                Cell::NotApplicable(it) => !it.is_empty(),
            };
            assert!(is_told, "{cell:?}");
        }
    }
}
