//! The report on a project: everything that a person needs to decide what can go, as plain data in the reader's language.
//!
//! [`of`] makes it of an [`Analysis`], without any IO but that of a [`History`] that it is given. [`markdown`] and [`html`] write it for people; as it stands it is the JSON for
//! programs (docs/output.md).

mod cautions;
mod changed;
mod endpoints;
mod files;
mod groups;
pub mod html;
pub mod markdown;
mod read;
mod steps;

use serde::Serialize;

use super::findings::{self, Found};
use crate::messages::Language;
use crate::messages::printable::escaped;
use crate::project::history::History;
use crate::rules::{Finding, Severity};
use crate::usage::verdict::Verdict;
use crate::world::Analysis;

/// Version of the schema.
pub const VERSION: u32 = 1;

/// All that a report says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// [`VERSION`]
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// The tag of the language that its sentences are in.
    pub language: &'static str,
    /// The day, `YYYY-MM-DD`; `None` where nobody said which it is.
    pub date: Option<String>,
    /// Absolute path of the folder that files are relative to.
    pub workspace: String,
    /// What was read.
    pub read: Read,
    /// The figures.
    pub summary: Summary,
    /// Every location of every configuration, in reading order.
    pub endpoints: Vec<Endpoint>,
    /// What hangs together and can go, then what has to be looked at.
    pub groups: Vec<Group>,
    /// What the rules found, as `check` prints it.
    pub findings: Vec<Found>,
    /// Files that nothing needs, or nothing else than what can go.
    pub files: Vec<SpareFile>,
    /// What to do, in this order.
    pub steps: Vec<Step>,
    /// What was not looked at, and what can't be told.
    pub cautions: Vec<Caution>,
}

/// The program.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Tool {
    /// Its name.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Read {
    /// Configuration files, those where a configuration starts first.
    pub configurations: Vec<ConfigurationFile>,
    /// The images that nginx runs in, as compose files, Dockerfiles and the cluster's manifests name them: they say the version, too.
    pub images: Vec<String>,
    /// Access logs.
    pub logs: Vec<LogFile>,
    /// What the logs cover; `None` without logs, or without a time in them.
    pub window: Option<Window>,
    /// What was searched for callers.
    pub callers: CallerFiles,
}

/// A configuration file.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConfigurationFile {
    /// Relative to the workspace.
    pub file: String,
    /// A configuration starts here.
    pub root: bool,
    /// Lines in it.
    pub lines: u32,
    /// SHA-256 of its bytes, in hexadecimal; `None` where the text is not what the file holds byte for byte.
    pub sha256: Option<String>,
}

/// An access log, or standard input.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LogFile {
    /// Relative to the workspace where it lies inside; `-` for standard input.
    pub file: String,
    /// Its size as stored.
    pub bytes: u64,
    /// SHA-256 of the bytes as stored; `None` where it was not asked for.
    pub sha256: Option<String>,
    /// Lines in it.
    pub lines: u64,
    /// Those that are requests.
    pub requests: u64,
    /// The `log_format`s that it was read in.
    pub formats: Vec<String>,
    /// The time of its first request, as in ISO 8601.
    pub first: Option<String>,
    /// The time of its last request.
    pub last: Option<String>,
    /// Why it could not be read, or not wholly.
    pub problem: Option<String>,
}

/// What the logs cover.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Window {
    /// The first request, as in ISO 8601 in the logs' own time zone.
    pub first: String,
    /// The last request.
    pub last: String,
    /// Days, rounded; at least 1.
    pub days: u64,
    /// Days that were asked for; `None` for all.
    pub asked_days: Option<u64>,
    /// The same in words.
    pub text: String,
}

/// What was searched for callers.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct CallerFiles {
    /// How many files were read.
    pub files: usize,
    /// How many places in them ask for a URL.
    pub found: usize,
    /// Files that were left out, with the reason.
    pub left_out: Vec<LeftOut>,
}

/// A file that was not looked at.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftOut {
    /// Relative to the workspace.
    pub file: String,
    /// Why.
    pub reason: String,
}

/// The figures of a report.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Summary {
    /// Locations in all.
    pub endpoints: usize,
    /// Locations with this verdict.
    pub in_use: usize,
    /// As above.
    pub probably_unused: usize,
    /// As above.
    pub to_check: usize,
    /// As above.
    pub cannot_tell: usize,
    /// Groups of locations that are probably unused.
    pub groups: usize,
    /// Lines that go with them.
    pub lines: u32,
    /// Files that nothing else needs, or nothing at all.
    pub files: usize,
    /// Findings by severity.
    pub findings: Severities,
}

/// How many findings have each severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Severities {
    /// nginx won't start, or requests fail.
    pub error: usize,
    /// Probably wrong.
    pub warning: usize,
    /// Worth a look.
    pub info: usize,
    /// Good to know.
    pub hint: usize,
}

/// A location that is named: `{file, line, location}`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Named {
    /// Relative to the workspace.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Its name, as in [`Endpoint::location`]; the server's where only the server's own settings are meant.
    pub location: String,
}

/// A location, and who uses it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Endpoint {
    /// Where it stands, relative to the workspace.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
    /// Its server: `gateway.example.com:80`.
    pub server: String,
    /// As it is written: `= /health`.
    pub location: String,
    /// What answers, as it is written: `proxy_pass http://backend`.
    pub handler: String,
    /// Whom it passes requests to: an `upstream`'s name, or host and port.
    pub upstreams: Vec<String>,
    /// The files of the workspace that it reads.
    pub needs: Vec<String>,
    /// `in-use`, `probably-unused`, `to-check`, `cannot-tell`
    pub verdict: &'static str,
    /// Why, the strongest first.
    pub reasons: Vec<Reason>,
    /// Its requests; `None` where no log that was read tells.
    pub hits: Option<Requests>,
    /// Who sends requests to it.
    pub callers: Vec<Caller>,
    /// Who takes its URIs when it is gone; `None` where nobody does, where that can't be told, and for what is in use.
    pub takes_over: Option<TakesOver>,
    /// A location that looks like it and is in use.
    pub twin: Option<Named>,
    /// Files that only it needs.
    pub files: Vec<String>,
    /// The [`Group::id`] of the group that it is in.
    pub group: Option<usize>,
    /// Nothing that works today stops working without it.
    pub safe: bool,
}

/// What speaks for or against its use.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// Which, for programs: `no-hits`, `called`, …
    pub kind: &'static str,
    /// What it speaks for.
    pub speaks: Speaks,
    /// A sentence without a full stop.
    pub text: String,
    /// What it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

/// What a reason speaks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Speaks {
    /// It is used, or needed.
    ForUse,
    /// It is not used.
    AgainstUse,
    /// It keeps the evidence from telling.
    Unclear,
}

/// Requests that came to a location.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Requests {
    /// All of them.
    pub total: u64,
    /// Those that count as use: of people, programs and health checks, and not answered with 404.
    pub used: u64,
    /// By class of the status: `2xx`; only classes with requests, `none` for requests without a status.
    pub statuses: Vec<Count>,
    /// Those answered with 404.
    pub not_found: u64,
    /// The first, as in ISO 8601 in the logs' own time zone.
    pub first: Option<String>,
    /// The last.
    pub last: Option<String>,
    /// By method, the most frequent first.
    pub methods: Vec<Count>,
    /// How many clients, estimated.
    pub clients: u64,
    /// Of search engines and other crawlers.
    pub bots: u64,
    /// Of tools that look for holes.
    pub scanners: u64,
    /// Of health checks.
    pub checks: u64,
    /// Requests that may have come here: it depends on what a log does not hold.
    pub perhaps: u64,
    /// Requests to other locations that passed through.
    pub passed: u64,
    /// Requests that another server of this same nginx logged and passed on to here.
    pub relayed: u64,
    /// The newest request.
    pub example: Option<Example>,
}

/// A name and how many.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// `GET`, `2xx`
    pub name: String,
    /// How many.
    pub count: u64,
}

/// One logged request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The log.
    pub file: String,
    /// The line.
    pub line: u64,
    /// `GET /path?name=…`, as logged, without the values of its query.
    pub request: String,
}

/// Who sends requests to a location.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caller {
    /// Relative to the workspace.
    pub file: String,
    /// The line.
    pub line: u32,
    /// `fetch`, `health-check`, …; for other blocks of the configuration the directive: `error_page`.
    pub kind: String,
    /// Is the caller itself in use? `None` when nobody knows.
    pub live: Option<bool>,
}

/// What happens to requests when a location is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakesOver {
    /// In words.
    pub text: String,
    /// Who takes them.
    pub locations: Vec<Named>,
}

/// What hangs together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Group {
    /// Its number, from 1.
    pub id: usize,
    /// `probably-unused` or `to-check`; the latter are of one location each.
    pub verdict: &'static str,
    /// What it is, in a few words.
    pub title: String,
    /// One sentence on what has to be looked at; `None` where the evidence says it all.
    pub text: Option<String>,
    /// The one that the others hang on.
    pub head: Named,
    /// All of its locations, in reading order, the head among them.
    pub locations: Vec<Part>,
    /// Lines of all of them.
    pub lines: u32,
    /// Files that nothing else needs.
    pub files: Vec<String>,
    /// Upstreams that nothing else passes to.
    pub upstreams: Vec<Named>,
    /// When it last changed; `None` where no history knows.
    pub changed: Option<Changed>,
    /// What speaks against its use.
    pub against: Vec<Evidence>,
    /// What speaks for its use, or keeps the evidence from telling.
    pub for_use: Vec<Evidence>,
    /// What happens to requests afterwards.
    pub afterwards: Vec<Evidence>,
    /// Nothing that works today stops working without it.
    pub safe: bool,
    /// Why it is not safe; empty where it is.
    pub why_not: Vec<String>,
}

/// When something last changed, by its repository.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The day, where the author was; `None` for what is not committed yet.
    pub date: Option<String>,
    /// The commit, shortened.
    pub commit: Option<String>,
    /// The first line of its message.
    pub summary: Option<String>,
    /// Logs that begin before that show less of it than they seem to.
    pub after_logs_begin: bool,
    /// In words.
    pub text: String,
}

/// A location of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// Relative to the workspace.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Its last line.
    pub end_line: u32,
    /// As it is written.
    pub location: String,
    /// Its server.
    pub server: String,
    /// What answers.
    pub handler: String,
}

/// Something that is known of some locations of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// A sentence without a full stop.
    pub text: String,
    /// Where it is written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// The locations that it is about.
    pub of: Vec<String>,
}

/// A file that nothing needs, or nothing else than what can go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SpareFile {
    /// Relative to the workspace.
    pub file: String,
    /// `goes-with`: with the locations of `with`; `orphan`: nothing names it.
    pub kind: &'static str,
    /// In words.
    pub reason: String,
    /// The locations that it goes with.
    pub with: Vec<Named>,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Step {
    /// Which, for programs: `backup`, `log`, `proven`, `comment-out`, `test`, `reload`, `watch`, `undo`, `delete`.
    pub kind: &'static str,
    /// What.
    pub title: String,
    /// How, and what to look out for.
    pub text: String,
    /// Lines for a shell in the workspace's folder.
    pub commands: Vec<String>,
}

/// What was not looked at, or can't be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Caution {
    /// Which, for programs: `no-logs`, `short-window`, …
    pub kind: &'static str,
    /// In words.
    pub text: String,
    /// What would help: lines to write into the configuration.
    pub better: Option<String>,
    /// Where, at most as many as [`Caution::LISTED`].
    pub places: Vec<Spot>,
    /// How many places there are beside these.
    pub more: usize,
}

impl Caution {
    /// How many places one of them names.
    pub const LISTED: usize = 20;
}

/// A file and a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Spot {
    /// Relative to the workspace.
    pub file: String,
    /// The line.
    pub line: u32,
}

/// Makes the report. `found` is what the rules found in it, sorted by place; all of it is listed. `history` is that of the repository
/// in which the workspace lies, where it is to be asked when something last changed.
pub fn of(analysis: &Analysis, found: &[Finding], history: Option<&History>) -> Report {
    let (endpoints, mut groups) = groups::find(analysis, found);
    if let Some(history) = history {
        changed::tell(analysis, history, &mut groups);
    }
    let files = files::spare(analysis, &groups, found);
    let steps = steps::steps(analysis, &groups, &files, found);
    let read = read::read(analysis);
    let cautions = cautions::cautions(analysis, &read);
    Report {
        version: VERSION,
        tool: Tool { name: env!("CARGO_PKG_NAME"), version: env!("CARGO_PKG_VERSION") },
        language: analysis.language.tag(),
        date: analysis.today.map(|day| day.to_string()),
        workspace: analysis.project.workspace.to_string_lossy().into_owned(),
        summary: summary(&endpoints, &groups, &files, found),
        read,
        endpoints,
        groups,
        findings: found.iter().map(|finding| findings::found(analysis, finding)).collect(),
        files,
        steps,
        cautions,
    }
}

fn summary(endpoints: &[Endpoint], groups: &[Group], files: &[SpareFile], found: &[Finding]) -> Summary {
    let of = |verdict: Verdict| endpoints.iter().filter(|endpoint| endpoint.verdict == verdict.id()).count();
    let severity = |severity: Severity| found.iter().filter(|finding| finding.severity == severity).count();
    let unused = || groups.iter().filter(|group| group.verdict == Verdict::ProbablyUnused.id());
    Summary {
        endpoints: endpoints.len(),
        in_use: of(Verdict::InUse),
        probably_unused: of(Verdict::ProbablyUnused),
        to_check: of(Verdict::ToCheck),
        cannot_tell: of(Verdict::CannotTell),
        groups: unused().count(),
        lines: unused().map(|group| group.lines).sum(),
        files: files.len(),
        findings: Severities {
            error: severity(Severity::Error),
            warning: severity(Severity::Warning),
            info: severity(Severity::Info),
            hint: severity(Severity::Hint),
        },
    }
}

impl Report {
    /// The language that its sentences are in.
    pub fn language(&self) -> Language {
        Language::of_tag(self.language)
    }

    /// The name of the workspace's folder: what a title calls the project.
    pub fn project(&self) -> &str {
        let name = self.workspace.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default();
        if name.is_empty() { &self.workspace } else { name }
    }

    /// The JSON for programs. A line break ends it.
    ///
    /// # Errors
    /// None that can happen: every member has a form in JSON.
    pub fn json(&self) -> serde_json::Result<String> {
        let mut out = escaped(serde_json::to_string_pretty(self)?);
        out.push('\n');
        Ok(out)
    }
}

/// As people say it of a verdict's id.
fn verdict_name(id: &str, language: Language) -> String {
    let all = [Verdict::InUse, Verdict::ProbablyUnused, Verdict::ToCheck, Verdict::CannotTell];
    let verdict = all.into_iter().find(|verdict| verdict.id() == id).unwrap_or(Verdict::CannotTell);
    crate::usage::words::verdict_name(verdict, language)
}

/// The minute of an ISO 8601 time, for people: `2025-11-03 01:06`.
fn minute(time: &str) -> String {
    time.get(..16).unwrap_or(time).replace('T', " ")
}
