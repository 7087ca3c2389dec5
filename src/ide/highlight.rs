//! The other places of a document that have the name under the cursor.

use aho_corasick::AhoCorasick;

use super::names::{self, Role};
use super::present::Present;
use crate::text::Span;

/// Where the name at an offset stands in the document, in order, and whether it is defined or used there. None for a word that is no name:
/// editors know words that look alike by themselves.
pub fn highlights(present: &Present<'_>, offset: u32) -> Vec<(Span, Role)> {
    // Most words are no names: the directive at the cursor says so before all others are looked at.
    if !present.at(offset).last().is_some_and(|directive| directive.header().touches(offset)) {
        return Vec::new();
    }
    let source = present.source.text.to_str();
    let here = names::within(present, &source, |head| head.touches(offset));
    let Some((here, scope)) = here.iter().rev().find(|(one, _)| one.whole.touches(offset)) else { return Vec::new() };
    // To see what each word is takes longer than to see that it has not these letters; with a backslash it may be written in others.
    let texts = AhoCorasick::builder().ascii_case_insensitive(true).build([here.name.as_str(), "\\"]);
    let places: Option<Vec<u32>> =
        texts.ok().map(|texts| texts.find_overlapping_iter(&*source).map(|found| found.start() as u32).collect());
    let may_name = |head: Span| {
        let Some(places) = &places else { return true };
        let next = places.partition_point(|place| *place < head.start);
        places.get(next).is_some_and(|place| *place < head.end)
    };
    let all = names::within(present, &source, may_name);
    let same = all.iter().filter(|(one, other)| one.is_same(here) && other == scope);
    let mut out: Vec<(Span, Role)> = same.map(|(one, _)| (one.whole, one.role)).collect();
    out.sort_by_key(|(span, _)| *span);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ide::present::testing::source;

    /// Each place as `line:text`, `=` before one that defines or sets.
    fn highlighted(text: &str) -> Vec<String> {
        let offset = text.find("|>").expect("a cursor") as u32;
        let text = text.replacen("|>", "", 1);
        let source = source(&text);
        let show = |(span, role): (Span, Role)| {
            format!("{}{}:{}", if role == Role::Write { "=" } else { "" }, source.text.line_of(span.start) + 1, &text[span.range()])
        };
        highlights(&Present::new(&source, None), offset).into_iter().map(show).collect()
    }

    const HTTP: &str = "http {\nmap $host $pool { ~^(?<tail>.) $tail; default x; }\nupstream api { server api:80; }\nlog_format main '$pool';\nlimit_req_zone $host zone=one:1m rate=1r/s;\n\
        server {\naccess_log /l main;\nlocation / { set $Pool 1; proxy_pass http://API/${pool}; limit_req zone=one; error_page 404 @down; }\nlocation @down { return 200 $tail; }\n}\n\
        server {\nlocation @down { }\nlocation ~ ^/$pool { try_files $uri @down; }\n}\n}\nstream {\nmap $a $pool { }\nserver { proxy_pass $pool; }\nupstream api { }\n}\n";

    fn at(before: &str) -> Vec<String> {
        assert_eq!(HTTP.matches(before).count(), 1, "{before}");
        highlighted(&HTTP.replacen(before, &format!("{before}|>"), 1))
    }

    #[test]
    fn variables_in_their_protocol() {
        let http = ["=2:$pool", "4:$pool", "=8:$Pool", "8:${pool}"];
        assert_eq!(at("map $host $po"), http);
        assert_eq!(at("API/${po"), http);
        assert_eq!(at("(?<ta"), ["=2:tail", "2:$tail", "9:$tail"]);
        assert_eq!(at("map $a $pool"), ["=17:$pool", "18:$pool"]);
        assert_eq!(at("location ~ ^/$po"), [""; 0]);
    }

    #[test]
    fn names_of_other_things() {
        assert_eq!(at("server api:8").len(), 0);
        assert_eq!(at("http://AP"), ["=3:api", "8:API"]);
        assert_eq!(at("log_format ma"), ["=4:main", "7:main"]);
        assert_eq!(at("limit_req zone=on"), ["=5:one", "8:one"]);
        assert_eq!(at("error_page 404 @do"), ["8:@down", "=9:@down"]);
        assert_eq!(at("try_files $uri @"), ["=12:@down", "13:@down"]);
        assert_eq!(at("access_lo").len(), 0);
    }
}
