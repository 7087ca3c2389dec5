//! Files that a document names, where they are here: an editor makes links of them.
//!
//! Only what was read, or may be, is linked to: every look at the disk passes the fence of the workspace.

use rustc_hash::FxHashMap;

use super::present::{Present, Site};
use super::tokens;
use crate::nginx::files as directives;
use crate::project::FileId;
use crate::project::includes::Include;
use crate::project::paths::Mapped;
use crate::project::vfs::Kind as FileKind;
use crate::syntax::Word;
use crate::text::Span;
use crate::usage::paths;
use crate::world::{Analysis, View};

/// A part of a document that leads to a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileLink {
    /// The path, without quotes; on one line.
    pub span: Span,
    /// The file.
    pub file: FileId,
}

/// The links of a document, in order. What an `include` leads to is what it led to when it was followed last.
pub fn links(present: &Present<'_>, last: &Analysis) -> Vec<FileLink> {
    let file = present.source.id;
    let views: Vec<View<'_>> = last.views().filter(|view| view.reads(file)).collect();
    let includes = includes(&views, file);
    let source = present.source.text.to_str();
    let mut out: Vec<FileLink> = Vec::new();
    present.walk(&mut |site| {
        let found = match site.directive.is("include") {
            true => site.directive.args.first().and_then(|word| Some((word, includes.get(&*word.value).copied()??))),
            false if site.place.is_data() => None,
            false => named(site, &views),
        };
        if let Some((word, file)) = found {
            let (text, start) = tokens::inner(&source, word);
            if !text.is_empty() && !text.contains(['\n', '\r']) {
                out.push(FileLink { span: Span::new(start, start + text.len() as u32), file });
            }
        }
        true
    });
    out.sort_by_key(|link| link.span);
    out
}

/// What each `include` of a file leads to, by its argument; `None` for several files, which one link can't have.
fn includes<'a>(views: &[View<'a>], file: FileId) -> FxHashMap<&'a str, Option<FileId>> {
    let mut out: FxHashMap<&str, Option<FileId>> = FxHashMap::default();
    for view in views {
        for id in view.config.all("include") {
            let place = view.config.place(*id);
            let Some(name) = view.config.directive(*id).arg(0).filter(|_| place.file == file) else { continue };
            let one = match view.root.includes.get(&place) {
                Some(Include::Files(files)) => match files.as_slice() {
                    [one] => Some(*one),
                    _ => None,
                },
                Some(Include::Loop(file)) => Some(*file),
                _ => None,
            };
            let same = *out.entry(name).or_insert(one) == one;
            if !same {
                out.insert(name, None);
            }
        }
    }
    out
}

/// The file that a directive is about, when there is one here.
fn named<'a>(site: Site<'a, '_>, views: &[View<'_>]) -> Option<(&'a Word, FileId)> {
    let directive = site.directive;
    let row = directives::find(&directive.name.value, site.place.protocol())?;
    let (index, value) = paths::argument(row, directive).filter(|(_, value)| !row.is_no_path(value) && !value.contains('$'))?;
    let word = directive.args.get(index)?;
    let mut found: Option<FileId> = None;
    for view in views {
        let Some(path) = view.paths().absolute(row.base, value) else { continue };
        let Mapped::Present { path, .. } = view.paths().map(view.project, view.config.root, &path) else { continue };
        if view.project.vfs.kind(&path) == FileKind::File {
            let file = view.project.vfs.id(&path);
            if found.is_some_and(|other| other != file) {
                return None;
            }
            found = Some(file);
        }
    }
    Some((word, found?))
}
