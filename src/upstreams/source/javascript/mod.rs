//! JavaScript and TypeScript: Express, Fastify, NestJS, Koa, Hono, Next.js.
//!
//! A file is read in three steps: its scopes ([`source`]), what names are given ([`bindings`], [`expressions`]), and the calls that
//! register something ([`calls`] and a file a framework). Which framework a call is of is often not known in the file that has it
//! (`module.exports = (app) => app.get('/x', …)`), so paths are read alike for all.

mod apart;
mod bindings;
mod calls;
mod declarations;
mod expressions;
mod fastify;
mod handlers;
mod hono;
mod modules;
mod nest;
mod next;
mod objects;
mod packages;
mod paths;
mod source;

use std::path::Path;

use rustc_hash::{FxHashMap, FxHashSet};
use tree_sitter::Node;

use super::Language;
use super::facts::{Expr, Facts, Open, ScopeId, Why};
use crate::text::Span;
use source::Source;

/// JavaScript and TypeScript.
pub(super) const LANGUAGE: Language =
    Language { name: "JavaScript", wants, read, skim: None, module: modules::module, beside: None, folder: next::folder };

/// How many expressions are evaluated in one file.
const STEPS: usize = 300_000;

fn wants(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or("");
    let Some((stem, ending)) = name.rsplit_once('.') else { return false };
    let script = matches!(ending, "js" | "mjs" | "cjs" | "jsx" | "ts" | "mts" | "cts" | "tsx");
    script && ![".d", ".min", ".test", ".spec", ".stories"].iter().any(|kind| stem.ends_with(kind))
}

fn read(path: &Path, text: &str) -> Facts {
    let Some(tree) = source::parse(path, text) else {
        let open = vec![Open { why: Why::Unparsed, span: Span::at(0) }];
        return Facts { open, ..Facts::default() };
    };
    let mut reader = Reader::new(Source::new(text, tree.root_node()));
    reader.read();
    if next::is_config(path) {
        reader.next_config();
    }
    reader.finish(tree.root_node().has_error())
}

struct Reader<'a, 't> {
    source: Source<'a, 't>,
    facts: Facts,
    /// Which names are declared where.
    declared: FxHashSet<(ScopeId, &'a str)>,
    /// What variables are given where they are declared.
    variables: FxHashMap<(ScopeId, &'a str), Node<'t>>,
    /// The object literal in `module.exports = {…}`.
    exported: Option<ScopeId>,
    /// Names that stand for something of another module: the module, and the name there.
    imports: FxHashMap<(ScopeId, &'a str), (String, String)>,
    /// The types that parameters and variables are said to have.
    types: FxHashMap<(ScopeId, &'a str), &'a str>,
    /// Objects by the node that makes them.
    made: FxHashMap<usize, Expr>,
    /// What calls in chains give back, by their node.
    chains: FxHashMap<usize, Expr>,
    /// What functions are as handlers, by their node: `Some` for one that answers.
    answering: FxHashMap<usize, Option<usize>>,
    /// True when the file says what it is as a whole.
    has_default: bool,
    steps: usize,
    /// Whether calls are of a route with a path of its own, by their nodes.
    builders: FxHashMap<usize, bool>,
    /// What is read of the whole file when it is first asked for.
    uses: Option<Uses<'a, 't>>,
}

/// How names are used in a file.
#[derive(Default)]
struct Uses<'a, 't> {
    /// Names that stand elsewhere than before a dot or where they are declared.
    given: FxHashSet<&'a str>,
    /// The arguments of `x.prefix(…)`, by `x`.
    prefixes: FxHashMap<&'a str, Vec<Node<'t>>>,
}

impl<'a, 't> Reader<'a, 't> {
    fn new(source: Source<'a, 't>) -> Reader<'a, 't> {
        let facts = Facts { scopes: source.scopes.clone(), ..Facts::default() };
        Reader {
            source,
            facts,
            declared: FxHashSet::default(),
            variables: FxHashMap::default(),
            exported: None,
            imports: FxHashMap::default(),
            types: FxHashMap::default(),
            made: FxHashMap::default(),
            chains: FxHashMap::default(),
            answering: FxHashMap::default(),
            has_default: false,
            steps: STEPS,
            builders: FxHashMap::default(),
            uses: None,
        }
    }

    fn read(&mut self) {
        self.declare();
        for at in 0..self.source.nodes.len() {
            self.bind_node(at);
        }
        for at in 0..self.source.nodes.len() {
            self.register(at);
        }
    }

    fn finish(mut self, damaged: bool) -> Facts {
        if !self.has_default {
            // A module that names what it gives, or a script.
            self.bind(ScopeId::FILE, "default", Expr::Import(modules::SELF.into(), "*".into()));
        }
        let found = !(self.facts.routes.is_empty() && self.facts.mounts.is_empty() && self.facts.objects.is_empty());
        // What can't be parsed may have hidden what there is.
        let hints = [".get(", ".post(", ".use(", ".route(", ".register(", "@Controller", "@Get", "express", "fastify", "Router"];
        let matters = found || damaged && hints.iter().any(|hint| self.source.code.contains(hint));
        if self.steps == 0 || damaged && matters {
            self.facts.open.push(Open { why: Why::Unparsed, span: Span::at(0) });
        }
        self.facts
    }

    /// True when the file imports a module.
    /// How names are used in the file.
    fn names(&mut self) -> &Uses<'a, 't> {
        let source = &self.source;
        self.uses.get_or_insert_with(|| {
            let mut out = Uses::default();
            for node in source.nodes.iter().map(|place| place.node) {
                if node.kind() == "identifier" {
                    let around = source.parent(node).map_or("", |around| around.kind());
                    if !matches!(around, "member_expression" | "variable_declarator") {
                        out.given.insert(source.text(node));
                    }
                } else if node.kind() == "call_expression"
                    && let Some(function) = node.child_by_field_name("function")
                    && let Some(name) = source.text(function).strip_suffix(".prefix")
                    && let Some(path) = expressions::arguments(node).first()
                {
                    out.prefixes.entry(name).or_default().push(*path);
                }
            }
            out
        })
    }

    fn uses(&self, module: &str) -> bool {
        self.imports.values().any(|(known, _)| known == module)
    }

    fn open(&mut self, why: Why, span: Span) {
        self.facts.open.push(Open { why, span });
    }
}

#[cfg(test)]
mod tests;
