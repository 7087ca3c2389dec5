//! The command line: what each subcommand does, and how findings are printed.

pub mod args;
mod asked;
mod check;
mod cleanup;
mod completions;
mod expand;
mod explain;
mod logs;
mod man;
mod output;
mod probe;
mod render;
mod report;
mod routes;
mod runner;
mod schema;
mod trace;
mod usage;
mod workspace;

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use anyhow::Context;
use args::{Arguments, Colour, Command};

use crate::message;
use crate::messages::Language;
use crate::parallel;

/// Found nothing, or did what was asked.
const OK: u8 = 0;
/// Found something at the chosen level.
const FOUND: u8 = 1;
/// Could not run.
const FAILED: u8 = 2;

/// Runs the command; everything that is said on failure goes to standard error.
pub fn run(mut arguments: Arguments) -> ExitCode {
    if let Some(command) = &mut arguments.command {
        logs::give_back(command);
    }
    // The first thread's stack is as large as whoever started the process wants it.
    let ended = std::thread::scope(|scope| parallel::beside(scope, || run_here(&arguments)).map(|thread| thread.join()));
    match ended {
        Some(Ok(status)) => status,
        // It has said so.
        Some(Err(panic)) => std::panic::resume_unwind(panic),
        None => run_here(&arguments),
    }
}

fn run_here(arguments: &Arguments) -> ExitCode {
    let asked: Option<Language> = arguments.lang.map(Into::into);
    let result = match &arguments.command {
        _ if arguments.stdio => crate::server::run_stdio().map_err(Into::into),
        Some(Command::Lsp { .. }) => crate::server::run_stdio().map_err(Into::into),
        Some(Command::Check(arguments)) => check::run(arguments, asked),
        Some(Command::Trace(arguments)) => trace::run(arguments, asked),
        Some(Command::Usage(arguments)) => usage::run(arguments, asked),
        Some(Command::Report(arguments)) => report::run(arguments, asked),
        Some(Command::Routes(arguments)) => routes::run(arguments, asked),
        Some(Command::Expand(arguments)) => expand::run(arguments, asked),
        Some(Command::Probe(arguments)) => probe::run(arguments, asked),
        Some(Command::Cleanup { step }) => cleanup::run(step, asked),
        Some(Command::Explain { rule }) => explain::run(rule.as_deref(), asked.unwrap_or_default()),
        Some(Command::Schema { reader }) => schema::run(*reader, asked.unwrap_or_default()),
        Some(Command::Completions { shell }) => completions::run(*shell),
        Some(Command::Man(arguments)) => man::run(arguments, asked.unwrap_or_default()),
        None => Err(anyhow::anyhow!(message!(asked.unwrap_or_default(), "cli-nothing-to-do"))),
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(error) => {
            let text = format!("nginx-analyzer: {error:#}");
            if error.is::<Lines>() {
                say_lines(&text)
            } else {
                say(&text)
            }
            ExitCode::from(FAILED)
        }
    }
}

/// An error of several lines, in which nothing else can begin one.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Lines(String);

/// Says something on standard error, on one line: what it names from elsewhere begins none, which a program that reads along would obey. Where
/// nobody can read that (a full disk behind it), there is nobody left to tell.
fn say(text: &str) {
    let _ = write!(anstream::stderr(), "{}", runner::shown(&format!("{}\n", render::one_line(text))));
}

/// As [`say`], of several lines.
fn say_lines(text: &str) {
    let _ = write!(anstream::stderr(), "{}", runner::shown(&format!("{}\n", render::printable(text))));
}

/// Prints to standard output; a reader that went away (`| head`) is no failure. Without a `colour` the text is not for people and is
/// printed as it is.
fn print(text: &str, colour: Option<Colour>) -> anyhow::Result<()> {
    let stdout = std::io::stdout();
    let written = match colour {
        Some(colour) => {
            let text = &*runner::shown(text);
            let choice = match colour {
                Colour::Always => anstream::ColorChoice::Always,
                Colour::Never => anstream::ColorChoice::Never,
                Colour::Auto if stdout.is_terminal() => anstream::AutoStream::choice(&stdout),
                Colour::Auto => anstream::ColorChoice::Never,
            };
            match choice {
                // At once: a stream that takes the colours out writes each piece by itself.
                anstream::ColorChoice::Never => stdout.lock().write_all(anstream::adapter::strip_str(text).to_string().as_bytes()),
                choice => anstream::AutoStream::new(stdout.lock(), choice).write_all(text.as_bytes()),
            }
        }
        None => stdout.lock().write_all(text.as_bytes()),
    };
    match written {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        result => result.context("standard output"),
    }
}
