//! Where things are: files and overlays, the include graph and its roots, settings, and how a path on the
//! server maps to a path in the workspace.

pub mod annotations;
pub mod builds;
pub mod cluster;
pub mod commented;
pub mod compose;
pub mod container;
pub mod dockerfile;
pub mod history;
pub mod images;
pub mod includes;
pub mod installation;
pub mod interpolate;
pub mod kubernetes;
pub mod kustomize;
pub mod logs;
pub mod networks;
pub mod paths;
pub mod settings;
mod shell;
pub mod vfs;
pub mod wildcard;
pub mod yaml;

use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::messages::Message;
use crate::parallel;
use crate::syntax::Parse;
use crate::text::{Span, Text};
use annotations::Annotation;

pub use vfs::{FileId, ReadProblem, Vfs};

/// A span in a file: of the configuration, a compose file, Lua, anything that was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// Where in it.
    pub span: Span,
}

/// A configuration file as the project sees it.
#[derive(Debug, Clone)]
pub struct SourceFile {
    /// Its id.
    pub id: FileId,
    /// Absolute path.
    pub path: Arc<Path>,
    /// Its text; empty when it could not be read.
    pub text: Text,
    /// Its directives.
    pub parse: Arc<Parse>,
    /// Why it could not be read, or read only in part.
    pub problem: Option<ReadProblem>,
    unreliable: OnceLock<bool>,
    annotations: OnceLock<Vec<Annotation>>,
}

impl SourceFile {
    /// A file with its text and what was made of it.
    pub fn new(id: FileId, path: Arc<Path>, text: Text, parse: Arc<Parse>, problem: Option<ReadProblem>) -> SourceFile {
        SourceFile { id, path, text, parse, problem, unreliable: OnceLock::new(), annotations: OnceLock::new() }
    }

    /// The comments in it that speak to us, in order. Looked for once in a text.
    pub fn annotations(&self) -> &[Annotation] {
        self.annotations.get_or_init(|| annotations::annotations(&self.text, &self.parse))
    }

    /// True when what stands in which block is a guess: in the source of a template engine, of whose branches only one is there when
    /// nginx reads the result, and in a file that nginx's tokenizer refuses. (An unquoted `{8,}` in a regex, for one, opens a block.)
    /// Looked at once for a text.
    pub fn is_unreliable(&self) -> bool {
        // Nearly no text has one of the two; that is seen without a copy of it.
        let may_be_template = || self.text.contains("{{") || self.text.contains("%");
        *self.unreliable.get_or_init(|| !self.parse.problems.is_empty() || may_be_template() && is_template(&self.text.to_str()))
    }

    /// True when its content is not known: what depends on seeing everything can't be proven.
    pub fn unread(&self) -> bool {
        self.problem.as_ref().is_some_and(|problem| !problem.is_partial())
    }
}

/// The marks of Jinja, ERB and their like.
fn is_template(text: &str) -> bool {
    text.contains('%')
        && text.lines().any(|line| ["{%", "<%", "% if "].iter().any(|mark| line.trim_start().starts_with(mark)) || line.contains("{% "))
        || text.contains("{{") && text.lines().any(|line| line.trim_start().starts_with("{{"))
}

/// A file that nginx starts reading from.
#[derive(Debug, Clone)]
pub struct Root {
    /// The file.
    pub file: FileId,
    /// What it looks like.
    pub kind: RootKind,
    /// Folder in the workspace that relative includes start from (the folder of the main nginx.conf:
    /// `ngx_conf_full_name(…, 1)`, always the main file's, also inside included files).
    pub conf_dir: PathBuf,
    /// Path of the main configuration on the server, when something says so (a mount, a `COPY`).
    pub server_path: Option<String>,
    /// The server's prefix (`-p`), when it is known.
    pub prefix: Option<String>,
    /// What each `include` led to.
    pub includes: FxHashMap<Place, includes::Include>,
}

/// What a root looks like, judged by its outermost directives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RootKind {
    /// Has `events`, `http`, `stream` or `mail`: a whole configuration.
    Main,
    /// `server`, `upstream`, `map` … at the top: meant for inside `http`.
    Http,
    /// `location`, `listen` … at the top: meant for inside `server`.
    Server,
    /// Anything else: meant for inside a `location`, or cannot be told.
    Snippet,
}

/// Everything that is known of one workspace: immutable, shared by readers.
#[derive(Debug, Clone)]
pub struct Project {
    /// The workspace folder, absolute.
    pub workspace: PathBuf,
    /// The settings.
    pub settings: Arc<settings::Settings>,
    /// Files and overlays as they were when the project was loaded.
    pub vfs: Vfs,
    /// Configuration files, by id.
    pub files: FxHashMap<FileId, Arc<SourceFile>>,
    /// Roots, in the order in which they were found.
    pub roots: Vec<Root>,
    /// Compose files and what they say.
    pub compose: Arc<Vec<compose::Compose>>,
    /// How the configuration gets onto servers, and which paths there are which here.
    pub deployments: Arc<paths::Deployments>,
    /// What the manifests of a cluster say, once that is asked for.
    cluster: Arc<OnceLock<cluster::Cluster>>,
    /// Problems of reading that belong to no configuration file (a compose file that is no YAML, …).
    pub problems: Vec<Notice>,
    /// Bytes of the files that were taken for configurations.
    read: u64,
    /// Bytes that all roots read, a file that is included twice counted twice.
    expanded: u64,
}

/// Something to tell about a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub message: Message,
}

/// What a report of ours has in its first or last lines. It names locations and files, and is no use of them.
pub const REPORT_MARK: &str = "nginx-analyzer: this is a report";

/// Is it one of our own reports?
pub fn is_report(text: &str) -> bool {
    const ENDS: usize = 1_000;
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let (first, last) = (floor(ENDS), floor(text.len().saturating_sub(ENDS)));
    text.get(..first).is_some_and(|text| text.contains(REPORT_MARK)) || text.get(last..).is_some_and(|text| text.contains(REPORT_MARK))
}

/// Parsed files of an earlier load, kept as long as their texts stay the same.
#[derive(Debug, Clone, Default)]
pub struct Parses {
    known: FxHashMap<FileId, Arc<SourceFile>>,
    /// What the load at hand asked for.
    used: FxHashSet<FileId>,
    /// How many files had to be parsed, since this was made.
    pub parsed: usize,
}

impl Parses {
    /// The parse of a file's earlier text.
    pub fn get(&self, file: FileId) -> Option<&Arc<SourceFile>> {
        self.known.get(&file)
    }

    /// Keeps a parse, so that loading does not make it again.
    pub fn insert(&mut self, source: Arc<SourceFile>) {
        self.known.insert(source.id, source);
    }

    /// Forgets the parse of a text that is another one now.
    pub fn remove(&mut self, file: FileId) {
        self.known.remove(&file);
    }
}

impl Project {
    /// Loads a workspace. `entries` are the files or folders that were asked for; none means the whole workspace. `parses` is
    /// taken from and added to.
    pub fn load(vfs: Vfs, workspace: &Path, settings: Arc<settings::Settings>, entries: &[PathBuf], parses: &mut Parses) -> Project {
        let mut project = Project {
            workspace: workspace.to_path_buf(),
            settings,
            vfs,
            files: FxHashMap::default(),
            roots: Vec::new(),
            compose: Arc::default(),
            deployments: Arc::default(),
            cluster: Arc::default(),
            problems: Vec::new(),
            read: 0,
            expanded: 0,
        };
        parses.used.clear();
        let (compose, deployments, problems) = paths::find(&project);
        project.compose = Arc::new(compose);
        project.deployments = Arc::new(deployments);
        project.problems = problems;
        includes::discover(&mut project, entries, parses);
        // Of files that are gone, and of those that a client has closed, nothing is kept.
        let used = std::mem::take(&mut parses.used);
        parses.known.retain(|id, _| used.contains(id));
        project
    }

    /// Reads and parses a configuration file, unless that was done for the same text before.
    fn load_file(&mut self, path: &Path, parses: &mut Parses) -> FileId {
        let id = self.vfs.id(path);
        self.load_all(&[id], parses);
        id
    }

    /// The same for several, which are parsed side by side.
    fn load_files(&mut self, paths: &[PathBuf], parses: &mut Parses) -> Vec<FileId> {
        let ids: Vec<FileId> = paths.iter().map(|path| self.vfs.id(path)).collect();
        self.load_all(&ids, parses);
        ids
    }

    fn load_all(&mut self, ids: &[FileId], parses: &mut Parses) {
        let mut fresh: Vec<(FileId, vfs::Contents)> = Vec::new();
        let mut begun = FxHashSet::default();
        for &id in ids {
            if self.files.contains_key(&id) || !begun.insert(id) {
                continue;
            }
            parses.used.insert(id);
            let contents = self.contents(id);
            self.read += u64::from(contents.text.len());
            match parses.known.get(&id) {
                Some(known) if known.text.is_same(&contents.text) && known.problem == contents.problem => {
                    self.files.insert(id, known.clone());
                }
                _ => fresh.push((id, contents)),
            }
        }
        parses.parsed += fresh.len();
        let parsed = parallel::map(&fresh, |(id, contents)| {
            let parse = Parse::with_vocabulary(&contents.text, crate::nginx::directives::is_known);
            if self.vfs.overlay(*id).is_some() {
                // Somebody is about to type in it: the first keystroke is not to wait for the tree.
                parse.tree(&contents.text);
            }
            Arc::new(parse)
        });
        for ((id, contents), parse) in fresh.into_iter().zip(parsed) {
            let source = Arc::new(SourceFile::new(id, self.vfs.path(id), contents.text, parse, contents.problem));
            parses.known.insert(id, source.clone());
            self.files.insert(id, source);
        }
    }

    /// A configuration's text, as far as there is room for it.
    fn contents(&self, id: FileId) -> vfs::Contents {
        let within = |room: u64| self.vfs.contents_within(id, room.saturating_sub(self.read));
        let contents = within(Vfs::LEAST_ROOM);
        if !matches!(contents.problem, Some(ReadProblem::TooLarge { .. })) {
            return contents;
        }
        let room = Vfs::room();
        let mut contents = within(room);
        if let Some(ReadProblem::TooLarge { size, .. }) = contents.problem {
            let alone = size > room;
            contents.problem =
                Some(if alone { ReadProblem::TooLarge { size, limit: room } } else { ReadProblem::TooMuch { size, limit: room } });
        }
        contents
    }

    /// The Services and pods that manifests of a cluster describe. They are read when somebody asks first.
    pub fn cluster(&self) -> &cluster::Cluster {
        self.cluster.get_or_init(|| cluster::Cluster::read(self))
    }

    /// Takes over what was read of a cluster for an earlier state, when nothing but configurations has changed since.
    pub fn keep_cluster(&mut self, earlier: &Project) {
        self.cluster = earlier.cluster.clone();
    }

    /// The history of the workspace; none where it is not trusted: a repository may lie above it, and leads elsewhere by its own settings.
    pub fn history(&self) -> Option<history::History> {
        if self.vfs.is_confined() { None } else { history::History::of(&self.workspace) }
    }

    /// Path as shown to people and in JSON: relative to the workspace where it lies inside, with `/`;
    /// `.` for the workspace itself.
    pub fn display_path(&self, file: FileId) -> String {
        self.display(&self.vfs.path(file))
    }

    /// As [`Project::display_path`], for a path.
    pub fn display(&self, path: &Path) -> String {
        match path.strip_prefix(&self.workspace) {
            Ok(inside) if inside.as_os_str().is_empty() => ".".to_owned(),
            Ok(inside) => inside.to_string_lossy().replace('\\', "/"),
            Err(_) => path.to_string_lossy().replace('\\', "/"),
        }
    }

    /// The line in which a place begins, counted from 1.
    pub fn line(&self, place: Place) -> u32 {
        self.text(place.file).line_of(place.span.start) + 1
    }

    /// For people: `conf/nginx.conf:12`.
    pub fn path_and_line(&self, place: Place) -> String {
        format!("{}:{}", self.display_path(place.file), self.line(place))
    }

    /// The text of any file that was read; empty when it can't be read.
    pub fn text(&self, file: FileId) -> Text {
        match self.files.get(&file) {
            Some(source) => source.text.clone(),
            None => self.vfs.read(file).unwrap_or_default(),
        }
    }
}
