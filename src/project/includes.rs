//! The include graph: which file reads which, from which roots.
use super::*;

/// What one `include` led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Include {
    /// These files, in the order in which nginx reads them (glob results sorted by bytes).
    Files(Vec<FileId>),
    /// Nothing there, and nginx refuses that (no glob character in the name).
    Missing(PathBuf),
    /// The file includes itself, directly or through others.
    Loop(FileId),
    /// On the server, outside of what the workspace knows, or with a variable of a template in its name.
    Unknown(String),
}

/// Finds the files and roots of a project.
pub(super) fn discover(project: &mut Project, entries: &[PathBuf]) {
    // TEMPORARY: each entry is a root; nothing is followed.
    for entry in entries {
        let id = project.vfs.id(entry);
        let (text, problem) = match project.vfs.read(id) {
            Ok(text) => (text, None),
            Err(problem) => (Text::default(), Some(problem)),
        };
        let parse = Arc::new(Parse::new(&text));
        let path = project.vfs.path(id);
        let conf_dir = path.parent().unwrap_or(Path::new("/")).to_path_buf();
        project.files.insert(id, Arc::new(SourceFile { id, path, text, parse, problem }));
        project.roots.push(Root {
            file: id,
            kind: RootKind::Main,
            conf_dir,
            server_path: None,
            prefix: None,
            includes: FxHashMap::default(),
        });
    }
}
