//! Questions that nobody can answer, and the ways that come of answering them one way and then the other.
//!
//! A run through the phases is a straight line. Where it meets a question, it takes the answer that was laid down for it, or the
//! first; afterwards the run is made again with another answer. One question has one answer within a run.

use std::collections::VecDeque;

use rustc_hash::{FxHashMap, FxHashSet};

use super::step::StepKind;
use super::{Condition, Hop, Trace, Way};
use crate::messages::Message;
use crate::project::Place;

/// How many ways of one request are followed.
const MAX_WAYS: usize = 24;

/// The answers of one run.
#[derive(Debug, Default)]
pub(super) struct Decisions {
    laid_down: Vec<usize>,
    made: Vec<Made>,
    known: FxHashMap<String, usize>,
}

/// One answer.
#[derive(Debug)]
struct Made {
    key: String,
    taken: usize,
    alternatives: Vec<Message>,
    place: Option<Place>,
    hop: usize,
    step: usize,
}

impl Decisions {
    /// The answer to a question: an index of `alternatives`, each of which says what then holds. `at` is the hop and the step
    /// that depends on it.
    pub(super) fn decide(&mut self, key: String, place: Option<Place>, alternatives: Vec<Message>, at: (usize, usize)) -> usize {
        if let Some(taken) = self.known.get(&key) {
            return *taken;
        }
        let taken = self.laid_down.get(self.made.len()).copied().unwrap_or(0);
        self.known.insert(key.clone(), taken);
        self.made.push(Made { key, taken, alternatives, place, hop: at.0, step: at.1 });
        taken
    }
}

/// Runs with every set of answers, those that differ least from the first first.
pub(super) fn all_ways(mut run: impl FnMut(Decisions) -> (Decisions, Vec<Hop>)) -> Trace {
    let mut open = VecDeque::from([Vec::new()]);
    let mut runs: Vec<(Vec<Made>, Vec<Hop>)> = Vec::new();
    while let Some(laid_down) = open.pop_front() {
        if runs.len() >= MAX_WAYS {
            open.push_front(laid_down);
            break;
        }
        let fixed = laid_down.len();
        let (decisions, hops) = run(Decisions { laid_down, ..Decisions::default() });
        for (index, made) in decisions.made.iter().enumerate().skip(fixed) {
            for other in 1..made.alternatives.len() {
                open.push_back(decisions.made.iter().take(index).map(|made| made.taken).chain([other]).collect());
            }
        }
        runs.push((decisions.made, hops));
    }
    let mut trace = Trace { ways: Vec::new(), gave_up: !open.is_empty() };
    // A fallback that only goes round in circles when the folder that it names is not there is not what a person has in mind.
    let circles = |hops: &[Hop]| hops.iter().flat_map(|hop| &hop.steps).any(|step| step.kind == StepKind::TooManyChanges);
    if let Some(at) = runs.iter().position(|(_, hops)| !circles(hops)) {
        let sound = runs.remove(at);
        runs.insert(0, sound);
    }
    // A way that ends where the first one ends tells nothing new.
    let Some((_, first)) = runs.first() else { return trace };
    let matters: Vec<bool> = runs.iter().enumerate().map(|(index, (_, hops))| index == 0 || differs(first, hops)).collect();
    // A question matters where two ways that answer only it differently end differently.
    let mut keys: FxHashSet<String> = FxHashSet::default();
    for (index, (one, hops)) in runs.iter().enumerate() {
        for (two, other_hops) in runs.iter().skip(index + 1) {
            let other = |made: &Made| two.iter().find(|other| other.key == made.key).is_some_and(|other| other.taken != made.taken);
            let mut apart = one.iter().filter(|made| other(made));
            if let (Some(only), None) = (apart.next(), apart.next())
                && differs(hops, other_hops)
            {
                keys.insert(only.key.clone());
            }
        }
    }
    for ((made, hops), _) in runs.into_iter().zip(matters).filter(|(_, matters)| *matters) {
        let conditions = made.into_iter().filter(|made| keys.contains(&made.key)).map(|mut made| {
            let text = (made.taken < made.alternatives.len()).then(|| made.alternatives.swap_remove(made.taken));
            let text = text.unwrap_or_else(|| Message::verbatim(""));
            Condition { hop: made.hop, step: made.step, place: made.place, text }
        });
        let conditions: Vec<Condition> = conditions.collect();
        let told = |way: &Way| {
            let texts = way.conditions.iter().map(|condition| &condition.text);
            texts.eq(conditions.iter().map(|condition| &condition.text)) && !differs(&way.hops, &hops)
        };
        if !trace.ways.iter().any(told) {
            trace.ways.push(Way { conditions, hops });
        }
    }
    trace
}

/// Do two ways end differently for the client, or for anybody who gets the request?
fn differs(one: &[Hop], two: &[Hop]) -> bool {
    let same = |one: &Hop, two: &Hop| {
        (one.server, one.location, one.status) == (two.server, two.location, two.status)
            && one.handler == two.handler
            && one.upstream == two.upstream
            && one.upstream_uri == two.upstream_uri
            && one.redirect == two.redirect
            && one.file == two.file
    };
    one.len() != two.len() || one.iter().zip(two).any(|(one, two)| !same(one, two))
}
