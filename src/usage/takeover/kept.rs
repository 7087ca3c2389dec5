//! What is told of likely takeovers, kept from one state of a configuration to the next: for a location whose server stayed what it was
//! nothing is compared again.
//!
//! All that a takeover rests on is the server's block and what stands beside it in the blocks around. What is kept counts locations and
//! directives from there, so that it holds wherever the server stands, and however many there are like it.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};

use super::words::{Afterwards, afterwards, lost_guards, seen_from};
use super::{Takeover, likely, of};
use crate::config::effective::{Blocks, Site};
use crate::config::{Config, EntryId, LocationId, ServerId};
use crate::messages::{Argument, Language, Message};
use crate::nginx::merging;
use crate::project::{Place, Project};
use crate::routing::Router;
use crate::syntax::Body;
use crate::usage::logs::hash;

/// What is known of earlier states, by a hash of all that it rests on. Cheap to clone.
type Earlier = Arc<FxHashMap<u64, Slots>>;

/// By location of a server, in reading order; what nobody asked for is not there yet.
type Slots = Arc<[OnceLock<Box<Kept>>]>;

/// The takeovers of one configuration, each made when it is first asked for.
#[derive(Debug, Default)]
pub struct Takeovers {
    earlier: Earlier,
    now: OnceLock<Now>,
}

#[derive(Debug)]
struct Now {
    servers: Vec<Server>,
    known: Earlier,
}

/// Where a server stands now.
#[derive(Debug)]
struct Server {
    id: ServerId,
    /// Its block and, up to this one, all that is in it.
    entries: std::ops::Range<u32>,
    /// Its first location.
    location: u32,
    /// What else decides, in the blocks around it.
    outer: Arc<[EntryId]>,
    slots: Slots,
}

/// A directive, wherever the server stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Where {
    /// So many behind the server's own.
    Inside(u32),
    /// The so manyth of those around it.
    Outside(usize),
}

/// What is kept of one location's takeover.
#[derive(Debug)]
struct Kept {
    takers: Vec<Taker>,
    /// What a sentence says of all who take its URIs, with the first as in [`Taker::site`]: to know all costs more, and few are told of.
    afterwards: OnceLock<Option<(Option<u32>, Afterwards)>>,
    unguarded: Option<(Option<Where>, Message)>,
    /// How the sentences were said last: they are the same at the next keystroke.
    said: [Mutex<Option<Said>>; 2],
}

#[derive(Debug)]
struct Taker {
    /// As counted from the server's first location; `None` for the server itself.
    site: Option<u32>,
    /// Each thing that guards the location and not the taker.
    lost: Vec<(Option<Where>, Message)>,
    /// Another handler answers.
    answers_otherwise: bool,
}

/// A sentence, for whom and with which place in it.
#[derive(Debug)]
struct Said {
    language: Language,
    at: Option<Argument>,
    text: String,
}

impl Takeovers {
    /// For a configuration that comes after the one that the others are of.
    pub fn after(previous: &Takeovers) -> Takeovers {
        let earlier = previous.now.get().map_or(&previous.earlier, |now| &now.known).clone();
        Takeovers { earlier, now: OnceLock::new() }
    }

    /// Who takes likely URIs of a location when it goes away; `None` for a location of another configuration.
    pub fn likely(&self, blocks: &Blocks<'_>, router: &Router, id: LocationId) -> Option<Likely<'_>> {
        let now = self.now.get_or_init(|| Now::after(&self.earlier, blocks));
        let server = now.servers.get(blocks.config.location(id).server.index())?;
        let slot = server.slots.get((id.0.checked_sub(server.location)?) as usize)?;
        let kept = slot.get_or_init(|| Box::new(server.keep(blocks, &likely(blocks, router, id))));
        Some(Likely { kept, server, location: id })
    }
}

impl Now {
    fn after(earlier: &Earlier, blocks: &Blocks<'_>) -> Now {
        let (project, config) = (blocks.project, blocks.config);
        let mut sums = Sums { project, config, unknown: config.unknown_includes.iter().copied().collect(), around: FxHashMap::default() };
        let globals = [blocks.reads_captures(), config.all("add_header_inherit").is_empty(), config.all("add_trailer_inherit").is_empty()];
        let mut known = FxHashMap::default();
        let mut servers = Vec::with_capacity(config.servers.len());
        for (index, server) in config.servers.iter().enumerate() {
            let entries = server.entry.0..config.end(server.entry);
            let locations = entries.clone();
            let first = |entry: u32| config.locations.partition_point(|location| location.entry.0 < entry);
            let (location, behind) = (first(locations.start), first(locations.end));
            let (around, outer) = sums.around(server.entry);
            let mut sum = Sum(around);
            globals.into_iter().chain([server.synthetic]).for_each(|flag| sum.number(u64::from(flag)));
            sums.entries(entries.clone(), &mut sum);
            let fresh = || (location..behind).map(|_| OnceLock::new()).collect();
            let slots: &Slots = known.entry(sum.0).or_insert_with(|| earlier.get(&sum.0).cloned().unwrap_or_else(fresh));
            servers.push(Server { id: ServerId(index as u32), entries, location: location as u32, outer, slots: slots.clone() });
        }
        Now { servers, known: Arc::new(known) }
    }
}

impl Server {
    fn keep(&self, blocks: &Blocks<'_>, takeover: &Takeover) -> Kept {
        let place = |entry: EntryId| match self.entries.contains(&entry.0) {
            true => Some(Where::Inside(entry.0 - self.entries.start)),
            false => self.outer.iter().position(|outer| *outer == entry).map(Where::Outside),
        };
        let takers = takeover.takers.iter().map(|taker| Taker {
            site: match taker.site {
                Site::Location(id) => id.0.checked_sub(self.location),
                Site::Server(_) => None,
            },
            lost: taker
                .differences
                .iter()
                .filter(|difference| difference.guard)
                .map(|difference| (difference.here.and_then(place), difference.phrase.clone()))
                .collect(),
            answers_otherwise: taker.differences.iter().any(|difference| difference.about == "handler"),
        });
        Kept {
            takers: takers.collect(),
            afterwards: OnceLock::new(),
            unguarded: lost_guards(blocks, takeover).map(|(entry, message)| (entry.and_then(place), message)),
            said: Default::default(),
        }
    }

    fn entry(&self, place: Where) -> Option<EntryId> {
        match place {
            Where::Inside(number) => Some(EntryId(self.entries.start + number)),
            Where::Outside(number) => self.outer.get(number).copied(),
        }
    }

    fn site(&self, taker: &Taker) -> Site {
        taker.site.map_or(Site::Server(self.id), |number| Site::Location(LocationId(self.location + number)))
    }
}

/// What is told of one location's takeover, as it stands now.
#[derive(Debug, Clone, Copy)]
pub struct Likely<'a> {
    kept: &'a Kept,
    server: &'a Server,
    location: LocationId,
}

impl<'a> Likely<'a> {
    /// Who takes some of its URIs.
    pub fn takers(self) -> impl Iterator<Item = Site> {
        self.kept.takers.iter().map(move |taker| self.server.site(taker))
    }

    /// True when one of them lacks something that guards the location.
    pub fn loses_guards(self) -> bool {
        self.kept.takers.iter().any(|taker| !taker.lost.is_empty())
    }

    /// Of the first taker that is `meant`, that answers in the same way and that lacks something that guards the location: where the first such
    /// thing stands, and each.
    pub fn unguarded_by(self, config: &Config, meant: impl Fn(Site) -> bool) -> Option<(Option<Place>, impl Iterator<Item = &'a Message>)> {
        let fits = |taker: &&Taker| !taker.lost.is_empty() && !taker.answers_otherwise && meant(self.server.site(taker));
        let taker = self.kept.takers.iter().find(fits)?;
        let place = taker.lost.first().and_then(|(place, _)| self.server.entry((*place)?)).map(|entry| config.place(entry));
        Some((place, taker.lost.iter().map(|(_, message)| message)))
    }

    /// As [`super::sentence`] of [`super::of`], in words.
    pub fn sentence(self, blocks: &Blocks<'_>, router: &Router, language: Language) -> Option<String> {
        let all = || {
            let takeover = of(blocks, router, self.location);
            let first = match takeover.takers.first()?.site {
                Site::Location(id) => id.0.checked_sub(self.server.location),
                Site::Server(_) => None,
            };
            Some((first, afterwards(blocks, &takeover)?))
        };
        let (first, afterwards) = self.kept.afterwards.get_or_init(all).as_ref()?;
        let at = first.map(|number| LocationId(self.server.location + number));
        let at = at.map(|id| seen_from(blocks.project, blocks.config, id, self.location));
        Some(self.say(0, language, at, |at| afterwards.sentence(at)))
    }

    /// As [`super::unguarded`], in words.
    pub fn unguarded(self, config: &Config, language: Language) -> Option<(Option<Place>, String)> {
        let (place, message) = self.kept.unguarded.as_ref()?;
        let place = place.and_then(|place| self.server.entry(place)).map(|entry| config.place(entry));
        Some((place, self.say(1, language, None, |_| message.clone())))
    }

    fn say(self, which: usize, language: Language, at: Option<Argument>, message: impl Fn(Option<Argument>) -> Message) -> String {
        let Some(said) = self.kept.said.get(which) else { return message(at).say(language) };
        let mut said = said.lock().unwrap_or_else(PoisonError::into_inner);
        match &*said {
            Some(same) if same.language == language && same.at == at => same.text.clone(),
            _ => {
                let text = message(at.clone()).say(language);
                *said = Some(Said { language, at, text: text.clone() });
                text
            }
        }
    }
}

/// A hash of much. Seeded in each process, like those of log lines: two texts have the same one about once in 2^64.
struct Sum(u64);

impl Sum {
    fn number(&mut self, number: u64) {
        self.0 = hash::join(self.0, number);
    }

    fn text(&mut self, text: &str) {
        self.number(hash::bytes(hash::seed(), text.as_bytes()));
    }
}

/// Makes sums of a configuration's directives.
struct Sums<'a> {
    project: &'a Project,
    config: &'a Config,
    unknown: FxHashSet<EntryId>,
    /// By the block around a server: what decides there and further out.
    around: FxHashMap<Option<EntryId>, (u64, Arc<[EntryId]>)>,
}

impl Sums<'_> {
    /// Directives that follow each other, with all that is in them: names, arguments, Lua code, and how they are nested.
    fn entries(&self, range: std::ops::Range<u32>, sum: &mut Sum) {
        for number in range.clone() {
            let id = EntryId(number);
            let entry = self.config.entry(id);
            let directive = &entry.directive;
            let nesting = entry.parent.map_or(0, |parent| if range.contains(&parent.0) { number - parent.0 } else { 0 });
            sum.number(u64::from(nesting) << 32 | (directive.args.len() as u64) << 1 | u64::from(self.unknown.contains(&id)));
            sum.text(&directive.name.value);
            directive.args.iter().for_each(|word| sum.text(&word.value));
            match &directive.body {
                Body::Simple => sum.number(1),
                Body::Block(_) => sum.number(2),
                Body::Lua(span) => sum.text(&self.project.text(entry.file).slice(*span)),
            }
        }
    }

    /// What decides about requests in the blocks around a server.
    fn around(&mut self, server: EntryId) -> (u64, Arc<[EntryId]>) {
        let config = self.config;
        let parent = config.entry(server).parent;
        if let Some((sum, outer)) = self.around.get(&parent) {
            return (*sum, outer.clone());
        }
        let mut sum = Sum(0);
        let mut outer = Vec::new();
        for block in config.ancestors(server).skip(1).map(Some).chain([None]) {
            sum.number(u64::from(block.is_some_and(|block| self.unknown.contains(&block))));
            let inside: &[EntryId] = block.map_or(&config.top, |block| &config.entry(block).children);
            for child in inside.iter().copied().filter(|child| block.is_some() || config.entry(*child).parent.is_none()) {
                let name = &*config.directive(child).name.value;
                if merging::of(name).is_some() || merging::is_unknown(name) || self.unknown.contains(&child) {
                    outer.push(child);
                    self.entries(child.0..config.end(child), &mut sum);
                }
            }
        }
        let found: (u64, Arc<[EntryId]>) = (sum.0, outer.into());
        self.around.insert(parent, found.clone());
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load_project;

    struct Loaded {
        project: Project,
        config: Config,
        router: Router,
    }

    fn loaded(text: &str) -> Loaded {
        let (project, config, router) = load_project(text);
        Loaded { project, config, router }
    }

    /// Of each location what is told of its takeover, and how many of them were known from an earlier state.
    fn told(loaded: &Loaded, earlier: &Takeovers) -> (Vec<String>, usize, Takeovers) {
        let Loaded { project, config, router } = loaded;
        let blocks = Blocks::new(project, config);
        let takeovers = Takeovers::after(earlier);
        let now = takeovers.now.get_or_init(|| Now::after(&takeovers.earlier, &blocks));
        let known = now.servers.iter().flat_map(|server| server.slots.iter()).filter(|slot| slot.get().is_some()).count();
        let texts = (0..config.locations.len() as u32).map(|number| {
            let id = LocationId(number);
            let fresh = likely(&blocks, router, id);
            let kept = takeovers.likely(&blocks, router, id).expect("a location");
            let language = Language::English;
            let sentence = kept.sentence(&blocks, router, language);
            assert_eq!(
                sentence,
                super::super::sentence(&blocks, &of(&blocks, router, id)).map(|message| message.say(language)),
                "{number}"
            );
            let unguarded = super::super::unguarded(&blocks, &fresh).map(|(place, message)| (place, message.say(language)));
            assert_eq!(kept.unguarded(config, language), unguarded, "{number}");
            assert_eq!(kept.takers().collect::<Vec<_>>(), fresh.takers.iter().map(|taker| taker.site).collect::<Vec<_>>());
            assert_eq!(kept.loses_guards(), fresh.guards().next().is_some());
            sentence.unwrap_or_default()
        });
        let texts = texts.collect();
        (texts, known, takeovers)
    }

    const FIRST: &str = "server { listen 80; location / { deny all; } location /a { auth_basic x; proxy_pass http://y; } }";
    const SECOND: &str = "server { listen 81; location /b { limit_req zone=z; return 200; location /b/c { root /x; } } location /b/ { } }";

    #[test]
    fn a_server_that_stays_what_it_was_is_not_compared_again_wherever_it_stands() {
        let text = |first: &str, outer: &str| format!("events {{ }}\nhttp {{ {outer}\n{first}\n{SECOND}\n{SECOND}\n}}");
        let (before, known, earlier) = told(&loaded(&text(FIRST, "allow all;")), &Takeovers::default());
        assert_eq!(known, 0);
        assert!(before.iter().any(|text| text.contains("limit_req")), "{before:#?}");
        // Nothing changed.
        assert_eq!(told(&loaded(&text(FIRST, "allow all;")), &earlier).1, 8);
        // Lines, a server and names that do not matter come in front; what is said names the new lines.
        let moved =
            text(&format!("\n\n{FIRST}\nserver {{ listen 82; location /new {{ }} }}"), "allow all; log_format f x;\nmap $a $b { c d; }");
        let (after, known, _) = told(&loaded(&moved), &earlier);
        assert_eq!((known, after.len()), (8, 9));
        // One server changed: the two others are known.
        let (_, known, _) = told(&loaded(&text(&FIRST.replace("auth_basic x", "auth_basic y"), "allow all;")), &earlier);
        assert_eq!(known, 6);
        // What they all inherit changed.
        let (after, known, _) = told(&loaded(&text(FIRST, "allow all; limit_req zone=z;")), &earlier);
        assert_eq!(known, 0);
        assert_ne!(after, before);
        // So did what the location's captures may be read by.
        assert_eq!(told(&loaded(&text(FIRST, "allow all; add_header X $1;")), &earlier).1, 0);
    }

    #[test]
    fn nesting_and_code_count() {
        let text = |inside: &str| format!("http {{ server {{ listen 80; location / {{ }} location /a {{ {inside} }} }} }}");
        let (_, _, earlier) = told(&loaded(&text("if ($x) { return 403; } root /y;")), &Takeovers::default());
        for other in ["if ($x) { return 403; root /y; }", "if ($x) { return 403; } root /z;", "if ($x) { } return 403; root /y;"] {
            assert_eq!(told(&loaded(&text(other)), &earlier).1, 0, "{other}");
        }
        let (_, _, earlier) = told(&loaded(&text("access_by_lua_block { a() }")), &Takeovers::default());
        assert_eq!(told(&loaded(&text("access_by_lua_block { b() }")), &earlier).1, 0);
        assert_eq!(told(&loaded(&text("  access_by_lua_block { a() }")), &earlier).1, 2);
    }
}
