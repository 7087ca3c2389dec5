//! What nginx says itself when it refuses a directive, word for word: what people search for.

/// Why (`ngx_conf_handler`, and the setters of values).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// No module has the name.
    Unknown,
    /// It may stand elsewhere.
    NotAllowedHere,
    /// Too many or too few.
    Arguments,
    /// A `;` in place of a block.
    NoOpening,
    /// A block in place of a `;`.
    NotTerminated,
    /// There is one already.
    Duplicate,
}

/// A block where only lines of data may stand (`ngx_conf_parse`).
pub const UNEXPECTED_OPEN: &str = "unexpected \"{\"";

/// The last word of a condition has no `)` (`ngx_http_rewrite_if_condition`).
pub fn invalid_condition(last: &str) -> String {
    format!("invalid condition \"{last}\"")
}

/// PCRE refuses a regex (`ngx_regex_compile`).
pub fn invalid_regex(why: &str, regex: &str) -> String {
    format!("pcre2_compile() failed: {why} in \"{regex}\"")
}

impl Refusal {
    /// The message about the directive of a name, without the place.
    pub fn says(self, name: &str) -> String {
        match self {
            Refusal::Unknown => format!("unknown directive \"{name}\""),
            Refusal::NotAllowedHere => format!("\"{name}\" directive is not allowed here"),
            Refusal::Arguments => format!("invalid number of arguments in \"{name}\" directive"),
            Refusal::NoOpening => format!("directive \"{name}\" has no opening \"{{\""),
            Refusal::NotTerminated => format!("directive \"{name}\" is not terminated by \";\""),
            Refusal::Duplicate => format!("\"{name}\" directive is duplicate"),
        }
    }
}
