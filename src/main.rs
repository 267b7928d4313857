//! The program. A command goes to the command line; without one the window opens.

use std::process::ExitCode;

use parapet::cli::{self, Asked};

fn main() -> ExitCode {
    match cli::run(std::env::args_os()) {
        Asked::Done(code) => code,
        #[cfg(feature = "gui")]
        Asked::Window(file) => match parapet::app::run(file.as_deref()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(reason) => cli::window_failed(&reason),
        },
        #[cfg(not(feature = "gui"))]
        Asked::Window(_) => cli::without_window(),
    }
}
