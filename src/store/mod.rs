//! What a clean-up keeps on disk, and the only place that writes to a project: `.nginx-analyzer/cleanup/<id>/` with a record
//! and an archive, a backup beside each file that is changed, and the changes themselves.
//!
//! The order makes it safe: archive, record (open), backups, changes, record (done). Whoever finds an open record takes back what was
//! done ([`recover`]); the archive was complete before anything was touched.

pub mod disk;
mod gate;
pub mod jobs;
pub mod record;
mod recover;
mod restore;

pub use recover::{Recovered, Recovery};
pub use restore::{Restoration, Which};

use std::fs::{self, File, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

use crate::cleanup::status::Waiting;
use crate::cleanup::undo::Recorded;
use crate::cleanup::{Change, describe};
use crate::message;
use crate::messages::{Language, Message};
use crate::project::vfs::{self, NoFile, ReadProblem, Vfs, normalize};
use crate::world::Analysis;
use disk::Access;
use record::{ChangeRecord, FileRecord, How, Packed, Record, Stamp, State, Undo, VERSION, What};

/// The folder in the workspace.
pub const FOLDER: &str = ".nginx-analyzer";
/// The folder of records in it.
const RECORDS: &str = "cleanup";
/// What the name of a copy has behind that of its file.
const BACKUP: &str = ".backup_before_cleanup_";

/// The date, in the zone of this system.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned_datetime(zone()).date()
}

/// The zone of this system. Where a file says it, that is read: to look for its name jiff lists all zones that there are, which takes as long as a
/// check of a small configuration.
fn zone() -> TimeZone {
    let file = || std::fs::read("/etc/localtime").ok().and_then(|data| TimeZone::tzif("localtime", &data).ok());
    let is_told = std::env::var_os("TZ").is_some();
    if is_told { None } else { file() }.unwrap_or_else(TimeZone::system)
}

/// This moment, in seconds since 1970.
pub fn now() -> i64 {
    jiff::Timestamp::now().as_second()
}

/// Why something was not done. Nothing is changed then, unless it says so.
#[derive(Debug)]
pub enum Problem {
    /// Another process is at it.
    Busy,
    /// An earlier one did not end.
    Interrupted(String),
    /// A file is not what was analysed.
    Changed(PathBuf),
    /// A path that can't be written down.
    Path(PathBuf),
    /// A record that no clean-up of this workspace writes.
    Refused {
        /// Its folder.
        folder: PathBuf,
        /// What is wrong with it.
        why: Message,
    },
    /// A link where records are kept.
    Linked(PathBuf),
    /// A file that is not read.
    Unread {
        /// Where.
        path: PathBuf,
        /// Why.
        problem: ReadProblem,
    },
    /// The system said no.
    Io {
        /// Where.
        path: PathBuf,
        /// What it said.
        error: io::Error,
    },
    /// There is no such clean-up, or it is taken back already.
    NoSuch(String),
    /// Several clean-ups can be taken back, and none is named.
    Several(Vec<String>),
    /// It was taken back, because of what is said here.
    TakenBack(String),
    /// It could not be taken back: the record stays open.
    Stuck {
        /// What went wrong first.
        why: String,
        /// What went wrong then.
        error: String,
    },
}

impl Problem {
    /// What it says, in a language.
    pub fn say(&self, language: Language) -> String {
        let shown = |path: &Path| path.display().to_string();
        match self {
            Problem::Busy => message!(language, "cleanup-busy"),
            Problem::Interrupted(id) => message!(language, "cleanup-open", id = id.as_str()),
            Problem::Changed(path) => message!(language, "cleanup-changed", path = shown(path)),
            Problem::Path(path) => message!(language, "cleanup-path", path = shown(path)),
            Problem::Refused { folder, why } => {
                message!(language, "cleanup-record-refused", folder = shown(folder), why = why.say(language))
            }
            Problem::Linked(path) => message!(language, "cleanup-store-link", path = shown(path)),
            Problem::Unread { path, problem } => format!("{}: {}", path.display(), problem.message().say(language)),
            Problem::Io { path, error } => format!("{}: {error}", path.display()),
            Problem::TakenBack(why) => why.clone(),
            Problem::NoSuch(id) => message!(language, "cleanup-no-such", id = id.as_str()),
            Problem::Several(ids) => message!(language, "cleanup-which", ids = ids.join(", ")),
            Problem::Stuck { why, error } => message!(language, "cleanup-stuck", why = why.as_str(), error = error.as_str()),
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.say(Language::English))
    }
}

impl std::error::Error for Problem {}

type Result<T> = std::result::Result<T, Problem>;

/// What waits, and what the store has of clean-ups, for programs.
pub fn status_json(analysis: &Analysis, waiting: &[Waiting], today: Date, records: &[Record], problems: &[Problem]) -> Value {
    json!({
        "version": describe::VERSION,
        "workspace": analysis.project.workspace.to_string_lossy(),
        "today": today.to_string(),
        "blocks": describe::status_json(analysis, waiting),
        "interrupted": records.iter().filter(|record| record.state == State::Open).map(|record| &record.id).collect::<Vec<_>>(),
        "records": records.iter().filter(|record| record.is_outstanding()).collect::<Vec<_>>(),
        "problems": problems.iter().map(|problem| problem.say(analysis.language)).collect::<Vec<_>>(),
    })
}

fn at<T>(path: &Path, result: io::Result<T>) -> Result<T> {
    result.map_err(|error| Problem::Io { path: path.to_path_buf(), error })
}

/// The bytes of a file of the project, links followed.
fn read(path: &Path) -> Result<Vec<u8>> {
    read_regular(path, Vfs::LIMIT)
}

fn read_regular(path: &Path, limit: u64) -> Result<Vec<u8>> {
    vfs::read_regular(path, limit).map_err(|problem| Problem::Unread { path: path.to_path_buf(), problem })
}

/// As [`read`], and `None` where nothing is.
fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match read(path) {
        Err(Problem::Unread { problem: ReadProblem::Missing, .. }) => Ok(None),
        other => other.map(Some),
    }
}

/// The bytes of a file that a clean-up keeps, which is no link.
fn read_own(path: &Path, limit: u64) -> Result<Vec<u8>> {
    if is_link(path) {
        return Err(Problem::Linked(path.to_path_buf()));
    }
    read_regular(path, limit)
}

/// The clean-ups of a workspace.
#[derive(Debug, Clone)]
pub struct Store {
    workspace: PathBuf,
}

/// The store while nobody else writes to it.
#[derive(Debug)]
pub struct Locked {
    store: Store,
    /// The system lets go of it when the process ends, however it ends.
    _lock: File,
}

/// What is to be done.
#[derive(Debug, Default)]
pub struct Job {
    /// The date that the person has.
    pub today: Date,
    /// The configuration files.
    pub changes: Vec<Edit>,
    /// Lua and HTML files that go into the archive.
    pub files: Vec<PathBuf>,
    /// They are taken away, too.
    pub moves: bool,
    /// Files that come back: path, bytes, permissions as on Unix.
    pub brings: Vec<(PathBuf, Vec<u8>, u32)>,
    /// What of other records is taken back by it.
    pub undoes: Vec<Undo>,
    /// Backups that say nothing any more once it is done.
    pub needless: Vec<PathBuf>,
    /// Put a copy beside each changed file. `true` for a name says that a file of it beside the other would be included.
    pub backups: Option<fn(&Path, &[String]) -> bool>,
    /// Last parts of patterns of `include`, for `backups`.
    pub included: Vec<String>,
    /// The editor writes the configuration files.
    pub editor: bool,
}

/// The change of one configuration file.
#[derive(Debug)]
pub struct Edit {
    /// Where it is, links followed.
    pub path: PathBuf,
    /// Its bytes as they were analysed.
    pub before: Vec<u8>,
    /// Its bytes afterwards.
    pub after: Vec<u8>,
    /// The blocks.
    pub parts: Vec<Recorded>,
    /// A container has it mounted by itself: it has to stay the same file.
    pub alone: bool,
}

impl Edit {
    /// Of a planned change.
    pub fn new(change: &Change, alone: bool) -> Edit {
        Edit {
            path: change.path.clone(),
            before: change.before.to_str().into_owned().into_bytes(),
            after: change.after.to_str().into_owned().into_bytes(),
            parts: change.parts.iter().map(|part| Recorded::new(change, part)).collect(),
            alone,
        }
    }

    /// What it changes, as a unified diff of the file by this name; bytes that are no UTF-8 are shown as U+FFFD.
    pub fn diff(&self, name: &str) -> String {
        describe::unified(name, &String::from_utf8_lossy(&self.before), &String::from_utf8_lossy(&self.after))
    }
}

/// A job of which everything is prepared and nothing of the project is changed.
#[derive(Debug)]
pub struct Prepared {
    locked: Arc<Locked>,
    record: Record,
    job: Job,
}

impl Store {
    /// Of a workspace.
    pub fn new(workspace: &Path) -> Store {
        // Links are followed once, here: paths of files are compared with it.
        Store { workspace: fs::canonicalize(workspace).unwrap_or_else(|_| workspace.to_path_buf()) }
    }

    /// Where the records are.
    pub fn folder(&self) -> PathBuf {
        self.workspace.join(FOLDER).join(RECORDS)
    }

    /// Where one record is.
    pub fn folder_of(&self, id: &str) -> PathBuf {
        self.folder().join(id)
    }

    /// A path of a record.
    pub fn path(&self, relative: &str) -> PathBuf {
        normalize(&self.workspace.join(relative))
    }

    fn relative(&self, path: &Path) -> Result<String> {
        let outside = || Problem::Path(path.to_path_buf());
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
        let inside = real.strip_prefix(&self.workspace).map_err(|_| outside())?;
        inside.to_str().map(slashes).ok_or_else(outside)
    }

    /// A folder that is none of ours when it is a link: what is written below it would be elsewhere.
    fn refuse_links(&self) -> Result<()> {
        let linked = [self.workspace.join(FOLDER), self.folder()].into_iter().find(|path| is_link(path));
        linked.map_or(Ok(()), |path| Err(Problem::Linked(path)))
    }

    /// The record of this name, if a clean-up of this workspace can have written it ([`gate`]).
    fn record(&self, id: &str) -> Result<Record> {
        self.record_within(id, &mut { record::LIMIT })
    }

    /// As [`Store::record`], of at most so many bytes, which are less afterwards.
    fn record_within(&self, id: &str, room: &mut u64) -> Result<Record> {
        let folder = self.folder_of(id);
        let record = Record::read(&folder, room)?;
        gate::check(&self.workspace, id, &record).map_err(|why| Problem::Refused { folder, why })?;
        Ok(record)
    }

    /// All records, the oldest first, and what could not be read.
    pub fn records(&self) -> (Vec<Record>, Vec<Problem>) {
        let (mut records, mut problems) = (Vec::new(), Vec::new());
        if let Err(problem) = self.refuse_links() {
            return (records, vec![problem]);
        }
        let entries = match fs::read_dir(self.folder()) {
            // Somebody else's, who keeps it to himself: not the same as none.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                return (records, vec![Problem::Io { path: self.folder(), error }]);
            }
            entries => entries.into_iter().flatten().flatten(),
        };
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        folders.sort();
        let mut room = gate::TOTAL;
        for folder in folders.into_iter().filter(|folder| folder.is_dir()) {
            if is_link(&folder) {
                problems.push(Problem::Linked(folder));
                continue;
            }
            match self.record_within(&folder.file_name().unwrap_or_default().to_string_lossy(), &mut room) {
                Ok(record) => records.push(record),
                // Interrupted before there was a record: nothing was touched.
                Err(Problem::Unread { problem: ReadProblem::Missing, .. }) => {}
                Err(problem) => problems.push(problem),
            }
        }
        records.sort_by_key(|record| order(&record.id));
        (records, problems)
    }

    /// Keeps others from writing, as long as the value lives.
    pub fn lock(&self) -> Result<Arc<Locked>> {
        let folder = self.folder();
        if !self.workspace.is_dir() {
            // A document that was never saved has no folder.
            return Err(Problem::Io { path: self.workspace.clone(), error: io::ErrorKind::NotFound.into() });
        }
        self.refuse_links()?;
        let outer = self.workspace.join(FOLDER);
        let is_new = !outer.exists();
        at(&folder, disk::create_private_folder(&folder))?;
        // Of an earlier version.
        disk::make_private(&folder);
        if is_new {
            // What is kept here is no part of the project's history, unless somebody takes this file away.
            let ignore = outer.join(".gitignore");
            at(&ignore, disk::create(&ignore, b"*\n", Access::Usual))?;
        }
        let path = folder.join("lock");
        if is_link(&path) {
            return Err(Problem::Linked(path));
        }
        // To open a pipe is to wait for who reads it.
        if fs::metadata(&path).is_ok_and(|meta| !meta.is_file()) {
            return Err(Problem::Unread { path, problem: ReadProblem::NotAFile(NoFile::Special) });
        }
        let file = at(&path, Access::Private.options().create(true).append(true).open(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Arc::new(Locked { store: self.clone(), _lock: file })),
            Err(fs::TryLockError::WouldBlock) => Err(Problem::Busy),
            Err(fs::TryLockError::Error(error)) => Err(Problem::Io { path, error }),
        }
    }
}

/// True for a link, wherever it leads.
fn is_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|meta| meta.is_symlink())
}

/// A path as records have it, with `/`. On Unix `\` is a letter like any other.
fn slashes(path: &str) -> String {
    if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() }
}

/// `20261128-10` comes after `20261128-9`.
fn order(id: &str) -> (String, u32) {
    let (day, number) = id.rsplit_once('-').unwrap_or((id, ""));
    (day.to_owned(), number.parse().unwrap_or(0))
}

impl Locked {
    /// The store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Makes archive, record and backups. Nothing of the project is changed yet.
    pub fn prepare(self: &Arc<Self>, what: What, job: Job) -> Result<Prepared> {
        let store = &self.store;
        let (records, problems) = store.records();
        if let Some(problem) = problems.into_iter().next() {
            return Err(problem);
        }
        if let Some(open) = records.iter().find(|record| record.state == State::Open) {
            return Err(Problem::Interrupted(open.id.clone()));
        }
        let (id, folder) = self.new_folder(job.today)?;
        let prepared = self.fill(&id, &folder, what, job);
        if matches!(&prepared, Err(problem) if !matches!(problem, Problem::Stuck { .. })) {
            // Nothing was touched: no record is needed.
            let _ = fs::remove_dir_all(&folder);
        }
        prepared
    }

    fn new_folder(&self, today: Date) -> Result<(String, PathBuf)> {
        let day = today.to_string().replace('-', "");
        for number in 1_u32.. {
            let id = format!("{day}-{number}");
            let folder = self.store.folder_of(&id);
            if !folder.exists() {
                at(&folder, disk::create_private_folder(&folder))?;
                return Ok((id, folder));
            }
        }
        Err(Problem::Busy)
    }

    fn fill(self: &Arc<Self>, id: &str, folder: &Path, what: What, job: Job) -> Result<Prepared> {
        let store = &self.store;
        let ours = at(folder, fs::metadata(folder))?;
        let (mut contents, mut changes, mut files) = (Vec::new(), Vec::new(), Vec::new());
        for edit in &job.changes {
            let path = store.relative(&edit.path)?;
            let meta = at(&edit.path, fs::metadata(&edit.path))?;
            let bytes = read(&edit.path)?;
            if bytes != edit.before {
                return Err(Problem::Changed(edit.path.clone()));
            }
            let kept = edit.alone || disk::has_other_names(&meta) || !disk::same_owner(&meta, &ours);
            let how = match () {
                () if job.editor => How::Editor,
                () if kept => How::InPlace,
                () => How::Replace,
            };
            let backup = job.backups.map(|included| self.backup_name(id, &edit.path, job.today, |name| included(name, &job.included)));
            let backup = backup.transpose()?;
            let (before, after) = (Stamp::of(&edit.before), Stamp::of(&edit.after));
            changes.push(ChangeRecord { path: path.clone(), before, after, how, backup, parts: edit.parts.clone() });
            contents.push((path, bytes, mode(&meta)));
        }
        for path in &job.files {
            let relative = store.relative(path)?;
            let meta = at(path, fs::metadata(path))?;
            let bytes = read(path)?;
            files.push(FileRecord { path: relative.clone(), stamp: Stamp::of(&bytes), moved: job.moves });
            contents.push((relative, bytes, mode(&meta)));
        }
        let brought = job.brings.iter().map(|(path, bytes, _)| {
            let inside = path.strip_prefix(&store.workspace).ok().and_then(Path::to_str);
            let path = inside.map(slashes).ok_or_else(|| Problem::Path(path.clone()))?;
            Ok(FileRecord { path, stamp: Stamp::of(bytes), moved: false })
        });
        let brought = brought.collect::<Result<Vec<_>>>()?;
        let packed: Vec<Packed<'_>> = contents.iter().map(|(path, bytes, mode)| Packed { path, bytes, mode: *mode }).collect();
        let archive = at(folder, record::pack(&packed))?;
        let record = Record {
            version: VERSION,
            id: id.to_owned(),
            tool: format!("{} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION")),
            time: jiff::Timestamp::now().to_string(),
            today: job.today,
            what,
            state: State::Open,
            archive: Some(Stamp::of(&archive)),
            changes,
            files,
            brought,
            undoes: job.undoes.clone(),
        };
        // What could not be read again is not begun.
        gate::check(&store.workspace, id, &record).map_err(|why| Problem::Refused { folder: folder.to_path_buf(), why })?;
        let path = folder.join(record::ARCHIVE);
        at(&path, disk::create(&path, &archive, Access::Private))?;
        record.write(folder)?;
        let prepared = Prepared { locked: self.clone(), record, job };
        match prepared.write_backups() {
            Ok(()) => Ok(prepared),
            Err(problem) => Err(prepared.take_back(problem.to_string())),
        }
    }

    /// `nginx.conf.backup_before_cleanup_20261128`, `…_2` where that is taken; in the record's folder where an `include` would take it.
    fn backup_name(&self, id: &str, path: &Path, today: Date, included: impl Fn(&Path) -> bool) -> Result<String> {
        let day = today.to_string().replace('-', "");
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        for number in 1_u32.. {
            let suffix = if number == 1 { String::new() } else { format!("_{number}") };
            let beside = path.with_file_name(format!("{name}{BACKUP}{day}{suffix}"));
            let place = match (included(&beside), beside.file_name()) {
                (true, Some(name)) => self.store.folder_of(id).join(name),
                _ => beside,
            };
            if fs::symlink_metadata(&place).is_err() {
                return self.store.relative(&place);
            }
        }
        Err(Problem::Busy)
    }
}

#[cfg(unix)]
fn mode(meta: &Metadata) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    meta.permissions().mode() & 0o7777
}

#[cfg(not(unix))]
fn mode(_: &Metadata) -> u32 {
    0o644
}

impl Prepared {
    /// The record.
    pub fn record(&self) -> &Record {
        &self.record
    }

    fn store(&self) -> &Store {
        &self.locked.store
    }

    fn write_backups(&self) -> Result<()> {
        for (change, edit) in self.record.changes.iter().zip(&self.job.changes) {
            if let Some(backup) = &change.backup {
                let path = self.store().path(backup);
                let like = at(&edit.path, fs::metadata(&edit.path))?;
                at(&path, disk::create(&path, &edit.before, Access::Like(&like)))?;
            }
        }
        Ok(())
    }

    /// Does it. `test` looks at the result before it counts; what it complains of is why all is taken back.
    pub fn run(mut self, test: &mut dyn FnMut() -> std::result::Result<(), String>) -> Result<Record> {
        let done = self.write().map_err(|problem| problem.to_string()).and_then(|()| test()).and_then(|()| {
            let marked = recover::mark(self.store(), &self.record.undoes, true);
            marked.and_then(|()| self.close()).map_err(|problem| problem.to_string())
        });
        match done {
            Ok(()) => Ok(self.record),
            Err(why) => Err(self.take_back(why)),
        }
    }

    /// The editor made the edits.
    pub fn confirm(mut self) -> Result<Record> {
        let written = self.write_files();
        let marked = written.and_then(|()| recover::mark(self.store(), &self.record.undoes, true));
        match marked.and_then(|()| self.close()) {
            Ok(()) => Ok(self.record),
            Err(problem) => Err(self.take_back(problem.to_string())),
        }
    }

    /// The editor did not make the edits.
    pub fn abandon(self, why: String) -> Problem {
        self.take_back(why)
    }

    fn write(&self) -> Result<()> {
        for (change, edit) in self.record.changes.iter().zip(&self.job.changes) {
            // Once more, right before: the time in between is as short as it can be without a lock that editors would heed.
            if read(&edit.path)? != edit.before {
                return Err(Problem::Changed(edit.path.clone()));
            }
            write_as(&edit.path, &edit.after, change.how)?;
        }
        self.write_files()
    }

    fn write_files(&self) -> Result<()> {
        // Before the record is closed: nobody would come back for them. The archives have the same bytes.
        for backup in &self.job.needless {
            at(backup, disk::remove(backup))?;
        }
        for (path, bytes, mode) in &self.job.brings {
            bring(path, bytes, *mode)?;
        }
        if self.job.moves {
            for (path, record) in self.job.files.iter().zip(&self.record.files) {
                if Stamp::of(&read(path)?) != record.stamp {
                    return Err(Problem::Changed(path.clone()));
                }
                at(path, disk::remove(path))?;
            }
        }
        Ok(())
    }

    fn close(&mut self) -> Result<()> {
        let folder = self.store().folder_of(&self.record.id);
        self.record.state = State::Done;
        self.record.write(&folder)
    }

    /// Takes back what was done so far, and says why.
    fn take_back(mut self, why: String) -> Problem {
        self.record.state = State::Open;
        let store = self.locked.store.clone();
        match recover::roll_back(&store, &mut self.record, false) {
            Ok(_) => Problem::TakenBack(why),
            Err(error) => Problem::Stuck { why, error: error.to_string() },
        }
    }
}

/// Writes a configuration file; its permissions and owner stay.
fn write_as(path: &Path, bytes: &[u8], how: How) -> Result<()> {
    match how {
        How::InPlace => at(path, disk::overwrite(path, bytes)),
        How::Replace => {
            let like = at(path, fs::metadata(path))?;
            at(path, disk::replace(path, bytes, Access::Like(&like)))
        }
        How::Editor => Ok(()),
    }
}

/// Puts a file where it was.
fn bring(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    if let Some(folder) = path.parent() {
        at(folder, disk::create_folder(folder))?;
    }
    at(path, disk::replace(path, bytes, Access::Private))?;
    at(path, set_mode(path, mode))
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
