//! A document as it is at this moment, with its own tree: what is asked for while somebody types is answered from it, without waiting
//! for an analysis. In which contexts the file is included, the last analysis says.

use std::sync::Arc;

use super::complete::context::{self, Where};
use crate::project::SourceFile;
use crate::syntax::Directive;
use crate::world::Analysis;

/// An open document, and where its outermost directives stand.
#[derive(Debug)]
pub struct Present<'a> {
    /// Its text and its tree.
    pub source: &'a SourceFile,
    around: Where,
}

/// A directive of a document, where it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a, 'p> {
    pub directive: &'a Arc<Directive>,
    /// The block around it, in the same file.
    pub block: Option<&'a Arc<Directive>>,
    /// In which contexts it is.
    pub place: &'p Where,
}

/// What is done with each directive; true to look at those in it, too.
type Visit<'v, 'a> = &'v mut dyn FnMut(Site<'a, '_>) -> bool;

impl<'a> Present<'a> {
    /// A document; `last` is the last analysis, if there was any.
    pub fn new(source: &'a SourceFile, last: Option<&Analysis>) -> Present<'a> {
        let views = last.map(|analysis| context::views(analysis, source.id)).unwrap_or_default();
        let names = source.parse.directives.iter().map(|directive| &*directive.name.value);
        let around = context::outermost(&views, source.id, &source.path, names, "");
        Present { source, around }
    }

    /// Every directive in the order of the text, each before those in it. Where `visit` says no, what is in it is passed over.
    pub(super) fn walk(&self, visit: Visit<'_, 'a>) {
        let source: &'a SourceFile = self.source;
        walk(&source.parse.directives, None, &self.around, visit);
    }

    /// The directive that an offset is in, with the blocks around it, the outermost first.
    pub(super) fn at(&self, offset: u32) -> Vec<&'a Arc<Directive>> {
        let source: &'a SourceFile = self.source;
        let mut path = Vec::new();
        let mut level: &'a [Arc<Directive>] = &source.parse.directives;
        loop {
            let before = level.partition_point(|directive| directive.span.start <= offset);
            let Some(found) = before.checked_sub(1).and_then(|at| level.get(at)).filter(|found| found.span.touches(offset)) else {
                return path;
            };
            path.push(found);
            level = found.children();
        }
    }

    /// Where the outermost directives stand.
    pub(super) fn around(&self) -> &Where {
        &self.around
    }
}

fn walk<'a>(directives: &'a [Arc<Directive>], block: Option<&'a Arc<Directive>>, place: &Where, visit: Visit<'_, 'a>) {
    // Blocks are nested at most `syntax::MAX_DEPTH` deep.
    for directive in directives {
        if visit(Site { directive, block, place }) && !directive.children().is_empty() {
            walk(directive.children(), Some(directive), &place.inside(&directive.name.value), visit);
        }
    }
}

#[cfg(test)]
pub(super) mod testing {
    use std::path::Path;
    use std::sync::Arc;

    use crate::nginx::directives;
    use crate::project::{SourceFile, Vfs};
    use crate::syntax::Parse;
    use crate::text::Text;

    /// A document that nobody else knows.
    pub(in crate::ide) fn source(text: &str) -> SourceFile {
        let path = Path::new("/in-memory/nginx.conf");
        let text = Text::new(text);
        let parse = Arc::new(Parse::with_vocabulary(&text, directives::is_known));
        SourceFile::new(Vfs::default().id(path), Arc::from(path), text, parse, None)
    }
}
