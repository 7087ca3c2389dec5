//! What is counted of each place, by stretches of time: how far back requests count is known only when the newest one has been seen.

use super::clients::Clients;
use super::{Agents, Hits, Seconds};

/// The methods that are told apart; every other counts as the last one.
pub const METHODS: [&str; 17] = [
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "PATCH",
    "OPTIONS",
    "PROPFIND",
    "PROPPATCH",
    "MKCOL",
    "COPY",
    "MOVE",
    "LOCK",
    "UNLOCK",
    "TRACE",
    "CONNECT",
    "OTHER",
];

/// The index of a method in [`METHODS`].
#[inline]
pub fn method(name: &[u8]) -> u8 {
    match name {
        b"GET" => 0,
        b"POST" => 1,
        b"HEAD" => 2,
        name => METHODS.iter().position(|known| known.as_bytes() == name).unwrap_or(METHODS.len() - 1) as u8,
    }
}

/// Who asks, by the `User-Agent`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Agent {
    /// None of the following.
    Other,
    /// A crawler.
    Bot,
    /// A tool that looks for holes.
    Scanner,
    /// A health check.
    Check,
}

/// One request, as it is counted.
#[derive(Debug, Clone, Copy)]
pub struct Hit {
    /// When it came; `None` where no time is logged.
    pub time: Option<Seconds>,
    /// The status; 0 where none is logged.
    pub status: u16,
    /// See [`method`].
    pub method: u8,
    /// Who asked.
    pub agent: Agent,
    /// The hash of the client's address; `None` where none is logged.
    pub client: Option<u64>,
}

/// Requests of one place in one stretch of time.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    total: u64,
    classes: [u64; 6],
    not_found: u64,
    first: Option<Seconds>,
    last: Option<Seconds>,
    methods: [u64; METHODS.len()],
    clients: Clients,
    agents: [u64; 4],
    perhaps: u64,
    passed: u64,
    relayed: u64,
}

/// In what way a request concerns a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// It answered it.
    Total,
    /// It may have.
    Perhaps,
    /// The request went through.
    Passed,
    /// Another server handed it on to here.
    Relayed,
}

impl Tally {
    #[inline]
    fn add(&mut self, how: How, hit: &Hit) {
        match how {
            How::Total => {}
            How::Perhaps => return self.perhaps += 1,
            How::Passed => return self.passed += 1,
            How::Relayed => return self.relayed += 1,
        }
        self.total += 1;
        let class = usize::from(hit.status / 100);
        if let Some(count) = self.classes.get_mut(if class > 5 { 0 } else { class }) {
            *count += 1;
        }
        self.not_found += u64::from(hit.status == 404);
        if let Some(time) = hit.time {
            self.first = Some(self.first.map_or(time, |first| first.min(time)));
            self.last = Some(self.last.map_or(time, |last| last.max(time)));
        }
        if let Some(count) = self.methods.get_mut(usize::from(hit.method)) {
            *count += 1;
        }
        if let Some(count) = self.agents.get_mut(hit.agent as usize) {
            *count += 1;
        }
        if let Some(client) = hit.client {
            self.clients.add(client);
        }
    }

    /// Adds all that another one counted.
    pub fn join(&mut self, other: &Tally) {
        let add = |mine: &mut [u64], theirs: &[u64]| mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        self.total += other.total;
        add(&mut self.classes, &other.classes);
        self.not_found += other.not_found;
        self.first = self.first.into_iter().chain(other.first).min();
        self.last = self.last.max(other.last);
        add(&mut self.methods, &other.methods);
        add(&mut self.agents, &other.agents);
        self.clients.join(&other.clients);
        self.perhaps += other.perhaps;
        self.passed += other.passed;
        self.relayed += other.relayed;
    }

    /// The same for readers; without an example.
    pub fn hits(&self) -> Hits {
        let mut methods: Vec<(&str, u64)> = METHODS.into_iter().zip(self.methods).filter(|(_, count)| *count > 0).collect();
        methods.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        methods.truncate(8);
        let [others, bots, scanners, checks] = self.agents;
        Hits {
            total: self.total,
            classes: self.classes,
            not_found: self.not_found,
            first: self.first,
            last: self.last,
            methods: methods.into_iter().map(|(name, count)| (name.into(), count)).collect(),
            clients: self.clients.count(),
            agents: Agents { others, bots, scanners, checks },
            perhaps: self.perhaps,
            passed: self.passed,
            relayed: self.relayed,
            example: None,
        }
    }
}

/// How stretches of time are cut.
///
/// Requests count from `asked` seconds before the newest one, and which that is is known at the end. So what is counted is kept in stretches,
/// of which those that end before that moment are dropped in the end. `origin` is that moment as far as it can be guessed before (the newest
/// request at the end of a plain file): with a right guess the stretches begin exactly there; with none, requests count from up to one
/// stretch, a 24th of `asked`, earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretches {
    /// How far back requests count, in seconds.
    pub asked: Option<Seconds>,
    /// Where a stretch begins. Nothing before it can count.
    pub origin: Option<Seconds>,
}

/// Into how many stretches what was asked is cut.
const STRETCHES: Seconds = 24;

impl Stretches {
    /// The stretch of a moment; `None` for one that is too early to count.
    #[inline]
    fn of(&self, time: Option<Seconds>) -> Option<i64> {
        match (time, self.asked) {
            (Some(time), _) if self.origin.is_some_and(|origin| time < origin) => None,
            (Some(time), Some(asked)) => Some((time - self.origin.unwrap_or(0)).div_euclid(Self::width(asked))),
            // Without a time nothing can be said against it.
            (None, Some(_)) => Some(i64::MAX),
            (_, None) => Some(0),
        }
    }

    fn width(asked: Seconds) -> Seconds {
        (asked / STRETCHES).max(1)
    }

    /// The first stretch that counts when this is the newest moment.
    fn oldest(&self, newest: Seconds) -> i64 {
        match self.asked {
            Some(asked) => (newest - asked - self.origin.unwrap_or(0)).div_euclid(Self::width(asked)),
            None => 0,
        }
    }
}

/// What one thread counted, of all places.
#[derive(Debug)]
pub struct Tallies {
    stretches: Stretches,
    places: usize,
    /// Each stretch that may count, in no order.
    kept: Vec<(i64, Vec<Option<Box<Tally>>>)>,
    current: usize,
    newest: Option<Seconds>,
    /// The first that may count.
    oldest: i64,
}

impl Tallies {
    /// Nothing is counted yet.
    pub fn new(stretches: Stretches, places: usize) -> Tallies {
        Tallies { stretches, places, kept: Vec::new(), current: 0, newest: None, oldest: i64::MIN }
    }

    /// True when a request of that time may count; to be asked before [`Tallies::add`].
    #[inline]
    pub fn opens(&mut self, time: Option<Seconds>) -> bool {
        let Some(stretch) = self.stretches.of(time) else { return false };
        if time > self.newest {
            self.newest = time;
        }
        if self.kept.get(self.current).is_some_and(|(known, _)| *known == stretch) {
            return true;
        }
        self.turn(stretch)
    }

    #[cold]
    fn turn(&mut self, stretch: i64) -> bool {
        if let Some(newest) = self.newest {
            self.oldest = self.stretches.oldest(newest);
            let oldest = self.oldest;
            self.kept.retain(|(known, _)| *known >= oldest);
        }
        if stretch < self.oldest {
            self.current = usize::MAX;
            return false;
        }
        self.current = match self.kept.iter().position(|(known, _)| *known == stretch) {
            Some(at) => at,
            None => {
                self.kept.push((stretch, (0..self.places).map(|_| None).collect()));
                self.kept.len() - 1
            }
        };
        true
    }

    /// Counts a request for a place, in the stretch that was opened last.
    #[inline]
    pub fn add(&mut self, place: u32, how: How, hit: &Hit) {
        if let Some((_, tallies)) = self.kept.get_mut(self.current)
            && let Some(tally) = tallies.get_mut(place as usize)
        {
            tally.get_or_insert_default().add(how, hit);
        }
    }

    /// Adds what another thread counted.
    pub fn join(&mut self, other: Tallies) {
        self.newest = self.newest.max(other.newest);
        for (stretch, theirs) in other.kept {
            match self.kept.iter_mut().find(|(known, _)| *known == stretch) {
                None => self.kept.push((stretch, theirs)),
                Some((_, mine)) => {
                    for (mine, theirs) in mine.iter_mut().zip(theirs) {
                        match (mine.as_mut(), theirs) {
                            (Some(mine), Some(theirs)) => mine.join(&theirs),
                            (None, theirs) => *mine = theirs,
                            (Some(_), None) => {}
                        }
                    }
                }
            }
        }
    }

    /// The longest time without any request between the first and the last that count, in seconds, to the width of a stretch; 0 where nothing was
    /// asked for.
    pub fn hole(&self) -> Seconds {
        let (Some(asked), Some(newest)) = (self.stretches.asked, self.newest) else { return 0 };
        let oldest = self.stretches.oldest(newest);
        let mut present: Vec<i64> =
            self.kept.iter().map(|(stretch, _)| *stretch).filter(|one| *one >= oldest && *one != i64::MAX).collect();
        present.sort_unstable();
        let longest = present.windows(2).map(|pair| pair[1] - pair[0] - 1).max().unwrap_or(0);
        longest * Stretches::width(asked)
    }

    /// All that counts, by place.
    pub fn finish(self) -> Vec<Tally> {
        let oldest = self.newest.map_or(i64::MIN, |newest| self.stretches.oldest(newest));
        let mut out = vec![Tally::default(); self.places];
        for (_, tallies) in self.kept.iter().filter(|(stretch, _)| *stretch >= oldest) {
            for (all, tally) in out.iter_mut().zip(tallies) {
                if let Some(tally) = tally {
                    all.join(tally);
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::time::DAY;
    use super::*;

    fn counted(stretches: Stretches, times: &[Seconds]) -> (u64, Option<Seconds>) {
        let hit = |time| Hit { time: Some(time), status: 200, method: 0, agent: Agent::Other, client: None };
        // Two threads, each with every second request.
        let mut threads = [Tallies::new(stretches, 1), Tallies::new(stretches, 1)];
        for (at, time) in times.iter().enumerate() {
            let tallies = &mut threads[at % 2];
            if tallies.opens(Some(*time)) {
                tallies.add(0, How::Total, &hit(*time));
            }
        }
        let [mut first, second] = threads;
        first.join(second);
        let tally = &first.finish()[0];
        (tally.total, tally.first)
    }

    #[test]
    fn only_what_is_near_enough_to_the_newest_counts_in_whatever_order_it_comes() {
        let week = Stretches { asked: Some(7 * DAY), origin: None };
        let hours: Vec<Seconds> = (0..30 * 24).map(|hour| 1_700_000_000 + hour * 3_600).collect();
        let newest = hours[hours.len() - 1];
        let mut backwards = hours.clone();
        backwards.reverse();
        // One stretch is seven hours; up to that many too early ones may count.
        let (count, first) = counted(week, &hours);
        assert!((169..=176).contains(&count), "{count}");
        assert!(first.is_some_and(|first| first <= newest - 7 * DAY && first > newest - 7 * DAY - 8 * 3_600));
        assert_eq!(counted(week, &backwards), (count, first));
        let exact = Stretches { origin: Some(newest - 7 * DAY), ..week };
        assert_eq!(counted(exact, &hours), (169, Some(newest - 7 * DAY)));
        assert_eq!(counted(exact, &backwards), (169, Some(newest - 7 * DAY)));
        assert_eq!(counted(Stretches { asked: None, origin: None }, &hours).0, 720);
        assert_eq!(counted(Stretches { asked: None, origin: Some(newest - 3_600) }, &hours).0, 2, "a day from which on they count");
    }

    #[test]
    fn of_a_long_log_no_more_is_kept_than_counts() {
        let mut tallies = Tallies::new(Stretches { asked: Some(DAY), origin: None }, 1);
        for hour in 0..10_000 {
            assert!(tallies.opens(Some(hour * 3_600)));
            assert!(tallies.kept.len() <= STRETCHES as usize + 2);
        }
        assert!(!tallies.opens(Some(0)));
    }
}
