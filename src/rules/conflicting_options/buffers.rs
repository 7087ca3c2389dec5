//! Buffers whose sizes do not go together (`ngx_http_proxy_merge_loc_conf` and its relatives).

use rustc_hash::FxHashSet;

use super::refused;
use crate::config::{Config, EntryId};
use crate::message;
use crate::nginx::context::Context;
use crate::nginx::values::{number, size};
use crate::rules::{Confidence, Finding};
use crate::world::View;

/// What a page of memory is where the sizes are not set; on some machines it is more.
const PAGE: i64 = 4096;

/// The names of the directives of each module.
const FAMILIES: [[&str; 5]; 4] = [
    ["proxy_buffer_size", "proxy_buffers", "proxy_busy_buffers_size", "proxy_temp_file_write_size", "proxy_max_temp_file_size"],
    ["fastcgi_buffer_size", "fastcgi_buffers", "fastcgi_busy_buffers_size", "fastcgi_temp_file_write_size", "fastcgi_max_temp_file_size"],
    ["uwsgi_buffer_size", "uwsgi_buffers", "uwsgi_busy_buffers_size", "uwsgi_temp_file_write_size", "uwsgi_max_temp_file_size"],
    ["scgi_buffer_size", "scgi_buffers", "scgi_busy_buffers_size", "scgi_temp_file_write_size", "scgi_max_temp_file_size"],
];

/// Looks at each block that sets one of them.
pub(super) fn check(view: View, out: &mut Vec<Finding>) {
    let config = view.config;
    for family in &FAMILIES {
        let mut blocks: FxHashSet<EntryId> = FxHashSet::default();
        for id in family.iter().flat_map(|name| config.all(name)) {
            let of_http = config.entry(*id).context.is_some_and(|context| context.protocol() == "http");
            let Some(block) = config.entry(*id).parent.filter(|_| of_http) else { continue };
            // What is set in `http` is looked at where a server inherits it.
            if config.entry(*id).context == Some(Context::Http) {
                blocks.extend(config.servers.iter().filter(|server| !server.synthetic).map(|server| server.entry));
            } else {
                blocks.insert(block);
            }
        }
        let mut blocks: Vec<EntryId> = blocks.into_iter().collect();
        blocks.sort_unstable();
        // A block that has the trouble of the one around it is not told again.
        let mut told: FxHashSet<EntryId> = FxHashSet::default();
        for block in blocks {
            if !config.ancestors(block).any(|outer| told.contains(&outer))
                && let Some(finding) = trouble(view, family, block)
            {
                told.insert(block);
                out.push(finding);
            }
        }
    }
}

fn trouble(view: View, family: &[&'static str; 5], block: EntryId) -> Option<Finding> {
    let (config, language) = (view.config, view.language);
    let [one, all, busy, write, file] = family;
    let one = Setting::new(config, block, one);
    let all = Setting::new(config, block, all);
    let (busy, write, file) = (Setting::new(config, block, busy), Setting::new(config, block, write), Setting::new(config, block, file));
    let first = one.value(0, size, PAGE)?;
    let (count, each) = (all.value(0, number, 8)?, all.value(1, size, PAGE)?);
    let largest = first.max(each);
    let most = (count - 1).checked_mul(each)?;
    let (busy_size, write_size) = (busy.value(0, size, largest.checked_mul(2)?)?, write.value(0, size, largest.checked_mul(2)?)?);
    let file_size = file.value(0, size, 1 << 30)?;
    let (who, message) = if count < 2 {
        (all.id?, message!(language, "conflicting-options-two-buffers", buffers = all.name))
    } else if busy_size < largest {
        let message = message!(
            language,
            "conflicting-options-busy-small",
            busy = busy.name,
            busy_size = kilobytes(busy_size),
            largest = kilobytes(largest),
            one = one.name,
            buffers = all.name
        );
        (busy.id?, message)
    } else if busy_size > most {
        let message = message!(
            language,
            "conflicting-options-busy-large",
            busy = busy.name,
            busy_size = kilobytes(busy_size),
            most = kilobytes(most),
            set = if busy.id.is_some() { "yes" } else { "no" },
            largest = kilobytes(largest),
            buffers = all.name,
            count = (count - 1).to_string(),
            each = kilobytes(each)
        );
        (busy.id.or(one.id).or(all.id)?, message)
    } else if write_size < largest {
        (write.id?, message!(language, "conflicting-options-write-small", write = write.name, largest = kilobytes(largest)))
    } else if file_size != 0 && file_size < largest {
        (file.id?, message!(language, "conflicting-options-file-small", file = file.name, largest = kilobytes(largest)))
    } else {
        return None;
    };
    let mut finding = refused(view, config.header(who), message);
    // Where a size is not set, it depends on the machine.
    if one.id.is_none() || all.id.is_none() {
        finding.confidence = Confidence::Likely;
        finding = finding.note(message!(language, "conflicting-options-page"));
    }
    for other in [one.id, all.id, busy.id].into_iter().flatten().filter(|other| *other != who) {
        finding = finding.related(config.header(other), message!(language, "conflicting-options-other"));
    }
    Some(finding)
}

/// A directive that holds in a block.
struct Setting<'a> {
    config: &'a Config,
    name: &'static str,
    id: Option<EntryId>,
}

impl<'a> Setting<'a> {
    fn new(config: &'a Config, block: EntryId, name: &'static str) -> Setting<'a> {
        Setting { config, name, id: config.inherited(block, name) }
    }

    /// What its argument says, or what holds where it is not set; `None` for what nobody can read.
    fn value(&self, argument: usize, read: fn(&str) -> Option<i64>, default: i64) -> Option<i64> {
        match self.id {
            None => Some(default),
            Some(id) => read(self.config.directive(id).arg(argument)?),
        }
    }
}

fn kilobytes(bytes: i64) -> String {
    if bytes % 1024 == 0 { format!("{}k", bytes / 1024) } else { bytes.to_string() }
}
