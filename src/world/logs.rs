//! Access logs for all configurations of a workspace at once.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::{Analysis, World};
use crate::project;
use crate::usage::logs::{self, Input, Logs, Options, Parts, Progress};
use crate::usage::surroundings::Around;

impl Analysis {
    /// The access logs that the settings name, else those that lie where logs lie and hold requests in a format of one of the
    /// configurations.
    pub fn find_logs(&self) -> project::logs::Logs {
        let project = &self.project;
        if !project.settings.logs.files.is_empty() {
            return project::logs::named(&project.vfs, &project.workspace, &project.settings.logs.files);
        }
        let mut files = project::logs::conventional(&project.vfs, &project.workspace);
        if !files.is_empty() {
            let around: Vec<Around<'_>> = self.views().map(super::View::around).collect();
            let parts = self.parts(&around);
            files.retain(|file| logs::holds_requests(&project.vfs, &parts, file));
        }
        project::logs::Logs { files, missing: Vec::new() }
    }

    /// What logs say of each of `configs`; `None` when it was cancelled. `progress` gets the stored bytes that were read, and how many there are.
    pub fn read_logs(&self, inputs: Vec<Input>, options: &Options, progress: Progress<'_>, cancelled: &AtomicBool) -> Option<Vec<Logs>> {
        let around: Vec<Around<'_>> = self.views().map(super::View::around).collect();
        logs::read(&self.project.vfs, &self.parts(&around), inputs, options, progress, cancelled)
    }

    fn parts<'a>(&'a self, around: &'a [Around<'a>]) -> Vec<Parts<'a>> {
        let parts = |(view, around): (super::View<'a>, &'a Around<'a>)| Parts {
            project: view.project,
            config: view.config,
            router: view.router(),
            around,
        };
        self.views().zip(around).map(parts).collect()
    }
}

impl World {
    /// Takes what [`Analysis::read_logs`] read for an analysis, for each of its configurations.
    pub fn take_logs(&mut self, analysis: &Analysis, logs: Vec<Logs>) {
        for ((root, config), logs) in analysis.project.roots.iter().zip(&analysis.configs).zip(logs) {
            self.set_logs(config.clone(), root.file, Arc::new(logs));
        }
    }
}

/// Files to be read.
pub fn inputs(files: Vec<PathBuf>) -> Vec<Input> {
    files.into_iter().map(Input::File).collect()
}
