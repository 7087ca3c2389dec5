//! Lines of `map`, `geo`, `types` and their like: keys and values.

use super::paint::{Painter, Part};
use super::{Kind, words};
use crate::ide::present::Site;
use crate::nginx::values::{Network, data, network};
use crate::syntax::{Quote, Word};

/// Words at the beginning of a line that are settings of the block itself.
const SETTINGS: [&str; 10] =
    ["default", "hostnames", "volatile", "ranges", "proxy", "proxy_recursive", "delete", "include", "auto_reload", "status"];

/// One line.
pub(super) fn line(site: Site<'_, '_>, painter: &mut Painter<'_>) {
    let block = site.block.map_or("", |block| &*block.name.value);
    let directive = site.directive;
    let key = &directive.name;
    let is_setting = key.quote == Quote::None && SETTINGS.contains(&&*key.value) && block != "types";
    if is_setting {
        painter.add(key.span, if &*key.value == "include" { Kind::Property } else { Kind::EnumMember }, 0);
    } else {
        self::key(block, key, painter);
    }
    for word in &directive.args {
        match block {
            // Values of a map have variables in them since nginx 1.11.2; those of the others are plain.
            "map" | "num_map" if &*key.value != "include" => words::template(word, "", painter),
            "geo" if matches!(&*key.value, "proxy" | "delete") => painter.part(painter.inner(word), Kind::Number, 0),
            _ => words::text(word, painter),
        }
    }
}

fn key(block: &str, word: &Word, painter: &mut Painter<'_>) {
    let part = painter.inner(word);
    match block {
        "map" if part.text.starts_with('~') => words::tilde(part, painter),
        "geo" if is_address(&word.value) => painter.part(part, Kind::Number, 0),
        "split_clients" if data::percent(&word.value).is_some() || &*word.value == "*" => {
            painter.part(part, Kind::Number, 0);
        }
        // The lines of `geoip2` define variables.
        "geoip2" => variable(part, painter),
        _ => words::text(word, painter),
    }
}

fn variable(part: Part<'_>, painter: &mut Painter<'_>) {
    match part.text.strip_prefix('$') {
        Some(_) => painter.part(part, Kind::Variable, super::DEFINITION),
        None => painter.part(part, Kind::String, 0),
    }
}

/// A network, an address, or a range of them.
fn is_address(text: &str) -> bool {
    Network::read(text).is_some() || network::range(text).is_some()
}
