//! The settings of a workspace: what an editor gave, and over it what `nginx-analyzer.toml` says.

use std::sync::{Arc, OnceLock};

use crate::phrase;
use crate::project::settings::Settings;
use crate::project::{FileId, Notice, Place, ReadProblem, Vfs};
use crate::text::Span;

/// The settings at one moment. The file is read by the first who needs it: what only notes that it changed waits for no disk.
#[derive(Debug)]
pub(super) struct Layers {
    base: Arc<Settings>,
    /// The file over them; `None` where there is none to be looked for.
    file: Option<FileId>,
    read: OnceLock<(Arc<Settings>, Vec<Notice>)>,
}

impl Layers {
    /// These settings alone.
    pub(super) fn alone(base: Settings) -> Layers {
        Layers { base: Arc::new(base), file: None, read: OnceLock::new() }
    }

    /// These, and a file over them.
    pub(super) fn with_file(base: Settings, file: FileId) -> Layers {
        Layers { file: Some(file), ..Layers::alone(base) }
    }

    /// What holds. The file is read if it has not been.
    pub(super) fn settings(&self, vfs: &Vfs) -> &Arc<Settings> {
        &self.read(vfs).0
    }

    /// What was wrong with the file, and where.
    pub(super) fn problems(&self, vfs: &Vfs) -> &[Notice] {
        &self.read(vfs).1
    }

    /// What holds as far as it is known without reading anything.
    pub(super) fn so_far(&self) -> &Arc<Settings> {
        self.read.get().map_or(&self.base, |(settings, _)| settings)
    }

    fn read(&self, vfs: &Vfs) -> &(Arc<Settings>, Vec<Notice>) {
        self.read.get_or_init(|| {
            let Some(file) = self.file else { return (self.base.clone(), Vec::new()) };
            let notice = |(span, message)| Notice { place: Place { file, span }, message };
            match vfs.read(file) {
                Ok(text) => {
                    let (settings, problems) = Settings::clone(&self.base).over(&text.to_str());
                    (Arc::new(settings), problems.into_iter().map(notice).collect())
                }
                Err(ReadProblem::Missing) => (self.base.clone(), Vec::new()),
                Err(problem) => {
                    let message = phrase!("settings-unread", problem = problem.message());
                    (self.base.clone(), vec![notice((Span::at(0), message))])
                }
            }
        })
    }
}
