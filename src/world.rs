//! The one mutable state, and the immutable analysis that every reader gets.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::config::Config;
use crate::project::settings::Settings;
use crate::project::{FileId, Place, Project, Vfs};
use crate::text::Text;

/// What is known of a workspace at one moment: cheap to share, never changes.
#[derive(Debug, Clone)]
pub struct Analysis {
    /// Files, roots, mounts.
    pub project: Arc<Project>,
    /// The configuration of each of `project.roots`, in the same order.
    pub configs: Vec<Arc<Config>>,
}

/// A workspace that changes.
#[derive(Debug)]
pub struct World {
    workspace: PathBuf,
    entries: Vec<PathBuf>,
    settings: Arc<Settings>,
    vfs: Vfs,
    analysis: Option<Arc<Analysis>>,
}

impl World {
    /// A workspace; `entries` are the files and folders that were asked for, none means all of it.
    pub fn new(workspace: &Path, entries: Vec<PathBuf>, settings: Settings) -> World {
        World { workspace: workspace.to_path_buf(), entries, settings: Arc::new(settings), vfs: Vfs::default(), analysis: None }
    }

    /// A workspace with the settings of its `nginx-analyzer.toml`.
    pub fn open(workspace: &Path, entries: Vec<PathBuf>) -> World {
        World::new(workspace, entries, Settings::default())
    }

    /// Files and overlays.
    pub fn vfs(&self) -> &Vfs {
        &self.vfs
    }

    /// A client's text of a file replaces the disk's.
    pub fn set_text(&mut self, file: FileId, text: Text) {
        self.vfs.open(file, text);
        self.analysis = None;
    }

    /// A client closed a file.
    pub fn close(&mut self, file: FileId) {
        self.vfs.close(file);
        self.analysis = None;
    }

    /// A file changed on disk, came or went.
    pub fn disk_changed(&mut self, file: FileId) {
        self.vfs.forget(file);
        self.analysis = None;
    }

    /// New settings.
    pub fn set_settings(&mut self, settings: Settings) {
        self.settings = Arc::new(settings);
        self.analysis = None;
    }

    /// The analysis of the present state; made when something changed since the last call.
    pub fn analysis(&mut self) -> Arc<Analysis> {
        if let Some(analysis) = &self.analysis {
            return analysis.clone();
        }
        let project = Project::load(self.vfs.clone(), &self.workspace, self.settings.clone(), &self.entries);
        let configs = project.roots.iter().map(|root| Arc::new(Config::build(&project, root))).collect();
        let analysis = Arc::new(Analysis { project: Arc::new(project), configs });
        self.analysis = Some(analysis.clone());
        analysis
    }
}

/// All that an analysis is made from, at one moment: cheap to take under a lock, to be analysed outside of it.
#[derive(Debug, Clone)]
pub struct Inputs {
    workspace: PathBuf,
    entries: Vec<PathBuf>,
    settings: Arc<Settings>,
    vfs: Vfs,
}

impl World {
    /// The present state, to be analysed elsewhere.
    pub fn inputs(&self) -> Inputs {
        Inputs { workspace: self.workspace.clone(), entries: self.entries.clone(), settings: self.settings.clone(), vfs: self.vfs.clone() }
    }
}

impl Inputs {
    /// Analyses; `None` when `cancel` became true meanwhile. It is looked at between files, not inside one.
    pub fn analyze(&self, cancel: &AtomicBool) -> Option<Analysis> {
        let go_on = || (!cancel.load(Ordering::Relaxed)).then_some(());
        go_on()?;
        let project = Project::load(self.vfs.clone(), &self.workspace, self.settings.clone(), &self.entries);
        let mut configs = Vec::with_capacity(project.roots.len());
        for root in &project.roots {
            go_on()?;
            configs.push(Arc::new(Config::build(&project, root)));
        }
        go_on()?;
        Some(Analysis { project: Arc::new(project), configs })
    }
}

impl Analysis {
    /// The text of a place.
    pub fn text_at(&self, place: Place) -> String {
        self.project.text(place.file).slice(place.span).into_owned()
    }
}
