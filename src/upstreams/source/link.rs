//! Puts the files of an application together: which app or router is mounted where, and what that makes of the routes.

use std::path::PathBuf;
use std::sync::Arc;

use super::Tree;
use super::facts::{Facts, Why};
use crate::text::Span;

/// The environment that an application runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// It has this value.
    Set(String),
    /// It is surely not set.
    Unset,
    /// Nobody knows.
    Unknown,
}

/// What an application serves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Application {
    /// The frameworks whose apps it makes, in the order of their names.
    pub frameworks: Vec<&'static str>,
    /// Its routes.
    pub routes: Vec<Route>,
    /// Routes of routers that are mounted nowhere: written, and not served as far as can be seen.
    pub stray: Vec<Route>,
    /// Why there may be others, and where; empty when there are surely none.
    pub open: Vec<Doubt>,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET`, …; empty for any.
    pub methods: Vec<Arc<str>>,
    /// Its path as a pattern: `{name}` is one segment or a part of one, `*` anything. Begins with `/` or `*`.
    pub pattern: String,
    /// True when case does not matter.
    pub caseless: bool,
    /// By which framework.
    pub framework: &'static str,
    /// True for what the framework adds by itself.
    pub implied: bool,
    /// The file that has it.
    pub file: PathBuf,
    /// Where in it.
    pub span: Span,
}

/// Why there may be other routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Why.
    pub why: Why,
    /// The file that makes one doubt.
    pub file: PathBuf,
    /// Where in it.
    pub span: Span,
}

/// Puts the files of an application together.
pub fn link(tree: &Tree<'_>, facts: &[(PathBuf, Arc<Facts>)], variable: &dyn Fn(&str) -> Variable) -> Application {
    let _ = (tree, facts, variable);
    Application::default()
}
