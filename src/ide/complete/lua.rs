//! Lua: the modules that a `require` can name, and what `ngx.shared.` and `ngx.var.` lead to.

use std::path::PathBuf;

use super::item::{Item, Kind};
use super::{Ask, defined, variables};
use crate::project::paths::Mapped;
use crate::project::vfs::Kind as FileKind;
use crate::text::Span;
use crate::usage::modules::LIBRARIES;
use crate::world::View;

/// Modules that OpenResty brings along, besides its libraries below `resty.`.
const PROVIDED: [&str; 18] = [
    "cjson",
    "cjson.safe",
    "bit",
    "ffi",
    "table.new",
    "table.clear",
    "table.nkeys",
    "string.buffer",
    "ngx.balancer",
    "ngx.ocsp",
    "ngx.pipe",
    "ngx.process",
    "ngx.re",
    "ngx.req",
    "ngx.resp",
    "ngx.semaphore",
    "ngx.ssl",
    "ngx.errlog",
];

pub(super) fn lua(ask: &mut Ask<'_>) {
    let scene = ask.scene;
    let before = scene.source.get(..scene.cursor as usize).unwrap_or_default();
    let name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let head = before.trim_end_matches(name);
    let after = scene.source.get(scene.cursor as usize..).unwrap_or_default();
    let more = after.len() - after.trim_start_matches(name).len();
    let replace = Span::new(head.len() as u32, scene.cursor + more as u32);
    if head.ends_with("ngx.shared.") {
        return defined::of_directive(ask, "lua_shared_dict", replace);
    }
    if head.ends_with("ngx.var.") {
        variables::offer(ask, variables::Token { span: replace, braces: false });
        for item in &mut ask.out {
            for text in [&mut item.label, &mut item.text].into_iter().chain(item.filter.as_mut()) {
                *text = text.trim_start_matches('$').to_owned();
            }
        }
        // `ngx.var[1]`
        ask.out.retain(|item| !item.label.starts_with(|first: char| first.is_ascii_digit()));
        return;
    }
    modules(ask);
}

fn modules(ask: &mut Ask<'_>) {
    let scene = ask.scene;
    let Some((replace, typed)) = required(scene.source, scene.cursor) else { return };
    let (package, _) = typed.rsplit_once('.').unwrap_or(("", typed));
    let inside = if package.is_empty() { String::new() } else { format!("{package}.") };
    let mut folders: Vec<PathBuf> = Vec::new();
    for folder in ask.views.iter().flat_map(|view| templates(ask, view)) {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    let mut out = Vec::new();
    for folder in folders {
        for path in ask.project.vfs.list(&folder.join(package.replace('.', "/"))).iter().take(500) {
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else { continue };
            let detail = ask.project.display(path);
            match (name.strip_suffix(".lua"), ask.project.vfs.kind(path)) {
                (Some(name), FileKind::File) => out.push(Item::new(format!("{inside}{name}"), Kind::Module, replace).detail(detail)),
                (None, FileKind::Folder) if !name.starts_with('.') => {
                    out.push(Item::new(format!("{inside}{name}."), Kind::Folder, replace).detail(detail).rank(10));
                }
                _ => {}
            }
        }
    }
    out.extend(PROVIDED.iter().map(|name| Item::new(*name, Kind::Module, replace).detail("OpenResty").rank(50)));
    out.extend(LIBRARIES.iter().map(|name| Item::new(format!("resty.{name}"), Kind::Module, replace).detail("OpenResty").rank(50)));
    ask.out.append(&mut out);
}

/// The name in `require "…"` at the cursor, and what of it is before that.
fn required(source: &str, cursor: u32) -> Option<(Span, &str)> {
    let before = source.get(..cursor as usize)?;
    let line = before.rsplit('\n').next()?;
    let quote = line.rfind(['"', '\''])?;
    let head = line.get(..quote)?.trim_end();
    let head = head.strip_suffix('(').unwrap_or(head).trim_end();
    let typed = line.get(quote + 1..)?;
    let word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '.' | '-');
    if !head.ends_with("require") || !typed.chars().all(word) {
        return None;
    }
    let after = source.get(cursor as usize..)?;
    let more = after.len() - after.trim_start_matches(word).len();
    Some((Span::new(cursor - typed.len() as u32, cursor + more as u32), typed))
}

/// The folders of the workspace in which `lua_package_path` looks; those that are called `lua` where it says nothing of any.
fn templates(ask: &Ask<'_>, view: &View<'_>) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for id in view.config.all("lua_package_path") {
        let value = view.config.directive(*id).arg(0).unwrap_or_default();
        let prefix = view.paths().prefix.clone().unwrap_or_default();
        for template in value.replace("${prefix}", &prefix).replace("$prefix", &prefix).split(';') {
            let Some(folder) = template.strip_suffix("?.lua") else { continue };
            let mapped = view.paths().map(ask.project, view.root.file, folder.trim_end_matches('/'));
            if let Mapped::Present { path, .. } = mapped {
                out.push(path);
            }
        }
    }
    if out.is_empty() {
        let beside = ["lua", "lualib"].map(|name| view.root.conf_dir.join(name));
        out.extend(beside.into_iter().filter(|path| ask.project.vfs.kind(path) == FileKind::Folder));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_at_the_cursor() {
        let find = |text: &str| {
            let cursor = text.find('|').expect("a cursor") as u32;
            let source = text.replacen('|', "", 1);
            required(&source, cursor).map(|(span, _)| source[span.range()].to_owned())
        };
        assert_eq!(find("local a = require \"app.u|sers\""), Some("app.users".into()));
        assert_eq!(find("require('|"), Some(String::new()));
        assert_eq!(find("ngx.say(\"a|\")"), None);
        assert_eq!(find("require \"a\" b|"), None);
    }
}
