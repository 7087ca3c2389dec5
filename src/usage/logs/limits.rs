//! What a `log_format` would have to be like to tell servers apart: the line to write.

use super::Limit;
use super::escape::Escape;
use super::format::{COMBINED, Format};
use crate::config::EntryId;

/// The limit, with the better line.
pub fn better(format: &Format, entry: Option<EntryId>, missing: &[&'static str]) -> Limit {
    Limit::Format { entry, missing: missing.to_vec(), better: line(format, missing) }
}

/// A whole `log_format` directive that has what is missing, too. `combined` can't be defined anew: it gets another name.
pub fn line(format: &Format, missing: &[&'static str]) -> String {
    let text = if format.text.is_empty() { COMBINED } else { &*format.text };
    let with = match text.trim_end().strip_suffix('}').filter(|_| text.trim_start().starts_with('{')) {
        Some(open) => {
            let members = missing.iter().map(|variable| format!("\"{}\":\"{variable}\"", variable.trim_start_matches('$')));
            format!("{},{}}}", open.trim_end().trim_end_matches(','), members.collect::<Vec<_>>().join(","))
        }
        None => {
            let added: Vec<String> = match missing {
                ["$host", "$server_port"] => vec!["$host:$server_port".into()],
                missing => missing
                    .iter()
                    .map(|variable| if *variable == "$request" { "\"$request\"".into() } else { (*variable).to_owned() })
                    .collect(),
            };
            format!("{} {}", text.trim_end(), added.join(" "))
        }
    };
    let name = if format.entry.is_none() { "combined_host" } else { &*format.name };
    let escape = match format.escape {
        Escape::Default => "",
        Escape::Json => " escape=json",
        Escape::None => " escape=none",
    };
    let quoted = with.replace('\\', "\\\\").replace('\'', "\\'");
    format!("log_format {name}{escape} '{quoted}';")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_can_be_read_back_and_has_what_was_missing() {
        let json = r#"{"t":"$time_iso8601","r":"$request","s":$status}"#;
        let formats = [
            (Format::combined(), "log_format combined_host '"),
            (Format::compile("j".into(), Some(EntryId(1)), json, Escape::Json).unwrap(), "log_format j escape=json '"),
        ];
        for (format, start) in formats {
            let line = line(&format, &["$host", "$server_port"]);
            let text = line.strip_prefix(start).and_then(|rest| rest.strip_suffix("';")).unwrap_or_else(|| panic!("{line}"));
            let better = Format::compile("x".into(), None, text, format.escape).expect("a format that can be read");
            assert!(better.has(super::super::fields::Field::Host) && better.has(super::super::fields::Field::Port), "{line}");
        }
    }
}
