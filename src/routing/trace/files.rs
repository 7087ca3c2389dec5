//! From a URI to a path: `root` and `alias` (`ngx_http_map_uri_to_path`).

use std::sync::Arc;

use super::rewrite::Quote;
use super::run::Run;
use super::step::{FileKind, Text};
use crate::config::{EntryId, Matcher};

/// What `alias` does to a URI.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Alias {
    /// It is a `root`: the whole URI is put behind.
    None,
    /// So many bytes, the location's name, are replaced.
    Prefix(usize),
    /// In a regex location: it is the whole path.
    Whole,
}

impl Run<'_> {
    /// The `root` or `alias` that holds here, as written.
    pub(super) fn root(&self) -> (Arc<str>, Alias) {
        match self.root_entry() {
            None => ("html".into(), Alias::None),
            Some(entry) => {
                let directive = self.config.directive(entry);
                let value: Arc<str> = directive.args.first().map_or_else(|| "".into(), |word| word.value.clone());
                if directive.is("root") {
                    let cut = value.strip_suffix('/').map(Arc::from);
                    return (cut.unwrap_or(value), Alias::None);
                }
                let matcher = self.config.location_of(entry).map(|location| &self.config.location(location).matcher);
                let alias = match matcher {
                    Some(Matcher::Exact(name) | Matcher::Prefix { path: name, .. }) => Alias::Prefix(name.len()),
                    _ => Alias::Whole,
                };
                (value, alias)
            }
        }
    }

    pub(super) fn root_entry(&self) -> Option<EntryId> {
        self.config.inherited_of(self.state.block?, &["root", "alias"]).last().copied()
    }

    /// The path of a URI, that of the request for `None`. `None` where it depends on what nobody knows.
    pub(super) fn path_of(&mut self, uri: Option<&Text>) -> Option<Text> {
        let (root, alias) = self.root();
        let uri = uri.cloned().unwrap_or_else(|| self.state.uri.clone());
        let mut path = self.expand(&root, Quote::No);
        match alias {
            Alias::None => path.push(&uri),
            Alias::Prefix(count) => path.push(&uri.skip(count)?),
            Alias::Whole if self.state.add_uri_to_alias => path.push(&uri),
            Alias::Whole => {}
        }
        Some(path)
    }

    /// From now on that is at the path: a question about it was answered so.
    pub(super) fn take(&mut self, path: &Text, kind: FileKind) {
        if let Some(Ok(path)) = path.bytes().map(std::str::from_utf8) {
            self.taken.insert(path.to_owned(), kind);
        }
    }

    /// What is at a path, as far as anybody knows or a question about it was answered.
    pub(super) fn stat(&self, path: &Text) -> FileKind {
        match path.bytes().map(std::str::from_utf8) {
            Some(Ok(path)) if !path.contains('\0') => match self.surroundings.file(path) {
                FileKind::Unknown => self.taken.get(path).copied().unwrap_or(FileKind::Unknown),
                known => known,
            },
            _ => FileKind::Unknown,
        }
    }
}
