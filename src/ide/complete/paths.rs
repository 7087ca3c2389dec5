//! Paths: files and folders of the workspace where a path on the server leads there.

use std::path::PathBuf;

use super::Ask;
use super::item::{Item, Kind};
use crate::nginx::files::{Base, Names};
use crate::project::paths::Mapped;
use crate::project::vfs::Kind as FileKind;
use crate::text::Span;
use crate::world::View;

/// How many entries of a folder are looked at.
const MOST: usize = 500;

/// What an `include` may name: files, folders, and all configurations of a folder.
pub(super) fn include(ask: &mut Ask<'_>) {
    offer(ask, Base::ConfFolder, Names::File, true);
}

/// What a directive that names a file or folder may name.
pub(super) fn file(ask: &mut Ask<'_>, base: Base, names: Names) {
    offer(ask, base, names, false);
}

fn offer(ask: &mut Ask<'_>, base: Base, names: Names, globs: bool) {
    let prefix = ask.scene.prefix();
    if prefix.contains('$') {
        return;
    }
    let (folder, typed) = prefix.rsplit_once('/').map_or(("", prefix), |(folder, typed)| (folder, typed));
    let slash = prefix.contains('/');
    let token = ask.scene.token();
    let rest = ask.scene.text(Span::new(ask.scene.cursor, token.end));
    // The name at the cursor; what is behind its slash stays.
    let end = ask.scene.cursor + rest.find('/').unwrap_or(rest.len()) as u32;
    let replace = Span::new(ask.scene.cursor - typed.len() as u32, end);
    let absolute = prefix.starts_with('/');
    let mut folders: Vec<PathBuf> = Vec::new();
    let mut starts: Vec<String> = Vec::new();
    for view in ask.views {
        if absolute || slash || !prefix.is_empty() || base == Base::ConfFolder {
            let found = local(ask, view, base, folder, absolute);
            if let Some(found) = found.filter(|found| !folders.contains(found)) {
                folders.push(found);
            }
        }
        if !slash {
            starts.extend(
                view.paths().conf_folder.iter().chain(&view.paths().prefix).map(|start| format!("{}/", start.trim_end_matches('/'))),
            );
        }
    }
    starts.sort();
    starts.dedup();
    for start in starts {
        let item = Item::new(start, Kind::Folder, replace).rank(80);
        ask.out.push(item);
    }
    let mut out = Vec::new();
    for folder in folders {
        let mut configurations = false;
        for path in ask.project.vfs.list(&folder).iter().take(MOST) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            if name.starts_with('.') && !typed.starts_with('.') || name.contains([' ', ';', '{', '"', '\'']) {
                continue;
            }
            match ask.project.vfs.kind(path) {
                FileKind::Folder => out.push(Item::new(format!("{name}/"), Kind::Folder, replace).rank(20)),
                FileKind::File if names != Names::Folder => {
                    configurations |= name.ends_with(".conf");
                    out.push(Item::new(name, Kind::File, replace).rank(10));
                }
                _ => {}
            }
        }
        if globs && configurations {
            out.push(Item::new("*.conf", Kind::File, replace).rank(5));
        }
    }
    ask.out.append(&mut out);
}

/// The folder in the workspace that what was typed before the last slash means.
fn local(ask: &Ask<'_>, view: &View<'_>, base: Base, folder: &str, absolute: bool) -> Option<PathBuf> {
    let on_server = match (absolute, folder) {
        (true, "") => return None,
        _ => view.paths().absolute(base, folder),
    };
    let mapped = on_server.map(|path| view.paths().map(ask.project, view.root.file, path.trim_end_matches('/')));
    if let Some(Mapped::Present { path, .. }) = mapped {
        return Some(path);
    }
    // As an `include` is read where nothing says how files get onto the server.
    let conf = matches!(base, Base::ConfFolder | Base::JsPath) || base == Base::Prefix && view.paths().prefix.is_none();
    match absolute {
        false if conf => Some(crate::project::vfs::normalize(&view.root.conf_dir.join(folder))),
        true => {
            let known = crate::project::images::CONF_FOLDERS.iter().find_map(|start| folder.strip_prefix(start));
            let rest = known.filter(|rest| rest.is_empty() || rest.starts_with('/'))?;
            Some(crate::project::vfs::normalize(&view.root.conf_dir.join(rest.trim_start_matches('/'))))
        }
        false => None,
    }
}
