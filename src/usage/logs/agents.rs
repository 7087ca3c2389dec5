//! Who asks, by the `User-Agent`: `agents.tsv` holds the texts by which they are known.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

use super::hash;
use super::tally::Agent;

struct Known {
    texts: Option<AhoCorasick>,
    kinds: Vec<Agent>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let mut rows: Vec<(Agent, &str)> = include_str!("agents.tsv").lines().filter_map(row).collect();
    // Of texts that overlap the one that comes first counts.
    rows.sort_by_key(|(kind, _)| rank(*kind));
    let texts = AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(rows.iter().map(|row| row.1));
    Known { texts: texts.ok(), kinds: rows.into_iter().map(|(kind, _)| kind).collect() }
});

fn row(line: &'static str) -> Option<(Agent, &'static str)> {
    let (kind, text) = line.split_once('\t')?;
    let kind = match kind {
        "scanner" => Agent::Scanner,
        "check" => Agent::Check,
        "bot" => Agent::Bot,
        _ => return None,
    };
    (!line.starts_with('#') && !text.is_empty()).then_some((kind, text))
}

fn rank(kind: Agent) -> u8 {
    match kind {
        Agent::Scanner => 0,
        Agent::Check => 1,
        Agent::Bot => 2,
        Agent::Other => 3,
    }
}

/// The kind of an agent, as its header says it.
pub fn classify(agent: &[u8]) -> Agent {
    let Some(texts) = &KNOWN.texts else { return Agent::Other };
    let found = texts.find_overlapping_iter(agent).filter_map(|found| KNOWN.kinds.get(found.pattern().as_usize()).copied());
    found.min_by_key(|kind| rank(*kind)).unwrap_or(Agent::Other)
}

/// Remembers the agents that came last: there are few different ones in most logs.
#[derive(Debug)]
pub struct Cache {
    /// Hash and kind.
    slots: Vec<(u64, Agent)>,
    seed: hash::Seed,
}

const SLOTS: usize = 1024;

impl Default for Cache {
    fn default() -> Self {
        Cache { slots: vec![(0, Agent::Other); SLOTS], seed: hash::seed() }
    }
}

impl Cache {
    /// The kind of an agent.
    #[inline]
    pub fn kind(&mut self, agent: &[u8]) -> Agent {
        let hash = hash::bytes(self.seed, agent);
        match self.slots.get_mut(hash as usize % SLOTS) {
            Some((known, kind)) if *known == hash => *kind,
            Some(slot) => {
                let kind = classify(agent);
                *slot = (hash, kind);
                kind
            }
            None => classify(agent),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agents_are_known_by_what_they_say() {
        for (agent, kind) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", Agent::Other),
            ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", Agent::Bot),
            ("kube-probe/1.31", Agent::Check),
            ("ELB-HealthChecker/2.0", Agent::Check),
            ("Mozilla/5.0 (compatible; Nuclei - Open-source project (github.com/projectdiscovery/nuclei))", Agent::Scanner),
            ("sqlmap/1.8 (https://sqlmap.org)", Agent::Scanner),
            ("Mozilla/5.0 (compatible; CensysInspect/1.1; +https://about.censys.io/)", Agent::Scanner),
            ("curl/8.5.0", Agent::Other),
            ("claude-cli/2.0 (external, cli)", Agent::Other),
            ("Prometheus/3.5.0", Agent::Check),
            ("", Agent::Other),
            ("-", Agent::Other),
        ] {
            assert_eq!(classify(agent.as_bytes()), kind, "{agent}");
            let mut cache = Cache::default();
            assert_eq!((cache.kind(agent.as_bytes()), cache.kind(agent.as_bytes())), (kind, kind));
        }
        assert!(KNOWN.texts.is_some());
    }
}
