//! The order in which every listing has findings and questions: panels, exports, the command line, cells of the coverage.

use super::{Finding, Question};
use crate::model::{Model, natural};

/// Things that stand for findings, which come as a report has them, as a listing has them.
///
/// Levels and rules stay as they are. Those of one level and one rule come by what is said of them and then by where it is,
/// in natural order: `No. 2` before `No. 10`.
///
/// A report itself is in the order of keys, which names do not alter: what rules say is patched after a rename without
/// being put in order anew, and stays the same from whatever it is derived. So names are read here, by whoever lists, once
/// for each change of the list; and level by level, as it is walked: who takes the first twenty reads no more.
pub fn in_order<'r, T>(
    model: &Model,
    items: impl Iterator<Item = T>,
    finding: impl Fn(&T) -> &'r Finding,
) -> impl Iterator<Item = T> {
    let finding = std::rc::Rc::new(finding);
    let same = std::rc::Rc::clone(&finding);
    let is_same = move |a: &T, b: &T| {
        let [a, b] = [a, b].map(|it| same(it));
        (a.severity, &a.rule) == (b.severity, &b.rule)
    };
    run_by_run(items, is_same, move |it| {
        let it = finding(it);
        [&it.message, &it.place].map(|it| natural(&it.read(model)))
    })
}

/// Questions, which come as a report has them, as a listing has them.
///
/// Weights and rules stay as they are, and those of one weight and one rule come in natural order of how they read. As
/// lazily as [`in_order`].
pub fn questions_in_order<'r>(
    model: &Model,
    questions: impl Iterator<Item = &'r Question>,
) -> impl Iterator<Item = &'r Question> {
    let is_same = |a: &&Question, b: &&Question| (a.weight, &a.rule) == (b.weight, &b.rule);
    run_by_run(questions, is_same, |it| natural(&it.text.read(model)))
}

/// Puts in order what comes one after another and is the same, and only when it is come to.
fn run_by_run<T, K: Ord>(
    items: impl Iterator<Item = T>,
    is_same: impl Fn(&T, &T) -> bool,
    key: impl Fn(&T) -> K,
) -> impl Iterator<Item = T> {
    let mut rest = items.peekable();
    let runs = std::iter::from_fn(move || {
        let mut run = vec![rest.next()?];
        while let Some(next) = rest.next_if(|it| run.first().is_some_and(|first| is_same(first, it))) {
            run.push(next);
        }
        if run.len() > 1 {
            // Of two that read alike, that of the lesser key stays the first.
            run.sort_by_cached_key(&key);
        }
        Some(run)
    });
    runs.flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Component, Draft};
    use crate::rules::{Report, run, testing};

    fn messages(report: &Report, model: &Model) -> Vec<String> {
        let rule = "sensitive-data-at-rest-clear";
        let all = in_order(model, report.findings.iter(), |it| it);
        all.filter(|it| &*it.rule == rule).map(|it| it.message.read(model).into_owned()).collect()
    }

    #[test]
    fn findings_of_one_level_are_in_natural_order_of_what_they_say() {
        let text = "asset cards \"Card numbers\": secret
            db-1 \"No. 10\": postgres [stores cards; encryption-at-rest no]
            db-2 \"No. 9\": postgres [stores cards; encryption-at-rest no]
            db-3 \"No. 1\": postgres [stores cards; encryption-at-rest no]";
        let facts = testing::facts(text);
        let report = run(&facts);
        let said = |name: &str| format!("Nothing encrypts Card numbers (secret) in {name}");
        assert_eq!(messages(&report, facts.model()), ["No. 1", "No. 9", "No. 10"].map(said));
        // By another name, it stands elsewhere, and nothing was derived.
        let mut model = facts.model().clone();
        let mut draft = Draft::of(&model);
        draft.edit::<Component>(&crate::model::Id::slug("db-3"), |it| it.name = "No. 9b".to_owned());
        let edit = draft.finish();
        model.apply(&edit);
        assert_eq!(messages(&report, &model), ["No. 9", "No. 9b", "No. 10"].map(said));
    }

    #[test]
    fn questions_of_one_weight_are_in_natural_order_of_their_text() {
        let names = ["No. 100", "No. 10", "No. 2", "No. 1", "No. 0"];
        let mut text = "asset cards \"Card numbers\": secret".to_owned();
        for (n, name) in names.iter().enumerate() {
            text = format!("{text}\ndb-{n} \"{name}\": postgres [stores cards]");
        }
        let facts = testing::facts(&text);
        let report = run(&facts);
        let listed: Vec<&Question> =
            questions_in_order(facts.model(), report.questions.iter().map(|it| &**it)).collect();
        assert_eq!(listed.len(), report.questions.len());
        let order = |it: &&Question| {
            (std::cmp::Reverse(it.weight), it.rule.clone(), natural(&it.text.read(facts.model())))
        };
        assert!(listed.is_sorted_by_key(order));
        let of_rest: Vec<&str> = listed
            .iter()
            .filter(|it| &*it.rule == "sensitive-data-at-rest-clear")
            .map(|it| it.subject.as_str())
            .collect();
        assert_eq!(of_rest, ["db-4", "db-3", "db-2", "db-1", "db-0"]);
    }

    #[test]
    fn levels_and_rules_stay_as_they_are_and_nothing_is_lost() {
        let facts = testing::facts(
            "user -> lb -> web-10, web-9: https; web-10, web-9 -> db: postgres; asset a: secret
             db: postgres [stores a; encryption-at-rest no; backups no]; boundary t: tier { web-10 [listens tcp/22 ssh]; web-9 [listens tcp/22 ssh] }",
        );
        let report = run(&facts);
        let listed: Vec<&Finding> =
            in_order(facts.model(), report.findings.iter(), |it| it).map(|it| &**it).collect();
        assert!(listed.len() > 5, "{listed:?}");
        assert!(listed.is_sorted_by_key(|it| (std::cmp::Reverse(it.severity), &it.rule)));
        assert!(report.findings.iter().all(|it| listed.iter().any(|listed| listed.key == it.key)));
        assert_eq!(listed.len(), report.findings.len());
    }
}
