//! Directives that name a file which nginx reads.
//!
//! `files.tsv` holds the facts, each tried on a real nginx or read in the module's source: which argument it is, what a relative
//! name is relative to (`ngx_conf_full_name`: the folder of the main configuration, or the prefix), and what happens without it.
//! `root`, `alias`, `index`, `try_files` and `include` are not in it: what they name depends on more than the argument.

use std::sync::LazyLock;

static TABLE: LazyLock<Vec<FileDirective>> = LazyLock::new(|| include_str!("files.tsv").lines().filter_map(FileDirective::read).collect());

/// A directive that names a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileDirective {
    /// `content_by_lua_file`
    pub name: &'static str,
    /// `http`, `stream`, `mail`, or `*` for several.
    pub protocol: &'static str,
    /// Which argument, from 0; `None` for the last.
    argument: Option<usize>,
    /// What a relative name is relative to.
    pub base: Base,
    /// What happens without the file.
    pub without: Without,
    special: &'static str,
}

/// What a relative file name is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The folder of the main configuration.
    Configuration,
    /// nginx's prefix.
    Prefix,
}

/// What happens without a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Without {
    /// nginx does not start, or keeps the old configuration on a reload.
    NoStart,
    /// Requests are answered with this status.
    Status(u16),
    /// The worker logs an error when it starts.
    WorkerError,
}

impl FileDirective {
    fn read(line: &'static str) -> Option<FileDirective> {
        if line.starts_with('#') {
            return None;
        }
        let mut columns = line.split('\t');
        Some(FileDirective {
            name: columns.next()?,
            protocol: columns.next()?,
            argument: columns.next()?.parse().ok(),
            base: if columns.next()? == "prefix" { Base::Prefix } else { Base::Configuration },
            without: match columns.next()? {
                "start" => Without::NoStart,
                "worker" => Without::WorkerError,
                status => Without::Status(status.parse().ok()?),
            },
            special: columns.next()?,
        })
    }

    /// Which of `count` arguments is the file; `None` when there are too few.
    pub fn argument(&self, count: usize) -> Option<usize> {
        self.argument.or(count.checked_sub(1)).filter(|index| *index < count)
    }

    /// True for a value that names no file: `off`, `data:…`, `engine:…`.
    pub fn is_special(&self, value: &str) -> bool {
        value.is_empty()
            || ["data:", "engine:", "store:"].iter().any(|start| value.starts_with(start))
            || self.special.split(',').any(|special| !special.is_empty() && (value == special || (special.ends_with(':') && value.starts_with(special))))
    }
}

/// The entry of that name; `None` for a directive that names no file by itself.
pub fn find(name: &str) -> Option<&'static FileDirective> {
    let at = TABLE.partition_point(|entry| entry.name < name);
    TABLE.get(at).filter(|entry| entry.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_whole() {
        assert!(TABLE.is_sorted_by_key(|entry| (entry.name, entry.protocol)));
        assert_eq!(TABLE.len(), include_str!("files.tsv").lines().count() - 1);
    }

    #[test]
    fn arguments_and_outcomes() {
        let content = find("content_by_lua_file").expect("an entry");
        assert_eq!((content.argument(1), content.base, content.without), (Some(0), Base::Prefix, Without::Status(404)));
        assert_eq!(find("set_by_lua_file").and_then(|entry| entry.argument(2)), Some(1));
        assert_eq!(find("ssl_certificate").map(|entry| (entry.base, entry.without)), Some((Base::Configuration, Without::NoStart)));
        assert!(find("ssl_certificate").is_some_and(|entry| entry.is_special("data:$cert") && !entry.is_special("a.pem")));
        assert_eq!(find("proxy_pass"), None);
    }
}
