//! When something last changed, by the history of the Git repository that it lies in.
//!
//! The library that reads it touches the file system itself; nothing here is asked while somebody types. What is not committed, not
//! tracked or in no repository has no history.

use std::collections::BinaryHeap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use git2::{Commit, DiffFindOptions, DiffOptions, Oid, Patch, Repository};

/// The commits of one repository, from its `HEAD` back.
pub struct History {
    repository: Repository,
    head: Oid,
    folder: PathBuf,
}

/// When something last changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// The newest commit that changed it; `None` where all of it is newer than `HEAD`.
    pub commit: Option<Change>,
    /// Some of it is not committed yet.
    pub uncommitted: bool,
    /// The history ends there (a shallow clone), or was not followed further: the last change may be older than the commit.
    pub at_least: bool,
}

/// One commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// When the author made it, in seconds since 1970 (UTC).
    pub time: i64,
    /// How far the author's clock was from UTC, in minutes.
    pub offset: i32,
    /// The author's name; as it can be read where it is no UTF-8.
    pub author: String,
    /// The first line of its message.
    pub summary: String,
    /// Its hash, shortened so that it is still the only one.
    pub hash: String,
}

/// How many commits are looked at for one question.
const COMMITS: usize = 50_000;

/// Lines of a file at a commit, that its parents may have had already.
#[derive(PartialEq, Eq)]
struct Pending {
    /// When it was committed: the newest is looked at first.
    time: i64,
    commit: Oid,
    path: PathBuf,
    /// Numbers from 1, in order; empty for the whole file.
    lines: Vec<u32>,
}

impl Ord for Pending {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.time.cmp(&other.time).then_with(|| self.commit.cmp(&other.commit)).then_with(|| self.lines.cmp(&other.lines))
    }
}

impl PartialOrd for Pending {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

/// Which lines of a text a diff keeps.
struct Mapped {
    /// Behind each wanted line, the one that it was before; `None` for one that is new.
    before: Vec<Option<u32>>,
    /// Lines between the wanted ones were taken out.
    removed: bool,
}

impl History {
    /// The repository that a file or folder lies in; `None` where there is none that can be read, or that has no commit. A repository of
    /// somebody else's is not read, as by Git itself (`safe.directory`).
    pub fn of(path: &Path) -> Option<History> {
        let repository = Repository::discover(path).ok()?;
        let folder = repository.workdir()?.to_path_buf();
        let head = repository.head().ok()?.peel_to_commit().ok()?.id();
        Some(History { folder, head, repository })
    }

    /// True when older commits are missing (`git clone --depth`).
    pub fn is_shallow(&self) -> bool {
        self.repository.is_shallow()
    }

    /// When a file of this text last changed, or these lines of it, counted from 0. `None` for a file that is not tracked, for lines
    /// that it does not have, and where the history can't be read.
    pub fn last_change(&self, file: &Path, text: &str, lines: Option<RangeInclusive<u32>>) -> Option<LastChange> {
        let path = self.inside(file)?;
        let commit = self.repository.find_commit(self.head).ok()?;
        let blob = self.blob(&commit, &path)?;
        let blob = self.repository.find_blob(blob).ok()?;
        let mut start = Pending { time: commit.time().seconds(), commit: self.head, path, lines: Vec::new() };
        let mut uncommitted = blob.content() != text.as_bytes();
        if let Some(lines) = lines {
            let count = text.lines().count() as u32;
            let wanted: Vec<u32> = lines.map(|line| line + 1).take_while(|line| *line <= count).collect();
            if wanted.is_empty() {
                return None;
            }
            start.lines = wanted;
            if uncommitted {
                let patch = Patch::from_blob_and_buffer(&blob, None, text.as_bytes(), None, Some(&mut exact())).ok()?;
                let mapped = mapped(&patch, &start.lines)?;
                uncommitted = mapped.removed || mapped.before.contains(&None);
                start.lines = mapped.before.into_iter().flatten().collect();
                if start.lines.is_empty() {
                    return Some(LastChange { commit: None, uncommitted, at_least: false });
                }
            }
        }
        let (commit, at_least) = self.newest(start)?;
        let author = commit.author();
        let change = Change {
            time: author.when().seconds(),
            offset: author.when().offset_minutes(),
            author: String::from_utf8_lossy(author.name_bytes()).into_owned(),
            summary: String::from_utf8_lossy(commit.message_bytes()).lines().next().unwrap_or("").trim().to_owned(),
            hash: commit
                .as_object()
                .short_id()
                .ok()
                .and_then(|id| id.as_str().ok().map(str::to_owned))
                .unwrap_or_else(|| commit.id().to_string()),
        };
        Some(LastChange { commit: Some(change), uncommitted, at_least })
    }

    /// A file's path from the repository's folder.
    fn inside(&self, file: &Path) -> Option<PathBuf> {
        let direct = file.strip_prefix(&self.folder).ok().map(Path::to_path_buf);
        // The folder may have been named through a link.
        direct.or_else(|| {
            let folder = self.folder.ancestors().count();
            let mut tail: Vec<_> = file.components().collect();
            let above = file.ancestors().find(|above| same(above, &self.folder) && folder > 0)?;
            tail.drain(..above.components().count());
            Some(tail.iter().collect())
        })
    }

    fn blob(&self, commit: &Commit<'_>, path: &Path) -> Option<Oid> {
        let entry = commit.tree().ok()?.get_path(path).ok()?;
        (entry.kind() == Some(git2::ObjectType::Blob)).then(|| entry.id())
    }

    /// The newest commit that made any of the lines; and whether they may be older.
    fn newest(&self, start: Pending) -> Option<(Commit<'_>, bool)> {
        let mut pending = BinaryHeap::from([start]);
        let mut left = COMMITS;
        while let Some(Pending { commit, path, lines, .. }) = pending.pop() {
            let commit = self.repository.find_commit(commit).ok()?;
            left -= 1;
            if left == 0 || commit.parent_count() == 0 {
                return Some((commit, left == 0 || self.is_shallow()));
            }
            let own = self.blob(&commit, &path)?;
            let parents: Vec<Commit<'_>> = commit.parents().collect();
            if parents.len() < commit.parent_count() {
                return Some((commit, true));
            }
            // A parent that has the same text has all of its lines.
            if let Some(parent) = parents.iter().find(|parent| self.blob(parent, &path) == Some(own)) {
                pending.push(Pending { time: parent.time().seconds(), commit: parent.id(), path, lines });
                continue;
            }
            let mut rest: Vec<u32> = lines.clone();
            let mut passed: Vec<Pending> = Vec::new();
            let mut removed = false;
            for parent in &parents {
                let Some((before, path)) = self.before(&commit, parent, &path, own) else { continue };
                let push = |passed: &mut Vec<Pending>, lines| {
                    passed.push(Pending { time: parent.time().seconds(), commit: parent.id(), path: path.clone(), lines })
                };
                if before == own {
                    // Only its name is another one.
                    push(&mut passed, lines.clone());
                    rest.clear();
                    removed = false;
                    break;
                }
                if lines.is_empty() {
                    continue;
                }
                let (old, new) = (self.repository.find_blob(before).ok()?, self.repository.find_blob(own).ok()?);
                let patch = Patch::from_blobs(&old, None, &new, None, Some(&mut exact())).ok()?;
                let mapped = mapped(&patch, &rest)?;
                removed |= mapped.removed && parents.len() == 1;
                let (mut had, mut made) = (Vec::new(), Vec::new());
                for (line, before) in rest.iter().zip(&mapped.before) {
                    match before {
                        Some(before) => had.push(*before),
                        None => made.push(*line),
                    }
                }
                if !had.is_empty() {
                    push(&mut passed, had);
                }
                rest = made;
                if rest.is_empty() {
                    break;
                }
            }
            // No parent had one of the lines, or the file itself: this commit is the newest, as newer ones came first.
            if removed || passed.is_empty() || !rest.is_empty() {
                return Some((commit, false));
            }
            pending.extend(passed);
        }
        None
    }

    /// The file before a commit: of the same path, or of the one that the commit gave it another name from.
    fn before(&self, commit: &Commit<'_>, parent: &Commit<'_>, path: &Path, own: Oid) -> Option<(Oid, PathBuf)> {
        if let Some(blob) = self.blob(parent, path) {
            return Some((blob, path.to_path_buf()));
        }
        let (old, new) = (parent.tree().ok()?, commit.tree().ok()?);
        let mut diff = self.repository.diff_tree_to_tree(Some(&old), Some(&new), None).ok()?;
        // As many as Git compares by default.
        diff.find_similar(Some(DiffFindOptions::new().renames(true).rename_limit(400))).ok()?;
        let delta = diff.deltas().find(|delta| delta.new_file().path() == Some(path) && delta.status() == git2::Delta::Renamed)?;
        let before = delta.old_file();
        (delta.new_file().id() == own).then(|| Some((before.id(), before.path()?.to_path_buf())))?
    }
}

/// Both paths lead to the same folder.
fn same(one: &Path, other: &Path) -> bool {
    one.components().next_back() == other.components().next_back()
        && Repository::discover(one).ok().and_then(|found| found.workdir().map(|folder| folder == other)) == Some(true)
}

/// Only what differs, without lines around it.
fn exact() -> DiffOptions {
    let mut options = DiffOptions::new();
    options.context_lines(0).interhunk_lines(0).force_text(true);
    options
}

fn mapped(patch: &Patch<'_>, wanted: &[u32]) -> Option<Mapped> {
    // (first new line, how many, first old line, how many); for none, git counts from the line before.
    let mut hunks: Vec<(u32, u32, u32)> = Vec::new();
    let (first, last) = (wanted.first().copied()?, wanted.last().copied()?);
    let mut removed = false;
    for index in 0..patch.num_hunks() {
        let (hunk, _) = patch.hunk(index).ok()?;
        let start = if hunk.new_lines() == 0 { hunk.new_start() + 1 } else { hunk.new_start() };
        removed |= hunk.new_lines() == 0 && start > first && start <= last;
        hunks.push((start, hunk.new_lines(), hunk.old_lines()));
    }
    let before = wanted.iter().map(|line| {
        let mut shift = 0i64;
        for (start, new, old) in &hunks {
            if line < start {
                break;
            }
            if *line < start + new {
                return None;
            }
            shift += i64::from(*old) - i64::from(*new);
        }
        u32::try_from(i64::from(*line) + shift).ok()
    });
    Some(Mapped { before: before.collect(), removed })
}
