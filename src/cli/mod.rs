//! The command line: one file a command, each a pure function from its arguments and files to a [`Reply`].
//!
//! This file and [`source`] do all the input and output. Exit codes: 0 all is well, 1 there are findings at or above
//! the level that was asked for, 2 bad input or bad usage.
#![expect(clippy::disallowed_methods, reason = "one of the two rooms that touch the disk")]

mod check;
mod complaint;
mod convert;
mod explain;
mod rules;
mod simulate;
mod source;
mod style;

use std::ffi::OsString;
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use crate::formats::nearest::nearest;
use crate::formats::one_line;
use complaint::Complaint;
use style::Style;

/// Draw an architecture and see, as you draw, what fails and who gets in.
///
/// Without a command the window opens, on FILE if one is named.
#[derive(Parser)]
#[command(name = "parapet", version, args_conflicts_with_subcommands = true)]
struct Arguments {
    /// A document (*.parapet.ron) or a text in the text language (*.parapet.txt) to open in the window
    file: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    Check(check::Arguments),
    Convert(convert::Arguments),
    Explain(explain::Arguments),
    Rules(rules::Arguments),
    Simulate(simulate::Arguments),
}

/// How a command prints: for people, or for programs.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

/// What the arguments asked for.
#[derive(Debug)]
pub enum Asked {
    /// A command, or help: it is done, and the program ends with this.
    Done(ExitCode),
    /// The window, on that file if one is named.
    Window(Option<PathBuf>),
}

/// What a command has to say.
#[derive(Debug, Default)]
struct Reply {
    /// The result, for standard output.
    text: String,
    /// Remarks beside it, for standard error, a line each.
    remarks: Vec<String>,
    /// The exit code.
    code: u8,
}

impl Reply {
    fn text(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

/// Does what the arguments ask for, the first of them the program's own name.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> Asked {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let first = arguments.get(1).and_then(|it| it.to_str()).unwrap_or_default().to_owned();
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(it) => it,
        Err(error) => return Asked::Done(say(&usage(&error, &first))),
    };
    let style = Style::of(io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    let reply = match arguments.command {
        None => match mistyped(&first) {
            Some(complaint) => Err(complaint),
            None => return Asked::Window(arguments.file),
        },
        Some(Command::Check(it)) => check::run(&it, style),
        Some(Command::Convert(it)) => convert::run(&it),
        Some(Command::Explain(it)) => explain::run(&it),
        Some(Command::Rules(it)) => rules::run(&it, style),
        Some(Command::Simulate(it)) => simulate::run(&it),
    };
    Asked::Done(say(&reply.unwrap_or_else(Complaint::into_reply)))
}

/// A word that is no file and nearly a command.
fn mistyped(word: &str) -> Option<Complaint> {
    let commands = Arguments::command();
    let known = commands.get_subcommands().map(|it| it.get_name());
    let meant =
        nearest(word, known).filter(|_| !word.contains(['.', '/', '\\']) && !Path::new(word).exists())?;
    let what = format!("there is no command and no file `{word}`; did you mean `parapet {meant}`?");
    Some(Complaint::new(what))
}

/// Help and version are errors of clap's too. A real one is told in one line: what is wrong, then how it is used.
fn usage(error: &clap::Error, first: &str) -> Reply {
    let text = error.render().to_string();
    if !error.use_stderr() {
        return Reply::text(text);
    }
    let commands = Arguments::command();
    let known = || commands.get_subcommands().map(|it| it.get_name());
    if let Some(meant) = nearest(first, known()).filter(|it| *it != first) {
        let what = format!("there is no command `{first}`; did you mean `{meant}`?");
        return Complaint::new(what).into_reply();
    }
    let paragraphs = text.trim_start_matches("error: ").split("\n\n");
    let told = paragraphs.filter(|it| !it.trim().is_empty() && !it.starts_with("For more information"));
    let words = |it: &str, between: &str| it.lines().map(str::trim).collect::<Vec<_>>().join(between);
    let parts: Vec<String> = told
        .map(|it| match it.trim().strip_prefix("Usage: ") {
            Some(usage) => format!("usage: {}", words(usage, " or ")),
            None => words(it.trim(), " "),
        })
        .collect();
    Complaint::new(parts.join("; ")).into_reply()
}

/// Says that this program was built without its window.
pub fn without_window() -> ExitCode {
    let what =
        "this build has no window; use the commands (parapet --help), or build it with the feature `gui`";
    say(&Complaint::new(what).into_reply())
}

/// Says why no window opened, and what works without one.
pub fn window_failed(reason: &str) -> ExitCode {
    let commands = Arguments::command();
    let names: Vec<&str> = commands.get_subcommands().map(clap::Command::get_name).collect();
    let what = format!("no window can open: {reason}; without one these work: parapet {}", names.join(", "));
    say(&Complaint::new(what).into_reply())
}

fn say(reply: &Reply) -> ExitCode {
    let mut remarks = io::stderr().lock();
    for line in &reply.remarks {
        drop(writeln!(remarks, "parapet: {}", one_line(line)));
    }
    match io::stdout().lock().write_all(reply.text.as_bytes()) {
        Ok(()) => ExitCode::from(reply.code),
        // Whoever reads has seen enough (`parapet rules | head`).
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::from(reply.code),
        Err(error) => {
            drop(writeln!(remarks, "parapet: the result could not be written: {error}"));
            ExitCode::from(2)
        }
    }
}
