//! The findings as a report in Markdown, to be sent or kept with the design: `CommonMark`, read well as text too.
//!
//! What a model holds reaches the file through [`escaped`] or [`code`] only, and never stands first in a line.

use super::{Export, Format, counted_or_no, one_line};
use crate::model::{Comment, Id, Message, Model, Severity, Text, Verdict};
use crate::rules::{self, Finding, Hop, Question, Standing};

pub(super) static FORMAT: Format = Format {
    id: "markdown",
    label: "Markdown report",
    extensions: &["md"],
    is_picture: false,
    tells_findings: true,
    drops_packs: false,
    import: None,
    export: Some(|it| Ok(report(it).into_bytes())),
};

fn report(it: &Export<'_>) -> String {
    let mut report = Report { model: it.model, today: it.today, text: String::new() };
    let (settled, open): (Vec<&Finding>, Vec<&Finding>) =
        it.in_order().partition(|finding| !finding.standing(it.model, it.today).is_open());
    report.head(it, &open, settled.len());
    report.line("## Findings");
    if open.is_empty() {
        report.line("None is open.");
    }
    for level in Severity::ALL {
        let found: Vec<&&Finding> = open.iter().filter(|it| it.severity == level).collect();
        if !found.is_empty() {
            report.line(&format!("### {} ({})", level.label(), found.len()));
        }
        for finding in found {
            report.finding(finding);
        }
    }
    if !settled.is_empty() {
        report.line("## Settled by a verdict");
        for finding in settled {
            report.finding(finding);
        }
    }
    report.orphans(&it.orphans());
    report.questions(&it.questions_in_order().collect::<Vec<_>>());
    report.comments();
    report.text
}

struct Report<'a> {
    model: &'a Model,
    today: &'a str,
    text: String,
}

impl Report<'_> {
    /// A paragraph, a heading or a whole list, with the blank line that ends it.
    fn line(&mut self, line: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn head(&mut self, it: &Export<'_>, open: &[&Finding], settled: usize) {
        let title = it.model.the_brief().title.trim();
        let title = if title.is_empty() { it.file } else { title };
        self.line(&format!("# Architecture review: {}", escaped(title)));
        let sizes = [
            counted_or_no(it.model.components().len(), "component"),
            counted_or_no(it.model.flows().len(), "flow"),
            counted_or_no(it.model.boundaries().len(), "boundary"),
        ];
        self.line(&format!("Of {}: {}.", code(it.file), sizes.join(", ")));
        let of_level = |level: Severity| (open.iter().filter(|it| it.severity == level).count(), level);
        let levels = Severity::ALL.map(of_level).into_iter().filter(|(n, _)| *n > 0);
        let levels: Vec<String> = levels.map(|(n, level)| format!("{n} {}", level.slug())).collect();
        let levels = if levels.is_empty() { String::new() } else { format!(": {}", levels.join(", ")) };
        let settled = if settled == 0 { String::new() } else { format!(" {settled} settled by a verdict.") };
        self.line(&format!(
            "**{}**{levels}.{settled} {}.",
            sentence(&counted_or_no(open.len(), "open finding")),
            sentence(&counted_or_no(it.questions.len(), "open question")),
        ));
    }

    fn finding(&mut self, it: &Finding) {
        let standing = it.standing(self.model, self.today);
        let is_settled = !standing.is_open();
        let (depth, level) =
            if is_settled { ("###", format!(" ({})", it.severity.slug())) } else { ("####", String::new()) };
        self.line(&format!("{depth} {}{level}", self.reads(&it.message)));
        let label = rules::label(self.model, &it.rule);
        let items = [
            ("Where", self.reads(&it.place)),
            ("Path", self.path(&it.evidence.path)),
            ("With", self.others(it)),
            ("Why", self.reads(&it.because)),
            ("Verdict", standing.verdict().map_or_else(|| "none yet".to_owned(), verdict)),
            ("Open again", self.reopened(it)),
            ("Rule", format!("{}, {}", escaped(label), code(&it.key))),
            ("Rule pack", rules::source(self.model, &it.rule).map(|it| escaped(&it)).unwrap_or_default()),
        ];
        let items: Vec<String> = items
            .iter()
            .filter(|(_, text)| !text.is_empty())
            .map(|(head, text)| format!("- **{head}:** {text}"))
            .collect();
        self.line(&items.join("\n"));
    }

    /// Verdicts whose finding is gone, each with what it was on.
    fn orphans(&mut self, orphans: &[(&str, &Verdict)]) {
        if orphans.is_empty() {
            return;
        }
        self.line("## Verdicts whose finding is gone");
        for (key, it) in orphans {
            self.line(&format!("### {}", escaped(&rules::key_in_words(self.model, key))));
            self.line(&format!("- **Verdict:** {}\n- **Key:** {}", verdict(it), code(key)));
        }
    }

    fn reads(&self, text: &Text) -> String {
        escaped(&text.read(self.model))
    }

    fn reopened(&self, it: &Finding) -> String {
        let verdict = match it.standing(self.model, self.today) {
            Standing::Reopened(verdict) => it.reopened_because(self.model, verdict, self.today),
            _ => None,
        };
        verdict.map(|it| escaped(&it)).unwrap_or_default()
    }

    fn path(&self, path: &[Hop]) -> String {
        path.iter().map(|it| self.hop(it)).collect::<Vec<_>>().join(" → ")
    }

    /// `Load balancer (ports 80, 443; listens on 443)`.
    fn hop(&self, hop: &Hop) -> String {
        let ports = hop.ports.as_ref().map(|it| match it.count() {
            0 => "no port".to_owned(),
            1 => format!("port {}", it.numbers()),
            _ if it.is_all() => it.numbers(),
            _ => format!("ports {}", it.numbers()),
        });
        let note = Some(self.reads(&hop.note)).filter(|it| !it.is_empty());
        let remarks: Vec<String> = ports.into_iter().chain(note).collect();
        let remarks = if remarks.is_empty() { String::new() } else { format!(" ({})", remarks.join("; ")) };
        format!("{}{remarks}", escaped(&self.model.title(&hop.element)))
    }

    /// Evidence beside the path. What the finding is about stands in its place already.
    fn others(&self, it: &Finding) -> String {
        let is_told = |id: &Id| {
            it.evidence.path.iter().any(|hop| hop.element == *id) || it.subjects == std::slice::from_ref(id)
        };
        let beside = it.evidence.also.iter().filter(|id| !is_told(id));
        let beside = self.model.by_title(beside).into_iter();
        beside.map(|it| escaped(&self.model.title(it))).collect::<Vec<_>>().join(", ")
    }

    fn questions(&mut self, questions: &[&Question]) {
        self.line("## Open questions");
        if questions.is_empty() {
            return self.line("None.");
        }
        let one = |(n, it): (usize, &&Question)| {
            let why = self.reads(&it.why);
            format!(
                "{}. **{}** {why}{}{}",
                n + 1,
                self.reads(&it.text),
                if why.is_empty() { "" } else { " " },
                code(&it.key)
            )
        };
        let items: Vec<String> = questions.iter().enumerate().map(one).collect();
        self.line(&items.join("\n"));
    }
}

impl Report<'_> {
    /// What is said about the drawing and not resolved.
    fn comments(&mut self) {
        let open = self.model.threads().into_iter().map(|it| it.1).filter(|it| !it.resolved);
        let open: Vec<&Comment> = open.collect();
        if open.is_empty() {
            return;
        }
        self.line("## Open comments");
        let items: Vec<String> = open
            .iter()
            .map(|it| {
                let said = it.messages.0.values().map(said);
                format!("- **{}**\n{}", escaped(&it.about(self.model)), said.collect::<Vec<_>>().join("\n"))
            })
            .collect();
        self.line(&items.join("\n"));
    }
}

/// A message below what it is about.
fn said(it: &Message) -> String {
    let who = if it.author.trim().is_empty() { "Somebody".to_owned() } else { escaped(&it.author) };
    let on = if it.day.trim().is_empty() { String::new() } else { format!(", {}", escaped(&it.day)) };
    format!("  - {who}{on}: {}", escaped(&it.text))
}

/// With a capital first.
fn sentence(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|it| it.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

/// `Accepted by Ada on 2026-11-24, until 2027-01-01: office only (https://…)`.
fn verdict(it: &Verdict) -> String {
    let part = |before: &str, text: &str, after: &str| {
        if text.trim().is_empty() { String::new() } else { format!("{before}{}{after}", escaped(text)) }
    };
    format!(
        "{}{}{}{}{}{}",
        it.state.label(),
        part(" by ", &it.who, ""),
        part(" on ", &it.when, ""),
        part(", until ", &it.until, ""),
        part(": ", &it.reason, ""),
        part(" (", &it.link, ")"),
    )
}

/// A text that is text inside a line, whatever it holds: `CommonMark` 0.31, sections 2.4 (backslash escapes) and 2.5
/// (entities), and what GitHub makes of bare addresses, `@names` and formulas.
fn escaped(text: &str) -> String {
    let text = one_line(text.trim());
    let mut safe = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let is_after = |before: &str| {
            let start = at.saturating_sub(before.len());
            text.get(start..at).is_some_and(|it| it.eq_ignore_ascii_case(before))
        };
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '@' => safe.push_str("&#64;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '$' | '!' => safe.extend(['\\', c]),
            ':' if text[at..].starts_with("://") => safe.push_str("\\:"),
            '.' if is_after("www") => safe.push_str("\\."),
            _ => safe.push(c),
        }
    }
    safe
}

/// A text as code, between one backtick more than it holds in a row.
fn code(text: &str) -> String {
    let text = one_line(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Blanks that the reader takes off again, where a backtick or a blank stands at an end.
    let pad = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_inert() {
        for (text, safe) in [
            ("Web 1 (prod), 50 % - ok.", "Web 1 (prod), 50 % - ok."),
            ("<script>&amp;", "&lt;script&gt;&amp;amp;"),
            ("[a](javascript:b)", "\\[a\\](javascript:b)"),
            ("**a** _b_ `c` ~d~ $e$", "\\*\\*a\\*\\* \\_b\\_ \\`c\\` \\~d\\~ \\$e\\$"),
            ("a\n# b", "a \\# b"),
            ("https://a.b www.a.b x@a.b", "https\\://a.b www\\.a.b x&#64;a.b"),
            ("a\u{202e}b", "a\u{fffd}b"),
        ] {
            assert_eq!(escaped(text), safe);
        }
    }

    #[test]
    fn code_holds_any_text() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(code("a\nb"), "`a b`");
    }
}
