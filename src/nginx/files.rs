//! Directives that name files and folders: which argument, when it is read, relative to what, and what happens without it.
//!
//! `include` is not among them (the include graph follows it), nor are directives whose argument is a URI.

use std::sync::OnceLock;

use rustc_hash::FxHashMap;

/// One directive that names a file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileDirective {
    /// Its name.
    pub name: &'static str,
    protocols: &'static str,
    /// Which argument is the path.
    pub argument: Argument,
    /// What it names.
    pub names: Names,
    /// When nginx reads it.
    pub when: When,
    /// What a relative path is relative to.
    pub base: Base,
    /// What happens when it is not there.
    pub missing: Missing,
    specials: &'static str,
}

/// Which argument is the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Argument {
    /// This one, counted from 0.
    At(usize),
    /// The last one (`js_import [name from] FILE`).
    Last,
}

/// What a path names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// Either (`alias`).
    Either,
}

/// When a path is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// While the configuration is read; `nginx -t` does it too.
    Load,
    /// At start and reload; `nginx -t` does not.
    Start,
    /// For a request or connection.
    Run,
    /// nginx makes it.
    Created,
}

/// What a relative path is relative to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Base {
    /// The folder of the main configuration (`ngx_conf_full_name` with `conf_prefix` 1).
    ConfFolder,
    /// The prefix (`-p`, `--prefix`).
    Prefix,
    /// The working directory of the process: not known.
    WorkingFolder,
    /// The folder of the main configuration, then each `js_path`.
    JsPath,
    /// It is absolute, or it is not known.
    Other,
}

/// What happens when it is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missing {
    /// nginx refuses to start.
    Start,
    /// nginx refuses to start when TLS is in use where the directive holds.
    StartIfUsed,
    /// The worker logs an error and goes on.
    Worker,
    /// A request is answered with this status.
    Status(u16),
    /// The request or connection fails, or its result is not what was meant.
    Request,
    /// Another directive that needs it fails.
    Later,
    /// nginx makes it.
    Created,
}

/// The rows for a directive of this name; none when it names no file.
pub fn rows(name: &str) -> &'static [FileDirective] {
    static TABLE: OnceLock<FxHashMap<&'static str, Vec<FileDirective>>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let mut table: FxHashMap<&'static str, Vec<FileDirective>> = FxHashMap::default();
        for row in include_str!("files.tsv").lines().filter_map(parse) {
            table.entry(row.name).or_default().push(row);
        }
        table
    });
    table.get(name).map_or(&[], Vec::as_slice)
}

/// What a directive says of files inside `http`, `stream` or `mail` (empty outside of them).
pub fn find(name: &str, protocol: &str) -> Option<&'static FileDirective> {
    rows(name).iter().find(|row| row.holds_in(protocol))
}

/// True for the name of a directive that says something of files, inside any protocol.
pub fn is_any(name: &str) -> bool {
    !rows(name).is_empty()
}

impl FileDirective {
    fn holds_in(&self, protocol: &str) -> bool {
        self.protocols.split(',').any(|one| one == "*" || one == protocol || (one == "core" && protocol.is_empty()))
    }

    /// True for a value that is no path: `off`, `syslog:…`, `data:…`, and everything with a variable in it.
    pub fn is_no_path(&self, value: &str) -> bool {
        let special = |word: &str| if word.ends_with(':') { value.starts_with(word) } else { value == word };
        value.is_empty() || value.contains('$') || self.specials.split(',').any(special)
    }
}

/// A row; `None` for a comment.
fn parse(line: &'static str) -> Option<FileDirective> {
    if line.starts_with('#') {
        return None;
    }
    let mut columns = line.split('\t');
    let mut next = || columns.next();
    Some(FileDirective {
        name: next()?,
        protocols: next()?,
        argument: match next()? {
            "last" => Argument::Last,
            number => Argument::At(number.parse::<usize>().ok()?.checked_sub(1)?),
        },
        names: match next()? {
            "folder" => Names::Folder,
            "either" => Names::Either,
            _ => Names::File,
        },
        when: match next()? {
            "load" => When::Load,
            "start" => When::Start,
            "created" => When::Created,
            _ => When::Run,
        },
        base: match next()? {
            "conf" => Base::ConfFolder,
            "prefix" => Base::Prefix,
            "cwd" => Base::WorkingFolder,
            "js_path" => Base::JsPath,
            _ => Base::Other,
        },
        missing: match next()? {
            "start" => Missing::Start,
            "start-if-used" => Missing::StartIfUsed,
            "worker" => Missing::Worker,
            "later" => Missing::Later,
            "created" => Missing::Created,
            status => status.parse().map_or(Missing::Request, Missing::Status),
        },
        specials: next()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        for line in include_str!("files.tsv").lines().filter(|line| !line.starts_with('#')) {
            let row = parse(line).unwrap_or_else(|| panic!("{line}"));
            assert_eq!(line.split('\t').count(), 8, "{line}");
            assert!(row.protocols.split(',').all(|one| find(row.name, one).is_some() || one == "core" || one == "*"), "{line}");
        }
    }

    #[test]
    fn a_directive_may_differ_between_protocols() {
        assert_eq!(find("content_by_lua_file", "http").map(|row| row.missing), Some(Missing::Status(404)));
        assert_eq!(find("content_by_lua_file", "stream").map(|row| row.missing), Some(Missing::Request));
        assert_eq!(find("load_module", "").map(|row| row.base), Some(Base::Prefix));
        assert_eq!(find("proxy_pass", "http"), None);
    }

    #[test]
    fn special_values_are_no_paths() {
        let certificate = find("ssl_certificate", "http").unwrap();
        assert!(certificate.is_no_path("data:$pem") && certificate.is_no_path("/certs/$ssl_server_name.pem"));
        assert!(!certificate.is_no_path("certs/off"));
        assert!(find("access_log", "http").unwrap().is_no_path("off"));
    }
}
