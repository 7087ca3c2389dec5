//! Links an application of which only those files are read that may matter.
//!
//! Those are the ones that are not idle ([`Skim::idle`]); what imports one in which an app or router is known or something is registered,
//! for it may give that something; and what an expression that matters leads to. *Invariant:* what is found is what would be found if all
//! were read, but for doubts because of code that no app can get to.

use std::cell::LazyCell;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::facts::Facts;
use super::link::{Application, File, Variable, link_read};
use super::{Skim, Tree, language_of};

/// The files of an application that languages want, in the order of their paths, and what of each is known without parsing it; `None` for
/// one that has to be read in any case.
pub type Skimmed = Vec<(Arc<Path>, Option<Arc<Skim>>)>;

/// Reads files, by their number; `None` for one that can't be read.
pub type Read<'a> = &'a dyn Fn(&[usize]) -> Vec<Option<Arc<Facts>>>;

/// What is known of a file, and the numbers of those that it imports.
type Imported = (Option<Arc<Skim>>, Arc<[usize]>);

/// What files import, by their number.
#[derive(Debug, Default)]
pub struct Imports {
    of: Vec<Imported>,
}

impl Imports {
    /// Those of these files. What is known of the same files from earlier is not looked for again.
    pub fn of(tree: &Tree<'_>, files: &Skimmed, earlier: &Imports) -> Imports {
        let numbers: LazyCell<FxHashMap<&Path, usize>, _> =
            LazyCell::new(|| files.iter().enumerate().map(|(at, (path, _))| (&**path, at)).collect());
        let mut modules: FxHashMap<(&Path, &str), Arc<[usize]>> = FxHashMap::default();
        let same = |one: &Option<Arc<Skim>>, other: &Option<Arc<Skim>>| match (one, other) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            (None, None) => true,
            _ => false,
        };
        let of = files.iter().enumerate().map(|(at, (path, skim))| {
            if let Some((known, imports)) = earlier.of.get(at).filter(|(known, _)| same(known, skim)) {
                return (known.clone(), imports.clone());
            }
            let folder = path.parent().unwrap_or(Path::new(""));
            let mut found: Vec<usize> = Vec::new();
            if let (Some(language), Some(skim)) = (language_of(path), skim) {
                for module in &skim.imports {
                    let files = modules.entry((folder, module)).or_insert_with(|| {
                        let paths = (language.module)(path, module, tree);
                        paths.iter().filter_map(|path| numbers.get(path.as_path()).copied()).collect()
                    });
                    found.extend_from_slice(files);
                }
            }
            found.sort_unstable();
            found.dedup();
            (skim.clone(), found.into())
        });
        Imports { of: of.collect() }
    }

    /// Which files import each.
    fn importers(&self) -> Importers {
        let all = || self.of.iter().enumerate().flat_map(|(at, (_, imports))| imports.iter().map(move |imported| (at, *imported)));
        // Where those of each end, by counting first.
        let mut ends = vec![0; self.of.len() + 1];
        for (_, imported) in all() {
            if let Some(count) = ends.get_mut(imported + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for count in &mut ends {
            sum += *count;
            *count = sum;
        }
        let mut next = ends.clone();
        let mut files = vec![0; sum];
        for (at, imported) in all() {
            if let Some(place) = next.get_mut(imported) {
                if let Some(slot) = files.get_mut(*place) {
                    *slot = at;
                }
                *place += 1;
            }
        }
        Importers { ends, files }
    }
}

/// Which files import each: the numbers of those that import the first, then of those that import the second, and so on.
#[derive(Debug, Default)]
struct Importers {
    /// Where those of each begin, and those of the one before end.
    ends: Vec<usize>,
    files: Vec<usize>,
}

impl Importers {
    fn of(&self, file: usize) -> &[usize] {
        match (self.ends.get(file), self.ends.get(file + 1)) {
            (Some(start), Some(end)) => self.files.get(*start..*end).unwrap_or_default(),
            _ => &[],
        }
    }
}

/// The files of an application, so far as they are read.
pub struct Files {
    files: Vec<File>,
    importers: Importers,
    /// Which of them may know of an app or router, or register something.
    carry: Vec<bool>,
    /// Those that can't be read.
    pub left_out: Vec<PathBuf>,
}

impl Files {
    /// Reads what matters whatever is linked.
    pub fn read(skimmed: &Skimmed, imports: &Imports, read: Read<'_>) -> Files {
        let files: Vec<File> = skimmed.iter().map(|(path, _)| (path.clone(), None)).collect();
        let carry = skimmed.iter().map(|(_, skim)| skim.is_none()).collect();
        let mut out = Files { files, importers: imports.importers(), carry, left_out: Vec::new() };
        let busy = skimmed.iter().enumerate().filter(|(_, (_, skim))| skim.as_ref().is_none_or(|skim| !skim.idle));
        out.read_more(busy.map(|(at, _)| at).collect(), read);
        out
    }

    /// Reads some, and what imports those of them that know of apps or routers.
    fn read_more(&mut self, mut wanted: Vec<usize>, read: Read<'_>) {
        while !wanted.is_empty() {
            wanted.sort_unstable();
            let mut carriers: Vec<usize> = Vec::new();
            for (at, facts) in wanted.iter().copied().zip(read(&wanted)) {
                let Some((path, slot)) = self.files.get_mut(at) else { continue };
                if facts.is_none() {
                    self.left_out.push(path.to_path_buf());
                }
                let facts = facts.unwrap_or_default();
                if registers(&facts) && self.carry.get(at) == Some(&false) {
                    carriers.push(at);
                }
                *slot = Some(facts);
            }
            wanted.clear();
            while let Some(at) = carriers.pop() {
                let Some(carry) = self.carry.get_mut(at).filter(|carry| !**carry) else { continue };
                *carry = true;
                if self.files.get(at).is_some_and(|(_, facts)| facts.is_none()) {
                    wanted.push(at);
                }
                carriers.extend(self.importers.of(at).iter().filter(|importer| self.carry.get(**importer) == Some(&false)));
            }
        }
    }

    /// What each of them says, so far as it is read.
    pub fn facts(&self) -> impl Iterator<Item = Option<&Arc<Facts>>> {
        self.files.iter().map(|(_, facts)| facts.as_ref())
    }

    /// Links them, and reads what else that leads to. `folder` is what follows from the folder as a whole.
    pub fn link(
        &mut self,
        tree: &Tree<'_>,
        folder: Vec<(PathBuf, Arc<Facts>)>,
        variable: &dyn Fn(&str) -> Variable,
        read: Read<'_>,
    ) -> Application {
        let own = self.files.len();
        self.files.extend(folder.into_iter().map(|(path, facts)| (path.into(), Some(facts))));
        let out = loop {
            match link_read(tree, &self.files, &self.carry, variable) {
                Ok(application) => break application,
                Err(wanted) => self.read_more(wanted, read),
            }
        };
        self.files.truncate(own);
        self.left_out.sort();
        out
    }
}

/// True where an app or router is made, or something is registered on one that may come from elsewhere.
fn registers(facts: &Facts) -> bool {
    !(facts.objects.is_empty() && facts.routes.is_empty() && facts.mounts.is_empty() && facts.handled.is_empty())
}
