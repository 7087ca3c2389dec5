//! What a variable has: `ngx_http_variables.c`, and the modules that define some.

use super::rewrite::Quote;
use super::run::{Run, Touched};
use super::step::Text;
use crate::nginx::variables;
use crate::routing::values::Table;

/// So many tables are looked into, each for the one before: nginx gives up there, too (`ngx_http_variable_depth`).
const DEEPEST: usize = 100;
/// So many times a request looks into tables; those that are volatile are looked into anew each time.
const LOOKS: usize = 10_000;

impl Run<'_> {
    /// `set` and its like: `$args` is the request's own (`ngx_http_variable_set_args`).
    pub(super) fn set_variable(&mut self, name: &str, value: Text) {
        if name.eq_ignore_ascii_case("args") {
            self.state.args = value;
            self.state.valid_unparsed = false;
        } else {
            self.assign(name, value);
        }
    }

    /// Gives a variable a value for the rest of the request.
    pub(super) fn assign(&mut self, name: &str, value: Text) {
        self.state.variables.insert(name.to_ascii_lowercase().into(), value);
    }

    /// What a variable has now. What comes from the client's connection, from a backend or from code stays open, as does what is very long.
    pub(super) fn variable(&mut self, name: &str) -> Text {
        self.value(name).bounded(name)
    }

    fn value(&mut self, name: &str) -> Text {
        let lower = name.to_ascii_lowercase();
        let name = lower.as_str();
        let touched = match &self.state.touched {
            Touched::Nothing => false,
            Touched::These(names) => names.iter().any(|one| one.eq_ignore_ascii_case(name)),
            // Code can set what is changeable: what `set` and tables define.
            Touched::Anything => self.state.variables.contains_key(name) || self.is_defined(name),
        };
        if touched {
            return Text::unknown(name);
        }
        if let Some(value) = self.state.variables.get(name) {
            return value.clone();
        }
        if let Some(table) = self.lookup.tables.get(name) {
            if self.looking >= DEEPEST || self.looked >= LOOKS {
                return Text::unknown(name);
            }
            (self.looking, self.looked) = (self.looking + 1, self.looked + 1);
            let value = self.table_value(name, table);
            self.looking -= 1;
            return value;
        }
        // A group is empty until its regex matches.
        if self.lookup.is_captured(name) {
            return Text::default();
        }
        // A `set` of a variable that nginx has by itself counts where it runs (NGX_HTTP_VAR_WEAK in ngx_http_variables_init_vars); of
        // others it is empty until one runs (`ngx_http_rewrite_var`).
        let built_in = variables::is_there_anyway(name) || !self.lookup.is_set(name);
        if built_in { self.built_in(name).unwrap_or_else(|| Text::unknown(name)) } else { Text::default() }
    }

    /// Whether what a variable has equals a value; `None` where that is not known. A table of which no line gives the value can't.
    pub(super) fn equal(&self, name: &str, one: &Text, two: &Text) -> Option<bool> {
        let known = one.equals(two);
        let Some(Table::Map(map)) = self.lookup.tables.get(name).filter(|_| known.is_none() && self.state.touched == Touched::Nothing)
        else {
            return known;
        };
        let two = two.bytes()?;
        let mut values = map.lines.iter().chain(&map.default).map(|line| &*line.value);
        let nothing = map.default.is_none() && two.is_empty();
        let possible = map.unknown.is_some() || nothing || values.any(|value| value.contains('$') || value.as_bytes() == two);
        (!possible).then_some(false)
    }

    /// Defined by a `set` or a table somewhere.
    fn is_defined(&self, name: &str) -> bool {
        self.lookup.tables.get(name).is_some() || self.lookup.is_set(name) || self.lookup.is_captured(name)
    }

    fn table_value(&mut self, name: &str, table: &Table) -> Text {
        // A table whose source names its own variable does not end in nginx, either: it counts, and gives up.
        self.assign(name, Text::unknown(name));
        let unknown = Some(Text::unknown(name));
        let (value, volatile) = match table {
            Table::Map(map) => {
                let source = self.expand(&map.source, Quote::No);
                let value = match source.bytes().map(|source| map.value(source)) {
                    Some(Some(matched)) => {
                        if let Some(captures) = matched.captures {
                            self.take_captures(captures);
                        }
                        Some(self.expand(&matched.value, Quote::No))
                    }
                    _ => unknown,
                };
                (value, map.volatile)
            }
            Table::Geo(geo) => {
                let forwarded = self.state.arrival.header(|header| header.eq_ignore_ascii_case("x-forwarded-for")).is_some();
                let address = match &geo.address {
                    None => self.state.arrival.client.map(Some),
                    Some(variable) => {
                        let value = self.variable(variable);
                        value.bytes().map(|bytes| std::str::from_utf8(bytes).ok().and_then(|text| text.parse().ok()))
                    }
                };
                let replaced = |address: Option<std::net::IpAddr>| forwarded && address.is_some_and(|address| geo.trusts(address));
                let matched = address.filter(|address| !replaced(*address)).and_then(|address| geo.value(address));
                (matched.map(|matched| Text::known(matched.value.as_bytes())).or(unknown), geo.volatile)
            }
            Table::Split(split) => {
                let source = self.expand(&split.source, Quote::No);
                let matched = source.bytes().and_then(|source| split.value(source));
                (matched.map(|matched| Text::known(matched.value.as_bytes())).or(unknown), false)
            }
        };
        let value = value.unwrap_or_default();
        // A table is looked into once for a request, unless it is volatile (`NGX_HTTP_VAR_NOCACHEABLE`).
        match volatile {
            true => drop(self.state.variables.remove(name)),
            false => self.assign(name, value.clone()),
        }
        value
    }

    /// nginx's own variables; `None` for one that only the running server knows.
    fn built_in(&mut self, name: &str) -> Option<Text> {
        let arrival = self.state.arrival.clone();
        if let Some(header) = name.strip_prefix("http_") {
            let same = |written: &str| {
                written.len() == header.len()
                    && written.bytes().zip(header.bytes()).all(|(a, b)| a.eq_ignore_ascii_case(&b) || (a == b'-' && b == b'_'))
            };
            return Some(arrival.header(same).unwrap_or_default());
        }
        if let Some(argument) = name.strip_prefix("arg_") {
            return self.argument(argument);
        }
        if let Some(cookie) = name.strip_prefix("cookie_") {
            return Some(self.cookie(cookie));
        }
        let known = |text: &str| Some(Text::known(text.as_bytes()));
        match name {
            "uri" | "document_uri" => Some(self.state.uri.clone()),
            "args" | "query_string" => Some(self.state.args.clone()),
            "is_args" => match self.state.args.bytes() {
                Some([]) => Some(Text::default()),
                Some(_) => known("?"),
                None => None,
            },
            "request_uri" => Some(self.state.target.clone()),
            "request_method" => Some(Text::known(self.state.main_method.as_ref().unwrap_or(&self.state.method).as_bytes())),
            "request" => {
                let mut line = Text::known(arrival.method.as_bytes());
                line.push_bytes(b" ");
                line.push(&arrival.target);
                line.push_bytes(b" ");
                line.push_bytes(arrival.protocol?.as_bytes());
                Some(line)
            }
            "server_protocol" => arrival.protocol.and_then(known),
            "host" => match self.state.host.is_empty() {
                true => Some(self.server_name()),
                false => Some(self.state.host.clone()),
            },
            "server_name" => Some(self.server_name()),
            "scheme" | "request_scheme" => known(if arrival.tls { "https" } else { "http" }),
            "https" => known(if arrival.tls { "on" } else { "" }),
            "server_port" => known(&arrival.port.to_string()),
            "remote_addr" => arrival.client.and_then(|client| known(&client.to_string())),
            "content_type" => Some(arrival.header(|name| name.eq_ignore_ascii_case("content-type")).unwrap_or_default()),
            "content_length" => Some(arrival.header(|name| name.eq_ignore_ascii_case("content-length")).unwrap_or_default()),
            "proxy_add_x_forwarded_for" => {
                let client = arrival.client?.to_string();
                let mut value = arrival.header(|name| name.eq_ignore_ascii_case("x-forwarded-for")).unwrap_or_default();
                if !value.is_empty() {
                    value.push_bytes(b", ");
                }
                value.push_bytes(client.as_bytes());
                Some(value)
            }
            "document_root" => {
                let (root, _) = self.root();
                Some(self.expand(&root, Quote::No))
            }
            "request_filename" => self.path_of(None),
            "invalid_referer" => Some(self.invalid_referer()),
            "fastcgi_script_name" => Some(self.script_name()),
            _ => None,
        }
    }

    /// The first name of the server (`ngx_http_variable_server_name`).
    pub(super) fn server_name(&self) -> Text {
        let server = self.state.server.map(|server| self.config.server(server));
        let name = server.and_then(|server| server.names.first()).map(|(name, _)| name.to_string()).unwrap_or_default();
        Text::known(name.strip_prefix('.').unwrap_or(&name).as_bytes())
    }

    /// `ngx_http_arg`
    fn argument(&self, name: &str) -> Option<Text> {
        let args = self.state.args.bytes()?;
        let found = args.split(|byte| *byte == b'&').find_map(|part| {
            let (key, value) = part.split_at_checked(name.len())?;
            (key.eq_ignore_ascii_case(name.as_bytes())).then_some(value).and_then(|value| value.strip_prefix(b"="))
        });
        Some(Text::known(found.unwrap_or_default()))
    }

    /// `ngx_http_parse_multi_header_lines`
    fn cookie(&self, name: &str) -> Text {
        let headers = self.state.arrival.headers.iter().filter(|(header, _)| header.eq_ignore_ascii_case("cookie"));
        for (_, value) in headers {
            let Some(bytes) = value.bytes() else { return Text::unknown(&format!("cookie_{name}")) };
            let found = bytes.split(|byte| matches!(byte, b';' | b',')).find_map(|part| {
                let (key, value) = part.trim_ascii_start().split_at_checked(name.len())?;
                let value = value.trim_ascii_start();
                key.eq_ignore_ascii_case(name.as_bytes()).then_some(value).and_then(|value| value.strip_prefix(b"="))
            });
            if let Some(found) = found {
                return Text::known(found.trim_ascii());
            }
        }
        Text::default()
    }
}
