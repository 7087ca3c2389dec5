//! Facts about nginx's routing, one by one: the real nginx behaves as it is written down, and so does a trace.
//!
//! `facts/*.toml`: `http` is what stands in the `http` block, `server` what stands in a server of it that listens on 80, is named
//! `h` and has its files in `/w`. The nth server, location, `if` and `limit_except` are called `S0`, `L0`, `I0` and `X0`; a comment
//! says so. `refused`, `warned` and `quiet` are words that `nginx -t` says, or does not say. Of an answer, `at` is the block that is
//! in force at the end, `sent` the first URI that a backend receives, `backends` how many requests they receive. Where `beyond` is
//! given, a trace does not tell that, and why. What nginx refuses is found by the rule that `rule` names, or `no_rule` says why by none.

use std::collections::BTreeMap;
use std::path::Path;

use nginx_analyzer::rules::{self, Severity};
use nginx_analyzer::world::World;
use serde::Deserialize;

use crate::backend::Backends;
use crate::fuzz;
use crate::live::binary;
use crate::real::{self, Answer, Ask, Real, blocks};
use crate::support::{Loaded, load};
use crate::told::{Wanted, differences};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    fact: Vec<Fact>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fact {
    id: String,
    says: String,
    #[serde(default)]
    http: String,
    server: Option<String>,
    #[serde(default)]
    files: Vec<File>,
    refused: Option<String>,
    warned: Option<String>,
    quiet: Option<String>,
    rule: Option<String>,
    no_rule: Option<String>,
    beyond: Option<String>,
    #[serde(default)]
    asks: Vec<Expected>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum File {
    Path(String),
    Text { path: String, text: String },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    get: Option<String>,
    method: Option<String>,
    target: Option<String>,
    host: Option<String>,
    #[serde(default)]
    no_host: bool,
    listen: Option<String>,
    http: Option<String>,
    upstream_status: Option<u16>,
    accel: Option<String>,
    at: Option<String>,
    status: Option<u16>,
    uri: Option<String>,
    args: Option<String>,
    redirect: Option<String>,
    sent: Option<String>,
    backends: Option<usize>,
    file: Option<String>,
    body: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, Vec<String>>,
    beyond: Option<String>,
}

const SERVER: &str = "server { listen 80; server_name h; root /w;\n";

impl Fact {
    fn config(&self) -> String {
        let server = self.server.as_ref().map(|server| format!("{SERVER}{server}}}\n")).unwrap_or_default();
        format!("events {{}}\nhttp {{\n{}{server}}}\n", self.http)
    }

    fn files(&self) -> Vec<(String, String)> {
        let file = |file: &File| match file {
            File::Path(path) => (path.clone(), format!("file {path}")),
            File::Text { path, text } => (path.clone(), text.clone()),
        };
        self.files.iter().map(file).collect()
    }

    /// The names in the comments are those of the blocks.
    fn names_are_right(&self, config: &str, loaded: &Loaded) {
        let names = blocks(loaded);
        for (number, line) in config.lines().enumerate() {
            let Some((_, name)) = line.rsplit_once("  # ") else { continue };
            let here = |id: &nginx_analyzer::config::EntryId| {
                let place = loaded.config.place(*id);
                loaded.project.text(place.file).line_of(place.span.start) as usize == number
            };
            let found = names.iter().filter(|(id, _)| here(id)).map(|(_, name)| name).min();
            assert_eq!(found.map(String::as_str), Some(name), "{}: {line}", self.id);
        }
    }
}

impl Expected {
    fn ask(&self) -> Ask {
        Ask {
            method: self.method.clone().unwrap_or_else(|| "GET".to_owned()),
            target: self.get.as_ref().or(self.target.as_ref()).expect("a target").clone().into_bytes(),
            host: (!self.no_host).then(|| self.host.clone().unwrap_or_else(|| "h".to_owned())),
            http: self.http.clone().unwrap_or_else(|| "1.1".to_owned()),
            listen: self.listen.clone().unwrap_or_else(|| "80".to_owned()),
            upstream_status: self.upstream_status,
            accel: self.accel.clone(),
        }
    }

    /// What nginx does differently than it is written down.
    fn differences(&self, answer: &Answer) -> Vec<String> {
        let mut out = Vec::new();
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut differ = |what: &str, wanted: Option<String>, found: String| {
            if wanted.as_ref().is_some_and(|wanted| *wanted != found) {
                out.push(format!("{what}: {found}, written down as {}", wanted.unwrap_or_default()));
            }
        };
        differ("at", self.at.clone(), answer.at.clone());
        differ("status", self.status.map(|status| status.to_string()), answer.status.to_string());
        differ("uri", self.uri.clone(), text(&answer.uri));
        differ("args", self.args.clone(), text(&answer.args));
        differ("file", self.file.clone(), text(&answer.file));
        differ("redirect", self.redirect.clone(), answer.redirect.clone().unwrap_or_default());
        differ("sent", self.sent.clone(), answer.hits.first().map(|hit| text(&hit.uri)).unwrap_or_default());
        differ("backends", self.backends.map(|count| count.to_string()), answer.hits.len().to_string());
        differ("body", self.body.clone(), text(&answer.body));
        for (name, values) in &self.headers {
            differ(name, Some(format!("{values:?}")), format!("{:?}", answer.header(name).collect::<Vec<_>>()));
        }
        out
    }

    fn wanted(&self, answer: Option<&Answer>) -> Wanted {
        let bytes = |text: &Option<String>| text.as_ref().map(|text| text.clone().into_bytes());
        Wanted {
            at: self.at.clone().or_else(|| answer.map(|answer| answer.at.clone())),
            status: self.status.or_else(|| answer.map(|answer| answer.status)),
            uri: bytes(&self.uri).or_else(|| answer.map(|answer| answer.uri.clone())),
            args: bytes(&self.args).or_else(|| answer.map(|answer| answer.args.clone())),
            redirect: self.redirect.clone(),
            file: self.file.clone(),
            body: bytes(&self.body),
            sent: answer.map(|answer| answer.hits.iter().map(|hit| (hit.backend.clone(), hit.uri.clone())).collect()),
            inner: answer.map(|answer| answer.inner.iter().map(fuzz::inner).collect()).unwrap_or_default(),
            ..Wanted::default()
        }
    }
}

fn facts() -> Vec<Fact> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/differential/facts");
    let mut files: Vec<_> = std::fs::read_dir(folder).expect("the facts").flatten().map(|entry| entry.path()).collect();
    files.sort();
    let read = |file: &std::path::PathBuf| -> Vec<Fact> {
        let text = std::fs::read_to_string(file).expect("a file");
        toml::from_str::<Facts>(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display())).fact
    };
    files.iter().flat_map(read).collect()
}

#[test]
fn facts_hold() {
    let facts = facts();
    assert!(facts.len() >= 217, "{} facts", facts.len());
    let binary = binary();
    let backends = Backends::new();
    let (mut asked, mut traced, mut beyond, mut wrong) = (0, 0, 0, Vec::new());
    for fact in &facts {
        let config = fact.config();
        let loaded = load(&config);
        let files = fact.files();
        let mut say = |what: String| wrong.push(format!("{} ({}): {what}", fact.id, fact.says));
        if fact.refused.is_none() {
            fact.names_are_right(&config, &loaded);
        }
        let mut real = None;
        if let Some(binary) = &binary {
            match real::test(binary, &config, &backends) {
                Err(why) => println!("{} is not asked of nginx: {why}", fact.id),
                Ok((accepted, said)) => {
                    asked += 1;
                    match &fact.refused {
                        None if !accepted => say(format!("nginx refuses: {said}")),
                        Some(refused) if accepted || !said.contains(refused) => say(format!("not refused with {refused:?}: {said}")),
                        _ => {}
                    }
                    if fact.warned.as_ref().is_some_and(|warned| !said.contains("[warn]") || !said.contains(warned)) {
                        say(format!("no such warning: {said}"));
                    }
                    if fact.quiet.as_ref().is_some_and(|quiet| said.contains(quiet)) {
                        say(format!("nginx warns: {said}"));
                    }
                    if !fact.asks.is_empty() {
                        real = Some(Real::start(binary, &config, &files, &backends).expect("what -t accepts starts"));
                    }
                }
            }
        }
        for expected in &fact.asks {
            let ask = expected.ask();
            let target = String::from_utf8_lossy(&ask.target).into_owned();
            let answer = real.as_ref().map(|real| real.ask(&ask).expect("an answer"));
            for difference in answer.iter().flat_map(|answer| expected.differences(answer)) {
                say(format!("{target}: nginx: {difference}"));
            }
            if fact.beyond.is_some() || expected.beyond.is_some() {
                beyond += 1;
                continue;
            }
            traced += 1;
            for difference in differences(&loaded, &files, &ask, &expected.wanted(answer.as_ref())) {
                say(format!("{target}: {difference}"));
            }
        }
    }
    println!("{} facts, {asked} of them asked of nginx; {traced} requests traced, {beyond} beyond a trace", facts.len());
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn refusals_are_found() {
    let (mut by_rule, mut by_none, mut wrong) = (0, 0, Vec::new());
    for fact in facts().iter().filter(|fact| fact.refused.is_some()) {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("nginx.conf"), fact.config()).expect("a file");
        let findings = rules::check(&World::open(folder.path(), Vec::new()).analysis());
        let finds = |rule: &str| findings.iter().any(|finding| finding.rule == rule && finding.severity >= Severity::Warning);
        let Some(rule) = &fact.rule else {
            assert!(fact.no_rule.is_some(), "{}: which rule finds it, or why does none?", fact.id);
            if let Some(rule) = crate::refusals::RULES.iter().find(|rule| finds(rule)) {
                wrong.push(format!("{} ({}): {rule} finds it now", fact.id, fact.says));
            }
            by_none += 1;
            continue;
        };
        by_rule += 1;
        if !finds(rule) {
            let found: Vec<_> = findings.iter().map(|finding| finding.rule).collect();
            wrong.push(format!("{} ({}): found by {found:?}", fact.id, fact.says));
        }
    }
    println!("{by_rule} of {} refusals are found by a rule", by_rule + by_none);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
