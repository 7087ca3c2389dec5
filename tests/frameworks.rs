//! The readers of application source, compared with what the applications of the fixtures answer when they run.
//!
//! `tests/frameworks/NAME/truth.json` was recorded by `tests/frameworks/record.py NAME`, which starts the application; folders without
//! `start` say in their README where their truth is from. With FRAMEWORKS=1 the applications are started again where their runtime is here.
#![allow(missing_docs)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use nginx_analyzer::upstreams::Route;
use nginx_analyzer::upstreams::source::link::{Application, Variable, link};
use nginx_analyzer::upstreams::source::needed::{Files, Imports, Skimmed};
use nginx_analyzer::upstreams::source::{Tree, language_of, of_folder, read, skim};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/frameworks")
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("the fixtures").map(|entry| entry.expect("an entry").path());
    let mut out: Vec<PathBuf> = entries.filter(|path| path.join("app").is_dir()).collect();
    out.sort();
    out
}

fn application(app: &Path) -> Application {
    let mut files = Vec::new();
    let mut open = vec![app.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                files.push(path.strip_prefix(app).expect("inside").to_path_buf());
            }
        }
    }
    files.sort();
    let text = |path: &Path| std::fs::read_to_string(app.join(path)).ok();
    let tree = Tree::new(&files, &text);
    let facts = |path: &Path| read(path, &text(path)?).map(Arc::new);
    let variable = |_: &str| Variable::Unset;
    let wanted: Vec<&PathBuf> = files.iter().filter(|path| language_of(path).is_some()).collect();
    let mut all: Vec<_> = wanted.iter().filter_map(|path| Some(((*path).clone(), facts(path)?))).collect();
    all.extend(of_folder(&tree, |_| true));
    let whole = link(&tree, &all, &variable);
    // With the files only that have to be read.
    let skimmed: Skimmed =
        wanted.iter().map(|path| (path.as_path().into(), text(path).and_then(|text| skim(path, &text)).map(Arc::new))).collect();
    let read_some = |some: &[usize]| some.iter().map(|at| facts(wanted[*at])).collect::<Vec<_>>();
    let mut needed = Files::read(&skimmed, &Imports::of(&tree, &skimmed, &Imports::default()), &read_some);
    let application = needed.link(&tree, of_folder(&tree, |_| true), &variable, &read_some);
    assert_eq!(application.routes, whole.routes, "{}", app.display());
    assert_eq!(application.open, whole.open, "{}", app.display());
    application
}

/// The routes that can serve a URI.
fn serving<'a>(application: &'a Application, uri: &str) -> Vec<&'a str> {
    let path = uri.split('?').next().unwrap_or(uri);
    let covers = |pattern: &str, caseless: bool| {
        let route = Route { methods: vec![], pattern: pattern.to_owned(), caseless, implied: false, place: None };
        route.uris().expect("a pattern of a fixture is small").contains(path.as_bytes())
    };
    application.routes.iter().filter(|route| covers(&route.pattern, route.caseless)).map(|route| route.pattern.as_str()).collect()
}

/// What the application answered: method, URI, status.
fn truth(folder: &Path) -> Vec<(String, String, u16)> {
    let text = std::fs::read_to_string(folder.join("truth.json")).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
}

/// A slash more or less at the end does not count ([`Route::uris`]): many frameworks redirect there, and none is asked which.
fn is_other_slash(uri: &str, other: &str) -> bool {
    uri != other && uri.trim_end_matches('/') == other.trim_end_matches('/')
}

/// A route may answer 404 itself: what is asked for below one of these is not there, and the route is.
fn answers_404_itself(folder: &Path) -> Vec<String> {
    let text = std::fs::read_to_string(folder.join("not-found.txt")).unwrap_or_default();
    text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn what_an_application_answers_is_a_route_and_what_it_does_not_have_is_none() {
    let mut wrong = Vec::new();
    let mut table = Vec::new();
    for folder in folders_in(&folder()) {
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        let application = application(&folder.join("app"));
        if let Some(doubt) = application.open.first() {
            wrong.push(format!("{name} is open: {:?} in {}", doubt.why, doubt.file.display()));
        }
        let own = answers_404_itself(&folder);
        let (mut served, mut found, mut missing, mut none) = (0, 0, 0, 0);
        let truth = truth(&folder);
        for (method, uri, status) in &truth {
            let (method, uri, status) = (method.as_str(), uri.as_str(), *status);
            let by = serving(&application, uri);
            if status != 404 {
                served += 1;
                found += usize::from(!by.is_empty());
                if by.is_empty() {
                    wrong.push(format!("{name}: {method} {uri} is answered with {status}, and is no route"));
                }
            } else if own.iter().any(|own| own == uri)
                || truth.iter().any(|(_, other, status)| *status != 404 && is_other_slash(uri, other))
            {
                continue;
            } else {
                missing += 1;
                none += usize::from(by.is_empty());
                if !by.is_empty() && by.iter().all(|pattern| !pattern.contains('*')) {
                    wrong.push(format!("{name}: {method} {uri} is not there, and is said to be {by:?}"));
                }
            }
        }
        table.push(format!(
            "{name:12} {:40} {found:3} of {served:3} answered, {none:3} of {missing:3} missing",
            application.frameworks.join(", ")
        ));
    }
    println!("{}", table.join("\n"));
    assert!(!table.is_empty());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Sources of which not everything can be seen: they are open, or what they answer is a route.
#[test]
fn traps_stay_quiet() {
    let mut wrong = Vec::new();
    let folders = folders_in(&folder().join("traps"));
    assert!(!folders.is_empty());
    for folder in folders {
        let application = application(&folder.join("app"));
        let everything = !serving(&application, "/some/path-that.nobody/wrote").is_empty();
        if everything || !application.open.is_empty() {
            continue;
        }
        if !folder.join("truth.json").exists() {
            wrong.push(format!("{} is not open, and nobody says what it answers", folder.display()));
            continue;
        }
        for (method, uri, status) in truth(&folder) {
            if status != 404 && serving(&application, &uri).is_empty() {
                wrong.push(format!("{}: {method} {uri} is answered with {status}, and is no route", folder.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The recorded truth is what the applications still answer.
#[test]
fn applications_answer_as_recorded() {
    if std::env::var_os("FRAMEWORKS").is_none() {
        println!("skipped: FRAMEWORKS is not set (the applications are installed from the registries of their languages)");
        return;
    }
    let wanted = std::env::var("FRAMEWORKS").unwrap_or_default();
    for fixture in folders_in(&folder()) {
        let name = fixture.file_name().expect("a name").to_string_lossy().into_owned();
        let asked = wanted == "1" || wanted.split(',').any(|one| one == name);
        if !asked || !fixture.join("start").exists() {
            continue;
        }
        let output = std::process::Command::new("python3").arg(folder().join("record.py")).args(["--check", &name]).output();
        let output = output.expect("python3 runs");
        print!("{}", String::from_utf8_lossy(&output.stdout));
        assert!(output.status.success(), "{name}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
