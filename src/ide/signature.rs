//! What a directive's arguments are, while they are typed: each way to write it, and which parameter the cursor is in.

mod parts;

use std::ops::Range;

use crate::ide::complete::context;
use crate::ide::complete::scan::{Inside, Scene};
use crate::message;
use crate::messages::{Joint, Language, join};
use crate::nginx::directives::Directive;
use crate::nginx::parameters::{self, Kind};
use crate::nginx::summaries;
use crate::project::FileId;
use crate::text::Text;
use crate::world::Analysis;
use parts::Part;

/// The greatest number of most of nginx's fields (`NGX_MAX_INT32_VALUE`).
const LARGE: u32 = 2_147_483_647;

/// How many words of a list are named.
const WORDS: usize = 12;

/// All ways to write a directive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Help {
    /// Each of them.
    pub signatures: Vec<Signature>,
    /// The one that fits what is written.
    pub active: usize,
    /// What the directive is for, in Markdown.
    pub documentation: Option<String>,
}

/// One way to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `proxy_cache_valid [<code> ...] <time>`
    pub label: String,
    /// Its parameters in their order.
    pub parameters: Vec<Parameter>,
    /// The one that the cursor is in; `None` where it is behind all of them.
    pub active: Option<usize>,
}

/// A parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Where it is in the label, in bytes.
    pub range: Range<usize>,
    /// What it takes, in a few words.
    pub meaning: Option<String>,
}

/// The help at an offset of a file's present text; `None` outside of a directive's arguments, and for one that is not known. Nothing is
/// analysed: the last analysis says what the file is part of.
pub fn signature(analysis: &Analysis, file: FileId, text: &Text, offset: u32) -> Option<Help> {
    let source = text.to_str();
    let scene = Scene::new(&source, text.floor(offset));
    let argument = scene.index.checked_sub(1)?;
    if scene.inside != Inside::Words {
        return None;
    }
    let views = context::views(analysis, file);
    let place = context::find(&views, file, &analysis.project.vfs.path(file), &scene);
    if place.is_data() {
        return None;
    }
    let record = place.directive(scene.word(0)?)?;
    // What is behind the cursor says nothing of what is typed at it.
    let written: Vec<&str> =
        (1..scene.words.len()).map_while(|index| scene.word(index)).take(argument + usize::from(scene.on_word)).collect();
    let forms: Vec<(&'static str, Vec<Part>)> = record.syntaxes().map(|syntax| (syntax, parts::read(syntax))).collect();
    if forms.is_empty() {
        return None;
    }
    let fitting = || forms.iter().enumerate().filter(|(_, (_, parts))| parts::fits(parts, &written, argument));
    let meant = fitting().find(|(_, (_, parts))| written.first().is_some_and(|word| parts::means(parts, word)));
    let active = meant.or_else(|| fitting().next()).map_or(0, |(index, _)| index);
    let signatures = forms.iter().map(|(syntax, parts)| form(analysis.language, record, syntax, parts, &written, argument)).collect();
    Some(Help { signatures, active, documentation: summaries::of_directive(record).map(str::to_owned) })
}

fn form(
    language: Language,
    record: &'static Directive,
    syntax: &'static str,
    parts: &[Part],
    written: &[&str],
    argument: usize,
) -> Signature {
    let start = record.name.len() + 1;
    let parameters = (0..).zip(parts).map(|(index, part)| Parameter {
        range: start + part.range.start..start + part.range.end,
        meaning: meaning(language, record, part, index),
    });
    Signature {
        label: format!("{} {syntax}", record.name),
        parameters: parameters.collect(),
        active: parts::active(parts, written, argument),
    }
}

/// What a parameter takes, as far as the table of parameters says it.
fn meaning(language: Language, record: &Directive, part: &Part, index: usize) -> Option<String> {
    let all = parameters::of(record)?;
    let key = part.key();
    let kinds: Vec<Kind> = match key {
        Some(key) => {
            let of_key = all.iter().flat_map(|parameter| &parameter.alternatives).filter(|alternative| alternative.key == key);
            of_key.map(|alternative| alternative.kind).collect()
        }
        // A word by itself says what it is.
        None if part.is_words() => return None,
        None => {
            let parameter = parameters::at(record, index)?;
            parameter.alternatives.iter().filter(|alternative| alternative.key.is_empty()).map(|alternative| alternative.kind).collect()
        }
    };
    let mut said: Vec<String> = kinds.into_iter().filter_map(|kind| kind_in_words(language, kind)).collect();
    said.dedup();
    (!said.is_empty()).then(|| join(language, Joint::Or, &said))
}

fn kind_in_words(language: Language, kind: Kind) -> Option<String> {
    let say = |id: &str| message!(language, id);
    Some(match kind {
        Kind::Flag => say("signature-flag"),
        Kind::Size => say("signature-size"),
        Kind::Offset => say("signature-offset"),
        Kind::Time => say("signature-time"),
        Kind::Seconds => say("signature-seconds"),
        Kind::Number(None) => say("signature-number"),
        // What no number of nginx exceeds is no limit to a person.
        Kind::Number(Some((0, LARGE..))) => say("signature-number"),
        Kind::Number(Some((low, LARGE..))) => message!(language, "signature-number-from", low = low.to_string()),
        Kind::Number(Some((low, high))) => message!(language, "signature-number-between", low = low.to_string(), high = high.to_string()),
        Kind::Word(words) => {
            let words: Vec<String> = words.split('|').map(|word| format!("`{word}`")).collect();
            crate::messages::list(language, &words, WORDS)
        }
        Kind::Template => say("signature-template"),
        Kind::Regex => say("signature-regex"),
        Kind::Variable => say("signature-variable"),
        Kind::File => say("signature-file"),
        Kind::Folder => say("signature-folder"),
        Kind::Path => say("signature-path"),
        Kind::Url => say("signature-url"),
        Kind::Address => say("signature-address"),
        Kind::Listen => say("signature-listen"),
        Kind::Cidr => say("signature-cidr"),
        Kind::Uri => say("signature-uri"),
        Kind::Name(directive) => message!(language, "signature-name", directive = directive),
        Kind::Zone => say("signature-zone"),
        Kind::Rate => say("signature-rate"),
        Kind::Access => say("signature-access"),
        Kind::Condition => say("signature-condition"),
        Kind::Status => say("signature-status"),
        Kind::RequestHeader => say("signature-request-header"),
        Kind::ResponseHeader => say("signature-response-header"),
        Kind::Mime => say("signature-mime"),
        Kind::Method => say("signature-method"),
        Kind::Ciphers => say("signature-ciphers"),
        Kind::ServerName => say("signature-server-name"),
        Kind::Text => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::project::settings::Settings;
    use crate::world::World;

    /// The active form with its active parameter in `«»`, and what that takes; at `$0`, in a server.
    fn shown(line: &str) -> Option<String> {
        let conf = format!("events {{ }}\nhttp {{\nserver {{\n{line}\n}}\n}}");
        let offset = conf.find("$0")? as u32;
        let text = Text::new(&conf.replace("$0", ""));
        let path = Path::new("/in-memory/nginx.conf");
        let mut world = World::new(Path::new("/in-memory"), vec![path.to_path_buf()], Settings::default());
        let file = world.vfs().id(path);
        // The analysis is of an older text.
        world.set_text(file, Text::new("events { }\nhttp {\nserver {\n}\n}"));
        let help = signature(&world.analysis(), file, &text, offset)?;
        let form = help.signatures.get(help.active)?;
        let Some(parameter) = form.active.and_then(|active| form.parameters.get(active)) else { return Some(form.label.clone()) };
        let (start, end) = (parameter.range.start, parameter.range.end);
        let marked = format!("{}«{}»{}", &form.label[..start], &form.label[start..end], &form.label[end..]);
        Some(match &parameter.meaning {
            Some(meaning) => format!("{marked}: {meaning}"),
            None => marked,
        })
    }

    #[test]
    fn the_parameter_at_the_cursor() {
        let check = |line: &str, wanted: &str| assert_eq!(shown(line).as_deref(), Some(wanted), "{line}");
        check("client_max_body_size $0", "client_max_body_size «<size>»: a size: bytes, or with `k`, `m` or `g`");
        check("client_max_body_size 8m$0;", "client_max_body_size «<size>»: a size: bytes, or with `k`, `m` or `g`");
        check("client_max_body_size 8m $0", "client_max_body_size <size>");
        check("proxy_buffers 8 $0;", "proxy_buffers <number> «<size>»: a size: bytes, or with `k` or `m`");
        check("gzip $0", "gzip «on | off»");
        check("rewrite ^/a $0", "rewrite <regex> «<replacement>» [<flag>]: text with variables");
        check("limit_req zone=a burst=$0", "limit_req zone=<name> «[burst=<number>]» [nodelay | delay=<number>]: a number, 1 or more");
        check("return 301 $0", "return <code> «[<text>]»: text with variables");
        check("add_header X-A b $0", "add_header <name> <value> «[always]»");
    }

    #[test]
    fn the_form_that_fits() {
        assert!(shown("location @a$0 {").is_some_and(|shown| shown.starts_with("location «@<name>»")));
        assert!(shown("location ~ $0").is_some_and(|shown| shown.contains("«<uri>»")));
        assert!(shown("listen unix:$0").is_some_and(|shown| shown.starts_with("listen «unix:<path>»")));
        assert!(shown("listen 80 default_server s$0").is_some_and(|shown| shown.contains("«[ssl]»")));
    }

    #[test]
    fn elsewhere_there_is_none() {
        assert_eq!(shown("clien$0t_max_body_size 8m;"), None);
        assert_eq!(shown("nonsense $0"), None);
        assert_eq!(shown("# gzip $0"), None);
        assert_eq!(shown("types { text/html $0 }"), None);
        assert_eq!(shown("gzip on; $0"), None);
    }
}
