//! How a request ends or moves: statuses, `error_page`, internal redirects, named locations.

use std::sync::Arc;

use super::rewrite::Quote;
use super::run::{Next, Run};
use super::step::{Caller, StepKind, Text};
use crate::config::{Config, EntryId};
use crate::messages::Message;
use crate::phrase;

/// One `error_page` for one status (`ngx_http_core_error_page`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ErrorPage {
    pub(super) entry: EntryId,
    pub(super) status: u16,
    /// `=200`; 0 for `=` alone, where the answer decides.
    pub(super) becomes: Option<u16>,
    pub(super) to: Arc<str>,
}

impl ErrorPage {
    /// Those of a directive: one for each of its statuses.
    pub(super) fn all_of(config: &Config, entry: EntryId) -> impl Iterator<Item = ErrorPage> + use<'_> {
        config.directive(entry).args.split_last().into_iter().flat_map(move |(to, codes)| {
            let (becomes, codes) = match codes.split_last() {
                Some((last, codes)) if last.value.starts_with('=') => {
                    (Some(last.value.get(1..).unwrap_or_default().parse().unwrap_or(0)), codes)
                }
                _ => (None, codes),
            };
            let page = move |status| {
                // nginx's own codes for what is wrong with a TLS request are 400 to the client.
                let becomes = becomes.or(((495..=497).contains(&status)).then_some(400));
                ErrorPage { entry, status, becomes, to: to.value.clone() }
            };
            codes.iter().filter_map(|code| code.value.parse().ok()).map(page)
        })
    }
}

impl<'a> Run<'a> {
    /// A status that the steps so far do not explain.
    pub(super) fn status(&mut self, status: u16, why: Message) {
        self.step(None, StepKind::Status { status, why });
    }

    /// The answer is sent.
    pub(super) fn sent(&mut self, status: u16) {
        self.hop.status = Some(if self.state.error_status == 0 { status } else { self.state.error_status });
    }

    /// The pages that hold here.
    pub(super) fn error_pages(&self) -> &'a [ErrorPage] {
        self.state.block.map_or(&[], |block| self.lookup.error_pages(self.config, block))
    }

    /// The page that a status would get now (`ngx_http_special_response_handler`).
    pub(super) fn error_page(&self, status: u16) -> Option<&'a ErrorPage> {
        if self.state.error_page || self.state.uri_changes == 0 {
            return None;
        }
        self.error_pages().iter().find(|page| page.status == status)
    }

    /// Ends the request with a status, which an `error_page` may take.
    pub(super) fn finalize(&mut self, status: u16) {
        self.state.error_status = status;
        self.hop.status = Some(status);
        // `ngx_http_terminate_request`: the connection ends with the request.
        if matches!(status, 408 | 444 | 499) {
            self.hop.terminated = true;
            return;
        }
        if self.state.block.is_none() {
            return;
        }
        let page = self.error_page(status);
        let block = self.state.block;
        let has_pages = !self.state.error_page && self.state.uri_changes != 0 && !self.error_pages().is_empty();
        if has_pages && !block.is_some_and(|block| self.flag(block, "recursive_error_pages")) {
            self.state.error_page = true;
        }
        let Some(page) = page else { return };
        if let Some(becomes) = page.becomes {
            self.state.error_status = becomes;
        }
        let to = self.expand(&page.to, Quote::No);
        let becomes = page.becomes.filter(|becomes| *becomes != 0);
        self.step(self.place(page.entry), StepKind::ErrorPage { status, becomes, to: to.clone() });
        match to.first() {
            Some(b'/') => {
                let (uri, args) = to.split_args();
                if self.state.method != "HEAD" {
                    self.state.method = "GET".to_owned();
                }
                self.clear_answer();
                self.internal_redirect(Caller::ErrorPage, uri, args);
            }
            Some(b'@') => {
                self.clear_answer();
                self.named(Caller::ErrorPage, &to);
            }
            None if !to.is_empty() => {
                let why = phrase!("trace-error-page", to = to.display());
                self.step(None, StepKind::GaveUp { why });
            }
            _ => {
                if !matches!(page.becomes, Some(301 | 302 | 303 | 307 | 308)) {
                    self.state.error_status = 302;
                }
                self.hop.status = Some(self.state.error_status);
                self.hop.redirect = Some(to);
            }
        }
    }

    /// A request that nginx made for this one was terminated: it ends with it. `ngx_http_finalize_request` asks neither what the request was
    /// made for nor whether there is a page for the status.
    pub(super) fn terminated_by(&mut self, uri: &Text, status: u16) {
        self.status(status, phrase!("trace-terminated", uri = uri.display(), status = usize::from(status)));
        self.hop.status = Some(status);
        self.hop.terminated = true;
    }

    /// What was to be answered is not, after all. A `Location` stays (`r->headers_out.location`): with a status that redirects it counts.
    fn clear_answer(&mut self) {
        self.hop.handler = None;
        self.hop.status = None;
        self.hop.file = None;
        self.hop.upstream = None;
        self.hop.upstream_uri = None;
    }

    /// `ngx_http_internal_redirect`
    pub(super) fn internal_redirect(&mut self, by: Caller, uri: Text, args: Text) {
        self.step(None, StepKind::InternalRedirect { by, uri: uri.clone(), args: args.clone() });
        self.state.uri_changes = self.state.uri_changes.saturating_sub(1);
        if self.state.uri_changes == 0 {
            self.step(None, StepKind::TooManyChanges);
            return self.finalize(500);
        }
        self.state.uri = uri;
        self.state.args = args;
        self.state.internal = true;
        self.state.valid_unparsed = false;
        self.state.add_uri_to_alias = false;
        self.handle();
    }

    /// `ngx_http_named_location`
    pub(super) fn named(&mut self, by: Caller, name: &Text) {
        let shown = name.display();
        let Some(server) = self.state.server else { return };
        let location = name.bytes().and_then(|bytes| self.router.named(server, std::str::from_utf8(bytes).ok()?));
        let place = location.and_then(|location| self.place(self.config.location(location).entry));
        if name.bytes().is_none() {
            let why = phrase!("trace-location-depends", name = shown);
            return self.step(None, StepKind::GaveUp { why });
        }
        self.step(place, StepKind::Named { by, name: shown, location });
        self.state.uri_changes = self.state.uri_changes.saturating_sub(1);
        if self.state.uri_changes == 0 {
            self.step(None, StepKind::TooManyChanges);
            return self.finalize(500);
        }
        // A request that nginx could not parse has no URI that a location could work with.
        let Some(location) = location.filter(|_| !self.state.uri.is_empty()) else {
            return self.finalize(500);
        };
        self.state.internal = true;
        self.state.handler = None;
        self.state.uri_changed = false;
        self.state.location = Some(location);
        self.state.block = Some(self.config.location(location).entry);
        self.update_location();
        match self.rewrite_phase(true) {
            Next::Content => self.access_and_content(),
            Next::Search => self.find_config(),
            Next::Finished => {}
        }
    }

    /// A redirect's target as the client gets it (`ngx_http_header_filter`): a path is made a URL, unless `absolute_redirect` is off.
    pub(super) fn absolute(&self, to: Text) -> Text {
        let Some(block) = self.state.block else { return to };
        let off = |name: &str| {
            let entry = self.config.inherited(block, name);
            entry.is_some_and(|entry| self.config.directive(entry).arg(0) == Some("off"))
        };
        if to.first() != Some(b'/') || off("absolute_redirect") {
            return to;
        }
        let arrival = &self.state.arrival;
        let mut out = Text::known(if arrival.tls { &b"https://"[..] } else { b"http://" });
        let own = self.flag(block, "server_name_in_redirect");
        match own {
            true => out.push(&self.server_name()),
            // Without a `Host` it is the address that the connection came to (`ngx_connection_local_sockaddr`).
            false if self.state.host.is_empty() => out.push(&Text::unknown("server_addr")),
            false => out.push(&self.state.host),
        }
        let usual = if arrival.tls { 443 } else { 80 };
        if arrival.port != 0 && arrival.port != usual && !off("port_in_redirect") {
            out.push_bytes(format!(":{}", arrival.port).as_bytes());
        }
        out.push(&to);
        out
    }
}
