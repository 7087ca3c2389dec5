//! What an application serves after its files changed, made from what was kept, equals what is found of the same files without knowing
//! anything: for any sequence of changes to the applications of `tests/frameworks/` and its traps, on disk and in an editor.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use nginx_analyzer::messages::Language;
use nginx_analyzer::text::Text;
use nginx_analyzer::upstreams::{Answer, Scope};
use nginx_analyzer::world::{Analysis, World};
use proptest::prelude::*;

const CONF: &str = "events {}\nhttp { server { listen 80;\nlocation / { proxy_pass http://api:8000; }\nlocation /all/ { proxy_pass http://all:8000; } } }\n";
/// The second service starts something that nobody knows: the files of all languages count.
const COMPOSE: &str = "services:\n  api:\n    build: ./api\n  all:\n    build: ./api\n    entrypoint: unknown\n";

/// One change of one file; numbers choose among what is there.
#[derive(Debug, Clone)]
struct Change {
    file: usize,
    what: What,
    /// In an editor, else on disk.
    typed: bool,
}

#[derive(Debug, Clone)]
enum What {
    RemoveLine(usize),
    /// A line, perhaps of another file, is written once more.
    CopyLine {
        from: usize,
        line: usize,
        to: usize,
    },
    /// A word of the application in the place of another one.
    Replace {
        word: usize,
        from: usize,
        with: usize,
    },
    /// A comment that nobody reads.
    Comment(usize),
    /// The text ends in the middle.
    Cut(usize),
    /// As it was in the beginning.
    Restore,
    /// The file goes.
    Remove,
    /// The file is there under another name, too.
    Copy(usize),
    /// A variable of the environment is set to a path.
    Environment {
        from: usize,
        word: usize,
    },
}

fn changes() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let number = 0usize..10_000;
    let what = prop_oneof![
        3 => number.clone().prop_map(What::RemoveLine),
        3 => (number.clone(), number.clone(), number.clone()).prop_map(|(from, line, to)| What::CopyLine { from, line, to }),
        4 => (number.clone(), number.clone(), number.clone()).prop_map(|(word, from, with)| What::Replace { word, from, with }),
        1 => number.clone().prop_map(What::Comment),
        1 => number.clone().prop_map(What::Cut),
        2 => Just(What::Restore),
        1 => Just(What::Remove),
        1 => number.clone().prop_map(What::Copy),
        1 => (number.clone(), number.clone()).prop_map(|(from, word)| What::Environment { from, word }),
    ];
    let change = (number, what, any::<bool>()).prop_map(|(file, what, typed)| Change { file, what, typed });
    prop::collection::vec(prop::collection::vec(change, 1..3), 1..7)
}

/// The files of an application, by their paths in it.
type Files = BTreeMap<PathBuf, String>;

/// The applications of the fixtures.
fn applications() -> Vec<Files> {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frameworks");
    let mut out = Vec::new();
    for folder in [fixtures.clone(), fixtures.join("traps")] {
        let mut apps: Vec<PathBuf> = std::fs::read_dir(folder).expect("fixtures").map(|entry| entry.expect("an entry").path()).collect();
        apps.retain(|path| path.join("app").is_dir());
        apps.sort();
        out.extend(apps.iter().map(|path| files(&path.join("app"))));
    }
    out
}

fn files(folder: &Path) -> Files {
    let mut out = Files::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(&at).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if let Ok(text) = std::fs::read_to_string(&path) {
                out.insert(path.strip_prefix(folder).expect("inside").to_path_buf(), text);
            }
        }
    }
    out
}

/// What starts it, by the files that it has.
fn dockerfile(files: &Files) -> String {
    let has = |end: &str| files.keys().any(|path| path.to_string_lossy().ends_with(end));
    let start = [
        (".py", "gunicorn"),
        (".ts", "node server.js"),
        (".js", "node server.js"),
        (".mjs", "node server.js"),
        (".java", "java -jar app.jar"),
        (".cs", "dotnet app.dll"),
        (".rb", "puma"),
        (".php", "apache2-foreground"),
    ];
    let start = start.iter().find(|(end, _)| has(end)).map_or("./server", |(_, start)| start);
    format!("FROM scratch\nWORKDIR /srv\nCOPY . .\nCMD {start}\n")
}

/// What both services serve, as a text: every route with its place, and why there may be others.
fn served(analysis: &Analysis, folder: &Path) -> String {
    let mut out = String::new();
    let view = analysis.views().next().expect("a configuration");
    for pass in view.config.all("proxy_pass") {
        for backend in &view.upstreams().target_of(*pass).expect("a target").backends {
            let Answer::Service(running) = &backend.answer else {
                out.push_str("nobody\n");
                continue;
            };
            let frameworks = running.source.as_ref().map(|source| source.frameworks.join(", "));
            let scope = match &running.served.scope {
                Scope::Open(why) => why.say(Language::English),
                other => format!("{other:?}"),
            };
            out.push_str(&format!("{}: {frameworks:?}, {scope}\n", running.name));
            for route in &running.served.routes {
                let place = route.place.map(|place| {
                    let path = analysis.project.vfs.path(place.file);
                    (path.strip_prefix(folder).expect("inside").to_path_buf(), place.span)
                });
                out.push_str(&format!("  {route} {:?} {} {}\n", place, route.caseless, route.implied));
            }
        }
    }
    out
}

fn words(text: &str) -> Vec<&str> {
    let mut out: Vec<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| word.len() > 1).collect();
    out.sort_unstable();
    out.dedup();
    out
}

fn nth<T>(all: &[T], number: usize) -> Option<&T> {
    all.get(number.checked_rem(all.len())?)
}

/// Files after a change: `None` for one that goes.
fn changed(change: &Change, original: &Files, now: &Files) -> Option<(PathBuf, Option<String>)> {
    let paths: Vec<&PathBuf> = original.keys().chain(now.keys().filter(|path| !original.contains_key(*path))).collect();
    let path = (*nth(&paths, change.file)?).clone();
    let text = now.get(&path).cloned().unwrap_or_default();
    let of = |number: usize| nth(&paths, number).and_then(|path| now.get(*path)).cloned().unwrap_or_default();
    let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
    Some(match &change.what {
        What::RemoveLine(line) => {
            let at = line.checked_rem(lines.len())?;
            lines.remove(at);
            (path, Some(lines.concat()))
        }
        What::CopyLine { from, line, to } => {
            let from = of(*from);
            let copied = *nth(&from.split_inclusive('\n').collect::<Vec<_>>(), *line)?;
            lines.insert(to % (lines.len() + 1), copied);
            (path, Some(lines.concat()))
        }
        What::Replace { word, from, with } => {
            let from = of(*from);
            let (word, with) = (*nth(&words(&text), *word)?, *nth(&words(&from), *with)?);
            (path, Some(text.replacen(word, with, 1 + word.len() % 3)))
        }
        What::Comment(line) => {
            let end = path.extension().and_then(|end| end.to_str()).unwrap_or("");
            let comment = if ["py", "rb", "php", "toml"].contains(&end) { "# c\n" } else { "// c\n" };
            lines.insert(line % (lines.len() + 1), comment);
            (path, Some(lines.concat()))
        }
        What::Cut(at) => {
            let at = at.checked_rem(text.len())?;
            (path, Some(text.chars().take(at).collect()))
        }
        What::Restore => (path.clone(), original.get(&path).cloned()),
        What::Remove => (path, None),
        What::Copy(name) => {
            let stem = path.file_stem()?.to_str()?;
            let end = path.extension().and_then(|end| end.to_str()).unwrap_or("txt");
            (path.with_file_name(format!("{stem}{}.{end}", name % 3)), Some(text))
        }
        What::Environment { from, word } => {
            let from = of(*from);
            let all: Vec<&str> =
                words(&from).into_iter().filter(|word| word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')).collect();
            (PathBuf::from(".env"), Some(format!("{}=/set\n", nth(&all, *word)?)))
        }
    })
}

fn path_text(folder: &Path, path: &Path) -> PathBuf {
    folder.join("api").join(path)
}

/// Does a change in a workspace, on disk or in an editor.
fn put(world: &mut World, folder: &Path, path: &Path, text: Option<&str>, typed: bool, open: &mut Files) {
    let whole = path_text(folder, path);
    let file = world.vfs().id(&whole);
    match text {
        Some(text) if typed && (whole.exists() || open.contains_key(path)) => {
            open.insert(path.to_path_buf(), text.to_owned());
            world.set_text(file, Text::new(text));
        }
        Some(text) => {
            std::fs::create_dir_all(whole.parent().expect("a folder")).expect("made");
            std::fs::write(&whole, text).expect("written");
            world.disk_changed(file);
            if open.remove(path).is_some() {
                world.close(file);
            }
        }
        None => {
            std::fs::remove_file(&whole).ok();
            world.disk_changed(file);
            if open.remove(path).is_some() {
                world.close(file);
            }
        }
    }
}

fn fresh(folder: &Path, open: &Files) -> String {
    let mut world = World::open(folder, Vec::new());
    for (path, text) in open {
        let file = world.vfs().id(&path_text(folder, path));
        world.set_text(file, Text::new(text));
    }
    served(&world.analysis(), folder)
}

fn compare(original: &Files, batches: &[Vec<Change>]) -> Result<(), TestCaseError> {
    let kept = tempfile::tempdir().expect("a folder");
    let folder = kept.path();
    std::fs::write(folder.join("nginx.conf"), CONF).expect("written");
    std::fs::write(folder.join("compose.yaml"), COMPOSE).expect("written");
    let mut now = original.clone();
    now.entry("Dockerfile".into()).or_insert_with(|| dockerfile(original));
    for (path, text) in &now {
        let path = path_text(folder, path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let mut world = World::open(folder, Vec::new());
    let mut open = Files::new();
    served(&world.analysis(), folder);
    for batch in batches {
        for change in batch {
            let Some((path, text)) = changed(change, original, &now) else { continue };
            put(&mut world, folder, &path, text.as_deref(), change.typed, &mut open);
            match text {
                Some(text) => now.insert(path, text),
                None => now.remove(&path),
            };
        }
        prop_assert_eq!(served(&world.analysis(), folder), fresh(folder, &open), "{:?}", batch);
    }
    Ok(())
}

/// How many sequences of changes each run tries; a long run says so: `RELINKING=5000 cargo test --test library relinking`.
fn cases() -> u32 {
    std::env::var("RELINKING").ok().and_then(|number| number.parse().ok()).unwrap_or(160)
}

#[test]
fn what_is_linked_again_equals_what_is_linked_anew() {
    let applications = applications();
    assert!(applications.len() > 200, "{}", applications.len());
    let every = applications.len();
    let config = ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = proptest::test_runner::TestRunner::new(config);
    let strategy = (prop_oneof![1 => 0..27usize, 1 => 0..every], changes());
    runner.run(&strategy, |(application, batches)| compare(&applications[application % every], &batches)).expect("the same");
}
