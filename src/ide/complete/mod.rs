//! Completion: what may be written at the cursor.
//!
//! The text is the present one, read word by word ([`scan`]), so broken text is as good as any; what the names in it mean comes from the
//! last analysis, which may be a few letters older. Nothing is analysed here.

pub(super) mod context;
mod defined;
mod item;
mod lua;
mod names;
mod paths;
mod resolve;
pub(super) mod scan;
mod snippet;
mod values;
mod variables;

pub use item::{About, Completions, Item, Kind};
pub use resolve::documentation;

use rustc_hash::FxHashSet;

use crate::messages::Language;
use crate::project::{FileId, Project};
use crate::text::Text;
use crate::world::{Analysis, View};
use context::Where;
use scan::{Inside, Scene};

/// How many items are sent at most.
const MOST: usize = 200;

/// One question.
struct Ask<'a> {
    project: &'a Project,
    /// The configurations that the file is part of.
    views: &'a [View<'a>],
    file: FileId,
    scene: &'a Scene<'a>,
    place: &'a Where,
    out: Vec<Item>,
}

impl Ask<'_> {
    fn language(&self) -> Language {
        self.views.first().map_or_else(Language::default, |view| view.language)
    }
}

/// What may be written at an offset of a configuration file's present text. `typed` is the character that made the editor ask, if it did
/// by itself: names of directives are not offered then.
pub fn complete(analysis: &Analysis, file: FileId, text: &Text, offset: u32, typed: Option<char>) -> Completions {
    let source = text.to_str();
    let scene = Scene::new(&source, text.floor(offset));
    // Whoever indents a line or opens a block wants no list that takes the next line break for a choice.
    let unasked = typed.is_some() && scene.inside == Inside::Words && scene.index == 0;
    if scene.inside == Inside::Comment || unasked || scene.is_beside_quote() {
        return Completions::default();
    }
    let views = context::views(analysis, file);
    let path = analysis.project.vfs.path(file);
    let place = context::find(&views, file, &path, &scene);
    let mut ask = Ask { project: &analysis.project, views: &views, file, scene: &scene, place: &place, out: Vec::new() };
    match scene.inside {
        Inside::Lua(_) => lua::lua(&mut ask),
        _ if scene.index > 0 || place.is_data() => values::values(&mut ask),
        _ if scene.words.first().is_some_and(|word| scene.on_word && word.is_quoted()) => {}
        _ => names::names(&mut ask),
    }
    let items = ask.out;
    best(items, &scene)
}

/// Those that fit what was typed, the best first, as many as are worth sending.
fn best(items: Vec<Item>, scene: &Scene<'_>) -> Completions {
    let fitting = |item: Item| {
        let typed = scene.text(crate::text::Span::new(item.replace.start, scene.cursor));
        Some((quality(typed, item.compared())?, item))
    };
    let mut ranked: Vec<(u32, Item)> = items.into_iter().filter_map(fitting).collect();
    ranked.sort_by(|(a, one), (b, other)| (a, one.rank, &one.label).cmp(&(b, other.rank, &other.label)));
    // What the configuration says of a name goes before what nginx does.
    let mut seen: FxHashSet<(String, u32)> = FxHashSet::default();
    ranked.retain(|(_, item)| seen.insert((item.label.clone(), item.replace.start)));
    let incomplete = ranked.len() > MOST;
    ranked.truncate(MOST);
    Completions { items: ranked.into_iter().map(|(_, item)| item).collect(), incomplete }
}

/// How well a word fits what was typed of it, 0 best: it begins so, one of its parts does, it has its letters in that order from the
/// beginning of a part on. `None` where it does not fit.
pub(in crate::ide) fn quality(typed: &str, word: &str) -> Option<u32> {
    let typed = typed.as_bytes();
    let bytes = word.as_bytes();
    let Some(first) = typed.first() else { return Some(0) };
    let part = |at: usize| at.checked_sub(1).and_then(|before| bytes.get(before)).is_none_or(|before| !before.is_ascii_alphanumeric());
    let begins = |at: &usize| bytes.get(*at..at + typed.len()).is_some_and(|start| start.eq_ignore_ascii_case(typed));
    if begins(&0) {
        return Some(0);
    }
    let mut starts = (0..bytes.len()).filter(|at| part(*at) && bytes.get(*at).is_some_and(|byte| byte.eq_ignore_ascii_case(first)));
    let earliest = starts.next()?;
    if begins(&earliest) || starts.any(|at| begins(&at)) {
        return Some(1);
    }
    let mut letters = bytes.iter().skip(earliest);
    typed.iter().all(|letter| letters.any(|other| other.eq_ignore_ascii_case(letter))).then_some(2)
}

#[cfg(test)]
mod tests;
