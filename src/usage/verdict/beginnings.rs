//! What the URIs of a location begin with, and which locations of a server may get one of which only the beginning is known, without a look at each.

use crate::config::{Config, LocationId, Matcher};

/// Locations by what their URIs begin with; those with a name (`@x`) get none.
pub(in crate::usage) struct Beginnings<'a> {
    config: &'a Config,
    sorted: Vec<(&'a str, LocationId)>,
    /// The lengths of these texts, ascending, each once.
    lengths: Vec<usize>,
}

impl<'a> Beginnings<'a> {
    /// Of these locations.
    pub(in crate::usage) fn new(config: &'a Config, ids: &[LocationId]) -> Beginnings<'a> {
        let matcher = |id: LocationId| &config.location(id).matcher;
        let unnamed = ids.iter().copied().filter(|id| !matches!(matcher(*id), Matcher::Named(_)));
        let mut sorted: Vec<(&str, LocationId)> = unnamed.map(|id| (beginning(matcher(id)), id)).collect();
        sorted.sort_unstable();
        let mut lengths: Vec<usize> = sorted.iter().map(|(own, _)| own.len()).collect();
        lengths.sort_unstable();
        lengths.dedup();
        Beginnings { config, sorted, lengths }
    }

    /// Those whose own URIs all begin so, sorted by their beginnings.
    pub(in crate::usage) fn longer(&self, begin: &str) -> impl Iterator<Item = LocationId> {
        let first = self.sorted.partition_point(|(own, _)| *own < begin);
        let from = self.sorted.get(first..).unwrap_or_default().iter();
        from.take_while(move |(own, _)| own.starts_with(begin)).map(|(_, id)| *id)
    }

    /// Those to which a URI may come that begins so, in reading order: all that are not surely for others.
    pub(super) fn may_take(&self, begin: &str) -> Vec<LocationId> {
        let first = |text: &str| self.sorted.partition_point(|(own, _)| *own < text);
        let from = |at: usize| self.sorted.get(at..).unwrap_or_default().iter();
        let longer = self.longer(begin);
        // What begins like the URI and ends sooner, unless that is all that is taken.
        let starts = self.lengths.iter().take_while(|length| **length < begin.len()).filter_map(|end| begin.get(..*end));
        let shorter = starts.flat_map(|start| from(first(start)).take_while(move |(own, _)| *own == start)).map(|(_, id)| *id);
        let shorter = shorter.filter(|id| !matches!(self.config.location(*id).matcher, Matcher::Exact(_)));
        let mut out: Vec<LocationId> = longer.chain(shorter).collect();
        out.sort_unstable();
        out
    }
}

/// The text that a matcher compares; `None` for a regex.
pub(in crate::usage) fn name(matcher: &Matcher) -> Option<&str> {
    match matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } | Matcher::Named(name) => Some(name),
        Matcher::Regex { .. } => None,
    }
}

/// What every URI that the matcher takes begins with, as far as it is plain text; of a regex only when it is anchored.
pub(in crate::usage) fn beginning(matcher: &Matcher) -> &str {
    match matcher {
        Matcher::Exact(name) | Matcher::Prefix { path: name, .. } => name,
        Matcher::Regex { caseless: true, .. } | Matcher::Named(_) => "",
        Matcher::Regex { pattern, .. } => {
            let Some(rest) = pattern.strip_prefix('^') else { return "" };
            let plain = rest.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '/' | '_' | '-'))).unwrap_or(rest.len());
            // What stands before a quantifier may be there or not, and an alternative outside of brackets begins otherwise.
            let optional = rest.get(plain..).is_some_and(|rest| rest.starts_with(['?', '*', '{']));
            match rest.contains('|') && !rest.contains('(') {
                true => "",
                false => rest.get(..plain.saturating_sub(usize::from(optional))).unwrap_or_default(),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routing::testing::load;

    #[test]
    fn those_that_are_not_surely_for_others() {
        let locations = "location / {} location /api/ { location /api/v1 {} } location = /api/ {} location = /api/v1/x {} location ~ ^/api/(v1|v2) {} \
                         location ~ \\.php$ {} location ^~ /apis {} location @a {}";
        let (config, _) = load(&format!("http {{ server {{ {locations} }} }}"));
        let ids: Vec<LocationId> = (0..config.locations.len() as u32).map(LocationId).collect();
        let beginnings = Beginnings::new(&config, &ids);
        let may_take = |begin| beginnings.may_take(begin).into_iter().map(|id| config.location(id).matcher.display()).collect::<Vec<_>>();
        assert_eq!(may_take("/api/v1"), ["/", "/api/", "/api/v1", "= /api/v1/x", "~ ^/api/(v1|v2)", "~ \\.php$"]);
        assert_eq!(may_take("/apis/x"), ["/", "~ \\.php$", "^~ /apis"]);
        assert_eq!(may_take("").len(), ids.len() - 1);
    }
}
