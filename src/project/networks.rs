//! Networks of a compose project: which containers see each other, and what else a container has names for.

use super::Place;
use super::compose::Context;
use super::container::Text;
use super::yaml::Yaml;

/// How one service is connected.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Connected {
    /// `network_mode:`
    pub mode: Option<Text>,
    /// `networks:`; empty for the project's `default`.
    pub networks: Vec<Joined>,
    /// Names of `extra_hosts:`, `links:` and `external_links:`, which this service alone knows; `None` where a variable hides one.
    pub hosts: Vec<Text>,
    /// It asks name servers or search domains of its own: names may be known that nothing here defines.
    pub other_resolver: bool,
}

/// A network that a service is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Joined {
    /// Its key under `networks:`.
    pub name: String,
    /// Where.
    pub place: Place,
}

/// The name of the network that a service is in without saying so.
pub const DEFAULT: &str = "default";

/// Of `name:address` or `name=address`.
fn first(text: &str) -> &str {
    text.split(['=', ':']).next().unwrap_or(text)
}

/// Of `service:alias`.
fn last(text: &str) -> &str {
    text.rsplit(':').next().unwrap_or(text)
}

impl Connected {
    /// Reads a service.
    pub(super) fn read(yaml: &Yaml, context: &Context<'_>) -> Connected {
        let list = |key: &str| yaml.get(key).map(Yaml::items).unwrap_or_default().iter();
        let networks = yaml.get("networks");
        let named = networks.map(Yaml::items).unwrap_or_default().iter();
        let keys = networks.map(Yaml::pairs).unwrap_or_default().into_iter().map(|(key, _)| key);
        let networks =
            named.chain(keys).filter_map(|key| Some(Joined { name: key.scalar()?.to_owned(), place: context.place(key.span) })).collect();
        let part = |text: Text, of: fn(&str) -> &str| Text { value: text.value.as_deref().map(|value| of(value).to_owned()), ..text };
        let mut hosts: Vec<Text> = Vec::new();
        hosts.extend(list("extra_hosts").filter_map(|item| context.text(item)).map(|text| part(text, first)));
        hosts.extend(yaml.get("extra_hosts").map(Yaml::pairs).unwrap_or_default().into_iter().filter_map(|(key, _)| context.text(key)));
        for key in ["links", "external_links"] {
            hosts.extend(list(key).filter_map(|item| context.text(item)).map(|text| part(text, last)));
        }
        let mode = yaml.get("network_mode").and_then(|mode| context.text(mode));
        let other_resolver = ["dns", "dns_search", "domainname"].iter().any(|key| yaml.get(key).is_some());
        Connected { mode, networks, hosts, other_resolver }
    }

    /// As compose merges: lists are joined, single values replaced.
    pub(super) fn override_with(&mut self, other: Connected) {
        self.mode = other.mode.or(self.mode.take());
        for joined in other.networks {
            if !self.networks.iter().any(|known| known.name == joined.name) {
                self.networks.push(joined);
            }
        }
        self.hosts.extend(other.hosts);
        self.other_resolver |= other.other_resolver;
    }

    /// The networks that it is in.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let default = (self.networks.is_empty() && self.mode.is_none()).then_some(DEFAULT);
        self.networks.iter().map(|joined| joined.name.as_str()).chain(default)
    }

    /// The network that two services are both in; the machine's, or that of another container, is none.
    pub fn common<'a>(&'a self, other: &Connected) -> Option<&'a str> {
        self.names().find(|name| self.mode.is_none() && other.mode.is_none() && other.names().any(|known| known == *name))
    }
}

/// The networks of a file that containers of other projects may be in: `external`, with a name of their own, or not known.
pub(super) fn shared(document: &Yaml) -> Vec<String> {
    let open = |yaml: &Yaml| {
        let external = yaml.get("external").is_some_and(|external| external.scalar() != Some("false"));
        external || yaml.get("name").is_some() || yaml.get("attachable").is_some()
    };
    let all = document.get("networks").map(Yaml::pairs).unwrap_or_default();
    all.into_iter().filter(|(_, yaml)| open(yaml)).filter_map(|(key, _)| Some(key.scalar()?.to_owned())).collect()
}
