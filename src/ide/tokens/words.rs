//! The arguments of a directive, each by what may stand at its place.

use super::paint::{Painter, Part};
use super::{DEFAULT_LIBRARY, DEFINITION, Kind, MODIFICATION, Names, regex};
use crate::ide::present::Site;
use crate::nginx::directives::Directive as Record;
use crate::nginx::parameters::{self, Kind as Value, Parameter};
use crate::nginx::values::takes;
use crate::nginx::variables;
use crate::syntax::{Directive, Word};
use crate::text::Span;
use crate::usage::definitions::{self, Kind as Name};

/// All arguments of a directive.
pub(super) fn arguments(site: Site<'_, '_>, names: &Names, painter: &mut Painter<'_>) {
    let directive = &**site.directive;
    if directive.args.is_empty() {
        return;
    }
    let record = site.place.directive(&directive.name.value);
    match &*directive.name.value {
        "location" => return location(directive, painter),
        "if" => return condition(directive, painter),
        _ => {}
    }
    let protocol = site.place.protocol();
    let defined = definitions::defined_by(directive);
    let parameters = record.and_then(parameters::of);
    for (index, word) in directive.args.iter().enumerate() {
        let mut asked = Argument { names, record, protocol, word, painter };
        if let Some((kind, name, at)) = defined
            && at == index
        {
            asked.defines(kind, name, directive);
            continue;
        }
        asked.paint(&directive.name.value, parameters.and_then(|all| parameters::place(all, index)));
    }
}

/// An argument, and what is needed to tell what it is.
struct Argument<'a, 'p, 's> {
    names: &'a Names,
    record: Option<&'static Record>,
    protocol: &'static str,
    word: &'a Word,
    painter: &'p mut Painter<'s>,
}

impl Argument<'_, '_, '_> {
    /// The name that the directive is there for.
    fn defines(&mut self, kind: Name, name: &str, directive: &Directive) {
        let part = self.painter.inner(self.word);
        match kind {
            Name::Variable => {
                let sets = matches!(&directive.body, crate::syntax::Body::Simple) && directive.is("set");
                self.painter.part(part, Kind::Variable, DEFINITION | if sets { MODIFICATION } else { 0 });
            }
            Name::Upstream => self.painter.part(part, Kind::Namespace, DEFINITION),
            _ => match part.text.find(name) {
                // `zone=name:10m`
                Some(at) if at > 0 => {
                    self.key(part.until(at));
                    let named = part.from(at);
                    self.painter.part(named.until(name.len()), Kind::Type, DEFINITION);
                    self.painter.part(named.from(name.len() + 1), Kind::Number, 0);
                }
                _ => self.painter.part(part, Kind::Type, DEFINITION),
            },
        }
    }

    /// `weight=`
    fn key(&mut self, part: Part<'_>) {
        let name = part.text.len().saturating_sub(1);
        self.painter.part(part.until(name), Kind::Parameter, 0);
        self.painter.part(part.from(name), Kind::Operator, 0);
    }

    fn paint(&mut self, name: &str, parameter: Option<&Parameter>) {
        let part = self.painter.inner(self.word);
        let value = &*self.word.value;
        match name {
            "server_name" | "valid_referers" | "proxy_redirect" | "proxy_cookie_domain" | "proxy_cookie_path"
                if part.text.starts_with('~') =>
            {
                return tilde(part, self.painter);
            }
            // `=404`
            "try_files" | "error_page" if value.starts_with('=') => {
                self.painter.part(part.until(1), Kind::Operator, 0);
                return self.painter.part(part.from(1), Kind::Number, 0);
            }
            _ => {}
        }
        let Some(parameter) = parameter else {
            // Nobody knows what it takes: a variable is one by its looks.
            return match self.record.and_then(|record| record.variables) {
                Some(false) => text(self.word, self.painter),
                _ => template(self.word, self.protocol, self.painter),
            };
        };
        for alternative in parameter.alternatives.iter().filter(|alternative| !alternative.key.is_empty()) {
            let rest = part.text.strip_prefix(alternative.key).and_then(|rest| rest.strip_prefix('='));
            if let Some(rest) = rest {
                let key = alternative.key.len() + 1;
                self.key(part.until(key));
                return self.value(alternative.kind, part.from(key), rest, false);
            }
        }
        let plain = parameter.alternatives.iter().filter(|alternative| alternative.key.is_empty());
        let kind = plain.map(|alternative| alternative.kind).find(|kind| takes(*kind, value)).unwrap_or(Value::Text);
        self.value(kind, part, value, true);
    }

    /// A value of a kind. `whole` for a word that is nothing else: its quotes belong to it where it is a text.
    fn value(&mut self, kind: Value, part: Part<'_>, value: &str, whole: bool) {
        let variables = self.record.and_then(|record| record.variables) == Some(true);
        // The `server` of an upstream has the name of a host.
        let passes = self.record.is_some_and(|record| record.name.ends_with("_pass") || record.name == "pass");
        let kind = match kind {
            Value::Flag | Value::Word(_) | Value::Method | Value::Access if takes(kind, value) => Kind::EnumMember,
            Value::Size | Value::Offset | Value::Time | Value::Seconds | Value::Number(_) | Value::Rate | Value::Status | Value::Cidr
                if takes(kind, value) =>
            {
                Kind::Number
            }
            Value::Regex => return regex::regex(part, self.painter),
            Value::Variable => return self.painter.part(part, Kind::Variable, if value.starts_with('$') { DEFINITION } else { 0 }),
            Value::Uri | Value::Name("location") if part.text.starts_with('@') && !part.text.contains('$') => Kind::Function,
            Value::Name(_) if !part.text.contains('$') => Kind::Type,
            Value::Listen => return self.listen(part),
            Value::Url | Value::Address if passes => return self.backend(part, variables),
            // `ngx_http_core_server_name` knows this one by its name.
            Value::ServerName if value.eq_ignore_ascii_case("$hostname") => return self.text(part, whole, true),
            Value::Template | Value::Condition => return self.text(part, whole, true),
            _ => return self.text(part, whole, variables),
        };
        self.painter.part(part, kind, 0);
    }

    fn text(&mut self, part: Part<'_>, whole: bool, variables: bool) {
        let span = if whole { self.word.span } else { part.span() };
        match variables {
            true => with_variables(part, span, self.protocol, self.painter),
            false => self.painter.add(span, Kind::String, 0),
        }
    }

    /// `[::]:80`
    fn listen(&mut self, part: Part<'_>) {
        let port = part.text.rfind(':').map_or(0, |at| at + 1);
        match part.text.get(port..).filter(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')) {
            Some(_) => {
                self.painter.part(part.until(port), Kind::String, 0);
                self.painter.part(part.from(port), Kind::Number, 0);
            }
            None => self.painter.part(part, Kind::String, 0),
        }
    }

    /// `http://name:80/uri`, `name`: an upstream where there is one of that name.
    fn backend(&mut self, part: Part<'_>, variables: bool) {
        let host = definitions::host(part.text);
        let at = host.as_ptr() as usize - part.text.as_ptr() as usize;
        if host.contains('$') || !self.names.has_upstream(host) {
            return self.text(part, true, variables);
        }
        self.painter.part(part.until(at), Kind::String, 0);
        self.painter.part(part.from(at).until(host.len()), Kind::Namespace, 0);
        let rest = part.from(at + host.len());
        match variables {
            true => with_variables(rest, rest.span(), self.protocol, self.painter),
            false => self.painter.part(rest, Kind::String, 0),
        }
    }
}

/// What a `location` matches: `= /a`, `~ regex`, `@name`; the operator may be written without a blank behind it.
fn location(directive: &Directive, painter: &mut Painter<'_>) {
    let Some(first) = directive.args.first().map(|word| painter.inner(word)) else { return };
    let operator = ["~*", "~", "^~", "="].into_iter().find(|operator| first.text.starts_with(operator)).unwrap_or("");
    let (sign, mut name) = (first.until(operator.len()), first.from(operator.len()));
    painter.part(sign, Kind::Operator, 0);
    if name.text.is_empty() && !operator.is_empty() {
        let Some(second) = directive.args.get(1).map(|word| painter.inner(word)) else { return };
        name = second;
    }
    match operator {
        "~" | "~*" => regex::regex(name, painter),
        _ if name.text.starts_with('@') => painter.part(name, Kind::Function, DEFINITION),
        _ => painter.part(name, Kind::String, 0),
    }
}

/// What an `if` asks (`ngx_http_rewrite_if_condition`).
fn condition(directive: &Directive, painter: &mut Painter<'_>) {
    let last = directive.args.len().saturating_sub(1);
    let mut is_regex = false;
    for (index, word) in directive.args.iter().enumerate() {
        let part = painter.inner(word);
        let quoted = part.span() != word.span;
        let open = usize::from(index == 0 && !quoted && part.text.starts_with('('));
        let closed = index == last && !quoted && part.text.ends_with(')');
        let inside = part.until(part.text.len() - usize::from(closed)).from(open);
        match inside.text {
            "" => {}
            "=" | "!=" | "-f" | "!-f" | "-d" | "!-d" | "-e" | "!-e" | "-x" | "!-x" => painter.part(inside, Kind::Operator, 0),
            "~" | "~*" | "!~" | "!~*" => {
                is_regex = true;
                painter.part(inside, Kind::Operator, 0);
            }
            _ if is_regex => regex::regex(inside, painter),
            _ if quoted => template(word, "http", painter),
            _ => with_variables(inside, inside.span(), "http", painter),
        }
    }
}

/// `~regex`, `~*regex`
pub(super) fn tilde(part: Part<'_>, painter: &mut Painter<'_>) {
    let sign = if part.text.starts_with("~*") { 2 } else { 1 };
    painter.part(part.until(sign), Kind::Operator, 0);
    regex::regex(part.from(sign), painter);
}

/// A word in which a `$` is nothing but a `$`.
pub(super) fn text(word: &Word, painter: &mut Painter<'_>) {
    painter.add(word.span, Kind::String, 0);
}

/// A word in which variables are replaced.
pub(super) fn template(word: &Word, protocol: &'static str, painter: &mut Painter<'_>) {
    let part = painter.inner(word);
    if takes(Value::Number(None), &word.value) {
        return painter.part(part, Kind::Number, 0);
    }
    with_variables(part, word.span, protocol, painter);
}

/// A text with its variables (`ngx_http_script_compile`); `around` is what belongs to it, its quotes for one.
fn with_variables(part: Part<'_>, around: Span, protocol: &'static str, painter: &mut Painter<'_>) {
    let bytes = part.text.as_bytes();
    let (mut at, mut plain) = (0, around.start);
    while let Some(found) = part.text.get(at..).and_then(|rest| rest.find('$')) {
        let start = at + found;
        at = start + 1;
        let brace = bytes.get(at) == Some(&b'{');
        let name = at + usize::from(brace);
        let digit = bytes.get(name).is_some_and(|byte| matches!(byte, b'1'..=b'9'));
        let length = match digit && !brace {
            // `$10` is `$1` and a `0`.
            true => 1,
            false => {
                part.text.get(name..).unwrap_or_default().bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
            }
        };
        let end = name + length + usize::from(brace);
        if length == 0 || brace && bytes.get(end - 1) != Some(&b'}') {
            continue;
        }
        let variable = part.from(start).until(end - start);
        painter.add(Span::new(plain, variable.start), Kind::String, 0);
        let known = part.text.get(name..name + length).is_some_and(|name| is_own(name, protocol));
        painter.part(variable, Kind::Variable, if known { DEFAULT_LIBRARY } else { 0 });
        plain = variable.span().end;
        at = end;
    }
    painter.add(Span::new(plain, around.end), Kind::String, 0);
}

/// A variable of nginx itself, or of a module that is known. Without a protocol any will do.
fn is_own(name: &str, protocol: &str) -> bool {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        return is_own(&name.to_ascii_lowercase(), protocol);
    }
    let protocols = if protocol.is_empty() { &["http", "stream"][..] } else { &[protocol][..] };
    protocols.iter().any(|protocol| variables::find(name, protocol).is_some())
}
