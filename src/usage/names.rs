//! Which files of a workspace have the name of another one in them: the last doubt before a file is called unused.

use std::path::{Path, PathBuf};

use rustc_hash::FxHashSet;

use crate::project::Project;
use crate::text::Text;

/// Files in which a name counts as use: code and configuration; not prose, logs, or JSON, which holds data and reports.
pub const SPEAKING: [&str; 26] = [
    "conf", "lua", "html", "htm", "js", "mjs", "cjs", "ts", "tsx", "jsx", "vue", "css", "sh", "bash", "py", "rb", "php", "go", "yml",
    "yaml", "toml", "tf", "template", "j2", "tpl", "service",
];

/// Who names whom among some files, and which of them a file besides them names.
#[derive(Debug, Clone, Default)]
pub struct Named {
    stays: FxHashSet<usize>,
}

impl Named {
    /// Looks for the names (without extension, as whole words) of the files in all others. `text` gives the text of a file that counts
    /// in place of its own. A file that only files which nobody else names have the name of is not named. `None` when there are too
    /// many files to look at.
    pub fn of(project: &Project, files: &[PathBuf], text: &dyn Fn(&Path) -> Option<Text>) -> Option<Named> {
        if files.is_empty() {
            return Some(Named::default());
        }
        let walk = project.vfs.walk(&project.workspace);
        if walk.cut {
            return None;
        }
        let mut stays = FxHashSet::default();
        let mut among: Vec<(usize, usize)> = Vec::new();
        for file in walk.files.iter() {
            let extension = file.extension().map(|extension| extension.to_string_lossy());
            if !extension.is_none_or(|extension| SPEAKING.contains(&&*extension)) {
                continue;
            }
            let own = files.iter().position(|path| path == file);
            let text = text(file).unwrap_or_else(|| project.text(project.vfs.id(file)));
            let text = text.to_str();
            for (index, path) in files.iter().enumerate().filter(|(index, _)| own != Some(*index)) {
                if has_word(&text, &path.file_stem().unwrap_or_default().to_string_lossy()) {
                    match own {
                        Some(own) => among.push((own, index)),
                        None => drop(stays.insert(index)),
                    }
                }
            }
        }
        loop {
            let before = stays.len();
            let more: Vec<usize> = among.iter().filter(|(from, _)| stays.contains(from)).map(|(_, to)| *to).collect();
            stays.extend(more);
            if stays.len() == before {
                return Some(Named { stays });
            }
        }
    }

    /// True when a file besides them names the file at this index, directly or through others of them.
    pub fn stays(&self, index: usize) -> bool {
        self.stays.contains(&index)
    }
}

/// True when the text has the word, and no letter, digit or `_` before or behind it.
pub fn has_word(text: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|text| text.chars().next_back());
        let after = text.get(at + word.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}
