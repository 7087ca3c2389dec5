//! Which access log each location writes, in which format, to which file: `ngx_http_log_merge_loc_conf`.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::escape::Escape;
use super::format::Format;
use crate::config::{Config, EntryId, LocationId, Matcher, ServerId};
use crate::project::wildcard;

/// Where requests end up: a location, or a server without one. Places are numbered, locations first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In this location.
    Location(LocationId),
    /// In the server itself.
    Server(ServerId),
}

impl Place {
    /// How many there are in a configuration.
    pub fn count(config: &Config) -> usize {
        config.locations.len() + config.servers.len()
    }

    /// The place of that number.
    pub fn at(config: &Config, index: u32) -> Place {
        match (index as usize).checked_sub(config.locations.len()) {
            None => Place::Location(LocationId(index)),
            Some(server) => Place::Server(ServerId(server as u32)),
        }
    }

    /// Its number.
    pub fn index(self, config: &Config) -> u32 {
        match self {
            Place::Location(location) => location.0,
            Place::Server(server) => config.locations.len() as u32 + server.0,
        }
    }

    /// Its server.
    pub fn server(self, config: &Config) -> ServerId {
        match self {
            Place::Location(location) => config.location(location).server,
            Place::Server(server) => server,
        }
    }
}

/// One `access_log`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The directive; `None` for the one that nginx has by default.
    pub entry: Option<EntryId>,
    /// Which of [`Written::formats`]; `None` for one that can't be read or is not defined.
    pub format: Option<usize>,
    /// The `log_format`, readable or not.
    pub defined: Option<EntryId>,
    /// The name of the file that it writes, as a pattern; `None` for standard output, syslog and the like.
    pub file: Option<Arc<str>>,
    /// It has an `if=`.
    pub conditional: bool,
}

/// What a place writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Log {
    /// Nothing: `access_log off`, at this directive.
    Off(EntryId),
    /// These; indices of [`Written::channels`].
    To(Vec<usize>),
}

/// All access logs of a configuration.
#[derive(Debug, Clone, Default)]
pub struct Written {
    /// The formats that can be read, each once, the most particular first.
    pub formats: Vec<Format>,
    /// Those that can't, and why.
    pub unreadable: Vec<(EntryId, String)>,
    /// Each `access_log`.
    pub channels: Vec<Channel>,
    /// By place.
    pub logs: Vec<Log>,
    /// The directive inside a location (in an `if`, a `limit_except`) by which some of its requests are logged in another way.
    pub inner: FxHashMap<LocationId, EntryId>,
}

impl Written {
    /// Reads all of a configuration.
    pub fn of(config: &Config) -> Written {
        let mut out = Written::default();
        let mut names: FxHashMap<Arc<str>, (Option<EntryId>, Option<Format>)> = FxHashMap::default();
        names.insert("combined".into(), (None, Some(Format::combined())));
        for entry in config.all("log_format").iter().copied().filter(|entry| in_http(config, *entry)) {
            let directive = config.directive(entry);
            let Some(name) = directive.args.first().map(|word| word.value.clone()) else { continue };
            match compile(config, entry) {
                Ok(format) => drop(names.insert(name, (Some(entry), Some(format)))),
                Err(why) => {
                    names.insert(name, (Some(entry), None));
                    out.unreadable.push((entry, why));
                }
            }
        }
        // One format under two names is one: which of them wrote a line can't be seen.
        let mut known: Vec<Format> = Vec::new();
        let mut number = |format: &Format| match known.iter().position(|other| other.text == format.text && other.escape == format.escape) {
            Some(at) => at,
            None => {
                known.push(format.clone());
                known.len() - 1
            }
        };
        let mut channel_of: FxHashMap<Option<EntryId>, usize> = FxHashMap::default();
        let mut channel = |out: &mut Written, entry: Option<EntryId>| {
            *channel_of.entry(entry).or_insert_with(|| {
                let arg = |index| entry.and_then(|entry: EntryId| config.directive(entry).arg(index));
                let (defined, format) =
                    names.get(arg(1).unwrap_or("combined")).map_or((None, None), |(entry, format)| (*entry, format.as_ref()));
                let conditional = entry.is_some_and(|entry| config.directive(entry).args.iter().any(|word| word.value.starts_with("if=")));
                let file = file(arg(0).unwrap_or("logs/access.log"));
                out.channels.push(Channel { entry, format: format.map(&mut number), defined, file, conditional });
                out.channels.len() - 1
            })
        };
        let is_off = |entry: &EntryId| config.directive(*entry).arg(0) == Some("off");
        for index in 0..Place::count(config) as u32 {
            let block = match Place::at(config, index) {
                Place::Location(location) => config.location(location).entry,
                Place::Server(server) => config.server(server).entry,
            };
            let entries = config.inherited_all(block, "access_log");
            let log = match entries.iter().find(|entry| is_off(entry)) {
                Some(off) => Log::Off(*off),
                None if entries.is_empty() => Log::To(vec![channel(&mut out, None)]),
                None => Log::To(entries.iter().map(|entry| channel(&mut out, Some(*entry))).collect()),
            };
            out.logs.push(log);
        }
        for entry in config.all("access_log") {
            let block = config.entry(*entry).parent;
            let inside = block.is_some_and(|block| ["if", "limit_except"].iter().any(|name| config.directive(block).is(name)));
            if let (true, Some(location)) = (inside, config.location_of(*entry)) {
                out.inner.entry(location).or_insert(*entry);
            }
        }
        // The most particular one is tried first.
        let mut order: Vec<usize> = (0..known.len()).collect();
        order.sort_by_key(|at| std::cmp::Reverse(known.get(*at).map_or(0, Format::weight)));
        for channel in &mut out.channels {
            channel.format = channel.format.and_then(|format| order.iter().position(|at| *at == format));
        }
        out.formats = order.iter().filter_map(|at| known.get(*at).cloned()).collect();
        out
    }

    /// Which channels a place writes.
    pub fn of_place(&self, place: u32) -> &[usize] {
        match self.logs.get(place as usize) {
            Some(Log::To(channels)) => channels,
            _ => &[],
        }
    }
}

/// A directive of http, not of stream.
fn in_http(config: &Config, entry: EntryId) -> bool {
    config.ancestors(entry).skip(1).all(|block| !["stream", "mail", "rtmp"].iter().any(|name| config.directive(block).is(name)))
}

/// The format that a `log_format` defines.
pub fn compile(config: &Config, entry: EntryId) -> Result<Format, String> {
    let directive = config.directive(entry);
    let mut words = directive.args.iter().map(|word| &word.value);
    let name = words.next().cloned().unwrap_or_default();
    let (escape, text) = parts(words.map(|word| &**word));
    Format::compile(name, Some(entry), &text, escape)
}

/// The `escape=` and the text of a `log_format`, from its arguments behind the name.
pub fn parts<'a>(words: impl Iterator<Item = &'a str>) -> (Escape, String) {
    let mut words = words.peekable();
    let escape = match words.peek().and_then(|word| word.strip_prefix("escape=")) {
        Some("json") => Some(Escape::Json),
        Some("none") => Some(Escape::None),
        Some(_) => Some(Escape::Default),
        None => None,
    };
    if escape.is_some() {
        words.next();
    }
    (escape.unwrap_or_default(), words.collect())
}

/// The name of the file that an `access_log` writes, as a pattern.
fn file(path: &str) -> Option<Arc<str>> {
    let special = ["syslog:", "memory:", "stderr", "/dev/stdout", "/dev/stderr", "/dev/fd/", "/proc/"];
    if special.iter().any(|start| path.starts_with(start)) {
        return None;
    }
    let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        out.push('*');
        let from = &rest[at + 1..];
        let end = match from.strip_prefix('{') {
            Some(inside) => inside.find('}').map_or(from.len(), |end| end + 2),
            None => from.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(from.len()),
        };
        rest = from.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    // A name of variables alone says nothing.
    (!out.bytes().all(|byte| matches!(byte, b'*' | b'.')) && out != "*.log").then(|| out.into())
}

/// Is a file of this name what an `access_log` with that file name wrote, or an older one: `access.log.1`, `access.log-20251103.gz`,
/// `access-2025-11-03.log`?
pub fn is_written_as(name: &str, pattern: &str) -> bool {
    let matches = |pattern: &str, name: &str| wildcard::matches(pattern.as_bytes(), name.as_bytes());
    if matches(pattern, name) {
        return true;
    }
    // `*` of ours is the only character that means more than itself: nobody puts brackets into names of logs.
    let rotated = |stem: &str| ['.', '-', '_'].iter().any(|mark| matches(&format!("{stem}{mark}*"), name));
    if rotated(pattern) {
        return true;
    }
    let Some(stem) = pattern.strip_suffix(".log") else { return false };
    ['.', '-', '_'].iter().any(|mark| matches(&format!("{stem}{mark}[0-9]*"), name))
}

/// Locations that only nginx itself sends requests to: named ones, and those that are `internal`, also by a block around them.
pub fn is_internal(config: &Config, location: LocationId) -> bool {
    let hidden = |id: LocationId| {
        let location = config.location(id);
        matches!(location.matcher, Matcher::Named(_)) || config.children(location.entry, "internal").next().is_some()
    };
    std::iter::successors(Some(location), |id| config.location(*id).parent).any(hidden)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    /// What each location writes: `-` for nothing, else file and format of each, `?` for a condition.
    fn written(http: &str) -> Vec<String> {
        let (config, _) = load(&format!("http {{ {http} }}"));
        let written = Written::of(&config);
        let show = |channel: &Channel| {
            let format = channel.format.and_then(|at| written.formats.get(at)).map_or("!", |format| &*format.name);
            let condition = if channel.conditional { "?" } else { "" };
            format!("{}:{format}{condition}", channel.file.as_deref().unwrap_or("-"))
        };
        let of = |index: usize| match &written.logs[index] {
            Log::Off(_) => "-".to_owned(),
            Log::To(channels) => channels.iter().map(|at| show(&written.channels[*at])).collect::<Vec<_>>().join(" "),
        };
        (0..config.locations.len()).map(of).collect()
    }

    #[test]
    fn one_level_hides_those_around_it() {
        let formats = "log_format m '$remote_addr $request_uri'; log_format bad '$request_uri$status$args$http_a';";
        assert_eq!(written("server { location / {} }"), ["access.log:combined"]);
        assert_eq!(
            written(&format!(
                "{formats} access_log /dev/stdout m; server {{ location / {{}} location /a {{ access_log off; location /a/b {{}} }}
                location /c {{ access_log /x/c.log; access_log /x/$host.c.log m if=$x; }} location /d {{ access_log off; access_log /x; }}
                location /e {{ access_log syslog:server=unix:/x bad; }} location /f {{ access_log /f.log nowhere; }} }}"
            )),
            ["-:m", "-", "-", "c.log:combined *.c.log:m?", "-", "-:!", "f.log:!"]
        );
    }

    #[test]
    fn older_files_are_known_by_their_names() {
        for name in ["access.log", "access.log.1", "access.log.2.gz", "access.log-20251103.gz", "access-2025-11-03.log", "access.log_old"] {
            assert!(is_written_as(name, "access.log"), "{name}");
        }
        for name in ["api.access.log", "access_api.log", "error.log", "accesses.log"] {
            assert!(!is_written_as(name, "access.log"), "{name}");
        }
        assert!(is_written_as("www.example.com.log.1", "*.log"));
        assert_eq!(file("/var/log/nginx/${host}_a.log").as_deref(), Some("*_a.log"));
        assert_eq!(file("/var/log/$host.log"), None);
        assert_eq!(file("/dev/stdout"), None);
    }
}
