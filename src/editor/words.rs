//! Words that somebody searches for, and texts in which they are found: whatever is capital and whatever has accents.

/// What was typed to find something: its words, each [folded].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words(Vec<String>);

impl Words {
    pub fn of(text: &str) -> Self {
        Self(folded(text).split_whitespace().map(str::to_owned).collect())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a folded text holds all of them, in whatever order. No words are in every text.
    pub fn are_in(&self, folded: &str) -> bool {
        self.iter().all(|it| folded.contains(it))
    }
}

/// A text in small letters without accents: `Ünïté` is found by `unite`, and `ΑΣ` by `ας`.
pub fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            Some(plain) => folded.push_str(plain),
            // An accent that follows its letter.
            None if ('\u{300}'..='\u{36f}').contains(&letter) => {}
            None => folded.push(letter),
        }
    }
    folded
}

/// What a small letter is without its accent, for the scripts that our fonts hold. Accents tell no letters apart in
/// Cyrillic, but for the two dots that are mostly left out.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' | 'ǎ' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ά' => "α",
        'έ' => "ε",
        'ή' => "η",
        'ί' | 'ϊ' | 'ΐ' => "ι",
        'ό' => "ο",
        'ς' => "σ",
        'ύ' | 'ϋ' | 'ΰ' => "υ",
        'ώ' => "ω",
        'ё' => "е",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capitals_and_accents_tell_nothing_apart() {
        for (text, folding) in [
            ("Web Server", "web server"),
            ("Žluťoučký KŮŇ", "zlutoucky kun"),
            ("Straße", "strasse"),
            ("STRASSE", "strasse"),
            ("e\u{301}te\u{301}", "ete"),
            ("Ærø œuvre", "aero oeuvre"),
            ("ΟΔΟΣ", "οδοσ"),
            ("οδός", "οδοσ"),
            ("Ёлка Йод", "елка йод"),
        ] {
            assert_eq!(folded(text), folding, "{text}");
            assert_eq!(folded(folding), folding, "{text}");
        }
    }

    #[test]
    fn all_words_are_wanted_in_any_order() {
        let text = folded("Général ledger, PostgreSQL");
        assert!(Words::of("  postgres GENERAL ").are_in(&text));
        assert!(!Words::of("postgres generals").are_in(&text));
        assert!(Words::of(" ").is_empty() && Words::of("").are_in(&text));
    }
}
