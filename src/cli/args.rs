//! The arguments of the command.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::messages::Language;
use crate::rules::Severity;

/// Finds dead locations, missing files and proxied routes that the backend lacks in nginx and OpenResty configurations.
#[derive(Debug, Parser)]
#[command(name = "nginx-analyzer", version, about, max_term_width = 100)]
pub struct Arguments {
    /// Start the language server on standard input and output (the same as `nginx-analyzer lsp`)
    #[arg(long, overrides_with = "stdio")]
    pub stdio: bool,

    /// The language of what is said: English, or what nginx-analyzer.toml says, whatever LANG is
    #[arg(long, global = true, value_enum, value_name = "LANGUAGE")]
    pub lang: Option<Lang>,

    /// What to do
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// `--lang`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// English
    En,
    /// 日本語
    Ja,
}

impl From<Lang> for Language {
    fn from(lang: Lang) -> Language {
        match lang {
            Lang::En => Language::English,
            Lang::Ja => Language::Japanese,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check configurations and print what was found
    Check(CheckArguments),
    /// Say which location serves a URL, with every step that leads there
    Trace(TraceArguments),
    /// Say for each location how many requests the access logs show, of whom, and when
    Usage(UsageArguments),
    /// Write the report: who uses what, what can go, with the evidence, and the steps
    Report(ReportArguments),
    /// Show the gateway's map: which URL leads to which location, backend and route, and which routes nobody can reach
    Routes(RoutesArguments),
    /// Print a configuration with everything that it includes in its place, as nginx reads it
    #[command(visible_alias = "dump")]
    Expand(ExpandArguments),
    /// Comment out what is not needed, watch, delete; every step can be taken back
    Cleanup {
        /// Which step
        #[command(subcommand)]
        step: CleanupStep,
    },
    /// Ask a running backend for its routes and write them down with the date; the only command that uses the network
    Probe(ProbeArguments),
    /// Explain a rule: what it finds, what it rests on, when it is silent
    Explain {
        /// The rule's id, as `check` prints it in brackets; all rules are listed when it is left out
        rule: Option<String>,
    },
    /// Print the JSON Schema of nginx-analyzer.toml, for editors that complete and check TOML
    Schema {
        /// For whom
        #[arg(long = "for", value_enum, default_value_t = SchemaReader::Toml, value_name = "READER")]
        reader: SchemaReader,
    },
    /// Print the script that makes a shell complete commands, options, rules and files
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print a manual page, or write all of them into a folder
    Man(ManArguments),
    /// Start the language server
    Lsp {
        /// Use standard input and output (the default; editors pass this, some of them twice)
        #[arg(long, overrides_with = "stdio")]
        stdio: bool,
        /// Process id of the editor; the server stops when that process is gone
        #[arg(long = "clientProcessId", hide = true)]
        client_process_id: Option<u32>,
    },
}

/// `--for` of `schema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaReader {
    /// The file nginx-analyzer.toml
    Toml,
    /// VS Code: the settings below `nginxAnalyzer`, as properties of an extension's `contributes.configuration`
    Vscode,
}

/// `nginx-analyzer man`
#[derive(Debug, Args)]
pub struct ManArguments {
    /// The page of this command: `check`, `cleanup plan` [default: the page of nginx-analyzer itself]
    #[arg(value_name = "COMMAND")]
    pub command: Vec<String>,

    /// Write the pages of all commands into this folder, which is made when it is not there
    #[arg(long, short, value_name = "FOLDER", conflicts_with = "command", value_hint = clap::ValueHint::DirPath)]
    pub output: Option<PathBuf>,
}

/// Which access logs are read; shared by commands that use them.
#[derive(Debug, Clone, Default, Args)]
pub struct LogArguments {
    /// Access logs: files, globs, folders, or `-` for standard input; as often as needed. Compressed ones, and what compose, kubectl,
    /// Docker and journald print or keep, are read as they are [default: `files` under [logs] in nginx-analyzer.toml, else those found]
    #[arg(long = "logs", value_name = "GLOB", num_args = 1.., value_hint = clap::ValueHint::AnyPath)]
    pub logs: Vec<String>,

    /// Read no access logs
    #[arg(long, conflicts_with = "logs")]
    pub no_logs: bool,

    /// How far back requests count, from the newest one: 7d, 36h, `all`; or from when on: 2025-11-03, 2025-11-03T12:00:00Z
    /// [default: `window` under [logs] in nginx-analyzer.toml, else 7d]
    #[arg(long, value_name = "SPAN")]
    pub since: Option<String>,
}

/// `nginx-analyzer usage`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 told, 2 could not run.")]
pub struct UsageArguments {
    /// Configuration files, or folders to look for configurations in
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Which logs
    #[command(flatten)]
    pub logs: LogArguments,

    /// How to print it
    #[arg(long, value_enum, default_value_t = UsageFormat::Text)]
    pub format: UsageFormat,

    /// The folder that paths are shown relative to, where nginx-analyzer.toml, compose files and Dockerfiles are looked
    /// for [default: the folder given, or the nearest one above the file that holds one of these or `.git`]
    #[arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    pub workspace: Option<PathBuf>,

    /// When to use colours in the text format
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
}

/// Output formats of `usage`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum UsageFormat {
    /// For people: a table for each server
    Text,
    /// For programs: a versioned schema (docs/output.md)
    Json,
}

/// `nginx-analyzer probe`
#[derive(Debug, Args)]
#[command(
    after_help = "Only the hosts that are named are asked, with GET, HEAD or OPTIONS, without credentials and without a proxy; redirects to \
other hosts are not followed.\n\nExit status: 0 written, 2 could not run."
)]
pub struct ProbeArguments {
    /// http://host:port of the backend; with a path that of its OpenAPI or Swagger description [default: the paths where
    /// frameworks have it, as /openapi.json]
    #[arg(value_name = "URL", required = true)]
    pub urls: Vec<String>,

    /// Do use the network
    #[arg(long)]
    pub allow_network: bool,

    /// Ask for the URIs of this file in place of a description: one URI or `METHOD /path` a line
    #[arg(long, value_name = "FILE", group = "listed")]
    pub uris: Option<PathBuf>,

    /// Ask for a URI of each location of this configuration that passes requests to the backend, in place of a description
    #[arg(long, value_name = "PATH", group = "listed")]
    pub from: Option<PathBuf>,

    /// What that configuration calls the backend: `api`, `api:3000`, or an upstream block [default: host and port of the URL]
    #[arg(long, value_name = "NAME", requires = "from")]
    pub upstream: Option<String>,

    /// How the URIs are asked for [default: HEAD, then GET where that is not answered; OPTIONS for methods that may
    /// change something]
    #[arg(long, value_enum, requires = "listed")]
    pub method: Option<ProbeMethod>,

    /// The most requests in a second
    #[arg(long, value_name = "N", default_value_t = 5.0, value_parser = rate)]
    pub rate: f64,

    /// How many seconds one request may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=600))]
    pub timeout: u64,

    /// The file to write, or for several URLs the folder; without it the answer is printed
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,
}

/// `--method` of `probe`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProbeMethod {
    /// GET
    Get,
    /// HEAD; it can show that a route is there, not that one is missing
    Head,
    /// OPTIONS; as HEAD
    Options,
}

fn rate(text: &str) -> Result<f64, String> {
    let number: f64 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (0.01..=1000.0).contains(&number) { Ok(number) } else { Err("not between 0.01 and 1000".to_owned()) }
}

/// `nginx-analyzer report`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 written, 2 could not run.")]
pub struct ReportArguments {
    /// Configuration files, or folders to look for configurations in
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// Which logs
    #[command(flatten)]
    pub logs: LogArguments,

    /// How to write it [default: by the ending of the file of --output, else md]
    #[arg(long, value_enum)]
    pub format: Option<ReportFormat>,

    /// The file to write it to; without it the report is printed
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Take this as today's date (`2026-11-28`) [default: the system's]
    #[arg(long, value_name = "DATE")]
    pub today: Option<jiff::civil::Date>,

    /// Do not ask the Git repository when something last changed
    #[arg(long)]
    pub no_history: bool,

    /// The folder that paths are shown relative to, where nginx-analyzer.toml, compose files and Dockerfiles are looked
    /// for [default: the folder given, or the nearest one above the file that holds one of these or `.git`]
    #[arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    pub workspace: Option<PathBuf>,
}

/// Output formats of `report`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Markdown, for a terminal and for code hosts
    Md,
    /// One self-contained page, with a picture of the graph
    Html,
    /// For programs: a versioned schema (docs/output.md)
    Json,
}

/// `nginx-analyzer routes`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 shown, 2 could not run.")]
pub struct RoutesArguments {
    /// Configuration files, or folders to look for configurations in
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// How to write it
    #[arg(long, value_enum, default_value_t = RoutesFormat::Table)]
    pub format: RoutesFormat,

    /// The file to write it to; without it the map is printed
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Only the servers of this name: a server_name, with or without a port
    #[arg(long, value_name = "NAME")]
    pub server: Option<String>,

    /// The folder that paths are shown relative to, where nginx-analyzer.toml, compose files and Dockerfiles are looked
    /// for [default: the folder given, or the nearest one above the file that holds one of these or `.git`]
    #[arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    pub workspace: Option<PathBuf>,

    /// When to use colours in the table
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
}

/// Output formats of `routes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum RoutesFormat {
    /// For people: a table for each server
    Table,
    /// For programs: a versioned schema (docs/output.md)
    Json,
    /// OpenAPI 3.1: the public API, as far as it is known
    Openapi,
}

/// `nginx-analyzer expand`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 printed, 2 could not run.")]
pub struct ExpandArguments {
    /// The configuration: its main file, a file that it includes, or a folder with one configuration
    #[arg(default_value = ".", value_name = "CONF")]
    pub path: PathBuf,

    /// The folder that paths are shown relative to, where nginx-analyzer.toml, compose files and Dockerfiles are looked
    /// for [default: the folder given, or the nearest one above the file that holds one of these or `.git`]
    #[arg(long, value_name = "FOLDER")]
    pub workspace: Option<PathBuf>,
}

/// `nginx-analyzer check`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 nothing found at the chosen level, 1 something found, 2 could not run.")]
pub struct CheckArguments {
    /// Configuration files, or folders to look for configurations in
    #[arg(default_value = ".")]
    pub paths: Vec<PathBuf>,

    /// How to print what was found
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,

    /// Leave out what matters less; also decides the exit status
    #[arg(long, value_enum, default_value_t = MinSeverity::Info, value_name = "LEVEL")]
    pub min_severity: MinSeverity,

    /// Which logs
    #[command(flatten)]
    pub logs: LogArguments,

    /// Tell, too, of which locations it could not be told whether requests reach them, and what stood in the way
    #[arg(long, short)]
    pub verbose: bool,

    /// Take this as today's date (`2026-11-28`) for what depends on it [default: the system's]
    #[arg(long, value_name = "DATE")]
    pub today: Option<jiff::civil::Date>,

    /// The folder that paths are shown relative to, where nginx-analyzer.toml, compose files and Dockerfiles are looked
    /// for [default: the folder given, or the nearest one above the file that holds one of these or `.git`]
    #[arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    pub workspace: Option<PathBuf>,

    /// When to use colours in the text format
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
}

/// `nginx-analyzer trace`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 traced, 2 could not run.")]
pub struct TraceArguments {
    /// The configuration file, or the folder that it lies in
    pub conf: PathBuf,

    /// http://host:port/path?query, or /path for the first server; sent exactly as it is written
    #[arg(value_hint = clap::ValueHint::Url)]
    pub url: String,

    /// The method
    #[arg(short = 'X', long, default_value = "GET")]
    pub method: String,

    /// A header, as often as needed; without any only `Host` is sent
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub headers: Vec<String>,

    /// The client's address, for `allow`, `deny` and `geo`; without it they are taken both ways
    #[arg(long, value_name = "ADDRESS")]
    pub client: Option<std::net::IpAddr>,

    /// How to print the trace
    #[arg(long, value_enum, default_value_t = TraceFormat::Text)]
    pub format: TraceFormat,

    /// The folder that nginx-analyzer.toml, compose files and Dockerfiles are looked for in [default: the nearest one at or
    /// above the file that holds one of these or `.git`]
    #[arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    pub workspace: Option<PathBuf>,

    /// When to use colours in the text format
    #[arg(long, value_enum, default_value_t = Colour::Auto, value_name = "WHEN")]
    pub color: Colour,
}

/// `nginx-analyzer cleanup`
#[derive(Debug, Subcommand)]
pub enum CleanupStep {
    /// Show what `apply` would do: the blocks, why, the files that go with them, what is refused, the diff, the steps
    #[command(after_help = "Exit status: 0 shown, 2 could not run.")]
    Plan(CleanupPlan),
    /// Back up, comment the blocks out with a dated line above each, and test where a command is configured
    Apply(CleanupApply),
    /// List the blocks that are commented out, what the logs have shown since, and which are due
    #[command(after_help = "Exit status: 0 shown, 2 could not run.")]
    Status(CleanupPlace),
    /// Take a clean-up back, byte for byte; also one that was interrupted
    Restore(CleanupRestore),
    /// Delete the blocks that are due, and move files that nothing needs any more into the backup
    Finish(CleanupFinish),
}

/// Where a clean-up is done, and how it is told of.
#[derive(Debug, Args)]
pub struct CleanupPlace {
    /// The configuration file, or the folder that it lies in
    #[arg(default_value = ".")]
    pub conf: PathBuf,

    /// How to print it
    #[arg(long, value_enum, default_value_t = TraceFormat::Text)]
    pub format: TraceFormat,

    /// Which access logs
    #[command(flatten)]
    pub logs: LogArguments,

    /// Take this as today's date (`2026-11-28`) [default: the system's]
    #[arg(long, value_name = "DATE")]
    pub today: Option<jiff::civil::Date>,

    /// The folder that nginx-analyzer.toml, compose files and Dockerfiles are looked for in, and where the records are kept [default:
    /// the nearest one at or above the file that holds one of these or `.git`]
    #[arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath)]
    pub workspace: Option<PathBuf>,
}

/// `nginx-analyzer cleanup plan`
#[derive(Debug, Args)]
pub struct CleanupPlan {
    /// Where
    #[command(flatten)]
    pub place: CleanupPlace,

    /// Only what this rule found, as often as needed
    #[arg(long = "rule", value_name = "RULE")]
    pub rules: Vec<String>,

    /// The block that begins at this line, whatever was found there, as often as needed
    #[arg(long = "at", value_name = "FILE:LINE")]
    pub at: Vec<String>,

    /// Only what is proven
    #[arg(long, conflicts_with = "all")]
    pub proven: bool,

    /// Also what may be in use, or of which requests go elsewhere afterwards; without it only what is safe
    #[arg(long)]
    pub all: bool,
}

/// `nginx-analyzer cleanup apply`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 done, 1 nothing done or all taken back, 2 could not run.")]
pub struct CleanupApply {
    /// What
    #[command(flatten)]
    pub plan: CleanupPlan,

    /// The command that tests the configuration afterwards, words separated by blanks; no shell is used [default: `test` under
    /// [cleanup] in nginx-analyzer.toml]
    #[arg(long, value_name = "COMMAND")]
    pub test_command: Option<String>,

    /// Run no test command
    #[arg(long, conflicts_with = "test_command")]
    pub no_test: bool,

    /// Do not ask, with --all
    #[arg(long, short)]
    pub yes: bool,
}

/// `nginx-analyzer cleanup restore`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 done, or nothing to do, 1 not all could be put back, 2 could not run.")]
pub struct CleanupRestore {
    /// Where
    #[command(flatten)]
    pub place: CleanupPlace,

    /// This clean-up, as `apply`, `finish` and `status` name it
    #[arg(long, value_name = "ID", conflicts_with_all = ["all", "at"])]
    pub id: Option<String>,

    /// The block that is commented out at this line, as often as needed
    #[arg(long = "at", value_name = "FILE:LINE", conflicts_with = "all")]
    pub at: Vec<String>,

    /// Everything that clean-ups did
    #[arg(long)]
    pub all: bool,

    /// Only show what would come back
    #[arg(long)]
    pub dry_run: bool,
}

/// `nginx-analyzer cleanup finish`
#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 done, or nothing to do, 1 all taken back, 2 could not run.")]
pub struct CleanupFinish {
    /// Where
    #[command(flatten)]
    pub place: CleanupPlace,

    /// The block that is commented out at this line, due or not, as often as needed
    #[arg(long = "at", value_name = "FILE:LINE")]
    pub at: Vec<String>,

    /// Only show what would be deleted
    #[arg(long)]
    pub dry_run: bool,

    /// The command that tests the configuration afterwards [default: `test` under [cleanup] in nginx-analyzer.toml]
    #[arg(long, value_name = "COMMAND")]
    pub test_command: Option<String>,

    /// Run no test command
    #[arg(long, conflicts_with = "test_command")]
    pub no_test: bool,
}

/// Output formats of `trace` and `cleanup`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TraceFormat {
    /// For people: the answer, then every step with its line
    Text,
    /// For programs: a versioned schema (docs/output.md)
    Json,
}

/// Output formats of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: source excerpts with what is meant underlined
    Text,
    /// For programs: a versioned schema (docs/output.md)
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands: annotations on a pull request
    Github,
}

/// `--min-severity`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MinSeverity {
    /// Everything
    Hint,
    /// Information and above
    Info,
    /// Warnings and errors
    Warning,
    /// Errors only
    Error,
}

impl From<MinSeverity> for Severity {
    fn from(level: MinSeverity) -> Severity {
        match level {
            MinSeverity::Hint => Severity::Hint,
            MinSeverity::Info => Severity::Info,
            MinSeverity::Warning => Severity::Warning,
            MinSeverity::Error => Severity::Error,
        }
    }
}

/// `--color`
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
