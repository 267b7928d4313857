//! The name that was probably meant.

/// The candidate nearest to a word, if it is near enough to be worth naming: at most a third of its letters differ,
/// or one begins with the other.
pub(super) fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    let likeness = |candidate: &'c str| {
        let is_start = !word.is_empty() && (candidate.starts_with(&word) || word.starts_with(candidate));
        let far = distance(&word, candidate);
        (is_start || far * 3 <= candidate.chars().count().max(word.chars().count()))
            .then_some((far, candidate))
    };
    candidates.into_iter().filter_map(likeness).min().map(|(_, candidate)| candidate)
}

/// What to add to a complaint about a name that is not there.
pub(super) fn did_you_mean<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> String {
    nearest(word, candidates).map(|it| format!("; did you mean `{it}`?")).unwrap_or_default()
}

/// How many letters must be put in, taken out, changed or swapped with their neighbour: optimal string alignment
/// (Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let names = ["exposed-port", "exposed-admin-port", "throttling-missing"];
        assert_eq!(nearest("exposed-prot", names), Some("exposed-port"));
        assert_eq!(nearest("Exposed_Port", names), Some("exposed-port"));
        assert_eq!(nearest("throttling", names), Some("throttling-missing"));
        assert_eq!(nearest("zebra", names), None);
        assert_eq!(nearest("", names), None);
        assert_eq!(distance("ab", "ba"), 1);
    }
}
