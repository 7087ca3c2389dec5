//! What expressions of a script can be, as texts.

use tree_sitter::Node;

use super::super::value::{self, Piece, Value, Values};
use super::super::{html, javascript};
use super::Reader;
use super::scope::{Binding, children, is_function};
use javascript::Export;

/// How deep an expression is followed.
const DEPTH: u32 = 24;

impl<'a, 't> Reader<'a, 't> {
    /// Everything that an expression can be.
    pub(super) fn value(&mut self, node: Node<'t>) -> Values {
        self.eval(node, DEPTH)
    }

    fn eval(&mut self, node: Node<'t>, depth: u32) -> Values {
        self.steps += 1;
        if depth == 0 || self.steps > super::STEPS {
            return vec![Value::gap()];
        }
        let values = match node.kind() {
            "string" => vec![html::value(&unescape(trim_quotes(self.source.text(node))))],
            "template_string" => self.template(node, depth),
            "number" => vec![Value::text(self.source.text(node))],
            "binary_expression" => self.binary(node, depth),
            "parenthesized_expression"
            | "as_expression"
            | "satisfies_expression"
            | "non_null_expression"
            | "await_expression"
            | "spread_element" => children(node).first().map_or_else(Values::new, |inner| self.eval(*inner, depth - 1)),
            "type_assertion" => children(node).last().map_or_else(Values::new, |inner| self.eval(*inner, depth - 1)),
            "sequence_expression" => children(node).last().map_or_else(Values::new, |last| self.eval(*last, depth - 1)),
            "assignment_expression" => node.child_by_field_name("right").map_or_else(Values::new, |right| self.eval(right, depth - 1)),
            "ternary_expression" => {
                let mut out = Values::new();
                for branch in ["consequence", "alternative"] {
                    if let Some(branch) = node.child_by_field_name(branch) {
                        value::add(&mut out, self.eval(branch, depth - 1));
                    }
                }
                out
            }
            "identifier" | "shorthand_property_identifier" => self.name(node, depth),
            "member_expression" | "subscript_expression" => self.member(node, depth),
            "call_expression" => self.call(node, depth),
            "new_expression" => self.constructed(node, depth),
            _ => Values::new(),
        };
        if values.is_empty() { vec![Value::gap()] } else { values }
    }

    fn template(&mut self, node: Node<'t>, depth: u32) -> Values {
        let mut out: Values = vec![Value::default()];
        let mut at = node.start_byte() + 1;
        let end = node.end_byte().saturating_sub(1);
        let push = |out: &mut Values, text: &str| {
            let text = html::value(&unescape(text));
            *out = value::joined(out, &[text]);
        };
        for part in children(node).into_iter().filter(|part| part.kind() == "template_substitution") {
            push(&mut out, self.source.code.get(at..part.start_byte()).unwrap_or(""));
            let inner = children(part).first().map_or_else(|| vec![Value::gap()], |inner| self.eval(*inner, depth - 1));
            out = value::joined(&out, &inner);
            at = part.end_byte();
        }
        push(&mut out, self.source.code.get(at..end).unwrap_or(""));
        out
    }

    fn binary(&mut self, node: Node<'t>, depth: u32) -> Values {
        let (Some(left), Some(right)) = (node.child_by_field_name("left"), node.child_by_field_name("right")) else { return Values::new() };
        let operator = node.child_by_field_name("operator").map(|operator| self.source.text(operator)).unwrap_or("");
        match operator {
            "+" => {
                let left = self.eval(left, depth - 1);
                let right = self.eval(right, depth - 1);
                value::joined(&left, &right)
            }
            // The default counts where nothing is known of the first.
            "||" | "??" => {
                let mut known: Values = self.eval(left, depth - 1).into_iter().filter(|value| !value.is_gap()).collect();
                if known.is_empty() || known.iter().any(|value| value.function().is_some() || value.0.is_empty()) {
                    known.retain(|value| !value.0.is_empty());
                    value::add(&mut known, self.eval(right, depth - 1));
                }
                known
            }
            "&&" => self.eval(right, depth - 1),
            _ => Values::new(),
        }
    }

    fn name(&mut self, node: Node<'t>, depth: u32) -> Values {
        let name = self.source.text(node);
        // A property of its own name (`{ url }`) is looked up as the name that it is.
        let bindings = self.source.resolve(name, node.start_byte() as u32);
        let mut out = Values::new();
        for binding in bindings {
            let more = match binding {
                // `x = x || 'y'`
                Binding::Value(value) if value.id() != node.id() => self.eval(value, depth - 1),
                Binding::More(value) => {
                    let more = self.eval(value, depth - 1);
                    value::joined(&out, &more)
                }
                Binding::Field(object, key) => self.property_of(object, key, depth - 1),
                Binding::Item(list) => self.items(list, depth - 1),
                Binding::Argument(function, position, key) => self.argument(function, position, key, depth),
                Binding::Import(module, name) => match (self.imports)(module, name) {
                    Some(Export::Text(values)) => values,
                    _ => vec![Value::gap()],
                },
                _ => vec![Value::gap()],
            };
            value::add(&mut out, more);
        }
        out
    }

    /// An argument of a function around the expression.
    pub(super) fn argument(&mut self, function: usize, position: usize, key: Option<&str>, depth: u32) -> Values {
        let each = self.source.functions.get(function).and_then(|function| function.each);
        if let Some(list) = each
            && position == 0
        {
            return match key {
                None => self.items(list, depth.saturating_sub(1)),
                Some(key) => {
                    let items = self.list(list, depth.saturating_sub(1));
                    let mut out = Values::new();
                    for item in items {
                        value::add(&mut out, self.property_of(item, key, depth.saturating_sub(1)));
                    }
                    out
                }
            };
        }
        vec![Value(vec![self.parameter(function, position, key)])]
    }

    /// The number of an argument, or of a property of it.
    pub(super) fn parameter(&mut self, function: usize, position: usize, key: Option<&str>) -> Piece {
        let Some(of) = self.source.functions.get_mut(function) else { return Piece::Gap };
        let wanted = (position, key.map(str::to_owned));
        let index = of.arguments.iter().position(|known| *known == wanted).unwrap_or_else(|| {
            of.arguments.push(wanted);
            of.arguments.len() - 1
        });
        Piece::Param(function, index)
    }

    /// The items of a list that is written out.
    fn list(&self, node: Node<'t>, depth: u32) -> Vec<Node<'t>> {
        if depth == 0 {
            return Vec::new();
        }
        match node.kind() {
            "array" => children(node).into_iter().take(64).collect(),
            "as_expression" | "satisfies_expression" | "parenthesized_expression" => {
                children(node).first().map_or_else(Vec::new, |inner| self.list(*inner, depth - 1))
            }
            "identifier" => match self.source.resolve(self.source.text(node), node.start_byte() as u32).as_slice() {
                [Binding::Value(value)] => self.list(*value, depth - 1),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    pub(super) fn items(&mut self, list: Node<'t>, depth: u32) -> Values {
        let mut out = Values::new();
        for item in self.list(list, depth) {
            value::add(&mut out, self.eval(item, depth.saturating_sub(1)));
        }
        if out.is_empty() { vec![Value::gap()] } else { out }
    }

    /// The object that an expression is, when it is written out in the script.
    pub(super) fn object(&self, node: Node<'t>, depth: u32) -> Option<Node<'t>> {
        if depth == 0 {
            return None;
        }
        match node.kind() {
            "object" => Some(node),
            "as_expression" | "satisfies_expression" | "parenthesized_expression" | "non_null_expression" => {
                self.object(children(node).first().copied()?, depth - 1)
            }
            "identifier" | "shorthand_property_identifier" => {
                match self.source.resolve(self.source.text(node), node.start_byte() as u32).as_slice() {
                    [Binding::Value(value)] if value.id() != node.id() => self.object(*value, depth - 1),
                    [Binding::Field(object, key)] => {
                        let object = self.object(*object, depth - 1)?;
                        self.object(self.source.property(object, key)?, depth - 1)
                    }
                    _ => None,
                }
            }
            "member_expression" => {
                let key = self.source.text(node.child_by_field_name("property")?);
                let object = node.child_by_field_name("object")?;
                if object.kind() == "this" {
                    return match self.source.fields.get(key).map(Vec::as_slice) {
                        Some([value]) => self.object(*value, depth - 1),
                        _ => None,
                    };
                }
                let object = self.object(object, depth - 1)?;
                self.object(self.source.property(object, key)?, depth - 1)
            }
            // `Object.freeze({ … })`
            "call_expression" if self.source.text(node.child_by_field_name("function")?).starts_with("Object.") => {
                self.object(self.source.arguments(node).first().copied()?, depth - 1)
            }
            _ => None,
        }
    }

    fn property_of(&mut self, object: Node<'t>, key: &str, depth: u32) -> Values {
        let Some(object) = self.object(object, depth) else { return vec![Value::gap()] };
        match self.source.property(object, key) {
            Some(value) if !is_function(value.kind()) => self.eval(value, depth.saturating_sub(1)),
            _ => vec![Value::gap()],
        }
    }

    fn member(&mut self, node: Node<'t>, depth: u32) -> Values {
        let Some(object) = node.child_by_field_name("object") else { return Values::new() };
        let key = match (node.child_by_field_name("property"), node.child_by_field_name("index")) {
            (Some(property), _) => self.source.text(property),
            (_, Some(index)) => match self.source.plain(index) {
                Some(key) => key,
                // `URLS[name]`: one of them.
                None => {
                    let mut out = Values::new();
                    if let Some(object) = self.object(object, depth) {
                        for pair in children(object).into_iter().filter(|pair| pair.kind() == "pair") {
                            if let Some(value) = pair.child_by_field_name("value") {
                                value::add(&mut out, self.eval(value, depth - 1));
                            }
                        }
                    }
                    return out;
                }
            },
            _ => return Values::new(),
        };
        let named = self.source.text(object);
        if matches!(named, "location" | "window.location" | "document.location" | "self.location" | "globalThis.location") {
            return vec![match key {
                "origin" | "host" | "hostname" => Value(vec![Piece::Origin]),
                "protocol" => Value::text("http:"),
                _ => Value::gap(),
            }];
        }
        if matches!(named, "window" | "globalThis" | "self") {
            let mut out = Values::new();
            for binding in self.source.resolve(key, 0) {
                if let Binding::Value(value) = binding {
                    value::add(&mut out, self.eval(value, depth - 1));
                }
            }
            return out;
        }
        if object.kind() == "this" {
            let values: Vec<Node<'t>> = self.source.fields.get(key).cloned().unwrap_or_default();
            let mut out = Values::new();
            for value in values {
                value::add(&mut out, self.eval(value, depth - 1));
            }
            // In an object, `this.base` is the object's own.
            if out.is_empty()
                && let Some(around) = self.source.this(node)
                && let Some(around) = self.source.nodes.iter().find(|one| one.id() == around).copied()
                && let Some(value) = self.source.property(around, key)
            {
                out = self.eval(value, depth - 1);
            }
            return out;
        }
        if object.kind() == "identifier" {
            match self.source.resolve(named, object.start_byte() as u32).as_slice() {
                [Binding::Argument(function, position, None)] => return self.argument(*function, *position, Some(key), depth),
                [Binding::Import(module, name)] => {
                    let found = if *name == "*" {
                        (self.imports)(module, key)
                    } else {
                        (self.imports)(module, name).and_then(|export| export.member(key))
                    };
                    return match found {
                        Some(Export::Text(values)) => values,
                        _ => vec![Value::gap()],
                    };
                }
                _ => {}
            }
        }
        // `new URL(…).href`
        if matches!(key, "href" | "value") && self.object(object, depth).is_none() {
            return self.eval(object, depth - 1);
        }
        self.property_of(object, key, depth)
    }

    fn call(&mut self, node: Node<'t>, depth: u32) -> Values {
        let Some(callee) = node.child_by_field_name("function") else { return Values::new() };
        let arguments = self.source.arguments(node);
        if let (Some(object), Some(property)) = (callee.child_by_field_name("object"), callee.child_by_field_name("property")) {
            match self.source.text(property) {
                "toString" | "trim" | "valueOf" | "toLowerCase" | "normalize" => return self.eval(object, depth - 1),
                "concat" => {
                    let mut out = self.eval(object, depth - 1);
                    for argument in arguments {
                        let more = self.eval(argument, depth - 1);
                        out = value::joined(&out, &more);
                    }
                    return out;
                }
                "join" => {
                    let items = self.list(object, depth);
                    let between = arguments.first().and_then(|between| self.source.plain(*between)).unwrap_or(",").to_owned();
                    let mut out: Values = vec![Value::default()];
                    for (at, item) in items.iter().enumerate() {
                        if at > 0 {
                            out = value::joined(&out, &[Value::text(&between)]);
                        }
                        let more = self.eval(*item, depth - 1);
                        out = value::joined(&out, &more);
                    }
                    return if items.is_empty() { Values::new() } else { out };
                }
                // `URL.replace(':id', id)`, `url.replace(/\/$/, '')`
                "replace" | "replaceAll" => {
                    let from = arguments.first().and_then(|from| self.source.plain(*from)).map(str::to_owned);
                    let values = self.eval(object, depth - 1);
                    return match from {
                        Some(from) if !from.is_empty() => values.into_iter().map(|value| with_gap(value, &from)).collect(),
                        _ if arguments.first().is_some_and(|from| self.source.text(*from).contains("$/")) => values,
                        _ => Values::new(),
                    };
                }
                _ => {}
            }
        }
        if matches!(self.source.text(callee), "String" | "encodeURI" | "decodeURI") {
            return arguments.first().map_or_else(Values::new, |inner| self.eval(*inner, depth - 1));
        }
        if let Some(Export::Function { arguments: wanted, returns, .. }) = self.imported(callee) {
            return self.fill_imported(&returns, &wanted, &arguments, depth - 1);
        }
        // A function of the script that makes a URL.
        let Some(function) = self.callee(callee) else { return Values::new() };
        let returned = self.returned(function, depth - 1);
        let mut out = Values::new();
        for value in returned {
            value::add(&mut out, self.fill(&value, function, &arguments, depth - 1));
        }
        out
    }

    /// What a function of the script returns, its arguments left open.
    pub(super) fn returned(&mut self, function: usize, depth: u32) -> Values {
        let Some(node) = self.source.functions.get(function).map(|function| function.node) else { return Values::new() };
        let Some(body) = node.child_by_field_name("body") else { return Values::new() };
        if body.kind() != "statement_block" {
            return self.eval(body, depth);
        }
        let mut returns = Vec::new();
        let mut pending = vec![body];
        while let Some(one) = pending.pop() {
            if one.kind() == "return_statement" {
                returns.extend(children(one).first().copied());
            } else if one.id() == body.id() || !is_function(one.kind()) {
                pending.extend(children(one));
            }
            if returns.len() > 4 {
                return Values::new();
            }
        }
        let mut out = Values::new();
        for value in returns {
            value::add(&mut out, self.eval(value, depth));
        }
        out
    }

    /// A text of a function with the arguments of a call put in.
    pub(super) fn fill(&mut self, value: &Value, function: usize, arguments: &[Node<'t>], depth: u32) -> Values {
        let mut out: Values = vec![Value::default()];
        for piece in &value.0 {
            let made = match piece {
                Piece::Param(of, index) if *of == function => self.given(function, *index, arguments, depth),
                piece => vec![Value(vec![piece.clone()])],
            };
            out = value::joined(&out, &made);
        }
        out
    }

    /// What a call gives one of the arguments that a function uses.
    fn given(&mut self, function: usize, index: usize, arguments: &[Node<'t>], depth: u32) -> Values {
        let Some(of) = self.source.functions.get(function) else { return vec![Value::gap()] };
        let Some((position, key)) = of.arguments.get(index).cloned() else { return vec![Value::gap()] };
        let default = of.defaults.iter().find(|(at, name, _)| *at == position && *name == key.as_deref()).map(|(.., default)| *default);
        let value = self.argument_of(arguments, position, key.as_deref(), depth);
        match (value, default) {
            (Some(values), _) => values,
            (None, Some(default)) => self.eval(default, depth.saturating_sub(1)),
            (None, None) => vec![Value::gap()],
        }
    }

    /// An argument of a call, or a property of it; `None` when it is not given.
    fn argument_of(&mut self, arguments: &[Node<'t>], position: usize, key: Option<&str>, depth: u32) -> Option<Values> {
        let argument = arguments.get(position).copied()?;
        let Some(key) = key else { return Some(self.eval(argument, depth.saturating_sub(1))) };
        match self.object(argument, depth) {
            Some(object) => match self.source.property(object, key) {
                Some(value) => Some(self.eval(value, depth.saturating_sub(1))),
                None if children(object).iter().any(|part| part.kind() == "spread_element") => Some(vec![Value::gap()]),
                None => None,
            },
            // The argument of an outer function is handed on.
            None if argument.kind() == "identifier" => {
                match self.source.resolve(self.source.text(argument), argument.start_byte() as u32).as_slice() {
                    [Binding::Argument(function, position, None)] => Some(self.argument(*function, *position, Some(key), depth)),
                    _ => Some(vec![Value::gap()]),
                }
            }
            None => Some(vec![Value::gap()]),
        }
    }

    /// The same for a function of another module.
    pub(super) fn fill_imported(
        &mut self,
        values: &[Value],
        wanted: &[javascript::Argument],
        arguments: &[Node<'t>],
        depth: u32,
    ) -> Values {
        let mut all = Values::new();
        for value in values {
            let mut out: Values = vec![Value::default()];
            for piece in &value.0 {
                let made = match piece {
                    Piece::Param(_, index) => match wanted.get(*index) {
                        Some(argument) => self
                            .argument_of(arguments, argument.position, argument.key.as_deref(), depth)
                            .or_else(|| argument.default.clone())
                            .unwrap_or_else(|| vec![Value::gap()]),
                        None => vec![Value::gap()],
                    },
                    piece => vec![Value(vec![piece.clone()])],
                };
                out = value::joined(&out, &made);
            }
            value::add(&mut all, out);
        }
        all
    }

    /// `new URL('x', base)`, `new Request(url)`
    fn constructed(&mut self, node: Node<'t>, depth: u32) -> Values {
        let name = node.child_by_field_name("constructor").map(|name| self.source.text(name)).unwrap_or("");
        let arguments = self.source.arguments(node);
        match (name, arguments.as_slice()) {
            ("URL", [url, base]) => {
                let urls = self.eval(*url, depth - 1);
                // Relative to the page, as every URL in it.
                if [
                    "location",
                    "location.href",
                    "window.location",
                    "window.location.href",
                    "document.location.href",
                    "document.baseURI",
                    "self.location.href",
                ]
                .contains(&self.source.text(*base))
                {
                    return urls;
                }
                // Next to the module: a file for the bundler.
                if self.source.text(*base).contains("import.meta") {
                    return Values::new();
                }
                let bases = self.eval(*base, depth - 1);
                let mut out = Values::new();
                for url in &urls {
                    for base in &bases {
                        value::add(&mut out, vec![value::against(url, base)]);
                    }
                }
                out
            }
            ("URL" | "Request" | "String", [url, ..]) => self.eval(*url, depth - 1),
            _ => Values::new(),
        }
    }
}

/// A placeholder in a text becomes a gap.
fn with_gap(value: Value, placeholder: &str) -> Value {
    let mut out = Value::default();
    let mut done = false;
    for piece in value.0 {
        match piece {
            Piece::Text(text) if !done => match text.split_once(placeholder) {
                Some((before, after)) => {
                    out.push(Piece::Text(before.to_owned()));
                    out.push(Piece::Gap);
                    out.push(Piece::Text(after.to_owned()));
                    done = true;
                }
                None => out.push(Piece::Text(text)),
            },
            piece => out.push(piece),
        }
    }
    out
}

fn trim_quotes(text: &str) -> &str {
    text.get(1..text.len().saturating_sub(1)).unwrap_or("")
}

/// Escapes that occur in URLs.
fn unescape(text: &str) -> String {
    if !text.contains('\\') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('x') => {
                let code: String = chars.by_ref().take(2).collect();
                out.extend(u32::from_str_radix(&code, 16).ok().and_then(char::from_u32));
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}
