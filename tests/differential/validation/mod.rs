//! What the rules say against what the real `nginx -t` says: of real configurations, and of such with one thing wrong.
//!
//! What depends on the host (ports in use, names of DNS, users, files) is put out of the way first, the same for both; what nginx then
//! still refuses for such a reason, or because a module or a version is another, is not compared.
//!
//! `MUTATIONS=20000 cargo test --test differential validation -- --nocapture` makes more of them and prints the tables.

mod mutate;
mod prepare;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use nginx_analyzer::nginx::{directives, foreign};
use nginx_analyzer::project::settings::Level;
use nginx_analyzer::rules::{self, Severity};
use nginx_analyzer::world::World;

use crate::live::binary;
use crate::support::{Random, SEED, number, shared};

/// The rules that speak of what keeps nginx from starting.
const REFUSALS: &[&str] = &[
    "argument-count",
    "conflicting-options",
    // Of which an error is told for two locations of one name only.
    "dead-location",
    "duplicate-definition",
    "duplicate-directive",
    "include-problem",
    "invalid-value",
    "misplaced-directive",
    "missing-directive",
    "nginx-refuses",
    "syntax-error",
    "undefined-name",
    "unknown-directive",
];

/// Both answers.
#[derive(Debug)]
struct Answers {
    accepted: bool,
    /// The last line that matters of what nginx says.
    said: String,
    /// Our errors.
    errors: Vec<String>,
}

/// Asks both of a configuration as [`prepare`] left it. `None` where nginx refuses it for what can't be known without its host.
fn ask(binary: &Path, folder: &Path, text: &str) -> Option<Answers> {
    let file = folder.join("nginx.conf");
    std::fs::write(&file, text).expect("a file in a temporary folder");
    let output = Command::new(binary).arg("-t").arg("-p").arg(folder).arg("-c").arg(&file).output().expect("nginx runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let said = said.lines().find(|line| line.contains("[emerg]")).or(said.lines().last()).unwrap_or_default().to_owned();
    let said = said
        .split_once("[emerg]")
        .map_or(said.as_str(), |(_, rest)| rest.trim_start_matches(|letter: char| !letter.is_ascii_alphabetic() && letter != '"'))
        .to_owned();
    let accepted = output.status.success();
    if !accepted && depends_on_host(&said) {
        return None;
    }
    let mut world = World::open(folder, Vec::new());
    let analysis = world.analysis();
    let mut findings = Vec::new();
    for rule in rules::registry::RULES.iter().filter(|rule| REFUSALS.contains(&rule.id)) {
        if analysis.project.settings.rules.get(rule.id) != Some(&Level::Off) {
            (rule.check)(&analysis, &mut findings);
        }
    }
    // A name that nobody here knows may be one of a module of somebody's own: of that a warning is told.
    let unknown = said.starts_with("unknown directive");
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error || unknown && finding.rule == "unknown-directive");
    Some(Answers { accepted, said, errors: errors.map(|finding| format!("{}: {}", finding.rule, finding.message)).collect() })
}

/// True for what nginx says of its host, or of what it was built with.
fn depends_on_host(said: &str) -> bool {
    const HOST: [&str; 16] = [
        "host not found",
        "bind() to",
        "No such file or directory",
        "Permission denied",
        "getpwnam",
        "getgrnam",
        "is not binary compatible",
        "dlopen()",
        "could not build",
        "SSL_CTX",
        "cannot load certificate",
        "PEM_read",
        "lua_",
        "no resolver defined",
        "was not found",
        "the size",
    ];
    // Another version, or another module, has it.
    let built = said.strip_prefix("unknown directive \"").and_then(|rest| rest.split_once('"')).is_some_and(|(name, _)| {
        directives::is_known(name) || directives::removed(name).next().is_some() || foreign::module_of(name).is_some()
    });
    built || HOST.iter().any(|word| said.contains(word)) || said.contains("_by_lua") && said.contains("error")
}

/// How often what happened.
#[derive(Debug, Default)]
struct Table {
    rows: BTreeMap<String, [usize; 5]>,
    false_alarms: Vec<String>,
    missed: BTreeMap<String, usize>,
    examples: BTreeMap<String, String>,
}

impl Table {
    fn add(&mut self, row: &str, answers: Option<&Answers>, what: impl Fn() -> String) {
        let row = self.rows.entry(row.to_owned()).or_default();
        let Some(answers) = answers else {
            row[4] += 1;
            return;
        };
        match (answers.accepted, answers.errors.is_empty()) {
            (true, true) => row[0] += 1,
            (false, false) => row[1] += 1,
            (true, false) => {
                row[2] += 1;
                self.false_alarms.push(format!("{}\n    {}", what(), answers.errors.join("\n    ")));
            }
            (false, true) => {
                row[3] += 1;
                let kind = kind(&answers.said);
                if std::env::var_os("MISSED").is_some() {
                    println!("missed: {} | {}", answers.said, what().replace('\n', " "));
                }
                self.examples.entry(kind.clone()).or_insert_with(|| format!("{}\n      {}", answers.said, what()));
                *self.missed.entry(kind).or_default() += 1;
            }
        }
    }

    fn print(&self) {
        println!("{:28} {:>8} {:>8} {:>11} {:>7} {:>10}", "", "accepted", "refused", "false alarm", "missed", "not asked");
        let mut sum = [0; 5];
        for (name, row) in &self.rows {
            println!("{name:28} {:>8} {:>8} {:>11} {:>7} {:>10}", row[0], row[1], row[2], row[3], row[4]);
            sum.iter_mut().zip(row).for_each(|(sum, count)| *sum += count);
        }
        println!("{:28} {:>8} {:>8} {:>11} {:>7} {:>10}", "all", sum[0], sum[1], sum[2], sum[3], sum[4]);
        println!("agreement: {:.2} %", 100.0 * self.agreement());
        let mut missed: Vec<_> = self.missed.iter().collect();
        missed.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        for (kind, count) in missed {
            println!("  missed {count}: {kind}\n      {}", self.examples.get(kind).map_or("", String::as_str));
        }
        self.false_alarms.iter().for_each(|alarm| println!("  false alarm: {alarm}"));
    }

    fn agreement(&self) -> f64 {
        let sum = |index: usize| self.rows.values().map(|row| row[index]).sum::<usize>() as f64;
        (sum(0) + sum(1)) / (sum(0) + sum(1) + sum(2) + sum(3)).max(1.0)
    }
}

/// What nginx says, without names and places.
fn kind(said: &str) -> String {
    let said = said.split(" in /").next().unwrap_or(said);
    let mut out = String::new();
    for (index, part) in said.split('"').enumerate() {
        out.push_str(if index % 2 == 1 { "\"…\"" } else { part });
    }
    out.replace(|letter: char| letter.is_ascii_digit(), "")
}

/// The files of the corpus that can be made a whole configuration, prepared, by name.
fn bases(folder: &Path) -> Vec<(String, String)> {
    let Some(corpus) = shared("corpus") else { return Vec::new() };
    let mut names: Vec<String> = Vec::new();
    for part in ["conf", "docs", "ngxtests", "tsocket"] {
        let entries = std::fs::read_dir(corpus.join(part)).into_iter().flatten().flatten();
        names.extend(entries.map(|entry| format!("{part}/{}", entry.file_name().to_string_lossy())));
    }
    names.sort();
    names
        .into_iter()
        .filter_map(|name| {
            let text = String::from_utf8(std::fs::read(corpus.join(&name)).ok()?).ok()?;
            Some((name, prepare::whole(&text, folder)?))
        })
        .collect()
}

fn report(table: &Table, least: f64) {
    table.print();
    assert!(table.false_alarms.is_empty(), "{} false alarms", table.false_alarms.len());
    assert!(table.agreement() >= least, "agreement is {:.4}", table.agreement());
}

#[test]
fn of_real_configurations() {
    let Some(binary) = binary() else { return };
    let folder = prepare::folder();
    let mut table = Table::default();
    for (name, text) in bases(folder.path()) {
        let answers = ask(&binary, folder.path(), &text);
        table.add(name.split('/').next().unwrap_or_default(), answers.as_ref(), || name.clone());
    }
    if !table.rows.is_empty() {
        report(&table, 0.9);
    }
}

#[test]
fn of_configurations_with_one_thing_wrong() {
    let Some(binary) = binary() else { return };
    let folder = prepare::folder();
    let count = std::env::var("MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(600);
    let good: Vec<(String, String)> = bases(folder.path())
        .into_iter()
        .filter(|(_, text)| text.len() < 20_000 && ask(&binary, folder.path(), text).is_some_and(|answers| answers.accepted))
        .collect();
    if good.is_empty() {
        return;
    }
    let mut random = Random::new(number(SEED).unwrap_or(6));
    let mut table = Table::default();
    for _ in 0..count {
        let (name, text) = &good[random.below(good.len())];
        let Some(mutation) = mutate::mutate(text, &mut random) else { continue };
        let answers = ask(&binary, folder.path(), &mutation.text);
        table.add(mutation.kind, answers.as_ref(), || format!("{name}: {}", mutation.what));
    }
    report(&table, 0.96);
}
