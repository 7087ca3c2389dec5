//! Symbols of a whole workspace by a part of their name.

use rustc_hash::FxHashSet;

use super::{Kind, Symbol};
use crate::ide::complete::quality;
use crate::project::{Place, SourceFile};
use crate::world::Analysis;

/// How many are told at most: a person types on where there are more.
const MOST: usize = 500;

/// A symbol in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// As in the outline.
    pub name: String,
    /// What it is.
    pub kind: Kind,
    /// What to select.
    pub place: Place,
    /// The name of the block around it.
    pub container: Option<String>,
}

/// Servers, locations, upstreams, variables, formats and zones whose name has the letters of `query` in it, the best first. All of them
/// for an empty one, up to a bound.
pub fn find(analysis: &Analysis, query: &str) -> Vec<Found> {
    let query: String = query.chars().filter(|letter| !letter.is_whitespace()).collect();
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    let mut sources: Vec<&SourceFile> = Vec::new();
    for view in analysis.views() {
        let files = view.config.entries.iter().map(|entry| entry.file).filter(|file| seen.insert(*file));
        sources.extend(files.filter_map(|file| analysis.project.files.get(&file).map(|source| &**source)));
    }
    for source in sources {
        collect(source, &super::level(&source.parse.directives), None, &query, &mut found);
    }
    found.sort_by_key(|(quality, _)| *quality);
    found.into_iter().take(MOST).map(|(_, one)| one).collect()
}

fn collect(source: &SourceFile, symbols: &[Symbol], container: Option<&str>, query: &str, out: &mut Vec<(u32, Found)>) {
    for symbol in symbols {
        // What is looked for has a name of its own.
        let named = !matches!(symbol.kind, Kind::Context | Kind::Condition | Kind::Code);
        let quality = named.then(|| fits(query, &symbol.name)).flatten();
        out.extend(quality.map(|quality| {
            let place = Place { file: source.id, span: symbol.selection };
            (quality, Found { name: symbol.name.clone(), kind: symbol.kind, place, container: container.map(str::to_owned) })
        }));
        collect(source, &symbol.children, Some(&symbol.name), query, out);
    }
}

/// Blanks do not count: `location = /a` is found by `=/a`, too.
fn fits(query: &str, name: &str) -> Option<u32> {
    let bare: String = name.split_whitespace().collect();
    let behind_keyword = name.split_once(' ').map(|(_, rest)| rest.split_whitespace().collect::<String>());
    [Some(bare), behind_keyword].into_iter().flatten().filter_map(|name| quality(query, &name)).min()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::project::settings::Settings;
    use crate::text::Text;
    use crate::world::World;

    fn found(query: &str) -> Vec<String> {
        let folder = Path::new("/in-memory");
        let mut world = World::new(folder, vec![folder.join("nginx.conf")], Settings::default());
        for (name, text) in [
            ("nginx.conf", "events { } http { map $host $pool { default api; } upstream api { server a:1; } include part.conf; }"),
            ("part.conf", "server { listen 80; server_name shop.example; location /api/ { set $x 1; } location @api { } }"),
        ] {
            let file = world.vfs().id(&folder.join(name));
            world.set_text(file, Text::new(text));
        }
        let show = |one: Found| format!("{} in {}", one.name, one.container.as_deref().unwrap_or("-"));
        find(&world.analysis(), query).into_iter().map(show).collect()
    }

    #[test]
    fn by_parts_of_their_names() {
        assert_eq!(
            found("api"),
            ["upstream api in http", "location /api/ in server shop.example:80", "location @api in server shop.example:80"]
        );
        assert_eq!(found("shopex"), ["server shop.example:80 in -"]);
        assert_eq!(found("pool"), ["$pool in http"]);
        assert_eq!(found("location @"), ["location @api in server shop.example:80"]);
        assert_eq!(found("").len(), 6);
        assert!(found("nothing like it").is_empty());
    }
}
