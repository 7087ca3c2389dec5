//! Reads logs for one or several configurations at once: every core parses, the bytes are read once.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::fields::Field;
use super::follow::Follower;
use super::input::{self, Ended, Input, Queue};
use super::moves::{Move, Moves};
use super::plan::Plans;
use super::tally::{Stretches, Tally};
use super::worker::{At, Carries, Newest, Reading, Seen, Worker};
use super::written::{self, Channel, Log, Place, Written};
use super::{Limit, Logs, Seconds, Sight, Source, limits, servers, time};
use crate::config::{Config, EntryId, LocationId, ServerId};
use crate::parallel;
use crate::project::{Project, Vfs};
use crate::routing::Router;
use crate::routing::trace::Surroundings;

/// One configuration that logs are read for.
#[derive(Clone, Copy)]
pub struct Parts<'a> {
    /// The project.
    pub project: &'a Project,
    /// The configuration.
    pub config: &'a Config,
    /// Its tables.
    pub router: &'a Router,
    /// What is around it.
    pub around: &'a (dyn Surroundings + Sync),
}

/// How far back requests count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Since {
    /// All of them.
    #[default]
    Always,
    /// So many seconds before the newest one.
    Span(Seconds),
    /// From this moment on.
    Moment(Seconds),
}

impl Since {
    /// As a person gives it: `7d`, `36h`, `2025-11-03`, `2025-11-03T01:06:11+09:00`, `all`.
    pub fn parse(text: &str) -> Option<Since> {
        match text.trim() {
            "all" => Some(Since::Always),
            text => time::span(text).map(Since::Span).or_else(|| time::moment(text).map(Since::Moment)),
        }
    }
}

/// How logs are read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// How far back requests count.
    pub since: Since,
    /// Make SHA-256 sums of what was read.
    pub sums: bool,
    /// How many threads read; the machine's cores, at most eight, when it is left out.
    pub threads: Option<usize>,
    /// The present moment. What a log has of a later one was written while a clock was wrong: taken as it stands, it would make everything
    /// else too old to count.
    pub now: Option<Seconds>,
}

impl Options {
    /// The latest time that is believed; clocks may differ by a day, as zones do.
    fn latest(&self) -> Option<Seconds> {
        self.now.map(|now| now + time::DAY)
    }
}

/// Called now and then with the stored bytes that were read and, where that is known, how many there are.
pub type Progress<'a> = &'a (dyn Fn(u64, Option<u64>) + Sync);

/// Does the beginning of a file hold requests in a format of one of the configurations?
pub fn holds_requests(vfs: &Vfs, parts: &[Parts<'_>], path: &Path) -> bool {
    let sample = sample(vfs, &mut Input::File(path.to_path_buf()));
    parts.iter().any(|parts| {
        let reading = Reading::to_look(parts, Written::of(parts.config), 1);
        let mut worker = Worker::new(&reading);
        worker.lines(&sample, At { source: 0, line: 1 });
        worker.seen.iter().any(|seen| seen.requests > 0)
    })
}

/// More threads would wait for each other, and each keeps tallies of its own.
const THREADS: usize = 8;
/// So many requests must be expected in a time without any before it is a hole.
const MISSED: f64 = 24.0;
/// How much of a source is looked at before it is read.
const SAMPLE: usize = 64 * 1024;

/// What logs say of each of the configurations, in their order; `None` when it was cancelled.
pub fn read(
    vfs: &Vfs,
    parts: &[Parts<'_>],
    inputs: Vec<Input>,
    options: &Options,
    progress: Progress<'_>,
    cancelled: &AtomicBool,
) -> Option<Vec<Logs>> {
    let mut inputs = inputs;
    let total = inputs.iter().map(|input| size(vfs, input)).sum::<Option<u64>>();
    let names: Vec<_> = inputs.iter().map(|input| input.path().clone()).collect();
    let written: Vec<Written> = parts.iter().map(|parts| Written::of(parts.config)).collect();
    let samples: Vec<Vec<u8>> = inputs.iter_mut().map(|input| sample(vfs, input)).collect();
    let tails: Vec<Vec<u8>> = inputs.iter().map(|input| tail(vfs, input)).collect();
    let readings = parts.iter().zip(written).map(|(parts, written)| {
        // A first look says which formats are in which source, and when the newest request came.
        let look = Reading { latest: options.latest(), ..Reading::to_look(parts, written, names.len()) };
        let mut first = Worker::new(&look);
        for (source, sample) in samples.iter().enumerate() {
            first.lines(sample, At { source, line: 1 });
        }
        let formats: Vec<Vec<bool>> = first.seen.iter().map(|seen| seen.formats.iter().map(|count| *count > 0).collect()).collect();
        let mut last = Worker::new(&look);
        for (source, tail) in tails.iter().enumerate() {
            last.lines(tail, At { source, line: 1 });
        }
        let newest = last.seen.iter().filter_map(|seen| seen.window).map(|(_, last)| last).max();
        let stretches = match options.since {
            Since::Always => Stretches { asked: None, origin: None },
            Since::Span(asked) => Stretches { asked: Some(asked), origin: newest.map(|newest| newest - asked) },
            Since::Moment(from) => Stretches { asked: None, origin: Some(from) },
        };
        let sources = carries(parts.config, &look.written, &names, &formats);
        Reading { sources, stretches, looks: false, ..look }
    });
    let readings: Vec<Reading<'_>> = readings.collect();
    let queue = Queue::new(vfs, inputs, options.sums);
    let threads = options.threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from).min(THREADS)).max(1);
    let results: Mutex<Vec<Vec<Worker<'_>>>> = Mutex::new(readings.iter().map(|_| Vec::new()).collect());
    let run = || {
        let mut workers: Vec<Worker<'_>> = readings.iter().map(Worker::new).collect();
        let mut buffer = vec![0; input::PIECE];
        while !cancelled.load(Ordering::Relaxed)
            && let Some(piece) = queue.take(&mut buffer)
        {
            let bytes = buffer.get(..piece.length).unwrap_or_default();
            for worker in &mut workers {
                worker.lines(bytes, At { source: piece.source, line: piece.line });
            }
            progress(queue.bytes(), total);
        }
        let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
        results.iter_mut().zip(workers).for_each(|(all, worker)| all.push(worker));
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).filter_map(|_| parallel::beside(scope, run)).collect();
        run();
        for other in others {
            other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        }
    });
    if cancelled.load(Ordering::Relaxed) {
        return None;
    }
    let ended = queue.finish();
    let results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    Some(readings.iter().zip(results).map(|(reading, workers)| gather(reading, workers, &names, &ended, options)).collect())
}

impl<'a> Reading<'a> {
    /// To see what is in the sources: every line is taken for whatever it can be, and nothing is counted.
    fn to_look(parts: &Parts<'a>, written: Written, sources: usize) -> Reading<'a> {
        let plans = Plans::of(parts.project, parts.config, parts.router, parts.around);
        Reading {
            project: parts.project,
            config: parts.config,
            router: parts.router,
            follower: Follower::new(parts.config, parts.router, parts.around, plans),
            sources: vec![vec![Carries::default(); written.formats.len()]; sources],
            stretches: Stretches { asked: None, origin: None },
            latest: None,
            looks: true,
            written,
        }
    }
}

fn size(vfs: &Vfs, input: &Input) -> Option<u64> {
    match input {
        Input::File(path) => Some(vfs.stream(path).map_or(0, |(_, size)| size)),
        Input::Stream(..) => None,
    }
}

/// The first lines of a source, decompressed. What is taken from a stream for it is put back.
fn sample(vfs: &Vfs, input: &mut Input) -> Vec<u8> {
    use std::io::Read;
    match input {
        Input::File(path) => {
            let queue = Queue::new(vfs, vec![Input::File(path.clone())], false);
            let mut buffer = vec![0; SAMPLE];
            let length = queue.take(&mut buffer).map_or(0, |piece| piece.length);
            buffer.truncate(length);
            buffer
        }
        Input::Stream(_, reader) => {
            let mut first = Vec::new();
            // What goes wrong here goes wrong again when it is read.
            let _ = reader.take(SAMPLE as u64).read_to_end(&mut first);
            let rest = std::mem::replace(reader, Box::new(std::io::empty()));
            *reader = Box::new(std::io::Cursor::new(first.clone()).chain(rest));
            let queue = Queue::new(vfs, vec![Input::Stream("-".into(), Box::new(std::io::Cursor::new(first)))], false);
            let mut buffer = vec![0; SAMPLE];
            let length = queue.take(&mut buffer).map_or(0, |piece| piece.length);
            buffer.truncate(length);
            buffer
        }
    }
}

/// The last lines of a plain file; empty for what is compressed, or a stream.
fn tail(vfs: &Vfs, input: &Input) -> Vec<u8> {
    let Input::File(path) = input else { return Vec::new() };
    let bytes = vfs.tail(path, SAMPLE as u64).unwrap_or_default();
    let start = memchr::memchr(b'\n', &bytes).map_or(0, |at| at + 1);
    // A compressed file holds no lines that anybody could read: whatever this is, it is in no format.
    bytes.get(start..).unwrap_or_default().to_vec()
}

/// Which of the sources' lines are of whom.
fn carries(config: &Config, written: &Written, names: &[PathBuf], formats: &[Vec<bool>]) -> Vec<Vec<Carries>> {
    let fits = fits(written, names);
    // Nothing was recognised in a sample: anything may come.
    let may_hold = |source: usize, format: usize| {
        formats.get(source).is_none_or(|found| !found.contains(&true) || found.get(format).copied().unwrap_or(false))
    };
    let primary: Vec<Option<usize>> = (0..Place::count(config) as u32)
        .map(|place| {
            let is_read = |channel: &&usize| {
                let format = written.channels.get(**channel).and_then(|channel| channel.format);
                format.is_some_and(|format| (0..names.len()).any(|source| fits(source, **channel) && may_hold(source, format)))
            };
            let mut read: Vec<usize> = written.of_place(place).iter().filter(is_read).copied().collect();
            read.sort_by_key(|channel| written.channels.get(*channel).is_some_and(|channel| channel.conditional));
            read.first().copied()
        })
        .collect();
    let of = |source: usize, format: usize| {
        let mut out = Carries { servers: vec![false; config.servers.len()], counts: vec![false; Place::count(config)] };
        for place in 0..Place::count(config) as u32 {
            let writes = |channel: &usize| {
                written.channels.get(*channel).is_some_and(|known| known.format == Some(format)) && fits(source, *channel)
            };
            let any = written.of_place(place).iter().any(writes);
            let counts = match primary.get(place as usize).copied().flatten() {
                Some(primary) => writes(&primary),
                None => any,
            };
            if let Some(slot) = out.counts.get_mut(place as usize) {
                *slot = counts;
            }
            if any && let Some(slot) = out.servers.get_mut(Place::at(config, place).server(config).index()) {
                *slot = true;
            }
        }
        out
    };
    (0..names.len()).map(|source| (0..written.formats.len()).map(|format| of(source, format)).collect()).collect()
}

/// Can a source be what a channel wrote? By its name, where that is the name of any log of the configuration; else it can be anything.
fn fits<'a>(written: &'a Written, names: &'a [PathBuf]) -> impl Fn(usize, usize) -> bool + use<'a> {
    let table: Vec<Vec<bool>> = names
        .iter()
        .map(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let named = |file: &Option<Arc<str>>| file.as_ref().is_some_and(|file| written::is_written_as(&name, file));
            let any = written.channels.iter().any(|channel| named(&channel.file));
            written.channels.iter().map(|channel| !any || named(&channel.file)).collect()
        })
        .collect();
    move |source, channel| table.get(source).and_then(|channels| channels.get(channel)).copied().unwrap_or(false)
}

fn gather(reading: &Reading<'_>, workers: Vec<Worker<'_>>, names: &[PathBuf], ended: &[Ended], options: &Options) -> Logs {
    let config = reading.config;
    let mut workers = workers.into_iter();
    let Some(first) = workers.next() else { return Logs::default() };
    let Worker { mut tallies, mut seen, mut newest, mut upstreams, mut no_zone, mut ahead, mut zone, .. } = first;
    for worker in workers {
        tallies.join(worker.tallies);
        seen.iter_mut().zip(worker.seen).for_each(|(all, more)| all.join(more));
        newest.iter_mut().zip(worker.newest).for_each(|(all, more)| all.join(more));
        join(&mut upstreams, worker.upstreams);
        no_zone |= worker.no_zone;
        ahead += worker.ahead;
        zone = zone.max(worker.zone);
    }
    let hole = tallies.hole();
    let mut tallies = tallies.finish();
    let unplaced = tallies.pop().unwrap_or_default().hits();
    let formats = |seen: &Seen| {
        let formats = reading.written.formats.iter().zip(&seen.formats).filter(|(_, count)| **count > 0);
        formats.map(|(format, _)| format.name.clone()).collect()
    };
    let sources: Vec<Source> = names
        .iter()
        .zip(&seen)
        .zip(ended)
        .map(|((path, seen), ended)| Source {
            path: path.clone(),
            bytes: ended.bytes,
            sha256: ended.sha256.clone(),
            lines: ended.lines,
            requests: seen.requests,
            garbled: seen.garbled,
            formats: formats(seen),
            window: seen.window,
            problem: ended.problem.clone(),
        })
        .collect();
    let (locations, own) = tallies.split_at(config.locations.len().min(tallies.len()));
    let mut servers: Vec<Tally> = own.to_vec();
    let mut server_newest: Vec<Newest> = newest.split_off(config.locations.len().min(newest.len()));
    for (index, (tally, newest)) in locations.iter().zip(&newest).enumerate() {
        let server = config.location(LocationId(index as u32)).server.index();
        if let (Some(all), Some(last)) = (servers.get_mut(server), server_newest.get_mut(server)) {
            all.join(tally);
            last.join(newest.clone());
        }
    }
    let hits = |tallies: &[Tally], newest: Vec<Newest>| {
        let with = tallies.iter().map(Tally::hits).zip(newest);
        with.map(|(mut hits, newest)| {
            // Without a request that counts there is nothing to jump to.
            hits.example = if hits.total > 0 { newest.example() } else { None };
            hits
        })
        .collect::<Vec<_>>()
    };
    let newest_of_all = sources.iter().filter_map(|source| source.window).map(|(_, last)| last).max();
    let oldest_of_all = sources.iter().filter_map(|source| source.window).map(|(first, _)| first).min();
    let asked = match options.since {
        Since::Always => None,
        Since::Span(asked) => Some(asked),
        Since::Moment(from) => newest_of_all.map(|newest| (newest - from).max(0)),
    };
    let (locations, servers) = (hits(locations, newest), hits(&servers, server_newest));
    let times = || servers.iter().flat_map(|hits| hits.first.into_iter().chain(hits.last));
    let window = times().min().zip(times().max());
    let mut limits: Vec<Limit> = Vec::new();
    let total: u64 = servers.iter().map(|hits| hits.total).sum();
    if sources.iter().all(|source| source.requests == 0) {
        limits.push(Limit::NoRequest(None));
    } else if let (Since::Moment(from), Some(newest)) = (options.since, newest_of_all)
        && newest < from
        && total + unplaced.total == 0
    {
        limits.push(Limit::NoRequest(Some(newest)));
    }
    // A line that is too old to count says nothing of the time behind it: only where requests were as rare before the first that counts as
    // they are after it, the logs go back that far.
    let first = servers.iter().chain([&unplaced]).filter_map(|hits| hits.first).min();
    if let (Some(asked), Some(oldest), Some(newest)) = (asked, oldest_of_all, newest_of_all)
        && let covered = newest - first.unwrap_or(newest).max(oldest)
        && covered < asked - asked / 24
    {
        let missed = asked - covered;
        let expected = (total + unplaced.total) as f64 * missed as f64 / covered.max(asked / 6).max(1) as f64;
        if newest - oldest < asked - asked / 24 || missed > asked / 6 && expected >= MISSED {
            limits.push(Limit::ShortWindow(asked, covered));
        }
    }
    // A night without requests is none, nor is the time between two of a few: where a sixth is missing that had dozens of them, a file is.
    let expected = |asked: Seconds| total as f64 * hole as f64 / asked.max(1) as f64;
    if let Some(asked) = asked.filter(|asked| hole > *asked / 6 && expected(*asked) >= MISSED) {
        limits.push(Limit::Hole(asked, hole));
    }
    let (sights, more) = sights(reading, &sources, names);
    limits.extend(more);
    limits.extend(reading.written.unreadable.iter().map(|(entry, why)| Limit::Unreadable(*entry, why.clone())));
    if no_zone {
        limits.push(Limit::NoZone);
    }
    if ahead > 0 {
        limits.push(Limit::Ahead(ahead));
    }
    if reading.follower.was_cut() {
        limits.push(Limit::Cut);
    }
    let mut upstreams: Vec<(Arc<str>, u64)> =
        upstreams.into_iter().map(|(address, count)| (String::from_utf8_lossy(&address).into(), count)).collect();
    upstreams.sort_by(|(one, a), (other, b)| b.cmp(a).then_with(|| one.cmp(other)));
    let offset = zone.map_or(0, |(_, offset)| offset);
    Logs { sources, window, offset, asked, locations, servers, sights, unplaced: unplaced.total, limits, upstreams }
}

fn join(all: &mut FxHashMap<Box<[u8]>, u64>, more: FxHashMap<Box<[u8]>, u64>) {
    for (address, count) in more {
        *all.entry(address).or_insert(0) += count;
    }
}

impl Seen {
    fn join(&mut self, other: Seen) {
        self.requests += other.requests;
        self.garbled += other.garbled;
        self.formats.iter_mut().zip(other.formats).for_each(|(all, more)| *all += more);
        self.window = match (self.window, other.window) {
            (Some((first, last)), Some((other_first, other_last))) => Some((first.min(other_first), last.max(other_last))),
            (mine, other) => mine.or(other),
        };
    }
}

/// Can these logs tell of each location?
fn sights(reading: &Reading<'_>, sources: &[Source], names: &[PathBuf]) -> (Vec<Sight>, Vec<Limit>) {
    let (config, written) = (reading.config, &reading.written);
    let fits = fits(written, names);
    let listening = servers::Listening::of(config, reading.router);
    let mut limits: Vec<Limit> = Vec::new();
    // Several locations write the same channel, with the same others.
    let mut blind: FxHashMap<(usize, u32), Vec<&'static str>> = FxHashMap::default();
    let held = |source: usize, format: usize| {
        let name = written.formats.get(format).map(|format| &format.name);
        sources.get(source).is_some_and(|source| name.is_some_and(|name| source.formats.contains(name)))
    };
    let mut logged = |place: u32, limits: &mut Vec<Limit>| {
        let channels = match written.logs.get(place as usize) {
            Some(Log::Off(entry)) => return Sight::Off(*entry),
            Some(Log::To(channels)) => channels,
            None => return Sight::NotRead,
        };
        let mut sight = Sight::NotRead;
        for (at, channel) in channels.iter().filter_map(|at| Some((*at, written.channels.get(*at)?))) {
            let Some(format) = channel.format.and_then(|format| written.formats.get(format).map(|known| (format, known))) else { continue };
            let (format, known) = format;
            let missing: Vec<&'static str> = if known.has_target() {
                let server = Place::at(config, place).server(config);
                let sources: Vec<usize> = (0..sources.len()).filter(|source| fits(*source, at) && held(*source, format)).collect();
                if sources.is_empty() {
                    continue;
                }
                let missing = blind.entry((at, server.0)).or_insert_with(|| {
                    let writers = sources.iter().filter_map(|source| reading.sources.get(*source)?.get(format));
                    let mut may = vec![false; config.servers.len()];
                    writers.for_each(|carries| may.iter_mut().zip(&carries.servers).for_each(|(any, server)| *any |= server));
                    servers::missing(config, &listening, known, server, &may)
                });
                missing.clone()
            } else {
                vec!["$request"]
            };
            let now = match (missing.is_empty(), channel.conditional, channel.entry) {
                (true, false, _) => Sight::Seen,
                (true, true, Some(entry)) => Sight::Conditional(entry),
                (false, ..) => {
                    if !limits.iter().any(|limit| matches!(limit, Limit::Format { entry, missing: known, .. } if *entry == channel.defined && *known == missing)) {
                        limits.push(limits::better(known, channel.defined, &missing));
                    }
                    Sight::Blind(channel.defined, missing)
                }
                (true, true, None) => Sight::Seen,
            };
            // The log that says most counts.
            let rank = |sight: &Sight| match sight {
                Sight::Seen => 0,
                Sight::Conditional(_) => 1,
                Sight::Blind(..) => 2,
                _ => 3,
            };
            if rank(&now) < rank(&sight) {
                sight = now;
            }
        }
        let inner = match Place::at(config, place) {
            Place::Location(location) => written.inner.get(&location),
            Place::Server(_) => None,
        };
        match (inner, &sight) {
            (Some(entry), Sight::Seen) => Sight::Conditional(*entry),
            _ => sight,
        }
    };
    let locations = || (0..config.locations.len() as u32).map(LocationId);
    let sights = locations().map(|location| match written::is_internal(config, location) {
        true => Sight::Internal,
        false => logged(location.0, &mut limits),
    });
    let mut sights: Vec<Sight> = sights.collect();
    // Where all is logged in a way that shows where requests came in, it does not matter where they end.
    let is_read = |at: usize| {
        let format = written.channels.get(at).and_then(|channel| channel.format);
        format.is_some_and(|format| (0..sources.len()).any(|source| fits(source, at) && held(source, format)))
    };
    let by_end: Vec<bool> = (0..written.channels.len())
        .map(|at| !is_read(at) || written.channels.get(at).is_some_and(|channel| is_by_end(written, channel)))
        .collect();
    let by_end = |place: u32| written.of_place(place).iter().all(|at| by_end.get(*at) == Some(&true));
    let dark: Vec<bool> = (0..Place::count(config) as u32).map(|place| logged(place, &mut Vec::new()) != Sight::Seen).collect();
    let mut moves = Moves::new(reading.project, config, reading.router);
    let seen = |sights: &[Sight], id: LocationId| matches!(sights.get(id.index()), Some(Sight::Seen | Sight::Internal));
    let dark_servers: FxHashSet<ServerId> =
        dark.iter().zip(0..).filter(|(dark, _)| **dark).map(|(_, place)| Place::at(config, place).server(config)).collect();
    let wanted = |id: &LocationId| seen(&sights, *id) && (by_end(id.0) || dark_servers.contains(&config.location(*id).server));
    let wanted: Vec<LocationId> = locations().filter(wanted).collect();
    let wanted: Vec<(LocationId, Vec<Move>)> =
        wanted.into_iter().map(|id| (id, moves.of(id))).filter(|(_, moves)| !moves.is_empty()).collect();
    // By place: the directive by which its requests get to where they are not seen.
    let mut lost: FxHashMap<u32, EntryId> = FxHashMap::default();
    // By place: the numbers of those that lead there.
    let mut leading: FxHashMap<u32, Vec<usize>> = FxHashMap::default();
    for (number, (_, moves)) in wanted.iter().enumerate() {
        moves.iter().flat_map(|one| one.to.iter().flatten()).for_each(|to| leading.entry(*to).or_default().push(number));
    }
    let mut open: VecDeque<usize> = (0..wanted.len()).collect();
    while let Some((id, moves)) = open.pop_front().and_then(|number| wanted.get(number)) {
        if lost.contains_key(&id.0) {
            continue;
        }
        let is_lost = |to: &u32| dark.get(*to as usize) == Some(&true) || lost.contains_key(to);
        let hides = |one: &&Move| {
            let elsewhere =
                !one.stays && one.to.as_ref().map_or(dark_servers.contains(&config.location(*id).server), |to| to.iter().any(is_lost));
            elsewhere || one.renames && by_end(id.0)
        };
        if let Some(one) = moves.iter().find(hides) {
            lost.insert(id.0, one.entry);
            open.extend(leading.get(&id.0).into_iter().flatten());
        }
    }
    for (place, entry) in lost {
        if let Some(sight @ Sight::Seen) = sights.get_mut(place as usize) {
            *sight = Sight::Moved(entry);
        }
    }
    (sights, limits)
}

/// Does the log say only which URI a request had in the end? (`$uri`, without `$request` and `$request_uri`.)
fn is_by_end(written: &Written, channel: &Channel) -> bool {
    let format = channel.format.and_then(|format| written.formats.get(format));
    format.is_some_and(|format| format.has(Field::Uri) && !format.has(Field::Request) && !format.has(Field::RequestUri))
}
