//! The lines of blocks that hold keys and values: `map`, `geo`, `split_clients`.

use super::own::wildcard_is_right;
use super::{Network, Why, fixed_point, network, template_trouble};

/// A block of data, as far as its lines are read by what stands in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Block {
    /// `map`, with `hostnames` or without.
    Map {
        /// Keys are names of hosts.
        hostnames: bool,
    },
    /// `geo`, with `ranges` or without.
    Geo {
        /// Keys are ranges of addresses.
        ranges: bool,
    },
    /// `split_clients`
    Split,
}

/// What nginx refuses in a line of a block: the word, from 0 (the key), and why (`ngx_http_map`, `ngx_http_geo`, `ngx_http_split_clients`).
pub fn line<T: AsRef<str>>(block: Block, key: &str, rest: &[T]) -> Option<(usize, Why)> {
    let value = rest.first().map_or("", |word| word.as_ref());
    match block {
        Block::Map { .. } if rest.is_empty() && matches!(key, "hostnames" | "volatile") => None,
        Block::Geo { .. } if rest.is_empty() && matches!(key, "ranges" | "proxy_recursive" | "volatile") => None,
        Block::Map { .. } | Block::Geo { .. } if rest.len() != 1 => Some((rest.len().min(2), Why::Pair)),
        Block::Map { .. } if key == "include" => None,
        Block::Map { hostnames } => {
            if let Some(trouble) = template_trouble(value) {
                return Some((1, Why::Template(trouble.1)));
            }
            let plain = key != "default" && !key.starts_with(['~', '\\']);
            (hostnames && plain && !wildcard_is_right(key)).then_some((0, Why::Wildcard))
        }
        Block::Geo { ranges } => {
            let (at, written) = match key {
                "include" | "default" => return None,
                "delete" | "proxy" => (1, value),
                _ => (0, key),
            };
            let right = match ranges && key != "proxy" {
                true => network::range(written).is_some(),
                false => written == "255.255.255.255" || Network::read(written).is_some(),
            };
            (!right).then_some((at, if ranges && key != "proxy" { Why::AddressRange } else { Why::Network }))
        }
        Block::Split if rest.is_empty() || key == "*" => None,
        Block::Split => percent(key).is_none().then_some((0, Why::Percent)),
    }
}

/// Hundredths of a per cent, not 0 (`ngx_http_split_clients`).
pub fn percent(text: &str) -> Option<i64> {
    fixed_point(text.strip_suffix('%')?, 2).filter(|part| *part > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        let said = |block, text: &str| {
            let words: Vec<&str> = text.split_whitespace().collect();
            line(block, words[0], &words[1..])
        };
        let map = Block::Map { hostnames: false };
        for right in ["a b", "default $x", "~^/a$ 1", "hostnames", "volatile", "include x", "'' y"] {
            assert_eq!(said(map, right), None, "{right}");
        }
        assert_eq!(said(map, "a b c"), Some((2, Why::Pair)));
        assert_eq!(said(map, "a"), Some((0, Why::Pair)));
        assert!(matches!(said(map, "a b$"), Some((1, Why::Template(_)))));
        assert_eq!(said(Block::Map { hostnames: true }, "a.*.b x"), Some((0, Why::Wildcard)));
        assert_eq!(said(Block::Map { hostnames: true }, "*.b x"), None);
        let geo = Block::Geo { ranges: false };
        assert_eq!((said(geo, "10.0.0.0/8 1"), said(geo, "delete ::1"), said(geo, "default x")), (None, None, None));
        assert_eq!(said(geo, "10.0.0.0/40 1"), Some((0, Why::Network)));
        assert_eq!(said(geo, "proxy host"), Some((1, Why::Network)));
        let ranges = Block::Geo { ranges: true };
        assert_eq!((said(ranges, "1.0.0.0-1.0.0.9 x"), said(ranges, "ranges"), said(ranges, "volatile")), (None, None, None));
        assert_eq!(said(ranges, "1.0.0.9-1.0.0.0 x"), Some((0, Why::AddressRange)));
        assert_eq!((said(Block::Split, "0.5% a"), said(Block::Split, "* a")), (None, None));
        assert_eq!((said(Block::Split, "0.001% a"), said(Block::Split, "50 a")), (Some((0, Why::Percent)), Some((0, Why::Percent))));
    }
}
