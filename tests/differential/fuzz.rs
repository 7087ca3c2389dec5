//! A trace against a real nginx on configurations and requests that are made at random. What differs is made small before it is
//! shown: directives, blocks and parts of the request go as long as it still differs.

use std::time::{Duration, Instant};

use nginx_analyzer::config::{EntryId, Matcher};
use nginx_analyzer::routing::uri;

use crate::backend::Backends;
use crate::live::binary;
use crate::random::{FILES, Maker, Node, print};
use crate::real::{Answer, Ask, Real, place};
use crate::support::{Loaded, Random, SEED, load, number};
use crate::told::{Wanted, differences};

/// How long to go on, in seconds, instead of a fixed number of configurations.
const SECONDS: &str = "NGINX_ANALYZER_FUZZ_SECONDS";
/// Configurations when nothing is said, and requests for each.
const CONFIGURATIONS: u64 = 160;
const REQUESTS: usize = 25;
/// With so many differences it ends.
const ENOUGH: usize = 4;
/// How often nginx is started to make one difference small.
const TRIALS: usize = 500;

pub fn files() -> Vec<(String, String)> {
    FILES.iter().map(|path| ((*path).to_owned(), format!("file {path}"))).collect()
}

/// What nginx did, as a trace should tell it.
fn wanted(ask: &Ask, answer: &Answer) -> Wanted {
    Wanted {
        at: Some(answer.at.clone()),
        status: Some(answer.status),
        uri: Some(answer.uri.clone()),
        args: Some(answer.args.clone()),
        redirect: Some(answer.redirect.clone().unwrap_or_default()),
        file: (answer.status == 200 && answer.hits.is_empty() && answer.inner.is_empty())
            .then(|| String::from_utf8_lossy(&answer.file).into_owned()),
        body: (ask.method != "HEAD").then(|| answer.body.clone()),
        sent: Some(answer.hits.iter().map(|hit| (hit.backend.clone(), hit.uri.clone())).collect()),
        through: Vec::new(),
        inner: answer.inner.iter().map(inner).collect(),
    }
}

/// What nginx did with a request that it sent to itself.
pub fn inner(answer: &Answer) -> Wanted {
    Wanted {
        at: Some(answer.at.clone()),
        status: Some(answer.status),
        uri: Some(answer.uri.clone()),
        args: Some(answer.args.clone()),
        redirect: Some(answer.redirect.clone().unwrap_or_default()),
        ..Wanted::default()
    }
}

/// Before 1.29.4 nginx reads past the end of a URI that is shorter than the name of the location whose `proxy_pass` has a URI: what
/// it then does is nobody's intention.
pub fn is_undefined(loaded: &Loaded, answer: &Answer) -> bool {
    // Nor is it anybody's, later on, what a backend received then.
    if answer.hits.iter().any(|hit| !hit.method.bytes().all(|byte| byte.is_ascii_uppercase()) || hit.method.is_empty()) {
        return true;
    }
    // Beside a port it makes none that is a number; with the sockets in the ports' place nothing of that is seen.
    if answer.status == 502 && !answer.uri.starts_with(b"/") && answer.hits.is_empty() {
        return true;
    }
    // A URI that is sent as it is may make no request line; what the other side then logs, and when, is its own affair.
    if answer.inner.iter().any(|inner| inner.status == 400 || is_undefined(loaded, inner)) {
        return true;
    }
    let Some((_, Some(location))) = place(loaded, &answer.at) else { return false };
    let long = |location: &nginx_analyzer::config::Location| match &location.matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => name.len() > answer.uri.len(),
        _ => false,
    };
    let around = std::iter::successors(Some(location), |id| loaded.config.location(*id).parent);
    let mut around = around.map(|id| loaded.config.location(id));
    around.any(long)
}

/// A request that a trace and nginx see differently.
struct Difference {
    answer: Answer,
    told: Vec<String>,
}

fn has(loaded: &Loaded, directive: &str) -> bool {
    !loaded.config.all(directive).is_empty()
}

/// nginx asks how long all parts of a text are before it writes any: a `map` that is looked up between may take the captures away that were
/// asked, and what is then copied is nobody's intention.
fn takes_captures_away(loaded: &Loaded) -> bool {
    let config = &loaded.config;
    let by_regex = |map: &EntryId| config.entry(*map).children.iter().any(|entry| config.directive(*entry).name.value.starts_with('~'));
    let is_capture = |text: &str| text.split('$').skip(1).any(|part| part.starts_with(|c: char| c.is_ascii_digit()));
    let reads = |entry: &EntryId| config.directive(*entry).args.iter().any(|word| is_capture(&word.value));
    let texts = ["return", "rewrite", "set", "proxy_pass"];
    config.all("map").iter().any(by_regex) && texts.iter().flat_map(|name| config.all(name)).any(reads)
}

fn differ(loaded: &Loaded, real: &Real<'_>, ask: &Ask) -> std::io::Result<Option<Difference>> {
    let answer = real.ask(ask)?;
    // Of a target that nginx refuses no header is read: backends do not hear what they shall answer.
    let unread = uri::parse_target(&ask.target, true).is_err();
    let deaf = (ask.accel.is_some() || ask.upstream_status.is_some()) && unread;
    // Nor is the one that says who the client is.
    let nameless = unread && (has(loaded, "allow") || has(loaded, "deny"));
    // What a check gets from nginx itself is not followed.
    let checks = has(loaded, "auth_request") && !answer.inner.is_empty();
    // What nginx sends to itself with a raw space, line feed or percent sign it refuses, and the log may say so only later.
    let is_cut = |byte: &u8| matches!(byte, b' ' | b'\n');
    let ends_early =
        has(loaded, "proxy_pass") && (answer.args.iter().any(is_cut) || answer.uri.iter().any(|byte| is_cut(byte) || *byte == b'%'));
    if deaf || nameless || checks || ends_early || is_undefined(loaded, &answer) {
        return Ok(None);
    }
    let mut told = differences(loaded, &files(), ask, &wanted(ask, &answer));
    if takes_captures_away(loaded) {
        let texts = ["body: ", "redirect: ", "uri: ", "args: ", "sent: "];
        told.retain(|difference| !texts.iter().any(|text| difference.starts_with(text)));
    }
    Ok((!told.is_empty()).then_some(Difference { answer, told }))
}

/// Makes a configuration and a request smaller as long as they show a difference.
struct Shrink<'a> {
    binary: &'a std::path::Path,
    backends: &'a Backends,
    trials: usize,
    nodes: Vec<Node>,
    ask: Ask,
    shown: Difference,
}

impl Shrink<'_> {
    /// Takes it over if it still shows a difference.
    fn attempt(&mut self, nodes: Vec<Node>, ask: Ask) -> bool {
        if self.trials >= TRIALS {
            return false;
        }
        self.trials += 1;
        let config = print(&nodes);
        let Ok(real) = Real::start(self.binary, &config, &files(), self.backends) else { return false };
        let Ok(Some(shown)) = differ(&load(&config), &real, &ask) else { return false };
        (self.nodes, self.ask, self.shown) = (nodes, ask, shown);
        true
    }

    fn run(&mut self) {
        loop {
            let before = (self.nodes.clone(), self.ask.clone());
            let mut at = 0;
            while at < count(&self.nodes) {
                let gone = edit(&self.nodes, at, &mut |_| Vec::new());
                if self.attempt(gone, self.ask.clone()) {
                    continue;
                }
                let opened = edit(&self.nodes, at, &mut |node| node.inside.clone().unwrap_or_else(|| vec![node.clone()]));
                if opened != self.nodes && self.attempt(opened, self.ask.clone()) {
                    continue;
                }
                at += 1;
            }
            self.request();
            if before == (self.nodes.clone(), self.ask.clone()) || self.trials >= TRIALS {
                return;
            }
        }
    }

    fn request(&mut self) {
        let simple: [fn(&mut Ask); 5] = [
            |ask| ask.method = "GET".to_owned(),
            |ask| ask.host = Some("h".to_owned()),
            |ask| ask.listen = "80".to_owned(),
            |ask| ask.upstream_status = None,
            |ask| ask.accel = None,
        ];
        for change in simple {
            let mut ask = self.ask.clone();
            change(&mut ask);
            if ask != self.ask {
                self.attempt(self.nodes.clone(), ask);
            }
        }
        let mut at = self.ask.target.len();
        while at > 1 {
            at -= 1;
            let mut ask = self.ask.clone();
            if at < ask.target.len() {
                ask.target.remove(at);
                self.attempt(self.nodes.clone(), ask);
            }
        }
    }
}

fn count(nodes: &[Node]) -> usize {
    nodes.iter().map(|node| 1 + node.inside.as_ref().map_or(0, |inside| count(inside))).sum()
}

/// The nodes with the nth one, counted from outside in, replaced.
fn edit(nodes: &[Node], nth: usize, with: &mut dyn FnMut(&Node) -> Vec<Node>) -> Vec<Node> {
    let mut out = Vec::new();
    let mut first = 0;
    for node in nodes {
        let size = count(std::slice::from_ref(node));
        match nth.checked_sub(first) {
            Some(0) => out.extend(with(node)),
            Some(below) if below < size => {
                let inside = node.inside.as_ref().map(|inside| edit(inside, below - 1, with));
                out.push(Node { head: node.head.clone(), inside });
            }
            _ => out.push(node.clone()),
        }
        first += size;
    }
    out
}

pub fn show(ask: &Ask) -> String {
    let target = String::from_utf8_lossy(&ask.target);
    let mut out = format!("{} {target}, Host {} on {}", ask.method, ask.host.as_deref().unwrap_or_default(), ask.listen);
    out.extend(ask.upstream_status.map(|status| format!(", backends answer {status}")));
    out.extend(ask.accel.as_ref().map(|to| format!(", X-Accel-Redirect {to}")));
    out
}

fn show_answer(answer: &Answer) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let sent: Vec<_> = answer.hits.iter().map(|hit| format!("{} {} {}", hit.backend, hit.method, text(&hit.uri))).collect();
    let body: String = text(&answer.body).chars().take(60).collect();
    let (status, at, uri, args) = (answer.status, &answer.at, text(&answer.uri), text(&answer.args));
    let inner: String = answer.inner.iter().map(|inner| format!("; to itself: {}", show_answer(inner))).collect();
    format!("{status} at {at}, uri {uri}, args {args}, redirect {:?}, sent {sent:?}, body {body:?}{inner}", answer.redirect)
}

#[test]
fn random_requests() {
    let Some(binary) = binary() else { return };
    let backends = Backends::new();
    let (start, seconds) = (Instant::now(), number(SECONDS));
    let mut seed = number(SEED).unwrap_or(1);
    let (mut configurations, mut refused, mut asked, mut ended, mut found) = (0, 0, 0, 0, Vec::new());
    let goes_on = |configurations: u64| match seconds {
        Some(seconds) => start.elapsed() < Duration::from_secs(seconds),
        None => configurations < CONFIGURATIONS,
    };
    while goes_on(configurations) && found.len() < ENOUGH {
        configurations += 1;
        let mut random = Random::new(seed);
        let mut maker = Maker::new(&mut random);
        let nodes = maker.configuration();
        let config = print(&nodes);
        let Ok(real) = Real::start(&binary, &config, &files(), &backends) else {
            refused += 1;
            seed += 1;
            continue;
        };
        let loaded = load(&config);
        for _ in 0..REQUESTS {
            let ask = maker.ask();
            if real.socket(&ask.listen).is_none() {
                continue;
            }
            let Ok(difference) = differ(&loaded, &real, &ask) else {
                // It crashed: see `is_undefined`.
                ended += 1;
                break;
            };
            asked += 1;
            let Some(shown) = difference else { continue };
            let mut shrink = Shrink { binary: &binary, backends: &backends, trials: 0, nodes: nodes.clone(), ask, shown };
            shrink.run();
            let (config, ask, shown) = (print(&shrink.nodes), shrink.ask, shrink.shown);
            let told = shown.told.join("; ");
            found.push(format!("seed {seed}: {}\n  {told}\n  nginx: {}\n{config}", show(&ask), show_answer(&shown.answer)));
            break;
        }
        seed += 1;
    }
    println!(
        "{configurations} configurations ({refused} refused), {asked} requests, {ended} after which nginx was gone, {} differences, {:.0?}",
        found.len(),
        start.elapsed()
    );
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(asked >= 2000 || seconds.is_some(), "only {asked} requests");
    assert!(refused * 3 < configurations, "{refused} of {configurations} refused");
}
