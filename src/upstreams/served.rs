//! What one running backend serves: the catalogue's routes under the options that this service is started with.

use std::path::PathBuf;

use super::catalogue::{Closed, Effect, Format, Image, Knowledge, Product, Setting};
use super::files::Settings;
use super::routes;
use crate::messages::Message;
use crate::phrase;
use crate::project::compose::{MountSource, Service, Text};
use crate::project::paths::Evidence;
use crate::project::vfs::Kind;
use crate::project::{FileId, Place, Project};
use crate::routing::UriSet;

/// What a backend serves.
#[derive(Debug, Clone)]
pub struct Served {
    /// Its routes, as patterns.
    pub routes: Vec<String>,
    /// Where a URI that is in none of them is missing.
    pub scope: Scope,
    /// How well the routes are known.
    pub knowledge: Knowledge,
    /// What was read to know it, with what it says.
    pub evidence: Vec<Evidence>,
    /// Why nothing is passed on: `upstreams = []`; `None` for what never passes anything on.
    pub forwards_nothing: Option<Message>,
    /// The URLs that it passes requests on to, as they are written: `upstreams = ["http://nginx:8081/"]`.
    pub forwards_to: Vec<String>,
    /// What would make it false.
    pub provided: Option<Message>,
}

/// Where a URI that is no route is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everywhere.
    Everywhere,
    /// Below these prefixes.
    Below(Vec<String>),
    /// Nowhere is that known, because of this.
    Open(String),
}

impl Served {
    /// Routes that are not known to be all.
    pub(super) fn open(why: impl Into<String>) -> Served {
        Served {
            routes: Vec::new(),
            scope: Scope::Open(why.into()),
            knowledge: Knowledge::Whole,
            evidence: Vec::new(),
            forwards_nothing: None,
            forwards_to: Vec::new(),
            provided: None,
        }
    }

    /// True when it serves none of these URIs; `None` when that can't be told.
    pub fn lacks_all(&self, uris: &UriSet) -> Option<bool> {
        match &self.scope {
            Scope::Open(_) => return None,
            Scope::Everywhere => {}
            Scope::Below(prefixes) => {
                let below = UriSet::union(prefixes.iter().map(|prefix| UriSet::prefix(prefix.as_bytes())));
                if !uris.is_subset_of(&below)? {
                    return None;
                }
            }
        }
        let mut all = Vec::with_capacity(self.routes.len());
        for route in &self.routes {
            all.push(routes::set_of(route)?);
        }
        uris.intersects(&UriSet::union(all)).map(|common| !common)
    }
}

/// The value of an option, and where it is written; values of `None` are not known.
#[derive(Debug, Clone)]
struct Given {
    values: Option<Vec<String>>,
    place: Place,
}

impl Given {
    fn one(&self) -> Option<&str> {
        match self.values.as_deref() {
            Some([value]) => Some(value),
            Some([]) => Some(""),
            _ => None,
        }
    }

    fn is_off(&self) -> Option<bool> {
        let off = |value: &String| value.is_empty() || value == "false" || value == "[]";
        self.values.as_ref().map(|values| values.iter().all(off))
    }
}

/// What a product serves as this service runs it.
pub(super) fn of_service(project: &Project, product: &Product, image: &Image, service: &Service, port: u16) -> Served {
    let mut reader = Reader { project, product, service, image, files: Vec::new(), forwards_to: Vec::new() };
    let read = reader.read(port);
    let forwards_to = reader.forwards_to;
    match read {
        Ok(served) => Served { forwards_to, ..served },
        Err(why) => Served { routes: product.routes.clone(), forwards_to, ..Served::open(why) },
    }
}

struct Reader<'a> {
    project: &'a Project,
    product: &'a Product,
    service: &'a Service,
    image: &'a Image,
    files: Vec<(FileId, Settings)>,
    forwards_to: Vec<String>,
}

impl Reader<'_> {
    /// What is served, or why that can't be told.
    fn read(&mut self, port: u16) -> Result<Served, String> {
        let product = self.product;
        if product.closed == Closed::No {
            return Err(format!("{} serves more than a list of routes", product.name));
        }
        if !product.ports.is_empty() && !product.ports.contains(&port) {
            return Err(format!("what {} serves on port {port} is not known", product.name));
        }
        let known = |since: u32| self.image.is_latest() || self.image.major().is_some_and(|major| major >= since);
        if product.since.is_some_and(|since| !known(since)) {
            return Err(format!("the routes of this version of {} are not known", product.name));
        }
        self.entrypoint()?;
        self.read_files()?;
        let mut served = Served {
            routes: product.routes.clone(),
            scope: if product.closed == Closed::Under { Scope::Below(product.closed_under.clone()) } else { Scope::Everywhere },
            knowledge: product.knowledge,
            evidence: Vec::new(),
            forwards_nothing: None,
            forwards_to: Vec::new(),
            provided: None,
        };
        served.routes.extend(product.also.iter().filter(|also| !known(also.before)).flat_map(|also| also.routes.clone()));
        // What is put before all routes comes last.
        let order = |setting: &&Setting| matches!(setting.effect, Effect::Moves | Effect::MovesUrl) && setting.from.is_empty();
        let (last, first): (Vec<&Setting>, Vec<&Setting>) = product.option.iter().partition(order);
        for setting in first.into_iter().chain(last) {
            self.apply(setting, &mut served)?;
        }
        let missing: Vec<String> = product.fixed.iter().filter(|route| !served.routes.contains(route)).cloned().collect();
        served.routes.extend(missing);
        Ok(served)
    }

    /// Anything but the product's own program may do anything with the flags, and a subcommand may read them its own way.
    fn entrypoint(&self) -> Result<(), String> {
        let name = |word: &Text| word.value.as_deref().map(|value| value.rsplit('/').next().unwrap_or(value).to_owned());
        let program = |word: &Text| name(word).is_some_and(|name| self.product.programs.contains(&name));
        let subcommand = |word: &Text| word.value.as_ref().is_some_and(|value| self.product.commands.contains(value));
        if let Some(word) = self.service.entrypoint.first()
            && !program(word)
        {
            return Err(format!("{} has an entrypoint of its own", self.service.name));
        }
        match self.service.command.first() {
            Some(word) if !program(word) && !subcommand(word) && !self.raw(word).starts_with('-') => {
                Err(format!("what the command of {} starts is not known", self.service.name))
            }
            _ => Ok(()),
        }
    }

    /// A word; one that is not known as it is written, without quotes.
    fn raw(&self, word: &Text) -> String {
        if let Some(value) = &word.value {
            return value.clone();
        }
        let text = self.project.text(word.place.file);
        text.slice(word.place.span).trim_matches(['"', '\'']).to_owned()
    }

    fn apply(&mut self, setting: &Setting, served: &mut Served) -> Result<(), String> {
        let unless = setting.unless.as_slice();
        if !unless.is_empty() && !self.flags(unless)?.is_empty() {
            return Ok(());
        }
        let given = self.given(setting)?;
        let forwards = setting.says.as_deref() == Some("forwards");
        for given in &given {
            let written = self.written(given.place);
            let unknown = || format!("`{written}` decides what {} serves, and is not understood", self.service.name);
            let value = given.one();
            match setting.effect {
                Effect::Opens => match given.is_off() {
                    Some(true) if forwards => {
                        let message = phrase!("upstreams-forwards-nothing", product = &self.product.name, written = &written);
                        served.evidence.push(Evidence { place: Some(given.place), message });
                        served.forwards_nothing = Some(Message::verbatim(written));
                    }
                    Some(true) => {}
                    Some(false) if forwards => {
                        self.forwards_to.extend(given.values.iter().flatten().cloned());
                        return Err(format!("{} passes requests on: `{written}`", self.service.name));
                    }
                    _ => return Err(format!("`{written}` adds to what {} serves", self.service.name)),
                },
                Effect::Adds => match given.is_off() {
                    Some(true) => {}
                    Some(false) => served.routes.extend(setting.routes.clone()),
                    None => return Err(unknown()),
                },
                Effect::Renames => {
                    let value = value.ok_or_else(unknown)?;
                    let value = if value.starts_with('/') { value.to_owned() } else { format!("/{value}") };
                    if value == "/" {
                        return Err(format!("`{written}` may answer every path of {}", self.service.name));
                    }
                    served.routes.iter_mut().filter(|route| **route == setting.from).for_each(|route| *route = value.clone());
                    served.evidence.push(self.evidence(given, phrase!("upstreams-at", setting = &setting.from, value = value)));
                }
                Effect::Moves | Effect::MovesUrl => {
                    let value = value.ok_or_else(unknown)?;
                    let path = if setting.effect == Effect::MovesUrl { url_path(value).ok_or_else(unknown)? } else { value };
                    let prefix = format!("/{}", path.trim_matches('/'));
                    let prefix = prefix.trim_end_matches('/');
                    let Some(moved) = moved(served, &setting.from, prefix) else { return Err(unknown()) };
                    *served = moved;
                    if !prefix.is_empty() {
                        served.evidence.push(self.evidence(given, phrase!("upstreams-below", prefix = prefix)));
                    }
                }
            }
        }
        if given.is_empty() && forwards {
            let key = setting.keys.first().or(setting.flags.first()).cloned().unwrap_or_default();
            served.forwards_nothing = Some(phrase!("upstreams-no-key", key = key));
        }
        if forwards {
            let key = setting.flags.first().or(setting.keys.first()).cloned().unwrap_or_default();
            served.provided = Some(phrase!("upstreams-provided", key = key));
        }
        Ok(())
    }

    fn evidence(&self, given: &Given, says: Message) -> Evidence {
        Evidence { place: Some(given.place), message: phrase!("upstreams-option", written = self.written(given.place), says = says) }
    }

    /// The source text of a place, on one line and cut.
    fn written(&self, place: Place) -> String {
        let text = self.project.text(place.file);
        let text = text.slice(place.span);
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = line.trim_matches(['"', '\'']);
        if line.chars().count() > 60 { format!("{}…", line.chars().take(60).collect::<String>()) } else { line.to_owned() }
    }

    /// Everything that gives a setting a value.
    fn given(&self, setting: &Setting) -> Result<Vec<Given>, String> {
        let mut out = self.flags(&setting.flags)?;
        out.extend(self.environment(&setting.env)?);
        for (file, settings) in &self.files {
            for key in &setting.keys {
                if let Some(found) = settings.get(key) {
                    out.push(Given { values: found.values.clone(), place: Place { file: *file, span: found.span } });
                }
            }
        }
        // Two places that say the same are one; of others the product's precedence decides, which is not known here.
        if matches!(setting.effect, Effect::Moves | Effect::MovesUrl | Effect::Renames)
            && let Some((one, more)) = out.split_first()
        {
            if more.iter().any(|other| other.values != one.values) {
                return Err(format!("{} is told two different things by {}", self.service.name, self.written(one.place)));
            }
            out.truncate(1);
        }
        Ok(out)
    }

    /// Values of flags: `--name=value`, `--name value`, with one dash or two.
    fn flags(&self, names: &[String]) -> Result<Vec<Given>, String> {
        let words: Vec<&Text> = self.service.entrypoint.iter().chain(&self.service.command).collect();
        let mut out = Vec::new();
        let mut before = String::new();
        for (index, word) in words.iter().enumerate() {
            let raw = self.raw(word);
            let written = raw.clone();
            let flag = written.strip_prefix('-').map(|flag| flag.strip_prefix('-').unwrap_or(flag));
            let Some(flag) = flag else {
                // A variable may be a flag, or several, unless it is the value of the flag in front.
                let value_of_flag = before.starts_with('-') && !before.contains('=');
                if word.value.is_none() && !value_of_flag {
                    return Err(format!("the command of {} depends on `{raw}`", self.service.name));
                }
                before = written;
                continue;
            };
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (flag, None),
            };
            if name.contains('$') || (word.value.is_none() && raw.contains(' ')) {
                return Err(format!("the command of {} depends on `{raw}`", self.service.name));
            }
            if names.iter().any(|wanted| is_named(name, wanted)) {
                let next = words.get(index + 1).filter(|next| !self.raw(next).starts_with('-'));
                let value = match (value, next) {
                    (Some(value), _) => word.value.is_some().then_some(value),
                    (None, Some(next)) => next.value.clone(),
                    (None, None) => Some("true".to_owned()),
                };
                out.push(Given { values: value.map(|value| vec![value]), place: word.place });
            }
            before = written;
        }
        Ok(out)
    }

    fn environment(&self, names: &[String]) -> Result<Vec<Given>, String> {
        if !names.is_empty() && self.service.unknown_environment {
            return Err(format!("an environment file of {} is not here", self.service.name));
        }
        let given = |name: &String| {
            let (_, text) = self.service.environment.iter().rev().find(|(known, _)| is_named(known, name))?;
            Some(Given { values: text.value.clone().map(|value| vec![value]), place: text.place })
        };
        Ok(names.iter().filter_map(given).collect())
    }

    fn read_files(&mut self) -> Result<(), String> {
        for file in &self.product.file {
            let named = self.flags(&file.flags)?.into_iter().chain(self.environment(&file.env)?).collect::<Vec<_>>();
            for given in &named {
                let path = given.one().filter(|path| path.starts_with('/'));
                let Some(path) = path else {
                    return Err(format!("the configuration file of {} is not known: `{}`", self.service.name, self.written(given.place)));
                };
                self.file(path, file.format, file.paths.iter().any(|default| default == path))?;
            }
            if named.is_empty() {
                for path in &file.paths {
                    self.file(path, file.format, true)?;
                }
            }
        }
        Ok(())
    }

    /// Reads a file of the container. `own`: the image has one there, which changes nothing.
    fn file(&mut self, path: &str, format: Format, own: bool) -> Result<(), String> {
        let unread = |why: &str| format!("{path} decides what {} serves, and {why}", self.service.name);
        let folder = path.trim_end_matches('/');
        let inside = |path: &str, folder: &str| {
            path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let above = self.service.mounts.iter().filter(|mount| inside(folder, &mount.target)).max_by_key(|mount| mount.target.len());
        let below = self.service.mounts.iter().any(|mount| inside(&mount.target, folder));
        let Some(mount) = above else {
            return if own && !below { Ok(()) } else { Err(unread("is not mounted from the workspace")) };
        };
        let MountSource::Workspace(source, _) = &mount.source else {
            return Err(unread("is not in the workspace"));
        };
        let rest = folder.strip_prefix(mount.target.trim_end_matches('/')).unwrap_or("").trim_start_matches('/');
        let local: PathBuf = if rest.is_empty() { source.clone() } else { source.join(rest) };
        match self.project.vfs.kind(&local) {
            Kind::File => {}
            // The folder is mounted and has no such file: none is read.
            Kind::Missing if own && !rest.is_empty() && self.project.vfs.kind(source) == Kind::Folder => return Ok(()),
            Kind::Folder if format == Format::Unread && self.project.vfs.list(&local).is_empty() => return Ok(()),
            _ => return Err(unread("is not in the workspace")),
        }
        let id = self.project.vfs.id(&local);
        let text = self.project.vfs.read(id).map_err(|_| unread("can't be read"))?;
        let settings = Settings::read(&text.to_str(), format).ok_or_else(|| unread("is not understood"))?;
        self.files.push((id, settings));
        Ok(())
    }
}

/// True for a name that the catalogue gives; there it may end in `*`.
fn is_named(name: &str, wanted: &str) -> bool {
    match wanted.strip_suffix('*') {
        Some(head) => name.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head)),
        None => name.eq_ignore_ascii_case(wanted),
    }
}

/// The path of a URL, or a path; `None` for what is neither.
fn url_path(value: &str) -> Option<&str> {
    let rest = match value.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None if value.starts_with('/') || value.is_empty() => value,
        None => return None,
    };
    Some(rest.split(['?', '#']).next().unwrap_or(rest))
}

/// Routes with a prefix before them, or in place of another prefix. `None` when the prefix holds what can't be one.
fn moved(served: &Served, from: &str, prefix: &str) -> Option<Served> {
    if prefix.contains(['*', '{', '$', '?']) {
        return None;
    }
    let inside = |path: &str| path.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with('/')).map(str::to_owned);
    let shift = |path: &String| match inside(path) {
        Some(rest) => format!("{prefix}{rest}"),
        None => path.clone(),
    };
    let scope = match &served.scope {
        Scope::Below(prefixes) => Scope::Below(prefixes.iter().map(shift).collect()),
        other => other.clone(),
    };
    let mut routes: Vec<String> = served.routes.iter().map(shift).collect();
    // `/` below a prefix is the prefix itself, and a redirect often leads there from above.
    if from.is_empty() && !prefix.is_empty() {
        routes.extend(["/".to_owned(), prefix.to_owned()]);
    }
    Some(Served { routes, scope, ..served.clone() })
}
