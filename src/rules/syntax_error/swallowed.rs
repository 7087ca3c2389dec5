//! A directive whose `;` is missing: nginx reads the next one as more arguments of it. Does it take them?

use std::iter;

use super::{Report, excerpt};
use crate::config::EntryId;
use crate::message;
use crate::nginx::context::Context;
use crate::nginx::directives::{self, Directive as Known};
use crate::nginx::refusals::Refusal;
use crate::nginx::values::{self, Refused, Why};
use crate::project::Place;
use crate::rules::claims::is_filled_in;
use crate::rules::standing::Standing;
use crate::rules::{Confidence, Finding, Severity};
use crate::syntax::{Body, Directive};
use crate::text::Span;
use crate::world::{Analysis, View};

/// What reads the words of a line, by where it stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Reader {
    /// A directive.
    Directive(&'static Known),
    /// A block that wants a key and a value (`map`, `geo`, `split_clients`).
    Pair,
    /// A block that takes any words, or of which that is not known.
    Any,
}

/// All that read what stands at a place; where no configuration says it, whatever has this name.
pub(super) fn readers(analysis: &Analysis, place: Place, name: &str) -> Vec<Reader> {
    let reading = |view: View| -> Vec<Reader> {
        let found = view.config.inside(&[place]);
        found.iter().filter(|id| view.config.place(*id) == place).flat_map(|id| readers_of(view, id)).collect()
    };
    let readers: Vec<Reader> = analysis.views().filter(|view| view.reads(place.file)).flat_map(reading).collect();
    if readers.is_empty() { of_name(name) } else { readers }
}

fn readers_of(view: View, id: EntryId) -> Vec<Reader> {
    let config = view.config;
    if config.entry(id).context == Some(Context::Data) {
        let pairs = |block: EntryId| matches!(config.name(block), "map" | "geo" | "split_clients");
        return vec![if config.ancestors(id).nth(1).is_some_and(pairs) { Reader::Pair } else { Reader::Any }];
    }
    Standing::of(view, id).iter().flat_map(Standing::candidates).map(Reader::Directive).collect()
}

/// Whatever has the name.
pub(super) fn of_name(name: &str) -> Vec<Reader> {
    directives::named(name).iter().map(Reader::Directive).collect()
}

/// What nginx says.
enum Verdict {
    Taken,
    Refused(Refusal),
    /// An argument that it does not take.
    Argument,
    /// The name of a host, which is looked up.
    Host,
}

/// The words that nginx reads as those of one directive.
struct Merged<'a> {
    own: &'a Directive,
    /// All arguments: its own, and then the words of those that it takes.
    args: Vec<&'a str>,
    /// The last that it takes.
    last: &'a Directive,
}

impl Merged<'_> {
    /// `ngx_conf_handler` looks at what ends the directive, counts, and calls the directive's function.
    fn read_by(&self, reader: Reader) -> Verdict {
        let known = match reader {
            Reader::Directive(known) => known,
            // "invalid number of the map parameters": the key is one of two.
            Reader::Pair if self.args.len() > 1 => return Verdict::Argument,
            Reader::Pair | Reader::Any => return Verdict::Taken,
        };
        match (matches!(self.last.body, Body::Simple), known.is_block()) {
            (true, true) => Verdict::Refused(Refusal::NoOpening),
            (false, false) => Verdict::Refused(Refusal::NotTerminated),
            _ if !known.arguments.allow(self.args.len()) => Verdict::Refused(Refusal::Arguments),
            _ if self.refuses_values(known) => Verdict::Argument,
            // `ngx_resolver_create`: "host not found in resolver".
            _ if known.name == "resolver" => Verdict::Host,
            _ => Verdict::Taken,
        }
    }

    /// Is there a value that is refused because of what was taken?
    fn refuses_values(&self, known: &'static Known) -> bool {
        let own = &self.args[..self.own.args.len()];
        let is_certain = |refused: &&Refused| match refused.why {
            Why::Missing(_) => !self.args.iter().any(|word| is_filled_in(word)),
            _ => self.args.get(refused.argument).is_some_and(|word| !is_filled_in(word)),
        };
        let all = values::check(known, &self.args);
        let mut certain = all.iter().filter(is_certain).peekable();
        certain.peek().is_some() && values::check(known, own).is_empty() || certain.any(|refused| refused.argument >= own.len())
    }
}

impl Report<'_> {
    /// The `;` belongs behind `last`, and the next directive begins at `next`.
    pub(super) fn swallows(&self, last: Span, next: u32) -> Finding {
        let language = self.language;
        let (own, taken) = (self.directive_at(last.start), self.directive_at(next));
        let quoted = |directive: &Directive| format!("`{}`", directive.name.value);
        let name = own.map_or_else(|| self.say("syntax-error-this-directive"), quoted);
        let verdict = own.zip(taken).map_or(Verdict::Taken, |(own, taken)| self.verdict(own, taken));
        if let (Verdict::Refused(refusal @ Refusal::NoOpening), Some(own)) = (&verdict, own) {
            let header = &self.source[own.header().range()];
            return self.error(own.header(), message!(language, "syntax-error-unopened", name = excerpt(header))).note(message!(
                language,
                "syntax-error-refuses",
                text = refusal.says(&own.name.value)
            ));
        }
        let place = taken.map_or(Span::at(next), |directive| directive.name.span);
        let taken = taken.map_or_else(|| self.say("syntax-error-next-line"), quoted);
        let mut finding = self
            .error(last, message!(language, "syntax-error-swallows", name = &*name, taken = taken, line = self.line(next)))
            .related(self.place(place), self.say("syntax-error-looks-like-directive"));
        finding = match &verdict {
            Verdict::Taken => finding.note(self.say("syntax-error-if-argument")),
            Verdict::Refused(refusal) => {
                let text = refusal.says(own.map_or("", |own| &own.name.value));
                finding.note(message!(language, "syntax-error-refuses", text = text))
            }
            Verdict::Argument => finding.note(message!(language, "syntax-error-refuses-argument", name = name)),
            Verdict::Host => finding.note(self.say("syntax-error-refuses-host")),
        };
        match verdict {
            Verdict::Taken => (finding.severity, finding.confidence) = (Severity::Warning, Confidence::Likely),
            Verdict::Host => finding.confidence = Confidence::Likely,
            Verdict::Refused(_) | Verdict::Argument => {}
        }
        finding.fix(self.edit("syntax-error-add-semicolon", false, Span::at(last.end), ";"))
    }

    /// What nginx says to it, whichever reads it; that it takes it where one of them does.
    fn verdict(&self, own: &Directive, taken: &Directive) -> Verdict {
        let merged = self.merged(own, taken);
        let verdicts = (self.readers)(own).into_iter().map(|reader| merged.read_by(reader));
        let weight = |verdict: &Verdict| match verdict {
            Verdict::Taken => 0,
            Verdict::Host => 1,
            Verdict::Refused(Refusal::NoOpening) => 3,
            Verdict::Argument | Verdict::Refused(_) => 2,
        };
        verdicts.min_by_key(weight).unwrap_or(Verdict::Taken)
    }

    /// With all that is taken: up to a `;`, or to what stands before a block.
    fn merged<'a>(&'a self, own: &'a Directive, taken: &'a Directive) -> Merged<'a> {
        let goes_on = |directive: &&Directive| matches!(directive.body, Body::Simple) && directive.span.end == directive.header().end;
        let behind = |directive: &&'a Directive| {
            let last = Some(*directive).filter(goes_on)?;
            self.directive_at(self.next_token(last.span.end)).filter(|next| next.span.start > last.span.start)
        };
        let (mut args, mut last): (Vec<&str>, _) = (own.args.iter().map(|word| &*word.value).collect(), taken);
        for directive in iter::successors(Some(taken), behind) {
            args.extend(iter::once(&directive.name).chain(&directive.args).map(|word| &*word.value));
            last = directive;
        }
        Merged { own, args, last }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::findings;

    fn found(text: &str) -> Vec<(Severity, Confidence, String)> {
        let source = format!("events {{}}\nhttp {{\n{text}\n}}\n");
        findings(super::super::check, &source).into_iter().map(|one| (one.severity, one.confidence, one.message)).collect()
    }

    fn told(text: &str) -> (Severity, Confidence) {
        let found = found(text);
        let [(severity, confidence, _)] = &found[..] else { panic!("{text}: {found:?}") };
        (*severity, *confidence)
    }

    const REFUSED: (Severity, Confidence) = (Severity::Error, Confidence::Proven);
    const TAKEN: (Severity, Confidence) = (Severity::Warning, Confidence::Likely);

    /// `nginx -t` was asked of each.
    #[test]
    fn what_nginx_refuses_is_an_error() {
        for text in [
            "listen 80\nserver_name a;",
            "listen 80\nroot /x;",
            "root /a\nindex b;",
            "access_log off\nroot /x;",
            "access_log /l combined\ngzip on;",
            "error_log /l\nroot /x;",
            "error_page 404 /x\nroot /x;",
            "ssl_protocols TLSv1.2\nssl_ciphers a;",
            "allow all\nbreak;",
            "add_header A b\nbreak;",
            "expires 1h\nbreak;",
            "server_name a\nlocation / {}",
            "if ($uri)\nlocation / {}",
        ] {
            assert_eq!(told(&format!("server {{\n{text}\n}}")), REFUSED, "{text}");
        }
        assert_eq!(told("upstream a {\nserver b:1\nserver b:2;\n}"), REFUSED);
        assert_eq!(told("map $uri $a {\nindex 1\nroot 2;\n}"), REFUSED);
    }

    #[test]
    fn what_nginx_takes_is_a_warning() {
        for text in [
            "server_name a\nlisten 81;",
            "server_name a\nroot /x;",
            "index a\nroot /x;",
            "gzip_types a/b\ngzip on;",
            "return 200\nbreak;",
            "rewrite a b\nbreak;",
            "try_files a\nroot /x;",
            "access_log /l\nbreak;",
        ] {
            assert_eq!(told(&format!("server {{\n{text}\n}}")), TAKEN, "{text}");
        }
        assert_eq!(told("types {\nroot a\nindex b;\n}"), TAKEN);
        // Each as if the others had theirs.
        let severities: Vec<Severity> =
            found("server {\nlisten 80\nserver_name a\nroot /x;\n}").into_iter().map(|(severity, ..)| severity).collect();
        assert_eq!(severities, [Severity::Error, Severity::Warning]);
    }

    #[test]
    fn a_host_is_looked_up() {
        assert_eq!(told("server {\nresolver 127.0.0.1\nbreak;\n}"), (Severity::Error, Confidence::Likely));
    }

    #[test]
    fn a_block_lacks_its_brace() {
        let found = found("server {\nlocation / {\nlimit_except GET\nroot /x;\n}\n}");
        assert_eq!(found, [(Severity::Error, Confidence::Proven, "`limit_except GET` lacks its `{`".to_owned())]);
    }
}
