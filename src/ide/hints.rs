//! What is implied and stands nowhere, in a few words behind what implies it: who is the default server of an address, which file a
//! location serves, where a location's requests go that never stay in it.

use rustc_hash::FxHashMap;

use crate::config::effective::{Blocks, Site};
use crate::config::{EntryId, LocationId, Matcher, ServerId};
use crate::ide::answer;
use crate::message;
use crate::project::settings::Hint as Wanted;
use crate::project::{FileId, Place, RootKind};
use crate::routing::reach::{Dead, Proof};
use crate::text::{Span, Text};
use crate::usage::definitions::{Protocol, unseen};
use crate::usage::files::Serving;
use crate::world::{Analysis, View};

/// A few words behind a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// Behind what.
    pub span: Span,
    /// The words.
    pub label: String,
    /// A sentence that says why.
    pub tooltip: String,
}

/// Regexes that match every URI.
const ALWAYS: [&str; 11] = ["^", "/", "^/", ".*", "^.*", "^.*$", "(.*)", "^(.*)$", "^/(.*)$", "^/.*$", "^/.*"];

/// The hints of a file that begin or end in a range, of the kinds that are wanted, in their order.
pub fn hints(analysis: &Analysis, file: FileId, range: Span, wanted: &[Wanted]) -> Vec<Hint> {
    let mut out: Vec<Hint> = Vec::new();
    // What a template fills in is not known.
    if analysis.project.files.get(&file).is_none_or(|source| source.is_unreliable()) {
        return out;
    }
    for view in analysis.views() {
        let hinter = Hinter { view, file, range, blocks: Blocks::new(view.project, view.config) };
        if wanted.contains(&Wanted::DefaultServer) {
            hinter.default_servers(&mut out);
        }
        if wanted.contains(&Wanted::Takeover) {
            hinter.takeovers(&mut out);
        }
        if wanted.contains(&Wanted::Files) {
            hinter.files(&mut out);
        }
    }
    out.sort_by(|a, b| (a.span, &a.label).cmp(&(b.span, &b.label)));
    let stands = stands(analysis, file);
    // A file may be included several times, and differ from one to the next: what does not hold in all of them is not told.
    let mut kept: Vec<Hint> = Vec::new();
    for same in out.chunk_by(|a, b| a == b) {
        if let Some(first) = same.first()
            && stands.get(&first.span).is_none_or(|times| same.len() >= *times)
        {
            kept.push(first.clone());
        }
    }
    kept
}

/// How often each place of a file that may have hints stands in all configurations.
fn stands(analysis: &Analysis, file: FileId) -> FxHashMap<Span, usize> {
    let mut stands: FxHashMap<Span, usize> = FxHashMap::default();
    for view in analysis.views() {
        for id in ["location", "listen"].iter().flat_map(|name| view.config.all(name)) {
            let header = view.config.header(*id);
            if header.file == file {
                *stands.entry(header.span).or_default() += 1;
            }
        }
    }
    stands
}

/// Where the words stand that belong behind a place: behind its `{` or `;`, where that ends the line, so that they do not tear it apart.
pub fn behind(text: &Text, span: Span) -> u32 {
    let rest = Span::new(span.end, text.line_span(text.line_of(span.end)).end);
    let line = text.slice(rest);
    let open = line.trim_start_matches([' ', '\t']);
    match open.strip_prefix(['{', ';']) {
        Some(left) if left.trim_start().is_empty() || left.trim_start().starts_with('#') => {
            let blanks = line.len() - open.len();
            rest.start + blanks as u32 + 1
        }
        _ => span.end,
    }
}

struct Hinter<'a> {
    view: View<'a>,
    file: FileId,
    range: Span,
    blocks: Blocks<'a>,
}

impl Hinter<'_> {
    fn shows(&self, place: Place) -> bool {
        place.file == self.file && self.range.start <= place.span.end && place.span.start <= self.range.end
    }

    /// The default server of an address, where several share it and none says that it is.
    fn default_servers(&self, out: &mut Vec<Hint>) {
        let (config, language) = (self.view.config, self.view.language);
        // Servers in files that are not here may come first.
        if self.view.root.kind != RootKind::Main || unseen(config, Protocol::Http, true).next().is_some() {
            return;
        }
        for socket in self.view.router().sockets().iter().filter(|socket| socket.servers.len() > 1) {
            let server = config.server(socket.default);
            let Some(listen) = server.listens.iter().find(|listen| socket.is_of(listen)) else { continue };
            let Some(entry) = listen.entry.filter(|_| !listen.default && !server.synthetic) else { continue };
            let header = config.header(entry);
            if self.shows(header) {
                let address = if socket.port == 0 { socket.address.to_string() } else { format!("{}:{}", socket.address, socket.port) };
                let tooltip = message!(language, "hint-default-server-why", address = address, count = socket.servers.len());
                out.push(Hint { span: header.span, label: message!(language, "hint-default-server"), tooltip });
            }
        }
    }

    /// Who gets the requests of locations that are dead, or that hand on whatever comes.
    fn takeovers(&self, out: &mut Vec<Hint>) {
        let language = self.view.language;
        let dead = self.view.dead().iter().chain(&self.view.through().dead);
        for dead in dead {
            if let Some(header) = self.header(dead.location) {
                let takers = self.takers(dead);
                let (label, tooltip) = match takers.is_empty() {
                    true => (message!(language, "hint-never"), message!(language, "hint-never-why")),
                    false => {
                        (message!(language, "hint-taken", takers = takers.clone()), message!(language, "hint-taken-why", takers = takers))
                    }
                };
                out.push(Hint { span: header.span, label, tooltip });
            }
        }
        for id in self.locations() {
            if let Some(header) = self.header(id)
                && let Some((by, to)) = self.hands_on(id)
            {
                let written = answer::written(self.view.config, by);
                let label = message!(language, "hint-hands-on", to = self.named(to));
                out.push(Hint { span: header.span, label, tooltip: message!(language, "hint-hands-on-why", by = written) });
            }
        }
    }

    fn takers(&self, dead: &Dead) -> String {
        let all: Vec<LocationId> = match dead.proof {
            Proof::Duplicate { first } | Proof::Same { first } => vec![first],
            _ => dead.takes_over.clone(),
        };
        let names: Vec<String> = all.iter().map(|id| self.named(*id)).collect();
        crate::messages::list(self.view.language, &names, 2)
    }

    /// `/a (line 3)`: editors cut what is longer than a few words.
    fn named(&self, id: LocationId) -> String {
        let name = self.view.config.location(id).matcher.display();
        let place = self.view.config.header(self.view.config.location(id).entry);
        let line = self.view.project.line(place);
        message!(self.view.language, "hint-location", location = name, line = line)
    }

    /// The directive that sends every request of a location elsewhere, and where to.
    fn hands_on(&self, id: LocationId) -> Option<(EntryId, LocationId)> {
        let config = self.view.config;
        let location = config.location(id);
        let effective = self.blocks.effective(Site::Location(id));
        let plain = !effective.open && effective.unknown.is_empty() && effective.setting("rewrite_by_lua").is_empty();
        // What runs first decides; a `set` decides nothing.
        let first = effective.sequence.iter().copied().find(|entry| !config.directive(*entry).is("set")).filter(|_| plain)?;
        let directive = config.directive(first);
        let to = match &*directive.name.value {
            "rewrite" if directive.args.len() == 3 && directive.arg(2) == Some("last") && ALWAYS.contains(&directive.arg(0)?) => {
                self.locate(location.server, directive.arg(1)?)
            }
            "return" if directive.args.len() == 1 => {
                let code = directive.arg(0)?;
                let page = effective.setting("error_page").iter().rev().find(|page| {
                    let args = &config.directive(**page).args;
                    args.len() > 1 && args.iter().take(args.len() - 1).any(|word| &*word.value == code)
                })?;
                let target = config.directive(*page).args.last().map(|word| &*word.value)?;
                // An internal redirect to a URI runs the codes of the server once more (`ngx_http_internal_redirect`).
                let codes = || !self.blocks.effective(Site::Server(location.server)).sequence.is_empty();
                match target.starts_with('@') {
                    true => self.view.router().named(location.server, target),
                    false if codes() => None,
                    false => self.locate(location.server, target),
                }
            }
            _ => None,
        }?;
        (to != id).then_some((first, to))
    }

    /// Where an internal redirect to a URI without variables gets.
    fn locate(&self, server: ServerId, target: &str) -> Option<LocationId> {
        let uri = target.split('?').next().unwrap_or(target);
        let block = self.view.config.server(server).entry;
        let unseen = |include: &EntryId| self.view.config.ancestors(*include).any(|around| around == block);
        if !uri.starts_with('/') || uri.contains('$') || self.view.config.unknown_includes.iter().any(unseen) {
            return None;
        }
        self.view.router().locate(server, uri.as_bytes()).location
    }

    /// The file or folder of each location that serves files, where it is not said by an `alias` or `root` in it.
    fn files(&self, out: &mut Vec<Hint>) {
        let (config, language) = (self.view.config, self.view.language);
        let serving = Serving::new(config);
        for id in self.locations() {
            let Some(header) = self.header(id) else { continue };
            let location = config.location(id);
            let effective = self.blocks.effective(Site::Location(id));
            if !serving.is_of(id) || !effective.serves_files(config) || effective.open {
                continue;
            }
            let Some(root) = effective.setting("root").last().copied() else { continue };
            let directive = config.directive(root);
            let Some(path) = directive.arg(0).filter(|path| !path.contains('$')) else { continue };
            let name = match &location.matcher {
                Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => name,
                // Which files these are, a URI decides.
                Matcher::Regex { .. } | Matcher::Named(_) => continue,
            };
            let path = if directive.is("alias") { path.to_owned() } else { format!("{}{name}", path.trim_end_matches('/')) };
            let at = self.view.project.path_and_line(config.header(root));
            let tooltip = message!(language, "hint-files-why", by = answer::written(config, root), at = at);
            out.push(Hint { span: header.span, label: message!(language, "hint-files", path = path), tooltip });
        }
    }

    fn locations(&self) -> impl Iterator<Item = LocationId> + use<> {
        (0..self.view.config.locations.len() as u32).map(LocationId)
    }

    /// The header of a location, where it is in the range.
    fn header(&self, id: LocationId) -> Option<Place> {
        let header = self.view.config.header(self.view.config.location(id).entry);
        Some(header).filter(|header| self.shows(*header))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::project::settings::Settings;
    use crate::world::World;

    /// `the line: the words behind it`
    fn shown(conf: &str, wanted: &[Wanted]) -> Vec<String> {
        shown_of("nginx.conf", &[("nginx.conf", conf)], wanted)
    }

    /// The same of one of several files; the first is the main configuration.
    fn shown_of(name: &str, files: &[(&str, &str)], wanted: &[Wanted]) -> Vec<String> {
        let folder = Path::new("/in-memory");
        let mut world = World::new(folder, vec![folder.join("nginx.conf")], Settings::default());
        for (name, text) in files {
            let file = world.vfs().id(&folder.join(name));
            world.set_text(file, Text::new(text));
        }
        let file = world.vfs().id(&folder.join(name));
        let text = world.analysis().project.text(file);
        let all = hints(&world.analysis(), file, Span::new(0, text.len()), wanted);
        all.into_iter().map(|hint| format!("{}: {}", text.line_of(hint.span.start) + 1, hint.label)).collect()
    }

    #[test]
    fn the_default_server_where_nobody_says_it() {
        let conf = "http {\nserver { listen 80; server_name a; }\nserver { listen 80; server_name b; }\nserver { listen 81; }\n}";
        assert_eq!(shown(conf, &[Wanted::DefaultServer]), ["2: default server"]);
        assert_eq!(shown(&conf.replace("80; server_name b", "80 default_server; server_name b"), &[Wanted::DefaultServer]), [""; 0]);
        assert_eq!(shown(conf, &[]), [""; 0]);
    }

    #[test]
    fn who_gets_what_never_stays() {
        let conf = "http { server { listen 80;\nlocation /old { rewrite ^ /new/x last; }\nlocation /new/ { return 204; }\nlocation ~ ^/x { return 204; }\n\
            location ~ ^/x/y { return 205; }\nlocation /hidden { error_page 418 = @app; return 418; }\nlocation @app { proxy_pass http://a:1; }\n\
            location /kept { if ($a) { return 403; } rewrite ^ /new/x last; }\n} }";
        assert_eq!(shown(conf, &[Wanted::Takeover]), ["2: → /new/ (line 3)", "5: never reached → ~ ^/x (line 4)", "6: → @app (line 7)"]);
    }

    #[test]
    fn what_holds_in_one_place_only_is_not_told() {
        let conf = "http {\nserver { listen 80; location ~ ^/ { return 200; } include part; }\nserver { listen 81; include part; }\n}";
        let files = |conf| [("nginx.conf", conf), ("part", "location ~ ^/a { return 201; }")];
        assert_eq!(shown_of("part", &files(conf), &[Wanted::Takeover]), [""; 0]);
        let once = conf.replace("81; include part;", "81;");
        assert_eq!(shown_of("part", &files(&once), &[Wanted::Takeover]), ["1: never reached → ~ ^/ (line 2)"]);
    }

    #[test]
    fn the_words_stand_behind_what_ends_the_line() {
        for (line, end, wanted) in [
            ("location /a {", 11, 13),
            ("location /a  {  # old", 11, 14),
            ("location /a { return 204; }", 11, 11),
            ("location /a", 11, 11),
            ("listen 80;\r", 9, 10),
        ] {
            assert_eq!(behind(&Text::new(&format!("{line}\n# next")), Span::new(0, end)), wanted, "{line}");
        }
    }

    #[test]
    fn the_files_of_a_location() {
        let conf = "http { server { root /srv/www/;\nlocation /a/ { }\nlocation /b/ { alias /data/; }\nlocation /c/ { return 204; }\nlocation ~ x { }\n} }";
        assert_eq!(shown(conf, &[Wanted::Files]), ["2: /srv/www/a/", "3: /data/"]);
    }
}
