//! A Markdown table that can be read as it is printed.

use std::fmt::{self, Display};

/// How a column is aligned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
}

pub struct Table {
    columns: Vec<(String, Align)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub fn new<'a>(columns: impl IntoIterator<Item = (&'a str, Align)>) -> Table {
        Table { columns: columns.into_iter().map(|(title, align)| (title.to_owned(), align)).collect(), rows: Vec::new() }
    }

    /// A row; what is missing at its end is empty.
    pub fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        // A bar in a cell would begin the next one.
        self.rows.push(cells.into_iter().map(|cell| cell.replace('|', "\\|")).collect());
    }
}

impl Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cell = |row: &[String], column: usize| row.get(column).cloned().unwrap_or_default();
        let width = |column: usize| {
            let cells = self.rows.iter().map(|row| cell(row, column).chars().count());
            let title = self.columns.get(column).map_or(0, |(title, _)| title.chars().count());
            cells.chain([title, 3]).max().unwrap_or(3)
        };
        let widths: Vec<usize> = (0..self.columns.len()).map(width).collect();
        let line = |f: &mut fmt::Formatter<'_>, cells: &[String]| {
            for ((column, (_, align)), width) in self.columns.iter().enumerate().zip(&widths) {
                let cell = cell(cells, column);
                match align {
                    Align::Left => write!(f, "| {cell:<width$} ")?,
                    Align::Right => write!(f, "| {cell:>width$} ")?,
                }
            }
            writeln!(f, "|")
        };
        line(f, &self.columns.iter().map(|(title, _)| title.clone()).collect::<Vec<_>>())?;
        for ((_, align), width) in self.columns.iter().zip(&widths) {
            let dashes = "-".repeat(width + 1);
            match align {
                Align::Left => write!(f, "|{dashes}-")?,
                Align::Right => write!(f, "|{dashes}:")?,
            }
        }
        writeln!(f, "|")?;
        self.rows.iter().try_for_each(|row| line(f, row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_what_is_in_them() {
        let mut table = Table::new([("lines", Align::Right), ("command", Align::Left), ("×", Align::Right)]);
        table.row(["100".to_owned(), "a | b".to_owned(), "12.3".to_owned()]);
        table.row(["100000".to_owned(), "é".to_owned()]);
        let wanted = "\
|  lines | command |    × |
|-------:|---------|-----:|
|    100 | a \\| b  | 12.3 |
| 100000 | é       |      |
";
        assert_eq!(table.to_string(), wanted);
    }
}
