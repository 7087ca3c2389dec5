//! When lines of a file last changed, in repositories made for it.

use std::path::Path;

use git2::{Oid, Repository, Signature, Time};
use nginx_analyzer::project::history::{History, LastChange};

struct Folder {
    folder: tempfile::TempDir,
    repository: Repository,
    clock: i64,
}

impl Folder {
    fn new() -> Folder {
        let folder = tempfile::tempdir().expect("a folder");
        let repository = Repository::init(folder.path()).expect("a repository");
        Folder { folder, repository, clock: 1_700_000_000 }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().canonicalize().expect("a path").join(name)
    }

    fn commit_on(&mut self, parents: &[Oid], message: &str, files: &[(&str, Option<&str>)]) -> Oid {
        self.clock += 3600;
        let mut index = self.repository.index().expect("an index");
        for (name, text) in files {
            match text {
                Some(text) => {
                    std::fs::write(self.folder.path().join(name), text).expect("written");
                    index.add_path(Path::new(name)).expect("added");
                }
                None => {
                    std::fs::remove_file(self.folder.path().join(name)).expect("removed");
                    index.remove_path(Path::new(name)).expect("removed");
                }
            }
        }
        let tree = self.repository.find_tree(index.write_tree().expect("a tree")).expect("a tree");
        index.write().expect("written");
        let who = Signature::new("Ada", "ada@example.com", &Time::new(self.clock, 60)).expect("a name");
        let parents: Vec<_> = parents.iter().map(|parent| self.repository.find_commit(*parent).expect("a parent")).collect();
        let parents: Vec<_> = parents.iter().collect();
        let commit = self.repository.commit(None, &who, &who, message, &tree, &parents).expect("a commit");
        self.repository.set_head_detached(commit).expect("HEAD");
        commit
    }

    fn commit(&mut self, message: &str, files: &[(&str, Option<&str>)]) -> Oid {
        let head = self.repository.head().ok().and_then(|head| head.target());
        self.commit_on(head.as_slice(), message, files)
    }

    fn change(&self, name: &str, text: &str, lines: Option<(u32, u32)>) -> Option<LastChange> {
        History::of(&self.path(name))?.last_change(&self.path(name), text, lines.map(|(first, last)| first..=last))
    }

    /// The summary of the commit, with marks for what is not committed and what may be older.
    fn said(&self, name: &str, text: &str, lines: Option<(u32, u32)>) -> String {
        match self.change(name, text, lines) {
            None => "nothing".to_owned(),
            Some(change) => {
                let commit = change.commit.map(|commit| commit.summary).unwrap_or_default();
                format!("{commit}{}{}", if change.uncommitted { " +" } else { "" }, if change.at_least { " <" } else { "" })
            }
        }
    }
}

const FIRST: &str = "a\nb\nc\nd\ne\n";

#[test]
fn lines_have_the_commit_that_changed_them_last() {
    let mut folder = Folder::new();
    folder.commit("one", &[("x.conf", Some(FIRST))]);
    folder.commit("two\n\nmore", &[("x.conf", Some("a\nB\nc\nd\ne\n"))]);
    folder.commit("three", &[("y.conf", Some("y\n"))]);
    let last = "new\na\nB\nc\ne\n";
    folder.commit("four", &[("x.conf", Some(last))]);
    assert_eq!(folder.said("x.conf", last, None), "four");
    assert_eq!(folder.said("x.conf", last, Some((0, 0))), "four");
    assert_eq!(folder.said("x.conf", last, Some((1, 1))), "one");
    assert_eq!(folder.said("x.conf", last, Some((1, 2))), "two");
    // A line between them went.
    assert_eq!(folder.said("x.conf", last, Some((3, 4))), "four");
    assert_eq!(folder.said("x.conf", last, Some((4, 4))), "one");
    assert_eq!(folder.said("y.conf", "y\n", None), "three");
    let two = folder.change("x.conf", last, Some((2, 2))).and_then(|change| change.commit).expect("a commit");
    assert_eq!((two.author.as_str(), two.time, two.offset), ("Ada", 1_700_007_200, 60));
    assert!(two.hash.len() >= 7 && two.hash.chars().all(|c| c.is_ascii_hexdigit()));
}

#[test]
fn what_is_not_committed_is_told() {
    let mut folder = Folder::new();
    folder.commit("one", &[("x.conf", Some(FIRST))]);
    let edited = "a\nnew\nb\nc\nD\ne\n";
    assert_eq!(folder.said("x.conf", edited, None), "one +");
    assert_eq!(folder.said("x.conf", edited, Some((0, 0))), "one");
    assert_eq!(folder.said("x.conf", edited, Some((2, 3))), "one");
    assert_eq!(folder.said("x.conf", edited, Some((3, 4))), "one +");
    assert_eq!(folder.said("x.conf", edited, Some((1, 1))), " +");
}

#[test]
fn a_file_keeps_its_history_under_another_name() {
    let mut folder = Folder::new();
    folder.commit("one", &[("x.conf", Some(FIRST))]);
    folder.commit("moved", &[("x.conf", None), ("z.conf", Some(FIRST))]);
    assert_eq!(folder.said("z.conf", FIRST, Some((1, 2))), "one");
    assert_eq!(folder.said("z.conf", FIRST, None), "one");
    folder.commit("moved and changed", &[("z.conf", None), ("w.conf", Some("a\nb\nc\nd\nE\n"))]);
    assert_eq!(folder.said("w.conf", "a\nb\nc\nd\nE\n", Some((0, 1))), "one");
    assert_eq!(folder.said("w.conf", "a\nb\nc\nd\nE\n", Some((4, 4))), "moved and changed");
}

#[test]
fn both_sides_of_a_merge_count() {
    let mut folder = Folder::new();
    let base = folder.commit("base", &[("x.conf", Some(FIRST))]);
    let left = folder.commit_on(&[base], "left", &[("x.conf", Some("A\nb\nc\nd\ne\n"))]);
    let right = folder.commit_on(&[base], "right", &[("x.conf", Some("a\nb\nc\nd\nE\n"))]);
    let merged = "A\nb\nc\nd\nE\n";
    folder.commit_on(&[left, right], "merge", &[("x.conf", Some(merged))]);
    assert_eq!(folder.said("x.conf", merged, Some((0, 0))), "left");
    assert_eq!(folder.said("x.conf", merged, Some((4, 4))), "right");
    assert_eq!(folder.said("x.conf", merged, Some((0, 4))), "right");
    assert_eq!(folder.said("x.conf", merged, Some((1, 3))), "base");
}

#[test]
fn without_a_history_nothing_is_said() {
    let outside = tempfile::tempdir().expect("a folder");
    let file = outside.path().join("x.conf");
    std::fs::write(&file, FIRST).expect("written");
    assert!(History::of(&file).is_none());
    let mut folder = Folder::new();
    assert_eq!(folder.said("x.conf", FIRST, None), "nothing", "no commit yet");
    folder.commit("one", &[("x.conf", Some(FIRST))]);
    std::fs::write(folder.path("untracked.conf"), "u\n").expect("written");
    assert_eq!(folder.said("untracked.conf", "u\n", None), "nothing");
    assert_eq!(folder.said("x.conf", FIRST, Some((90, 99))), "nothing");
    assert_eq!(folder.said("x.conf", "", Some((0, 0))), "nothing");
}

#[test]
fn a_shallow_clone_says_that_it_may_be_older() {
    let mut folder = Folder::new();
    folder.commit("one", &[("x.conf", Some(FIRST))]);
    let two = folder.commit("two", &[("x.conf", Some("a\nB\nc\nd\ne\n"))]);
    // What `git clone --depth 1` leaves behind.
    std::fs::write(folder.folder.path().join(".git/shallow"), format!("{two}\n")).expect("written");
    assert!(History::of(&folder.path("x.conf")).expect("a repository").is_shallow());
    assert_eq!(folder.said("x.conf", "a\nB\nc\nd\ne\n", Some((3, 3))), "two <");
}
