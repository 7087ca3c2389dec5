//! What is told of an item when somebody looks at it.

use super::item::About;
use crate::ide::hover::syntax;
use crate::message;
use crate::messages::Language;
use crate::nginx::directives::{self, Directive};
use crate::nginx::summaries;
use crate::nginx::variables::{self, Variable};

/// The documentation of what an item is about, in Markdown; `None` for what is known nowhere.
pub fn documentation(about: &About, language: Language) -> Option<String> {
    match about {
        About::Directive { name, module } => {
            let directive = directives::named(name).iter().find(|directive| directive.module == module)?;
            Some(of_directive(directive, language))
        }
        About::Variable { name, protocol } => {
            let variable = variables::all().iter().find(|variable| variable.name == name && variable.protocol == protocol)?;
            Some(of_variable(variable, language))
        }
    }
}

fn of_directive(directive: &Directive, language: Language) -> String {
    let mut parts = vec![syntax(directive)];
    parts.extend(summaries::of_directive(directive).map(str::to_owned));
    let mut facts = Vec::new();
    let defaults: Vec<String> = directive.defaults().map(|default| format!("`{default}`")).collect();
    if !defaults.is_empty() {
        facts.push(message!(language, "complete-default", value = defaults.join(", ")));
    }
    let contexts: Vec<String> = directive.contexts.iter().map(|context| format!("`{}`", context.name())).collect();
    facts.push(match directive.contexts == crate::nginx::context::Contexts::ALL {
        true => message!(language, "complete-contexts-all"),
        false => message!(language, "complete-contexts", contexts = contexts.join(", ")),
    });
    facts.push(origin(directive.module, directive.package, directive.since, language));
    parts.push(facts.iter().map(|fact| format!("- {fact}")).collect::<Vec<_>>().join("\n"));
    parts.extend(directive.documentation().map(|page| message!(language, "complete-documentation", page = page)));
    parts.join("\n\n")
}

fn of_variable(variable: &Variable, language: Language) -> String {
    let name = if variable.prefix { format!("{}…", variable.name) } else { variable.name.to_owned() };
    let mut parts = vec![format!("`${name}`")];
    parts.extend(summaries::of_variable(variable).map(str::to_owned));
    parts.push(format!("- {}", origin(variable.module, variable.package, variable.since, language)));
    parts.extend(variable.documentation().map(|page| message!(language, "complete-documentation", page = page)));
    parts.join("\n\n")
}

fn origin(module: &str, package: &str, since: &str, language: Language) -> String {
    let of = match (module, package) {
        ("", package) => package.to_owned(),
        (module, "nginx") => module.to_owned(),
        (module, package) => format!("{module} ({package})"),
    };
    match since {
        "" => message!(language, "complete-module", module = of),
        since => message!(language, "complete-module-since", module = of, since = since),
    }
}
