//! A container as something of the workspace describes it: a compose file's service, or a pod of a cluster's manifests.

use std::path::PathBuf;
use std::sync::Arc;

use super::Place;

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value, with `${VAR:-default}` replaced where that is possible.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// A text of a description; `None` where it holds a variable that nothing sets.
pub type Text = Sourced<Option<String>>;

/// What a container is made of and started with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Container {
    /// What people call it: the compose service, or `deployment/api`.
    pub name: String,
    /// The image that it is started from.
    pub image: Option<Text>,
    /// How that image is made here.
    pub build: Option<Build>,
    /// What takes the place of the image's `ENTRYPOINT`, as words.
    pub entrypoint: Vec<Text>,
    /// What takes the place of the image's `CMD`, as words.
    pub command: Vec<Text>,
    /// Its variables; the value is `None` where it comes from the shell, a secret or a file that is not here.
    pub environment: Vec<(String, Text)>,
    /// More variables may be set than those, by what could not be read.
    pub unknown_environment: bool,
    /// Files and folders that are laid over the image's own.
    pub mounts: Vec<Mount>,
}

/// How an image is made here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The build context, absolute.
    pub context: PathBuf,
    /// The Dockerfile, absolute.
    pub dockerfile: PathBuf,
    /// The stage that is built.
    pub target: Option<String>,
    /// `ARG`s; `None` where the value comes from the shell.
    pub args: Vec<(String, Option<String>)>,
    /// Where it is written.
    pub place: Place,
}

/// One mount.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// Where it comes from.
    pub source: MountSource,
    /// Path in the container.
    pub target: String,
    /// True when the container can't write there (`:ro`, `read_only: true`, configs and secrets).
    pub read_only: bool,
    /// Where it is written.
    pub place: Place,
}

/// Where a mount comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSource {
    /// A path in the workspace, absolute, and as it is written.
    Workspace(PathBuf, String),
    /// A path on the host, outside the workspace.
    Host(String),
    /// A named or anonymous volume: its content is made at run time.
    Volume(Option<String>),
    /// A variable that nothing sets, as it is written.
    Unresolved(String),
    /// A text that the description itself has: a key of a ConfigMap. `None` for the folder of such files, which has no others.
    Inline(Option<Arc<str>>),
}
