//! HTML, and what is made of it: templates, Vue and Svelte components.

use tree_sitter::Node;

use super::css;
use super::formats::Context;
use super::javascript::{self, Dialect, Exports, Imports, Script};
use super::value::{Manner, Piece, Value};
use super::{Found, Kind, Path, Url, parse, ssi};
use crate::text::Span;

/// Reads a page: what it asks for itself, and what the scripts in it do.
pub(super) fn read(context: &Context<'_>, text: &str, imports: Imports<'_>) -> (Vec<Found>, Exports) {
    let component = matches!(context.extension(), "vue" | "svelte");
    let code = blank(text, component);
    let Some(tree) = parse(&code, &tree_sitter_html::LANGUAGE.into()) else { return Default::default() };
    let mut page = Page {
        code: &code,
        svelte: context.extension() == "svelte",
        base: None,
        found: Vec::new(),
        scripts: Vec::new(),
        handlers: Vec::new(),
    };
    let mut pending = vec![tree.root_node()];
    while let Some(node) = pending.pop() {
        match node.kind() {
            "start_tag" | "self_closing_tag" => page.tag(node),
            "script_element" => page.script(node),
            "style_element" => {
                let mut cursor = node.walk();
                if let Some(style) = node.named_children(&mut cursor).find(|part| part.kind() == "raw_text") {
                    let start = style.start_byte() as u32;
                    let shift = |found: Found| Found { span: Span::new(found.span.start + start, found.span.end + start), ..found };
                    page.found.extend(css::read(page.text(style), Kind::Resource).into_iter().map(shift));
                }
                continue;
            }
            "comment" => continue,
            _ => {}
        }
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.named_children(&mut cursor).collect();
        pending.extend(children.into_iter().rev());
    }
    let Page { base, mut found, scripts, handlers, .. } = page;
    let mut exports = Exports::new();
    // What one script of a page defines, the others can use: they are read as one, each in its place.
    let spans: Vec<Span> = scripts.iter().map(|(span, _)| *span).chain(handlers).collect();
    if !spans.is_empty() {
        let typed = scripts.iter().any(|(_, typed)| *typed);
        let dialect = if typed { Dialect::TypeScript } else { Dialect::JavaScript };
        let text = pieces(&code, &spans);
        let read = javascript::read(&Script { text: &text, dialect, kind: context.kind(Kind::Fetch) }, imports);
        found.extend(read.found);
        exports = read.exports;
    }
    if let Some(base) = base {
        found.iter_mut().for_each(|found| rebase(&mut found.url, &base));
    }
    let kind = context.kind(Kind::Fetch);
    if kind != Kind::Fetch {
        found.iter_mut().for_each(|found| found.kind = kind);
    }
    found.extend(ssi::read(text));
    found.sort_by_key(|found| found.span);
    (found, exports)
}

/// Everything outside of these spans made blank, so that places stay what they are.
fn pieces(code: &str, spans: &[Span]) -> String {
    let mut out: Vec<u8> = code.bytes().map(|byte| if byte == b'\n' { b'\n' } else { b' ' }).collect();
    for span in spans {
        if let (Some(to), Some(from)) = (out.get_mut(span.range()), code.as_bytes().get(span.range())) {
            to.copy_from_slice(from);
        }
        // One statement does not go on in the next script.
        if let Some(behind) = out.get_mut(span.end as usize) {
            *behind = b';';
        }
    }
    String::from_utf8(out).unwrap_or_default()
}

/// What stands for a placeholder of a template: letters that make any length from four bytes, are a name to JavaScript and plain text to HTML.
const HOLES: [char; 2] = ['\u{a66e}', '\u{aa}'];

/// Replaces `{{ … }}`, `<% … %>`, `{% … %}` and `<?php … ?>` by as many bytes of [`HOLES`].
fn blank(text: &str, component: bool) -> String {
    let marks: &[(&str, &str)] =
        if component { &[("{{", "}}")] } else { &[("{{", "}}"), ("{%", "%}"), ("<%", "%>"), ("<?", "?>"), ("[[", "]]"), ("${", "}")] };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut script = false;
    while !rest.is_empty() {
        let next = marks.iter().filter_map(|(open, close)| Some((rest.find(open)?, *open, *close))).min_by_key(|(at, ..)| *at);
        let Some((at, open, close)) = next else { break };
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        if let Some(tag) = before.rfind("<script").max(before.rfind("</script")) {
            script = !before[tag..].starts_with("</");
        }
        let end = from.find(close).map(|end| end + close.len());
        // `${…}` and `[[…]]` are JavaScript's own in a script, and so is `{{` in a component's.
        let foreign = !(script && (component || open == "${" || open == "[["))
            && !(open == "[[" && !from.starts_with("[[ ") && !from.starts_with("[[$"));
        match end {
            Some(end) if foreign && end >= 3 && !(open == "<?" && from.starts_with("<?xml")) => {
                let mut length = end;
                while length >= 3 && length != 4 && length != 2 {
                    out.push(HOLES[0]);
                    length -= 3;
                }
                while length >= 2 {
                    out.push(HOLES[1]);
                    length -= 2;
                }
                out.extend(std::iter::repeat_n('_', length));
                rest = &from[end..];
            }
            _ => {
                out.push_str(open);
                rest = &from[open.len()..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// A text of a page: placeholders are gaps.
pub(super) fn value(text: &str) -> Value {
    let mut out = Value::default();
    let mut rest = text;
    while let Some(at) = rest.find(HOLES) {
        out.push(Piece::Text(rest[..at].to_owned()));
        out.push(Piece::Gap);
        rest = rest[at..].trim_start_matches(HOLES);
    }
    out.push(Piece::Text(rest.to_owned()));
    out
}

/// What `&amp;` and its like stand for in a URL.
fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    [("&amp;", "&"), ("&#x2F;", "/"), ("&#47;", "/"), ("&quot;", "\""), ("&#39;", "'")]
        .iter()
        .fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

struct Page<'a> {
    code: &'a str,
    svelte: bool,
    base: Option<Url>,
    found: Vec<Found>,
    /// Scripts that are JavaScript, and whether they are TypeScript.
    scripts: Vec<(Span, bool)>,
    /// `onclick="…"`
    handlers: Vec<Span>,
}

struct Attribute<'a> {
    name: &'a str,
    value: &'a str,
    span: Span,
}

impl<'a> Page<'a> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.code.get(node.byte_range()).unwrap_or("")
    }

    fn attributes(&self, tag: Node<'_>) -> Vec<Attribute<'a>> {
        let mut cursor = tag.walk();
        let attributes: Vec<Node<'_>> = tag.named_children(&mut cursor).filter(|child| child.kind() == "attribute").collect();
        let one = |attribute: Node<'_>| {
            let mut cursor = attribute.walk();
            let parts: Vec<Node<'_>> = attribute.named_children(&mut cursor).collect();
            let name = parts.iter().find(|part| part.kind() == "attribute_name")?;
            let value = parts.iter().find_map(|part| match part.kind() {
                "attribute_value" => Some(*part),
                "quoted_attribute_value" => part.named_child(0),
                _ => None,
            });
            let span =
                value.map_or(Span::at(name.end_byte() as u32), |value| Span::new(value.start_byte() as u32, value.end_byte() as u32));
            Some(Attribute { name: self.text(*name), value: value.map_or("", |value| self.text(value)), span })
        };
        attributes.into_iter().filter_map(one).collect()
    }

    fn tag(&mut self, tag: Node<'_>) {
        let mut cursor = tag.walk();
        let Some(name) = tag.named_children(&mut cursor).find(|child| child.kind() == "tag_name") else { return };
        let name = self.text(name).to_ascii_lowercase();
        let attributes = self.attributes(tag);
        let get = |wanted: &str| attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(wanted));
        let upper = |attribute: &Attribute<'_>| attribute.value.to_ascii_uppercase();
        match name.as_str() {
            "base" => {
                if let Some(href) = get("href") {
                    self.base = self.base.take().or(value(href.value).url(Manner::Page));
                }
                return;
            }
            "meta" => {
                let refresh = get("http-equiv").is_some_and(|attribute| attribute.value.eq_ignore_ascii_case("refresh"));
                if let Some(content) = get("content").filter(|_| refresh)
                    && let Some(at) = content.value.to_ascii_lowercase().find("url=")
                {
                    let target = content.value[at + 4..].trim_matches(['\'', '"', ' ']);
                    let start = content.span.start + (content.value.find(target).unwrap_or(0)) as u32;
                    self.push(Kind::Link, Some("GET"), target, Span::new(start, start + target.len() as u32));
                }
                return;
            }
            _ => {}
        }
        let rel = get("rel").map(|attribute| attribute.value.to_ascii_lowercase()).unwrap_or_default();
        for attribute in &attributes {
            let lower = attribute.name.to_ascii_lowercase();
            // `:href="expression"` of Vue.
            if let Some(bound) = lower.strip_prefix(':').or(lower.strip_prefix("v-bind:")) {
                if let Some((kind, _)) = meaning(&name, bound, &rel) {
                    let expression = format!("({})", attribute.value);
                    for url in javascript::expression(&expression) {
                        self.found.push(Found { span: attribute.span, kind, method: Some("GET".into()), url, service: None });
                    }
                }
                continue;
            }
            if lower.starts_with("on") && lower.len() > 3 && !attribute.value.is_empty() {
                if attribute.value.contains(['/', '(']) {
                    self.handlers.push(attribute.span);
                }
                continue;
            }
            if lower == "style" {
                let shift = |found: Found| {
                    let start = attribute.span.start;
                    Found { span: Span::new(found.span.start + start, found.span.end + start), ..found }
                };
                self.found.extend(css::read(attribute.value, Kind::Resource).into_iter().map(shift));
                continue;
            }
            if let Some(method) = lower.strip_prefix("data-").unwrap_or(&lower).strip_prefix("hx-") {
                if ["get", "post", "put", "patch", "delete"].contains(&method) {
                    self.push(Kind::Fetch, Some(&method.to_ascii_uppercase()), attribute.value, attribute.span);
                }
                continue;
            }
            // `x-init`, `@click`, `data-on…` of small frameworks.
            if ["fetch(", "axios.", "$http"].iter().any(|call| attribute.value.contains(call)) {
                self.handlers.push(attribute.span);
                continue;
            }
            if let Some(data) = lower.strip_prefix("data-") {
                // What scripts take from there is asked for, or gone to.
                let kind = match data {
                    "src" | "srcset" | "background" | "bg" => Kind::Resource,
                    "href" | "link" => Kind::Link,
                    _ if ["url", "action", "endpoint", "remote", "api", "path"]
                        .iter()
                        .any(|word| data.split('-').any(|part| part == *word)) =>
                    {
                        Kind::Fetch
                    }
                    _ => continue,
                };
                if attribute.value.starts_with('/') || attribute.value.starts_with("http") {
                    self.push(kind, None, attribute.value, attribute.span);
                }
                continue;
            }
            let Some((kind, method)) = meaning(&name, &lower, &rel) else { continue };
            let method = match kind {
                Kind::Form => {
                    let given = get("formmethod").or(get("method")).map(upper);
                    Some(given.unwrap_or_else(|| if lower == "formaction" { String::new() } else { "GET".to_owned() }))
                        .filter(|method| !method.is_empty())
                }
                _ => Some(method.to_owned()),
            };
            if lower == "srcset" {
                for one in attribute.value.split(',') {
                    let target = one.split_whitespace().next().unwrap_or("");
                    let start = attribute.span.start + (target.as_ptr() as usize - attribute.value.as_ptr() as usize) as u32;
                    self.push(kind, method.as_deref(), target, Span::new(start, start + target.len() as u32));
                }
            } else if lower == "ping" {
                for target in attribute.value.split_whitespace() {
                    let start = attribute.span.start + (target.as_ptr() as usize - attribute.value.as_ptr() as usize) as u32;
                    self.push(kind, method.as_deref(), target, Span::new(start, start + target.len() as u32));
                }
            } else {
                self.push(kind, method.as_deref(), attribute.value, attribute.span);
            }
        }
    }

    fn push(&mut self, kind: Kind, method: Option<&str>, text: &str, span: Span) {
        let text = unescape(text);
        let mut value = value(&text);
        if self.svelte && text.contains('{') {
            // `href="/users/{id}"`
            value = Value::default();
            let mut rest = text.as_str();
            while let Some(at) = rest.find('{') {
                value.push(Piece::Text(rest[..at].to_owned()));
                value.push(Piece::Gap);
                rest = rest[at..].split_once('}').map_or("", |(_, behind)| behind);
            }
            value.push(Piece::Text(rest.to_owned()));
        }
        if let Some(url) = value.url(Manner::Page) {
            self.found.push(Found { span, kind, method: method.map(Into::into), url, service: None });
        }
    }

    fn script(&mut self, element: Node<'_>) {
        let mut cursor = element.walk();
        let parts: Vec<Node<'_>> = element.named_children(&mut cursor).collect();
        let Some(tag) = parts.iter().find(|part| part.kind() == "start_tag") else { return };
        let attributes = self.attributes(*tag);
        let get =
            |wanted: &str| attributes.iter().find(|attribute| attribute.name.eq_ignore_ascii_case(wanted)).map(|attribute| attribute.value);
        let kind = get("type").unwrap_or("").to_ascii_lowercase();
        let code =
            kind.is_empty() || kind == "module" || kind.contains("javascript") || kind.contains("ecmascript") || kind.contains("babel");
        let typed = get("lang").is_some_and(|lang| lang.starts_with("ts"));
        if let Some(text) = parts.iter().find(|part| part.kind() == "raw_text")
            && code
        {
            self.scripts.push((Span::new(text.start_byte() as u32, text.end_byte() as u32), typed));
        }
    }
}

/// What an attribute that holds a URL means, and the method of its request.
fn meaning(tag: &str, attribute: &str, rel: &str) -> Option<(Kind, &'static str)> {
    Some(match (tag, attribute) {
        ("a" | "area", "href") => (Kind::Link, "GET"),
        // Sent when the link is followed.
        ("a" | "area", "ping") => (Kind::Fetch, "POST"),
        ("link", "href") => match rel {
            _ if ["stylesheet", "icon", "manifest", "preload", "prefetch", "modulepreload", "import", "mask-icon", "apple-touch"]
                .iter()
                .any(|name| rel.contains(name)) =>
            {
                (Kind::Resource, "GET")
            }
            _ if ["alternate", "next", "prev", "search", "help", "license"].iter().any(|name| rel.contains(name)) => (Kind::Link, "GET"),
            _ => return None,
        },
        ("form", "action") | ("button" | "input", "formaction") => (Kind::Form, "GET"),
        ("script" | "img" | "iframe" | "frame" | "embed" | "audio" | "video" | "source" | "track" | "input", "src")
        | ("img" | "source", "srcset")
        | ("video", "poster")
        | ("object", "data")
        | ("body" | "table" | "td", "background")
        | ("image" | "use", "href" | "xlink:href") => (Kind::Resource, "GET"),
        _ => return None,
    })
}

/// A relative URL of a page with `<base href>`.
fn rebase(url: &mut Url, base: &Url) {
    if let Path::Relative(path) = &url.path {
        let folder = match &base.path {
            Path::Exact(base) => base.rsplit_once('/').map_or("", |(folder, _)| folder),
            _ => return,
        };
        *url = Url { path: Path::Exact(format!("{folder}/{}", path.trim_start_matches("./")).into()), ..base.clone() };
    } else if url.host == super::Host::Relative && matches!(base.host, super::Host::Named(_)) {
        *url = Url { path: url.path.clone(), ..base.clone() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str) -> Vec<String> {
        let context = Context::new(std::path::Path::new(name));
        let (found, _) = read(&context, text, &|_, _| None);
        found
            .iter()
            .map(|found| {
                format!("{:?} {} {} | {}", found.kind, found.method.as_deref().unwrap_or("?"), found.url, &text[found.span.range()])
            })
            .collect()
    }

    #[test]
    fn what_a_page_asks_for() {
        let text = r##"<!doctype html><link rel="stylesheet" href="/s.css"><link rel="canonical" href="/no"><meta http-equiv="refresh" content="5; url=/next">
<a href="/a?x=1&amp;y=2">a</a> <a href="#top">t</a> <a href="mailto:x@y">m</a> <!-- <a href="/no">x</a> -->
<form action="/f" method="post"><button formaction="/g">g</button></form><form action="/h"></form>
<img src="i.png" srcset="/i1.png 1x, /i2.png 2x"><script src="/app.js"></script><iframe src='/frame'></iframe>
<button onclick="fetch('/click', { method: 'POST' })" hx-get="/part">x</button><script type="application/json">{"a": "fetch('/no')"}</script>
<p>fetch('/no')</p><script>const B = '/api'; fetch(B + '/x')</script><script>fetch(`${B}/y`)</script>"##;
        assert_eq!(
            found("index.html", text),
            [
                "Resource GET /s.css | /s.css",
                "Link GET /next | /next",
                "Link GET /a | /a?x=1&amp;y=2",
                "Form POST /f | /f",
                "Form ? /g | /g",
                "Form GET /h | /h",
                "Resource GET ./i.png | i.png",
                "Resource GET /i1.png | /i1.png",
                "Resource GET /i2.png | /i2.png",
                "Resource GET /app.js | /app.js",
                "Resource GET /frame | /frame",
                "Fetch POST /click | '/click'",
                "Fetch GET /part | /part",
                "Fetch GET /api/x | B + '/x'",
                "Fetch GET /api/y | `${B}/y`",
            ]
        );
    }

    #[test]
    fn placeholders_of_templates_are_computed() {
        let text = "<a href=\"{{ url_for('x') }}\">a</a><a href=\"/users/{{ user.id }}/edit\">b</a><a href=\"<%= base %>/c/d\">c</a><a href=\"<?php echo $b ?>/e\">e</a>\n\
            <script>fetch('/v1/{{ id }}'); const q = {{ data|tojson }}; fetch(`/v2/${q}`)</script>";
        let expected = [
            "Link GET /users/… | /users/{{ user.id }}/edit",
            "Link GET ?…/c/d | <%= base %>/c/d",
            "Link GET ?…/e | <?php echo $b ?>/e",
            "Fetch GET /v1/… | '/v1/{{ id }}'",
            "Fetch GET /v2/… | `/v2/${q}`",
        ];
        assert_eq!(found("a.html", text), expected);
    }

    #[test]
    fn what_scripts_and_styles_take_from_a_page() {
        let text = "<div data-url=\"/d\" data-id=\"/no\" data-src='/s.png' x-init=\"x = await fetch('/x')\" @click=\"$http.post('/y')\"></div><style>a { background: url(/bg.png) }</style>";
        let expected = [
            "Fetch ? /d | /d",
            "Resource ? /s.png | /s.png",
            "Fetch GET /x | '/x'",
            "Fetch POST /y | '/y'",
            "Resource GET /bg.png | /bg.png",
        ];
        assert_eq!(found("a.html", text), expected);
    }

    #[test]
    fn what_nginx_and_browsers_ask_for_besides() {
        let text = "<!--# include virtual=\"/frag/x\" --><a href=/l ping=\"/p1 /p2\">a</a><div style=\"background: url(/bg.png)\"></div>";
        let expected = [
            "Ssi GET /frag/x | /frag/x",
            "Link GET /l | /l",
            "Fetch POST /p1 | /p1",
            "Fetch POST /p2 | /p2",
            "Resource GET /bg.png | /bg.png",
        ];
        assert_eq!(found("a.shtml", text), expected);
    }

    #[test]
    fn components_and_bases() {
        let vue = "<template><a :href=\"'/u/' + id\">{{ x }}</a><img :src=\"y ? '/a.png' : '/b.png'\"></template>\n<script lang=\"ts\">export default { methods: { load(): void { this.$http.get<X>('/v') } } }</script>";
        let expected = [
            "Link GET /u/… | '/u/' + id",
            "Resource GET /a.png | y ? '/a.png' : '/b.png'",
            "Resource GET /b.png | y ? '/a.png' : '/b.png'",
            "Fetch GET /v | '/v'",
        ];
        assert_eq!(found("A.vue", vue), expected);
        assert_eq!(found("A.svelte", "<a href=\"/s/{id}\">x</a><a href={url}>y</a>"), ["Link GET /s/… | /s/{id}"]);
        assert_eq!(
            found("b.html", "<base href=\"/app/\"><a href=\"x\">x</a><a href=\"/y\">y</a>"),
            ["Link GET /app/x | x", "Link GET /y | /y"]
        );
        let other = "<base href=\"https://h.example/app/\"><a href=\"x\">x</a><a href=\"/y\">y</a>";
        assert_eq!(found("b.html", other), ["Link GET https://h.example/app/x | x", "Link GET https://h.example/y | /y"]);
        assert_eq!(found("tests/p.html", "<a href=\"/y\">y</a>"), ["Test GET /y | /y"]);
    }
}
