//! What is worked out from a configuration when somebody first asks for it, and kept as long as nothing that it depends on changes.

use std::borrow::Cow;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

use super::Analysis;
use super::kept::{Before, Kept};
use crate::config::effective::Blocks;
use crate::config::{ByServer, Config, EntryId, LocationId, RestsOn, ServerId, Unchanged};
use crate::messages::Language;
use crate::project::includes::Include;
use crate::project::{FileId, Project, Root, RootKind};
use crate::routing::Router;
use crate::routing::doors::{self, Through, Unsettled};
use crate::routing::hosts::Names;
use crate::routing::reach::{self, Dead, Example, NoExample, Proofs};
use crate::routing::sequence::Sequences;
use crate::routing::trace::{self, Request, Trace};
use crate::upstreams::{Applications, Upstreams};
use crate::usage::callers::{self, Callers};
use crate::usage::definitions::{Definitions, Telling};
use crate::usage::entries::{self, Entries};
use crate::usage::files::{self, Need};
use crate::usage::logs::Logs;
use crate::usage::modules::{self, Lua};
use crate::usage::paths::Paths;
use crate::usage::redundant::Redundant;
use crate::usage::references::References;
use crate::usage::required::Required;
use crate::usage::surroundings::{Around, Own};
use crate::usage::takeover::kept::Takeovers;
use crate::usage::verdict::{self, Evidence, Ranks, Usage, Verdicts};

/// What follows from a configuration alone.
#[derive(Debug, Default)]
pub(super) struct Routing {
    router: OnceLock<Arc<Router>>,
    sequences: OnceLock<Arc<Sequences>>,
    dead: OnceLock<(Proofs, Vec<Dead>)>,
    names: OnceLock<Names>,
    definitions: OnceLock<Definitions>,
    required: OnceLock<Required>,
    own: OnceLock<Own>,
    takeovers: Takeovers,
    by_server: Kept,
    earlier: Earlier,
}

/// What is known of an earlier state of the same root.
#[derive(Debug, Default)]
struct Earlier {
    /// They hold for every server of the same shape.
    proofs: Proofs,
    router: Option<Before<Router>>,
    sequences: Option<Before<Sequences>>,
    redundant: Option<Before<Redundant>>,
}

impl Routing {
    /// For a configuration that comes after the one which the others were made for.
    pub(super) fn after((routing, surrounded): &Derived, unchanged: Unchanged) -> Routing {
        let proofs = routing.dead.get().map_or_else(|| routing.earlier.proofs.clone(), |(proofs, _)| proofs.clone());
        let (before, unchanged) = (&routing.earlier, Arc::new(unchanged));
        let router = Before::next(routing.router.get().cloned(), before.router.as_ref(), &unchanged);
        let sequences = Before::next(routing.sequences.get().cloned(), before.sequences.as_ref(), &unchanged);
        let redundant = Before::next(surrounded.redundant.get().cloned(), before.redundant.as_ref(), &unchanged);
        let (takeovers, by_server) = (Takeovers::after(&routing.takeovers), Kept::after(&routing.by_server, &unchanged));
        Routing { earlier: Earlier { proofs, router, sequences, redundant }, takeovers, by_server, ..Routing::default() }
    }
}

/// What follows from a configuration and from the files around it: Lua, compose files, what is where.
#[derive(Debug, Default)]
pub(super) struct Surrounded {
    paths: OnceLock<Paths>,
    lua: OnceLock<Lua>,
    upstreams: OnceLock<Upstreams>,
    references: OnceLock<References>,
    entries: OnceLock<Vec<Entries>>,
    through: OnceLock<Through>,
    needs: OnceLock<Vec<Need>>,
    ranks: OnceLock<Ranks>,
    verdicts: OnceLock<Verdicts>,
    redundant: OnceLock<Arc<Redundant>>,
}

impl Surrounded {
    /// True when the file was read as Lua.
    pub(super) fn reads(&self, file: FileId) -> bool {
        self.lua.get().is_some_and(|lua| lua.codes.iter().any(|code| code.entry.is_none() && code.file == file))
    }
}

/// One configuration of an [`Analysis`], with all that is derived from it: each is made when it is first asked for.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The project.
    pub project: &'a Project,
    /// Where the configuration starts.
    pub root: &'a Root,
    /// The configuration.
    pub config: &'a Config,
    /// In which language messages are written.
    pub language: Language,
    routing: &'a Routing,
    surrounded: &'a Surrounded,
    logs: Option<&'a Logs>,
    callers: &'a OnceLock<Callers>,
    cache: &'a callers::Cache,
    codes: &'a modules::Cache,
    applications: &'a Applications,
    today: Option<Date>,
}

impl<'a> View<'a> {
    /// True when nginx reads the file for this configuration.
    pub fn reads(self, file: FileId) -> bool {
        let includes = |include: &Include| matches!(include, Include::Files(files) if files.contains(&file));
        self.config.root == file || self.root.includes.values().any(includes)
    }

    /// The tables that route requests.
    pub fn router(self) -> &'a Router {
        self.routing.router.get_or_init(|| {
            let earlier = self.routing.earlier.router.as_ref().map(|Before { value, unchanged }| (&**value, &**unchanged));
            Arc::new(Router::after(self.config, earlier))
        })
    }

    /// What is certain about the `set`s, `if`s, `rewrite`s and `return`s of each block.
    pub fn sequences(self) -> &'a Sequences {
        self.routing.sequences.get_or_init(|| {
            Arc::new(match &self.routing.earlier.sequences {
                Some(Before { value, unchanged }) => Sequences::after(self.config, value, unchanged),
                None => Sequences::build(self.config),
            })
        })
    }

    /// The locations that nothing reaches, in reading order.
    pub fn dead(self) -> &'a [Dead] {
        &self.proven().1
    }

    /// For how many servers proofs had to be looked for: those of all others were known from an earlier state.
    pub fn servers_proven(self) -> usize {
        self.proven().0.fresh()
    }

    fn proven(self) -> &'a (Proofs, Vec<Dead>) {
        self.routing.dead.get_or_init(|| self.routing.earlier.proofs.next(self.config, self.router()))
    }

    /// Names that select no server, and servers that are left without requests.
    pub fn names(self) -> &'a Names {
        self.routing.names.get_or_init(|| Names::of(self.config, self.router()))
    }

    /// What is defined by name, and what uses it.
    pub fn definitions(self) -> &'a Definitions {
        self.routing.definitions.get_or_init(|| {
            let telling = Telling::of(self.config);
            let parts = self.by_server(RestsOn::Itself, (), |server| telling.part(self.config.entries_of(server)));
            Definitions::with(self.config, &telling, &parts)
        })
    }

    /// Something of each server, which is kept from one state to the next as long as what it rests on is as it was. Of each type there is one:
    /// who asks has a type of his own.
    pub fn by_server<T, C>(self, rests_on: RestsOn, circumstances: C, make: impl Fn(ServerId) -> T) -> Arc<ByServer<T, C>>
    where
        T: Send + Sync + 'static,
        C: PartialEq + Send + Sync + 'static,
    {
        let earlier = self.routing.by_server.earlier::<ByServer<T, C>>();
        let earlier = earlier.as_ref().map(|(earlier, unchanged)| (&**earlier, *unchanged));
        let made = Arc::new(ByServer::after(self.config, earlier, rests_on, circumstances, make));
        self.routing.by_server.keep(made.clone());
        made
    }

    /// Names without whose definition nginx does not start.
    pub fn required(self) -> &'a Required {
        self.routing.required.get_or_init(|| Required::build(self.config))
    }

    /// Who takes likely URIs of a location when it goes away.
    pub fn takeovers(self) -> &'a Takeovers {
        &self.routing.takeovers
    }

    /// What relative paths start from.
    pub fn paths(self) -> &'a Paths {
        self.surrounded.paths.get_or_init(|| Paths::of(self.project, self.config))
    }

    /// All Lua code.
    pub fn lua(self) -> &'a Lua {
        self.surrounded.lua.get_or_init(|| Lua::build(self.project, self.config, self.paths(), self.codes))
    }

    /// Who answers behind each `*_pass`.
    pub fn upstreams(self) -> &'a Upstreams {
        self.surrounded.upstreams.get_or_init(|| Upstreams::build(self.project, self.config, self.applications))
    }

    /// Who sends requests to which location.
    pub fn references(self) -> &'a References {
        let build = || References::with(self.project, self.config, self.router(), self.lua(), self.upstreams());
        self.surrounded.references.get_or_init(build)
    }

    /// What a trace asks of the workspace around the configuration.
    pub fn around(self) -> Around<'a> {
        Around {
            project: self.project,
            config: self.config,
            router: self.router(),
            paths: self.paths(),
            lua: self.lua(),
            own: &self.routing.own,
        }
    }

    /// What becomes of a request.
    pub fn trace(self, request: &Request) -> Trace {
        trace::trace(self.config, self.router(), &self.around(), request)
    }

    /// By which doors requests come into each server, in the order of the servers.
    pub fn entries(self) -> &'a [Entries] {
        let build = || entries::entries(self.root, self.config, self.router(), self.lua(), self.references());
        self.surrounded.entries.get_or_init(build)
    }

    /// What could not be settled over all byte strings, in reading order.
    pub fn unsettled(self) -> &'a [Unsettled] {
        self.proven().0.unsettled()
    }

    /// What the doors say of it. Costs nothing where all is settled.
    pub fn through(self) -> &'a Through {
        let build = || {
            let universe = |server: ServerId| self.entries().get(server.index()).map(|entries| &entries.universe);
            doors::through(self.config, self.router(), self.unsettled(), universe)
        };
        self.surrounded.through.get_or_init(build)
    }

    /// A URL path that a client can send and that gets to the location ([`reach::example`]); for people, quick enough to be asked at any moment.
    pub fn example(self, location: LocationId) -> Result<Example, NoExample> {
        // A URI without `//` is one whatever is done with slashes.
        let kept = || {
            let server = self.config.location(location).server;
            self.entries().get(server.index()).is_some_and(|entries| !entries.universe.merge_slashes)
        };
        let found = reach::example(self.config, self.router(), location, true);
        match found {
            Err(NoExample::NoClient | NoExample::Unclear(_)) if !self.config.all("merge_slashes").is_empty() && kept() => {
                reach::example(self.config, self.router(), location, false)
            }
            found => found,
        }
    }

    /// The locations without which nothing changes for any request, those that are dead left out.
    pub fn redundant(self) -> &'a Redundant {
        self.surrounded.redundant.get_or_init(|| {
            let dead: Vec<LocationId> = self.dead().iter().chain(&self.through().dead).map(|dead| dead.location).collect();
            let blocks = Blocks::new(self.project, self.config);
            Arc::new(match &self.routing.earlier.redundant {
                Some(Before { value, unchanged }) => Redundant::after(&blocks, self.router(), &dead, value, unchanged),
                None => Redundant::after(&blocks, self.router(), &dead, &Redundant::default(), &Unchanged::default()),
            })
        })
    }

    /// The files that the configuration needs.
    pub fn needs(self) -> &'a [Need] {
        let build = || files::needs(self.project, self.config, self.paths(), self.router(), self.lua());
        self.surrounded.needs.get_or_init(build)
    }

    /// What access logs say; `None` where none was read.
    pub fn logs(self) -> Option<&'a Logs> {
        self.logs
    }

    /// Who in the workspace calls what. The same for every configuration of it.
    pub fn callers(self) -> &'a Callers {
        self.callers.get_or_init(|| callers::scan(self.project, self.cache))
    }

    /// Which locations are used.
    pub fn verdicts(self) -> &'a Verdicts {
        self.surrounded.verdicts.get_or_init(|| {
            let evidence = self.evidence();
            // They are kept only for who asks about single locations: in a large configuration they are megabytes.
            match self.surrounded.ranks.get() {
                Some(ranks) => verdict::judge(&evidence, ranks),
                None => verdict::judge(&evidence, &Ranks::of(&evidence)),
            }
        })
    }

    /// Whether one location is used, without the verdicts on all others where nobody has asked for these: what it shares with others (twin,
    /// group, files) is there only where somebody has. `None` for a location that is not there.
    pub fn usage(self, location: LocationId) -> Option<Cow<'a, Usage>> {
        if let Some(verdicts) = self.surrounded.verdicts.get() {
            return verdicts.locations.get(location.index()).map(Cow::Borrowed);
        }
        self.config.locations.get(location.index())?;
        let evidence = self.evidence();
        let ranks = self.surrounded.ranks.get_or_init(|| Ranks::of(&evidence));
        Some(Cow::Owned(verdict::judge_one(&evidence, ranks, location)))
    }

    fn evidence(self) -> Evidence<'a> {
        let dead = || self.dead().iter().chain(&self.through().dead);
        Evidence {
            project: self.project,
            config: self.config,
            router: self.router(),
            takeovers: self.takeovers(),
            logs: self.logs,
            callers: self.callers(),
            references: self.references(),
            upstreams: self.upstreams(),
            needs: self.needs(),
            lua: self.lua(),
            paths: self.paths(),
            dead: dead().map(|dead| dead.location).collect(),
            missed: dead().filter(|dead| !dead.redirects.is_empty() || dead.guards_against.is_some()).map(|dead| dead.location).collect(),
            today: self.today,
        }
    }
}

/// Directives of a server that were chosen for somebody, counted from the server's own.
struct ChosenFor<R>(Vec<u32>, PhantomData<fn() -> R>);

impl<'a> View<'a> {
    /// Of the directives with these names, those for which `wanted` says yes, in reading order. It is asked again only of those in servers that
    /// are not as they were, so the answer must follow from the server alone; `R` is whoever asks.
    pub fn chosen<R: 'static>(self, names: &[&str], wanted: impl Fn(EntryId) -> bool) -> Vec<EntryId> {
        let names: Vec<&str> = names.iter().copied().filter(|name| !self.config.all(name).is_empty()).collect();
        let servers = self.by_server(RestsOn::Itself, (), |server| {
            let range = self.config.entries_of(server);
            let mut chosen = Vec::new();
            for name in &names {
                let wanted = self.config.all_within(name, &range).iter().filter(|id| wanted(**id));
                chosen.extend(wanted.map(|id| id.0 - range.start));
            }
            ChosenFor::<R>(chosen, PhantomData)
        });
        let outside = names.iter().flat_map(|name| self.config.all(name)).copied().filter(|id| self.config.server_of(*id).is_none());
        let mut out: Vec<EntryId> = outside.filter(|id| wanted(*id)).collect();
        for (server, chosen) in self.config.servers.iter().zip(servers.all()) {
            out.extend(chosen.0.iter().map(|number| EntryId(server.entry.0 + number)));
        }
        out.sort_unstable();
        out
    }
}

impl Analysis {
    /// The configuration that a file is read for: a whole one, where several are.
    pub fn view_of(&self, file: FileId) -> Option<View<'_>> {
        let mut views = self.views().filter(|view| view.reads(file));
        let first = views.next()?;
        if first.root.kind == RootKind::Main {
            return Some(first);
        }
        Some(views.find(|view| view.root.kind == RootKind::Main).unwrap_or(first))
    }

    /// Each configuration with what is derived from it, in the order of `configs`.
    pub fn views(&self) -> impl Iterator<Item = View<'_>> {
        let parts = self.project.roots.iter().zip(&self.configs).zip(&self.derived);
        parts.zip(&self.logs).map(|(((root, config), (routing, surrounded)), logs)| View {
            project: &self.project,
            root,
            config,
            language: self.language,
            routing,
            surrounded,
            logs: logs.as_deref(),
            callers: &self.callers,
            cache: &self.cache,
            codes: &self.codes,
            applications: &self.applications,
            today: self.today,
        })
    }
}

/// The shared parts of what is derived from one configuration.
pub(super) type Derived = (Arc<Routing>, Arc<Surrounded>);
