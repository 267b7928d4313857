//! The name that was probably meant.

/// Nobody mistypes a longer word, and comparing long words with many would take its time.
const LONGEST: usize = 64;

/// The candidate nearest to a word, if it is near enough to be worth naming: a third of its letters differ at most, or
/// one begins with the other. Capitals, hyphens and underscores make no difference.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = plain(word);
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let likeness = |candidate: &'c str| {
        let other = plain(candidate);
        let (far, longer) = (distance(&word, &other), word.len().max(other.len()));
        let is_near = far <= (longer / 3).max(1) && far * 2 <= longer;
        let is_start = |short: &[char], long: &[char]| short.len() > 2 && long.starts_with(short);
        let may_be = is_near || is_start(&word, &other) || is_start(&other, &word);
        // Of those as near, the one that begins alike: nobody mistypes the first letter.
        may_be.then(|| (!is_near, far, word.first() != other.first(), candidate))
    };
    candidates.into_iter().filter_map(likeness).min().map(|(.., candidate)| candidate)
}

/// What to do about a name that is not there: the one that was meant, or else another advice.
pub fn did_you_mean<'c>(
    word: &str,
    candidates: impl IntoIterator<Item = &'c str>,
    otherwise: &str,
) -> String {
    nearest(word, candidates).map_or_else(|| otherwise.to_owned(), |it| format!("did you mean `{it}`?"))
}

fn plain(word: &str) -> Vec<char> {
    let same = |c: char| if matches!(c, '-' | '_') { ' ' } else { c };
    word.trim().chars().flat_map(char::to_lowercase).map(same).collect()
}

/// How many letters must be put in, taken out, changed or swapped with their neighbour: optimal string alignment
/// (Damerau, "A technique for computer detection and correction of spelling errors", CACM 7(3), 1964).
fn distance(a: &[char], b: &[char]) -> usize {
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
        let names =
            ["exposed-port", "exposed-admin-port", "throttling-missing", "ftps", "https", "tier", "tie"];
        for (word, meant) in [
            ("exposed-prot", Some("exposed-port")),
            ("Exposed_Port", Some("exposed-port")),
            ("throttling", Some("throttling-missing")),
            ("htps", Some("https")),
            ("teir", Some("tier")),
            ("tierr", Some("tier")),
            ("zebra", None),
            ("x", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, names), meant, "{word}");
        }
        assert_eq!(nearest(&"a".repeat(5000), names), None);
        assert_eq!(did_you_mean("zebra", names, "name one"), "name one");
        assert_eq!(did_you_mean("Tier", names, ""), "did you mean `tier`?");
    }
}
