//! A fix that is called safe is made: nginx still starts, and answers as before. Whatever the rule, on configurations made at random of
//! everything that routes.

use std::collections::BTreeMap;

use nginx_analyzer::cleanup;
use nginx_analyzer::rules;
use nginx_analyzer::world::World;

use crate::backend::Backends;
use crate::fuzz::{files, is_undefined, show};
use crate::live::binary;
use crate::random::{Maker, print};
use crate::real::{Answer, Ask, Real};
use crate::support::{Random, load, seeds};

/// Requests of mirrors run beside the others: of so many it depends on the moment where they end.
const MANY: usize = 4;

/// What of an answer depends on neither which block is the nth, nor the moment, nor where the sockets are.
fn told(answer: &Answer) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut sent: Vec<_> = answer.hits.iter().map(|hit| format!("{} {} {}", hit.backend, hit.method, text(&hit.uri))).collect();
    sent.sort();
    let inner: Vec<_> = answer.inner.iter().map(told).collect();
    let (uri, args, body) = (text(&answer.uri), text(&answer.args), text(&answer.body));
    format!("{} {uri} {args} {:?} {sent:?} {body:?} {inner:?}", answer.status, answer.redirect)
}

/// What is told of each request; nothing of one that nobody listens for, or that nginx answers by a fault of its own. `None` when nginx is gone.
pub fn answers(real: &Real<'_>, text: &str, asks: &[Ask]) -> Option<Vec<Option<String>>> {
    let loaded = load(text);
    let mut out = Vec::new();
    for ask in asks {
        let answer = match real.socket(&ask.listen) {
            Some(_) => Some(real.ask(ask).ok()?),
            None => None,
        };
        let is_steady = |answer: &Answer| {
            answer.hits.len() <= MANY
                && answer.redirect.as_ref().is_none_or(|to| !to.contains("://unix:"))
                && !is_undefined(&loaded, answer)
        };
        out.push(answer.filter(is_steady).map(|answer| told(&answer)));
    }
    Some(out)
}

/// The first request that is answered otherwise afterwards, with both answers.
pub fn difference<'a>(asks: &'a [Ask], before: &'a [Option<String>], after: &'a [Option<String>]) -> Option<(&'a Ask, &'a str, &'a str)> {
    asks.iter().zip(before.iter().zip(after)).find_map(|(ask, pair)| match pair {
        (Some(before), Some(after)) if before != after => Some((ask, before.as_str(), after.as_str())),
        _ => None,
    })
}

#[test]
fn safe_fixes_change_no_answer() {
    let Some(binary) = binary() else { return };
    let backends = Backends::new();
    let start = |text: &str| Real::start(&binary, text, &files(), &backends);
    let (mut made, mut asked, mut wrong) = (BTreeMap::<&str, usize>::new(), 0, Vec::new());
    for seed in seeds(60) {
        let mut random = Random::new(seed + 70_000);
        let mut maker = Maker::new(&mut random);
        let text = print(&maker.configuration());
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("nginx.conf"), &text).expect("a file");
        let analysis = World::open(folder.path(), Vec::new()).analysis();
        let found = rules::check(&analysis);
        let fixes = found.iter().flat_map(|finding| finding.fixes.iter().filter(|fix| fix.safe).map(move |fix| (finding, fix)));
        let fixes: Vec<_> = fixes.collect();
        if fixes.is_empty() {
            continue;
        }
        let Ok(real) = start(&text) else { continue };
        let asks: Vec<Ask> = (0..25).map(|_| maker.ask()).collect();
        let Some(before) = answers(&real, &text, &asks) else { continue };
        for (finding, fix) in fixes {
            // Something that stays may need what goes: then nothing is done.
            let Ok(edits) = cleanup::resolve(&analysis, &fix.action) else { continue };
            let Some((file, edits)) = edits.into_iter().next() else { continue };
            assert_eq!(file, analysis.project.roots[0].file);
            let less = cleanup::apply(&analysis.project.text(file), &edits).to_str().into_owned();
            let what = || format!("seed {seed}: {}: {}\n", finding.rule, finding.message);
            let real = match start(&less) {
                Ok(real) => real,
                Err(said) => {
                    wrong.push(format!("{}{said}\n{less}", what()));
                    continue;
                }
            };
            *made.entry(finding.rule).or_default() += 1;
            let Some(after) = answers(&real, &less, &asks) else { continue };
            asked += after.len();
            if let Some((ask, before, after)) = difference(&asks, &before, &after) {
                wrong.push(format!("{}{}\n  before {before}\n  after  {after}\n{text}", what(), show(ask)));
            }
        }
    }
    println!("{asked} requests; made: {made:?}");
    wrong.truncate(4);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(made.len() >= 3, "{made:?}");
}
