//! What one file of an application says of its routes: the same few facts whatever the language and framework.
//!
//! A reader makes them from a parsed file, without knowing any other file; they hold nothing of the tree, so that they can be kept.
//! [`super::link`] puts the files of an application together. Whatever a reader does not understand it says ([`Expr::Unknown`],
//! [`Open`]): a fact that is left out would make a route look missing.

use std::sync::Arc;

use super::link::Indexed;
use crate::text::Span;

/// A scope of a file, by its number; see [`Facts::scopes`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScopeId(pub u32);

impl ScopeId {
    /// The file itself.
    pub const FILE: ScopeId = ScopeId(0);
}

/// What one file says.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    /// The file itself first, then its functions and classes. A name is looked up in a scope, then in those around it.
    pub scopes: Vec<Scope>,
    /// What names are given. A name that is given several things may be any of them.
    pub bindings: Vec<Binding>,
    /// Apps and routers that are made here; [`Expr::Object`] names one by its number.
    pub objects: Vec<Object>,
    /// Routes that are registered.
    pub routes: Vec<RouteFact>,
    /// Routers that are put below others.
    pub mounts: Vec<Mount>,
    /// Handlers that are put below a prefix and may be routers.
    pub handled: Vec<Handled>,
    /// Calls of functions that get a router or give one back: `registerUsers(app)`. All calls with an argument that may be a router.
    pub calls: Vec<Call>,
    /// Apps and routers that are given to code that may be other people's.
    pub handed: Vec<Handed>,
    /// Libraries that are used of which nothing is known.
    pub libraries: Vec<Library>,
    /// Why routes besides those that are seen may exist.
    pub open: Vec<Open>,
    /// For looking something up in all of this.
    pub(super) indexed: Indexed,
}

impl Default for Facts {
    fn default() -> Self {
        Facts {
            scopes: vec![Scope::default()],
            bindings: Vec::new(),
            objects: Vec::new(),
            routes: Vec::new(),
            mounts: Vec::new(),
            handled: Vec::new(),
            calls: Vec::new(),
            handed: Vec::new(),
            libraries: Vec::new(),
            open: Vec::new(),
            indexed: Indexed::default(),
        }
    }
}

/// A file, a function, a class.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scope {
    /// What is around it; `None` for the file.
    pub parent: Option<ScopeId>,
    /// What it is.
    pub kind: ScopeKind,
    /// The names of a function's parameters, in order, without a method's `self`. They are bound to [`Expr::Parameter`] by themselves.
    pub parameters: Vec<Arc<str>>,
    /// What a function returns.
    pub returns: Vec<Expr>,
}

/// What a scope is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ScopeKind {
    /// A file.
    #[default]
    File,
    /// A function or method. Called, it is what it returns.
    Function,
    /// A class, or an object of which the members are known. Called, it is an instance; members of both are looked up among the names
    /// of the scope: `self.router = …`, `this.router = …`, fields and methods are bound there under their plain names.
    Class,
}

/// A name and what it is given.
#[derive(Debug, Clone, PartialEq)]
pub struct Binding {
    /// Where the name is known.
    pub scope: ScopeId,
    /// The name. `*` stands for all names that another module gives, and in a class for the members of one that it extends.
    pub name: Arc<str>,
    /// What it is.
    pub value: Expr,
}

/// What code computes, so far as it can be seen: a text, an app or router, a function, a module.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// This text.
    Text(Arc<str>),
    /// One text behind the other.
    Join(Vec<Expr>),
    /// A text without the slashes at its end.
    Trimmed(Box<Expr>),
    /// Any of these: `a || b`, a conditional.
    Any(Vec<Expr>),
    /// A name, looked up from that scope outwards.
    Name(ScopeId, Arc<str>),
    /// `users.router`, `settings.API_PREFIX`, `this.x` of another object.
    Member(Box<Expr>, Arc<str>),
    /// The result of a function of the application, or an instance of a class.
    Call(Box<Expr>, Vec<Expr>),
    /// An app or router that is made here: [`Facts::objects`]. Its members are bound in the file's scope under its number and their
    /// names: `3.routes`.
    Object(usize),
    /// A function or class of this file.
    Scope(ScopeId),
    /// A parameter of a function, by its position.
    Parameter(ScopeId, usize),
    /// What another file gives: the module as it is written, and the name there; `*` for the module itself, `default` for what a
    /// module is as a whole where the language has such a thing.
    Import(Arc<str>, Arc<str>),
    /// An environment variable, with what the code uses when it is not set.
    Setting(Arc<str>, Option<Box<Expr>>),
    /// A list of anything: `[users, items]`. What is done with a list is done with each of its items.
    List(Vec<Expr>),
    /// This where it is a text, and an empty text where it is surely something else: the first argument of `app.use(x, router)`.
    IfText(Box<Expr>),
    /// Something that is surely neither an app nor a router, nor a text that matters: a client, a number, a class of a library.
    Other,
    /// Anything.
    Unknown,
}

impl Expr {
    /// A text.
    pub fn text(text: &str) -> Expr {
        Expr::Text(text.into())
    }

    /// The text, when it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Expr::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// Something that routes are registered on.
#[derive(Debug, Clone, PartialEq)]
pub struct Object {
    /// How it is used.
    pub kind: ObjectKind,
    /// `FastAPI`, `Express`, …: as people write it.
    pub framework: &'static str,
    /// What is put before all of its routes; an empty text for nothing.
    pub prefix: Expr,
    /// How a prefix and a path are put together.
    pub glue: Glue,
    /// True when case does not matter in its paths.
    pub caseless: bool,
    /// Where it is made.
    pub span: Span,
}

/// How an app or router is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// It answers requests by itself: `FastAPI()`, `express()`.
    App,
    /// It answers only where it is mounted: `APIRouter()`, `Blueprint()`.
    Router,
    /// It answers by itself unless it is mounted: `chi.NewRouter()`, `new Hono()`.
    Either,
}

/// How a prefix and a path are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Glue {
    /// With one slash between them: `/api/` and `/x` is `/api/x`, `/api` and `x` too.
    Slash,
    /// As they are.
    Plain,
}

/// A route that is registered.
#[derive(Debug, Clone, PartialEq)]
pub struct RouteFact {
    /// The app or router.
    pub on: Expr,
    /// `GET`, …; empty for any.
    pub methods: Vec<Arc<str>>,
    /// Its path, as a pattern: `{name}` is one segment or a part of one, `*` anything, slashes too. What a framework writes as `:id`,
    /// `<int:id>`, `[id]`, `(?P<id>\d+)` or `*rest` is that already; a literal `*`, `{` or `}` is written as `{x}`.
    pub path: Expr,
    /// Where it is written: the path, or else the whole.
    pub span: Span,
    /// True when it surely is a route even if `on` can't be found: a decorator, an attribute of a controller. A call like
    /// `x.get('/a', f)` is none if `x` is no app.
    pub certain: bool,
    /// True for what the framework adds by itself (`/docs`, `/openapi.json`): it is known to exist, and nobody wrote it.
    pub implied: bool,
}

/// A router that is put below another one.
#[derive(Debug, Clone, PartialEq)]
pub struct Mount {
    /// The outer one.
    pub on: Expr,
    /// What is put before the paths.
    pub prefix: Expr,
    /// True when `prefix` takes the place of the inner one's own prefix (Flask's `url_prefix`).
    pub replaces: bool,
    /// The inner one.
    pub what: Expr,
    /// Where it is written.
    pub span: Span,
    /// As with [`RouteFact::certain`]: true when `what` surely is something that answers requests. `app.use(cors())` is not certain:
    /// what can't be found then is taken for a middleware that answers nothing.
    pub certain: bool,
}

/// A handler that is put below a prefix and may be a router or anything else: `mux.Handle("/api/", api)`. If it is nothing but routers,
/// their routes are there; if not, everything is.
#[derive(Debug, Clone, PartialEq)]
pub struct Handled {
    /// The outer router.
    pub on: Expr,
    /// The handler.
    pub what: Expr,
    /// What is put before the paths of a router; an empty text where it sees the whole path.
    pub prefix: Expr,
    /// The only framework of which a router is read so; with any other it is as if it were no router.
    pub within: Option<&'static str>,
    /// The patterns of everything that a handler gets which is no router.
    pub whole: Vec<Expr>,
    /// Where it is written.
    pub span: Span,
}

/// A call of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Call {
    /// The function.
    pub function: Expr,
    /// What it is given, by position.
    pub arguments: Vec<Expr>,
}

/// Something that is given to code that may be other people's: `Admin(app)`. If it is an app or router, and the code is not of the
/// application, routes may be added there ([`Why::Extension`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Handed {
    /// The code.
    pub to: Expr,
    /// What is given.
    pub what: Expr,
    /// Where it is written.
    pub span: Span,
}

/// Code that is imported of which nothing is known. Unless it turns out to be of the application, it may register routes or listen by
/// itself ([`Why::Library`]).
#[derive(Debug, Clone, PartialEq)]
pub struct Library {
    /// The code.
    pub what: Expr,
    /// Where it is written.
    pub span: Span,
}

/// A place because of which routes besides those that are seen may exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    /// Why.
    pub why: Why,
    /// Where.
    pub span: Span,
}

/// Why routes besides those that are seen may exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Routes are registered in a way that can't be read: in a loop over what is computed, by reflection, by a function of a library.
    Computed,
    /// An extension or plug-in of the framework adds routes of its own.
    Extension,
    /// A library of which nothing is known may register routes, or listen by itself.
    Library,
    /// A middleware may answer, or change the path of, any request.
    Middleware,
    /// Requests are passed on to another server.
    Proxy,
    /// What answers where no route does is the application's own: a handler of errors, a fallback that serves a page.
    Fallback,
    /// The prefix of these routes is not known.
    Prefix,
    /// What is mounted here is not known.
    Mounted,
    /// It is not known on which app or router this is registered.
    Receiver,
    /// The path of this route is not known.
    Path,
    /// A version, option or file of the framework that is not understood.
    Option,
    /// The file can't be parsed, or only in part.
    Unparsed,
}
