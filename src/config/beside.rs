//! The locations of one block by their names: which begin with a text, without a look at all of them.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

use super::{Config, LocationId, Matcher, ServerId};

/// The locations of each block, of a server or of a location around them; made when somebody asks first.
#[derive(Debug, Clone, Default)]
pub(super) struct Beside(OnceLock<FxHashMap<Block, Names>>);

type Block = (ServerId, Option<LocationId>);

#[derive(Debug, Clone, Default)]
struct Names {
    /// Exact and prefix locations, sorted by name.
    named: Vec<LocationId>,
    /// Regex locations, in reading order.
    regexes: Vec<LocationId>,
}

impl Config {
    /// The exact and prefix locations in the same block as this one whose name begins with a text, by name; it may be among them.
    pub fn beside_beginning<'a>(&'a self, id: LocationId, text: &'a str) -> impl Iterator<Item = LocationId> + 'a {
        let named = self.beside(id).map_or(&[][..], |names| &names.named);
        let first = named.partition_point(|other| name(self, *other) < text);
        named.iter().skip(first).copied().take_while(move |other| name(self, *other).starts_with(text))
    }

    /// The regex locations in the same block as this one, in reading order; it may be among them.
    pub fn regexes_beside(&self, id: LocationId) -> &[LocationId] {
        self.beside(id).map_or(&[], |names| &names.regexes)
    }

    fn beside(&self, id: LocationId) -> Option<&Names> {
        let location = self.location(id);
        let blocks = self.beside.0.get_or_init(|| {
            let mut blocks: FxHashMap<Block, Names> = FxHashMap::default();
            for (number, location) in (0u32..).zip(&self.locations) {
                let names = blocks.entry((location.server, location.parent)).or_default();
                match location.matcher {
                    Matcher::Exact(_) | Matcher::Prefix { .. } => names.named.push(LocationId(number)),
                    Matcher::Regex { .. } => names.regexes.push(LocationId(number)),
                    Matcher::Named(_) => {}
                }
            }
            blocks.values_mut().for_each(|names| names.named.sort_by(|one, other| name(self, *one).cmp(name(self, *other))));
            blocks
        });
        blocks.get(&(location.server, location.parent))
    }
}

fn name(config: &Config, id: LocationId) -> &str {
    match &config.location(id).matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => name,
        Matcher::Regex { .. } | Matcher::Named(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    #[test]
    fn those_of_one_block_by_name() {
        let locations = "location /b/c {} location = /b {} location ~ ^/b {} location /a { location /b {} } location ^~ /b {} location @b {} location /c {}";
        let (config, _) = load(&format!("http {{ server {{ {locations} }} server {{ location /b {{}} }} }}"));
        let beginning =
            |text| config.beside_beginning(LocationId(0), text).map(|id| config.location(id).matcher.display()).collect::<Vec<_>>();
        assert_eq!(beginning("/b"), ["= /b", "^~ /b", "/b/c"]);
        assert_eq!(beginning("/b/"), ["/b/c"]);
        assert_eq!(beginning(""), ["/a", "= /b", "^~ /b", "/b/c", "/c"]);
        assert_eq!(beginning("/d"), Vec::<String>::new());
        let regexes = config.regexes_beside(LocationId(0)).iter().map(|id| config.location(*id).matcher.display());
        assert_eq!(regexes.collect::<Vec<_>>(), ["~ ^/b"]);
    }
}
