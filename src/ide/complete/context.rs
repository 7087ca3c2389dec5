//! In which contexts a cursor is: by the blocks around it, and by what the file as a whole is meant for.

use std::path::Path;

use super::scan::{Scene, Word};
use crate::config::EntryId;
use crate::nginx::context::Context;
use crate::nginx::directives;
use crate::project::includes::Include;
use crate::project::{FileId, Place, RootKind};
use crate::world::{Analysis, View};

/// Where the cursor's directive stands.
#[derive(Debug, Clone, Default)]
pub(in crate::ide) struct Where {
    /// Each that it may be; none where that can't be told.
    pub contexts: Vec<Context>,
    /// True when the file stands in each of them: only what all of them allow is right. False when it is one of them.
    pub all: bool,
}

impl Where {
    /// True when a directive of that name may stand here.
    pub fn allows(&self, name: &str) -> bool {
        let allowed = |context: &Context| directives::in_context(name, *context).is_some();
        match self.all {
            true => !self.contexts.is_empty() && self.contexts.iter().all(allowed),
            false => self.contexts.iter().any(allowed),
        }
    }

    /// The directive of that name as it is read here.
    pub fn directive(&self, name: &str) -> Option<&'static directives::Directive> {
        self.contexts.iter().find_map(|context| directives::in_context(name, *context))
    }

    /// `http`, `stream`, …
    pub fn protocol(&self) -> &'static str {
        self.contexts.iter().map(|context| context.protocol()).find(|protocol| *protocol != "core").unwrap_or("http")
    }

    /// Where the directives inside a block of that name stand.
    #[must_use]
    pub fn inside(&self, name: &str) -> Where {
        Where { contexts: inside(self, name), all: self.all }
    }

    /// Keys and values of a `map` and its like.
    pub fn is_data(&self) -> bool {
        self.contexts.first() == Some(&Context::Data)
    }
}

/// The configurations that a file is part of; all of them, a few at most, where it is part of none.
pub(in crate::ide) fn views(analysis: &Analysis, file: FileId) -> Vec<View<'_>> {
    const MOST: usize = 8;
    let has = |view: &View<'_>| {
        let included = |include: &Include| matches!(include, Include::Files(files) if files.contains(&file));
        view.root.file == file || view.root.includes.values().any(included)
    };
    let own: Vec<View<'_>> = analysis.views().filter(has).take(MOST).collect();
    if own.is_empty() { analysis.views().take(MOST).collect() } else { own }
}

/// Where the cursor is.
pub(in crate::ide) fn find(views: &[View<'_>], file: FileId, path: &Path, scene: &Scene<'_>) -> Where {
    let name = |block: &[Word]| block.first().map_or("", |first| scene.text(first.inner));
    let block = scene.blocks.first().map_or("", |block| name(block));
    let mut found = outermost(views, file, path, scene.top.iter().map(|name| scene.text(*name)), block);
    for block in &scene.blocks {
        found = found.inside(name(block));
    }
    found
}

fn inside(around: &Where, name: &str) -> Vec<Context> {
    let known = around.contexts.iter().filter_map(|context| context.inside(name));
    let mut into: Vec<Context> = known.collect();
    if into.is_empty() {
        // It may not stand there, or nobody knows where that is: what is inside is for the block all the same.
        let same = |context: &Context| around.contexts.is_empty() || context.protocol() == around.protocol();
        into = Context::all().filter(same).filter_map(|context| context.inside(name)).collect();
    }
    into.sort_unstable();
    into.dedup();
    into
}

/// The `include`s of a file, with what they stand in.
pub(super) fn includes<'a>(views: &'a [View<'a>], file: FileId) -> impl Iterator<Item = (&'a View<'a>, EntryId)> {
    views.iter().flat_map(move |view| {
        let leads = move |id: &EntryId| {
            let entry = view.config.entry(*id);
            let place = Place { file: entry.file, span: entry.directive.span };
            matches!(view.root.includes.get(&place), Some(Include::Files(files)) if files.contains(&file))
        };
        view.config.all("include").iter().copied().filter(leads).map(move |id| (view, id))
    })
}

/// What the outermost directives of the file stand in. Where no `include` says it, their names do; `block` is the one at the cursor, which
/// may not be among them and counts although nobody knows its name.
pub(in crate::ide) fn outermost<'a>(
    views: &[View<'_>],
    file: FileId,
    path: &Path,
    names: impl Iterator<Item = &'a str>,
    block: &'a str,
) -> Where {
    let mut contexts: Vec<Context> = Vec::new();
    for context in includes(views, file).filter_map(|(view, id)| view.config.entry(id).context) {
        if !contexts.contains(&context) {
            contexts.push(context);
        }
    }
    if !contexts.is_empty() {
        return Where { contexts, all: true };
    }
    let kind = views.iter().find(|view| view.root.file == file).map(|view| view.root.kind);
    let known = names.filter(|name| directives::is_known(name));
    let outermost: Vec<&str> = known.chain([block]).filter(|name| !name.is_empty()).collect();
    if outermost.is_empty() {
        return by_name(kind, path);
    }
    let mut found = by_content(&outermost);
    let meant = match kind {
        Some(RootKind::Http) => Some(Context::Http),
        Some(RootKind::Server) => Some(Context::Server),
        _ => None,
    };
    if let Some(meant) = meant.filter(|meant| !found.contexts.contains(meant) && found.protocol() == "http") {
        found.contexts.push(meant);
    }
    found
}

/// A file with nothing outermost yet.
fn by_name(kind: Option<RootKind>, path: &Path) -> Where {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let folder = path.parent().and_then(Path::file_name).and_then(|name| name.to_str()).unwrap_or_default();
    let contexts = match kind {
        Some(RootKind::Main) => vec![Context::Main],
        Some(RootKind::Http) => vec![Context::Http],
        Some(RootKind::Server) => vec![Context::Server],
        _ if name == "nginx.conf" => vec![Context::Main],
        _ if folder.starts_with("stream") => vec![Context::Stream],
        _ if folder.starts_with("modules") => vec![Context::Main],
        _ if ["conf.d", "http.d", "sites-enabled", "sites-available", "vhosts", "servers"].contains(&folder) => vec![Context::Http],
        _ if folder.starts_with("location") => vec![Context::Location],
        _ => vec![Context::Http, Context::Server, Context::Location],
    };
    Where { contexts, all: false }
}

/// The contexts in which most of what stands outermost may stand; those of http before others.
fn by_content(outermost: &[&str]) -> Where {
    const LIKELY: [Context; 9] = [
        Context::Http,
        Context::Server,
        Context::Location,
        Context::Main,
        Context::Upstream,
        Context::Stream,
        Context::StreamServer,
        Context::Mail,
        Context::Events,
    ];
    if outermost.iter().any(|name| ["http", "events", "stream", "mail", "worker_processes", "load_module"].contains(name)) {
        return Where { contexts: vec![Context::Main], all: false };
    }
    let fitting = |context: Context| outermost.iter().filter(|name| directives::in_context(name, context).is_some()).count();
    let most = LIKELY.iter().map(|context| fitting(*context)).max().unwrap_or(0);
    let best: Vec<Context> = LIKELY.iter().copied().filter(|context| most > 0 && fitting(*context) == most).collect();
    // Beside one of http, the same words in another protocol or outside of all are what nobody means.
    let http = |context: &Context| matches!(context, Context::Http | Context::Server | Context::Location);
    let of_http: Vec<Context> = best.iter().copied().filter(http).collect();
    Where { contexts: if of_http.is_empty() { best } else { of_http }, all: false }
}
