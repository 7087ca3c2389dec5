//! What directives and variables are for, in a sentence or two of our own: for hovers and completion.
//!
//! The texts are in `summaries/`: a section for each module (`[ngx_http_core_module]`; `[$ngx_http_core_module]` for its variables),
//! in it a line for each name: the name, a tab, the text, in Markdown. They are read when one is first asked for.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::directives::Directive;
use super::variables::Variable;

/// All texts.
const TEXTS: &[&str] = &[
    include_str!("summaries/http.txt"),
    include_str!("summaries/other.txt"),
    include_str!("summaries/pass.txt"),
    include_str!("summaries/third-party.txt"),
    include_str!("summaries/variables.txt"),
];

type Texts = FxHashMap<(&'static str, &'static str), &'static str>;

/// Those of directives and those of variables, by module and name.
static TABLES: LazyLock<(Texts, Texts)> = LazyLock::new(|| {
    let (mut directives, mut variables) = (Texts::default(), Texts::default());
    for (section, name, summary) in all() {
        match section.strip_prefix('$') {
            Some(module) => variables.insert((module, name), summary),
            None => directives.insert((section, name), summary),
        };
    }
    (directives, variables)
});

/// All of them, as they are written: section, name, text.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    TEXTS.iter().flat_map(|text| {
        let mut section = "";
        text.lines().filter(|line| !line.starts_with('#')).filter_map(move |line| {
            if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
                section = name;
            }
            line.split_once('\t').map(|(name, summary)| (section, name, summary))
        })
    })
}

/// What the directive is for; `None` where nobody has written it down.
pub fn of_directive(directive: &Directive) -> Option<&'static str> {
    TABLES.0.get(&(directive.module, directive.name)).copied()
}

/// What the variable holds; `None` where nobody has written it down.
pub fn of_variable(variable: &Variable) -> Option<&'static str> {
    TABLES.1.get(&(variable.module, variable.name)).copied()
}
