//! Where routers are mounted, and the routes that follow.

use std::collections::BTreeSet;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::facts::{Facts, Glue, Handled, Mount, ObjectKind, Why};
use super::super::pattern;
use super::{Application, Doubt, Linker, ObjectId, Route, Thing, read};
use crate::text::Span;

/// How deep routers are mounted in each other.
const DEPTH: usize = 24;
/// How many routes an application is followed to.
const MOST: usize = 50_000;

/// One router below another.
#[derive(Debug, Clone)]
struct Edge {
    prefix: String,
    replaces: bool,
    inner: ObjectId,
}

/// A route of a router, before it is known where that is mounted.
#[derive(Clone)]
struct Own<'a> {
    methods: &'a [Arc<str>],
    implied: bool,
    span: Span,
    file: usize,
    path: String,
}

/// What is registered on and mounted below each app and router, and what was found beside that.
pub(super) struct Placed<'a> {
    edges: FxHashMap<ObjectId, Vec<Edge>>,
    own: FxHashMap<ObjectId, Vec<Own<'a>>>,
    out: Found,
}

/// What was found, each with the number of its file.
#[derive(Default)]
struct Found {
    routes: Vec<(usize, Route)>,
    stray: Vec<(usize, Route)>,
    open: Vec<(usize, Doubt)>,
}

impl<'a> Linker<'a> {
    /// What is registered and mounted.
    pub(super) fn place(&mut self) -> Placed<'a> {
        let mut out = Found::default();
        let files = self.files;
        let mut edges: FxHashMap<ObjectId, Vec<Edge>> = FxHashMap::default();
        let mut own: FxHashMap<ObjectId, Vec<Own<'a>>> = FxHashMap::default();
        for (file, facts) in read(files) {
            for open in &facts.open {
                self.doubt(&mut out, open.why, file, open.span);
            }
            self.mounts(file, facts, &mut edges, &mut own, &mut out);
            self.registered(file, facts, &mut own, &mut out);
            for handled in &facts.handled {
                self.handled(file, handled, &mut edges, &mut own, &mut out);
            }
            self.handed(file, facts, &mut out);
            for library in &facts.libraries {
                if self.resolve(file, &library.what).iter().any(|thing| matches!(thing, Thing::Unknown | Thing::Foreign)) {
                    self.doubt(&mut out, Why::Library, file, library.span);
                }
            }
            // What routes begin with is looked for here, too, so that all is settled when they are made.
            for object in &facts.objects {
                self.patterns(file, &object.prefix);
            }
        }
        Placed { edges, own, out }
    }

    /// The routes that follow.
    pub(super) fn routes(mut self, placed: Placed<'a>) -> Application {
        let Placed { edges, own, mut out } = placed;
        let files = self.files;
        let mounted: FxHashSet<ObjectId> =
            edges.iter().flat_map(|(outer, edges)| edges.iter().filter(move |edge| edge.inner != *outer)).map(|edge| edge.inner).collect();
        let mut frameworks: BTreeSet<&'static str> = BTreeSet::new();
        for (file, facts) in read(files) {
            for (index, object) in facts.objects.iter().enumerate() {
                let id = (file, index);
                let root = object.kind != ObjectKind::Router && !mounted.contains(&id);
                if root {
                    frameworks.insert(object.framework);
                }
                if root || !mounted.contains(&id) {
                    self.walk(id, "", false, &edges, &own, &mut Vec::new(), root, &mut out);
                }
            }
        }
        // What only hands requests on to a router of another framework is not what people call the application.
        let routing: BTreeSet<&'static str> =
            out.routes.iter().map(|(_, route)| route).filter(|route| !route.implied).map(|route| route.framework).collect();
        let order = self.order();
        let place = |file: &usize| order.get(*file).copied().unwrap_or(usize::MAX);
        let in_order = |mut found: Vec<(usize, Route)>| {
            found.sort_by(|(file, a), (other, b)| {
                (place(file), a.span, &a.pattern, &a.methods).cmp(&(place(other), b.span, &b.pattern, &b.methods))
            });
            let mut routes: Vec<Route> = found.into_iter().map(|(_, route)| route).collect();
            routes.dedup();
            routes
        };
        out.open.sort_by_key(|(file, doubt)| (place(file), doubt.span));
        let mut open: Vec<Doubt> = out.open.into_iter().map(|(_, doubt)| doubt).collect();
        open.dedup();
        Application {
            frameworks: if routing.is_empty() { frameworks } else { routing }.into_iter().collect(),
            routes: in_order(out.routes),
            stray: in_order(out.stray),
            open,
        }
    }

    /// The place of each file in the order of their paths: to compare numbers is cheaper than to compare paths.
    fn order(&self) -> Vec<usize> {
        let path = |at: &usize| self.files.get(*at).map(|(path, _)| path);
        let mut sorted: Vec<usize> = read(self.files).map(|(at, _)| at).collect();
        sorted.sort_by_key(path);
        let mut out = vec![usize::MAX; self.files.len()];
        let mut last = None;
        let mut place = 0;
        for at in &sorted {
            // A file of which the folder says something is there twice.
            place += usize::from(last != path(at));
            last = path(at);
            if let Some(slot) = out.get_mut(*at) {
                *slot = place;
            }
        }
        out
    }

    fn doubt(&self, out: &mut Found, why: Why, file: usize, span: Span) {
        if let Some((path, _)) = self.files.get(file) {
            out.open.push((file, Doubt { why, file: path.to_path_buf(), span }));
        }
    }

    fn mounts(
        &mut self,
        file: usize,
        facts: &'a Facts,
        edges: &mut FxHashMap<ObjectId, Vec<Edge>>,
        own: &mut FxHashMap<ObjectId, Vec<Own<'a>>>,
        out: &mut Found,
    ) {
        for mount in &facts.mounts {
            let what = self.routers(file, &mount.what);
            let inner: Vec<ObjectId> = what.iter().filter_map(object).collect();
            let doubtful = |thing: &Thing| match thing {
                Thing::Unknown | Thing::Foreign => true,
                Thing::Other | Thing::Scope(..) | Thing::Instance(..) | Thing::Module(_) | Thing::Text(..) => mount.certain,
                Thing::Object(_) => false,
            };
            let strange = what.iter().any(doubtful);
            if !strange && inner.is_empty() {
                continue;
            }
            let on = self.routers(file, &mount.on);
            let unclear = on.iter().any(|thing| matches!(thing, Thing::Unknown | Thing::Foreign));
            let outer: Vec<ObjectId> = on.iter().filter_map(object).collect();
            // A plug-in of something else.
            if outer.is_empty() && !unclear && !mount.certain {
                continue;
            }
            if strange {
                self.strange(file, mount, &outer, unclear, own, out);
            }
            if inner.is_empty() {
                continue;
            }
            if unclear || outer.is_empty() {
                self.doubt(out, Why::Receiver, file, mount.span);
            }
            let prefixes = self.patterns(file, &mount.prefix);
            if prefixes.iter().any(|(_, known)| !known) {
                self.doubt(out, Why::Prefix, file, mount.span);
            }
            for outer in outer {
                let edges = edges.entry(outer).or_default();
                for (prefix, _) in &prefixes {
                    edges.extend(inner.iter().map(|inner| Edge { prefix: prefix.clone(), replaces: mount.replaces, inner: *inner }));
                }
            }
        }
    }

    /// Something that is not known: it answers below its prefix, whatever it is.
    fn strange(
        &mut self,
        file: usize,
        mount: &'a Mount,
        outer: &[ObjectId],
        unclear: bool,
        own: &mut FxHashMap<ObjectId, Vec<Own<'a>>>,
        out: &mut Found,
    ) {
        let prefixes = self.patterns(file, &mount.prefix);
        let below = |(prefix, known): &(String, bool)| *known && !prefix.trim_matches('/').is_empty() && !prefix.contains('*');
        if mount.certain || unclear || outer.is_empty() || !prefixes.iter().all(below) {
            return self.doubt(out, Why::Mounted, file, mount.span);
        }
        for id in outer {
            let route = |path| Own { methods: &[], implied: false, span: mount.span, file, path };
            own.entry(*id).or_default().extend(prefixes.iter().map(|(prefix, _)| route(pattern::below(prefix, "/*"))));
        }
    }

    /// Apps and routers in the hands of others.
    fn handed(&mut self, file: usize, facts: &'a Facts, out: &mut Found) {
        for handed in &facts.handed {
            // A text is no code: it marks what does not do as it is told (`fastify-plugin`).
            let strange = |thing: &Thing| matches!(thing, Thing::Unknown | Thing::Foreign | Thing::Text(..));
            if self.resolve(file, &handed.what).iter().any(|thing| object(thing).is_some())
                && self.resolve(file, &handed.to).iter().any(strange)
            {
                self.doubt(out, Why::Extension, file, handed.span);
            }
        }
    }

    fn registered(&mut self, file: usize, facts: &'a Facts, own: &mut FxHashMap<ObjectId, Vec<Own<'a>>>, out: &mut Found) {
        for fact in &facts.routes {
            let on = self.routers(file, &fact.on);
            let objects: Vec<ObjectId> = on.iter().filter_map(object).collect();
            let unclear = on.iter().any(|thing| matches!(thing, Thing::Unknown | Thing::Foreign));
            // Surely no app: a client, a map, a test.
            if objects.is_empty() && !unclear && !fact.certain {
                continue;
            }
            let paths = self.patterns(file, &fact.path);
            if unclear || objects.is_empty() {
                self.doubt(out, Why::Receiver, file, fact.span);
            }
            if paths.iter().any(|(_, known)| !known) {
                self.doubt(out, Why::Path, file, fact.span);
            }
            for (path, _) in paths {
                let route = Own { methods: &fact.methods, implied: fact.implied, span: fact.span, file, path };
                if objects.is_empty() {
                    let stray = self.route(&route, &route.path, false, "").filter(|_| out.stray.len() < MOST);
                    out.stray.extend(stray.map(|stray| (file, stray)));
                }
                for id in &objects {
                    own.entry(*id).or_default().push(route.clone());
                }
            }
        }
    }

    /// A handler that is a router, or that gets everything below its prefix.
    fn handled(
        &mut self,
        file: usize,
        handled: &'a Handled,
        edges: &mut FxHashMap<ObjectId, Vec<Edge>>,
        own: &mut FxHashMap<ObjectId, Vec<Own<'a>>>,
        out: &mut Found,
    ) {
        let on = self.routers(file, &handled.on);
        if on.iter().any(|thing| matches!(thing, Thing::Unknown | Thing::Foreign)) {
            self.doubt(out, Why::Receiver, file, handled.span);
        }
        let outer: Vec<ObjectId> = on.iter().filter_map(object).collect();
        let mut what = self.routers(file, &handled.what);
        what.retain(|thing| *thing != Thing::Other);
        let fits = |id: ObjectId| self.object(id).is_some_and(|object| handled.within.is_none_or(|only| object.framework == only));
        let inner: Vec<ObjectId> = what.iter().filter_map(object).filter(|id| fits(*id)).collect();
        let routers = !inner.is_empty() && inner.len() == what.len();
        let prefixes = self.patterns(file, &handled.prefix);
        for id in outer {
            if routers {
                let below = |(prefix, _): &(String, bool)| {
                    inner.iter().map(|inner| Edge { prefix: prefix.clone(), replaces: false, inner: *inner }).collect::<Vec<_>>()
                };
                edges.entry(id).or_default().extend(prefixes.iter().flat_map(below));
            } else {
                for whole in &handled.whole {
                    let paths = self.patterns(file, whole);
                    if paths.iter().any(|(_, known)| !known) {
                        self.doubt(out, Why::Path, file, handled.span);
                    }
                    let route = |path| Own { methods: &[], implied: false, span: handled.span, file, path };
                    own.entry(id).or_default().extend(paths.into_iter().map(|(path, _)| route(path)));
                }
            }
        }
        if routers && prefixes.iter().any(|(_, known)| !known) {
            self.doubt(out, Why::Prefix, file, handled.span);
        }
    }

    fn route(&self, own: &Own<'_>, path: &str, caseless: bool, framework: &'static str) -> Option<Route> {
        let (name, _) = self.files.get(own.file)?;
        Some(Route {
            methods: own.methods.to_vec(),
            pattern: pattern::tidy(path),
            caseless,
            framework,
            implied: own.implied,
            file: name.to_path_buf(),
            span: own.span,
        })
    }

    /// The routes of a router and of those below it.
    #[expect(clippy::too_many_arguments, reason = "what is walked, and where it got to")]
    fn walk(
        &mut self,
        id: ObjectId,
        prefix: &str,
        replaced: bool,
        edges: &FxHashMap<ObjectId, Vec<Edge>>,
        own: &FxHashMap<ObjectId, Vec<Own<'a>>>,
        above: &mut Vec<ObjectId>,
        served: bool,
        out: &mut Found,
    ) {
        let Some(object) = self.object(id) else { return };
        if above.contains(&id) {
            return;
        }
        if above.len() >= DEPTH || out.routes.len() + out.stray.len() > MOST {
            self.doubt(out, Why::Computed, id.0, object.span);
            return;
        }
        let join = |head: &str, tail: &str| match object.glue {
            Glue::Slash => pattern::below(head, tail),
            Glue::Plain => format!("{head}{tail}"),
        };
        let prefixes = match replaced {
            true => vec![(String::new(), true)],
            false => self.patterns(id.0, &object.prefix),
        };
        if prefixes.iter().any(|(_, known)| !known) {
            self.doubt(out, Why::Prefix, id.0, object.span);
        }
        above.push(id);
        for (own_prefix, _) in &prefixes {
            let prefix = join(prefix, own_prefix);
            for own in own.get(&id).into_iter().flatten() {
                let route = self.route(own, &join(&prefix, &own.path), object.caseless, object.framework);
                let found = route.map(|route| (own.file, route));
                if served { out.routes.extend(found) } else { out.stray.extend(found.filter(|(_, route)| !route.implied)) }
            }
            for edge in edges.get(&id).into_iter().flatten() {
                self.walk(edge.inner, &join(&prefix, &edge.prefix), edge.replaces, edges, own, above, served, out);
            }
        }
        above.pop();
    }
}

fn object(thing: &Thing) -> Option<ObjectId> {
    match thing {
        Thing::Object(id) => Some(*id),
        _ => None,
    }
}
