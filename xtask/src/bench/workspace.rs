//! A generated configuration in a folder of its own.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

#[path = "../../../benches/generate.rs"]
mod generate;

/// It is gone when this is dropped.
pub struct Workspace {
    folder: TempDir,
    pub main: PathBuf,
    /// A file in the middle: where somebody works. `main`, when there is no other.
    pub edited: PathBuf,
    /// Of all files.
    pub lines: usize,
    pub files: usize,
}

impl Workspace {
    /// About so many lines, in one file or spread over several that it includes; none where they are too few for several.
    pub fn generate(lines: usize, files: usize) -> anyhow::Result<Option<Workspace>> {
        let generated = if files > 1 { generate::spread(lines, files) } else { generate::single(lines) };
        if files > 1 && generated.included.len() < 2 {
            return Ok(None);
        }
        let folder = tempfile::Builder::new().prefix("nginx-analyzer-bench-").tempdir()?;
        std::fs::create_dir(folder.path().join("conf.d"))?;
        let main = folder.path().join("nginx.conf");
        std::fs::write(&main, &generated.main)?;
        for (path, text) in &generated.included {
            std::fs::write(folder.path().join(path), text)?;
        }
        let edited = generated.included.get(generated.included.len() / 2).map_or(main.clone(), |(path, _)| folder.path().join(path));
        let texts = std::iter::once(&generated.main).chain(generated.included.iter().map(|(_, text)| text));
        let lines = texts.map(|text| text.lines().count()).sum();
        Ok(Some(Workspace { main, edited, lines, files: generated.included.len().max(1), folder }))
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }
}

#[cfg(test)]
mod tests {
    use super::Workspace;

    #[test]
    fn lines_are_spread_over_as_many_files_as_they_fill() {
        let generate = |lines, files| Workspace::generate(lines, files).expect("files");
        let single = generate(1000, 1).expect("a workspace");
        assert_eq!((single.files, &single.edited), (1, &single.main));
        assert!(single.lines.abs_diff(1000) < 50, "{}", single.lines);
        let spread = generate(10_000, 150).expect("a workspace");
        assert_eq!(spread.files, 150);
        assert!(spread.lines.abs_diff(10_000) < 200, "{}", spread.lines);
        assert!(spread.edited.ends_with("conf.d/part-00075.conf"), "{}", spread.edited.display());
        let sizes: Vec<usize> = std::fs::read_dir(spread.folder().join("conf.d"))
            .expect("the folder")
            .map(|entry| std::fs::read_to_string(entry.expect("an entry").path()).expect("a file").lines().count())
            .collect();
        assert!(sizes.iter().all(|lines| (30..120).contains(lines)), "{sizes:?}");
        assert!((2..40).contains(&generate(1000, 150).expect("a workspace").files));
        assert!(generate(80, 150).is_none());
    }
}
