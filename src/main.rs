//! The program. A command goes to the command line; without one the window opens.

use std::process::ExitCode;

use parapet::cli::{self, Asked};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Asked::Done(code) => code,
        Asked::Window(_file) => cli::without_window(),
    }
}
