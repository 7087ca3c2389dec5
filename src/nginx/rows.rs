//! Tables in text, sorted by the names in their first column: the rows of one name are found by halving, and no others are read.

/// The rows of a table with that name, in their order; none where the name is not there. Lines that begin with `#` stand at the top.
pub(super) fn of(table: &'static str, name: &str) -> impl Iterator<Item = &'static str> {
    table.get(first(table, name)..).unwrap_or_default().lines().take_while(move |line| key(line) == name)
}

/// The first column of a row.
pub(super) fn key(line: &str) -> &str {
    memchr::memchr(b'\t', line.as_bytes()).and_then(|end| line.get(..end)).unwrap_or(line)
}

/// Where the first row begins whose name is not less.
fn first(table: &str, name: &str) -> usize {
    let bytes = table.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = bytes.get(low..middle).and_then(|before| memchr::memrchr(b'\n', before)).map_or(low, |end| low + end + 1);
        let end = bytes.get(start..high).and_then(|rest| memchr::memchr(b'\n', rest)).map_or(high, |end| start + end);
        if key(table.get(start..end).unwrap_or_default()) < name {
            low = (end + 1).min(high);
        } else {
            high = start;
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "# name\twhat\na\t1\nab\t2\nab\t3\nb\t4\nc\n";

    #[test]
    fn each_name_has_its_rows() {
        let found = |name: &str| of(TABLE, name).collect::<Vec<_>>();
        assert_eq!(found("a"), ["a\t1"]);
        assert_eq!(found("ab"), ["ab\t2", "ab\t3"]);
        assert_eq!(found("b"), ["b\t4"]);
        assert_eq!(found("c"), ["c"]);
        for name in ["", "A", "aa", "abc", "bb", "d"] {
            assert!(found(name).is_empty(), "{name}");
        }
        assert_eq!(of("", "a").count() + of("a\t1", "b").count(), 0);
        assert_eq!(of("a\t1", "a").count(), 1);
    }
}
