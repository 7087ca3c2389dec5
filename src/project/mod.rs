//! Where things are: files and overlays, the include graph and its roots, settings, and how a path on the
//! server maps to a path in the workspace.

pub mod compose;
pub mod includes;
pub mod paths;
pub mod settings;
pub mod vfs;
pub mod yaml;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::syntax::Parse;
use crate::text::{Span, Text};
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
    /// Problems of reading that belong to no configuration file (a compose file that is no YAML, …).
    pub problems: Vec<Notice>,
}

/// Something to tell about a file as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub message: String,
}

impl Project {
    /// Loads a workspace. `entries` are the files or folders that were asked for; none means the whole workspace.
    pub fn load(vfs: Vfs, workspace: &Path, settings: Arc<settings::Settings>, entries: &[PathBuf]) -> Project {
        let mut project = Project {
            workspace: workspace.to_path_buf(),
            settings,
            vfs,
            files: FxHashMap::default(),
            roots: Vec::new(),
            compose: Arc::default(),
            problems: Vec::new(),
        };
        includes::discover(&mut project, entries);
        project
    }

    /// Path as shown to people and in JSON: relative to the workspace where it lies inside, with `/`.
    pub fn display_path(&self, file: FileId) -> String {
        let path = self.vfs.path(file);
        path.strip_prefix(&self.workspace).unwrap_or(&path).to_string_lossy().replace('\\', "/")
    }

    /// The text of any file that was read; empty when it can't be read.
    pub fn text(&self, file: FileId) -> Text {
        match self.files.get(&file) {
            Some(source) => source.text.clone(),
            None => self.vfs.read(file).unwrap_or_default(),
        }
    }
}
