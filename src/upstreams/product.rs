//! What one running backend of a known image serves: the catalogue's routes under the options that this container is started with.

use std::path::PathBuf;

use super::catalogue::{Closed, Effect, Format, Image, Product, Setting};
use super::files::Settings;
use super::routes::Route;
use super::served::{Scope, Served};
use crate::messages::Message;
use crate::phrase;
use crate::project::container::{Container, MountSource, Text};
use crate::project::paths::Evidence;
use crate::project::vfs::Kind;
use crate::project::{FileId, Place, Project};
use crate::text::Span;

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

/// What a product serves as this container runs it.
pub(super) fn of_container(project: &Project, product: &Product, image: &Image, container: &Container, port: u16) -> Served {
    let mut reader = Reader { project, product, container, image, files: Vec::new(), forwards_to: Vec::new() };
    let read = reader.read(port);
    let forwards_to = reader.forwards_to;
    match read {
        Ok(served) => Served { forwards_to, ..served },
        Err(why) => Served { routes: product.routes.iter().map(|route| Route::written(route)).collect(), forwards_to, ..Served::open(why) },
    }
}

/// Where a configuration file's text is.
#[derive(Debug, Clone, Copy)]
enum Origin {
    File(FileId),
    /// In a value that is written there.
    Inline(Place),
}

impl Origin {
    /// Where a part of the text is; the whole value where the text is one of a manifest, which is indented and escaped there.
    fn place(self, span: Span) -> Place {
        match self {
            Origin::File(file) => Place { file, span },
            Origin::Inline(place) => place,
        }
    }
}

struct Reader<'a> {
    project: &'a Project,
    product: &'a Product,
    container: &'a Container,
    image: &'a Image,
    files: Vec<(Origin, Settings)>,
    forwards_to: Vec<String>,
}

impl Reader<'_> {
    /// What is served, or why that can't be told.
    fn read(&mut self, port: u16) -> Result<Served, Message> {
        let product = self.product;
        if product.closed == Closed::No {
            return Err(phrase!("upstreams-open-more", product = &product.name));
        }
        if !product.ports.is_empty() && !product.ports.contains(&port) {
            return Err(phrase!("upstreams-open-port", product = &product.name, port = port.to_string()));
        }
        let known = |since: u32| self.image.is_latest() || self.image.major().is_some_and(|major| major >= since);
        if product.since.is_some_and(|since| !known(since)) {
            return Err(phrase!("upstreams-open-version", product = &product.name));
        }
        self.entrypoint()?;
        self.read_files()?;
        let mut served = Served {
            routes: product.routes.iter().map(|route| Route::written(route)).collect(),
            scope: if product.closed == Closed::Under { Scope::Below(product.closed_under.clone()) } else { Scope::Everywhere },
            knowledge: product.knowledge,
            evidence: Vec::new(),
            forwards_nothing: None,
            forwards_to: Vec::new(),
            provided: None,
        };
        served.routes.extend(
            product.also.iter().filter(|also| !known(also.before)).flat_map(|also| also.routes.iter().map(|route| Route::written(route))),
        );
        // What is put before all routes comes last.
        let order =
            |setting: &&Setting| matches!(setting.effect, Effect::Moves | Effect::MovesUrl | Effect::Copies) && setting.from.is_empty();
        let (last, first): (Vec<&Setting>, Vec<&Setting>) = product.option.iter().partition(order);
        for setting in first.into_iter().chain(last) {
            self.apply(setting, &mut served)?;
        }
        let missing: Vec<Route> =
            product.fixed.iter().map(|route| Route::written(route)).filter(|route| !served.routes.contains(route)).collect();
        served.routes.extend(missing);
        Ok(served)
    }

    /// Anything but the product's own program may do anything with the flags, and a subcommand may read them its own way.
    fn entrypoint(&self) -> Result<(), Message> {
        let name = |word: &Text| word.value.as_deref().map(|value| value.rsplit('/').next().unwrap_or(value).to_owned());
        let program = |word: &Text| name(word).is_some_and(|name| self.product.programs.contains(&name));
        let subcommand = |word: &Text| word.value.as_ref().is_some_and(|value| self.product.commands.contains(value));
        if let Some(word) = self.container.entrypoint.first()
            && !program(word)
        {
            return Err(phrase!("upstreams-open-entrypoint", service = &self.container.name));
        }
        match self.container.command.first() {
            Some(word) if !program(word) && !subcommand(word) && !self.raw(word).starts_with('-') => {
                Err(phrase!("upstreams-open-command", service = &self.container.name))
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

    fn apply(&mut self, setting: &Setting, served: &mut Served) -> Result<(), Message> {
        let unless = setting.unless.as_slice();
        if !unless.is_empty() && !self.flags(unless)?.is_empty() {
            return Ok(());
        }
        let given = self.given(setting)?;
        let forwards = setting.says.as_deref() == Some("forwards");
        for given in &given {
            let written = self.written(given.place);
            let unknown = || phrase!("upstreams-open-decides", written = &written, service = &self.container.name);
            let value = given.one();
            match setting.effect {
                Effect::Opens => match given.is_off() {
                    Some(true) if forwards => {
                        let message = phrase!("upstreams-forwards-nothing", product = &self.product.name, written = &written);
                        served.evidence.push(Evidence { place: Some(given.place), message });
                        served.forwards_nothing = Some(Message::verbatim(written));
                    }
                    Some(true) if !setting.even_off => {}
                    Some(false) if forwards => {
                        self.forwards_to.extend(given.values.iter().flatten().cloned());
                        return Err(phrase!("upstreams-open-passes-on", service = &self.container.name, written = &written));
                    }
                    _ => return Err(phrase!("upstreams-open-adds", written = &written, service = &self.container.name)),
                },
                Effect::Adds => match given.is_off() {
                    Some(true) => {}
                    Some(false) => served.routes.extend(setting.routes.iter().map(|route| Route::written(route))),
                    None => return Err(unknown()),
                },
                Effect::Renames => {
                    let value = value.ok_or_else(unknown)?;
                    let value = if value.starts_with('/') { value.to_owned() } else { format!("/{value}") };
                    if value == "/" {
                        return Err(phrase!("upstreams-open-every-path", written = &written, service = &self.container.name));
                    }
                    served.routes.iter_mut().filter(|route| route.pattern == setting.from).for_each(|route| route.pattern = value.clone());
                    served.evidence.push(self.evidence(given, phrase!("upstreams-at", setting = &setting.from, value = value)));
                }
                Effect::Moves | Effect::MovesUrl | Effect::Copies => {
                    let value = value.ok_or_else(unknown)?;
                    let path = if setting.effect == Effect::MovesUrl { url_path(value).ok_or_else(unknown)? } else { value };
                    let prefix = format!("/{}", path.trim_matches('/'));
                    let prefix = prefix.trim_end_matches('/');
                    let Some(moved) = moved(served, &setting.from, prefix) else { return Err(unknown()) };
                    match setting.effect {
                        Effect::Copies => served.routes.extend(moved.routes),
                        _ => *served = moved,
                    }
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
    fn given(&self, setting: &Setting) -> Result<Vec<Given>, Message> {
        let mut out = self.flags(&setting.flags)?;
        out.extend(self.environment(&setting.env)?);
        for (origin, settings) in &self.files {
            for key in &setting.keys {
                if let Some(found) = settings.get(key) {
                    out.push(Given { values: found.values.clone(), place: origin.place(found.span) });
                }
            }
        }
        // Two places that say the same are one; of others the product's precedence decides, which is not known here.
        if matches!(setting.effect, Effect::Moves | Effect::MovesUrl | Effect::Copies | Effect::Renames)
            && let Some((one, more)) = out.split_first()
        {
            if more.iter().any(|other| other.values != one.values) {
                return Err(phrase!("upstreams-open-two", service = &self.container.name, written = self.written(one.place)));
            }
            out.truncate(1);
        }
        Ok(out)
    }

    /// Values of flags: `--name=value`, `--name value`, with one dash or two.
    fn flags(&self, names: &[String]) -> Result<Vec<Given>, Message> {
        let words: Vec<&Text> = self.container.entrypoint.iter().chain(&self.container.command).collect();
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
                    return Err(phrase!("upstreams-open-depends", service = &self.container.name, written = &raw));
                }
                before = written;
                continue;
            };
            let (name, value) = match flag.split_once('=') {
                Some((name, value)) => (name, Some(value.to_owned())),
                None => (flag, None),
            };
            if name.contains('$') || (word.value.is_none() && raw.contains(' ')) {
                return Err(phrase!("upstreams-open-depends", service = &self.container.name, written = &raw));
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

    fn environment(&self, names: &[String]) -> Result<Vec<Given>, Message> {
        if !names.is_empty() && self.container.unknown_environment {
            return Err(phrase!("upstreams-open-environment", service = &self.container.name));
        }
        let given = |name: &String| {
            let (_, text) = self.container.environment.iter().rev().find(|(known, _)| is_named(known, name))?;
            Some(Given { values: text.value.clone().map(|value| vec![value]), place: text.place })
        };
        Ok(names.iter().filter_map(given).collect())
    }

    fn read_files(&mut self) -> Result<(), Message> {
        for file in &self.product.file {
            let named = self.flags(&file.flags)?.into_iter().chain(self.environment(&file.env)?).collect::<Vec<_>>();
            for given in &named {
                let path = given.one().filter(|path| path.starts_with('/'));
                let Some(path) = path else {
                    return Err(phrase!("upstreams-open-file", service = &self.container.name, written = self.written(given.place)));
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
    fn file(&mut self, path: &str, format: Format, own: bool) -> Result<(), Message> {
        let unread = |why: Message| phrase!("upstreams-open-unread", path = path, service = &self.container.name, why = why);
        let folder = path.trim_end_matches('/');
        let inside = |path: &str, folder: &str| {
            path.strip_prefix(folder.trim_end_matches('/')).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let above = self.container.mounts.iter().filter(|mount| inside(folder, &mount.target)).max_by_key(|mount| mount.target.len());
        let below = self.container.mounts.iter().any(|mount| inside(&mount.target, folder));
        let Some(mount) = above else {
            return if own && !below { Ok(()) } else { Err(unread(phrase!("upstreams-unread-not-mounted"))) };
        };
        let rest = folder.strip_prefix(mount.target.trim_end_matches('/')).unwrap_or("").trim_start_matches('/');
        let source = match &mount.source {
            MountSource::Workspace(source, _) => source,
            MountSource::Inline(Some(text)) if rest.is_empty() => {
                let settings = Settings::read(text, format).ok_or_else(|| unread(phrase!("upstreams-unread-format")))?;
                self.files.push((Origin::Inline(mount.place), settings));
                return Ok(());
            }
            // The folder is mounted and has no such file: none is read.
            MountSource::Inline(None) if own && !rest.is_empty() && !below => return Ok(()),
            _ => return Err(unread(phrase!("upstreams-unread-elsewhere"))),
        };
        let local: PathBuf = if rest.is_empty() { source.clone() } else { source.join(rest) };
        match self.project.vfs.kind(&local) {
            Kind::File => {}
            // The folder is mounted and has no such file: none is read.
            Kind::Missing if own && !rest.is_empty() && self.project.vfs.kind(source) == Kind::Folder => return Ok(()),
            Kind::Folder if format == Format::Unread && self.project.vfs.list(&local).is_empty() => return Ok(()),
            _ => return Err(unread(phrase!("upstreams-unread-elsewhere"))),
        }
        let id = self.project.vfs.id(&local);
        let text = self.project.vfs.read(id).map_err(|_| unread(phrase!("upstreams-unread-unreadable")))?;
        let settings = Settings::read(&text.to_str(), format).ok_or_else(|| unread(phrase!("upstreams-unread-format")))?;
        self.files.push((Origin::File(id), settings));
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
    let mut routes: Vec<Route> = served.routes.iter().map(|route| Route { pattern: shift(&route.pattern), ..route.clone() }).collect();
    // `/` below a prefix is the prefix itself, and a redirect often leads there from above.
    if from.is_empty() && !prefix.is_empty() {
        routes.extend(["/", prefix].map(Route::written));
    }
    Some(Served { routes, scope, ..served.clone() })
}
