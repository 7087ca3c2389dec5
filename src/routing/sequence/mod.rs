//! What is certain about the directives that a server or location runs one after the other: `set`, `if`, `rewrite`, `return`, `break`.
//!
//! nginx makes one array of code of each server and each location, with the bodies of `if` in it (`ngx_http_rewrite_handler`,
//! `ngx_http_script.c`). [`Sequences::of`] follows that array for all requests at once: with the URIs that can get there and the few
//! texts that variables can have. What it says holds for every request; where it can't tell, a condition may hold and may not.

mod answers;
pub mod condition;
mod known;
mod uris;
mod values;
mod walk;

pub use answers::{Answered, answered_servers, answers_everything};
pub use values::Values;
pub(crate) use walk::names;

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::config::{Config, EntryId, Same, Unchanged};
use uris::{Fuel, Uris};
use values::{Everywhere, Variables};

/// What is certain about one block's sequence.
#[derive(Debug, Default)]
pub struct Sequence {
    /// Behind this directive nothing of the sequence runs, whatever the request.
    pub end: Option<EntryId>,
    /// How the sequence can be left.
    pub exits: Vec<Exit>,
    /// Directives that never run. What is inside a dead `if` is not listed.
    pub dead: Vec<Dead>,
    /// Conditions of which the answer is always the same.
    pub constants: Vec<Constant>,
    /// `rewrite`s of which the regex matches no URI that gets there.
    pub unmatched: Vec<EntryId>,
    /// `if`s that can be true and behind which the sequence goes on, or is left by a `break`: in a location the settings are those of
    /// the last one that was true.
    pub branches: Vec<Branch>,
    /// Questions about automata that it took.
    questions: u32,
}

/// An `if` that can be true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Branch {
    /// The `if`.
    pub entry: EntryId,
    /// When it is true, no directive of the sequence runs behind it.
    pub ends: bool,
    /// What becomes of the requests for which it is true.
    pub then: Then,
}

/// What becomes, by what runs behind it, of the requests for which an `if` is true.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The block goes on with them.
    Stay,
    /// With some of them, perhaps.
    MayStay,
    /// Each is answered, or looked up again.
    Leave,
    /// Not asked: only in a block with `try_files`, and no more of them than [`FOLLOWED`].
    Open,
}

/// How many `if`s of one block are followed each by itself: what stands behind it is gone through once more for each.
pub const FOLLOWED: usize = 16;

/// A way out of a sequence.
#[derive(Debug, Clone)]
pub struct Exit {
    /// The directive; `None` at the sequence's end.
    pub by: Option<EntryId>,
    /// What happens then.
    pub kind: ExitKind,
    /// The URI was changed without a new search: it need not begin with the location's name any more (`r->valid_location` is 0).
    pub rewritten: bool,
    uris: Arc<Uris>,
}

impl ExitKind {
    /// May the block go on with the request?
    fn stays(self) -> bool {
        matches!(self, ExitKind::Stay | ExitKind::Unknown)
    }
}

impl Exit {
    /// The URI with which every request leaves here, when it is only one.
    pub fn uri(&self) -> Option<&[u8]> {
        self.uris.only()
    }

    /// What the URIs begin with, as far as that is known.
    pub fn uri_start(&self) -> &[u8] {
        self.uris.start()
    }
}

/// What happens behind a sequence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitKind {
    /// `return`, or a `rewrite` that redirects the client: the request is answered.
    Answer,
    /// A `rewrite` changed the URI: a location's request is looked up again.
    Search,
    /// The block goes on with the request.
    Stay,
    /// Something that is not seen may do anything.
    Unknown,
}

/// A directive that never runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dead {
    /// The directive.
    pub entry: EntryId,
    /// The one before it that ends the sequence.
    pub by: EntryId,
}

/// A condition with only one answer.
#[derive(Debug, Clone)]
pub struct Constant {
    /// The `if`.
    pub entry: EntryId,
    /// The answer.
    pub holds: bool,
    /// What it follows from.
    pub why: Why,
}

/// Why a condition has only one answer.
#[derive(Debug, Clone)]
pub enum Why {
    /// All that the variable can have there.
    Values(Values),
    /// All that a variable of nginx's own can have: the id of the message that says so.
    Domain(&'static str),
    /// The URIs that get there.
    Uri,
}

impl Sequence {
    /// The same in a server that is as it was, and elsewhere.
    fn moved(&self, same: Same) -> Sequence {
        let entry = |id: EntryId| same.entry(id);
        let exit = |exit: &Exit| Exit { by: exit.by.map(entry), ..exit.clone() };
        Sequence {
            end: self.end.map(entry),
            exits: self.exits.iter().map(exit).collect(),
            dead: self.dead.iter().map(|dead| Dead { entry: entry(dead.entry), by: entry(dead.by) }).collect(),
            constants: self.constants.iter().map(|constant| Constant { entry: entry(constant.entry), ..constant.clone() }).collect(),
            unmatched: self.unmatched.iter().copied().map(entry).collect(),
            branches: self.branches.iter().map(|branch| Branch { entry: entry(branch.entry), ..*branch }).collect(),
            questions: self.questions,
        }
    }

    /// The directive because of which no request gets behind a location's sequence: each is answered, or looked up again.
    pub fn never_stays(&self) -> Option<EntryId> {
        let leaves = |exit: &Exit| matches!(exit.kind, ExitKind::Answer | ExitKind::Search);
        if self.exits.is_empty() || !self.exits.iter().all(leaves) {
            return None;
        }
        self.end.or_else(|| self.exits.last().and_then(|exit| exit.by))
    }
}

/// The sequences of a configuration.
#[derive(Debug, Default)]
pub struct Sequences {
    blocks: FxHashMap<EntryId, Arc<Sequence>>,
    /// What of the rest of the configuration they depend on; `None` when there were too many questions for all to be asked.
    circumstances: Option<Circumstances>,
    walked: usize,
}

/// What is outside of a server and counts for its sequences.
#[derive(Debug, PartialEq, Eq)]
struct Circumstances {
    variables: Everywhere,
    lua_first: bool,
}

/// What the rewrite module runs, in the order in which it is looked at here.
pub const CODES: [&str; 5] = ["set", "if", "rewrite", "return", "break"];

impl Sequences {
    /// Of every server and location that has a directive of the rewrite module.
    pub fn build(config: &Config) -> Sequences {
        let nothing = Unchanged::default();
        Sequences::after(config, &Sequences::default(), &nothing)
    }

    /// The same; those of servers that are as they were are taken from an earlier state, so far as nothing else that they depend on changed.
    pub fn after(config: &Config, earlier: &Sequences, unchanged: &Unchanged) -> Sequences {
        let context = Context::new(config);
        let circumstances = context.circumstances();
        let is_same = earlier.circumstances.as_ref() == Some(&circumstances);
        let mut blocks = FxHashMap::default();
        let (mut questions, mut taken_over) = (0, 0);
        for entry in CODES.iter().flat_map(|name| config.all(name)) {
            let Some(block) = config.entry(*entry).parent.filter(|block| !blocks.contains_key(block)) else { continue };
            let same = if is_same { config.server_of(block).and_then(|server| unchanged.server(server)) } else { None };
            let known = same.and_then(|same| {
                let sequence = earlier.blocks.get(&same.earlier(block))?;
                Some(if same.is_in_place() { sequence.clone() } else { Arc::new(sequence.moved(same)) })
            });
            taken_over += usize::from(known.is_some());
            if let Some(sequence) = known.or_else(|| context.sequence(block).map(Arc::new)) {
                questions += sequence.questions;
                blocks.insert(block, sequence);
            }
        }
        let walked = blocks.len() - taken_over;
        match questions < uris::QUESTIONS {
            true => Sequences { blocks, circumstances: Some(circumstances), walked },
            // Which of them were asked depends on the order: nothing may be taken over.
            false if taken_over > 0 => Sequences::build(config),
            false => Sequences { blocks, circumstances: None, walked },
        }
    }

    /// How many were followed; all others were known from an earlier state.
    pub fn walked(&self) -> usize {
        self.walked
    }

    /// That of a server or location; `None` where the rewrite module has nothing to do.
    pub fn of(&self, block: EntryId) -> Option<&Sequence> {
        self.blocks.get(&block).map(|sequence| &**sequence)
    }

    /// All of them, in no order.
    pub fn all(&self) -> impl Iterator<Item = (EntryId, &Sequence)> {
        self.blocks.iter().map(|(block, sequence)| (*block, &**sequence))
    }
}

/// What is the same for all sequences of a configuration.
struct Context<'a> {
    config: &'a Config,
    variables: Variables<'a>,
    fuel: Fuel,
    /// Lua may have changed the URI before a location's sequence runs (`rewrite_by_lua_no_postpone`).
    lua_first: bool,
}

impl<'a> Context<'a> {
    fn new(config: &'a Config) -> Context<'a> {
        let lua_first = config.all("rewrite_by_lua_no_postpone").iter().any(|id| config.directive(*id).arg(0) != Some("off"));
        Context { config, variables: Variables::new(config), fuel: Fuel::default(), lua_first }
    }

    fn circumstances(&self) -> Circumstances {
        Circumstances { variables: self.variables.everywhere().clone(), lua_first: self.lua_first }
    }

    /// The sequence of a server or location; `None` for another block.
    fn sequence(&self, block: EntryId) -> Option<Sequence> {
        let before = self.fuel.left();
        let sequence = self.walk(block)?;
        Some(Sequence { questions: before - self.fuel.left(), ..sequence })
    }

    fn walk(&self, block: EntryId) -> Option<Sequence> {
        let config = self.config;
        if let Some(location) = config.location_at(block) {
            let uris = if self.lua_first { Uris::all() } else { Uris::of_location(config, location) };
            return Some(walk::walk(self, block, Some(config.location(location).server), uris));
        }
        Some(walk::walk(self, block, Some(config.server_at(block)?), Uris::all()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    /// What is certain about the last block of a server with a sequence: `dead<by`, `!unmatched`, `=condition`, and what ends it.
    fn certain(server: &str) -> String {
        let (config, _) = load(&format!("http {{ server {{ listen 80; {server} }} }}"));
        let sequences = Sequences::build(&config);
        let Some((_, sequence)) = sequences.all().max_by_key(|(block, _)| *block) else { return "none".to_owned() };
        let show = |entry: EntryId| {
            let directive = config.directive(entry);
            let first = directive.arg(0).unwrap_or_default().trim_matches(['(', ')']);
            format!("{}{}{first}", directive.name.value, if first.is_empty() { "" } else { " " })
        };
        let dead = sequence.dead.iter().map(|dead| format!("{}<{}", show(dead.entry), show(dead.by)));
        let unmatched = sequence.unmatched.iter().map(|entry| format!("!{}", show(*entry)));
        let constants = sequence.constants.iter().map(|constant| format!("{}={}", show(constant.entry), constant.holds));
        let stays = sequence.never_stays().map(|by| format!("ends {}", show(by)));
        dead.chain(unmatched).chain(constants).chain(stays).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn what_ends_a_sequence() {
        assert_eq!(
            certain("location / { return 404; set $a 1; if ($a) { return 403; } }"),
            "set $a<return 404, if $a<return 404, ends return 404"
        );
        assert_eq!(certain("location / { break; return 404; }"), "return 404<break");
        assert_eq!(certain("location / { if ($arg_a) { return 404; set $b 1; } }"), "set $b<return 404");
        assert_eq!(certain("location / { rewrite ^ /b last; rewrite ^ /c; }"), "rewrite ^<rewrite ^, ends rewrite ^");
        assert_eq!(certain("location / { rewrite ^/ /b redirect; return 404; }"), "return 404<rewrite ^/, ends rewrite ^/");
        assert_eq!(certain("location / { rewrite ^(.*)$ /b redirect; return 404; }"), "ends return 404");
        assert_eq!(certain("location / { rewrite ^ http://x/; return 404; }"), "return 404<rewrite ^, ends rewrite ^");
        assert_eq!(certain("location / { rewrite ^ /x; }"), "ends rewrite ^");
        assert_eq!(certain("location / { rewrite ^ /x; break; }"), "");
        assert_eq!(certain("location / { if ($arg_a) { break; } return 404; }"), "");
        assert_eq!(certain("location / { if ($arg_a) { rewrite ^ /x last; } return 404; }"), "ends return 404");
        assert_eq!(certain("location / { include /nowhere/x; return 404; set $a 1; }"), "set $a<return 404");
        assert_eq!(certain("rewrite ^ /x last; return 404;"), "return 404<rewrite ^, ends rewrite ^");
    }

    #[test]
    fn what_a_regex_can_match() {
        assert_eq!(
            certain("location /a/ { rewrite ^/b/ /c; rewrite ^/a/ /c; rewrite ^/a/ /d; }"),
            "!rewrite ^/b/, !rewrite ^/a/, ends rewrite ^/a/"
        );
        assert_eq!(certain("location /a/ { rewrite x /$1; rewrite ^/b/ /c; }"), "");
        assert_eq!(certain("location /a/ { rewrite x /c?$args; rewrite ^/b/ /c; rewrite ^/c$ /d; }"), "!rewrite ^/b/");
        assert_eq!(
            certain("location ~ ^/(a|b) { rewrite ^/c /x; rewrite ^/[ab] /x last; return 404; }"),
            "return 404<rewrite ^/[ab], !rewrite ^/c, ends rewrite ^/[ab]"
        );
        assert_eq!(certain("location ~ a(?!b) { rewrite ^/c /x; }"), "");
        assert_eq!(certain("location /a { location ~ \\.php$ { rewrite ^/b /x; rewrite p$ /y; } }"), "!rewrite ^/b, ends rewrite p$");
        assert_eq!(certain("location = /a { rewrite ^/a/ /x; rewrite (?<=a)$ /y; }"), "!rewrite ^/a/, ends rewrite ?<=a)$");
        assert_eq!(certain("location @a { rewrite ^/b /x; }"), "");
        assert_eq!(certain("rewrite ^/a$ /b last; rewrite ^/a$ /c last;"), "!rewrite ^/a$");
        assert_eq!(certain("rewrite ^/a$ /b last; rewrite ^/a /c last;"), "");
        assert_eq!(
            certain("location /a { if ($uri ~ ^/b) { return 404; } if ($uri !~ ^/a) { return 403; } }"),
            "if $uri=false, if $uri=false"
        );
        assert_eq!(certain("location / { rewrite ${FROM} /x ${FLAG}; return 404; }"), "");
        assert_eq!(certain("location /a { rewrite ^/b /x; } rewrite_by_lua_no_postpone on;"), "");
    }

    #[test]
    fn what_a_condition_says() {
        assert_eq!(certain("set $a 0; if ($a) { return 404; }"), "if $a=false");
        assert_eq!(certain("set $A 0; if ($a) { return 404; }"), "if $a=false");
        assert_eq!(certain("set $a x; if ($a = x) { return 404; } set $b 1;"), "set $b<return 404, if $a=true, ends return 404");
        assert_eq!(certain("set $a 0; if ($arg_x) { set $a 1; } if ($a) { return 404; } if ($a) { return 403; }"), "if $a=false");
        assert_eq!(certain("set $a 0; if ($arg_x) { set $a $arg_x; } if ($a) { return 404; }"), "");
        assert_eq!(
            certain("set $a A; if ($arg_x) { set $a \"${a}B\"; } if ($a = AC) { return 404; } if ($a ~ ^A) { break; }"),
            "if $a=false, if $a=true"
        );
        assert_eq!(certain("set $a 0; if ($arg_x ~ (?<a>.)) { set $b 1; } if ($a) { return 404; }"), "");
        assert_eq!(certain("set $a 0; set_by_lua_block $b { return 1 } if ($a) { return 404; }"), "");
        assert_eq!(certain("set $a 0; set_md5 $a x; if ($a) { return 404; }"), "");
        assert_eq!(certain("set $args \"\"; if ($args) { return 404; }"), "");
        assert_eq!(
            certain("if ($request_method = post) { break; } if ($request_method != POST) { break; } if ($scheme = ftp) { break; }"),
            "if $request_method=false, if $scheme=false"
        );
        assert_eq!(
            certain("if ($request_method ~ ^p) { break; } if ($request_method ~* ^p) { break; } if ($request_method !~ x) { break; }"),
            "if $request_method=false, if $request_method=true"
        );
        assert_eq!(certain("if ($host = A) { break; } if ($host = \"\") { break; } if ($http_host = A) { break; }"), "if $host=false");
        assert_eq!(certain("server_name ~^X; if ($host = A) { break; }"), "");
        assert_eq!(certain("if ($host = A) { break; } access_by_lua_block { f() }"), "");
        // What an `if` leads away with counts behind it no more, whatever it had.
        assert_eq!(certain("set $a 0; if ($arg_x) { set $a 1; if ($arg_y) { set $a 2; } return 404; } if ($a) { break; }"), "if $a=false");
        assert_eq!(certain("set $a 0; if ($arg_x) { if ($arg_y) { set $a 2; return 404; } } if ($a) { break; }"), "if $a=false");
        assert_eq!(certain("set $a 0; if ($arg_x) { if ($arg_y) { set $a 2; } } if ($a) { break; } if ($a = 1) { break; }"), "if $a=false");
        assert_eq!(certain("set $a 0; if ($arg_x) { set $a 1; if ($a = 1) { set $a 0; } } if ($a) { break; }"), "if $a=true, if $a=false");
        assert_eq!(certain("set $a 0; if ($arg_x) { ${CODE} x; return 404; } if ($a) { break; }"), "if $a=false");
        assert_eq!(certain("set $a 0; if ($arg_x) { ${CODE} x; } if ($a) { break; }"), "");
        // A variable before its `set`: what an earlier pass through the server left, or nothing.
        assert_eq!(certain("if ($a) { break; } set $a 0;"), "if $a=false");
        assert_eq!(certain("if ($a) { break; } set $a 1;"), "");
        assert_eq!(certain("if ($a = 2) { break; } set $a 1;"), "if $a=false");
        assert_eq!(certain("if ($a = 2) { break; } set $a 1; include /nowhere/x;"), "");
        assert_eq!(certain("if ($a = 2) { break; } set $a 1; auth_request_set $a $upstream_http_a;"), "");
        assert_eq!(certain("if ($a = 2) { break; } set $a 1; location ~ (?<a>x) {}"), "");
    }

    #[test]
    fn bad_input() {
        for server in [
            "if ($a",
            "rewrite;",
            "rewrite ^;",
            "rewrite ( /x;",
            "set;",
            "set $a;",
            "return;",
            "if {}",
            "if (x) { if (y) { set $a; } }",
            "set $a $;",
            "set $a ${;",
        ] {
            certain(server);
            certain(&format!("location / {{ {server} }}"));
        }
        let many: String = (0..300).map(|at| format!("rewrite ^/a{at}(.*)$ /b{at}$1; if ($arg_{at}) {{ set $v \"${{v}}x\"; }} ")).collect();
        certain(&many);
    }
}
