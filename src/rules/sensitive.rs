//! Which assets are sensitive, for all rules: confidential or secret ones, credentials, and personal ones that are not
//! public.

use crate::analysis::{AssetIx, ComponentIx, Facts};
use crate::model::{Asset, Class, Id};

pub(super) fn is_sensitive(asset: &Asset) -> bool {
    matches!(asset.class, Class::Confidential | Class::Secret)
        || asset.credential.is_yes()
        || (asset.personal.is_yes() && asset.class != Class::Public)
}

/// Those of some assets that are sensitive.
pub(super) fn sensitive<'f>(facts: &'f Facts, of: &'f [AssetIx]) -> impl Iterator<Item = AssetIx> + 'f {
    of.iter().copied().filter(|it| is_sensitive(facts.data.asset(*it)))
}

/// The sensitive assets that a component keeps.
pub(super) fn kept(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = AssetIx> + '_ {
    sensitive(facts, facts.data.kept(component))
}

/// The sensitive assets that a component keeps or handles.
pub(super) fn handled(facts: &Facts, component: ComponentIx) -> impl Iterator<Item = AssetIx> + '_ {
    sensitive(facts, facts.data.handled(component))
}

/// What a verdict remembers of an asset: `cards: secret, personal`.
pub(super) fn fact(id: &Id, asset: &Asset) -> String {
    let mut fact = format!("{id}: {}", asset.class.slug());
    for (answer, word) in [(&asset.personal, "personal"), (&asset.credential, "credential")] {
        if answer.is_yes() {
            fact.push_str(", ");
            fact.push_str(word);
        }
    }
    fact
}

/// What a verdict remembers of assets.
pub(super) fn said(facts: &Facts, assets: &[AssetIx]) -> Vec<String> {
    assets.iter().map(|it| fact(facts.data.asset_id(*it), facts.data.asset(*it))).collect()
}
