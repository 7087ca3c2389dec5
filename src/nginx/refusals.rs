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
