//! `nginx-analyzer cleanup restore`: everything of a run, or single blocks; what was interrupted before comes first.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;
use serde_json::json;

use super::{Site, blocks, json_out, said};
use crate::cleanup::describe;
use crate::cli::args::{CleanupPlace, CleanupRestore, TraceFormat};
use crate::cli::{FOUND, OK, workspace};
use crate::message;
use crate::messages::Language;
use crate::store::record::{Record, State, What};
use crate::store::{self, Job, Locked, Recovered, Recovery, Restoration, Store, jobs};

/// Does the step.
pub(super) fn restore(arguments: &CleanupRestore, asked: Option<Language>) -> anyhow::Result<u8> {
    // What was interrupted comes first: the configuration may be half written, and is read after it.
    let Interrupted { recovered, would } = recover(&arguments.place, arguments.dry_run, asked.unwrap_or_default())?;
    let site = Site::open(&arguments.place, false, asked)?;
    let language = site.analysis.language;
    let mut out = String::new();
    for recovered in &recovered {
        out.push_str(&(message!(language, "cleanup-recovered", id = recovered.id.clone()) + "\n"));
        for copy in &recovered.found {
            out.push_str(&(message!(language, "cleanup-found", path = site.name(copy)) + "\n"));
        }
    }
    if !would.is_empty() {
        show(&site, &would, &mut out);
        return done(&site, arguments, &out, None, OK);
    }
    if !arguments.at.is_empty() {
        return restore_blocks(&site, arguments, out);
    }
    let locked = site.store().lock().map_err(said(language))?;
    let chosen = locked.which(arguments.all, arguments.id.as_deref()).map_err(said(language))?;
    let Some(chosen) = chosen else {
        if recovered.is_empty() {
            out.push_str(&(message!(language, "cleanup-nothing-to-restore") + "\n"));
        }
        return done(&site, arguments, &out, None, OK);
    };
    restore_runs(&site, &locked, &chosen, arguments, out)
}

/// Ends what a run before was interrupted at. With `dry_run` it is only found out what that comes to.
fn recover(place: &CleanupPlace, dry_run: bool, language: Language) -> anyhow::Result<Interrupted> {
    let (workspace, _) = workspace::choose(std::slice::from_ref(&place.conf), place.workspace.as_deref(), language)?;
    let store = Store::new(&workspace);
    let (records, problems) = store.records();
    if let Some(problem) = problems.into_iter().next() {
        return Err(said(language)(problem));
    }
    let mut out = Interrupted::default();
    if records.iter().any(|record| record.state == State::Open) {
        let locked = store.lock().map_err(said(language))?;
        match dry_run {
            true => out.would = locked.recovery().map_err(said(language))?,
            false => out.recovered = locked.recover().map_err(said(language))?,
        }
    }
    Ok(out)
}

/// What was interrupted before.
#[derive(Default)]
struct Interrupted {
    /// It was taken back.
    recovered: Vec<Recovered>,
    /// It would be.
    would: Vec<Recovery>,
}

/// Shows what taking interrupted runs back would come to.
fn show(site: &Site, would: &[Recovery], out: &mut String) {
    let language = site.analysis.language;
    for recovery in would {
        out.push_str(&(message!(language, "cleanup-would-recover", id = recovery.id.clone()) + "\n"));
        let restored = recovery.changes.iter().map(|edit| &edit.path).chain(recovery.brings.iter().map(|(path, ..)| path));
        restored.for_each(|path| out.push_str(&format!("  {}\n", site.name(path))));
        for path in &recovery.removes {
            out.push_str(&format!("  {}\n", message!(language, "cleanup-would-remove", path = site.name(path))));
        }
        let diff: String = recovery.changes.iter().map(|edit| edit.diff(&site.name(&edit.path))).collect();
        out.push_str(&format!("\n{diff}"));
    }
    out.push_str(&(message!(language, "cleanup-dry-run-open") + "\n"));
}

/// Restores all that runs took out, and names what can't be put back.
fn restore_runs(
    site: &Site,
    locked: &Arc<Locked>,
    which: &store::Which,
    arguments: &CleanupRestore,
    mut out: String,
) -> anyhow::Result<u8> {
    let language = site.analysis.language;
    let restoration = locked.restoration(which).map_err(said(language))?;
    let left = restoration.left(language, &|path| site.name(path));
    let mut record = None;
    if restoration.does_something() {
        let Restoration { changes, brings, undoes, needless, .. } = restoration;
        let paths: Vec<PathBuf> =
            changes.iter().map(|edit| edit.path.clone()).chain(brings.iter().map(|(path, ..)| path.clone())).collect();
        let job = Job { today: site.today, changes, brings, undoes, needless: needless.clone(), ..Job::default() };
        let listed: String = paths.iter().map(|path| format!("  {}\n", site.name(path))).collect();
        record = put_back(site, locked, job, arguments, &listed, &mut out)?;
        for backup in needless.iter().filter(|_| record.is_some()) {
            out.push_str(&(message!(language, "cleanup-needless", path = site.name(backup)) + "\n"));
        }
    }
    left.iter().for_each(|line| out.push_str(&format!("{line}\n")));
    done(site, arguments, &out, record.as_ref(), if left.is_empty() { OK } else { FOUND })
}

/// Prints what was done, and gives the status to end with.
fn done(site: &Site, arguments: &CleanupRestore, out: &str, record: Option<&Record>, status: u8) -> anyhow::Result<u8> {
    match arguments.place.format {
        TraceFormat::Text => site.say(out)?,
        TraceFormat::Json => json_out(&json!({ "version": describe::VERSION, "record": record, "complete": status == OK, "text": out }))?,
    }
    Ok(status)
}

/// Restores single blocks, whoever commented them out.
fn restore_blocks(site: &Site, arguments: &CleanupRestore, mut out: String) -> anyhow::Result<u8> {
    let (records, _) = site.store().records();
    let places = site.lines(&arguments.at)?;
    let (changes, undoes) = jobs::restore_blocks(&site.analysis, &site.store(), &records, &places)
        .map_err(|refusal| anyhow!(refusal.say(site.analysis.language)))?;
    let locked = site.store().lock().map_err(said(site.analysis.language))?;
    let edits = changes.iter().map(|change| jobs::edit(&site.analysis, change)).collect();
    let job = Job { today: site.today, changes: edits, undoes, ..Job::default() };
    let mut listed = String::new();
    blocks(site, &changes, &mut listed);
    let record = put_back(site, &locked, job, arguments, &listed, &mut out)?;
    done(site, arguments, &out, record.as_ref(), OK)
}

/// Takes back what the job says, and says what is listed; where that shall only be shown, with the diff in place of a record.
fn put_back(
    site: &Site,
    locked: &Arc<Locked>,
    job: Job,
    arguments: &CleanupRestore,
    listed: &str,
    out: &mut String,
) -> anyhow::Result<Option<Record>> {
    let language = site.analysis.language;
    if arguments.dry_run {
        let diff: String = job.changes.iter().map(|edit| edit.diff(&site.name(&edit.path))).collect();
        out.push_str(&format!("{}\n{listed}\n{diff}", message!(language, "cleanup-would-restore")));
        return Ok(None);
    }
    let record = locked.prepare(What::Restore, job).and_then(|prepared| prepared.run(&mut || Ok(()))).map_err(said(language))?;
    out.push_str(&format!("{}\n{listed}", message!(language, "cleanup-restored")));
    Ok(Some(record))
}
