//! Task runner: `cargo xtask TASK`.

mod bench;
mod catalogue;
mod editors;
mod grammar;
mod licences;
mod logs;
mod packages;
mod settings;

use std::path::PathBuf;

use clap::{Parser, Subcommand};

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Generate grammar/src/parser.c from grammar/src/grammar.json
    Grammar {
        /// Change nothing; fail when the committed parser is not what would be generated
        #[arg(long)]
        check: bool,
    },
    /// Make the tables of nginx's directives and variables (src/nginx/*.tsv) from records of its sources and documentation
    Catalogue {
        /// The folder of the records: directives.json and variables.json
        records: PathBuf,
        /// Change nothing; fail when the committed tables are not what would be made
        #[arg(long)]
        check: bool,
    },
    /// Write the server's settings where editors read them: the schema of nginx-analyzer.toml, VS Code's extension, LSP4IJ's template
    Settings {
        /// Change nothing; fail when the committed files have other settings
        #[arg(long)]
        check: bool,
        /// The binary; built when it is left out
        #[arg(long)]
        binary: Option<PathBuf>,
    },
    /// Measure `nginx-analyzer check` beside `nginx -t` and what PyPI has, on the same generated configurations
    Bench(bench::commands::Arguments),
    /// Measure the language server beside those that PyPI has, in the same session with the same generated files
    BenchLsp(bench::lsp::Arguments),
    /// Measure `nginx-analyzer usage` beside goaccess, `grep -c` and `wc -l` on generated logs
    BenchLogs {
        /// How many locations, as often as there are sizes
        #[arg(long = "locations", default_values_t = [24, 500])]
        locations: Vec<usize>,
        /// How large the log is: 1G, 200M
        #[arg(long, default_value = "1G", value_parser = logs::size)]
        bytes: u64,
        /// How often each is run
        #[arg(long, default_value_t = 5)]
        runs: usize,
        /// The binary; built in release mode when it is left out
        #[arg(long)]
        binary: Option<PathBuf>,
    },
    /// Measure what grows faster than a configuration does: on configurations that are many of one thing, and four times as many
    BenchGrowth(bench::growth::Arguments),
    /// Run the tests in real editors, which are fetched where that is possible
    Editors {
        /// Which, by the names of the table that it prints; all when none is named
        names: Vec<String>,
        /// The binary; built in debug mode when it is left out
        #[arg(long)]
        binary: Option<PathBuf>,
    },
    /// List what others have made and the binary contains, with its licences, in docs/licences.md
    Licences {
        /// Change nothing; fail when the committed list is not what would be made
        #[arg(long)]
        check: bool,
        /// Write the texts of the licences into this file, as packages carry them, and no list
        #[arg(long, conflicts_with = "check")]
        texts: Option<PathBuf>,
    },
    /// Make the packages of a built binary: release archive, wheel, npm, Debian
    Packages(packages::Arguments),
    /// Write a configuration, and an access log of any size for it
    Logs {
        /// The folder to write into: nginx.conf and logs/access.log
        folder: PathBuf,
        /// How many locations
        #[arg(long, default_value_t = 24)]
        locations: usize,
        /// How large the log is: 1G, 200M
        #[arg(long, default_value = "1G", value_parser = logs::size)]
        bytes: u64,
    },
}

fn main() -> anyhow::Result<()> {
    match Arguments::parse().task {
        Task::Grammar { check } => grammar::run(check),
        Task::Catalogue { records, check } => catalogue::run(&records, check),
        Task::Settings { check, binary } => settings::run(binary, check),
        Task::BenchLogs { locations, bytes, runs, binary } => bench::logs::run(&locations, bytes, runs, binary),
        Task::Editors { names, binary } => editors::run(&names, binary),
        Task::Logs { folder, locations, bytes } => logs::run(&folder, locations, bytes),
        Task::Licences { check, texts } => licences::run(check, texts.as_deref()),
        Task::Packages(arguments) => packages::run(&arguments),
        Task::Bench(arguments) => bench::commands::run(arguments),
        Task::BenchLsp(arguments) => bench::lsp::run(arguments),
        Task::BenchGrowth(arguments) => bench::growth::run(arguments),
    }
}
