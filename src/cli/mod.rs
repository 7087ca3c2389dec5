//! The command line: check, explain, lsp; and how findings are printed.
