//! `password-reversible`: passwords that whoever gets the table can turn back, or try fast.

use super::cases::Case;
use super::entries::holds;
use super::outside::is_open;
use super::{Evidence, Exposure, Finding, Fix, Impact, Out, Subject, list, nearness, rule, words};
use crate::analysis::Facts;
use crate::model::{Capability, Dataset, Ids, Truth};

rule! {
    /// ## What it finds
    /// Datasets with a column for passwords of which somebody has said that these are not hashed as passwords should
    /// be, or whose names say so: encrypted, in clear, or hashed by a fast function such as MD5 or SHA-256. Where
    /// neither has been said, it asks. A column that names a function made for it (bcrypt, scrypt, Argon2, PBKDF2)
    /// needs no question.
    ///
    /// ## Why it matters
    /// Whoever takes an encrypted table mostly finds the key beside it, and fast hashes are tried by the billion each
    /// second. People use one password in many places, so the loss does not end here.
    ///
    /// ## Example
    /// `db: postgres; dataset users "Users" [store db; columns id, password; password-hashing no]`
    ///
    /// ## How to fix it
    /// Keep only salted hashes of a slow function made for passwords, such as Argon2id, and hash anew at the next
    /// login. Or keep no passwords, and let an identity provider log users in.
    ///
    /// ## References
    /// * CWE-257, Storing passwords in a recoverable format; CWE-916, Password hash with insufficient computational effort
    /// * OWASP ASVS 4.0, V2.4; NIST SP 800-63B, 5.1.1.2; NIST SP 800-53, IA-5(1)
    "password-reversible", "Passwords that can be turned back",
    kind: Asks, on: Dataset, reads: [Structure, Assets, Reach], answers: ["password-hashing"],
    stride: [InformationDisclosure, Spoofing], cwe: [257, 916],
    check: check, fixes: fixes,
}

const CONTROL: &str = "password-hashing";

fn check(facts: &Facts, subject: Subject, out: &mut Out<'_>) {
    let Subject::Dataset(dataset) = subject else { return };
    let dataset = facts.data.dataset(dataset);
    let store = dataset.store;
    let is_foreign = store.is_some_and(|it| facts.topology.component(it).can(Capability::NotOurs));
    let said = dataset.record.controls.truth(CONTROL);
    let (columns, kept) = passwords(&dataset.record);
    if columns.is_empty() || is_foreign || !is_open(said) {
        return;
    }
    let truth = if said == Truth::Unknown { kept } else { said };
    let (exposure, near) = store.map_or_else(
        || (Exposure::Deeper, "nobody has drawn where they are kept".to_owned()),
        |it| nearness(facts, it),
    );
    let title = facts.title_of(&dataset.id);
    let at = store.map(|it| facts.topology.component(it).id.clone());
    let place = store.map_or_else(|| title.clone(), |it| format!("{title} · {}", words::name(facts, it)));
    let what = list(&columns);
    Case {
        control: CONTROL,
        subjects: vec![dataset.id.clone()],
        truth,
        impact: Impact::Grave,
        exposure,
        question: format!("Does {title} keep only salted hashes of a slow function in {what}?"),
        message: format!("Passwords in {what} of {title} can be found out"),
        because: format!("{what} of {title} opens the accounts of users, and {near}"),
        place,
        evidence: Evidence::set(at.into_iter().chain([dataset.id.clone()])),
        facts: columns.iter().map(|it| format!("column {it}")).collect(),
    }
    .say(out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Keep only salted, slow hashes in")]
}

/// The columns that hold passwords, and whether their names say that they are hashed as they should be; of several,
/// what is worse.
fn passwords(dataset: &Dataset) -> (Vec<String>, Truth) {
    let (mut columns, mut truth) = (Vec::new(), Truth::Yes);
    for column in &dataset.columns {
        let name = column.name.to_lowercase();
        let has = |these: &[&str]| these.iter().any(|it| name.contains(it));
        // When it was changed, or whether it must be, is none.
        let is_about = has(&["_at", "date", "change", "reset", "expir", "attempt", "policy", "hint", "salt"]);
        if !has(&["password", "passwd", "pwd", "passphrase"]) || is_about {
            continue;
        }
        columns.push(column.name.trim().to_owned());
        let kept = if has(&["argon", "bcrypt", "scrypt", "pbkdf2"]) {
            Truth::Yes
        } else if has(&["encrypted", "plain", "clear", "md5", "sha1", "sha256", "sha512", "base64"]) {
            Truth::No
        } else {
            Truth::Unknown
        };
        truth = match (truth, kept) {
            (Truth::No, _) | (_, Truth::No) => Truth::No,
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            _ => Truth::Yes,
        };
    }
    (columns, truth)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, offered, silent};

    fn users(columns: &str) -> String {
        format!("user -> web -> db: postgres; dataset users \"Users\" [store db; columns id, {columns}]")
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let finding =
            "high password-reversible:users — Passwords in password of Users can be found out (Users · db)";
        fires(&RULE, &users("password; password-hashing no"), finding);
        silent(&RULE, &users("password; password-hashing yes"));
        silent(&RULE, &users("name"));
        asks(
            &RULE,
            &users("password"),
            "? users.controls.password-hashing — Does Users keep only salted hashes of a slow function in password?",
        );
        assert_eq!(answered(&RULE, &users("password"), "Yes"), "");
    }

    #[test]
    fn names_say_how_passwords_are_kept() {
        let text = users("\"encrypted_password\"");
        fires(
            &RULE,
            &text,
            "high password-reversible:users — Passwords in encrypted_password of Users can be found out (Users · db)",
        );
        assert_eq!(offered(&RULE, &text), "Keep only salted, slow hashes in Users");
        assert_eq!(mended(&RULE, &text, 0), "");
        silent(&RULE, &users("\"password_bcrypt\", \"password_changed_at\""));
        assert_eq!(passwords(&Dataset::default()), (Vec::new(), Truth::Yes));
    }
}
