//! The one mutable state of the server, and the snapshots that work is done on.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::Value;
use tokio::sync::watch;
use tower_lsp::gen_lsp_types::{SemanticToken, Uri};

use super::convert::Converter;
use super::features::Features;
use super::shown::{Screen, Shown};
use super::tokens::Sent;
use super::turn::Turn;
use super::uri;
use crate::messages::Language;
use crate::project::settings::Settings;
use crate::project::{FileId, SourceFile};
use crate::rules::{self, Finding};
use crate::store;
use crate::text::{Span, Text};
use crate::usage::logs::Logs;
use crate::world::{Analysis, Inputs, World};

/// Everything that messages change. It is locked for moments only: nothing is computed or awaited under the lock.
#[derive(Debug, Default)]
pub struct State {
    /// What was agreed on in `initialize`.
    pub features: Features,
    /// Open documents, by the URI that the client uses.
    pub documents: FxHashMap<Uri, Document>,
    /// Folders, and files outside of them, each a world of its own.
    pub workspaces: Vec<Workspace>,
    /// The editor's settings, as last heard.
    pub settings: Value,
    /// The language of the editor, as told in `initialize`; settings go before it.
    pub locale: Language,
    /// True where the person does not trust the workspace: nothing outside of its folders is read, and nothing is written.
    pub untrusted: bool,
    /// Workspaces that nobody watches yet, each with what tells of its changes.
    /// The first tells of every change, the second of those on disk and in the settings.
    pub unwatched: Vec<(u64, watch::Receiver<u64>, watch::Receiver<u64>)>,
    /// The semantic tokens that were sent last of each open document.
    pub tokens: FxHashMap<Uri, Sent>,
    /// Counts the answers with tokens.
    answers: u64,
    next_key: u64,
}

/// An open document.
#[derive(Debug, Clone)]
pub struct Document {
    /// As last told by the client.
    pub version: i32,
    /// Its text.
    pub text: Text,
    /// Where it is analysed; `None` for a document of a scheme that is not known, or one that is no configuration and belongs to no folder.
    pub home: Option<Home>,
    /// The client's name for its language.
    pub language: String,
}

/// Where a document is analysed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Home {
    /// [`Workspace::key`].
    pub workspace: u64,
    /// The file in that workspace's world.
    pub file: FileId,
}

/// A folder, or a single file outside every folder.
#[derive(Debug)]
pub struct Workspace {
    /// Stable as long as the workspace is there, never used again.
    pub key: u64,
    /// The folder; for a single file the folder that it lies in.
    pub folder: PathBuf,
    /// True for a single file.
    pub single: bool,
    world: World,
    revision: u64,
    stale: Arc<AtomicBool>,
    cache: Arc<Cache>,
    trees: Arc<Trees>,
    open: Arc<FxHashMap<FileId, (Uri, i32)>>,
    /// Files of which another workspace told last, and does not any more.
    again: FxHashSet<FileId>,
    changed: watch::Sender<u64>,
    disk: watch::Sender<u64>,
    /// Have the access logs been read once?
    logs_known: watch::Sender<bool>,
}

/// A workspace at one moment: cheap to take, analysed without the lock.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The workspace.
    pub key: u64,
    /// Which moment.
    pub revision: u64,
    /// Open documents and their versions at that moment.
    pub open: Arc<FxHashMap<FileId, (Uri, i32)>>,
    inputs: Inputs,
    stale: Arc<AtomicBool>,
    cache: Arc<Cache>,
    trees: Arc<Trees>,
}

/// What was found in a workspace.
#[derive(Debug)]
pub struct Checked {
    /// Which moment.
    pub revision: u64,
    /// Files, roots, configurations.
    pub analysis: Arc<Analysis>,
    /// Findings by file, each file's in the order of their places.
    pub findings: FxHashMap<FileId, Arc<Vec<Finding>>>,
}

/// The last analysis of a workspace. One is made at a time: many readers of a moment wait for one.
#[derive(Debug, Default)]
struct Cache {
    last: Mutex<Option<Arc<Checked>>>,
    turn: Turn,
    screen: Screen,
}

/// The trees of open documents that somebody asked for, each of the text that it was asked for last: several requests come at once.
#[derive(Debug, Default)]
struct Trees(Mutex<FxHashMap<FileId, Arc<SourceFile>>>);

impl State {
    /// Makes a workspace of a folder, unless it is one already.
    pub fn add_folder(&mut self, folder: PathBuf) {
        if !self.workspaces.iter().any(|it| !it.single && it.folder == folder) {
            self.add(folder, None);
            self.confine();
            self.settle();
        }
    }

    /// Forgets a folder; its open documents move elsewhere, or nowhere.
    pub fn remove_folder(&mut self, folder: &Path) {
        self.workspaces.retain(|it| it.single || it.folder != folder);
        self.confine();
        self.settle();
    }

    /// The folders have changed: where they are not trusted, only they are read.
    fn confine(&mut self) {
        if !self.untrusted {
            return;
        }
        let folders = self.folders();
        for workspace in &mut self.workspaces {
            workspace.world.confine(&folders);
            workspace.changed();
        }
    }

    /// The workspace's own folders. That of a single file is none of them: nobody opened it.
    fn folders(&self) -> Vec<PathBuf> {
        self.workspaces.iter().filter(|it| !it.single).map(|it| it.folder.clone()).collect()
    }

    fn add(&mut self, folder: PathBuf, file: Option<PathBuf>) -> u64 {
        self.next_key += 1;
        let (changed, receiver) = watch::channel(0);
        let (disk, on_disk) = watch::channel(0);
        let single = file.is_some();
        let mut world = World::new(&folder, file.into_iter().collect(), Settings::default());
        if self.untrusted {
            let mut folders = self.folders();
            folders.extend((!single).then(|| folder.clone()));
            world.confine(&folders);
        }
        world.be_brisk();
        world.set_language(self.locale);
        world.reload_settings(Settings::from_json(&self.settings));
        world.set_today(store::today());
        self.workspaces.push(Workspace {
            key: self.next_key,
            folder,
            single,
            world,
            revision: 0,
            stale: Arc::default(),
            cache: Arc::default(),
            trees: Arc::default(),
            open: Arc::default(),
            again: FxHashSet::default(),
            changed,
            disk,
            logs_known: watch::Sender::new(false),
        });
        self.unwatched.push((self.next_key, receiver, on_disk));
        self.next_key
    }

    /// Lets every document that lost its workspace, or that a nearer folder was added for, find its place.
    fn settle(&mut self) {
        let uris: Vec<Uri> = self.documents.keys().cloned().collect();
        for uri in uris {
            let nearest = uri::to_path(&uri).and_then(|path| self.nearest(&path));
            let Some(document) = self.documents.get(&uri).cloned() else { continue };
            let kept = document.home.filter(|home| self.workspaces.iter().any(|it| it.key == home.workspace));
            if kept.is_some_and(|home| nearest.is_none_or(|key| key == home.workspace)) {
                continue;
            }
            self.close(&uri);
            self.open(uri, &document.language, document.version, document.text);
        }
    }

    /// The innermost folder that holds the path.
    fn nearest(&self, path: &Path) -> Option<u64> {
        let holding = self.workspaces.iter().filter(|it| !it.single && path.starts_with(&it.folder));
        holding.max_by_key(|it| it.folder.as_os_str().len()).map(|it| it.key)
    }

    /// Opens a document, as often as the client likes.
    pub fn open(&mut self, uri: Uri, language: &str, version: i32, text: Text) {
        self.close(&uri);
        let path = uri::to_path(&uri).or_else(|| uri::unsaved_path(&uri));
        let home = path.and_then(|path| {
            let key = match self.nearest(&path) {
                Some(key) => key,
                None => {
                    let folder = path.parent().filter(|_| is_configuration(language, &path))?;
                    self.add(folder.to_path_buf(), Some(path.clone()))
                }
            };
            let home = self.enter(key, &path, &uri, text.clone(), version);
            // Where the name does not say what it is, the person who chose its language does.
            if says_nginx(language)
                && !is_configuration("", &path)
                && let Some(workspace) = self.workspaces.iter_mut().find(|it| it.key == key && !it.single)
            {
                workspace.world.suggest(path);
            }
            home
        });
        self.documents.insert(uri, Document { version, text, home, language: language.to_owned() });
    }

    fn enter(&mut self, key: u64, path: &Path, uri: &Uri, text: Text, version: i32) -> Option<Home> {
        let workspace = self.workspaces.iter_mut().find(|it| it.key == key)?;
        let file = workspace.world.vfs().id(path);
        workspace.world.set_text(file, text);
        Arc::make_mut(&mut workspace.open).insert(file, (uri.clone(), version));
        workspace.touch(&[file], &self.settings);
        Some(Home { workspace: key, file })
    }

    fn leave(&mut self, home: Home) {
        if let Some(workspace) = self.workspaces.iter_mut().find(|it| it.key == home.workspace) {
            workspace.world.close(home.file);
            lock_any(&workspace.trees.0).remove(&home.file);
            Arc::make_mut(&mut workspace.open).remove(&home.file);
            let path = workspace.world.vfs().path(home.file);
            workspace.touch(&[home.file], &self.settings);
            self.tell_again(&path, home.workspace);
        }
    }

    /// The files of a workspace that are open documents of another one. What the disk says of them does not count, and only their home
    /// has their text.
    pub fn away(&self, key: u64) -> FxHashSet<FileId> {
        let Some(workspace) = self.workspaces.iter().find(|it| it.key == key) else { return FxHashSet::default() };
        let elsewhere = self.documents.iter().filter(|(_, it)| it.home.is_some_and(|home| home.workspace != key));
        elsewhere.filter_map(|(uri, _)| uri::to_path(uri)).map(|path| workspace.world.vfs().id(&path)).collect()
    }

    /// What a workspace told of a file is void: the others that read it tell of it again.
    pub fn tell_again(&mut self, path: &Path, but: u64) {
        for workspace in self.workspaces.iter_mut().filter(|it| it.key != but) {
            let file = workspace.world.vfs().id(path);
            let reads = lock_any(&workspace.cache.last).as_ref().is_some_and(|it| it.analysis.project.files.contains_key(&file));
            if reads {
                workspace.again.insert(file);
                workspace.changed();
            }
        }
    }

    /// The files of a workspace that have to be told of again; they are its reader's from now on.
    pub fn take_again(&mut self, key: u64) -> FxHashSet<FileId> {
        self.workspaces.iter_mut().find(|it| it.key == key).map(|it| std::mem::take(&mut it.again)).unwrap_or_default()
    }

    /// Gives back what was taken and could not be told.
    pub fn give_again(&mut self, key: u64, files: FxHashSet<FileId>) {
        if let Some(workspace) = self.workspaces.iter_mut().find(|it| it.key == key) {
            workspace.again.extend(files);
        }
    }

    /// Edits an open document, each edit in what the one before it made; one without a span is the whole new text.
    /// False when the document is not open.
    pub fn change(&mut self, uri: &Uri, version: i32, edits: impl Iterator<Item = (Option<impl Fn(&Text) -> Span>, String)>) -> bool {
        let Some(document) = self.documents.get_mut(uri) else { return false };
        document.version = version;
        let home = document.home.and_then(|home| Some((home.file, self.workspaces.iter_mut().find(|it| it.key == home.workspace)?)));
        let Some((file, workspace)) = home else {
            for (span, with) in edits {
                match span {
                    Some(span) => document.text.replace(span(&document.text), &with),
                    None => document.text = Text::new(&with),
                }
            }
            return true;
        };
        for (span, with) in edits {
            match span {
                Some(span) => {
                    workspace.world.edit(file, span(&document.text), &with);
                }
                None => workspace.world.set_text(file, Text::new(&with)),
            }
            // One text, shared: the world's.
            if let Some(text) = workspace.world.vfs().overlay(file) {
                document.text = text.clone();
            }
        }
        Arc::make_mut(&mut workspace.open).insert(file, (uri.clone(), version));
        workspace.touch(&[file], &self.settings);
        true
    }

    /// Closes a document and returns it; `None` when it was not open. A workspace that was there for it alone goes too.
    pub fn close(&mut self, uri: &Uri) -> Option<Document> {
        let document = self.documents.remove(uri)?;
        self.tokens.remove(uri);
        if let Some(home) = document.home {
            self.leave(home);
            self.workspaces.retain(|it| !(it.single && it.key == home.workspace));
        }
        Some(document)
    }

    /// Files changed on disk, came or went: in every workspace that may have looked at them.
    pub fn disk_changed(&mut self, paths: &[PathBuf]) {
        if paths.is_empty() {
            return;
        }
        for workspace in &mut self.workspaces {
            let files: Vec<FileId> = paths.iter().map(|path| workspace.world.vfs().id(path)).collect();
            workspace.world.disk_changed_all(&files);
            workspace.touch(&files, &self.settings);
            workspace.disk.send_modify(|count| *count += 1);
        }
    }

    /// Anything may have changed on disk. A client that watches no files says only what it saved itself.
    pub fn look_again(&mut self) {
        for workspace in &mut self.workspaces {
            let folder = workspace.world.vfs().id(&workspace.folder);
            workspace.world.disk_changed(folder);
            workspace.world.reload_settings(Settings::from_json(&self.settings));
            workspace.changed();
            workspace.disk.send_modify(|count| *count += 1);
        }
    }

    /// Takes the editor's settings; nothing happens when they are what they were.
    pub fn set_settings(&mut self, settings: Value) {
        if self.settings != settings {
            self.settings = settings;
            for workspace in &mut self.workspaces {
                workspace.world.reload_settings(Settings::from_json(&self.settings));
                workspace.changed();
                workspace.disk.send_modify(|count| *count += 1);
            }
        }
    }

    /// In which language a person is spoken to about a workspace; about none in particular where it is not known.
    pub fn language(&self, workspace: Option<u64>) -> Language {
        let known = self.workspaces.iter().find(|it| Some(it.key) == workspace).map(|it| it.world.language_so_far());
        known.unwrap_or_else(|| Settings::from_json(&self.settings).language.unwrap_or(self.locale))
    }

    /// Takes what logs say of the configurations of an analysis; false when the workspace is gone.
    pub fn take_logs(&mut self, key: u64, analysis: &Analysis, logs: Vec<Logs>) -> bool {
        let Some(workspace) = self.workspaces.iter_mut().find(|it| it.key == key) else { return false };
        workspace.world.take_logs(analysis, logs);
        workspace.changed();
        true
    }

    /// The access logs of a workspace have been read, or there are none.
    pub fn logs_are_known(&mut self, key: u64) {
        if let Some(workspace) = self.workspaces.iter().find(|it| it.key == key) {
            workspace.logs_known.send_replace(true);
        }
    }

    /// Says when the access logs have been read once, of the workspace of a document or of the one that a file lies in.
    pub fn logs_known_near(&self, uri: &Uri) -> Option<watch::Receiver<bool>> {
        let (snapshot, _) = self.snapshot_near(uri)?;
        let workspace = self.workspaces.iter().find(|it| it.key == snapshot.key)?;
        Some(workspace.logs_known.subscribe())
    }

    /// The source that the analysis of a workspace waited for has been read.
    pub fn sources_read(&mut self, key: u64) {
        if let Some(workspace) = self.workspaces.iter_mut().find(|it| it.key == key) {
            workspace.world.sources_read();
            workspace.changed();
        }
    }

    /// Forgets what logs said.
    pub fn forget_logs(&mut self, key: u64) {
        if let Some(workspace) = self.workspaces.iter_mut().find(|it| it.key == key) {
            workspace.world.forget_logs();
            workspace.changed();
        }
    }

    /// The workspace as it is now.
    pub fn snapshot(&self, key: u64) -> Option<Snapshot> {
        let it = self.workspaces.iter().find(|it| it.key == key)?;
        Some(Snapshot {
            key,
            revision: it.revision,
            open: it.open.clone(),
            inputs: it.world.inputs(),
            stale: it.stale.clone(),
            cache: it.cache.clone(),
            trees: it.trees.clone(),
        })
    }

    /// The workspace of an open document as it is now, and the file in it.
    pub fn snapshot_of(&self, uri: &Uri) -> Option<(Snapshot, FileId)> {
        let home = self.documents.get(uri)?.home?;
        Some((self.snapshot(home.workspace)?, home.file))
    }

    /// As [`State::snapshot_of`], also for a file of a folder that is not open.
    pub fn snapshot_near(&self, uri: &Uri) -> Option<(Snapshot, FileId)> {
        self.snapshot_of(uri).or_else(|| {
            let path = uri::to_path(uri)?;
            let key = self.nearest(&path)?;
            let workspace = self.workspaces.iter().find(|it| it.key == key)?;
            Some((self.snapshot(key)?, workspace.world.vfs().id(&path)))
        })
    }

    /// Keeps what is sent of a document, and gives it a name; `None` when it was closed meanwhile.
    pub fn tokens_sent(&mut self, uri: &Uri, tokens: Arc<Vec<SemanticToken>>) -> Option<String> {
        self.documents.get(uri)?;
        self.answers += 1;
        let id = self.answers.to_string();
        self.tokens.insert(uri.clone(), Sent { id: id.clone(), tokens });
        Some(id)
    }

    /// True when nothing has changed since the snapshot was taken.
    pub fn is_current(&self, snapshot: &Snapshot) -> bool {
        self.workspaces.iter().any(|it| it.key == snapshot.key && it.revision == snapshot.revision)
    }
}

impl Workspace {
    /// Files changed, on disk or in the editor. The settings are read again when one of them is theirs.
    fn touch(&mut self, files: &[FileId], settings: &Value) {
        let own = self.folder.join(Settings::FILE);
        if files.iter().any(|file| *self.world.vfs().path(*file) == *own) {
            self.world.reload_settings(Settings::from_json(settings));
        }
        self.changed();
    }

    /// Something changed: what is being computed is stale, and who waits for changes hears of it.
    fn changed(&mut self) {
        self.world.set_today(store::today());
        self.revision += 1;
        self.stale.store(true, Ordering::Relaxed);
        self.stale = Arc::default();
        self.changed.send_replace(self.revision);
    }
}

impl Snapshot {
    /// Analyses and checks, or takes what another reader of the same moment computed. `None` when the workspace changed
    /// meanwhile, or when `cancel` became true before it was this reader's turn.
    ///
    /// Long work on the CPU and the disk: not for a thread that serves messages.
    pub fn check(&self, state: &Mutex<State>, cancel: &AtomicBool) -> Option<Arc<Checked>> {
        let known = || lock_any(&self.cache.last).as_ref().filter(|it| it.revision == self.revision).cloned();
        if let Some(checked) = known() {
            return Some(checked);
        }
        // Whoever is at it may wait for a disk that does not answer.
        let _turn = self.cache.turn.take(|| self.is_over(cancel))?;
        if let Some(checked) = known() {
            return Some(checked);
        }
        let outcome = self.inputs.analyze(&self.stale)?;
        if let Some(workspace) = lock(state).workspaces.iter_mut().find(|it| it.key == self.key) {
            workspace.world.keep(&outcome);
        }
        let analysis = outcome.analysis;
        let mut by_file: FxHashMap<FileId, Vec<Finding>> = FxHashMap::default();
        for finding in rules::check_unless(&analysis, &self.stale)? {
            by_file.entry(finding.place.file).or_default().push(finding);
        }
        let findings = by_file.into_iter().map(|(file, findings)| (file, Arc::new(findings))).collect();
        let checked = Arc::new(Checked { revision: self.revision, analysis, findings });
        let mut cached = lock_any(&self.cache.last);
        if cached.as_ref().is_none_or(|it| it.revision < self.revision) {
            *cached = Some(checked.clone());
        }
        Some(checked)
    }

    /// The diagnostics of a file.
    pub fn show(&self, converter: &Converter<'_>, file: FileId) -> Arc<Shown> {
        self.cache.screen.show(converter, file)
    }

    /// The last analysis that was made, perhaps of a text that was a few letters shorter; one is made where there is none. For what has
    /// to be answered while somebody types, and looks at the present text by itself ([`Snapshot::text`]).
    pub fn recent(&self, state: &Mutex<State>, cancel: &AtomicBool) -> Option<Arc<Analysis>> {
        match self.inputs.last() {
            Some(analysis) => Some(analysis.clone()),
            None => self.check(state, cancel).map(|checked| checked.analysis.clone()),
        }
    }

    /// True when the work on it is in vain: something changed since, or who asked does not wait any more.
    pub fn is_over(&self, cancel: &AtomicBool) -> bool {
        cancel.load(Ordering::Relaxed) || self.stale.load(Ordering::Relaxed)
    }

    /// The present text of an open file.
    pub fn text(&self, file: FileId) -> Option<&Text> {
        self.inputs.overlay(file)
    }

    /// The present text of an open file with its own tree. No analysis is waited for.
    pub fn source(&self, file: FileId) -> Option<Arc<SourceFile>> {
        let text = self.text(file)?;
        if let Some(known) = lock_any(&self.trees.0).get(&file).filter(|known| known.text.is_same(text)) {
            return Some(known.clone());
        }
        let source = self.inputs.source(file)?;
        if self.open.contains_key(&file) {
            lock_any(&self.trees.0).insert(file, source.clone());
        }
        Some(source)
    }

    /// The last analysis that was made, if there is one, perhaps of a text that was a few letters shorter.
    pub fn last(&self) -> Option<&Arc<Analysis>> {
        self.inputs.last()
    }

    /// What was found last; `None` where nothing was yet, and while something newer is being looked for.
    pub fn known(&self) -> Option<Arc<Checked>> {
        if self.cache.turn.is_taken() { None } else { lock_any(&self.cache.last).clone() }
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        self.inputs.settings()
    }

    /// The analysis as it would be if these files had these texts.
    pub fn what_if(&self, texts: &[(FileId, Text)]) -> Arc<Analysis> {
        self.inputs.what_if(texts)
    }

    /// The URI that the client knows a file by.
    pub fn uri(&self, checked: &Checked, file: FileId) -> Uri {
        self.uri_in(&checked.analysis, file)
    }

    /// The same, of a file that an earlier analysis names.
    pub fn uri_in(&self, analysis: &Analysis, file: FileId) -> Uri {
        match self.open.get(&file) {
            Some((uri, _)) => uri.clone(),
            None => uri::from_path(&analysis.project.vfs.path(file)),
        }
    }

    /// The version of a file when the client has it open.
    pub fn version(&self, file: FileId) -> Option<i32> {
        self.open.get(&file).map(|(_, version)| *version)
    }
}

/// True for what is worth analysing although no folder says that it belongs to nginx.
fn is_configuration(language: &str, path: &Path) -> bool {
    let language = language.to_ascii_lowercase();
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_ascii_lowercase();
    let known = [".conf", ".nginx", ".vhost", ".conf.template"].iter().any(|end| name.ends_with(end));
    language.contains("nginx")
        || language.contains("openresty")
        || known && matches!(language.as_str(), "" | "plaintext" | "conf" | "properties" | "ini")
}

/// True for the names that editors give to nginx's language.
fn says_nginx(language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    language.contains("nginx") || language.contains("openresty")
}

/// Locks. The state is consistent between any two statements that change it, so a panic of another holder is no reason to stop.
pub fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    lock_any(state)
}

fn lock_any<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
