//! `nginx-analyzer cleanup`: plan, apply, status, restore, finish.

mod restore;
mod test;

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context, anyhow, bail};
use jiff::civil::Date;

use super::args::{CleanupApply, CleanupFinish, CleanupPlace, CleanupPlan, CleanupStep, LogArguments, TraceFormat};
use super::render::{escaped, one_line, printable};
use super::workspace::Opened;
use super::{FOUND, OK, asked, logs, print, workspace};
use crate::cleanup::finish::{self, Which};
use crate::cleanup::plan::{self, Asked, Plan};
use crate::cleanup::status::{self, Waiting};
use crate::cleanup::{Change, describe};
use crate::message;
use crate::messages::Language;
use crate::project::FileId;
use crate::project::history::History;
use crate::rules::{self, Finding, registry};
use crate::store::disk::Access;
use crate::store::record::{Record, State, What};
use crate::store::{self, Job, Locked, Problem, Store, jobs};
use crate::text::Text;
use crate::usage::logs::{Options, Since};
use crate::world::{Analysis, Inputs};

/// Does the step.
pub(super) fn run(step: &CleanupStep, asked: Option<Language>) -> anyhow::Result<u8> {
    match step {
        CleanupStep::Plan(arguments) => plan(arguments, asked),
        CleanupStep::Apply(arguments) => apply_plan(arguments, asked),
        CleanupStep::Status(arguments) => self::status(arguments, asked),
        CleanupStep::Restore(arguments) => restore::restore(arguments, asked),
        CleanupStep::Finish(arguments) => self::finish(arguments, asked),
    }
}

/// What every step works on.
struct Site {
    workspace: PathBuf,
    entries: Vec<PathBuf>,
    inputs: Inputs,
    analysis: Arc<Analysis>,
    today: Date,
    here: PathBuf,
    conf: String,
}

impl Site {
    /// Reads all that a step needs; the access logs, too, where it `judges` what is used.
    fn open(place: &CleanupPlace, judges: bool, asked: Option<Language>) -> anyhow::Result<Site> {
        let conf = std::slice::from_ref(&place.conf);
        let today = place.today.unwrap_or_else(store::today);
        let Opened { workspace, entries, mut world } = workspace::open(conf, place.workspace.as_deref(), Some(today), asked)?;
        let analysis = if judges { logs::load(&mut world, &place.logs, false)? } else { world.analysis() };
        let inputs = world.inputs();
        if analysis.project.files.values().all(|file| file.unread()) {
            bail!(message!(analysis.language, "cli-no-configuration", path = workspace.display().to_string()));
        }
        let here = std::env::current_dir().context("the current folder can't be read")?;
        Ok(Site { workspace, entries, inputs, analysis, today, here, conf: place.conf.to_string_lossy().into_owned() })
    }

    fn name(&self, path: &Path) -> String {
        let shown = path.strip_prefix(&self.here).unwrap_or(path);
        one_line(&shown.to_string_lossy()).into_owned()
    }

    fn findings(&self) -> Vec<Finding> {
        let mut findings = rules::check(&self.analysis);
        asked::retain(&self.analysis, &self.entries, &mut findings);
        findings
    }

    fn plan(&self, arguments: &CleanupPlan) -> anyhow::Result<Plan> {
        for rule in &arguments.rules {
            if registry::find(rule).is_none() {
                let language = self.analysis.language;
                match registry::nearest(rule) {
                    Some(near) => bail!(message!(language, "cleanup-no-rule-near", rule = rule.as_str(), near = near)),
                    None => bail!(message!(language, "cleanup-no-rule", rule = rule.as_str())),
                }
            }
        }
        let asked = Asked { rules: arguments.rules.clone(), at: self.lines(&arguments.at)?, proven: arguments.proven, all: arguments.all };
        let what_if = |texts: &[(FileId, Text)]| self.inputs.what_if(texts);
        Ok(plan::plan(&self.analysis, &self.findings(), &asked, self.today, &what_if))
    }

    fn waiting(&self, arguments: &LogArguments) -> Vec<Waiting> {
        let history = History::of(&self.workspace);
        let what_if = |texts: &[(FileId, Text)]| self.inputs.what_if(texts);
        status::status(
            &self.analysis,
            self.today,
            &what_if,
            &|source, lines| status::by_history(history.as_ref(), source, lines),
            &|analysis, since| {
                let inputs = if arguments.no_logs { Vec::new() } else { logs::find(analysis, arguments).unwrap_or_default() };
                let options = Options { since: Since::Moment(since), now: Some(store::now()), ..Options::default() };
                if inputs.is_empty() { None } else { analysis.read_logs(inputs, &options, &|_, _| {}, &AtomicBool::new(false)) }
            },
        )
    }

    fn finish(&self, which: &Which, arguments: &LogArguments) -> finish::Finish {
        let what_if = |texts: &[(FileId, Text)]| self.inputs.what_if(texts);
        finish::finish(&self.analysis, &self.waiting(arguments), which, &what_if)
    }

    /// `FILE:LINE`, each: the file as from the current folder, else as from the workspace.
    fn lines(&self, places: &[String]) -> anyhow::Result<Vec<(FileId, u32)>> {
        let language = self.analysis.language;
        let one = |place: &String| {
            let wrong = || anyhow!(message!(language, "cleanup-at", place = place.as_str()));
            let (file, line) = place.rsplit_once(':').ok_or_else(wrong)?;
            let line: u32 = line.parse().ok().filter(|line| *line > 0).ok_or_else(wrong)?;
            let project = &self.analysis.project;
            let candidates =
                [self.here.join(file), self.workspace.join(file)].map(|path| project.vfs.canonical(&crate::project::vfs::normalize(&path)));
            let known = project.files.values().find(|source| candidates.contains(&project.vfs.canonical(&source.path)));
            let known = known.ok_or_else(|| anyhow!(message!(language, "cleanup-no-configuration", file = file)))?;
            Ok((known.id, line - 1))
        };
        places.iter().map(one).collect()
    }

    fn store(&self) -> Store {
        Store::new(&self.workspace)
    }

    /// The test command: given, or set.
    fn test_command(&self, given: Option<&String>, none: bool) -> Vec<String> {
        match given {
            _ if none => Vec::new(),
            Some(command) => command.split_whitespace().map(str::to_owned).collect(),
            None => self.analysis.project.settings.cleanup.test.clone(),
        }
    }

    fn say(&self, text: &str) -> anyhow::Result<()> {
        print(&printable(text), Some(super::args::Colour::Never))
    }
}

fn plan(arguments: &CleanupPlan, asked: Option<Language>) -> anyhow::Result<u8> {
    let site = Site::open(&arguments.place, true, asked)?;
    let plan = site.plan(arguments)?;
    match arguments.place.format {
        TraceFormat::Text => site.say(&describe::plan(&site.analysis, &plan, &|path| site.name(path), &site.conf))?,
        TraceFormat::Json => json_out(&describe::plan_json(&site.analysis, &plan, &site.conf))?,
    }
    Ok(OK)
}

fn json_out(value: &serde_json::Value) -> anyhow::Result<()> {
    print(&(escaped(serde_json::to_string_pretty(value)?) + "\n"), None)
}

fn apply_plan(arguments: &CleanupApply, asked: Option<Language>) -> anyhow::Result<u8> {
    let site = Site::open(&arguments.plan.place, true, asked)?;
    let plan = site.plan(&arguments.plan)?;
    let language = site.analysis.language;
    let text = arguments.plan.place.format == TraceFormat::Text;
    if plan.changes.is_empty() {
        match text {
            true => site.say(&describe::plan(&site.analysis, &plan, &|path| site.name(path), &site.conf))?,
            false => json_out(&describe::plan_json(&site.analysis, &plan, &site.conf))?,
        }
        return Ok(FOUND);
    }
    if plan.items.iter().any(|item| !item.safe) && arguments.plan.all && !arguments.yes {
        site.say(&describe::plan(&site.analysis, &plan, &|path| site.name(path), &site.conf))?;
        if !confirmed(&message!(language, "cleanup-ask", count = plan.items.len()))? {
            site.say(&(message!(language, "cleanup-not-asked") + "\n"))?;
            return Ok(FOUND);
        }
    }
    let locked = site.store().lock().map_err(said(site.analysis.language))?;
    let job = jobs::apply(&site.analysis, &plan);
    let command = site.test_command(arguments.test_command.as_ref(), arguments.no_test);
    let Some((record, tested)) = perform(&site, &locked, What::Apply, job, &command)? else { return Ok(FOUND) };
    if !text {
        json_out(&serde_json::to_value(&record)?)?;
        return Ok(OK);
    }
    let mut out = message!(language, "cleanup-applied", count = plan.items.len(), id = record.id.clone()) + "\n";
    blocks(&site, &plan.changes, &mut out);
    kept(&site, &record, &mut out);
    out.push_str(&tested);
    out.push_str(&format!("\n{}\n", message!(language, "cleanup-next")));
    for step in describe::steps(&site.analysis, &plan, &site.conf).iter().skip(if command.is_empty() { 1 } else { 2 }) {
        out.push_str(&format!("  {}\n", one_line(step)));
    }
    site.say(&out)?;
    Ok(OK)
}

/// The blocks at their lines after a change.
fn blocks(site: &Site, changes: &[Change], out: &mut String) {
    for change in changes {
        for part in &change.parts {
            out.push_str(&format!(
                "  {}:{}  {}\n",
                site.name(&change.path),
                change.after.line_of(part.after.start) + 1,
                one_line(&part.title)
            ));
        }
    }
}

/// Where copies are.
fn kept(site: &Site, record: &Record, out: &mut String) {
    let (store, language) = (site.store(), site.analysis.language);
    for backup in record.changes.iter().filter_map(|change| change.backup.as_ref()) {
        out.push_str(&(message!(language, "cleanup-backup", path = site.name(&store.path(backup))) + "\n"));
    }
    let folder = site.name(&store.folder_of(&record.id));
    out.push_str(&(message!(language, "cleanup-archive", path = folder, files = record.files.len()) + "\n"));
}

/// Does a job, tests it, and says how the test went. `None` when it failed, or something else did: all is taken back then, and said.
fn perform(site: &Site, locked: &Arc<Locked>, what: What, job: Job, command: &[String]) -> anyhow::Result<Option<(Record, String)>> {
    let language = site.analysis.language;
    let prepared = locked.prepare(what, job).map_err(said(language))?;
    let folder = locked.store().folder_of(&prepared.record().id);
    let mut tested = message!(language, "cleanup-not-tested") + "\n";
    let mut check = || -> Result<(), String> {
        if command.is_empty() {
            return Ok(());
        }
        let output = folder.join("test.log");
        let file = Access::Private.options().create(true).truncate(true).read(true).open(&output);
        let said = test::run(command, &site.workspace, file.map_err(|error| format!("{}: {error}", output.display()))?)?;
        tested = one_line(&message!(language, "cleanup-tested", command = command.join(" "))).into_owned() + "\n";
        if !said.is_empty() {
            tested.push_str(&said.lines().map(|line| format!("    {line}\n")).collect::<String>());
        }
        Ok(())
    };
    match prepared.run(&mut check) {
        Ok(record) => Ok(Some((record, tested))),
        Err(Problem::TakenBack(why)) => {
            // What the test said has lines of its own.
            super::say_lines(&format!("nginx-analyzer: {}", message!(language, "cleanup-taken-back", why = why)));
            Ok(None)
        }
        Err(problem) => Err(said(language)(problem)),
    }
}

/// Asks on the terminal; without one the answer is no.
fn confirmed(question: &str) -> anyhow::Result<bool> {
    let stdin = std::io::stdin();
    if !stdin.is_terminal() {
        return Ok(false);
    }
    let mut out = std::io::stdout();
    out.write_all(one_line(question).as_bytes()).and_then(|()| out.write_all(b" [y/N] ")).and_then(|()| out.flush())?;
    let mut answer = String::new();
    stdin.read_line(&mut answer)?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn status(arguments: &CleanupPlace, asked: Option<Language>) -> anyhow::Result<u8> {
    let site = Site::open(arguments, false, asked)?;
    let waiting = site.waiting(&arguments.logs);
    let (records, problems) = site.store().records();
    let open: Vec<&Record> = records.iter().filter(|record| record.state == State::Open).collect();
    let language = site.analysis.language;
    match arguments.format {
        TraceFormat::Text => {
            let mut out = String::new();
            for record in &open {
                let id = record.id.clone();
                let time = one_line(&record.time).into_owned();
                out.push_str(&(message!(language, "cleanup-interrupted", id = id, time = time) + "\n\n"));
            }
            out.push_str(&describe::status(&site.analysis, &waiting, &|path| site.name(path)));
            let outstanding: Vec<&Record> = records.iter().filter(|record| record.is_outstanding()).collect();
            if !outstanding.is_empty() {
                out.push_str(&format!("\n{}\n", message!(language, "cleanup-records")));
                for record in outstanding {
                    let what = match record.what {
                        What::Finish => message!(language, "cleanup-record-finish", count = parts(record)),
                        _ => message!(language, "cleanup-record-apply", count = parts(record)),
                    };
                    out.push_str(&format!("  {}  {what}  {}\n", record.id, site.name(&site.store().folder_of(&record.id))));
                }
            }
            problems.iter().for_each(|problem| out.push_str(&format!("\n{}\n", one_line(&problem.say(language)))));
            site.say(&out)?;
        }
        TraceFormat::Json => json_out(&store::status_json(&site.analysis, &waiting, site.today, &records, &problems))?,
    }
    Ok(OK)
}

fn parts(record: &Record) -> usize {
    record.changes.iter().flat_map(|change| &change.parts).filter(|part| !part.undone).count()
}

fn finish(arguments: &CleanupFinish, asked: Option<Language>) -> anyhow::Result<u8> {
    let site = Site::open(&arguments.place, false, asked)?;
    let which = if arguments.at.is_empty() { Which::Due } else { Which::At(site.lines(&arguments.at)?) };
    let finish = site.finish(&which, &arguments.place.logs);
    let language = site.analysis.language;
    let text = arguments.place.format == TraceFormat::Text;
    if arguments.dry_run || finish.changes.is_empty() {
        match text {
            true => site.say(&describe::finish(language, &finish, &|path| site.name(path)))?,
            false => json_out(&describe::finish_json(&site.analysis, &finish))?,
        }
        return Ok(OK);
    }
    let locked = site.store().lock().map_err(said(site.analysis.language))?;
    let job = jobs::finish(&site.analysis, &finish, site.today);
    let command = site.test_command(arguments.test_command.as_ref(), arguments.no_test);
    let Some((record, tested)) = perform(&site, &locked, What::Finish, job, &command)? else { return Ok(FOUND) };
    if !text {
        json_out(&serde_json::to_value(&record)?)?;
        return Ok(OK);
    }
    let mut out = message!(language, "cleanup-finished", count = parts(&record), id = record.id.clone()) + "\n";
    for change in &finish.changes {
        for part in &change.parts {
            out.push_str(&format!(
                "  {}:{}  {}\n",
                site.name(&change.path),
                change.before.line_of(part.before.start) + 1,
                one_line(&part.title)
            ));
        }
    }
    if !finish.files.is_empty() {
        out.push_str(&(message!(language, "cleanup-moved") + "\n"));
        finish.files.iter().for_each(|path| out.push_str(&format!("  {}\n", site.name(path))));
    }
    finish.problems.iter().for_each(|problem| out.push_str(&format!("{}\n", one_line(problem))));
    kept(&site, &record, &mut out);
    out.push_str(&tested);
    out.push_str(&format!("\n{}\n", message!(language, "cleanup-next")));
    let (test, reload) = describe::commands(&site.analysis, &finish.changes);
    let commands = if command.is_empty() { vec![test, reload] } else { vec![reload] };
    commands.iter().for_each(|command| out.push_str(&format!("  {}\n", one_line(command))));
    site.say(&out)?;
    Ok(OK)
}

/// A problem of the store in the reader's language.
fn said(language: Language) -> impl Fn(Problem) -> anyhow::Error {
    move |problem| anyhow!(problem.say(language))
}
