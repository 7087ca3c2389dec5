//! The rewrite module's codes: `ngx_http_rewrite_module.c`, `ngx_http_script.c`.

use super::Handler;
use super::run::{Flow, Run};
use super::script::{Escape, Part, escape, parts, unescape};
use super::step::{FileKind, RewriteEnd, StepKind, Text};
use crate::config::EntryId;
use crate::messages::Message;
use crate::nginx::values::is_absolute_url;
use crate::phrase;
use crate::routing::pattern::Pattern;
use crate::routing::sequence::condition::Condition;

/// How captures are written into a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quote {
    /// As they are.
    No,
    /// Escaped as arguments are, if the request's target had escapes itself (`e->quote`, `e->is_args`).
    Yes,
}

impl Run<'_> {
    /// Runs a block's codes (`ngx_http_rewrite_handler`).
    pub(super) fn rewrites(&mut self, block: EntryId) -> Flow {
        let mut quote = Quote::Yes;
        match self.sequence(block, &mut quote) {
            Flow::Finished => Flow::Finished,
            Flow::Goes | Flow::Stops => Flow::Goes,
        }
    }

    fn sequence(&mut self, block: EntryId, quote: &mut Quote) -> Flow {
        let config = self.config;
        for &entry in self.lookup.codes(block) {
            let directive = config.directive(entry);
            let flow = match &*directive.name.value {
                "set" => self.set(entry, *quote),
                "break" => {
                    self.step(self.place(entry), StepKind::Break);
                    if self.state.uri_changed {
                        self.state.valid_location = false;
                        self.state.uri_changed = false;
                    }
                    Flow::Stops
                }
                "return" => self.do_return(entry),
                "if" => self.do_if(entry, quote),
                "rewrite" => self.rewrite(entry, quote),
                name if name.starts_with("set_") => {
                    // set_by_lua and set-misc: codes of the same sequence, with a variable as their first argument.
                    if let Some(variable) = directive.arg(0).and_then(|word| word.strip_prefix('$')) {
                        if name.starts_with("set_by_lua") {
                            self.run_code(entry);
                        }
                        self.set_variable(variable, Text::unknown(variable));
                    }
                    Flow::Goes
                }
                _ => Flow::Goes,
            };
            if flow != Flow::Goes {
                return flow;
            }
        }
        Flow::Goes
    }

    fn set(&mut self, entry: EntryId, quote: Quote) -> Flow {
        let directive = self.config.directive(entry);
        let (Some(variable), Some(value)) = (directive.arg(0).and_then(|word| word.strip_prefix('$')), directive.arg(1)) else {
            return Flow::Goes;
        };
        let value = self.expand(value, quote);
        self.step(self.place(entry), StepKind::Set { variable: variable.to_owned(), value: value.clone() });
        self.set_variable(variable, value);
        Flow::Goes
    }

    fn do_if(&mut self, entry: EntryId, quote: &mut Quote) -> Flow {
        let directive = self.config.directive(entry);
        let Some(test) = Condition::read(directive) else { return Flow::Goes };
        let written = directive.args.iter().map(|word| &*word.value).collect::<Vec<_>>().join(" ");
        let (holds, found) = self.test(entry, &test, *quote);
        self.step(self.place(entry), StepKind::If { condition: written, found, holds });
        if !holds {
            return Flow::Goes;
        }
        // A server's `if` (and that of a location without a name) has no settings of its own.
        let own = self
            .config
            .entry(entry)
            .parent
            .is_some_and(|outer| self.config.location_of(outer).is_some() && !self.location_name(outer).is_empty());
        if own {
            self.state.block = Some(entry);
            self.update_location();
        }
        self.sequence(entry, quote)
    }

    /// Whether a condition holds, and what was found.
    fn test(&mut self, entry: EntryId, test: &Condition<'_>, quote: Quote) -> (bool, Message) {
        let place = self.place(entry);
        match *test {
            Condition::Set { variable } => {
                let value = self.variable(variable);
                let found = phrase!("trace-value", variable = variable, value = shown(&value));
                let holds = value.truth().unwrap_or_else(|| {
                    let key = format!("true {}", value.display());
                    let (no, yes) = (phrase!("trace-no-value", variable = variable), phrase!("trace-some-value", variable = variable));
                    self.ask(key, place, no, yes)
                });
                (holds, found)
            }
            Condition::Equal { variable, text, negated } => {
                let (one, two) = (self.variable(variable), self.expand(text, quote));
                let found = phrase!("trace-value", variable = variable, value = shown(&one));
                let equal = self.equal(variable, &one, &two).unwrap_or_else(|| {
                    let key = format!("{} = {}", one.display(), two.display());
                    let no = phrase!("trace-not-equal", variable = variable, value = shown(&two));
                    let yes = phrase!("trace-equal", variable = variable, value = shown(&two));
                    self.ask(key, place, no, yes)
                });
                (equal != negated, found)
            }
            Condition::Matches { variable, pattern, caseless, negated } => {
                let value = self.variable(variable);
                let found = phrase!("trace-value", variable = variable, value = shown(&value));
                let name = phrase!("trace-variable", variable = variable);
                let matches = self.matches(entry, pattern, caseless, &value, name);
                (matches != negated, found)
            }
            Condition::File { test, path } => {
                let (kind, negated) = test.strip_prefix('!').map_or((test, false), |kind| (kind, true));
                let path = self.expand(path, quote);
                let there = match (self.stat(&path), kind) {
                    (FileKind::Unknown, _) => None,
                    (FileKind::Absent, _) => Some(false),
                    (FileKind::File, "-d") | (FileKind::Folder, "-f") => Some(false),
                    // Whether a file may be executed is not known of a copy of it.
                    (FileKind::File, "-x") => None,
                    (FileKind::File | FileKind::Folder, _) => Some(true),
                };
                let shown = path.display();
                let (no, yes) = match kind {
                    "-f" => (phrase!("trace-is-not-file", path = &shown), phrase!("trace-is-file", path = &shown)),
                    "-d" => (phrase!("trace-is-not-folder", path = &shown), phrase!("trace-is-folder", path = &shown)),
                    "-x" => (phrase!("trace-is-not-executable", path = &shown), phrase!("trace-is-executable", path = &shown)),
                    _ => (phrase!("trace-is-not-there", path = &shown), phrase!("trace-is-there", path = &shown)),
                };
                let holds = there.unwrap_or_else(|| {
                    let key = format!("{kind} {shown}");
                    let holds = self.ask(key, place, no.clone(), yes.clone());
                    match (kind, holds) {
                        ("-f", true) => self.take(&path, FileKind::File),
                        ("-d", true) => self.take(&path, FileKind::Folder),
                        ("-e", false) => self.take(&path, FileKind::Absent),
                        _ => {}
                    }
                    holds
                });
                let state = match (there, holds) {
                    (None, _) => phrase!("trace-nobody-knows"),
                    (_, true) => yes,
                    (_, false) => no,
                };
                (holds != negated, state)
            }
        }
    }

    /// Matches a regex; its captures are taken. `name` says what the subject is.
    pub(super) fn matches(&mut self, entry: EntryId, pattern: &str, caseless: bool, subject: &Text, name: Message) -> bool {
        let pattern = Pattern::get(pattern, caseless);
        let Some(bytes) = subject.bytes() else {
            let source = pattern.source().to_owned();
            let (key, place) = (format!("{} ~ {caseless} {source}", subject.display()), self.place(entry));
            let no = phrase!("trace-matches-not", subject = name.clone(), regex = &source);
            let yes = phrase!("trace-matches", subject = name, regex = source);
            let holds = self.ask(key, place, no, yes);
            self.state.captures.clear();
            if holds && let Some((groups, names)) = pattern.groups() {
                if groups > 0 {
                    self.state.captures = (0..=groups).map(|group| Text::unknown(&group.to_string())).collect();
                }
                for name in names {
                    self.state.variables.insert(name.into(), Text::unknown(name));
                }
            }
            return holds;
        };
        match pattern.captures(bytes) {
            Some(captures) => {
                self.take_captures(captures);
                true
            }
            None => {
                self.state.captures.clear();
                false
            }
        }
    }

    fn rewrite(&mut self, entry: EntryId, quote: &mut Quote) -> Flow {
        let directive = self.config.directive(entry);
        let (Some(regex), Some(replacement)) = (directive.arg(0), directive.arg(1)) else { return Flow::Goes };
        let flag = directive.arg(2);
        let place = self.place(entry);
        let uri = self.state.uri.clone();
        if !self.matches(entry, regex, false, &uri, phrase!("trace-the-uri")) {
            self.step(place, StepKind::Rewrite { uri, to: None, end: RewriteEnd::NoMatch });
            return Flow::Goes;
        }
        let (replacement, keeps_args) = replacement.strip_suffix('?').map_or((replacement, true), |cut| (cut, false));
        let is_url = is_absolute_url(replacement);
        let redirect = match flag {
            Some("permanent") => Some(301),
            Some("redirect") => Some(302),
            _ if is_url => Some(302),
            _ => None,
        };
        self.state.internal = true;
        self.state.valid_unparsed = false;
        if flag == Some("break") {
            self.state.valid_location = false;
            self.state.uri_changed = false;
        } else {
            self.state.uri_changed = true;
        }
        let old_args = self.state.args.clone();
        if let Some(status) = redirect {
            let mut to = self.expand(replacement, Quote::Yes).map(|bytes| unescape(bytes, true));
            if keeps_args && !old_args.is_empty() {
                to.push_bytes(if replacement.contains('?') { b"&" } else { b"?" });
                to.push(&old_args);
            }
            let shown = self.absolute(to.clone());
            self.step(place, StepKind::Rewrite { uri, to: Some(shown), end: RewriteEnd::Redirect(status) });
            self.hop.redirect = Some(to);
            self.hop.handler = Some(Handler { name: "rewrite".to_owned(), entry: Some(entry) });
            self.finalize(status);
            return Flow::Finished;
        }
        match replacement.split_once('?') {
            Some((path, args)) => {
                let new = self.expand(path, Quote::No);
                let mut args = self.expand(args, Quote::Yes);
                if keeps_args && !old_args.is_empty() {
                    args.push_bytes(b"&");
                    args.push(&old_args);
                }
                (self.state.uri, self.state.args) = (new.bounded("uri"), args.bounded("args"));
            }
            None => {
                self.state.uri = self.expand(replacement, Quote::No).bounded("uri");
                if !keeps_args {
                    self.state.args = Text::default();
                }
            }
        }
        *quote = Quote::No;
        let end = match flag {
            Some("last") => RewriteEnd::Last,
            Some("break") => RewriteEnd::Break,
            _ => RewriteEnd::Continue,
        };
        let mut to = self.state.uri.clone();
        if !self.state.args.is_empty() {
            to.push_bytes(b"?");
            to.push(&self.state.args.clone());
        }
        self.step(place, StepKind::Rewrite { uri, to: Some(to), end });
        if self.state.uri.is_empty() {
            self.status(500, phrase!("trace-zero-length"));
            self.finalize(500);
            return Flow::Finished;
        }
        if end == RewriteEnd::Continue { Flow::Goes } else { Flow::Stops }
    }

    /// `ngx_http_script_return_code`, `ngx_http_send_response`
    fn do_return(&mut self, entry: EntryId) -> Flow {
        let directive = self.config.directive(entry);
        let Some(first) = directive.arg(0) else { return Flow::Goes };
        let place = self.place(entry);
        let (status, text) = match (first.parse::<u16>(), directive.arg(1)) {
            (Ok(status), text) => (status, text),
            // A URL alone is a temporary redirect.
            (Err(_), _) => (302, Some(first)),
        };
        let text = text.map(|text| self.expand(text, Quote::No));
        let is_redirect = matches!(status, 301 | 302 | 303 | 307 | 308);
        let shown = text.clone().map(|text| if is_redirect { self.absolute(text) } else { text });
        self.step(place, StepKind::Return { status, text: shown });
        self.hop.handler = Some(Handler { name: "return".to_owned(), entry: Some(entry) });
        if is_redirect {
            self.hop.redirect = text;
            self.finalize(status);
        } else if status < 400 || text.is_some() {
            self.sent(status);
        } else {
            self.finalize(status);
        }
        Flow::Finished
    }

    /// A value with its variables and captures put in. What no one knows stays open.
    pub(super) fn expand(&mut self, value: &str, quote: Quote) -> Text {
        let mut out = Text::default();
        for part in parts(value) {
            match part {
                Part::Literal(text) => out.push_bytes(text.as_bytes()),
                Part::Variable(name) => {
                    let value = self.variable(name);
                    out.push(&value);
                }
                Part::Capture(number) => {
                    let capture = self.state.captures.get(number).cloned().unwrap_or_default();
                    let escaped = quote == Quote::Yes && (self.state.quoted || self.state.plus);
                    out.push(&if escaped { capture.map(|bytes| escape(bytes, Escape::Args)) } else { capture });
                }
            }
        }
        out
    }
}

/// A value in a sentence.
pub(super) fn shown(value: &Text) -> Message {
    match value.bytes() {
        Some([]) => phrase!("trace-is-empty"),
        Some(_) => Message::verbatim(format!("\"{}\"", value.display())),
        None => phrase!("trace-is-unknown"),
    }
}
