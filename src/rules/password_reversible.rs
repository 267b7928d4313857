//! `password-reversible`: passwords that are kept so that they can be turned back, or tried fast.

use super::arguments::words as words_of;
use super::{
    Asked, Choice, Evidence, Exposure, Finding, Fix, Found, Impact, Out, Says, Subject, list, nearness, rule,
    severity,
};
use crate::analysis::{DatasetNode, Facts, Unknown};
use crate::model::{Capability, Column, Dataset, Draft, Edit, Id, Ids, Truth};

rule! {
    /// ## What it finds
    /// Datasets of ours with columns of passwords of which somebody has said, or whose name says, that they are in
    /// clear, encrypted, or hashed by a fast function such as MD5 or SHA-256. Where neither name nor anybody says, it
    /// asks with which function they are hashed.
    ///
    /// ## Why it matters
    /// Tables are lost sooner or later. What was encrypted is read with the key that lies nearby; fast hashes are tried
    /// by the thousand million a second, on a machine that costs less than a car. People use one password in many places.
    ///
    /// ## Example
    /// `db: postgres; dataset users "Users" [store db; columns id, email, password; password-hashing no]`
    ///
    /// ## How to fix it
    /// Keep only the result of a slow function made for passwords (Argon2id, scrypt, bcrypt) with a salt for each of
    /// them; hash again at the next login. Or keep no passwords: leave logins to an identity provider.
    ///
    /// ## References
    /// * CWE-257, Storing passwords in a recoverable format; CWE-916, Password hash with insufficient effort; CWE-759
    /// * OWASP ASVS 4.0, V2.4; NIST SP 800-63B, 5.1.1.2; CAPEC-55, Rainbow table password cracking
    "password-reversible", "Passwords that can be turned back",
    kind: Asks, on: Dataset, reads: [Structure, Assets, Reach], answers: ["password-hashing"],
    stride: [InformationDisclosure, Spoofing], cwe: [257, 916, 759],
    check: check, fixes: fixes,
}

const CONTROL: &str = "password-hashing";
/// What a choice notes beside its no.
const FAST: &str = "hashed by a fast function";
const BACK: &str = "in clear or encrypted";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Dataset(dataset) = subject else { return };
    let node = facts.data.dataset(dataset);
    let columns = passwords(facts, &node.record);
    let is_foreign = node.store.is_some_and(|it| facts.topology.component(it).can(Capability::NotOurs));
    if columns.is_empty() || is_foreign {
        return;
    }
    let names: Vec<String> = columns.iter().map(|it| it.name.clone()).collect();
    let (said, by_name) = (node.record.controls.truth(CONTROL), form(&columns));
    let title = facts.title_of(&node.id);
    let (exposure, near) = near(facts, node);
    let evidence = Evidence::set(
        node.store.map(|it| facts.topology.component(it).id.clone()).into_iter().chain([node.id.clone()]),
    );
    let how = match (said, by_name) {
        (Truth::Yes | Truth::NotApplicable, _) | (Truth::Unknown, Some(Form::Slow)) => return,
        (Truth::Unknown, None) => {
            out.question(Asked {
                about: unknown(&node.id),
                stake: severity(facts, Impact::Grave, exposure),
                text: format!("With which function are the passwords of {title} hashed?"),
                why: format!(
                    "Passwords there ({}) are of use to a thief unless each is slow to try, and {near}.",
                    list(&names)
                ),
                choices: choices(facts, &node.id),
                evidence,
            });
            return;
        }
        (Truth::Unknown, Some(it)) => it,
        (Truth::No, by_name) => noted(&node.record).or(by_name).unwrap_or(Form::Unslow),
    };
    out.finding(Found {
        subjects: vec![node.id.clone()],
        detail: String::new(),
        impact: Impact::Grave,
        exposure,
        because: format!("passwords open accounts, here and elsewhere, and {near}"),
        message: format!("The passwords of {title} {}", how.words()),
        place: format!("{title} · {}", list(&names)),
        evidence,
        facts: names.iter().map(|it| format!("column {it}")).collect(),
    });
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    let Some(id) = finding.subjects.first() else { return Vec::new() };
    let Some(dataset) = facts.model().datasets().get(id) else { return Vec::new() };
    let names: Vec<String> = passwords(facts, dataset).iter().map(|it| it.name.clone()).collect();
    let mut draft = Draft::of(facts.model());
    draft.edit::<Dataset>(id, |it| it.columns.retain(|it| !names.contains(&it.name)));
    let title = facts.title_of(id);
    vec![
        Fix {
            label: format!("Keep only slow salted hashes in {title}"),
            edit: says(facts, id, Truth::Yes, ""),
        },
        Fix {
            label: format!("Keep no passwords in {title}: leave logins to an identity provider"),
            edit: draft.finish(),
        },
    ]
}

fn choices(facts: &Facts, id: &Id) -> Vec<Choice> {
    let choice = |label: &str, truth: Truth, note: &str| Choice {
        label: label.into(),
        says: Says::Edit(says(facts, id, truth, note)),
    };
    vec![
        choice("A slow one with salt: Argon2, scrypt, bcrypt", Truth::Yes, ""),
        choice("A fast one: SHA-256, SHA-1, MD5", Truth::No, FAST),
        choice("None: in clear or encrypted", Truth::No, BACK),
        choice("No passwords are kept there", Truth::NotApplicable, ""),
    ]
}

/// The answer, with what makes a no a certain one; a note of somebody's own stays.
fn says(facts: &Facts, id: &Id, truth: Truth, note: &str) -> Edit {
    let mut draft = Draft::of(facts.model());
    draft.edit_answer(id, &unknown(id).field, |it| {
        (it.is, it.later) = (truth, false);
        if !note.is_empty() || [FAST, BACK].contains(&it.note.as_str()) {
            note.clone_into(&mut it.note);
        }
    });
    draft.finish()
}

fn unknown(id: &Id) -> Unknown {
    Unknown::new(id, format!("controls.{CONTROL}"))
}

fn near(facts: &Facts, node: &DatasetNode) -> (Exposure, String) {
    match node.store {
        Some(store) => nearness(facts, store),
        None => (Exposure::Deeper, "nobody has said yet where they are kept".to_owned()),
    }
}

/// How passwords are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Clear,
    Back,
    Fast,
    /// Somebody said no, and nothing more.
    Unslow,
    Slow,
}

impl Form {
    fn words(self) -> &'static str {
        match self {
            Self::Clear => "are kept in clear",
            Self::Back => "can be turned back",
            Self::Fast => "can be tried fast",
            Self::Unslow | Self::Slow => "are not slow salted hashes",
        }
    }
}

/// What was noted beside the answer.
fn noted(dataset: &Dataset) -> Option<Form> {
    let note = dataset.controls.0.get(CONTROL).map(|it| it.note.as_str())?;
    [(FAST, Form::Fast), (BACK, Form::Back)].into_iter().find(|(it, _)| *it == note).map(|it| it.1)
}

/// What the names of columns say, the worst first. `encrypted_password` says nothing: frameworks call a hash so.
fn form(columns: &[&Column]) -> Option<Form> {
    let words: Vec<String> = columns.iter().flat_map(|it| words_of(&it.name)).collect();
    let has = |these: &[&str]| words.iter().any(|it| these.contains(&it.as_str()));
    if has(&["plain", "plaintext", "clear", "cleartext"]) {
        Some(Form::Clear)
    } else if has(&["base64", "reversible"]) {
        Some(Form::Back)
    } else if has(&["md4", "md5", "sha", "sha1", "sha256", "sha512", "crc32", "ntlm"]) {
        Some(Form::Fast)
    } else if has(&["bcrypt", "argon2", "argon2i", "argon2id", "scrypt", "pbkdf2"]) {
        Some(Form::Slow)
    } else {
        None
    }
}

/// The columns that hold passwords, by their own name or by that of their asset.
fn passwords<'d>(facts: &Facts, dataset: &'d Dataset) -> Vec<&'d Column> {
    let is_password = |name: &str| {
        let words = words_of(name);
        let has = |these: &[&str]| words.iter().any(|it| these.contains(&it.as_str()));
        // When it was changed and by which token is not the password.
        let about = [
            "at", "changed", "changes", "updated", "date", "reset", "expires", "expiry", "token", "hint",
            "attempts", "policy", "length", "last", "salt",
        ];
        has(&["password", "passwords", "passwd", "pwd", "passphrase", "passcode"]) && !has(&about)
    };
    let of_asset = |it: &Column| it.asset.as_ref().is_some_and(|it| is_password(&facts.title_of(it)));
    dataset.columns.iter().filter(|it| is_password(&it.name) || of_asset(it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn users(columns: &str) -> String {
        format!(
            "web -> db: postgres; db \"Accounts\": postgres; dataset users \"Users\" [store db; columns id, {columns}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        fires(
            &RULE,
            &users("password; password-hashing no"),
            "medium password-reversible:users — The passwords of Users are not slow salted hashes (Users · password)",
        );
        silent(&RULE, &users("password; password-hashing yes"));
        silent(&RULE, &users("email, password_changed_at, passwordResetToken"));
        asks(
            &RULE,
            &users("PasswordHash"),
            "? users.controls.password-hashing — With which function are the passwords of Users hashed?",
        );
    }

    #[test]
    fn each_answer_is_told_as_what_it_is() {
        let said = |label: &str| answered(&RULE, &users("pwd"), label);
        assert_eq!(said("A slow one with salt: Argon2, scrypt, bcrypt"), "");
        assert_eq!(said("No passwords are kept there"), "");
        assert!(said("A fast one: SHA-256, SHA-1, MD5").contains("Users can be tried fast"));
        assert!(said("None: in clear or encrypted").contains("Users can be turned back"));
    }

    #[test]
    fn names_of_columns_tell() {
        let fast = "medium password-reversible:users — The passwords of Users can be tried fast (Users · password_md5)";
        fires(&RULE, &users("password_md5"), fast);
        assert!(crate::rules::testing::told(&RULE, &users("plainPassword")).contains("are kept in clear"));
        silent(&RULE, &users("password_bcrypt"));
        silent(&RULE, &users("password_md5; password-hashing yes"));
        let by_asset =
            users("secret holds keys").replace("web ->", "asset keys \"Passwords\": secret; web ->");
        assert!(crate::rules::testing::told(&RULE, &by_asset).starts_with("? users."));
    }

    #[test]
    fn both_fixes_mend_it() {
        let text = users("password_sha1");
        assert_eq!(
            offered(&RULE, &text),
            "Keep only slow salted hashes in Users\nKeep no passwords in Users: leave logins to an identity provider"
        );
        assert_eq!([mended(&RULE, &text, 0), mended(&RULE, &text, 1)], ["", ""]);
    }
}
