//! Where what is named under the cursor is defined: a block, a compose service, a handler in an application's source, a file.

use super::{Cursor, Link, definitions_of, protocol, word_of};
use crate::config::{Config, EntryId, LocationId};
use crate::ide::routes::reach;
use crate::nginx::files as directives;
use crate::nginx::handlers::passes;
use crate::project::includes::Include;
use crate::project::paths::Mapped;
use crate::project::vfs::Kind as FileKind;
use crate::project::{FileId, Place};
use crate::text::Span;
use crate::upstreams::{Answer, Backend};
use crate::usage::definitions::Kind;
use crate::usage::paths;
use crate::world::{Analysis, View};

/// How many handlers of a location are named.
const HANDLERS: usize = 200;

/// Where the word at an offset of a configuration file leads, each place once.
pub fn definition(analysis: &Analysis, file: FileId, offset: u32) -> Vec<Link> {
    let mut out: Vec<Link> = Vec::new();
    for view in analysis.views() {
        let mut found = Vec::new();
        for cursor in Cursor::all(view.config, file, offset) {
            Finder { view, cursor, out: &mut found }.find();
        }
        included(view, file, offset, &mut found);
        for link in found {
            if !out.contains(&link) {
                out.push(link);
            }
        }
    }
    out
}

/// The files that an `include` leads to.
fn included(view: View<'_>, file: FileId, offset: u32, out: &mut Vec<Link>) {
    let here = view.root.includes.iter().filter(|(place, _)| place.file == file && place.span.touches(offset));
    for (place, include) in here {
        let files: &[FileId] = match include {
            Include::Files(files) => files,
            Include::Loop(file) => std::slice::from_ref(file),
            Include::Missing(_) | Include::Unknown(_) => &[],
        };
        out.extend(files.iter().map(|file| link(place.span, start_of(*file), start_of(*file))));
    }
}

fn start_of(file: FileId) -> Place {
    Place { file, span: Span::at(0) }
}

fn link(origin: Span, target: Place, selection: Place) -> Link {
    // A selection lies within its target (LSP 3.17, `LocationLink`).
    let target = if target.file == selection.file && target.span.covers(selection.span) { target } else { selection };
    Link { origin, target, selection }
}

struct Finder<'a, 'b> {
    view: View<'a>,
    cursor: Cursor,
    out: &'b mut Vec<Link>,
}

impl<'a> Finder<'a, '_> {
    fn push(&mut self, target: Place, selection: Place) {
        self.out.push(link(self.cursor.span, target, selection));
    }

    fn find(mut self) {
        let config = self.view.config;
        let Cursor { entry, argument, .. } = self.cursor;
        if self.variable() {
            return;
        }
        if let Some(location) = config.location_at(entry) {
            return self.handlers(location);
        }
        let Some(argument) = argument else { return };
        let directive = config.directive(entry);
        if passes(&directive.name.value) && argument == 0 {
            return self.pass(entry);
        }
        let parent = config.entry(entry).parent;
        if let Some(block) = parent.filter(|block| directive.is("server") && config.directive(*block).is("upstream")) {
            return self.server_of_upstream(block, entry);
        }
        self.named();
        self.reference(entry, argument);
        self.files(entry, argument);
    }

    /// A variable where something of the configuration gives it its value; false where the cursor is on none.
    fn variable(&mut self) -> bool {
        let config = self.view.config;
        let Some((name, span)) = self.cursor.variable(self.view.project, config) else { return false };
        let defined = definitions_of(self.view.definitions(), Kind::Variable, protocol(config, self.cursor.entry), &name);
        let links: Vec<Link> = defined.map(|one| link(span, config.place(one.entry), word_of(config, one))).collect();
        self.out.extend(links);
        true
    }

    /// Upstreams, log formats, zones, caches.
    fn named(&mut self) -> bool {
        let config = self.view.config;
        let Some(named) = self.cursor.name(self.view.definitions()) else { return false };
        let defined: Vec<(Place, Place)> = definitions_of(self.view.definitions(), named.kind, named.protocol, named.name)
            .map(|one| (config.place(one.entry), word_of(config, one)))
            .collect();
        let found = !defined.is_empty();
        defined.into_iter().for_each(|(target, selection)| self.push(target, selection));
        found
    }

    /// The upstream block, else who answers.
    fn pass(&mut self, pass: EntryId) {
        if self.named() {
            return;
        }
        let target = self.view.upstreams().target_of(pass);
        for backend in target.map(|target| target.backends.as_slice()).unwrap_or_default() {
            self.backend(backend);
        }
    }

    fn backend(&mut self, backend: &Backend) {
        let config = self.view.config;
        match &backend.answer {
            Answer::Service(running) => {
                if let Some((_, place)) = &running.service {
                    self.push(*place, *place);
                }
            }
            Answer::Here(servers) => {
                for server in servers {
                    let entry = config.server(*server).entry;
                    self.push(config.place(entry), config.header(entry));
                }
            }
            Answer::Unknown(_) => {}
        }
    }

    /// Who answers at a `server` of an upstream block.
    fn server_of_upstream(&mut self, block: EntryId, server: EntryId) {
        let config = self.view.config;
        let targets = (0..config.entries.len() as u32).map(EntryId).filter_map(|id| self.view.upstreams().target_of(id));
        let target = targets.into_iter().find(|target| target.block == Some(block));
        let backends = target.map(|target| target.backends.as_slice()).unwrap_or_default();
        backends.iter().filter(|backend| backend.server == Some(server)).for_each(|backend| self.backend(backend));
    }

    /// What answers a location's requests in the end: handlers of an application, else who it passes them on to, else its file.
    fn handlers(&mut self, location: LocationId) {
        let config = self.view.config;
        let before = self.out.len();
        for pass in reach::passes(config, location) {
            for place in handlers_of(self.view, config, pass) {
                if self.out.len() < before + HANDLERS {
                    self.push(place, place);
                }
            }
        }
        if self.out.len() == before {
            for pass in reach::passes(config, location) {
                let target = self.view.upstreams().target_of(pass);
                target.map(|target| target.backends.as_slice()).unwrap_or_default().iter().for_each(|backend| self.backend(backend));
            }
        }
        let header = config.header(config.location(location).entry);
        self.needed(header);
    }

    /// The location that a URI or `@name` leads to.
    fn reference(&mut self, entry: EntryId, argument: usize) {
        let config = self.view.config;
        let Some(word) = config.directive(entry).arg(argument) else { return };
        let name = word.split('?').next().unwrap_or(word);
        let place = config.place(entry);
        let here = |reference: &&crate::usage::references::Reference| reference.place == place && reference.target.constant() == Some(name);
        let found: Vec<LocationId> = self.view.references().all().iter().filter(here).filter_map(|reference| reference.to).collect();
        for location in found {
            let entry = config.location(location).entry;
            self.push(config.place(entry), config.header(entry));
        }
    }

    /// The file that an argument names.
    fn files(&mut self, entry: EntryId, argument: usize) {
        let config = self.view.config;
        self.needed(config.arg_place(entry, argument));
        let directive = config.directive(entry);
        let Some(row) = directives::find(&directive.name.value, paths::protocol(config, entry)) else { return };
        let Some((_, value)) = paths::argument(row, directive).filter(|(index, value)| *index == argument && !row.is_no_path(value)) else {
            return;
        };
        if let Some(path) = self.view.paths().absolute(row.base, value) {
            let mapped = self.view.paths().map(self.view.project, config.root, &path);
            self.file(&mapped);
        }
    }

    /// What is known to be needed at a place.
    fn needed(&mut self, place: Place) {
        let needs: Vec<&Mapped> = self.view.needs().iter().filter(|need| need.place == place).map(|need| &need.mapped).collect();
        needs.into_iter().for_each(|mapped| self.file(mapped));
    }

    /// A folder can't be opened.
    fn file(&mut self, mapped: &Mapped) {
        let Mapped::Present { path, .. } = mapped else { return };
        if self.view.project.vfs.kind(path) == FileKind::File {
            let place = start_of(self.view.project.vfs.id(path));
            self.push(place, place);
        }
    }
}

/// Where the routes are written that requests get to through a `*_pass`.
fn handlers_of(view: View<'_>, config: &Config, pass: EntryId) -> Vec<Place> {
    let mut out: Vec<Place> = Vec::new();
    let (Some(target), Some(ways)) = (view.upstreams().target_of(pass), reach::ways(view, pass)) else { return out };
    for backend in &target.backends {
        let Answer::Service(running) = &backend.answer else { continue };
        let reached = ways.iter().flat_map(|way| way.reached(config, &running.served.routes));
        for place in reached.filter_map(|reached| reached.route.place) {
            if !out.contains(&place) {
                out.push(place);
            }
        }
    }
    out
}
