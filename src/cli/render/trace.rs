//! A trace on a terminal, and for programs.

use std::path::Path;

use super::{escaped, printable};
use crate::ide::trace::{Answer, Tone};
use crate::project::FileId;

/// The page with colours; files are named as from the folder `here`.
pub(in crate::cli) fn text(answer: &Answer<'_>, here: &Path) -> String {
    let name = |file: FileId| {
        let path = answer.view.project.vfs.path(file);
        path.strip_prefix(here).unwrap_or(&path).to_string_lossy().replace(['\n', '\t'], "\u{fffd}")
    };
    let mut out = String::new();
    for line in answer.lines(&name) {
        for piece in line {
            let text = printable(&piece.text).replace(['\n', '\t'], " ");
            let (on, off) = match piece.tone {
                _ if text.trim().is_empty() => ("", ""),
                Tone::Plain => ("", ""),
                Tone::Strong => ("\x1b[1m", "\x1b[0m"),
                Tone::Quiet => ("\x1b[2m", "\x1b[0m"),
                Tone::Path => ("\x1b[36m", "\x1b[0m"),
                Tone::Answer => ("\x1b[1;32m", "\x1b[0m"),
                Tone::Doubt => ("\x1b[33m", "\x1b[0m"),
            };
            out.extend([on, &text, off]);
        }
        out.push('\n');
    }
    out
}

/// One JSON object.
pub(in crate::cli) fn json(answer: &Answer<'_>) -> serde_json::Result<String> {
    Ok(escaped(serde_json::to_string_pretty(&answer.json())?) + "\n")
}
