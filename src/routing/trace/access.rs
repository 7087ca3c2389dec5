//! Who is let in: `NGX_HTTP_PREACCESS_PHASE` and `NGX_HTTP_ACCESS_PHASE`.

use super::run::{Flow, Run};
use super::step::{AccessRule, StepKind, Text};
use crate::config::EntryId;
use crate::messages::Message;
use crate::nginx::values::Network;
use crate::phrase;

/// Directives that ask for credentials.
const CREDENTIALS: [&str; 5] = ["auth_basic", "auth_jwt", "auth_oidc", "auth_digest", "auth_pam"];

impl Run<'_> {
    pub(super) fn access(&mut self) -> Flow {
        let Some(block) = self.state.block else { return Flow::Finished };
        // Neither phase looks at a subrequest (`ngx_http_core_access_phase`, `r->main->limit_req_status`).
        if self.state.subrequest {
            return Flow::Goes;
        }
        for name in ["limit_req", "limit_conn"] {
            if let Some(entry) = self.config.inherited_all(block, name).first() {
                self.step(self.place(*entry), StepKind::Limit { directive: name.to_owned() });
            }
        }
        let any = self.config.inherited(block, "satisfy").is_some_and(|entry| self.config.directive(entry).arg(0) == Some("any"));
        let credentials: Vec<EntryId> = CREDENTIALS.iter().filter_map(|name| self.config.inherited(block, name)).collect();
        let credentials: Vec<EntryId> =
            credentials.into_iter().filter(|entry| self.config.directive(*entry).arg(0) != Some("off")).collect();
        let auth = self.config.inherited(block, "auth_request").filter(|entry| self.config.directive(*entry).arg(0) != Some("off"));
        // What a check says that `satisfy any` lets others overrule (`r->access_code`).
        let mut refusal = None;
        if let Some((entry, rule)) = self.client_rule(block) {
            let others = !credentials.is_empty() || auth.is_some();
            let rule = if any && others && rule != AccessRule::Allowed { AccessRule::SatisfyAny } else { rule };
            let place = self.place(entry);
            self.step(place, StepKind::Access { rule: rule.clone() });
            match rule {
                AccessRule::SatisfyAny if self.state.arrival.client.is_some() => refusal = Some(403),
                AccessRule::Denied => {
                    self.finalize(403);
                    return Flow::Finished;
                }
                AccessRule::Allowed if any => return self.lua_access(),
                AccessRule::Depends(_)
                    if self.refused(
                        entry,
                        phrase!("trace-address-allowed"),
                        |status| phrase!("trace-address-denied", status = usize::from(status)),
                        &[403],
                    ) =>
                {
                    return Flow::Finished;
                }
                _ => {}
            }
        }
        let asks = !credentials.is_empty();
        for entry in credentials {
            let directive = self.config.directive(entry).name.value.to_string();
            self.step(self.place(entry), StepKind::Credentials { directive: directive.clone() });
            let good = phrase!("trace-credentials-good", directive = &directive);
            let bad = |status| phrase!("trace-credentials-bad", directive = &directive, status = usize::from(status));
            if !any && self.refused(entry, good, bad, &[401]) {
                return Flow::Finished;
            }
        }
        // Credentials that are good are enough.
        if any && asks {
            return self.lua_access();
        }
        if let Some(entry) = auth {
            match self.auth_request(entry, block) {
                Err(status) if any && matches!(status, 401 | 403) => refusal = Some(status),
                Err(status) => {
                    self.finalize(status);
                    return Flow::Finished;
                }
                Ok(Flow::Finished) => return Flow::Finished,
                Ok(_) => refusal = None,
            }
        }
        if let Some(status) = refusal {
            self.finalize(status);
            return Flow::Finished;
        }
        self.lua_access()
    }

    fn lua_access(&mut self) -> Flow {
        self.code(&["access_by_lua", "access_by_lua_block", "access_by_lua_file"]);
        self.code(&["js_access"]);
        Flow::Goes
    }

    /// Asks whether a check refuses, where an `error_page` makes a way of its own of that; true when the request is answered.
    fn refused(&mut self, entry: EntryId, good: Message, bad: impl Fn(u16) -> Message, statuses: &[u16]) -> bool {
        let taken: Vec<u16> = statuses.iter().copied().filter(|status| self.error_page(*status).is_some()).collect();
        if taken.is_empty() {
            return false;
        }
        let key = format!("access {entry:?} {}", self.state.uri_changes);
        let bad = taken.iter().map(|status| bad(*status));
        let answer = self.decide(key, self.place(entry), std::iter::once(good).chain(bad).collect());
        let Some(status) = answer.checked_sub(1).and_then(|index| taken.get(index)) else { return false };
        self.finalize(*status);
        true
    }

    /// The `allow` or `deny` that decides for this client, and how (`ngx_http_access_handler`); `None` without any that fits.
    fn client_rule(&self, block: EntryId) -> Option<(EntryId, AccessRule)> {
        let rules = self.config.inherited_of(block, &["allow", "deny"]);
        let mut allowed = Vec::new();
        for rule in &rules {
            let directive = self.config.directive(*rule);
            let Some(who) = directive.arg(0) else { continue };
            let allows = directive.is("allow");
            let decided = |allows| Some((*rule, if allows { AccessRule::Allowed } else { AccessRule::Denied }));
            match (who, self.state.arrival.client) {
                // Nobody was let in, or kept out, before: it does not matter who it is.
                ("all", None) => {
                    let before = rules.iter().take_while(|other| *other != rule);
                    if before.clone().all(|other| self.config.directive(*other).is("allow") == allows) {
                        return decided(allows);
                    }
                    if allows {
                        allowed.push("all".to_owned());
                    }
                    return Some((*rules.first()?, AccessRule::Depends(allowed)));
                }
                ("all", Some(_)) => return decided(allows),
                ("unix:", _) => {}
                (network, Some(client)) => {
                    if Network::read(network).is_some_and(|network| network.holds(client)) {
                        return decided(allows);
                    }
                }
                (network, None) => {
                    if allows {
                        allowed.push(network.to_owned());
                    }
                }
            }
        }
        // Who fits no rule is let in.
        let denies = rules.iter().any(|rule| self.config.directive(*rule).is("deny"));
        if self.state.arrival.client.is_none() && denies {
            allowed.push("all".to_owned());
            return Some((*rules.first()?, AccessRule::Depends(allowed)));
        }
        None
    }

    /// `ngx_http_auth_request_handler`; `Err` with the status that it refuses with.
    fn auth_request(&mut self, entry: EntryId, block: EntryId) -> Result<Flow, u16> {
        let Some(uri) = self.config.directive(entry).arg(0) else { return Ok(Flow::Goes) };
        let uri = Text::known(uri.as_bytes());
        let hop = self.subrequest(uri.clone(), Text::default(), "GET");
        let (status, terminated) = (hop.status, hop.terminated);
        let place = self.place(entry);
        self.step(place, StepKind::AuthRequest { uri: uri.clone(), hop: Box::new(hop) });
        for &set in self.config.inherited_all(block, "auth_request_set") {
            if let Some(name) = self.config.directive(set).arg(0).and_then(|word| word.strip_prefix('$')) {
                self.assign(name, Text::unknown(name));
            }
        }
        if let (Some(status), true) = (status, terminated) {
            self.terminated_by(&uri, status);
            return Ok(Flow::Finished);
        }
        let uri = uri.display();
        match status {
            Some(200..=299) => Ok(Flow::Goes),
            Some(status @ (401 | 403)) => Err(status),
            Some(status) => {
                self.status(500, phrase!("trace-auth-status", uri = &uri, status = usize::from(status)));
                Err(500)
            }
            None => {
                let good = phrase!("trace-auth-good", uri = &uri);
                let bad = |status| phrase!("trace-auth-bad", uri = &uri, status = usize::from(status));
                Ok(if self.refused(entry, good, bad, &[401, 403]) { Flow::Finished } else { Flow::Goes })
            }
        }
    }
}
