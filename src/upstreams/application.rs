//! Applications that are built here: which files they are made of, and what a service that runs one serves.

use std::path::{Path, PathBuf};

use super::catalogue::Knowledge;
use super::openapi;
use super::routes::Route;
use super::served::{Scope, Served};
use super::source::Tree;
use super::source::facts::Why;
use super::source::link::{self, Application, Doubt, Variable};
use super::started::{self, Runtime, Started};
use crate::messages::Message;
use crate::phrase;
use crate::project::container::{Container, MountSource, Text};
use crate::project::dockerfile::{self, Dockerfile};
use crate::project::interpolate::Environment;
use crate::project::vfs::Kind;
use crate::project::{FileId, Place, Project};

mod files;

pub use files::{Applications, Cache};
use files::{LIMIT, MOST, Sources};

/// What is known of the source of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its folder, relative to the workspace: `./backend`.
    pub folder: String,
    /// Its frameworks, in the order of their names.
    pub frameworks: Vec<&'static str>,
}

fn served(project: &Project, applications: &Applications, container: &Container) -> Option<(Served, Option<Source>)> {
    let image = container.build.as_ref().and_then(|build| {
        dockerfile::read(&project.vfs, project.vfs.id(&build.dockerfile), &build.context, build.target.as_deref(), &build.args)
    });
    let sources = sources(project, container, image.as_ref())?;
    if !sources.folder.starts_with(&project.workspace) {
        return Some((Served::open(phrase!("upstreams-open-outside", service = &container.name)), None));
    }
    let listed = applications.list(project, &sources);
    let text = |path: &Path| project.vfs.read_once(project.vfs.id(&sources.folder.join(path)), LIMIT).ok();
    let tree = Tree::new(&listed.files, &text);
    let runtime = match started_by(&tree, container, image.as_ref()) {
        Started::Program(runtime, words) if !is_here(&tree, runtime, &words) => {
            Err(phrase!("upstreams-open-started", service = &container.name))
        }
        Started::Program(runtime, words) => outside(&sources, container, image.as_ref(), &words, runtime).map_or(Ok(runtime), Err),
        Started::Script(_) | Started::Package(_) | Started::Unknown => Err(phrase!("upstreams-open-started", service = &container.name)),
    };
    let variable = |name: &str| variable(project, &sources.folder, container, image.as_ref(), name);
    let Some((application, left_out)) = applications.link(project, &sources, runtime.as_ref().ok().copied(), &variable) else {
        return Some((Served::open(phrase!("upstreams-open-reading", service = &container.name)), None));
    };
    let described = openapi::beside(project, &sources.folder, &listed.files);
    let place = |path: &Path, span| Place { file: project.vfs.id(&sources.folder.join(path)), span };
    let mut routes = placed(&application, &place);
    routes.extend(described);
    let folder = sources.folder.strip_prefix(&project.workspace).unwrap_or(&sources.folder);
    let source = Source { folder: format!("./{}", folder.display()), frameworks: application.frameworks.clone() };
    let why = match runtime {
        Err(why) => Some(why),
        Ok(_) => open(project, listed.cut, &left_out, &application, &place).or_else(|| {
            application.routes.iter().all(|route| route.implied).then(|| phrase!("upstreams-open-none", folder = &source.folder))
        }),
    };
    let mut served = Served::open(why.clone().unwrap_or_else(|| phrase!("upstreams-open-none", folder = &source.folder)));
    served.routes = routes;
    if why.is_none() {
        served.scope = Scope::Everywhere;
        served.knowledge = Knowledge::Whole;
    }
    Some((served, (!source.frameworks.is_empty()).then_some(source)))
}

/// The routes of an application with their places.
fn placed(application: &Application, place: &dyn Fn(&Path, crate::text::Span) -> Place) -> Vec<Route> {
    let mut out = Vec::with_capacity(application.routes.len());
    let mut last: Option<(&Path, FileId)> = None;
    // They come in the order of files and places, and stay in it: what number a file has depends on what was looked at before.
    for together in application.routes.chunk_by(|one, other| one.span == other.span && one.file == other.file) {
        let Some(first) = together.first() else { continue };
        let file = last.filter(|(path, _)| *path == first.file).map_or_else(|| place(&first.file, first.span).file, |(_, file)| file);
        last = Some((&first.file, file));
        let mut together: Vec<&link::Route> = together.iter().collect();
        together.sort_by_key(|route| route.pattern.len());
        // A slash more at the end leads to the same.
        let mut seen = rustc_hash::FxHashSet::default();
        together.retain(|route| seen.insert((route.pattern.trim_end_matches('/'), route.methods.as_slice())));
        out.extend(together.into_iter().map(|route| Route {
            methods: route.methods.clone(),
            pattern: route.pattern.clone(),
            caseless: route.caseless,
            implied: route.implied,
            place: Some(Place { file, span: first.span }),
        }));
    }
    out
}

/// Why there may be routes that were not found.
fn open(
    project: &Project,
    cut: bool,
    left_out: &[PathBuf],
    application: &Application,
    place: &dyn Fn(&Path, crate::text::Span) -> Place,
) -> Option<Message> {
    if cut {
        return Some(phrase!("upstreams-open-cut", most = MOST));
    }
    if let Some(path) = left_out.first() {
        return Some(phrase!("upstreams-open-left-out", path = path.display().to_string()));
    }
    let Doubt { why, file, span } = application.open.first()?;
    let place = place(file, *span);
    let line = project.line(place);
    let at = format!("{}:{line}", file.display());
    Some(match why {
        Why::Computed => phrase!("upstreams-doubt-computed", at = at),
        Why::Extension => phrase!("upstreams-doubt-extension", at = at),
        Why::Library => phrase!("upstreams-doubt-library", at = at),
        Why::Middleware => phrase!("upstreams-doubt-middleware", at = at),
        Why::Proxy => phrase!("upstreams-doubt-proxy", at = at),
        Why::Fallback => phrase!("upstreams-doubt-fallback", at = at),
        Why::Prefix => phrase!("upstreams-doubt-prefix", at = at),
        Why::Mounted => phrase!("upstreams-doubt-mounted", at = at),
        Why::Receiver => phrase!("upstreams-doubt-receiver", at = at),
        Why::Path => phrase!("upstreams-doubt-path", at = at),
        Why::Option => phrase!("upstreams-doubt-option", at = at),
        Why::Unparsed => phrase!("upstreams-doubt-unparsed", at = at),
    })
}

/// Where the source of a service is: what is copied into its image, or mounted into its container.
fn sources(project: &Project, container: &Container, image: Option<&Dockerfile>) -> Option<Sources> {
    if let Some(build) = &container.build {
        let parts = image.map(|image| image.sources.clone()).unwrap_or_default();
        let all = parts.iter().any(|part| build.context.starts_with(part));
        let mut parts = if all { Vec::new() } else { parts };
        parts.sort();
        parts.dedup();
        return Some(Sources { folder: build.context.clone(), parts });
    }
    // An image of a language, with the source mounted into it.
    let folders = container.mounts.iter().filter_map(|mount| match &mount.source {
        MountSource::Workspace(path, _) if project.vfs.kind(path) == Kind::Folder => Some(path.clone()),
        _ => None,
    });
    let mut folders = folders.filter(|folder| {
        let names = [
            "package.json",
            "requirements.txt",
            "pyproject.toml",
            "manage.py",
            "go.mod",
            "Gemfile",
            "composer.json",
            "pom.xml",
            "main.py",
            "app.py",
        ];
        names.iter().any(|name| project.vfs.kind(&folder.join(name)) == Kind::File)
    });
    let folder = folders.next()?;
    folders.next().is_none().then_some(Sources { folder, parts: Vec::new() })
}

/// What the service's container starts, scripts of the project followed.
fn started_by(tree: &Tree<'_>, container: &Container, image: Option<&Dockerfile>) -> Started {
    let known = |words: &[Text]| -> Option<Vec<String>> { words.iter().map(|word| word.value.clone()).collect() };
    let (Some(entrypoint), Some(command)) = (known(&container.entrypoint), known(&container.command)) else { return Started::Unknown };
    let (own, arguments) = match image {
        // A CMD alone is the program.
        Some(image) if image.arguments.is_empty() => (image.start.clone(), Vec::new()),
        Some(image) => (image.start.clone(), image.arguments.clone()),
        None => (Vec::new(), Vec::new()),
    };
    // An `entrypoint` of the compose file takes away the image's CMD, too; a `command` takes the place of CMD.
    let has_entrypoint = image.is_some_and(|image| !image.arguments.is_empty());
    let (words, behind) = match (entrypoint.is_empty(), command.is_empty()) {
        (false, _) => (entrypoint, command),
        (true, false) if has_entrypoint => (own, command),
        (true, false) => (command, Vec::new()),
        (true, true) => (own, arguments),
    };
    let whole: Vec<String> = words.iter().chain(&behind).cloned().collect();
    let mut found = started::started(&whole);
    for _ in 0..4 {
        found = match found {
            Started::Script(name) => {
                let text = tree.named(&name).first().and_then(|path| tree.text(path));
                match text {
                    // `exec "$@"`: what stands behind the script's name.
                    Some(text) if text.contains("\"$@\"") && !behind.is_empty() => started::started(&behind),
                    Some(text) => started::of_script(&text),
                    None => return Started::Unknown,
                }
            }
            Started::Package(name) => match script_of(tree, &name) {
                Some(line) => started::of_script(&line),
                None => return Started::Unknown,
            },
            other => return other,
        };
    }
    Started::Unknown
}

/// A script of the application's package.json; `None` where there are several such files, or none.
fn script_of(tree: &Tree<'_>, name: &str) -> Option<String> {
    let [path] = tree.named("package.json") else { return None };
    let package: serde_json::Value = serde_json::from_str(&tree.text(path)?).ok()?;
    package.get("scripts")?.get(name)?.as_str().map(str::to_owned)
}

/// False when the program runs code that is surely not of these files: an installed module (`python -m litellm`), another file.
fn is_here(tree: &Tree<'_>, runtime: Runtime, words: &[String]) -> bool {
    let module = |dotted: &str| {
        let last = dotted.rsplit('.').next().unwrap_or(dotted);
        let package = |path: &&Path| path.parent().is_some_and(|folder| folder.ends_with(dotted.replace('.', "/")));
        !tree.named(&format!("{last}.py")).is_empty() || tree.named("__init__.py").iter().any(package)
    };
    let file = |path: &str| path.rsplit('/').next().is_some_and(|name| !tree.named(name).is_empty());
    let Some((program, rest)) = words.split_first() else { return false };
    match runtime {
        Runtime::Python => {
            if let Some(at) = rest.iter().position(|word| word == "-m") {
                return rest.get(at + 1).is_some_and(|name| module(name));
            }
            let plain = |word: &&String| !word.starts_with('-');
            // `uvicorn app.main:app`, `gunicorn 'app:create()'`
            if let Some(app) = rest.iter().filter(plain).find(|word| word.contains(':') && !word.contains('/') && !word.starts_with(':')) {
                let name = app.split(':').next().unwrap_or("");
                // `0.0.0.0:80` is an address.
                if !name.is_empty() && !name.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && name != "localhost" {
                    return module(name);
                }
            }
            if let Some(script) = std::iter::once(program).chain(rest.iter().filter(plain)).find(|word| word.ends_with(".py")) {
                return file(script);
            }
            true
        }
        // What a build makes (`dist/main.js`) is not here, and its source is.
        Runtime::JavaScript => !rest.iter().any(|word| word.contains("node_modules")),
        Runtime::Java | Runtime::DotNet | Runtime::Ruby | Runtime::Php | Runtime::Binary => true,
    }
}

/// What a service is given from outside of its source that may move routes, or bring others.
fn outside(sources: &Sources, container: &Container, image: Option<&Dockerfile>, words: &[String], runtime: Runtime) -> Option<Message> {
    const MOVES: [&str; 13] = [
        "root-path",
        "root_path",
        "prefix-path",
        "base-path",
        "basepath",
        "pathbase",
        "context-path",
        "contextpath",
        "servlet.path",
        "spring.config",
        // More code, and what listens beside the application.
        "loader.path",
        "jmx_prometheus",
        "jolokia",
    ];
    let moves = |text: &str| {
        let text = text.to_ascii_lowercase();
        MOVES.iter().any(|part| text.contains(part))
    };
    if let Some(word) = words.iter().find(|word| moves(word)) {
        return Some(phrase!("upstreams-open-decides", written = word, service = &container.name));
    }
    // Options of a virtual machine come by its variables, and one that is not known may hold any.
    let options = |name: &str| {
        matches!(name, "JAVA_OPTS" | "JAVA_TOOL_OPTIONS" | "JDK_JAVA_OPTIONS" | "CATALINA_OPTS" | "JAVA_ARGS" | "SPRING_APPLICATION_JSON")
    };
    if let Some((name, _)) = container.environment.iter().find(|(name, text)| options(name) && text.value.as_deref().is_none_or(moves)) {
        return Some(phrase!("upstreams-open-decides", written = name, service = &container.name));
    }
    let workdir = image.and_then(|image| image.workdir.as_deref()).unwrap_or("/");
    let covers = |target: &str| {
        target.trim_end_matches('/') == workdir.trim_end_matches('/') || workdir.starts_with(&format!("{}/", target.trim_end_matches('/')))
    };
    for mount in &container.mounts {
        let name = mount.target.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let configures = runtime == Runtime::Java && (name.starts_with("application") || name.starts_with("bootstrap") || name == "config")
            || runtime == Runtime::DotNet && name.starts_with("appsettings")
            || name.starts_with(".env");
        let own = matches!(&mount.source, MountSource::Workspace(path, _) if path.starts_with(&sources.folder));
        if (configures || covers(&mount.target)) && !own {
            return Some(phrase!("upstreams-open-mounted", target = &mount.target, service = &container.name));
        }
    }
    None
}

/// True when such a program runs code of that language.
fn runs(runtime: Runtime, language: &str) -> bool {
    match runtime {
        Runtime::Python => language == "Python",
        Runtime::JavaScript => language == "JavaScript",
        Runtime::Java => language == "Java",
        Runtime::DotNet => language == "C#",
        Runtime::Ruby => language == "Ruby",
        Runtime::Php => language == "PHP",
        Runtime::Binary => matches!(language, "Go" | "Rust"),
    }
}

/// An environment variable of the application.
fn variable(project: &Project, folder: &Path, container: &Container, image: Option<&Dockerfile>, name: &str) -> Variable {
    let value = |value: Option<String>| value.map_or(Variable::Unknown, Variable::Set);
    if let Some((_, text)) = container.environment.iter().rev().find(|(known, _)| known == name) {
        return value(text.value.clone());
    }
    if container.unknown_environment {
        return Variable::Unknown;
    }
    if let Some((_, set, _)) = image.and_then(|image| image.environment.iter().rev().find(|(known, _, _)| known == name)) {
        return value(set.clone());
    }
    // Frameworks read a `.env` beside the program by themselves; which one of several is a matter of the mode.
    let mut files = project.vfs.list(folder).iter().filter(|path| is_environment_file(path)).cloned().collect::<Vec<_>>();
    files.sort();
    let set: Vec<&PathBuf> = files.iter().filter(|path| Environment::read(&project.vfs, path).get(name).is_some()).collect();
    match (set.as_slice(), files.len()) {
        ([], _) => Variable::Unset,
        ([file], 1) => value(Environment::read(&project.vfs, file).get(name).map(str::to_owned)),
        _ => Variable::Unknown,
    }
}

fn is_environment_file(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    (name == ".env" || name.starts_with(".env."))
        && !["example", "sample", "template", "dist", "test"].iter().any(|end| name.ends_with(end))
}
