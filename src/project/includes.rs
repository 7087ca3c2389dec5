//! The include graph: which file reads which, from which roots.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::images::{CONF_FOLDERS, is_installation};
use super::paths::Mapped;
use super::{FileId, Notice, Parses, Place, Project, Root, RootKind, SourceFile};
use crate::phrase;
use crate::syntax::{Body, Directive};
use crate::text::Span;

/// What one `include` led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Include {
    /// These files, in the order in which nginx reads them (`ngx_conf_include`: glob results sorted by bytes).
    Files(Vec<FileId>),
    /// Nothing there, and nginx refuses that (no glob character in the name). Holds the path in the workspace.
    Missing(PathBuf),
    /// The file includes itself, directly or through others.
    Loop(FileId),
    /// On the server, outside of what the workspace knows, or made by a template. Says why.
    Unknown(String),
}

/// How deep includes are followed; nginx ends with "too many open files" long before a person would nest so deep.
const MAX_DEPTH: usize = 64;
/// How many times a root's includes read a file.
pub(crate) const MAX_READS: usize = 20_000;

/// Finds the files and roots of a project.
pub(super) fn discover(project: &mut Project, entries: &[PathBuf], parses: &mut Parses) {
    let (files, named) = candidates(project, entries);
    project.load_files(&files, parses);
    let mut kinds = Vec::new();
    for (path, is_named) in files.iter().zip(named) {
        let mut id = project.load_file(path, parses);
        let Some(mut source) = project.files.get(&id).cloned() else { continue };
        let target = behind_links(project, path);
        if is_named && target != **path && kind_of(&source.parse.directives) != RootKind::Main && !source.unread() {
            // What a main file includes is known by the name behind the link.
            project.files.remove(&id);
            project.read -= u64::from(source.text.len());
            id = project.load_file(&target, parses);
            let Some(real) = project.files.get(&id).cloned() else { continue };
            source = real;
        }
        let unreadable = source.problem.as_ref().is_some_and(|problem| !problem.is_partial());
        if is_named || if unreadable { named_like_nginx(path) == Likeness::Yes } else { looks_like_nginx(path, &source) } {
            kinds.push((id, kind_of(&source.parse.directives), is_named));
        } else {
            project.files.remove(&id);
        }
    }
    let mut included = FxHashSet::default();
    let (mains, others): (Vec<_>, Vec<_>) = kinds.into_iter().partition(|(_, kind, _)| *kind == RootKind::Main);
    for (id, kind, _) in mains {
        add_root(project, id, kind, parses, &mut included);
    }
    let alone: Vec<FileId> = others.iter().filter(|(id, _, named)| *named && !included.contains(id)).map(|(id, ..)| *id).collect();
    if !alone.is_empty() && project.settings.project.roots.is_empty() {
        add_mains_around(project, &alone, parses, &mut included);
    }
    // A fragment that another fragment includes is read through that one; two that include each other are both roots.
    let mut fragments = Vec::new();
    for (id, kind, named) in others {
        if !included.contains(&id) {
            let mut own = FxHashSet::default();
            let at = project.roots.len();
            add_root(project, id, kind, parses, &mut own);
            fragments.push((at, id, named, own));
        }
    }
    let covered: FxHashSet<usize> = fragments
        .iter()
        .filter(|(at, id, named, _)| !named && fragments.iter().any(|(other, _, _, own)| other < at && own.contains(id)))
        .map(|(at, ..)| *at)
        .collect();
    let mut at = 0;
    project.roots.retain(|_| {
        at += 1;
        !covered.contains(&(at - 1))
    });
}

/// Main configurations of the workspace that include one of the fragments: those mean something only through them.
fn add_mains_around(project: &mut Project, fragments: &[FileId], parses: &mut Parses, included: &mut FxHashSet<FileId>) {
    let workspace = [project.workspace.clone()];
    for path in candidates(project, &workspace).0 {
        let id = project.vfs.id(&path);
        if project.roots.iter().any(|root| root.file == id) || fragments.contains(&id) {
            continue;
        }
        let before = (project.files.clone(), project.problems.len(), project.read, project.expanded);
        project.load_file(&path, parses);
        let kind = project.files.get(&id).map(|source| kind_of(&source.parse.directives));
        if kind == Some(RootKind::Main) {
            let mut own = FxHashSet::default();
            add_root(project, id, RootKind::Main, parses, &mut own);
            if fragments.iter().any(|fragment| own.contains(fragment)) {
                included.extend(own);
                continue;
            }
            project.roots.pop();
        }
        // Not about what was asked for.
        project.files = before.0;
        project.problems.truncate(before.1);
        (project.read, project.expanded) = (before.2, before.3);
    }
}

fn add_root(project: &mut Project, id: FileId, kind: RootKind, parses: &mut Parses, included: &mut FxHashSet<FileId>) {
    let path = project.vfs.path(id);
    let conf_dir = path.parent().unwrap_or(Path::new("/")).to_path_buf();
    let server_path = project.deployments.server_path_of(&path);
    let prefix = project.deployments.prefix_for(&path);
    let mut root = Root { file: id, kind, conf_dir, server_path, prefix, includes: FxHashMap::default() };
    let mut reading = vec![id];
    let mut walk = Walk { reads: 0, matched: 0, gave_up: None };
    project.expanded += size(project, id);
    follow(project, &mut root, id, &mut reading, parses, &mut walk);
    if let Some(limit) = walk.gave_up {
        let message = match limit {
            Limit::Files => phrase!("includes-too-many", most = MAX_READS),
            Limit::Bytes => phrase!("includes-too-much", most = super::Vfs::room().to_string()),
        };
        project.problems.push(Notice { place: Place { file: id, span: Span::at(0) }, message });
    }
    for include in root.includes.values() {
        if let Include::Files(files) = include {
            included.extend(files);
        }
    }
    project.roots.push(root);
}

struct Walk {
    reads: usize,
    /// Files that patterns named, whether or not they were read.
    matched: usize,
    gave_up: Option<Limit>,
}

/// Why includes were not followed further.
#[derive(Clone, Copy)]
enum Limit {
    /// Nested too deep, or too many files.
    Files,
    /// More than there is memory for.
    Bytes,
}

/// The bytes of a file that was read.
fn size(project: &Project, file: FileId) -> u64 {
    project.files.get(&file).map_or(0, |source| u64::from(source.text.len()))
}

fn follow(project: &mut Project, root: &mut Root, file: FileId, reading: &mut Vec<FileId>, parses: &mut Parses, walk: &mut Walk) {
    let Some(source) = project.files.get(&file).cloned() else { return };
    let mut includes = Vec::new();
    collect(&source.parse.directives, &mut includes);
    for directive in includes {
        let place = Place { file, span: directive.span };
        if root.includes.contains_key(&place) {
            continue;
        }
        let Some(pattern) = directive.arg(0) else { continue };
        let unseen = || Include::Unknown("the includes are nested too deep, or name too many files".into());
        // Where the bound is far behind, patterns are not even matched.
        let mut found = if walk.matched > 2 * MAX_READS { unseen() } else { resolve(project, root, pattern, parses) };
        if let Include::Files(files) = &mut found {
            walk.matched += files.len();
            if let Some(again) = files.iter().find(|file| reading.contains(file)) {
                found = Include::Loop(*again);
            } else if reading.len() >= MAX_DEPTH || walk.reads + files.len() > MAX_READS {
                walk.gave_up = Some(Limit::Files);
                found = unseen();
            } else {
                let more = files.iter().map(|file| size(project, *file)).sum::<u64>();
                if !super::Vfs::has_room(project.expanded + more) {
                    walk.gave_up = Some(Limit::Bytes);
                    found = Include::Unknown("the includes read more than there is memory for".into());
                } else {
                    project.expanded += more;
                }
            }
        }
        root.includes.insert(place, found.clone());
        if let Include::Files(files) = found {
            for file in files {
                walk.reads += 1;
                reading.push(file);
                follow(project, root, file, reading, parses, walk);
                reading.pop();
            }
        }
    }
}

fn collect(directives: &[Arc<Directive>], out: &mut Vec<Arc<Directive>>) {
    for directive in directives.iter().filter(|directive| directive.includes) {
        if directive.is("include") && directive.args.len() == 1 && directive.body == Body::Simple {
            out.push(directive.clone());
        }
        collect(directive.children(), out);
    }
}

/// What an `include` leads to. nginx takes a relative name from the folder of the main configuration, in every file
/// (`ngx_conf_full_name` with `conf_prefix`).
fn resolve(project: &mut Project, root: &Root, pattern: &str, parses: &mut Parses) -> Include {
    if pattern.contains('$') || pattern.contains("{{") {
        return Include::Unknown(format!("`{pattern}` is filled in by a template"));
    }
    if pattern.contains('\0') {
        return Include::Unknown("the name holds a NUL byte".into());
    }
    let is_glob = pattern.contains(['*', '?', '[']);
    let mut found = Vec::new();
    let local = if pattern.starts_with('/') { local_of_absolute(project, root, pattern) } else { Some(root.conf_dir.join(pattern)) };
    if let Some(local) = &local {
        let local = super::vfs::normalize(local);
        if let Some(why) = outside(project, &local) {
            return Include::Unknown(why);
        }
        let paths = if is_glob {
            project.vfs.glob(&local)
        } else if project.vfs.kind(&local) == super::vfs::Kind::Missing {
            Vec::new()
        } else {
            vec![local.clone()]
        };
        found = paths;
    }
    let server_path = match (&root.server_path, pattern.starts_with('/')) {
        (_, true) => Some(pattern.to_owned()),
        (Some(main), false) => main.rsplit_once('/').map(|(folder, _)| format!("{folder}/{pattern}")),
        (None, false) => None,
    };
    let mapped = server_path.as_ref().and_then(|path| project.deployments.map(project, root.file, path));
    if let Some(Mapped::Present { path, .. } | Mapped::Missing { path, .. }) = &mapped
        && let Some(why) = outside(project, path)
    {
        return Include::Unknown(why);
    }
    // What says how files get onto the server counts more than a folder that happens to lie beside the main file.
    let files = match mapped {
        Some(Mapped::Present { path, .. }) if !is_glob => vec![path],
        Some(Mapped::Present { path, .. } | Mapped::Missing { path, .. }) if is_glob => {
            let paths = project.vfs.glob(&path);
            if paths.is_empty() { found } else { paths }
        }
        _ if !found.is_empty() => found,
        Some(Mapped::Missing { path, .. }) => return Include::Missing(path),
        Some(Mapped::Unknown { why, .. }) => return Include::Unknown(why),
        Some(Mapped::Present { path, .. }) => vec![path],
        None => match local {
            // A pattern that matches nothing is nothing to nginx; in a folder that is an installation, that is all there is.
            Some(path) if is_installation(&root.conf_dir) => {
                if !is_glob {
                    return Include::Missing(super::vfs::normalize(&path));
                }
                Vec::new()
            }
            _ => return Include::Unknown(format!("`{pattern}` is not in the workspace, and nothing says whether the server has it")),
        },
    };
    let local = |project: &Project, path: &Path| link_on_server(project, root, path).unwrap_or_else(|| behind_links(project, path));
    let files: Vec<PathBuf> = files.iter().map(|path| local(project, path)).collect();
    Include::Files(project.load_files(&files, parses))
}

/// Why what a pattern names is not known, where the folder that it starts from may not be read.
fn outside(project: &Project, pattern: &Path) -> Option<String> {
    let is_plain = |part: &std::path::Component<'_>| !super::wildcard::is_pattern(part.as_os_str().as_encoded_bytes());
    let start: PathBuf = pattern.components().take_while(is_plain).collect();
    (!project.vfs.may_read(&start)).then(|| super::paths::outside(project, &start))
}

/// A link that is kept in the workspace and leads to a path on the server (`sites-enabled/a -> /etc/nginx/sites-available/a`): the
/// file here that stands for it.
fn link_on_server(project: &Project, root: &Root, path: &Path) -> Option<PathBuf> {
    if project.vfs.kind(path) != super::vfs::Kind::Missing {
        return None;
    }
    let (target, true) = project.vfs.link_target(path)? else { return None };
    let here = local_of_absolute(project, root, target.to_str()?)?;
    (project.vfs.kind(&here) == super::vfs::Kind::File).then_some(here)
}

/// The file that a person edits: what a link leads to, when that lies in the workspace (`sites-enabled/a` is `sites-available/a`).
fn behind_links(project: &Project, path: &Path) -> PathBuf {
    let vfs = &project.vfs;
    if vfs.overlay(vfs.id(path)).is_some() {
        return path.to_path_buf();
    }
    let target = vfs.canonical(path);
    let workspace = vfs.canonical(&project.workspace);
    match target.strip_prefix(&workspace) {
        Ok(inside) => project.workspace.join(inside),
        Err(_) => path.to_path_buf(),
    }
}

/// An absolute path on the server as a path here, where the folder of the main configuration tells.
fn local_of_absolute(project: &Project, root: &Root, pattern: &str) -> Option<PathBuf> {
    if Path::new(pattern).starts_with(&project.workspace) {
        return Some(pattern.into());
    }
    let known = root.server_path.as_deref().and_then(|path| path.rsplit_once('/')).map(|(folder, _)| folder);
    let folders = known.iter().copied().chain(if known.is_none() { CONF_FOLDERS } else { &[] }.iter().copied());
    let rest = folders.filter_map(|folder| pattern.strip_prefix(folder)?.strip_prefix('/')).next()?;
    Some(root.conf_dir.join(rest))
}

/// True for a name, relative to the configuration's folder, that packages and images of nginx bring along.
pub fn is_packaged(name: &str) -> bool {
    const FILES: &[&str] = &[
        "mime.types",
        "fastcgi_params",
        "fastcgi.conf",
        "uwsgi_params",
        "scgi_params",
        "proxy_params",
        "proxy.conf",
        "koi-utf",
        "koi-win",
        "win-utf",
    ];
    const FOLDERS: &[&str] = &["modules-enabled/", "modules/", "snippets/fastcgi-php.conf", "snippets/snakeoil.conf", "default.d/"];
    let name = name.trim_start_matches("./");
    FILES.contains(&name) || FOLDERS.iter().any(|folder| name.starts_with(folder))
}

/// Files that may be configurations, and whether somebody named them.
fn candidates(project: &mut Project, entries: &[PathBuf]) -> (Vec<PathBuf>, Vec<bool>) {
    let mut files = Vec::new();
    let mut named = Vec::new();
    let mut seen = FxHashSet::default();
    let mut add = |project: &Project, path: &Path, is_named: bool| {
        // nginx takes the name of its main file as it is given: includes start from the folder of the link.
        let path = if is_named { path.to_path_buf() } else { behind_links(project, path) };
        if seen.insert(path.clone()) {
            files.push(path);
            named.push(is_named);
        }
    };
    let roots = project.settings.project.roots.clone();
    let declared = !roots.is_empty();
    for root in roots {
        add(project, &super::vfs::normalize(&project.workspace.join(root)), true);
    }
    let whole = [project.workspace.clone()];
    for entry in if entries.is_empty() { &whole[..] } else { entries } {
        // The settings say where to start: nothing is looked for in the workspace as a whole.
        if declared && *entry == project.workspace {
            continue;
        }
        let is_folder = project.vfs.kind(entry) == super::vfs::Kind::Folder;
        if !is_folder && !entries.is_empty() {
            add(project, entry, true);
            continue;
        }
        // In a workspace that is not there (yet, or any more) is what a client has open in it.
        if is_folder && entry.extension().is_some_and(|extension| extension == "conf") && project.vfs.list(entry).is_empty() {
            // Named as a file is, and an empty folder, as Docker makes them: that is told.
            add(project, entry, true);
        }
        let walk = project.vfs.walk(entry);
        if walk.cut {
            let file = project.vfs.id(entry);
            let message = phrase!("folder-too-large", most = super::Vfs::MAX_FILES);
            project.problems.push(Notice { place: Place { file, span: Span::at(0) }, message });
        }
        for path in walk.files.iter() {
            if named_like_nginx(path) != Likeness::No {
                add(project, path, false);
            }
        }
    }
    (files, named)
}

/// How much a file's name says.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Likeness {
    /// Something else.
    No,
    /// `*.conf`: many programs have such files.
    Maybe,
    /// Only nginx has files with this name.
    Yes,
}

fn named_like_nginx(path: &Path) -> Likeness {
    let Some(name) = path.file_name().and_then(|name| name.to_str()) else { return Likeness::No };
    let folders: Vec<&str> = path.parent().into_iter().flat_map(Path::iter).filter_map(|part| part.to_str()).collect();
    let name = name.strip_suffix(".template").or_else(|| name.strip_suffix(".tmpl")).unwrap_or(name);
    if name == "nginx.conf" || name.ends_with(".nginx") || name.ends_with(".nginx.conf") || name.ends_with(".nginxconf") {
        return Likeness::Yes;
    }
    if !name.ends_with(".conf") {
        let site = folders.last().is_some_and(|folder| ["sites-available", "sites-enabled"].contains(folder));
        return if site && !name.starts_with('.') { Likeness::Maybe } else { Likeness::No };
    }
    Likeness::Maybe
}

/// Blocks that make a file nginx's own when it has one outermost, and the directives of which they consist.
const OWN_BLOCKS: &[&str] = &["http", "events", "server", "upstream", "location", "map", "stream", "geo", "split_clients", "types"];

/// Does the content look like nginx's? A file whose name says so needs only be no other language; any other has to have one of
/// nginx's blocks outermost and no fault: `server { port = 80 }` is some other program's.
fn looks_like_nginx(path: &Path, source: &SourceFile) -> bool {
    let directives = &source.parse.directives;
    if named_like_nginx(path) == Likeness::Yes {
        return true;
    }
    if directives.is_empty() {
        return false;
    }
    // A fault here and there is what a check is for; a fault in every other line is another language.
    if !source.parse.problems.is_empty() && (source.parse.problems.len() * 4 > count(directives) || !has_telling(directives)) {
        return false;
    }
    let known = |directive: &Directive| crate::nginx::directives::is_known(&directive.name.value);
    let own_block = |directive: &Directive| OWN_BLOCKS.iter().any(|name| directive.is(name)) && matches!(directive.body, Body::Block(_));
    let inside_known = |directive: &Directive| {
        let data = ["map", "geo", "types", "split_clients"].iter().any(|name| directive.is(name));
        data || directive.children().iter().filter(|child| known(child)).count() * 4 >= directive.children().len() * 3
    };
    let in_folder = path.iter().any(|part| {
        part.to_str().is_some_and(|part| {
            part.contains("nginx") || part.contains("openresty") || ["sites-available", "sites-enabled", "conf.d"].contains(&part)
        })
    });
    let all_known = directives.iter().all(|directive| known(directive));
    directives.iter().any(|directive| own_block(directive) && inside_known(directive)) || (in_folder && all_known)
}

/// Directives, those in blocks included.
fn count(directives: &[Arc<Directive>]) -> usize {
    directives.iter().map(|directive| 1 + count(directive.children())).sum()
}

/// Is there a directive, at any depth, whose name no other program's configuration has in a block of that name?
fn has_telling(directives: &[Arc<Directive>]) -> bool {
    const TELLING: &[(&str, &[&str])] = &[
        ("http", &["server", "include", "upstream", "map", "default_type", "sendfile", "log_format"]),
        ("server", &["listen", "server_name", "location"]),
        ("location", &["proxy_pass", "fastcgi_pass", "try_files", "return", "root", "alias", "rewrite", "content_by_lua_block"]),
        ("events", &["worker_connections"]),
        ("upstream", &["server"]),
    ];
    directives.iter().any(|directive| {
        let telling = TELLING.iter().find(|(block, _)| directive.is(block)).is_some_and(|(_, names)| {
            let assigned = |child: &Directive| child.arg(0) == Some("=") && !child.is("location");
            directive.children().iter().any(|child| names.iter().any(|name| child.is(name)) && !assigned(child))
        });
        telling || has_telling(directive.children())
    })
}

/// What a file is meant for, by its outermost directives.
pub(super) fn kind_of(directives: &[Arc<Directive>]) -> RootKind {
    let has = |names: &[&str]| directives.iter().any(|directive| names.iter().any(|name| directive.is(name)));
    let block = |names: &[&str]| {
        directives.iter().any(|directive| names.iter().any(|name| directive.is(name)) && matches!(directive.body, Body::Block(_)))
    };
    if block(&["http", "events", "stream", "mail"]) || has(&["worker_processes", "load_module"]) {
        RootKind::Main
    } else if block(&["server", "upstream", "map", "geo", "split_clients"]) || has(&["lua_shared_dict", "limit_req_zone", "log_format"]) {
        RootKind::Http
    } else if block(&["location"]) || has(&["listen", "server_name"]) {
        RootKind::Server
    } else {
        RootKind::Snippet
    }
}
