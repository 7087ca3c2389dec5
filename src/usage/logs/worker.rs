//! One thread's reading of lines for one configuration: no allocation a line, everything that repeats looked up by its hash.

use rustc_hash::FxHashMap;

use super::agents;
use super::fields::{Field, Record};
use super::follow::{Asked, Follower, Went};
use super::format::Format;
use super::hash;
use super::servers::{self, Arrived, Said};
use super::tally::{self, Agent, Hit, How, Stretches, Tallies};
use super::time::{self, Clock};
use super::wrapper::{self, DEPTH, Layer, Stamp};
use super::written::{Place, Written};
use super::{Example, Seconds};
use crate::config::Config;
use crate::project::Project;
use crate::routing::Router;

/// What all threads know of one configuration.
pub struct Reading<'a> {
    /// The project.
    pub project: &'a Project,
    /// The configuration.
    pub config: &'a Config,
    /// Its tables.
    pub router: &'a Router,
    /// Its access logs.
    pub written: Written,
    /// Follows requests.
    pub follower: Follower<'a>,
    /// By source, then by format.
    pub sources: Vec<Vec<Carries>>,
    /// Which stretches of time count.
    pub stretches: Stretches,
    /// No request can be later: where one is, a clock was wrong.
    pub latest: Option<Seconds>,
    /// Only to see what there is: nothing is followed or counted.
    pub looks: bool,
}

/// What a source's lines in one format may be of.
#[derive(Debug, Clone, Default)]
pub struct Carries {
    /// By server: its lines may be among them.
    pub servers: Vec<bool>,
    /// By place: its requests are counted by these lines, and not by those of another `access_log`.
    pub counts: Vec<bool>,
}

/// What was seen of a source.
#[derive(Debug, Clone, Default)]
pub struct Seen {
    /// Lines that are requests.
    pub requests: u64,
    /// Those among them without a request that could be read.
    pub garbled: u64,
    /// By format: lines in it.
    pub formats: Vec<u64>,
    /// First and last request.
    pub window: Option<(Seconds, Seconds)>,
}

/// The newest request of a place.
#[derive(Debug, Clone, Default)]
pub struct Newest {
    at: Option<(Option<Seconds>, usize, u64)>,
    request: Vec<u8>,
}

/// How much of a request is kept as an example, in bytes.
const EXAMPLE: usize = 200;
/// Different `$upstream_addr`s that are counted.
const UPSTREAMS: usize = 4096;
/// Slots of the cache of where requests went: so few that it stays in a processor's own cache beside the lines. Most of those that are not in
/// it are new ones.
const OUTCOMES: usize = 1 << 12;
/// Slots of the cache of servers.
const SERVERS: usize = 1 << 8;

/// A server that lines of one kind are of.
struct Known {
    at: Arrived,
    /// A hash of all that makes outcomes differ.
    ident: u64,
    /// Its own place.
    own: u32,
}

/// One thread's state.
pub struct Worker<'a> {
    reading: &'a Reading<'a>,
    seed: hash::Seed,
    clock: Clock,
    agents: agents::Cache,
    /// The last layers that were taken off.
    layers: Vec<Layer>,
    /// The hash of what lines say of their server, and what that is; `None` when it can't be told.
    servers: Vec<(u64, Option<Known>)>,
    /// By the hash of what requests are told apart by: where they went.
    went: Vec<(u64, Option<Went>)>,
    scratch: Vec<u8>,
    /// The beginning of a line that goes on.
    pending: Vec<u8>,
    /// What was counted.
    pub tallies: Tallies,
    /// By source.
    pub seen: Vec<Seen>,
    /// By place.
    pub newest: Vec<Newest>,
    /// Backends, and how many requests each answered.
    pub upstreams: FxHashMap<Box<[u8]>, u64>,
    /// Times without a zone were read.
    pub no_zone: bool,
    /// How many had a time that has not come.
    pub ahead: u64,
    /// The newest time, and its zone.
    pub zone: Option<(Seconds, i32)>,
}

/// Which line it is.
#[derive(Debug, Clone, Copy)]
pub struct At {
    /// Which source.
    pub source: usize,
    /// Its line, from 1.
    pub line: u64,
}

impl<'a> Worker<'a> {
    /// Nothing is read yet.
    pub fn new(reading: &'a Reading<'a>) -> Worker<'a> {
        let places = Place::count(reading.config);
        let seen = Seen { formats: vec![0; reading.written.formats.len()], ..Seen::default() };
        Worker {
            reading,
            seed: hash::seed(),
            clock: Clock::default(),
            agents: agents::Cache::default(),
            layers: Vec::new(),
            servers: (0..SERVERS).map(|_| (0, None)).collect(),
            went: vec![(0, None); OUTCOMES],
            scratch: Vec::new(),
            pending: Vec::new(),
            // The last one is for requests of which the server can't be told.
            tallies: Tallies::new(reading.stretches, places + 1),
            seen: vec![seen; reading.sources.len()],
            newest: vec![Newest::default(); places],
            upstreams: FxHashMap::default(),
            no_zone: false,
            ahead: 0,
            zone: None,
        }
    }

    /// Reads whole lines; the first is `at`.
    pub fn lines(&mut self, bytes: &[u8], at: At) {
        let mut at = at;
        let mut rest = bytes;
        while !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            let (line, after) = rest.split_at(end);
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if !line.is_empty() {
                self.line(line, at);
            }
            rest = after.get(1..).unwrap_or_default();
            at.line += 1;
        }
        self.pending.clear();
    }

    fn line(&mut self, line: &[u8], at: At) {
        // As the last line was wrapped.
        let mut inside = Some((line, None, false));
        for layer in &self.layers {
            inside = inside.and_then(|(inside, time, partial)| {
                let peeled = wrapper::peel(*layer, inside)?;
                Some((peeled.inside, peeled.time.or(time), partial || peeled.partial))
            });
        }
        if let Some((inside, stamp, false)) = inside
            && self.pending.is_empty()
            && self.read(inside, stamp, at)
        {
            return;
        }
        self.unwrap(line, at, 0);
    }

    /// Looks for a request below whatever layers there are, the innermost first.
    #[cold]
    fn unwrap(&mut self, line: &[u8], at: At, opened: usize) {
        let mut layers: Vec<(Layer, &[u8], Stamp)> = Vec::new();
        let mut inside = line;
        let mut stamp = None;
        let mut partial = false;
        while layers.len() < DEPTH
            && let Some((layer, peeled)) = wrapper::outermost(inside)
        {
            stamp = peeled.time.or(stamp);
            partial |= peeled.partial;
            inside = peeled.inside;
            layers.push((layer, inside, stamp));
        }
        if partial || (!self.pending.is_empty() && layers.iter().any(|(layer, ..)| *layer == Layer::Container)) {
            return self.gather(inside, partial, stamp, at);
        }
        for depth in (0..=layers.len()).rev() {
            let (text, stamp) = match depth.checked_sub(1).and_then(|depth| layers.get(depth)) {
                Some((_, text, stamp)) => (*text, *stamp),
                None => (line, None),
            };
            if text.is_empty() {
                continue;
            }
            if self.read(text, stamp, at) {
                if opened == 0 {
                    self.layers = layers.iter().take(depth).map(|(layer, ..)| *layer).collect();
                }
                return;
            }
            if text.first() == Some(&b'{') && opened < 3 {
                let mut scratch = std::mem::take(&mut self.scratch);
                let peeled = wrapper::envelope(text, &mut scratch);
                if let Some(peeled) = peeled {
                    let stamp = peeled.time.or(stamp);
                    match peeled.partial || !self.pending.is_empty() {
                        true => self.gather(&scratch, peeled.partial, stamp, at),
                        false if self.read(&scratch, stamp, at) => {}
                        false => self.unwrap(&scratch, at, opened + 1),
                    }
                    self.scratch = scratch;
                    return;
                }
                self.scratch = scratch;
            }
        }
    }

    /// Puts a line together that was parted by whoever kept it.
    fn gather(&mut self, part: &[u8], goes_on: bool, stamp: Stamp, at: At) {
        /// More than nginx can write of one request with any sane buffers.
        const LONGEST: usize = 256 * 1024;
        if self.pending.len() + part.len() <= LONGEST {
            self.pending.extend_from_slice(part);
        }
        if !goes_on {
            let whole = std::mem::take(&mut self.pending);
            if !self.read(&whole, stamp, at) {
                self.unwrap(&whole, at, 3);
            }
            self.pending = whole;
            self.pending.clear();
        }
    }

    /// Reads a line that nothing is around. False when it is in none of the formats.
    #[inline]
    fn read(&mut self, line: &[u8], stamp: Stamp, at: At) -> bool {
        let reading = self.reading;
        let mut record = Record::new();
        for (index, format) in reading.written.formats.iter().enumerate().filter(|(_, format)| format.has_target()) {
            if format.read(line, &mut record) {
                self.record(index, format, &record, stamp, at);
                return true;
            }
            record = Record::new();
        }
        false
    }

    #[inline]
    fn time(&mut self, record: &Record<'_>, stamp: Stamp) -> Option<Seconds> {
        let (time, offset) = match record.value(Field::TimeLocal).and_then(|time| self.clock.local(time)) {
            Some(time) => (time, self.clock.offset),
            None => {
                let iso = || record.value(Field::TimeIso).and_then(time::iso).map(|time| (time.at, time.offset));
                let msec = || record.value(Field::Msec).and_then(time::msec).map(|time| (time, Some(0)));
                let (time, offset) = iso().or_else(msec).or(stamp)?;
                self.no_zone |= offset.is_none();
                (time, offset.unwrap_or(0))
            }
        };
        if self.reading.latest.is_some_and(|latest| time > latest) {
            self.ahead += 1;
            return None;
        }
        if self.zone.is_none_or(|(newest, _)| newest <= time) {
            self.zone = Some((time, offset));
        }
        Some(time)
    }

    #[inline]
    fn record(&mut self, index: usize, format: &Format, record: &Record<'_>, stamp: Stamp, at: At) {
        let time = self.time(record, stamp);
        let Some(seen) = self.seen.get_mut(at.source) else { return };
        seen.requests += 1;
        if let Some(count) = seen.formats.get_mut(index) {
            *count += 1;
        }
        if let Some(time) = time {
            seen.window = Some(seen.window.map_or((time, time), |(first, last)| (first.min(time), last.max(time))));
        }
        if self.reading.looks {
            return;
        }
        let decoded;
        let (request, line) = match (record.get(Field::Request), format.has(Field::Request)) {
            (written, true) => {
                decoded = format.decoded(written);
                (written, request_line(&decoded))
            }
            (_, false) if format.has(Field::RequestUri) => {
                let written = record.get(Field::RequestUri);
                decoded = format.decoded(written);
                let method = record.value(Field::Method).unwrap_or(b"GET");
                let is_target = !decoded.is_empty() && *decoded != *b"-" && memchr::memchr(b' ', &decoded).is_none();
                (written, is_target.then_some((method, &*decoded)))
            }
            _ => {
                let written = record.get(Field::Uri);
                decoded = format.decoded(written);
                return self.located(index, format, record, &decoded, time, at);
            }
        };
        if line.is_none() {
            seen.garbled += 1;
        }
        if !self.tallies.opens(time) {
            return;
        }
        // Who answered is known also where the server that asked is not.
        if let Some(upstream) = record.value(Field::Upstream) {
            self.upstream(upstream);
        }
        let mut hit = hit(record, time);
        hit.agent = match record.value(Field::Agent) {
            Some(agent) => self.agents.kind(agent),
            None => Agent::Other,
        };
        hit.client = self.client(record);
        let said = Said::by(record);
        let has_host = format.has(Field::Host) || format.has(Field::HttpHost);
        let said = match line {
            // The request line names the host itself.
            Some((_, target)) if target.first() != Some(&b'/') && !format.has(Field::Host) => match host_in(target) {
                Some(host) => said.with_host(host),
                None => said,
            },
            _ => said,
        };
        let Some((server, ident, own, refused)) = self.arrived(&said, has_host, index, at.source) else {
            let unplaced = Place::count(self.reading.config) as u32;
            return self.tallies.add(unplaced, How::Total, &hit);
        };
        // What is wrong with a request by itself is said before any location is looked for.
        let looked_for = line.filter(|_| !refused || hit.status != 400);
        let Some((method, target)) = looked_for else { return self.count(own, &hit, request, b"", index, at) };
        hit.method = tally::method(method);
        let (path, args) = path_and_args(target);
        let mut key = hash::join(hash::bytes(self.seed, path), ident ^ u64::from(hit.method));
        if self.reading.follower.plans().args_matter && !args.is_empty() {
            key = hash::join(key, hash::bytes(self.seed, args));
        }
        // Taken out and put back: to count references costs more than the rest of the look-up, as other threads count the same ones.
        let slot = key as usize % OUTCOMES;
        let known = self.went.get_mut(slot).and_then(|(known, went)| if *known == key { went.take() } else { None });
        let went = match known {
            Some(went) => went,
            None => {
                let Some(arrived) = self.servers.get(server).and_then(|(_, known)| known.as_ref()) else { return };
                let method = std::str::from_utf8(method).unwrap_or("GET");
                self.reading.follower.went(&Asked { arrived: &arrived.at, method, path, args })
            }
        };
        let shown: &[u8] = if format.has(Field::Request) { b"" } else { method };
        match &went {
            Went::To(taker) => {
                let total = if taker.refused(hit.status) { own } else { taker.place };
                self.count(total, &hit, request, shown, index, at);
            }
            Went::By(outcome) => {
                let (way, others) = outcome.choose(hit.status);
                if let Some(way) = way {
                    let total = if way.refused(hit.status) { own } else { way.total };
                    self.count(total, &hit, request, shown, index, at);
                    if total == way.total {
                        way.passed.iter().for_each(|place| self.tallies.add(*place, How::Passed, &hit));
                        way.relayed.iter().for_each(|place| self.tallies.add(*place, How::Relayed, &hit));
                        others.for_each(|place| self.tallies.add(place, How::Perhaps, &hit));
                    }
                }
            }
        }
        if let Some(place) = self.went.get_mut(slot) {
            *place = (key, Some(went));
        }
    }

    /// A line that has only the URI that internal redirects left.
    fn located(&mut self, index: usize, format: &Format, record: &Record<'_>, uri: &[u8], time: Option<Seconds>, at: At) {
        if !self.tallies.opens(time) {
            return;
        }
        let mut hit = hit(record, time);
        hit.agent = record.value(Field::Agent).map_or(Agent::Other, |agent| self.agents.kind(agent));
        hit.client = self.client(record);
        let method = record.value(Field::Method).unwrap_or(b"GET");
        hit.method = tally::method(method);
        let has_host = format.has(Field::Host) || format.has(Field::HttpHost);
        let found = self.arrived(&Said::by(record), has_host, index, at.source);
        let Some(server) = found.and_then(|(slot, ..)| self.servers.get(slot)?.1.as_ref()).map(|known| known.at.server) else {
            return self.tallies.add(Place::count(self.reading.config) as u32, How::Total, &hit);
        };
        let uri = uri.split(|byte| *byte == b'?').next().unwrap_or_default();
        let place = self.reading.follower.located(server, uri).index(self.reading.config);
        self.count(place, &hit, uri, method, index, at);
    }

    #[inline]
    fn client(&self, record: &Record<'_>) -> Option<u64> {
        // Of a list the first is the client; what stands behind are proxies.
        let forwarded = record.value(Field::Forwarded).and_then(|list| list.split(|byte| *byte == b',').next());
        let client = forwarded.or_else(|| record.value(Field::Client))?;
        Some(hash::bytes(hash::FIXED, client))
    }

    #[inline]
    fn count(&mut self, place: u32, hit: &Hit, request: &[u8], method: &[u8], format: usize, at: At) {
        let carries = self.reading.sources.get(at.source).and_then(|formats| formats.get(format));
        if !carries.and_then(|carries| carries.counts.get(place as usize)).copied().unwrap_or(true) {
            return;
        }
        self.tallies.add(place, How::Total, hit);
        let Some(newest) = self.newest.get_mut(place as usize) else { return };
        let now = Some((hit.time, at.source, at.line));
        if newest.at <= now {
            newest.at = now;
            newest.request.clear();
            if !method.is_empty() {
                newest.request.extend_from_slice(method);
                newest.request.push(b' ');
            }
            newest.request.extend_from_slice(request.get(..EXAMPLE).unwrap_or(request));
        }
    }

    /// In which of `servers` the server is, a hash of all that makes outcomes differ, the server's own place, and [`Arrived::refused`].
    ///
    /// [`Arrived::refused`]: servers::Arrived::refused
    #[inline]
    fn arrived(&mut self, said: &Said<'_>, has_host: bool, format: usize, source: usize) -> Option<(usize, u64, u32, bool)> {
        let key = hash::join(said.hash(self.seed), (source as u64) << 16 | format as u64);
        let slot = key as usize % SERVERS;
        match self.servers.get(slot) {
            Some((known, _)) if *known == key => {}
            _ => self.place(said, has_host, format, source, key),
        }
        let known = self.servers.get(slot)?.1.as_ref()?;
        Some((slot, known.ident, known.own, known.at.refused))
    }

    #[cold]
    fn place(&mut self, said: &Said<'_>, has_host: bool, format: usize, source: usize, key: u64) {
        let reading = self.reading;
        let may_write = reading.sources.get(source).and_then(|formats| formats.get(format)).map_or(&[][..], |carries| &carries.servers);
        let known = servers::place(reading.config, reading.router, may_write, has_host, said).map(|arrived| {
            let server = hash::join(u64::from(arrived.server.0) + 1, u64::from(arrived.merge_slashes));
            let ident = match reading.follower.plans().hosts_matter {
                true => {
                    let socket = hash::join(hash::bytes(self.seed, arrived.address.as_bytes()), u64::from(arrived.port));
                    hash::join(server, hash::join(hash::bytes(self.seed, &arrived.host), socket))
                }
                false => server,
            };
            Known { own: Place::Server(arrived.server).index(reading.config), at: arrived, ident }
        });
        if let Some(slot) = self.servers.get_mut(key as usize % SERVERS) {
            *slot = (key, known);
        }
    }

    /// Counts the backend that answered: the last one that was tried.
    fn upstream(&mut self, tried: &[u8]) {
        let last = tried.rsplit(|byte| matches!(byte, b' ' | b',')).find(|part| !part.is_empty() && *part != b":" && *part != b"-");
        let Some(last) = last else { return };
        if let Some(count) = self.upstreams.get_mut(last) {
            *count += 1;
        } else if self.upstreams.len() < UPSTREAMS && last.len() <= EXAMPLE {
            self.upstreams.insert(last.into(), 1);
        }
    }
}

impl Newest {
    /// Takes another one that is newer.
    pub fn join(&mut self, other: Newest) {
        if self.at < other.at {
            *self = other;
        }
    }

    /// For readers.
    pub fn example(self) -> Option<Example> {
        let (_, source, line) = self.at?;
        let mut request = String::from_utf8_lossy(&self.request).into_owned();
        if let Some((at, _)) = request.char_indices().nth(EXAMPLE) {
            request.truncate(at);
        }
        Some(Example { source, line, request })
    }
}

fn hit(record: &Record<'_>, time: Option<Seconds>) -> Hit {
    let status = match record.get(Field::Status) {
        [a, b, c] if a.is_ascii_digit() && b.is_ascii_digit() && c.is_ascii_digit() => {
            u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0')
        }
        _ => 0,
    };
    Hit { time, status, method: tally::method(b"GET"), agent: Agent::Other, client: None }
}

/// Method and target of a request line; `None` for one that nginx could not read.
#[inline]
fn request_line(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = line.iter().position(|byte| !(byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-')))?;
    let (method, rest) = line.split_at(end);
    let rest = rest.strip_prefix(b" ").filter(|_| end > 0)?;
    let target = match rest {
        [target @ .., b' ', b'H', b'T', b'T', b'P', b'/', b'0'..=b'9', b'.', b'0'..=b'9'] => target,
        // HTTP/0.9 has no protocol behind the target.
        rest => match memchr::memrchr(b' ', rest) {
            Some(at) if rest.get(at + 1..)?.starts_with(b"HTTP/") => rest.get(..at)?,
            Some(_) => return None,
            None => rest,
        },
    };
    (!target.is_empty() && memchr::memchr(b' ', target).is_none()).then_some((method, target))
}

/// The path of a target, and what is behind its first `?`.
#[inline]
fn path_and_args(target: &[u8]) -> (&[u8], &[u8]) {
    let Some(end) = memchr::memchr2(b'?', b'#', target) else { return (target, b"") };
    let (path, rest) = target.split_at(end);
    let args = memchr::memchr(b'?', rest).and_then(|mark| rest.get(mark + 1..));
    (path, args.unwrap_or_default())
}

/// The host of an absolute target.
fn host_in(target: &[u8]) -> Option<&[u8]> {
    let rest = target.get(memchr::memmem::find(target, b"://")? + 3..)?;
    rest.split(|byte| matches!(byte, b'/' | b'?' | b'#')).next().filter(|host| !host.is_empty())
}
