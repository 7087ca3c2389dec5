//! Compose files: services, and for each what it is made of, what it mounts and where it listens.

use std::path::PathBuf;

use super::{FileId, Place};

/// One compose project: a file and what it includes or extends.
#[derive(Debug, Clone, Default)]
pub struct Compose {
    /// The files it was read from.
    pub files: Vec<FileId>,
    /// Its services.
    pub services: Vec<Service>,
}

/// A value and where it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced<T> {
    /// The value, with `${VAR:-default}` replaced where that is possible.
    pub value: T,
    /// Where.
    pub place: Place,
}

/// One service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its key under `services:`.
    pub name: String,
    /// The key.
    pub place: Place,
    /// `image:`
    pub image: Option<Sourced<String>>,
    /// `build:`
    pub build: Option<Build>,
    /// `container_name:`, `hostname:`, network aliases: other names by which it is reached.
    pub names: Vec<Sourced<String>>,
    /// `command:` as words.
    pub command: Vec<Sourced<String>>,
    /// `entrypoint:` as words.
    pub entrypoint: Vec<Sourced<String>>,
    /// `environment:` and `env_file:`; `None` where the value comes from the shell and has no default.
    pub environment: Vec<(String, Option<Sourced<String>>)>,
    /// Ports of the container that are published (`ports:`), as (host, container).
    pub ports: Vec<Sourced<(Option<u16>, u16)>>,
    /// `expose:`
    pub expose: Vec<Sourced<u16>>,
    /// `volumes:` (and `configs:`/`secrets:` with a file).
    pub mounts: Vec<Mount>,
    /// `healthcheck.test` as words.
    pub healthcheck: Vec<Sourced<String>>,
}

/// `build:`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Build {
    /// The build context, absolute.
    pub context: PathBuf,
    /// The Dockerfile, absolute.
    pub dockerfile: PathBuf,
    /// `target:`
    pub target: Option<String>,
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
    /// Where it is written.
    pub place: Place,
}

/// Where a mount comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSource {
    /// A path in the workspace, absolute.
    Workspace(PathBuf),
    /// An absolute path on the host, outside the workspace.
    Host(String),
    /// A named or anonymous volume: its content is made at run time.
    Volume(Option<String>),
    /// A variable that nothing sets.
    Unresolved(String),
}
