//! Names of directives: those that may stand at the cursor, the usual ones first.

use rustc_hash::{FxHashMap, FxHashSet};

use super::item::{About, Item, Kind};
use super::{Ask, context, snippet};
use crate::config::EntryId;
use crate::nginx::directives::{self, Directive};
use crate::nginx::usual;
use crate::world::View;

/// Modules that OpenResty brings along.
const OPENRESTY: [&str; 15] = [
    "lua-nginx-module",
    "stream-lua-nginx-module",
    "headers-more",
    "echo",
    "set-misc",
    "array-var",
    "memc",
    "redis2",
    "srcache",
    "drizzle",
    "encrypted-session",
    "form-input",
    "iconv",
    "rds-json",
    "xss",
];

/// Ranks: what people write most in the context, what the server has by itself, what has to be installed.
const NATIVE: u32 = 1_000;
const FOREIGN: u32 = 2_000;

pub(super) fn names(ask: &mut Ask<'_>) {
    let scene = ask.scene;
    let token = scene.token();
    let typed = scene.prefix().to_ascii_lowercase();
    let here = siblings(ask);
    let used = used_packages(ask.views);
    let openresty = ask.views.iter().any(|view| view.root.prefix.as_deref().is_some_and(|prefix| prefix.contains("openresty")))
        || used.contains("lua-nginx-module");
    let indent = indentation(scene.source);
    let mut before = "";
    for directive in directives::all() {
        // The table is sorted: all of a name come one after the other.
        if directive.name == before || super::quality(&typed, directive.name).is_none() {
            continue;
        }
        before = directive.name;
        if !ask.place.allows(directive.name) {
            continue;
        }
        let Some(directive) = ask.place.directive(directive.name) else { continue };
        if directive.repeats == Some(false) && here.contains(directive.name) {
            continue;
        }
        let native = match directive.package {
            "nginx" | "nginx-doc-only" | "core" => true,
            package if openresty && OPENRESTY.contains(&package) => true,
            package => used.contains(package) || !typed.is_empty() && directive.name.starts_with(&typed),
        };
        let usual = ask.place.contexts.iter().filter_map(|context| usual::rank(*context, directive.name)).min();
        let rank = match (usual, native) {
            (Some(usual), true) => usual,
            (_, true) => NATIVE,
            (_, false) => FOREIGN,
        };
        let mut item = Item::new(directive.name, if directive.is_block() { Kind::Block } else { Kind::Directive }, token)
            .detail(if directive.module.is_empty() { directive.package } else { directive.module })
            .rank(rank);
        write(ask, &mut item, directive, indent);
        item.about = Some(About::Directive { name: directive.name.to_owned(), module: directive.module.to_owned() });
        ask.out.push(item);
    }
}

/// The whole directive where nothing is behind the name; else the name alone.
fn write(ask: &Ask<'_>, item: &mut Item, directive: &Directive, indent: &str) {
    let alone = ask.scene.words.len() <= usize::from(ask.scene.on_word);
    let whole = || snippet::whole(directive, indent);
    item.snippet = match ask.scene.ends {
        None if alone => Some(whole()),
        Some(b';') if alone && !directive.is_block() => Some(whole().trim_end_matches(';').to_owned()),
        _ => None,
    };
}

/// Names of the directives that stand beside the cursor's, in this file and in those that are read into the same block.
fn siblings<'a>(ask: &Ask<'a>) -> FxHashSet<&'a str> {
    let scene = ask.scene;
    let mut out: FxHashSet<&str> = scene.siblings.iter().map(|name| scene.text(*name)).collect();
    // Where the cursor's own word was left as it is, it is in no way there twice.
    let mut add = |view: &View<'a>, block: Option<EntryId>, outside_only: bool| {
        let config = view.config;
        let children = block.map_or(&config.top[..], |block| &config.entry(block).children);
        for child in children.iter().filter(|child| !outside_only || config.entry(**child).file != ask.file) {
            out.insert(&config.entry(*child).directive.name.value);
        }
    };
    match scene.blocks.last().and_then(|block| block.first()) {
        Some(first) => {
            for view in ask.views {
                let name = scene.text(first.inner);
                let same = |id: &&EntryId| {
                    let entry = view.config.entry(**id);
                    entry.file == ask.file && entry.directive.name.span.start == first.span.start
                };
                let blocks: Vec<EntryId> = view.config.all(name).iter().filter(same).copied().collect();
                blocks.into_iter().for_each(|block| add(view, Some(block), true));
            }
        }
        None => {
            for (view, include) in context::includes(ask.views, ask.file) {
                add(view, view.config.entry(include).parent, true);
            }
        }
    }
    out
}

/// Packages other than nginx's of which some directive is in the configuration.
fn used_packages(views: &[View<'_>]) -> FxHashSet<&'static str> {
    let mut out: FxHashSet<&str> = FxHashSet::default();
    let foreign = |directive: &&Directive| !matches!(directive.package, "nginx" | "nginx-doc-only");
    let mut own: FxHashMap<&str, bool> = FxHashMap::default();
    for directive in directives::all().iter().filter(foreign) {
        if out.contains(directive.package) || views.iter().all(|view| view.config.all(directive.name).is_empty()) {
            continue;
        }
        // A name that nginx has, too, says nothing.
        let nginx = *own.entry(directive.name).or_insert_with(|| directives::named(directive.name).iter().any(|one| !foreign(&one)));
        if !nginx {
            out.insert(directive.package);
        }
    }
    out
}

/// One step of indentation as the text has it: the blanks before the first line that is indented.
fn indentation(source: &str) -> &str {
    let blanks = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let first = source.lines().take(200).find(|line| blanks(line) > 0 && !line.trim().is_empty() && !line.trim_start().starts_with('#'));
    let step = first.and_then(|line| line.get(..blanks(line))).filter(|step| step.len() <= 8);
    step.unwrap_or("    ")
}
