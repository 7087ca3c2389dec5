//! What is said of the word under the pointer: a file here has each subject.

mod certificate;
mod cursor;
mod directive;
pub(super) use directive::syntax;
mod listen;
mod location;
mod network;
mod pass;
mod regex;
mod server_name;
mod units;
mod upstream;
mod value;
mod variable;

use cursor::Cursor;

use crate::nginx::handlers::PASSES;
use crate::project::FileId;
use crate::text::Span;
use crate::world::Analysis;

/// A text for a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// What it is about.
    pub span: Span,
    /// In Markdown.
    pub markdown: String,
}

/// Between what is said of the thing and what is said of its directive.
const RULE: &str = "\n\n---\n\n";

/// What there is to say of an offset in a configuration file. A variable is told before all else; a `*_pass` and a `location` are told as
/// a whole, on their names followed by the directive, on a regex by its meaning; then come a directive's name and a value. `None` where
/// there is nothing to say.
pub fn hover(analysis: &Analysis, file: FileId, offset: u32) -> Option<Hover> {
    let cursor = Cursor::at(analysis, file, offset)?;
    if let Some(hover) = variable::hover(&cursor) {
        return Some(hover);
    }
    let header = cursor.directive.header();
    let (thing, also) = match cursor.argument {
        None => (whole(&cursor), directive::directive(&cursor).or_else(|| regex::of_key(&cursor))),
        Some(argument) => match whole(&cursor) {
            Some(thing) => (Some(thing), regex::of_argument(&cursor, argument)),
            None => (None, value::value(&cursor, argument)),
        },
    };
    let span = if thing.is_some() { header } else { cursor.word.span };
    let parts: Vec<String> = thing.into_iter().chain(also).collect();
    (!parts.is_empty()).then(|| Hover { span, markdown: parts.join(RULE) })
}

/// What is said of a directive as a whole.
fn whole(cursor: &Cursor<'_>) -> Option<String> {
    let (view, entry) = cursor.site?;
    if PASSES.contains(&&*cursor.directive.name.value)
        && let Some(pass) = pass::pass(view, entry)
    {
        return Some(pass);
    }
    if let Some(id) = view.config.location_at(entry) {
        let parts = std::iter::once(location::location(view, id)).chain(location::usage(cursor.analysis, view, id));
        return Some(parts.collect::<Vec<_>>().join("\n\n"));
    }
    None
}

/// Inline code that holds any text.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    if text.starts_with('`') || text.ends_with('`') { format!("{fence} {text} {fence}") } else { format!("{fence}{text}{fence}") }
}

#[cfg(test)]
mod testing {
    use std::path::Path;

    use crate::messages::Language;
    use crate::project::settings::Settings;
    use crate::text::Text;
    use crate::world::World;

    /// What is said in a language where the first of the files has `$0`. Files are named, with their texts.
    pub(super) fn said_of(files: &[(&str, &str)], language: Language) -> Option<String> {
        let folder = Path::new("/in-memory");
        let mut world = World::new(folder, vec![folder.join(files[0].0)], Settings::default());
        world.insist_on(language);
        for (name, text) in files {
            let file = world.vfs().id(&folder.join(name));
            world.set_text(file, Text::new(&text.replace("$0", "")));
        }
        let file = world.vfs().id(&folder.join(files[0].0));
        let offset = files[0].1.find("$0").expect("a cursor") as u32;
        super::hover(&world.analysis(), file, offset).map(|hover| hover.markdown)
    }

    /// The same of one file, in English.
    pub(super) fn said(conf: &str) -> Option<String> {
        said_of(&[("nginx.conf", conf)], Language::English)
    }

    /// What is said within a server.
    pub(super) fn in_server(inside: &str) -> String {
        said(&format!("events {{ }}\nhttp {{\nserver {{\nlisten 80;\nserver_name a.example;\n{inside}\n}}\n}}")).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::messages::Language;
    use crate::project::settings::Settings;
    use crate::text::Text;
    use crate::world::World;

    /// Whatever stands under the pointer, in text that is broken, too: it is answered.
    #[test]
    fn every_offset_of_odd_texts() {
        let texts = [
            "events { }\nhttp { upstream é { server a weight=0; server b weight=99999999999; hash $x } map $a $b { ~(( 1; default ${x",
            "server { listen [::1]:80-70; listen 1-99; server_name ~( *.* \"\" $; location ~* { return 999 ${; } if ($1 ~ ) { } }",
            "$ ${} $$ ; allow ::/0 1/99 ; rewrite ; rewrite ^(a|)*?[^\\]]+$ $1; location ~ ^/\u{30c6}(?<n>.{0,9999}) { root $n; }",
            "http { server { ssl_certificate ../../../x; ssl_certificate data:$x; client_max_body_size 99999999999999999999g; expires -1; } } }",
            "stream { upstream s { server x; } server { listen 1 udp; proxy_pass s; proxy_timeout 1y1M; } } mail { server { listen 25; } }",
        ];
        for text in texts {
            for language in [Language::English, Language::Japanese] {
                let folder = Path::new("/in-memory");
                let mut world = World::new(folder, vec![folder.join("nginx.conf")], Settings::default());
                world.insist_on(language);
                let file = world.vfs().id(&folder.join("nginx.conf"));
                world.set_text(file, Text::new(text));
                let analysis = world.analysis();
                let said = (0..=text.len() as u32).filter(|at| super::hover(&analysis, file, *at).is_some()).count();
                assert!(said > 0, "{text}");
            }
        }
    }
}
