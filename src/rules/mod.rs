//! Rules: what Parapet finds and asks. One file a rule, with its manual, check, fix and tests.
//!
//! A rule sees facts, never the screen or the disk. It is registered by two lines here: its module and its place in
//! [`ALL`], both in alphabetic order; a test finds the file that nobody listed.

mod about;
mod admin_without_second_factor;
mod agent_overreach;
mod alike;
mod arguments;
mod asynchronous_path_less_protected;
mod audit_trail_missing;
mod authorisation_missing;
mod backup_less_protected;
mod backup_missing;
mod balancing_unknown;
mod blocking_missing;
mod browsers;
mod bundles;
mod cache_key_confusion;
mod cache_loss_overloads_store;
mod cache_policy_unknown;
mod cases;
mod clear;
mod client_value_trusted;
mod command_or_template_injection;
mod component_outside_boundaries;
mod copies;
mod coverage;
mod credentials_shared;
mod cross_shard_join;
mod csrf;
mod data_leaves_jurisdiction;
mod deep_synchronous_chain;
mod dependency_cycle;
mod direct_admin_access;
mod duties;
mod egress_unrestricted;
mod entries;
mod entry_without_authentication;
mod exposed_admin_port;
mod exposed_data_store;
mod exposed_port;
mod exposures;
mod failover_overloads_survivors;
mod file_upload_unchecked;
mod filter_bypassed;
mod finding;
mod flat_network;
mod flow_to_closed_port;
mod hard_third_party_in_user_path;
mod hardening_unknown;
mod health_check_missing;
mod hot_partition;
mod identity_not_propagated;
mod identity_provider_unprotected;
mod image_or_patch_unmanaged;
mod input_unvalidated;
mod keeping;
mod keys_without_manager;
mod kind;
mod listener_without_flow;
mod loads;
mod log_tamperable;
mod logging_missing;
mod mixed_trust_on_host;
mod monitoring_missing;
mod multi_writer_conflicts;
mod object_reference_unprotected;
mod obsolete_protocol;
mod one_answer;
mod orchestrator_exposed;
mod order;
mod out;
mod output_unencoded;
mod outside;
mod over_permissive_filter;
mod overload_at_demand;
mod packs;
mod partitioned;
mod passing;
mod password_reversible;
mod personal;
mod personal_data_not_needed;
mod personal_data_without_retention;
mod pipeline_can_deploy_unreviewed;
mod pipeline_exposed;
mod plaintext_across_boundary;
mod private_content_on_cdn;
mod privileges_beyond_use;
mod prompt_injection;
mod query_injection;
mod queue_without_dead_letter;
mod read_heavy_store;
mod replica_staleness;
mod replicas_share_a_host;
mod report;
mod rule_id;
mod run;
mod secrets_outside_vault;
mod sensitive;
mod sensitive_data_at_rest_clear;
mod sensitive_data_cached;
mod sensitive_data_in_logs;
mod sensitive_data_to_third_party;
mod sensitive_data_travels_too_far;
mod server_side_request_forgery;
mod service_without_authentication;
mod session_cookie_weak;
mod session_tied_to_instance;
mod severity;
mod shadowed_or_unused_allow;
mod shard_directory_bottleneck;
mod shard_too_early;
mod shard_without_replica;
mod shutting;
mod single_failure_domain;
mod single_point_of_failure;
mod single_writer_without_failover;
mod slow_work_in_request;
mod standing;
mod steering;
mod store_choice_unexplained;
mod store_without_replica;
mod testing;
mod third_party_callback_unauthenticated;
mod threat_by_hand;
mod throttling_missing;
mod timeout_or_breaker_missing;
mod tls_ends_before_sensitive_hop;
mod twins;
mod unbounded_request;
mod unclassified_data;
mod unfiltered_tier;
mod unnamed;
mod unsafe_deserialisation;
mod untraced;
mod unused_element;
mod vertical_only;
mod volatile_cache_as_only_copy;
mod waiting;
mod watching;
mod web_entry_without_waf;
mod wording;
mod words;
mod write_bound_primary;

use std::collections::BTreeSet;

use crate::analysis::{ApiIx, AssetIx, BoundaryIx, ComponentIx, DatasetIx, Facts, FlowIx};
use crate::model::{Id, Ids, Stride, Text};

pub use about::{About, about, abouts, is_stated, label, source, stride};
pub use coverage::{COLUMNS, Cell, Row, coverage, totals};
pub use finding::{Choice, Evidence, Finding, Fix, Hop, Question, Says};
pub use kind::Kind;
pub use order::{in_order, questions_in_order};
pub use out::{Asked, Found, Out, Stated, answer, yes_or_no};
pub use report::Report;
pub use rule_id::RuleId;
pub use run::{Run, run, run_only, share, update};
pub use severity::{Exposure, Impact, impact, level, nearness, severity, worth};
use severity::{nearest, nearness_of};
pub use standing::{Standing, key_in_words, orphans};
pub use threat_by_hand::key_of_threat;
pub use words::list;

/// All rules, sorted by id.
pub static ALL: &[&Rule] = &[
    &admin_without_second_factor::RULE,
    &agent_overreach::RULE,
    &asynchronous_path_less_protected::RULE,
    &audit_trail_missing::RULE,
    &authorisation_missing::RULE,
    &backup_less_protected::RULE,
    &backup_missing::RULE,
    &balancing_unknown::RULE,
    &blocking_missing::RULE,
    &cache_key_confusion::RULE,
    &cache_loss_overloads_store::RULE,
    &cache_policy_unknown::RULE,
    &client_value_trusted::RULE,
    &command_or_template_injection::RULE,
    &component_outside_boundaries::RULE,
    &credentials_shared::RULE,
    &cross_shard_join::RULE,
    &csrf::RULE,
    &data_leaves_jurisdiction::RULE,
    &deep_synchronous_chain::RULE,
    &dependency_cycle::RULE,
    &direct_admin_access::RULE,
    &egress_unrestricted::RULE,
    &entry_without_authentication::RULE,
    &exposed_admin_port::RULE,
    &exposed_data_store::RULE,
    &exposed_port::RULE,
    &failover_overloads_survivors::RULE,
    &file_upload_unchecked::RULE,
    &filter_bypassed::RULE,
    &flat_network::RULE,
    &flow_to_closed_port::RULE,
    &hard_third_party_in_user_path::RULE,
    &hardening_unknown::RULE,
    &health_check_missing::RULE,
    &hot_partition::RULE,
    &identity_not_propagated::RULE,
    &identity_provider_unprotected::RULE,
    &image_or_patch_unmanaged::RULE,
    &input_unvalidated::RULE,
    &keys_without_manager::RULE,
    &listener_without_flow::RULE,
    &log_tamperable::RULE,
    &logging_missing::RULE,
    &mixed_trust_on_host::RULE,
    &monitoring_missing::RULE,
    &multi_writer_conflicts::RULE,
    &object_reference_unprotected::RULE,
    &obsolete_protocol::RULE,
    &orchestrator_exposed::RULE,
    &output_unencoded::RULE,
    &over_permissive_filter::RULE,
    &overload_at_demand::RULE,
    &password_reversible::RULE,
    &personal_data_not_needed::RULE,
    &personal_data_without_retention::RULE,
    &pipeline_can_deploy_unreviewed::RULE,
    &pipeline_exposed::RULE,
    &plaintext_across_boundary::RULE,
    &private_content_on_cdn::RULE,
    &privileges_beyond_use::RULE,
    &prompt_injection::RULE,
    &query_injection::RULE,
    &queue_without_dead_letter::RULE,
    &read_heavy_store::RULE,
    &replica_staleness::RULE,
    &replicas_share_a_host::RULE,
    &secrets_outside_vault::RULE,
    &sensitive_data_at_rest_clear::RULE,
    &sensitive_data_cached::RULE,
    &sensitive_data_in_logs::RULE,
    &sensitive_data_to_third_party::RULE,
    &sensitive_data_travels_too_far::RULE,
    &server_side_request_forgery::RULE,
    &service_without_authentication::RULE,
    &session_cookie_weak::RULE,
    &session_tied_to_instance::RULE,
    &shadowed_or_unused_allow::RULE,
    &shard_directory_bottleneck::RULE,
    &shard_too_early::RULE,
    &shard_without_replica::RULE,
    &single_failure_domain::RULE,
    &single_point_of_failure::RULE,
    &single_writer_without_failover::RULE,
    &slow_work_in_request::RULE,
    &store_choice_unexplained::RULE,
    &store_without_replica::RULE,
    &third_party_callback_unauthenticated::RULE,
    &threat_by_hand::RULE,
    &throttling_missing::RULE,
    &timeout_or_breaker_missing::RULE,
    &tls_ends_before_sensitive_hop::RULE,
    &unbounded_request::RULE,
    &unclassified_data::RULE,
    &unfiltered_tier::RULE,
    &unsafe_deserialisation::RULE,
    &unused_element::RULE,
    &vertical_only::RULE,
    &volatile_cache_as_only_copy::RULE,
    &web_entry_without_waf::RULE,
    &write_bound_primary::RULE,
];

/// A rule.
pub struct Rule {
    /// Its slug: the file's name, the manual's page, the head of its findings' keys.
    pub id: &'static str,
    /// What it finds, in a few words.
    pub label: &'static str,
    /// Whether it finds at once or asks first.
    pub kind: Kind,
    pub on: On,
    pub reads: &'static [Reads],
    /// The answers that it reads of whatever element: slugs of controls, `encrypted`, `authenticated`. Particulars
    /// of components, which are noted as they are read, are not among them.
    pub answers: &'static [&'static str],
    pub stride: &'static [Stride],
    pub cwe: &'static [u32],
    /// The manual: `## What it finds`, `## Why it matters`, `## Example`, `## How to fix it`, `## References`.
    pub manual: &'static str,
    pub check: fn(&Facts, Subject, &mut Out<'_>),
    pub fixes: fn(&Facts, &Finding, &mut Ids) -> Vec<Fix>,
    /// How many tests stand in its file.
    pub tests: usize,
}

/// What a rule looks at, one after another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum On {
    Component,
    Boundary,
    Flow,
    Asset,
    Api,
    Dataset,
    /// The model as a whole, once.
    Whole,
}

/// What a rule's result depends on, so that the runner knows what to run again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reads {
    Structure,
    Pools,
    Failure,
    Reach,
    Load,
    /// Assets, APIs, datasets, features, and who keeps and handles what.
    Assets,
}

/// What one call of a check is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Subject {
    Component(ComponentIx),
    Boundary(BoundaryIx),
    Flow(FlowIx),
    Asset(AssetIx),
    Api(ApiIx),
    Dataset(DatasetIx),
    Whole,
}

/// The rule that speaks of threats that somebody has added; the detail of its findings is the threat's id.
pub const THREAT_BY_HAND: &str = threat_by_hand::RULE.id;

/// The rule of that id.
pub fn find(id: &str) -> Option<&'static Rule> {
    ALL.iter().copied().find(|it| it.id == id)
}

/// The ways to mend a finding. Ids in them follow from the finding's key; whoever applies one mints anew.
pub fn fixes(facts: &Facts, finding: &Finding) -> Vec<Fix> {
    let mut fixes = if finding.rule.in_pack().is_some() {
        packs::fixes(facts, finding)
    } else {
        let mut ids = Ids::from_text(&finding.key);
        find(&finding.rule).map(|rule| (rule.fixes)(facts, finding, &mut ids)).unwrap_or_default()
    };
    // Whoever asks for fixes shows them, and two of one name are one choice.
    let mut labels = BTreeSet::new();
    fixes.retain_mut(|it| {
        it.label = Text::from(std::mem::take(&mut it.label)).read(facts.model()).into_owned();
        labels.insert(it.label.clone())
    });
    fixes
}

/// The key of a finding: subjects sorted, then the detail if there is one.
pub fn key(rule: &str, subjects: &[Id], detail: &str) -> String {
    let mut subjects: Vec<&str> = subjects.iter().map(Id::as_str).collect();
    subjects.sort_unstable();
    let mut key = format!("{rule}:{}", subjects.join("+"));
    if !detail.is_empty() {
        key.push(':');
        key.push_str(detail);
    }
    key
}

/// Declares a rule: its doc comment is its manual.
macro_rules! rule {
    (
        $(#[doc = $manual:literal])+
        $id:literal, $label:literal,
        kind: $kind:ident, on: $on:ident, reads: [$($reads:ident),* $(,)?], answers: [$($answer:literal),* $(,)?],
        stride: [$($stride:ident),* $(,)?], cwe: [$($cwe:literal),* $(,)?],
        check: $check:expr, fixes: $fixes:expr $(,)?
    ) => {
        pub(super) static RULE: $crate::rules::Rule = $crate::rules::Rule {
            id: $id,
            label: $label,
            kind: $crate::rules::Kind::$kind,
            on: $crate::rules::On::$on,
            reads: &[$($crate::rules::Reads::$reads),*],
            answers: &[$($answer),*],
            stride: &[$($crate::model::Stride::$stride),*],
            cwe: &[$($cwe),*],
            manual: concat!($($manual, "\n"),+),
            check: $check,
            fixes: $fixes,
            tests: $crate::rules::kind::tests_in(include_bytes!(concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/",
                file!()
            ))),
        };
    };
}

use rule;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rules_does_not_matter() {
        let facts = testing::facts(
            "user -> dns -> lb -> web-1, web-2: https [carries accounts]; web-1, web-2 -> db: postgres [write]
             dns: dns; files: object-store [stores accounts]; web-1 -> files: https [write]; job -> files: https
             asset accounts: confidential [personal yes]; boundary data: tier { db: postgres [stores accounts] }",
        );
        let backwards: Vec<&'static Rule> = ALL.iter().rev().copied().collect();
        let report = run(&facts);
        assert_eq!(report, run_only(&facts, &backwards));
        let alone = ALL.iter().flat_map(|it| run_only(&facts, &[it]).findings).count();
        assert_eq!(report.findings.len(), alone);
    }

    #[test]
    fn the_weightiest_words_a_question_and_all_add_to_it() {
        let facts = testing::facts(
            "asset a: secret; user -> web: https; web -> db: postgres
             boundary tier: tier { web [listens tcp/22 ssh]; db: postgres [stores a] }",
        );
        let of = |report: &Report| report.question("tier.ingress").map(|it| (it.weight, it.rule.clone()));
        let alone: Vec<(u32, RuleId)> = ALL.iter().filter_map(|it| of(&run_only(&facts, &[it]))).collect();
        assert!(alone.len() > 1, "{alone:?}");
        let (weight, rule) = of(&run(&facts)).unwrap();
        let weightiest = alone.iter().max_by_key(|(weight, _)| weight / 1000).unwrap().clone();
        assert_eq!((rule, weight / 1000), (weightiest.1, weightiest.0 / 1000));
        assert!(weight > weightiest.0, "{weight} of {alone:?}");
    }
}
