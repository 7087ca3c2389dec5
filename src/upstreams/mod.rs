//! What a backend serves: who answers a `*_pass`, which routes it has, and which URIs are sent to it.
//!
//! Everything errs towards silence: what can't be told for certain is an [`Answer::Unknown`] or a [`Scope::Open`] with its reason,
//! and nothing is claimed of it.

pub mod address;
pub mod application;
pub mod catalogue;
pub mod clustered;
pub mod commands;
mod files;
pub mod filled;
mod finder;
pub mod listening;
pub mod names;
mod openapi;
mod product;
mod public;
mod reach;
mod routes;
mod sent;
mod served;
pub mod source;
pub mod started;
mod stated;
mod stripped;
mod unreachable;
mod variables;

use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};

pub use address::{Address, Completeness, PathPart};
pub use application::{Applications, Source};
pub use catalogue::Product;
pub use openapi::description;
pub use public::{Reached, Way};
pub use routes::Route;
pub use sent::Sent;
pub use served::{Scope, Served};
pub use stripped::Stripped;
pub use unreachable::Unreachable;

use crate::config::{Config, EntryId, ServerId};
use crate::messages::Message;
use crate::nginx::handlers;
use crate::project::compose::Service;
use crate::project::container::{Container, Text};
use crate::project::{Place, Project};
use crate::routing::Witness;
use finder::Finder;

/// Who answers each `*_pass` of one configuration.
#[derive(Debug, Default)]
pub struct Upstreams {
    targets: FxHashMap<EntryId, Arc<Target>>,
    /// The directives with a target, in reading order.
    passes: Vec<EntryId>,
}

/// Where a `*_pass` leads.
#[derive(Debug, Clone)]
pub struct Target {
    /// Scheme, host, port and URI part as they are written.
    pub address: Address,
    /// The `upstream` block of that name.
    pub block: Option<EntryId>,
    /// Everyone who may answer; each of them does at some time.
    pub backends: Vec<Backend>,
    /// What is said of them by [`Upstreams::sends_x_accel`].
    sends_x_accel: Option<bool>,
}

impl Target {
    fn new(address: Address, block: Option<EntryId>, backends: Vec<Backend>) -> Target {
        let never = |backend: &Backend| match &backend.answer {
            Answer::Here(_) => true,
            Answer::Service(running) => {
                running.product.is_some_and(|product| !product.relays || !matches!(running.served.scope, Scope::Open(_)))
            }
            Answer::Unknown(_) => false,
        };
        let sends_x_accel = backends.iter().all(never).then_some(false);
        Target { address, block, backends, sends_x_accel }
    }
}

/// One who may answer.
#[derive(Debug, Clone)]
pub struct Backend {
    /// Host name or address.
    pub host: String,
    /// Port.
    pub port: u16,
    /// The `server` of the upstream block; `None` when the `*_pass` names the host itself.
    pub server: Option<EntryId>,
    /// Who that is.
    pub answer: Answer,
}

/// Who answers at an address.
#[derive(Debug, Clone)]
pub enum Answer {
    /// Servers of this same configuration: the request's way goes on there.
    Here(Vec<ServerId>),
    /// A service of a compose file or of a cluster's manifests, or what the settings say of it.
    Service(Arc<Running>),
    /// It can't be told, because of this.
    Unknown(Message),
}

/// A backend as it runs.
#[derive(Debug, Clone)]
pub struct Running {
    /// How it is called: the product, the service or the upstream block.
    pub name: String,
    /// The service of a compose file, or the Service of a manifest: its name and where.
    pub service: Option<(String, Place)>,
    /// Its image and where that is written.
    pub image: Option<(String, Place)>,
    /// Where `build:` is written, for an image made here.
    pub build: Option<Place>,
    /// The product that the image is known to hold.
    pub product: Option<&'static Product>,
    /// The application whose source is here.
    pub source: Option<Source>,
    /// What it serves.
    pub served: Served,
    /// The servers of this same configuration that it passes requests on to, as its own configuration says.
    pub returns: Vec<ServerId>,
}

/// One who answers, and what runs there.
pub type Answering = (Backend, Arc<Running>);

/// A location's requests that nobody serves.
#[derive(Debug, Clone)]
pub struct Lacking {
    /// What is sent.
    pub sent: Sent,
    /// Who lacks it; more than one when an upstream block has several servers.
    pub backends: Vec<Answering>,
}

/// A location's requests of which a backend serves a part.
#[derive(Debug, Clone)]
pub struct PartlyLacking {
    /// What is sent.
    pub sent: Sent,
    /// Who answers.
    pub running: Arc<Running>,
    /// The routes that something of it gets to.
    pub served: Vec<Route>,
    /// A URI that is sent, and is no route.
    pub example: String,
}

impl Upstreams {
    /// Looks at every `*_pass` of a configuration.
    pub fn build(project: &Project, config: &Config, applications: &Applications) -> Upstreams {
        let mut finder = Finder::new(project, config, applications);
        let names = config.names().filter(|name| name.ends_with("_pass") && handlers::passes(name));
        let mut passes: Vec<EntryId> = names.flat_map(|name| config.all(name)).copied().collect();
        passes.sort_unstable();
        let mut targets = FxHashMap::with_capacity_and_hasher(passes.len(), FxBuildHasher);
        targets.extend(passes.iter().filter_map(|pass| Some((*pass, finder.target(*pass)?))));
        passes.retain(|pass| targets.contains_key(pass));
        Upstreams { targets, passes }
    }

    /// The directives of which it is known where they lead, in reading order.
    pub fn passes(&self) -> &[EntryId] {
        &self.passes
    }

    /// Where a `*_pass` leads; `None` where that can't be told (a variable, a unix socket).
    pub fn target_of(&self, pass: EntryId) -> Option<&Target> {
        self.targets.get(&pass).map(|target| &**target)
    }

    /// The known product that answers, when it is the same at every server of the upstream.
    pub fn known_product(&self, pass: EntryId) -> Option<&'static Product> {
        let mut products = self.target_of(pass)?.backends.iter().map(|backend| match &backend.answer {
            Answer::Service(running) => running.product,
            Answer::Here(_) | Answer::Unknown(_) => None,
        });
        let first = products.next()??;
        products.all(|other| other.is_some_and(|other| other.name == first.name)).then_some(first)
    }

    /// Whether an answer may carry `X-Accel-Redirect`, with which a backend moves a request to another location: `Some(false)` when
    /// surely none does (this same nginx consumes it; a product that passes nothing on does not know it), `None` when that can't be told.
    pub fn sends_x_accel(&self, pass: EntryId) -> Option<bool> {
        self.target_of(pass)?.sends_x_accel
    }

    /// What the location around a `*_pass` can send; `None` when that can't be told.
    pub fn sent(&self, project: &Project, config: &Config, pass: EntryId) -> Option<Sent> {
        sent::of(project, config, pass, &self.target_of(pass)?.address.path)
    }

    /// The backends with routes that no location of this configuration passes on. Nothing is said of a backend to which a location passes
    /// of which it is not known what it sends.
    pub fn unreachable(&self, project: &Project, config: &Config) -> Vec<Unreachable> {
        unreachable::unreachable(self, project, config)
    }

    /// True when some `*_pass` leads to the service that is written there.
    pub fn leads_to(&self, service: Option<Place>) -> bool {
        let is = |backend: &Backend| match &backend.answer {
            Answer::Service(running) => running.service.as_ref().map(|(_, place)| *place) == service,
            Answer::Here(_) | Answer::Unknown(_) => false,
        };
        self.targets.values().flat_map(|target| &target.backends).any(is)
    }

    /// What the location around a `*_pass` sends, when whoever answers serves a part of it and lacks another. `None` where that can't be
    /// told, and where several may answer.
    pub fn partly_lacking(&self, project: &Project, config: &Config, pass: EntryId) -> Option<PartlyLacking> {
        let target = self.target_of(pass)?;
        let [Backend { answer: Answer::Service(running), .. }] = target.backends.as_slice() else { return None };
        if !["http", "https"].contains(&target.address.scheme.as_str()) || running.served.scope != Scope::Everywhere {
            return None;
        }
        let sent = self.sent(project, config, pass)?;
        let mut served = Vec::new();
        let mut left = sent.uris.clone();
        for route in &running.served.routes {
            let own = route.uris()?;
            if sent.uris.intersects(&own)? {
                left = left.minus(&own);
                served.push(route.clone());
            }
        }
        let example = match left.quick_witness() {
            Witness::Found(uri) if !served.is_empty() => String::from_utf8_lossy(&uri).into_owned(),
            Witness::Found(_) | Witness::Empty | Witness::CantTell => return None,
        };
        Some(PartlyLacking { sent, running: running.clone(), served, example })
    }

    /// The URIs that the location around a `*_pass` can send, when none of them is served by anyone who answers. `None` when one
    /// may be, and when anything about it can't be told.
    pub fn lacking(&self, project: &Project, config: &Config, pass: EntryId) -> Option<Lacking> {
        let (_, backends) = self.closed(pass)?;
        let sent = self.sent(project, config, pass)?;
        let lacks = |(_, running): &Answering| running.served.lacks_all(&sent.uris) == Some(true);
        backends.iter().all(lacks).then_some(Lacking { sent, backends })
    }

    /// Everyone who answers over HTTP, when what is missing is known of each.
    fn closed(&self, pass: EntryId) -> Option<(&Target, Vec<Answering>)> {
        let target = self.target_of(pass)?;
        if !["http", "https"].contains(&target.address.scheme.as_str()) {
            return None;
        }
        let running = |backend: &Backend| match &backend.answer {
            Answer::Service(running) if !matches!(running.served.scope, Scope::Open(_)) => Some((backend.clone(), running.clone())),
            _ => None,
        };
        let backends: Vec<_> = target.backends.iter().map(running).collect::<Option<_>>()?;
        (!backends.is_empty()).then_some((target, backends))
    }
}

impl Running {
    /// The route that is nearest to a URI.
    pub fn nearest_route(&self, uri: &str) -> Option<&Route> {
        routes::nearest(uri, &self.served.routes)
    }
}

/// More than one service has the name, and they are not alike.
struct Several;

/// The compose service that a host name leads to.
fn service_called<'a>(project: &'a Project, host: &str) -> Result<Option<&'a Service>, Several> {
    let composes = project.compose.iter();
    let found: Vec<&Service> = composes.flat_map(|compose| &compose.services).filter(|service| service.answers_to(host)).collect();
    let Some(service) = found.first().copied() else { return Ok(None) };
    let same = |other: &&Service| other.name == service.name && is_alike(&other.container, &service.container);
    if found.iter().all(same) { Ok(Some(service)) } else { Err(Several) }
}

/// True for containers that differ at most in where they are described.
fn is_alike(one: &Container, other: &Container) -> bool {
    let image = |container: &Container| container.image.as_ref().map(|image| image.value.clone());
    let words = |words: &[Text]| words.iter().map(|word| word.value.clone()).collect::<Vec<_>>();
    let mounts = |container: &Container| {
        let pairs = container.mounts.iter().map(|mount| (mount.target.clone(), mount.source.clone()));
        pairs.collect::<Vec<_>>()
    };
    let variables = |container: &Container| {
        let pairs = container.environment.iter().map(|(name, text)| (name.clone(), text.value.clone()));
        pairs.collect::<Vec<_>>()
    };
    image(one) == image(other)
        && one.build.is_some() == other.build.is_some()
        && words(&one.command) == words(&other.command)
        && words(&one.entrypoint) == words(&other.entrypoint)
        && mounts(one) == mounts(other)
        && variables(one) == variables(other)
        && one.unknown_environment == other.unknown_environment
}

/// True when the service's container runs this configuration.
fn runs(project: &Project, config: &Config, service: &Service) -> bool {
    let root = project.vfs.path(config.root);
    project.deployments.of(&root).any(|deployment| deployment.service.as_deref() == Some(&service.name))
}

/// The compose service that a host name leads to, when its container runs this very configuration; with the line that gives it the
/// name. `None` for every other host, and where services of one name are not alike.
pub fn own_service<'a>(project: &'a Project, config: &Config, host: &str) -> Option<(&'a Service, Place)> {
    let service = service_called(project, host).ok()??;
    let named = service.names.iter().find(|name| name.value.as_deref() == Some(host)).map(|name| name.place);
    runs(project, config, service).then(|| (service, named.filter(|_| service.name != host).unwrap_or(service.place)))
}

/// The compose services whose containers run this configuration.
pub fn own_services<'a>(project: &'a Project, config: &'a Config) -> impl Iterator<Item = &'a Service> {
    project.compose.iter().flat_map(|compose| &compose.services).filter(|service| runs(project, config, service))
}
