//! The brackets of a text in RON: what a reader that stops at the first fault cannot tell.

/// Calls `each` for every bracket of a text, with its place and itself, but for those in quotes and in comments. Returns
/// whether the text ends within one of these.
pub fn brackets(text: &str, mut each: impl FnMut(usize, u8)) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let skipped = match byte {
            b'"' => quoted(rest),
            b'r' if !is_of_word(at.checked_sub(1).and_then(|it| bytes.get(it))) => match raw_quoted(rest) {
                Raw::None => Some(1),
                Raw::Whole(length) => Some(length),
                Raw::Open => None,
            },
            b'\'' => Some(sign(rest)),
            b'/' if rest.starts_with(b"//") => {
                Some(rest.iter().position(|it| *it == b'\n').unwrap_or(rest.len()))
            }
            b'/' if rest.starts_with(b"/*") => comment(rest),
            b'(' | b')' | b'[' | b']' | b'{' | b'}' => {
                each(at, *byte);
                Some(1)
            }
            _ => Some(1),
        };
        let Some(skipped) = skipped else { return true };
        at += skipped;
    }
    false
}

/// Whether a text is cut off: at its end something is open that was opened before.
pub(super) fn is_cut_off(text: &str) -> bool {
    let mut depth = 0_usize;
    let is_within = brackets(text, |_, it| match it {
        b'(' | b'[' | b'{' => depth += 1,
        _ => depth = depth.saturating_sub(1),
    });
    is_within || depth > 0
}

fn is_of_word(byte: Option<&u8>) -> bool {
    byte.is_some_and(|it| it.is_ascii_alphanumeric() || *it == b'_')
}

/// How long a text in quotes is, with them; none if it has no end.
fn quoted(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// What begins with an `r`.
enum Raw {
    None,
    Whole(usize),
    Open,
}

/// `r"…"`, `r#"…"#` and so on.
fn raw_quoted(text: &[u8]) -> Raw {
    let marks = text.iter().skip(1).take_while(|it| **it == b'#').count();
    let start = 1 + marks;
    if text.get(start) != Some(&b'"') {
        return Raw::None;
    }
    let mut end = vec![b'"'];
    end.resize(1 + marks, b'#');
    let inside = text.get(start + 1..).unwrap_or_default();
    match inside.windows(end.len()).position(|it| it == end) {
        Some(length) => Raw::Whole(start + 1 + length + end.len()),
        None => Raw::Open,
    }
}

/// How long a single character in quotes is; of a quote that is none, one.
fn sign(text: &[u8]) -> usize {
    // The longest is `'\u{10FFFF}'`.
    let from = if text.get(1) == Some(&b'\\') { 3 } else { 2 };
    let end = text.iter().take(12).skip(from).position(|it| *it == b'\'');
    end.map_or(1, |it| from + it + 1)
}

/// How long a comment is that may hold others; none if it has no end.
fn comment(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0, 0_usize);
    loop {
        let rest = text.get(at..).filter(|it| !it.is_empty())?;
        if rest.starts_with(b"/*") {
            (at, depth) = (at + 2, depth + 1);
        } else if rest.starts_with(b"*/") {
            (at, depth) = (at + 2, depth - 1);
            if depth == 0 {
                return Some(at);
            }
        } else {
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> (String, bool) {
        let mut all = String::new();
        let is_within = brackets(text, |at, it| {
            assert_eq!(text.as_bytes()[at], it);
            all.push(char::from(it));
        });
        (all, is_within)
    }

    #[test]
    fn brackets_in_quotes_and_comments_are_none() {
        let text = r##"(a: "([{\"", b: r#"("#, c: 'x', d: '(', e: '\'', /* [ /* { */ [ */ f: [for(1)] // }
            , g: {"é": 'é'})"##;
        assert_eq!(found(text), ("([()]{})".to_owned(), false));
        assert!(!is_cut_off(text));
    }

    #[test]
    fn what_is_open_at_the_end_is_cut_off() {
        for text in
            ["(", "(a: [", "(a: \"", "(a: \"\\", "(a: \"\\\"", "(a: r#\"x\"", "/* (", "/* /* */", "([)"]
        {
            assert!(is_cut_off(text), "{text}");
        }
        for text in ["", "a", "()", "(a: \"(\")", "())", "// (", "r", "'", "(')')", "number(1)"] {
            assert!(!is_cut_off(text), "{text}");
        }
    }
}
