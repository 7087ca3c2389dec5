//! Puts the files of an application together: which app or router is mounted where, and what that makes of the routes.
//!
//! Names are followed without an order and without a context: a name is whatever it is given anywhere, a parameter whatever any call
//! gives it. So there may be more routes than are served, never fewer.

mod calls;
mod index;
mod place;
mod resolve;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::facts::{Expr, Facts, Object, ScopeId, Why};
use super::{Language, Tree, language_of};
use crate::text::Span;
use calls::Calls;
pub(super) use index::Indexed;

/// The environment that an application runs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Variable {
    /// It has this value.
    Set(String),
    /// It is surely not set.
    Unset,
    /// Nobody knows.
    Unknown,
}

/// What an application serves.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Application {
    /// The frameworks whose apps it makes, in the order of their names.
    pub frameworks: Vec<&'static str>,
    /// Its routes, in the order of files and places.
    pub routes: Vec<Route>,
    /// Routes of routers that are mounted nowhere: written, and not served as far as can be seen.
    pub stray: Vec<Route>,
    /// Why there may be others, and where; empty when there are surely none.
    pub open: Vec<Doubt>,
}

/// A route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// `GET`, …; empty for any.
    pub methods: Vec<Arc<str>>,
    /// Its path as a pattern: `{name}` is one segment or a part of one, `*` anything. Begins with `/` or `*`.
    pub pattern: String,
    /// True when case does not matter.
    pub caseless: bool,
    /// By which framework.
    pub framework: &'static str,
    /// True for what the framework adds by itself.
    pub implied: bool,
    /// The file that has it.
    pub file: PathBuf,
    /// Where in it.
    pub span: Span,
}

/// Why there may be other routes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// Why.
    pub why: Why,
    /// The file that makes one doubt.
    pub file: PathBuf,
    /// Where in it.
    pub span: Span,
}

/// A file, and what it says where that was read.
pub(super) type File = (Arc<Path>, Option<Arc<Facts>>);

/// Puts the files of an application together. `facts` are those of the files that a [`Language`] wants, in the order of their paths, and
/// behind them those of the folder as a whole.
pub fn link(tree: &Tree<'_>, facts: &[(PathBuf, Arc<Facts>)], variable: &dyn Fn(&str) -> Variable) -> Application {
    let files: Vec<File> = facts.iter().map(|(path, facts)| (path.as_path().into(), Some(facts.clone()))).collect();
    let carry = vec![true; files.len()];
    link_read(tree, &files, &carry, variable).unwrap_or_default()
}

/// The same where not all files are read: `Err` with those that have to be, by their number, if there are such. `carry` says which of them
/// may know of an app or router, or register something.
pub(super) fn link_read(
    tree: &Tree<'_>,
    files: &[File],
    carry: &[bool],
    variable: &dyn Fn(&str) -> Variable,
) -> Result<Application, Vec<usize>> {
    let module = |language: &Language, from: &Path, module: &str| (language.module)(from, module, tree);
    let mut linker = Linker::new(&module, files, carry, variable);
    for _ in 0..PASSES {
        linker.pass += 1;
        linker.settled = true;
        let placed = linker.place();
        if !linker.missed.is_empty() {
            return Err(linker.missed.into_iter().collect());
        }
        let mut found = linker.note_calls();
        while !linker.wanted.is_empty() {
            found |= linker.note_calls();
        }
        if found {
            // What a parameter was while nobody was known to give it anything may be in all of them.
            linker.answers.clear();
        } else if linker.settled {
            linker.note_callbacks();
            return if linker.missed.is_empty() { Ok(linker.routes(placed)) } else { Err(linker.missed.into_iter().collect()) };
        }
    }
    let placed = linker.place();
    let mut out = linker.routes(placed);
    out.open.extend(files.first().map(|(path, _)| Doubt { why: Why::Computed, file: path.to_path_buf(), span: Span::at(0) }));
    Ok(out)
}

/// How often everything is looked at, at most, until nothing is found any more.
const PASSES: usize = 24;

/// An app or router: its file, and its number there.
type ObjectId = (usize, usize);

/// What an expression turns out to be.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Thing {
    /// A text; false where a part of it, written as `*`, is not known.
    Text(Arc<str>, bool),
    Object(ObjectId),
    /// A function or class.
    Scope(usize, ScopeId),
    /// An instance of a class.
    Instance(usize, ScopeId),
    /// A file, as a module.
    Module(usize),
    /// Something of a library that is not read.
    Foreign,
    /// Surely nothing that matters.
    Other,
    Unknown,
}

struct Linker<'a> {
    /// The files of a module, as a file of a language imports it.
    paths: &'a dyn Fn(&Language, &Path, &str) -> Vec<PathBuf>,
    files: &'a [File],
    carry: &'a [bool],
    /// Of the files that are read.
    languages: Vec<Option<&'static Language>>,
    variable: &'a dyn Fn(&str) -> Variable,
    by_path: FxHashMap<&'a Path, usize>,
    /// Which files give a name to something at their outermost level, in languages in which others see it; made when it is first asked for.
    outer: Option<FxHashMap<&'a str, Vec<usize>>>,
    /// The names at the outermost level that are written as members of something; made when it is first asked for.
    dotted: Option<FxHashSet<&'a str>>,
    /// What functions are given, by function.
    given: FxHashMap<(usize, ScopeId), Vec<Given<'a>>>,
    calls: Calls<'a>,
    /// Functions that were asked for, and of which the calls are not looked for yet.
    wanted: Vec<(usize, ScopeId)>,
    /// The files of modules, by the folder from which they are imported.
    modules: FxHashMap<&'a Path, FxHashMap<Arc<str>, Arc<[usize]>>>,
    /// What was found of names and parameters.
    answers: FxHashMap<Question<'a>, Answer>,
    pass: usize,
    /// False when something was asked for while it was being looked for, and turned out to be something else than was thought.
    settled: bool,
    /// How much may still be followed.
    steps: usize,
    /// The files that have to be read.
    missed: FxHashSet<usize>,
    /// Those that were met while that was not sure, if this is such a time.
    met: Option<Vec<usize>>,
    /// What was asked for at such a time.
    peeked: Vec<Question<'a>>,
}

/// The arguments of one call, and the file that it is in.
type Given<'a> = (usize, &'a [Expr]);

/// What is asked for once a pass.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Question<'a> {
    /// A name in a scope of a file.
    Name(usize, ScopeId, &'a str),
    /// A name that only a `*` may give something to in that scope.
    Other(usize, ScopeId, Arc<str>),
    /// A parameter of a function.
    Parameter(usize, ScopeId, usize),
    /// What a function gives back.
    Returns(usize, ScopeId),
}

/// What was found of a name or parameter.
struct Answer {
    /// In which pass it was looked for last.
    pass: usize,
    /// True while it is being looked for.
    open: bool,
    /// True when it was asked for meanwhile.
    circular: bool,
    /// How often it was something else than in the pass before, although it had to do with itself.
    turns: u8,
    things: Vec<Thing>,
}

/// How much is followed in one application.
const STEPS: usize = 4_000_000;

impl<'a> Linker<'a> {
    fn new(
        paths: &'a dyn Fn(&Language, &Path, &str) -> Vec<PathBuf>,
        files: &'a [File],
        carry: &'a [bool],
        variable: &'a dyn Fn(&str) -> Variable,
    ) -> Linker<'a> {
        let language = |(path, facts): &File| facts.as_ref().and_then(|_| language_of(path));
        Linker {
            paths,
            files,
            carry,
            languages: files.iter().map(language).collect(),
            variable,
            // A file of which the folder says something comes a second time: it is what is written in it that is imported.
            by_path: files.iter().enumerate().rev().map(|(at, (path, _))| (&**path, at)).collect(),
            outer: None,
            dotted: None,
            given: FxHashMap::default(),
            calls: Calls::default(),
            wanted: Vec::new(),
            modules: FxHashMap::default(),
            answers: FxHashMap::default(),
            pass: 0,
            settled: true,
            steps: STEPS,
            missed: FxHashSet::default(),
            met: None,
            peeked: Vec::new(),
        }
    }

    /// The files of languages in which files see each other's names that give this name to something at their outermost level.
    fn beside(&mut self, name: &str) -> &[usize] {
        let (files, languages) = (self.files, &self.languages);
        let outer = self.outer.get_or_insert_with(|| {
            let mut outer: FxHashMap<&'a str, Vec<usize>> = FxHashMap::default();
            let sees = |at: usize| languages.get(at).copied().flatten().is_some_and(|language| language.beside.is_some());
            for (at, facts) in read(files).filter(|(at, _)| sees(*at)) {
                facts.outer_names().for_each(|name| outer.entry(name).or_default().push(at));
            }
            outer
        });
        outer.get(name).map(Vec::as_slice).unwrap_or_default()
    }

    /// True when some file gives something to a member of what it sees from elsewhere: `Class.member`.
    fn is_dotted(&mut self, name: &str) -> bool {
        let files = self.files;
        let dotted = || read(files).flat_map(|(_, facts)| facts.outer_names()).filter(|name| name.contains('.')).collect();
        self.dotted.get_or_insert_with(dotted).contains(name)
    }

    fn facts(&self, file: usize) -> Option<&'a Facts> {
        self.files.get(file)?.1.as_deref()
    }

    fn object(&self, (file, index): ObjectId) -> Option<&'a Object> {
        self.facts(file)?.objects.get(index)
    }
}

/// The files that are read.
fn read(files: &[File]) -> impl Iterator<Item = (usize, &Facts)> {
    files.iter().enumerate().filter_map(|(at, (_, facts))| Some((at, facts.as_deref()?)))
}

#[cfg(test)]
mod tests {
    use super::super::facts::{Binding, Call, Glue, Mount, ObjectKind, RouteFact, Scope, ScopeKind};
    use super::*;

    const FILE: ScopeId = ScopeId::FILE;

    fn name(scope: ScopeId, name: &str) -> Expr {
        Expr::Name(scope, name.into())
    }

    fn object(facts: &mut Facts, kind: ObjectKind, prefix: &str) -> Expr {
        let (framework, glue) = ("Test", Glue::Slash);
        facts.objects.push(Object { kind, framework, prefix: Expr::text(prefix), glue, caseless: false, span: Span::at(0) });
        Expr::Object(facts.objects.len() - 1)
    }

    fn bind(facts: &mut Facts, scope: ScopeId, name: &str, value: Expr) {
        facts.bindings.push(Binding { scope, name: name.into(), value });
    }

    fn route(facts: &mut Facts, on: Expr, path: Expr, certain: bool) {
        let span = Span::at(facts.routes.len() as u32);
        facts.routes.push(RouteFact { on, methods: vec!["GET".into()], path, span, certain, implied: false });
    }

    fn mount(facts: &mut Facts, on: Expr, prefix: Expr, what: Expr) {
        facts.mounts.push(Mount { on, prefix, replaces: false, what, span: Span::at(0), certain: false });
    }

    fn linked(facts: Facts, variables: &[(&str, &str)]) -> Application {
        let files = [PathBuf::from("app.x")];
        let text = |_: &Path| None;
        let tree = Tree::new(&files, &text);
        let variable = |wanted: &str| match variables.iter().find(|(name, _)| *name == wanted) {
            Some((_, value)) => Variable::Set((*value).to_owned()),
            None => Variable::Unset,
        };
        link(&tree, &[(files[0].clone(), Arc::new(facts))], &variable)
    }

    fn shown(application: &Application) -> (Vec<&str>, Vec<&str>, Vec<Why>) {
        (
            application.routes.iter().map(|route| route.pattern.as_str()).collect(),
            application.stray.iter().map(|route| route.pattern.as_str()).collect(),
            application.open.iter().map(|doubt| doubt.why).collect(),
        )
    }

    #[test]
    fn routers_below_routers() {
        let mut facts = Facts::default();
        let app = object(&mut facts, ObjectKind::App, "");
        let users = object(&mut facts, ObjectKind::Router, "/users");
        let lost = object(&mut facts, ObjectKind::Router, "/lost");
        bind(&mut facts, FILE, "app", app);
        bind(&mut facts, FILE, "PREFIX", Expr::text("/api/:version"));
        route(&mut facts, users.clone(), Expr::text("/{id}"), true);
        route(&mut facts, name(FILE, "app"), Expr::text("/"), true);
        route(&mut facts, lost, Expr::text("/x"), true);
        mount(&mut facts, name(FILE, "app"), name(FILE, "PREFIX"), users);
        assert_eq!(shown(&linked(facts, &[])), (vec!["/api/{x}/users/{id}", "/"], vec!["/lost/x"], vec![]));
    }

    #[test]
    fn functions_get_routers_and_give_them_back() {
        let mut facts = Facts::default();
        let (register, make) = (ScopeId(1), ScopeId(2));
        facts.scopes.push(Scope {
            parent: Some(FILE),
            kind: ScopeKind::Function,
            parameters: vec!["r".into(), "at".into()],
            returns: vec![],
        });
        let inner = object(&mut facts, ObjectKind::Either, "");
        facts.scopes.push(Scope { parent: Some(FILE), kind: ScopeKind::Function, parameters: vec![], returns: vec![name(make, "inner")] });
        bind(&mut facts, make, "inner", inner);
        bind(&mut facts, FILE, "register", Expr::Scope(register));
        bind(&mut facts, FILE, "make", Expr::Scope(make));
        let app = object(&mut facts, ObjectKind::App, "");
        bind(&mut facts, FILE, "app", app);
        route(&mut facts, name(register, "r"), name(register, "at"), false);
        route(&mut facts, name(make, "inner"), Expr::text("/in"), false);
        mount(&mut facts, name(FILE, "app"), Expr::text("/made"), Expr::Call(Box::new(name(FILE, "make")), vec![]));
        facts.calls.push(Call { function: name(FILE, "register"), arguments: vec![name(FILE, "app"), Expr::text("/given")] });
        assert_eq!(shown(&linked(facts, &[])), (vec!["/given", "/made/in"], vec![], vec![]));
    }

    #[test]
    fn what_is_not_known_is_said() {
        let mut facts = Facts::default();
        let app = object(&mut facts, ObjectKind::App, "");
        bind(&mut facts, FILE, "app", app.clone());
        bind(&mut facts, FILE, "client", Expr::Other);
        // A circle.
        bind(&mut facts, FILE, "a", name(FILE, "b"));
        bind(&mut facts, FILE, "b", name(FILE, "a"));
        route(&mut facts, name(FILE, "client"), Expr::text("/no"), false);
        route(&mut facts, name(FILE, "app"), Expr::Setting("P".into(), None), true);
        route(&mut facts, name(FILE, "a"), Expr::text("/who"), false);
        mount(&mut facts, app.clone(), name(FILE, "a"), Expr::Unknown);
        let application = linked(facts.clone(), &[("P", "/set")]);
        assert_eq!(shown(&application), (vec!["/set"], vec!["/who"], vec![Why::Mounted, Why::Receiver]));
        let application = linked(facts, &[]);
        assert_eq!(shown(&application), (vec!["/*"], vec!["/who"], vec![Why::Mounted, Why::Path, Why::Receiver]));
    }

    #[test]
    fn routers_that_mount_each_other_end() {
        let mut facts = Facts::default();
        let app = object(&mut facts, ObjectKind::App, "");
        let (one, two) = (object(&mut facts, ObjectKind::Either, ""), object(&mut facts, ObjectKind::Either, ""));
        mount(&mut facts, one.clone(), Expr::text("/1"), two.clone());
        mount(&mut facts, two.clone(), Expr::text("/2"), one.clone());
        mount(&mut facts, app, Expr::text("/a"), one.clone());
        route(&mut facts, one, Expr::text("/x"), true);
        route(&mut facts, two, Expr::text("/y"), true);
        assert_eq!(shown(&linked(facts, &[])).0, ["/a/x", "/a/1/y"]);
    }
}
