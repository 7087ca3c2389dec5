//! Functions that get a request: those that answer it, and those that only refuse it or hand it on.

use rustc_hash::FxHashSet;
use tree_sitter::Node;

use super::super::facts::{Expr, ObjectKind};
use super::super::syntax::children;
use super::Reader;
use super::bindings::{parameters, parts};
use super::source::{is_function, plain};

/// What answers, as methods of a response.
const ANSWERS: &[&str] = &[
    "attachment",
    "body",
    "download",
    "end",
    "file",
    "format",
    "html",
    "json",
    "jsonp",
    "newResponse",
    "notFound",
    "pipe",
    "redirect",
    "render",
    "render2",
    "renderFile",
    "respond",
    "send",
    "sendFile",
    "sendStatus",
    "sendfile",
    "stream",
    "streamText",
    "text",
    "view",
    "write",
];

/// Names of status codes that refuse.
const REFUSALS: &[&str] = &[
    "NOT_FOUND",
    "UNAUTHORIZED",
    "FORBIDDEN",
    "BAD_REQUEST",
    "TOO_MANY",
    "INTERNAL",
    "UNAVAILABLE",
    "NOT_ALLOWED",
    "UNPROCESSABLE",
    "CONFLICT",
    "NotFound",
    "Unauthorized",
    "Forbidden",
    "BadRequest",
    "TooMany",
    "Internal",
];

/// How deep functions in functions are looked at; deeper ones are believed to answer.
const DEPTH: usize = 24;

impl<'a, 't> Reader<'a, 't> {
    /// A function. One that answers requests is something that can be put on a path, too: everything below it is served then.
    pub(super) fn function_value(&mut self, function: Node<'t>) -> Expr {
        let Some(scope) = self.source.made_by(function) else { return Expr::Unknown };
        let known = match self.answering.get(&function.id()) {
            Some(known) => *known,
            None => {
                let known = self.answers(function).then(|| {
                    // By its body, since what it stands for may be asked for by the function itself.
                    let at = function.child_by_field_name("body").unwrap_or(function);
                    match self.anything(at, &["*".to_owned()]) {
                        Expr::Object(index) => index,
                        _ => usize::MAX,
                    }
                });
                self.answering.insert(function.id(), known);
                known
            }
        };
        match known {
            Some(index) if self.facts.objects.get(index).is_some_and(|object| object.kind == ObjectKind::Router) => {
                Expr::Any(vec![Expr::Scope(scope), Expr::Object(index)])
            }
            _ => Expr::Scope(scope),
        }
    }

    /// True for a hook that may change an answer that was made: it gives it another status, or is not written here.
    pub(super) fn changes_answers(&self, hook: Node<'t>) -> bool {
        const CHANGES: [&str; 7] = [".code(2", ".code(3", ".status(2", ".status(3", "redirect", "statusCode = 2", "statusCode=2"];
        let hook = plain(hook);
        !is_function(hook.kind()) || CHANGES.iter().any(|word| self.source.text(hook).contains(word))
    }

    /// True for a handler of errors that sends a file or sends elsewhere, without a status that refuses.
    fn serves_page(&self, body: Node<'t>, response: &str) -> bool {
        self.source.within(body).filter(|node| node.kind() == "call_expression").any(|call| {
            let function = call.child_by_field_name("function").map_or("", |function| self.source.text(function));
            let method = function.rsplit('.').next().unwrap_or("");
            let pages = matches!(method, "sendFile" | "sendfile" | "redirect" | "download");
            pages && function.starts_with(response) && !self.refuses(call) && !self.excused(call, response)
        })
    }

    /// Whether a function, called with a request, may answer it as if something was found.
    fn answers(&self, function: Node<'t>) -> bool {
        let parameters = parameters(function);
        let names: Vec<&str> = parameters.iter().map(|parameter| self.source.text(parts(*parameter).0)).collect();
        let Some(body) = function.child_by_field_name("body") else { return false };
        if self.source.around(function).filter(|around| is_function(around.kind())).take(DEPTH).count() == DEPTH {
            return true;
        }
        match names.as_slice() {
            // `(error, request, response, next)` is asked only after an error; that may be that nothing was found.
            [_, _, response, _] => self.serves_page(body, response),
            // `function () { arguments[1].send('x') }`
            [] if self.source.within(body).any(|node| node.kind() == "identifier" && self.source.text(node) == "arguments") => true,
            // What a handler of Fastify gives back is the answer.
            [request] | [request, _] if is_request(request) && self.gives_back(function, body) => true,
            [request, response, ..] if is_response(response) || is_request(request) => {
                let both: FxHashSet<&str> = [*request, *response].into_iter().collect();
                self.may_answer(body, &both, response, false)
            }
            [_, response] | [_, response, _] if self.is_used_as_response(body, response) => {
                self.may_answer(body, &[*response].into_iter().collect(), response, false)
            }
            [context, ..] if is_context(context) => self.may_answer(body, &[*context].into_iter().collect(), context, true),
            // `({ request, response })`
            [context, ..] if context.starts_with('{') && (context.contains("response") || context.contains("request")) => true,
            [] | [_] => self.makes_response(function, body),
            _ => false,
        }
    }

    fn is_used_as_response(&self, body: Node<'t>, name: &str) -> bool {
        self.source.within(body).any(|node| {
            node.kind() == "member_expression"
                && node.child_by_field_name("object").is_some_and(|object| self.source.text(object) == name)
                && node.child_by_field_name("property").is_some_and(|property| {
                    matches!(
                        self.source.text(property),
                        "status" | "sendFile" | "sendStatus" | "json" | "end" | "render" | "redirect" | "writeHead"
                    )
                })
        })
    }

    /// `() => new Response('…')`, without a status that refuses.
    fn makes_response(&self, function: Node<'t>, body: Node<'t>) -> bool {
        self.source.within(body).any(|node| {
            let makes = node.kind() == "new_expression"
                && node.child_by_field_name("constructor").is_some_and(|class| self.source.text(class) == "Response");
            makes && self.source.around(node).find(|around| is_function(around.kind())) == Some(function) && !self.refuses(node)
        })
    }

    /// Whether a function gives back something that may be an answer.
    fn gives_back(&self, function: Node<'t>, body: Node<'t>) -> bool {
        let value = |node: Node<'t>| {
            let node = plain(node);
            let text = self.source.text(node);
            !matches!(node.kind(), "undefined" | "null" | "true" | "false" | "this" | "assignment_expression")
                && !["next", "done", "res", "reply", "response", "rep"]
                    .iter()
                    .any(|name| text.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '('])))
        };
        if body.kind() != "statement_block" {
            return value(body);
        }
        self.source.within(body).any(|node| {
            node.kind() == "return_statement"
                && self.source.around(node).find(|around| is_function(around.kind())) == Some(function)
                && children(node).first().is_some_and(|returned| value(*returned))
        })
    }

    fn may_answer(&self, body: Node<'t>, names: &FxHashSet<&str>, response: &str, context: bool) -> bool {
        // `(req, res) => send(res)`, `(c) => c.json(…)`: what is returned answers by itself in Hono.
        self.source.within(body).any(|node| match node.kind() {
            "call_expression" => self.call_may_answer(node, names, response, context),
            "assignment_expression" | "augmented_assignment_expression" => {
                let Some(left) = node.child_by_field_name("left") else { return false };
                let left = self.source.text(left);
                let path = |name: &&str| {
                    left.strip_prefix(*name).is_some_and(|rest| matches!(rest, ".url" | ".originalUrl" | ".path" | ".baseUrl"))
                };
                let body = context && left.strip_prefix(response).is_some_and(|rest| matches!(rest, ".body" | ".response.body"));
                // What was not found is said to be there.
                let found = left.strip_prefix(response).is_some_and(|rest| matches!(rest, ".status" | ".statusCode" | ".response.status"))
                    && node.child_by_field_name("right").is_some_and(|status| status.kind() == "number" && !self.is_refusal(status));
                found || context && left == format!("{response}.res") || (names.iter().any(path) || body) && !self.excused(node, response)
            }
            "new_expression" => {
                let class = node.child_by_field_name("constructor").map(|class| self.source.text(class));
                context && class == Some("Response") && !self.refuses(node)
            }
            _ => false,
        })
    }

    fn call_may_answer(&self, call: Node<'t>, names: &FxHashSet<&str>, response: &str, context: bool) -> bool {
        let Some(function) = call.child_by_field_name("function").map(plain) else { return false };
        let arguments = super::expressions::arguments(call);
        let method = function.child_by_field_name("property").map_or("", |property| self.source.text(property));
        // A response that is handed to something else.
        let handed = arguments.iter().any(|argument| names.contains(self.source.text(*argument)));
        if handed {
            let next = self.source.text(function) == "next";
            let harmless =
                self.origin(function).is_some_and(|(module, _)| super::packages::role(&module) == Some(super::packages::Role::Harmless))
                    || function.kind() == "call_expression"
                        && function
                            .child_by_field_name("function")
                            .and_then(|inner| self.origin(inner))
                            .is_some_and(|(module, _)| super::packages::role(&module) == Some(super::packages::Role::Harmless));
            let logs = matches!(self.source.text(function).split('.').next(), Some("console" | "logger" | "log"));
            let only_request = !arguments.iter().any(|argument| self.source.text(*argument) == response) && !context;
            return !(next || harmless || logs || only_request || self.excused(call, response));
        }
        let mut start = function;
        // The object at the begin of a chain: `res.status(200).json(…)`.
        loop {
            start = match start.kind() {
                "member_expression" => match start.child_by_field_name("object") {
                    Some(object) => plain(object),
                    None => break,
                },
                "call_expression" => match start.child_by_field_name("function") {
                    Some(inner) => plain(inner),
                    None => break,
                },
                _ => break,
            };
        }
        let mine =
            self.source.text(start) == response || start.kind() == "this" && ANSWERS.contains(&method) && method.starts_with("render");
        mine && ANSWERS.contains(&method)
            && !self.source.text(function).contains(".req.")
            && !self.refuses(call)
            && !self.excused(call, response)
    }

    /// True for an answer with a status that is written in the same call: `res.status(404).json(…)`, `c.json(…, 401)`.
    pub(super) fn refuses(&self, node: Node<'t>) -> bool {
        self.source.within(node).any(|inner| match inner.kind() {
            "call_expression" => {
                let method = inner.child_by_field_name("function").and_then(|function| function.child_by_field_name("property"));
                let method = method.map_or("", |method| self.source.text(method));
                let arguments = super::expressions::arguments(inner);
                match method {
                    "status" | "code" | "sendStatus" | "writeHead" => arguments.first().is_some_and(|status| self.is_refusal(*status)),
                    "json" | "text" | "html" | "body" | "newResponse" => arguments.get(1).is_some_and(|status| self.is_refusal(*status)),
                    "notFound" => true,
                    _ => false,
                }
            }
            // `new Response('…', { status: 404 })`
            "pair" => {
                inner.child_by_field_name("key").is_some_and(|key| self.source.text(key) == "status")
                    && inner.child_by_field_name("value").is_some_and(|status| self.is_refusal(status))
                    && self.source.around(inner).nth(2) == Some(node)
            }
            _ => false,
        })
    }

    pub(super) fn is_refusal(&self, status: Node<'t>) -> bool {
        let text = self.source.text(plain(status));
        match text.parse::<u32>() {
            Ok(status) => (400..600).contains(&status),
            Err(_) => status.kind() == "member_expression" && REFUSALS.iter().any(|name| text.contains(name)),
        }
    }

    /// An answer that is none to a request that finds nothing: after an error, to a question for what is allowed, behind a status that
    /// refuses.
    fn excused(&self, node: Node<'t>, response: &str) -> bool {
        let mut inner = node;
        for around in self.source.around(node) {
            match around.kind() {
                "catch_clause" => return true,
                "if_statement" => {
                    let condition = around.child_by_field_name("condition").map_or("", |condition| self.source.text(condition));
                    let then = around.child_by_field_name("consequence").is_some_and(|then| then.id() == inner.id());
                    if then
                        && (condition.contains("'OPTIONS'") || condition.contains("\"OPTIONS\""))
                        && !condition.contains('!')
                        && !condition.contains("||")
                    {
                        return true;
                    }
                }
                "statement_block" => {
                    let before = children(around).into_iter().take_while(|child| child.id() != inner.id());
                    let refused = before.filter(|child| child.kind() == "expression_statement").any(|statement| {
                        children(statement).first().is_some_and(|first| match first.kind() {
                            "assignment_expression" => {
                                let left = first.child_by_field_name("left").map_or("", |left| self.source.text(left));
                                let status = left
                                    .strip_prefix(response)
                                    .is_some_and(|rest| matches!(rest, ".status" | ".statusCode" | ".response.status"));
                                status && first.child_by_field_name("right").is_some_and(|status| self.is_refusal(status))
                            }
                            "call_expression" => {
                                let own = self.source.text(*first).strip_prefix(response).is_some_and(|rest| rest.starts_with('.'));
                                own && self.refuses(*first)
                            }
                            _ => false,
                        })
                    });
                    if refused {
                        return true;
                    }
                }
                _ if is_function(around.kind()) => return false,
                _ => {}
            }
            inner = around;
        }
        false
    }
}

fn is_response(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    name.starts_with("res") && !name.starts_with("resource") || name.starts_with("rep") && !name.starts_with("repo")
}

fn is_request(name: &str) -> bool {
    let name = name.trim_start_matches('_').to_ascii_lowercase();
    name == "req" || name == "request"
}

fn is_context(name: &str) -> bool {
    matches!(name, "c" | "ctx" | "context" | "koaCtx" | "_c" | "_ctx")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn those_that_answer() {
        for (code, answers) in [
            ("(req, res) => res.status(404).json({})", false),
            ("(req, res) => res.sendStatus(404)", false),
            ("(req, res) => res.sendFile('index.html')", true),
            ("(req, res, next) => { if (!req.user) return res.status(401).end(); next(); }", false),
            ("(req, res, next) => { if (req.method === 'OPTIONS') return res.sendStatus(200); next(); }", false),
            ("(req, res, next) => { if (req.path === '/health') return res.send('ok'); next(); }", true),
            ("(req, res, next) => { req.id = 7; next(); }", false),
            ("(req, res, next) => { req.url = '/x'; next(); }", true),
            ("(req, res) => handle(req, res)", true),
            ("(err, req, res, next) => { res.json({}) }", false),
            ("(req, res) => { res.status(404); res.json({}) }", false),
            ("(req, res) => { res.status(StatusCodes.NOT_FOUND).json({}) }", false),
            ("(req, res) => { res.writeHead(404); res.end() }", false),
            ("async (ctx, next) => { try { await next() } catch (e) { ctx.body = 'x' } }", false),
            ("async (ctx) => { ctx.body = 'x' }", true),
            ("async (ctx) => { ctx.status = 404; ctx.body = 'x' }", false),
            ("async (ctx, next) => { ctx.set('a', 'b'); await next() }", false),
            ("(c) => c.text('no', 404)", false),
            ("(c) => c.json({})", true),
            ("() => new Response('x', { status: 404 })", false),
            ("() => new Response('x')", true),
            ("(app, db) => db.send('x')", false),
            ("(request, reply) => reply.code(404).send({})", false),
        ] {
            let facts = super::super::read(Path::new("a.js"), &format!("const handler = {code};"));
            assert_eq!(!facts.routes.is_empty(), answers, "{code}");
        }
    }
}
