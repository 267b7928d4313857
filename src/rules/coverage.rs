//! Coverage: every element against every kind of threat, so that "have we looked at everything?" has an answer.
//!
//! Which kinds an element can have at all follows its type, as in STRIDE per element (Shostack, "Threat Modeling:
//! Designing for Security", Wiley 2014, chapter 3): who uses the system, what works in it, what keeps data, what flows.

use std::collections::BTreeMap;

use super::{On, Question, Report, Says, Standing, stride};
use crate::analysis::{ComponentIx, ComponentNode, Facts, FlowIx};
use crate::model::{Capability, Change, Control, Family, Id, Stride, Truth, natural};

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
    Boundary,
}

impl Part {
    /// Whether a rule on such things may say something of this part: what is said of an API, a dataset or an asset stands
    /// at the component that has it.
    fn is_looked_at(self, on: On) -> bool {
        match on {
            On::Whole => true,
            On::Component => matches!(self, Self::User | Self::Process | Self::Store),
            On::Flow => self == Self::Flow,
            On::Boundary => self == Self::Boundary,
            On::Api | On::Dataset | On::Asset => matches!(self, Self::Process | Self::Store),
        }
    }
}

/// Every component, flow and boundary against every kind of threat, on a day (see [`super::Finding::standing`]): first the
/// components, then the flows, then the boundaries, each by title.
pub fn coverage(facts: &Facts, report: &Report, today: &str) -> Vec<Row> {
    let said = Said::of(facts, report, today);
    let components = facts.topology.components().filter_map(|(ix, node)| {
        let personal = is_personal(facts, facts.data.handled(ix));
        Some(said.row(&node.id, part(node)?, personal, &|slug| node.control(slug), &|_| None))
    });
    let flows = facts.topology.flows().map(|(ix, flow)| {
        let personal = is_personal(facts, facts.data.carried(ix));
        let control = |slug: &str| flow.record.controls.truth(slug);
        said.row(&flow.id, Part::Flow, personal, &control, &|column| of_flow(facts, ix, column))
    });
    let boundaries = facts.topology.boundaries().map(|(_, node)| {
        let control = |slug: &str| node.record.controls.truth(slug);
        said.row(&node.id, Part::Boundary, false, &control, &|_| None)
    });
    let groups: [Vec<Row>; 3] = [components.collect(), flows.collect(), boundaries.collect()];
    let model = facts.model();
    let sorted = groups.into_iter().map(|mut rows| {
        // They come by id, and so those of one title stay.
        rows.sort_by_cached_key(|it| natural(&model.title(&it.element)));
        rows
    });
    sorted.flatten().collect()
}

fn part(node: &ComponentNode) -> Option<Part> {
    match node.kind.family {
        Family::Note => None,
        Family::Outside => Some(Part::User),
        _ if node.can(Capability::NotOurs) => Some(Part::User),
        Family::Data | Family::Messaging => Some(Part::Store),
        _ => Some(Part::Process),
    }
}

fn is_personal(facts: &Facts, assets: &[crate::analysis::AssetIx]) -> bool {
    assets.iter().any(|it| facts.data.asset(*it).personal.is_yes())
}

/// Why a kind of threat is none of that part's.
fn not_of(part: Part, letter: char, personal: bool) -> Option<&'static str> {
    match (part, letter) {
        (_, 'P') if !personal => Some("No personal data is said to be here."),
        (Part::User, 'T' | 'I' | 'D' | 'E') => {
            Some("Not part of the system: what happens there is for others to judge.")
        }
        (Part::Store, 'S') => Some("Nobody can pass for a store; who gets in is asked at the flows."),
        (Part::Store, 'E') => Some("Nothing runs there for others; rights are asked at the flows."),
        (Part::Boundary, 'S' | 'T' | 'R') => {
            Some("A boundary does nothing; that is asked of what stands inside.")
        }
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

/// Keys of findings or questions, with the kinds of threats that they are about, by element.
type Keys<'r> = BTreeMap<&'r Id, Vec<(&'r str, &'r [Stride])>>;

/// Findings and questions by element.
struct Said<'r> {
    open: Keys<'r>,
    settled: Keys<'r>,
    asked: Keys<'r>,
    /// What each rule looks at, and for which kinds of threats.
    rules: Vec<(On, &'r [Stride])>,
}

impl<'r> Said<'r> {
    fn of(facts: &'r Facts, report: &'r Report, today: &str) -> Self {
        let model = facts.model();
        let built_in = super::ALL.iter().map(|it| (it.on, it.stride));
        let of_packs = report.packs().iter().map(|it| (it.on(), stride(model, &it.id())));
        let mut said = Self {
            open: BTreeMap::new(),
            settled: BTreeMap::new(),
            asked: BTreeMap::new(),
            rules: built_in.chain(of_packs).collect(),
        };
        for finding in super::in_order(model, report.findings.iter(), |it| it) {
            let by_hand = model.threats().get(&Id::slug(&finding.detail));
            let kinds = match by_hand.filter(|_| finding.rule == super::THREAT_BY_HAND) {
                Some(threat) => &threat.stride,
                None => stride(model, &finding.rule),
            };
            let is_settled = matches!(finding.standing(model, today), Standing::Settled(_));
            let list = if is_settled { &mut said.settled } else { &mut said.open };
            for row in rows_of(facts, &finding.subjects) {
                list.entry(row).or_default().push((&finding.key, kinds));
            }
        }
        for question in super::questions_in_order(model, report.questions.iter().map(|it| &**it)) {
            let kinds = stride(model, &question.rule);
            for row in rows_of(facts, asked_of(question)) {
                said.asked.entry(row).or_default().push((&question.key, kinds));
            }
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
        let keys = |of: &Keys<'_>, kinds: &[Stride]| -> Vec<String> {
            let said = of.get(id).into_iter().flatten();
            let is_meant = |it: &&(&str, &[Stride])| it.1.iter().any(|kind| kinds.contains(kind));
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
            if !answered.is_empty() {
                return Cell::Answered(answered);
            }
            let looks = |(on, of): &&(On, &[Stride])| {
                part.is_looked_at(*on) && of.iter().any(|kind| kinds.contains(kind))
            };
            match self.rules.iter().filter(looks).count() {
                0 => Cell::NotApplicable("No rule looks for this here."),
                rules => Cell::Clear(rules),
            }
        };
        Row { element: id.clone(), cells: COLUMNS.iter().map(cell).collect() }
    }
}

/// All that a question is about: the field that it names, and what its answers change besides. Stores that copy each
/// other are asked about once.
fn asked_of(question: &Question) -> Vec<&Id> {
    let mut all = vec![&question.subject];
    for choice in &question.choices {
        match &choice.says {
            Says::Answer(fields, _) => all.extend(fields.iter().map(|it| &it.subject)),
            Says::Edit(edit) => all.extend(edit.changes().iter().filter_map(|it| match it {
                Change::Component(it) => Some(&it.key),
                Change::Boundary(it) => Some(&it.key),
                Change::Flow(it) => Some(&it.key),
                Change::Asset(it) => Some(&it.key),
                Change::Api(it) => Some(&it.key),
                Change::Dataset(it) => Some(&it.key),
                _ => None,
            })),
        }
    }
    all
}

/// The elements whose rows have what is said of others, each once: an API stands at its component, a dataset at its
/// store, an asset at all who keep it.
fn rows_of<'r>(facts: &'r Facts, subjects: impl IntoIterator<Item = &'r Id>) -> Vec<&'r Id> {
    let (model, data) = (facts.model(), &facts.data);
    let of = |it: ComponentIx| &facts.topology.component(it).id;
    let mut rows: Vec<&Id> = Vec::new();
    for id in subjects {
        if model.apis().contains_key(id) {
            let at = data.apis().binary_search_by(|it| it.id.cmp(id)).ok();
            rows.extend(at.and_then(|it| data.apis().get(it)?.component).map(of));
        } else if model.datasets().contains_key(id) {
            let at = data.datasets().binary_search_by(|it| it.id.cmp(id)).ok();
            rows.extend(at.and_then(|it| data.datasets().get(it)?.store).map(of));
        } else if let Some(asset) = data.find_asset(id) {
            rows.extend(data.keepers(asset).iter().map(|it| of(*it)));
        } else {
            rows.push(id);
        }
    }
    rows.sort_unstable();
    rows.dedup();
    rows
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

    const SHOP: &str =
        "asset cards: secret; user -> web: https; web -> db: postgres [encrypted; carries cards]
        db: postgres [stores cards; encryption-at-rest no]; web [authentication yes; rate-limiting yes]";

    #[test]
    fn every_cell_has_a_reason() {
        let store = cells(SHOP, "db");
        assert_eq!((&store[3..4], &store[6..]), ("F", "-"), "{store}");
        assert_eq!(&cells(SHOP, "user")[1..2], "-");
        assert_eq!(&cells(SHOP, "web")[..1], "a", "who calls must log in");
        let flow = cells(SHOP, "web-db");
        assert_eq!((&flow[..1], &flow[1..2], &flow[3..4]), ("-", "a", "a"), "{flow}");
    }

    #[test]
    fn verdicts_settle_and_threats_by_hand_count() {
        let verdict = "verdict \"sensitive-data-at-rest-clear:db\" [state accepted; reason r]";
        // What is left there are questions, if anything.
        assert_ne!(&cells(&format!("{SHOP}; {verdict}"), "db")[3..4], "F");
        let threat = "threat t \"A bribed user\" [stride spoofing; subjects user]";
        assert_eq!(&cells(&format!("{SHOP}; {threat}"), "user")[..1], "F");
    }

    #[test]
    fn privacy_is_asked_where_personal_data_is() {
        assert_eq!(&cells(SHOP, "db")[6..], "-");
        assert_ne!(&cells(&SHOP.replace("cards: secret", "cards: secret [personal]"), "db")[6..], "-");
    }

    #[test]
    fn a_question_of_several_stands_at_each_of_them() {
        let text = "asset cards: secret; user -> web: https; web -> a: postgres [write]; a -> b: postgres [replicate]
            a: postgres [stores cards]; b: postgres [stores cards]";
        assert_eq!((&cells(text, "a")[3..4], &cells(text, "b")[3..4]), ("?", "?"));
    }

    #[test]
    fn what_is_asked_of_an_api_and_found_of_a_boundary_has_its_row() {
        let api = "user -> web: https; web; api comment \"post\" [component web; parameter user_location]
            asset place: confidential [personal]";
        let facts = testing::facts(api);
        let report = run(&facts);
        let asked = report.questions.iter().find(|it| it.subject.as_str() == "comment").unwrap();
        let rows = coverage(&facts, &report, "");
        let web = rows.iter().find(|it| it.element.as_str() == "web").unwrap();
        assert!(web.cells.iter().any(|it| matches!(it, Cell::Asked(keys) if keys.contains(&asked.key))));
        let tier = "asset cards: secret; user -> web: https; web -> db: postgres
            boundary t: tier [segmented no] { db: postgres [stores cards] }";
        assert!(cells(tier, "t").contains('F'), "{}", cells(tier, "t"));
    }

    #[test]
    fn rows_are_by_title_within_components_flows_and_boundaries() {
        let facts = testing::facts(
            "user \"users\": user; boundary t \"Tier 10\": tier { a \"No. 10\": web-server }
             boundary u \"tier 9\": tier { b \"No. 2\": web-server }; user -> a, b: https",
        );
        let rows = coverage(&facts, &run(&facts), "");
        let titles: Vec<String> = rows.iter().map(|it| facts.model().title(&it.element)).collect();
        let all = ["No. 2", "No. 10", "users", "users → No. 2", "users → No. 10", "tier 9", "Tier 10"];
        assert_eq!(titles, all);
    }

    #[test]
    fn totals_count_every_cell() {
        let facts = testing::facts(SHOP);
        let rows = coverage(&facts, &run(&facts), "");
        assert_eq!(totals(&rows).iter().sum::<usize>(), rows.len() * COLUMNS.len());
    }
}
