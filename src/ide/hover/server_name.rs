//! A `server_name`: which hosts it means, and whether another server has it already.

use super::cursor::Cursor;
use super::directive::place;
use super::{code, regex};
use crate::message;
use crate::nginx::context::Context;

/// What a name means.
pub(super) fn server_name(cursor: &Cursor<'_>, argument: usize) -> Option<String> {
    let language = cursor.language();
    let name = cursor.word.value.to_ascii_lowercase();
    let mut parts = vec![if let Some(source) = cursor.word.value.strip_prefix('~') {
        // `ngx_http_core_server_name`
        regex::explained(language, source, source.bytes().any(|byte| byte.is_ascii_uppercase()))
    } else if let Some(rest) = name.strip_prefix("*.") {
        message!(language, "hover-name-below", name = code(&format!(".{rest}")), bare = code(rest), example = code(&format!("www.{rest}")))
    } else if let Some(rest) = name.strip_prefix('.') {
        message!(language, "hover-name-and-below", name = code(&format!(".{rest}")), bare = code(rest))
    } else if let Some(rest) = name.strip_suffix(".*") {
        message!(language, "hover-name-any-end", name = code(&format!("{rest}.")), example = code(&format!("{rest}.example.com")))
    } else {
        match &*name {
            "" => message!(language, "hover-name-empty"),
            "_" => message!(language, "hover-name-nobody"),
            "$hostname" => message!(language, "hover-name-machine"),
            name if name.contains(['$', '{', '*']) => return None,
            name => message!(language, "hover-name-exact", name = code(name)),
        }
    }];
    if let Some((view, entry)) = cursor.site.filter(|_| cursor.context == Some(Context::Server)) {
        let conflicts = view.router().sockets().iter().flat_map(|socket| socket.conflicts.iter().map(move |conflict| (socket, conflict)));
        let mine = conflicts.filter(|(_, conflict)| conflict.entry == Some(entry) && conflict.word == argument);
        parts.extend(mine.take(2).map(|(socket, conflict)| {
            let winner = view.config.display_server(conflict.winner);
            let address = if socket.port == 0 { socket.address.to_string() } else { format!("{}:{}", socket.address, socket.port) };
            let at = place(view, entry, view.config.server(conflict.winner).entry);
            message!(language, "hover-name-taken", address = code(&address), server = code(&winner), at = at)
        }));
    }
    Some(parts.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{in_server, said};

    #[test]
    fn names() {
        let check = |name: &str, wanted: &str| assert_eq!(in_server(&format!("server_name x {name};")), wanted, "{name}");
        check("A.exam$0ple.org", "The host `a.example.org`, in upper or lower case.");
    }

    #[test]
    fn patterns() {
        let check = |name: &str, wanted: &str| assert_eq!(in_server(&format!("server_name x {name};")), wanted, "{name}");
        check(
            "*.exam$0ple.com",
            "Every host that ends with `.example.com`, as `www.example.com`, however many names are before it; not `example.com` itself.",
        );
        check(".exam$0ple.com", "`example.com` and every host that ends with `.example.com`.");
        check("www.$0*", "Every host that begins with `www.`, as `www.example.com`.");
        check(
            "_$0",
            "No real host has this name: it only keeps the server from having another one. The server gets requests as the default server of an address.",
        );
        check("\"\"$0", "Requests without a `Host`.");
        assert!(in_server("server_name ~^api\\d$0+;").contains("- `api`: the text `api`"));
    }

    #[test]
    fn taken_names() {
        let said = said("http {\nserver { listen 80; server_name a; }\nserver { listen 80; server_name a$0; }\n}").unwrap_or_default();
        assert_eq!(said, "The host `a`, in upper or lower case.\n\nOn `*:80` it is ignored: `server a:80` (line 2) has the name already.");
    }
}
