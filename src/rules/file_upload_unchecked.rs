//! `file-upload-unchecked`: files from outside that are taken as they come.

use super::arguments::{Means, named};
use super::entries::{Entry, Said, apis, handled, holds};
use super::{Finding, Fix, Impact, Out, Subject, list, rule, words, worth};
use crate::analysis::{Arrival, ComponentIx, Facts, Onward};
use crate::model::{Family, Ids};

rule! {
    /// ## What it finds
    /// APIs through which outsiders upload files, and of which somebody has said that these are not checked for type
    /// and size, scanned, and kept apart from the program. Where nobody has said, it asks.
    ///
    /// ## Why it matters
    /// A file can be a program for the server, a script for the browser of whoever opens it, or so large that it fills
    /// the disk. Its name can lead out of the folder that it is meant for.
    ///
    /// ## Example
    /// `user -> web: https; api send "sendPicture" [component web; parameters picture of file; upload-checks no]`
    ///
    /// ## How to fix it
    /// Take only types that are needed, found by content and not by name; limit the size; give each file a name of your
    /// own; keep it in a store apart that runs nothing, and serve it from another domain; scan what others open.
    ///
    /// ## References
    /// * CWE-434, Unrestricted upload of file with dangerous type; CWE-22, Path traversal; CAPEC-17
    /// * OWASP ASVS 4.0, V12; NIST SP 800-53, SI-3
    "file-upload-unchecked", "Unchecked upload",
    kind: Asks, on: Whole, reads: [Structure, Assets, Reach], answers: ["authentication", "upload-checks"],
    stride: [Tampering, ElevationOfPrivilege, DenialOfService], cwe: [434, 22],
    check: check, fixes: fixes,
}

const CONTROL: &str = "upload-checks";

fn check(facts: &Facts, _subject: Subject, out: &mut Out<'_>) {
    let all = apis(facts, CONTROL);
    if all.is_empty() {
        return;
    }
    let keeps =
        |it: ComponentIx, how| how == Arrival::Request && facts.topology.component(it).is(Family::Data);
    let stores = facts.inputs().toward(keeps);
    for entry in &all {
        say(facts, entry, &stores, out);
    }
}

fn say(facts: &Facts, entry: &Entry, stores: &Onward, out: &mut Out<'_>) {
    let files = named(&entry.arguments(facts), &[Means::File]);
    if files.is_empty() {
        return;
    }
    let on = entry.component.and_then(|it| stores.from(it)).unwrap_or_default();
    let (worth_of, worth) =
        worth(facts, &handled(facts, entry.component.into_iter().chain(on.last().copied())));
    let name = &entry.name;
    let goes =
        on.last().map_or_else(String::new, |it| format!("; it may go on to {}", words::name(facts, *it)));
    let stake = if worth_of == Impact::Slight { String::new() } else { format!(", next to {worth}") };
    let said = Said {
        // What runs on the server has all that the server has.
        impact: worth_of.max(Impact::Serious),
        question: format!(
            "Is every file in {} of {name} checked for type and size, scanned, and kept apart?",
            list(&files)
        ),
        message: format!("Files are taken as they come: {} in {name}", list(&files)),
        because: format!("{}{goes}{stake}", entry.who),
        way: [entry.way.clone(), on.into_iter().skip(usize::from(!entry.way.is_empty())).collect()].concat(),
        facts: files.iter().map(|it| format!("takes the file {it}")).collect(),
    };
    entry.say(facts, CONTROL, said, out);
}

fn fixes(facts: &Facts, finding: &Finding, _ids: &mut Ids) -> Vec<Fix> {
    vec![holds(facts, finding, CONTROL, "Check and keep apart the files of")]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::{answered, asks, fires, mended, only, silent};

    fn send(said: &str) -> String {
        format!(
            "user -> web -> files: https; files: object-store; api send \"send\" [component web; parameters picture of file, title{said}]"
        )
    }

    #[test]
    fn what_fires_what_does_not_and_what_asks() {
        let finding =
            "high file-upload-unchecked:send — Files are taken as they come: picture in send (send · web)";
        fires(&RULE, &send("; upload-checks no"), finding);
        silent(&RULE, &send("; upload-checks yes"));
        silent(&RULE, &send("; upload-checks no").replace("picture of file, ", ""));
        asks(
            &RULE,
            &send(""),
            "? send.controls.upload-checks — Is every file in picture of send checked for type and size, scanned, and kept apart?",
        );
        assert_eq!(answered(&RULE, &send(""), "Yes"), "");
        assert_eq!(mended(&RULE, &send("; upload-checks no"), 0), "");
    }

    #[test]
    fn it_is_followed_to_where_it_is_kept() {
        let finding = only(&RULE, &send("; upload-checks no; authentication yes"));
        assert_eq!(
            finding.because,
            "Whoever may call send can send it; it may go on to files: serious impact, medium."
        );
        let way: Vec<&str> = finding.evidence.path.iter().map(|it| it.element.as_str()).collect();
        assert_eq!(way, ["user", "web", "files"]);
    }
}
