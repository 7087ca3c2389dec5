//! What makes the answer: `try_files`, `mirror`, and the content handlers.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Handler;
use super::files::Alias;
use super::rewrite::Quote;
use super::run::{Flow, Run, Touched};
use super::script::{Escape, escape};
use super::step::{Caller, FileKind, StepKind, Text};
use crate::config::EntryId;
use crate::nginx::handlers::passes;
use crate::phrase;

/// What the requests of mirrors leave to the one that they are copies of, if that waits for a backend.
#[derive(Debug, Default)]
pub(super) struct Mirrored {
    /// The first of them that was terminated: who still waits for an answer then never gets one.
    pub(super) terminated: Option<(Text, u16)>,
    /// The variables, which all requests of one share.
    pub(super) variables: Option<(FxHashMap<Arc<str>, Text>, Touched)>,
}

impl Run<'_> {
    /// `NGX_HTTP_PRECONTENT_PHASE` and `NGX_HTTP_CONTENT_PHASE`
    pub(super) fn content(&mut self) {
        let Some(block) = self.state.block else { return };
        if let Some(entry) = self.config.children(block, "try_files").last()
            && self.try_files(entry).is_finished()
        {
            return;
        }
        let mirrored = self.mirrors(block);
        let Some(handler) = self.state.handler else { return self.files() };
        let directive = self.config.directive(handler);
        let name = directive.name.value.to_string();
        let plain = matches!(self.state.method.as_str(), "GET" | "HEAD");
        // ngx_http_memcached_handler
        if passes(&name) && (plain || name != "memcached_pass") {
            return self.pass(handler, mirrored);
        }
        self.step(self.place(handler), StepKind::Handler { name: name.clone() });
        if matches!(&*name, "empty_gif" | "memcached_pass") && !plain {
            return self.finalize(405);
        }
        self.hop.handler = Some(Handler { name: name.clone(), entry: Some(handler) });
        match name.as_str() {
            "empty_gif" | "stub_status" => self.sent(200),
            _ => self.keep_status(),
        }
    }

    /// The handler decides the status, unless an `error_page` has laid it down.
    pub(super) fn keep_status(&mut self) {
        self.hop.status = (self.state.error_status != 0).then_some(self.state.error_status);
    }

    /// The requests of mirrors run when this one waits for a backend (`ngx_http_mirror_handler_internal` posts them), or ends: what they
    /// do is seen only then.
    fn mirrors(&mut self, block: EntryId) -> Mirrored {
        let mut mirrored = Mirrored::default();
        let mut entries = self.config.inherited_all(block, "mirror").iter().copied().peekable();
        if self.state.subrequest || entries.peek().is_none() {
            return mirrored;
        }
        let before = (self.state.variables.clone(), self.state.touched.clone());
        for entry in entries {
            let Some(uri) = self.config.directive(entry).arg(0).filter(|uri| *uri != "off") else { continue };
            let uri = Text::known(uri.as_bytes());
            let (args, method) = (self.state.args.clone(), self.state.method.clone());
            let hop = self.subrequest(uri.clone(), args, &method);
            if let (None, true, Some(status)) = (&mirrored.terminated, hop.terminated, hop.status) {
                mirrored.terminated = Some((uri.clone(), status));
            }
            self.step(self.place(entry), StepKind::Mirror { uri, hop: Box::new(hop) });
        }
        let (variables, touched) = before;
        mirrored.variables =
            Some((std::mem::replace(&mut self.state.variables, variables), std::mem::replace(&mut self.state.touched, touched)));
        mirrored
    }

    /// `ngx_http_try_files_handler`
    fn try_files(&mut self, entry: EntryId) -> Flow {
        let place = self.place(entry);
        let words: Vec<String> = self.config.directive(entry).args.iter().map(|word| word.value.to_string()).collect();
        let (root, alias) = self.root();
        if alias != Alias::None && !self.state.valid_location {
            self.status(500, phrase!("trace-alias-rewritten"));
            self.finalize(500);
            return Flow::Finished;
        }
        let Some((last, tested)) = words.split_last() else { return Flow::Goes };
        for word in tested {
            let (name, folder) = word.strip_suffix('/').map_or((word.as_str(), false), |name| (name, true));
            let name = self.tried(word, name, alias);
            let mut path = self.expand(&root, Quote::No);
            path.push(&name);
            let found = self.stat(&path);
            let taken = match found {
                FileKind::Unknown => {
                    let shown = path.display();
                    let what = if folder { "a folder" } else { "a file" };
                    let key = format!("{what} {shown}");
                    let (no, yes) = match folder {
                        true => (phrase!("trace-is-not-folder", path = &shown), phrase!("trace-is-folder", path = &shown)),
                        false => (phrase!("trace-is-not-file", path = &shown), phrase!("trace-is-file", path = &shown)),
                    };
                    let there = self.ask(key, place, no, yes);
                    if there {
                        self.take(&path, if folder { FileKind::Folder } else { FileKind::File });
                    }
                    there
                }
                FileKind::File => !folder,
                FileKind::Folder => folder,
                FileKind::Absent => false,
            };
            self.step(place, StepKind::TryFile { path, folder, found, taken });
            if !taken {
                continue;
            }
            match alias {
                Alias::None => self.state.uri = name,
                Alias::Whole if folder => {}
                Alias::Whole => {
                    self.state.uri = name;
                    self.state.add_uri_to_alias = true;
                }
                Alias::Prefix(count) => {
                    let mut uri = self.state.uri.bytes().map_or_else(Text::default, |uri| Text::known(uri.get(..count).unwrap_or(uri)));
                    uri.push(&name);
                    self.state.uri = uri;
                }
            }
            return Flow::Goes;
        }
        if let Some(status) = last.strip_prefix('=') {
            self.step(place, StepKind::TryFallback { to: Text::known(last.as_bytes()) });
            match status.parse().unwrap_or(500) {
                // `ngx_http_finalize_request` makes no answer of these.
                200 | 202 | 203 | 205..=299 => {
                    self.status(444, phrase!("trace-444"));
                    self.hop.status = Some(444);
                }
                status => self.finalize(status),
            }
            return Flow::Finished;
        }
        let to = self.tried(last, last, alias);
        self.step(place, StepKind::TryFallback { to: to.clone() });
        if to.first() == Some(b'@') {
            self.named(Caller::TryFiles, &to);
        } else {
            if to.is_empty() {
                self.state.before_uri = self.expand(&root, Quote::No).bytes().and_then(|root| root.last().copied());
            }
            let (uri, args) = to.split_args();
            self.internal_redirect(Caller::TryFiles, uri, args);
        }
        Flow::Finished
    }

    /// An argument of `try_files`. One with variables loses the location's name where it starts with it and `alias` holds: the last
    /// one, too (nginx ticket 97).
    fn tried(&mut self, written: &str, name: &str, alias: Alias) -> Text {
        let value = self.expand(name, Quote::No);
        if let Alias::Prefix(count) = alias
            && written.contains('$')
            && let (Some(bytes), Some(uri)) = (value.bytes(), self.state.uri.bytes())
            && bytes.len() >= count
            && bytes.get(..count) == uri.get(..count)
        {
            return Text::known(bytes.get(count..).unwrap_or_default());
        }
        value
    }

    /// What serves files when no content handler is set: `index`, `autoindex`, `static`.
    fn files(&mut self) {
        let Some(block) = self.state.block else { return };
        let method = self.state.method.clone();
        let dav = self
            .config
            .inherited(block, "dav_methods")
            .filter(|entry| self.config.directive(*entry).args.iter().any(|word| word.value.eq_ignore_ascii_case(&method)));
        if let Some(entry) = dav {
            self.hop.handler = Some(Handler { name: "dav_methods".to_owned(), entry: Some(entry) });
            self.step(self.place(entry), StepKind::Handler { name: "dav_methods".to_owned() });
            return self.keep_status();
        }
        let uri = self.state.uri.clone();
        let Some(bytes) = uri.bytes() else {
            let why = phrase!("trace-file-depends", uri = uri.display());
            return self.step(None, StepKind::GaveUp { why });
        };
        if !matches!(method.as_str(), "GET" | "HEAD" | "POST") {
            self.status(405, phrase!("trace-no-files-for", method = &method));
            return self.finalize(405);
        }
        let last = bytes.last().copied().or(self.state.before_uri);
        if last == Some(b'/') {
            return self.index(block);
        }
        let (_, alias) = self.root();
        if alias != Alias::None && !self.state.valid_location {
            self.status(500, phrase!("trace-alias-rewritten"));
            return self.finalize(500);
        }
        let entry = self.root_entry();
        let place = entry.and_then(|entry| self.place(entry));
        let Some(path) = self.path_of(None) else {
            let why = phrase!("trace-file-unknown");
            return self.step(None, StepKind::GaveUp { why });
        };
        let found = self.stat(&path);
        self.step(place, StepKind::Path { path: path.clone(), found });
        self.hop.file = Some(path.clone());
        match found {
            FileKind::Absent => {
                self.hop.handler = Some(Handler { name: "static".to_owned(), entry });
                self.finalize(404);
            }
            FileKind::Folder => {
                let mut to = Text::known(escape(bytes, Escape::Uri));
                to.push_bytes(b"/");
                if !self.state.args.is_empty() {
                    to.push_bytes(b"?");
                    to.push(&self.state.args.clone());
                }
                self.hop.redirect = Some(to);
                self.hop.handler = Some(Handler { name: "redirect".to_owned(), entry });
                self.finalize(301);
            }
            FileKind::File if method == "POST" => self.refuse_post(),
            FileKind::File => {
                self.hop.handler = Some(Handler { name: "static".to_owned(), entry });
                self.sent(200);
            }
            FileKind::Unknown => {
                self.hop.handler = Some(Handler { name: "static".to_owned(), entry });
                let shown = path.display();
                self.hop.may_lack = self.error_page(404).is_none();
                if !self.hop.may_lack {
                    let there = vec![phrase!("trace-is-file", path = &shown), phrase!("trace-exists-not", path = &shown)];
                    if self.decide(format!("there {shown}"), place, there) == 1 {
                        return self.finalize(404);
                    }
                }
                if method == "POST" { self.refuse_post() } else { self.keep_status() }
            }
        }
    }

    /// `ngx_http_static_handler` looks for the file first.
    fn refuse_post(&mut self) {
        self.hop.handler = None;
        self.status(405, phrase!("trace-no-files-for", method = "POST"));
        self.finalize(405);
    }

    /// `ngx_http_index_handler`, and what comes after it for a folder.
    fn index(&mut self, block: EntryId) {
        let entry = self.config.inherited(block, "index");
        let place = entry.and_then(|entry| self.place(entry));
        let words: Vec<String> = match entry {
            // Every `index` of the level adds to the list.
            Some(_) => {
                let all = self.config.inherited_all(block, "index").iter().copied();
                all.flat_map(|entry| self.config.directive(entry).args.iter().map(|word| word.value.to_string())).collect()
            }
            None => vec!["index.html".to_owned()],
        };
        let mut folder = FileKind::Unknown;
        for word in words {
            let name = self.expand(&word, Quote::No);
            if name.first() == Some(b'/') {
                let args = self.state.args.clone();
                return self.internal_redirect(Caller::Index, name, args);
            }
            let (_, alias) = self.root();
            if alias != Alias::None && !self.state.valid_location {
                self.status(500, phrase!("trace-alias-rewritten"));
                return self.finalize(500);
            }
            let Some(base) = self.path_of(None) else { continue };
            let mut path = base.clone();
            path.push(&name);
            let found = self.stat(&path);
            self.step(place, StepKind::Index { path: path.clone(), found });
            let there = match found {
                FileKind::File | FileKind::Folder => true,
                FileKind::Absent => false,
                FileKind::Unknown => {
                    let shown = path.display();
                    let there = vec![phrase!("trace-exists", path = &shown), phrase!("trace-exists-not", path = &shown)];
                    let there = self.decide(format!("there {shown}"), place, there) == 0;
                    self.take(&path, if there { FileKind::File } else { FileKind::Absent });
                    there
                }
            };
            if there {
                let mut uri = self.state.uri.clone();
                uri.push(&name);
                let args = self.state.args.clone();
                return self.internal_redirect(Caller::Index, uri, args);
            }
            // ngx_http_index_test_dir: what the folder itself is.
            let cut = base.bytes().map(|bytes| bytes.strip_suffix(b"/").filter(|rest| !rest.is_empty()).unwrap_or(bytes).to_vec());
            folder = cut.map_or(FileKind::Unknown, |cut| self.stat(&Text::known(cut)));
            match folder {
                FileKind::Absent => {
                    self.status(404, phrase!("trace-no-folder"));
                    return self.finalize(404);
                }
                FileKind::File => {
                    // A name below a file is ENOTDIR; one glued to it is not, and then nginx finds that it is no folder.
                    let below = base.bytes().is_some_and(|bytes| bytes.ends_with(b"/"));
                    let status = if below { 404 } else { 500 };
                    self.status(status, phrase!("trace-folder-is-file"));
                    return self.finalize(status);
                }
                FileKind::Folder | FileKind::Unknown => {}
            }
        }
        // `ngx_http_autoindex_handler` leaves other methods to nobody.
        if self.flag(block, "autoindex") && matches!(self.state.method.as_str(), "GET" | "HEAD") {
            self.hop.handler = Some(Handler { name: "autoindex".to_owned(), entry: self.config.inherited(block, "autoindex") });
            self.step(None, StepKind::Handler { name: "autoindex".to_owned() });
            return if folder == FileKind::Folder { self.sent(200) } else { self.keep_status() };
        }
        self.status(403, phrase!("trace-no-index"));
        self.finalize(403);
    }
}
