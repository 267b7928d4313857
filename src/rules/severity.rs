//! How bad: one table of impact and exposure, for all rules, and how both follow from the facts.

use crate::analysis::{AssetIx, ComponentIx, Facts, particulars_of};
use crate::model::{Asset, Class, Levels, Severity, Truth};

use super::words;

/// What is at stake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Impact {
    Slight,
    /// Personal, internal or unclassified data, or a part of the users lost.
    Serious,
    /// Secret, confidential or credential data, or every entry actor lost.
    Grave,
}

/// How near an attacker is, or how much of the users is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Exposure {
    /// Hop 0, and nobody has to log in, or nobody has said; of a loss: all is lost.
    Open,
    /// Hop 0 behind a login, or served by what hands requests on; of a loss: a part is lost.
    Guarded,
    /// One compromise away.
    OneHop,
    Deeper,
}

/// The level by the table of the document.
pub fn severity(facts: &Facts, impact: Impact, exposure: Exposure) -> Severity {
    level(&facts.model().the_brief().levels, impact, exposure)
}

/// The level by a table: rows are impact, columns exposure.
pub fn level(levels: &Levels, impact: Impact, exposure: Exposure) -> Severity {
    let row = match impact {
        Impact::Grave => levels.grave,
        Impact::Serious => levels.serious,
        Impact::Slight => levels.slight,
    };
    match exposure {
        Exposure::Open => row[0],
        Exposure::Guarded => row[1],
        Exposure::OneHop => row[2],
        Exposure::Deeper => row[3],
    }
}

impl Impact {
    pub fn label(self) -> &'static str {
        match self {
            Self::Slight => "slight",
            Self::Serious => "serious",
            Self::Grave => "grave",
        }
    }

    /// What an asset is worth to whoever should not see it.
    pub fn of_asset(asset: &Asset) -> Self {
        if asset.credential.is_yes() || matches!(asset.class, Class::Confidential | Class::Secret) {
            Self::Grave
        } else if asset.personal.is_yes() || matches!(asset.class, Class::Internal | Class::Unknown) {
            Self::Serious
        } else {
            Self::Slight
        }
    }
}

/// What assets are worth together, and in words: `Card numbers (secret)`, `Card numbers (secret) and 2 more`.
pub fn worth(facts: &Facts, assets: &[AssetIx]) -> (Impact, String) {
    let rank = |it: &AssetIx| {
        let asset = facts.data.asset(*it);
        (Impact::of_asset(asset), asset.class, std::cmp::Reverse(*it))
    };
    let Some(dearest) = assets.iter().copied().max_by_key(rank) else {
        return (Impact::Slight, "data that nobody has named".to_owned());
    };
    let asset = facts.data.asset(dearest);
    let impact = Impact::of_asset(asset);
    let class = if asset.class == Class::Secret || !asset.credential.is_yes() {
        asset.class.label().to_lowercase()
    } else {
        "a credential".to_owned()
    };
    let more = if assets.len() > 1 { format!(" and {} more", assets.len() - 1) } else { String::new() };
    let name = if asset.name.is_empty() { facts.data.asset_id(dearest).as_str() } else { &asset.name };
    (impact, format!("{name} ({class}){more}"))
}

/// What assets are worth together.
pub fn impact(facts: &Facts, assets: &[AssetIx]) -> Impact {
    assets.iter().map(|it| Impact::of_asset(facts.data.asset(*it))).max().unwrap_or(Impact::Slight)
}

/// How near the internet is to a component, and in words that call it `there`: `anyone on the internet gets there`.
///
/// The fewest compromises that are possible count; *may* says that no certain way has as few.
pub fn nearness(facts: &Facts, component: ComponentIx) -> (Exposure, String) {
    let near = Near::of(facts, component);
    (near.exposure(), near.words(facts, None))
}

/// The same in words that call it by a name: `anyone on the internet gets to Web servers`.
pub(super) fn nearness_of(facts: &Facts, component: ComponentIx, name: &str) -> (Exposure, String) {
    let near = Near::of(facts, component);
    (near.exposure(), near.words(facts, Some(name)))
}

/// The nearest of some components, the first of those as near: how near it is, in words, and which it is.
pub(super) fn nearest(
    facts: &Facts,
    components: impl IntoIterator<Item = ComponentIx>,
) -> Option<(Exposure, String, ComponentIx)> {
    let all = components.into_iter().map(|it| (Near::of(facts, it), it));
    let (near, component) = all.min_by_key(|it| it.0.exposure())?;
    Some((near.exposure(), near.words(facts, None), component))
}

/// How the internet comes to a component; `may` where that is a question.
#[derive(Debug, Clone, Copy)]
enum Near {
    Login { may: bool },
    Anyone { may: bool },
    HandedOn { by: ComponentIx, may: bool },
    Compromises { hops: u32, may: bool },
    Never,
}

impl Near {
    fn of(facts: &Facts, component: ComponentIx) -> Self {
        let reach = &facts.reach;
        let exposed = reach.exposed_of(component).iter().map(|it| (it.hop, it.question)).min();
        let served = reach.served_of(component).iter().min_by_key(|it| (it.hop, it.question));
        if let Some((0, may)) = exposed {
            particulars_of(component);
            return match facts.topology.component(component).control("authentication") {
                Truth::Yes | Truth::NotApplicable => Self::Login { may },
                Truth::No | Truth::Unknown => Self::Anyone { may },
            };
        }
        if let Some(served) = served.filter(|it| it.hop == 0) {
            return Self::HandedOn { by: served.by, may: served.question };
        }
        let hops = exposed.into_iter().chain(served.map(|it| (it.hop, it.question))).min();
        hops.map_or(Self::Never, |(hops, may)| Self::Compromises { hops, may })
    }

    fn exposure(self) -> Exposure {
        match self {
            Self::Anyone { .. } => Exposure::Open,
            Self::Login { .. } | Self::HandedOn { .. } => Exposure::Guarded,
            Self::Compromises { hops: 1, .. } => Exposure::OneHop,
            Self::Compromises { .. } | Self::Never => Exposure::Deeper,
        }
    }

    /// Of what may be one or many: nothing in it is the subject of a verb.
    fn words(self, facts: &Facts, name: Option<&str>) -> String {
        let verb = |may: bool, sure: &'static str, unsure: &'static str| if may { unsure } else { sure };
        let place = name.map_or_else(|| "there".to_owned(), |it| format!("to {it}"));
        match self {
            Self::Login { may } => {
                let login = name.map_or_else(|| "there".to_owned(), |it| format!("of {it}"));
                format!("the internet {} the login {login}", verb(may, "reaches", "may reach"))
            }
            Self::Anyone { may } => {
                format!("anyone on the internet {} {place}", verb(may, "gets", "may get"))
            }
            Self::HandedOn { by, may } => {
                let (by, get) = (words::name(facts, by), verb(may, "get", "may get"));
                format!("requests from the internet {get} {place} through {by}")
            }
            Self::Compromises { hops, may } => {
                let far = if hops == 1 { "one compromise".to_owned() } else { format!("{hops} compromises") };
                let from = name.map_or_else(String::new, |it| format!(" from {it}"));
                format!("the internet {} {far} away{from}", verb(may, "is", "may be"))
            }
            Self::Never => format!("nothing from the internet gets {place}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Id;
    use crate::rules::testing;

    fn worth_of(text: &str) -> String {
        let facts = testing::facts(text);
        let assets: Vec<AssetIx> = (0..facts.model().assets().len()).map(AssetIx::from).collect();
        let (impact, words) = worth(&facts, &assets);
        format!("{}: {words}", impact.label())
    }

    #[test]
    fn findings_and_questions_follow_the_table_of_the_house() {
        let weighed = |levels: Levels| {
            let text =
                "db: postgres [stores a; encryption-at-rest no]; other: postgres [stores a]; asset a: secret";
            let mut model = crate::formats::text::read(text).unwrap();
            let mut draft = crate::model::Draft::of(&model);
            draft.edit::<crate::model::Brief>(&(), |it| it.levels = levels);
            let edit = draft.finish();
            model.apply(&edit);
            let report = crate::rules::run(&Facts::of(std::sync::Arc::new(model)));
            let key = "sensitive-data-at-rest-clear:db";
            let question = report.question("other.controls.encryption-at-rest").unwrap();
            (report.finding(key).unwrap().severity, question.weight / 1000 - 1)
        };
        let (usual, as_usual) = weighed(Levels::default());
        assert_eq!(as_usual, usual as u32);
        let calm =
            Levels { grave: [Severity::Low; 4], serious: [Severity::Low; 4], slight: [Severity::Low; 4] };
        assert_eq!(weighed(calm), (Severity::Low, Severity::Low as u32));
        assert_ne!(usual, Severity::Low);
    }

    #[test]
    fn the_gravest_asset_counts() {
        assert_eq!(worth_of(""), "slight: data that nobody has named");
        assert_eq!(worth_of("asset a: public; asset b \"B\": internal"), "serious: B (internal) and 1 more");
        assert_eq!(
            worth_of("asset a \"A\": confidential; asset b \"B\": secret"),
            "grave: B (secret) and 1 more"
        );
        assert_eq!(worth_of("asset a \"A\": internal [credential yes]"), "grave: A (a credential)");
        assert_eq!(worth_of("asset a \"A\": public [personal yes]"), "serious: A (public)");
        assert_eq!(worth_of("asset a \"A\""), "serious: A (unclassified)");
    }

    fn near(text: &str) -> (Exposure, String) {
        let facts = testing::facts(text);
        let (exposure, near) = nearness(&facts, facts.topology.find_component(&Id::slug("x")).unwrap());
        (exposure, testing::words(&facts, near))
    }

    #[test]
    fn a_document_may_have_levels_of_its_own() {
        let text =
            "asset cards: secret; web -> db: postgres; db: postgres [stores cards; encryption-at-rest no]";
        let of = |text: &str| {
            let report = crate::rules::run(&testing::facts(text));
            let finding = report.finding("sensitive-data-at-rest-clear:db").unwrap();
            (finding.severity, finding.because.clone())
        };
        let usual = of(text);
        assert_eq!(usual.0, Severity::Medium);
        assert!(usual.1.to_string().ends_with("grave impact, medium."), "{}", usual.1);
        let own = of(&format!("{text}; brief \"B\" [level grave critical critical high low]"));
        assert_eq!(own.0, Severity::Low);
        assert!(own.1.to_string().ends_with("grave impact, low."), "{}", own.1);
    }

    #[test]
    fn nearness_is_that_of_the_nearest_way() {
        let told = |text: &str| near(text).1;
        assert_eq!(told("user -> x: https"), "anyone on the internet gets there");
        assert_eq!(told("user -> x: https; x [authentication yes]"), "the internet reaches the login there");
        assert_eq!(
            told("lb \"The balancer\"; user -> lb -> x: https"),
            "requests from the internet get there through The balancer"
        );
        assert_eq!(told("user -> web -> x: https"), "the internet is one compromise away");
        assert_eq!(told("user -> web -> a -> x: https"), "the internet is 2 compromises away");
        assert_eq!(told("x -> web"), "nothing from the internet gets there");
        let tier = "boundary t: tier { x [listens 443] }; user";
        assert_eq!(told(tier), "anyone on the internet may get there");
        assert_eq!(near(tier).0, Exposure::Open);
    }
}
