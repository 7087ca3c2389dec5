//! What is otherwise for a request that one location took, and another one or the server takes.

use super::Difference;
use crate::config::effective::{Blocks, Change, Effective, Site, same};
use crate::config::{Config, EntryId, LocationId, Matcher};
use crate::messages::{Argument, Joint, Message};
use crate::phrase;
use crate::project::Project;
use crate::syntax::{Body, Word};

/// How much of a directive a sentence shows, in characters.
const SHOWN: usize = 60;

/// The difference that is none where there is another.
pub(super) const CAPTURES: &str = "takeover-captures";

/// What a URI-dependent setting does with the location's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Same,
    Differs,
}

/// A location, and who takes its URIs, each with what holds there.
pub(super) struct Compare<'a> {
    pub(super) blocks: &'a Blocks<'a>,
    pub(super) project: &'a Project,
    pub(super) config: &'a Config,
    pub(super) location: LocationId,
    pub(super) site: Site,
    pub(super) here: &'a Effective,
    pub(super) there: &'a Effective,
}

impl Compare<'_> {
    /// Is all that holds with the taker seen, and what is not known the same on both sides?
    pub(super) fn is_seen(&self) -> bool {
        let (here, there) = (&self.here.unknown, &self.there.unknown);
        !self.there.open && here.iter().all(|id| there.contains(id)) && there.len() == here.len()
    }

    /// True for a change that is none to nobody.
    fn is_idle(&self, change: &Change) -> bool {
        match change.key {
            "root" => self.files() == Meaning::Same,
            "handler" => self.handler() == Meaning::Same,
            _ => self.is_off(&change.here) && self.is_off(&change.there),
        }
    }

    /// Is there any of [`Compare::differences`]?
    pub(super) fn differs(&self) -> bool {
        self.handler() == Meaning::Differs
            || self.files() == Meaning::Differs
            || self.redirects_by_name()
            || self.here.changes(self.there, self.project, self.config).iter().any(|change| !self.is_idle(change))
            || self.captures_differ()
    }

    /// What is not the same, in the order in which a person asks about it.
    pub(super) fn differences(&self) -> Vec<Difference> {
        let changes = self.here.changes(self.there, self.project, self.config);
        // A taker that refuses every request guards more than anything.
        let refuses = refuses(self.config, self.there);
        let mut out: Vec<Difference> = changes
            .iter()
            .filter(|change| !self.is_idle(change))
            .map(|change| Difference {
                about: change.about,
                phrase: self.phrase(change),
                here: change.here.last().copied(),
                guard: !refuses && self.is_guard(change),
            })
            .collect();
        // The same text may mean another thing.
        if !changes.iter().any(|change| change.key == "root") && self.files() == Meaning::Differs {
            out.push(self.by_name("files", "alias", "root", "takeover-other-files"));
        }
        if !changes.iter().any(|change| change.key == "handler") && self.handler() == Meaning::Differs {
            out.push(self.by_name("handler", "proxy_pass", "", "takeover-other-uri"));
        }
        if self.redirects_by_name() && !out.iter().any(|difference| difference.about == "handler") {
            out.push(self.by_name("headers", "proxy_redirect", "", "takeover-other-redirect"));
        }
        if self.captures_differ() {
            out.push(Difference { about: "rewriting", phrase: phrase!(CAPTURES), here: None, guard: false });
        }
        // Groups in the order of the table; guards first within the sentence.
        out.sort_by_key(|difference| ORDER.iter().position(|about| *about == difference.about).unwrap_or(ORDER.len()));
        out
    }

    fn by_name(&self, about: &'static str, name: &str, key: &str, what: &'static str) -> Difference {
        let find = |of: &Effective| {
            let list = if key.is_empty() { &of.handlers } else { of.setting(key) };
            list.last().copied()
        };
        Difference { about, phrase: phrase!(what, directive = name), here: find(self.here), guard: false }
    }

    /// `off`, or nothing: where the module's default is `off`.
    fn is_off(&self, list: &[EntryId]) -> bool {
        let default_off =
            ["auth_basic", "auth_request", "auth_jwt", "internal", "proxy_cache", "fastcgi_cache", "autoindex", "limit_rate", "expires"];
        list.iter().all(|id| {
            let directive = self.config.directive(*id);
            default_off.contains(&&*directive.name.value) && directive.arg(0) == Some("off")
        })
    }

    fn phrase(&self, change: &Change) -> Message {
        let (here, there) = (&change.here, &change.there);
        let config = self.config;
        let name = |id: EntryId| config.directive(id).name.value.clone();
        // One directive on either side: only its arguments are of interest.
        if let ([one], [other]) = (here.as_slice(), there.as_slice())
            && name(*one) == name(*other)
            && let (Some(mine), Some(its)) = (arguments(config, *one), arguments(config, *other))
        {
            return phrase!("takeover-changed", directive = &*name(*one), there = its, here = mine);
        }
        if change.key == "unknown" {
            return phrase!("takeover-unknown", list = self.list(if here.is_empty() { there } else { here }));
        }
        match (here.is_empty(), there.is_empty()) {
            (false, true) => phrase!("takeover-lost", list = self.list(here), count = here.len()),
            (true, false) => phrase!("takeover-gained", list = self.list(there), count = there.len()),
            _ => phrase!("takeover-instead", there = self.list(there), here = self.list(here), count = there.len()),
        }
    }

    fn list(&self, list: &[EntryId]) -> Argument {
        let shown: Vec<String> = list.iter().take(2).map(|id| format!("`{}`", title(self.config, *id))).collect();
        match list.len() - shown.len() {
            0 => (Joint::And, shown).into(),
            more => phrase!("list-more", head = (Joint::Comma, shown), count = more).into(),
        }
    }

    /// Does what is lost deny, authenticate or limit?
    fn is_guard(&self, change: &Change) -> bool {
        let config = self.config;
        let has = |name: &str| change.here.iter().any(|id| config.directive(*id).is(name));
        // A `return` without a condition answers before any of these is looked at.
        let answered = self.here.sequence.iter().any(|id| config.directive(*id).is("return"));
        match change.key {
            "allow" => has("deny") && !answered,
            "auth_basic" | "auth_request" | "auth_jwt" | "js_access" | "auth_require" | "auth_oidc" | "auth_jwt_require" => {
                !self.is_off(&change.here) && !answered
            }
            "access_by_lua" | "satisfy" | "auth_basic_user_file" | "modsecurity" | "modsecurity_rules" => {
                !change.here.is_empty() && !answered
            }
            "limit_req" | "limit_conn" | "limit_rate" => !change.here.is_empty() && !self.is_off(&change.here) && !answered,
            "internal" | "limit_except" => !change.here.is_empty(),
            "rewrite_by_lua" => !change.here.is_empty() && !answered,
            "sequence" => {
                let mut open = change.here.clone();
                let mut refusing = Vec::new();
                while let Some(id) = open.pop() {
                    if is_refusal(config, id) {
                        refusing.push(id);
                    }
                    open.extend(&config.entry(id).children);
                }
                !refusing.is_empty()
            }
            _ => false,
        }
    }

    /// The prefix or the URI that a site is named by; `None` where it is not.
    pub(super) fn name(site: Site, config: &Config) -> Option<&str> {
        match site {
            Site::Location(id) => config.location(id).matcher.literal(),
            Site::Server(_) => None,
        }
    }

    /// Do `root` and `alias` lead to the same files for the URIs of the location? (`ngx_http_map_uri_to_path`)
    fn files(&self) -> Meaning {
        let one = self.here.setting("root").last().copied();
        let other = self.there.setting("root").last().copied();
        let is_alias = |id: Option<EntryId>| id.is_some_and(|id| self.config.directive(id).is("alias"));
        if one == other {
            return Meaning::Same;
        }
        if !is_alias(one) && !is_alias(other) {
            let list = |id: Option<EntryId>| id.into_iter().collect::<Vec<_>>();
            let equal = same(self.project, self.config, &list(one), &list(other));
            return if equal { Meaning::Same } else { Meaning::Differs };
        }
        // Where each stands decides how much of the URI it replaces; `try_files` and `$document_root` tell them apart, too.
        Meaning::Differs
    }

    /// Do the handlers do the same with the URIs of the location? (`ngx_http_proxy_create_request`)
    fn handler(&self) -> Meaning {
        let (one, other) = (&self.here.handlers, &self.there.handlers);
        let text = same(self.project, self.config, one, other);
        let passes = self.passes_with_uri();
        if !passes {
            return if text { Meaning::Same } else { Meaning::Differs };
        }
        let (Some(mine), Some(its)) = (Self::name(Site::Location(self.location), self.config), Self::name(self.site, self.config)) else {
            return Meaning::Differs;
        };
        if mine == its {
            return if text { Meaning::Same } else { Meaning::Differs };
        }
        let ([one], [other]) = (one.as_slice(), other.as_slice()) else { return Meaning::Differs };
        let argument = |id: EntryId| self.config.directive(id).arg(0).map(str::to_owned);
        let (Some(one), Some(other)) = (argument(*one), argument(*other)) else { return Meaning::Differs };
        let is_proxy = |of: &Effective| of.handlers.iter().all(|id| self.config.directive(*id).is("proxy_pass"));
        let replaced = mine.strip_prefix(its).is_some_and(|rest| one == format!("{other}{rest}"));
        if replaced && is_proxy(self.here) && is_proxy(self.there) && uri_part(&one) && uri_part(&other) {
            Meaning::Same
        } else {
            Meaning::Differs
        }
    }

    /// True when either hands requests to a `proxy_pass` with a URI part, which replaces the location's name.
    fn passes_with_uri(&self) -> bool {
        [self.here, self.there].into_iter().any(|of| {
            let passes = of.handlers.iter().map(|id| self.config.directive(*id)).filter(|directive| directive.is("proxy_pass"));
            passes.into_iter().any(|directive| directive.arg(0).is_some_and(uri_part))
        })
    }

    /// True where the default `proxy_redirect` writes the location's name into answers, and the names differ (`ngx_http_proxy_merge_loc_conf`).
    fn redirects_by_name(&self) -> bool {
        let by_default = |of: &Effective| {
            let redirects = of.setting("proxy_redirect");
            redirects.is_empty() || redirects.iter().any(|id| self.config.directive(*id).arg(0) == Some("default"))
        };
        self.passes_with_uri()
            && (by_default(self.here) || by_default(self.there))
            && Self::name(Site::Location(self.location), self.config) != Self::name(self.site, self.config)
    }

    /// True where one of them is a regex location and something may read the captures of its regex.
    fn captures_differ(&self) -> bool {
        let regex = |site: Site| match site {
            Site::Location(id) => match &self.config.location(id).matcher {
                Matcher::Regex { pattern, .. } => Some(pattern.clone()),
                _ => None,
            },
            Site::Server(_) => None,
        };
        let (one, other) = (regex(Site::Location(self.location)), regex(self.site));
        if one.is_none() && other.is_none() || one == other {
            return false;
        }
        self.blocks.reads_captures()
    }
}

/// Groups of differences, as a person asks about them.
const ORDER: [&str; 14] = [
    "access",
    "authentication",
    "handler",
    "rewriting",
    "files",
    "backend",
    "limits",
    "headers",
    "error pages",
    "caching",
    "logging",
    "sizes and time-outs",
    "the body",
    "other requests",
];

/// True when the argument of a `proxy_pass` has a URI part, which replaces the location's name; false where a variable is in it
/// (`ngx_http_proxy_pass`).
pub fn uri_part(text: &str) -> bool {
    let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
    if text.contains('$') {
        return false;
    }
    match rest.strip_prefix("unix:") {
        Some(path) => path.split_once(':').is_some_and(|(_, uri)| !uri.is_empty()),
        None => rest.contains(['/', '?']),
    }
}

/// Does it answer every request by refusing it?
fn refuses(config: &Config, of: &Effective) -> bool {
    match of.sequence.as_slice() {
        [first, ..] => is_refusal(config, *first),
        [] => false,
    }
}

/// `return` with a status that refuses.
fn is_refusal(config: &Config, id: EntryId) -> bool {
    let directive = config.directive(id);
    let status = directive.arg(0).and_then(|status| status.parse::<u16>().ok());
    directive.is("return") && status.is_some_and(|status| status >= 400 && status != 499)
}

/// The arguments as one text; `None` for a directive without any or with a block.
fn arguments(config: &Config, id: EntryId) -> Option<String> {
    let directive = config.directive(id);
    let words: Vec<_> = directive.args.iter().map(Word::shown).collect();
    (!words.is_empty() && matches!(directive.body, Body::Simple)).then(|| short(&words.join(" ")))
}

fn title(config: &Config, id: EntryId) -> String {
    let directive = config.directive(id);
    let words = std::iter::once(&directive.name).chain(&directive.args).map(Word::shown);
    short(&words.collect::<Vec<_>>().join(" "))
}

pub(super) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(SHOWN).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
