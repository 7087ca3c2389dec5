//! A configuration that depends on nothing of its host but a folder.

use std::path::Path;
use std::sync::Arc;

use nginx_analyzer::nginx::directives;
use nginx_analyzer::project::RootKind;
use nginx_analyzer::syntax::{Body, Directive, Parse};
use nginx_analyzer::text::{Span, Text};

use crate::support::load;

/// A folder with the files that prepared configurations name.
pub fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).expect("a file in a temporary folder");
    write("certificate.pem", include_bytes!("certificate.pem"));
    write("key.pem", include_bytes!("key.pem"));
    write("dh.pem", include_bytes!("dh.pem"));
    write("ticket.key", &[7; 80]);
    write("password", b"x\n");
    for name in ["mime.types", "fastcgi_params", "fastcgi.conf", "uwsgi_params", "scgi_params", "proxy_params"] {
        write(name, &std::fs::read(Path::new("/etc/nginx").join(name)).unwrap_or_default());
    }
    folder
}

/// The text as a whole configuration of that folder; `None` for a template and for what nobody could run by itself.
pub fn whole(text: &str, folder: &Path) -> Option<String> {
    if ["{{", "{%", "<%", "@@", "${"].iter().any(|mark| text.contains(mark)) {
        return None;
    }
    let kind = load(text).project.roots.first()?.kind;
    let text = text.trim_start_matches('\u{feff}');
    let text = match kind {
        RootKind::Main => text.to_owned(),
        RootKind::Http => format!("events {{}}\nhttp {{\n{text}\n}}\n"),
        RootKind::Server => format!("events {{}}\nhttp {{\nserver {{\n{text}\n}}\n}}\n"),
        RootKind::Snippet => format!("events {{}}\nhttp {{\nserver {{\nlocation / {{\n{text}\n}}\n}}\n}}\n"),
    };
    let parse = Parse::with_vocabulary(&Text::new(&text), directives::is_known);
    let mut edits = Vec::new();
    collect(&text, &parse.directives, folder, &mut edits, 0);
    edits.sort_by_key(|(span, _): &(Span, String)| span.start);
    let mut out = modules();
    let names: Vec<&str> = parse.directives.iter().map(|directive| &*directive.name.value).collect();
    for (name, line) in [("pid", format!("pid {}/pid;\n", folder.display())), ("events", "events {}\n".to_owned())] {
        if !names.contains(&name) {
            out.push_str(&line);
        }
    }
    out.push_str("error_log stderr emerg;\n");
    let mut last = 0;
    for (span, with) in edits {
        if span.start as usize >= last {
            out.push_str(text.get(last..span.start as usize)?);
            out.push_str(&with);
            last = span.end as usize;
        }
    }
    out.push_str(text.get(last..)?);
    Some(out)
}

/// Loads the modules of the system of which the catalogue has the facts. With another anything might be right.
fn modules() -> String {
    let entries = std::fs::read_dir("/usr/lib/nginx/modules").into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    // Lua's needs the development kit, those of stream need stream.
    names.sort_by_key(|name| (!name.starts_with("ndk"), name != "ngx_stream_module.so", name.clone()));
    const OTHERS: [&str; 5] = ["auth_pam", "dav_ext", "perl", "uploadprogress", "upstream_fair"];
    names.retain(|name| !OTHERS.iter().any(|other| name.contains(other)));
    names.iter().map(|name| format!("load_module /usr/lib/nginx/modules/{name};\n")).collect()
}

fn collect(text: &str, directives: &[Arc<Directive>], folder: &Path, edits: &mut Vec<(Span, String)>, depth: usize) {
    for directive in directives {
        let at = folder.display();
        let name = &*directive.name.value;
        let whole = |with: &str| (directive.span, with.to_owned());
        let first = |with: String| directive.args.first().map(|word| (word.span, with));
        let plain = directive.arg(0).is_some_and(|value| !value.contains('$'));
        match name {
            "load_module" | "user" | "daemon" | "master_process" if depth == 0 => edits.push(whole("")),
            "include" => {
                let file = directive.arg(0).unwrap_or_default().rsplit('/').next().unwrap_or_default();
                match folder.join(file).is_file() && file.contains(['.', '_']) {
                    true => edits.extend(first(format!("{at}/{file}"))),
                    false => edits.push(whole("")),
                }
            }
            "pid" => edits.extend(first(format!("{at}/pid"))),
            "lock_file" => edits.extend(first(format!("{at}/lock"))),
            "error_log" if plain && !directive.arg(0).is_some_and(|value| value.contains(':')) => edits.extend(first("stderr".to_owned())),
            "access_log" if plain && directive.arg(0).is_some_and(|value| value != "off" && !value.contains(':')) => {
                edits.extend(first(format!("{at}/log")));
            }
            _ if name.ends_with("ssl_certificate_key") && plain => edits.extend(first(format!("{at}/key.pem"))),
            _ if (name.ends_with("ssl_certificate") || name.ends_with("trusted_certificate") || name.ends_with("client_certificate"))
                && plain =>
            {
                edits.extend(first(format!("{at}/certificate.pem")));
            }
            "ssl_dhparam" => edits.extend(first(format!("{at}/dh.pem"))),
            "ssl_session_ticket_key" => edits.extend(first(format!("{at}/ticket.key"))),
            _ if name.ends_with("ssl_password_file") => edits.extend(first(format!("{at}/password"))),
            _ if (name.ends_with("_temp_path") || name.ends_with("_cache_path")) && plain => {
                edits.extend(first(format!("{at}/{}", name.trim_end_matches("_path"))));
            }
            "proxy_pass" | "grpc_pass" | "fastcgi_pass" | "uwsgi_pass" | "scgi_pass" | "memcached_pass" | "server"
                if matches!(directive.body, Body::Simple) =>
            {
                edits.extend(host(text, directive));
            }
            _ => {}
        }
        collect(text, directive.children(), folder, edits, depth + 1);
    }
}

/// A name that DNS would have to know, if there is no upstream of it.
fn host(text: &str, directive: &Directive) -> Option<(Span, String)> {
    let word = directive.args.first()?;
    let value = &*word.value;
    if value.contains('$') || value.contains("unix:") {
        return None;
    }
    let start = value.find("://").map_or(0, |at| at + 3);
    let rest = value.get(start..)?;
    let end = rest.find([':', '/', '?']).unwrap_or(rest.len());
    let name = rest.get(..end)?;
    let is_name = name.bytes().any(|byte| byte.is_ascii_alphabetic()) && !name.contains('[');
    let defined = text.contains(&format!("upstream {name}")) || text.contains(&format!("upstream \"{name}\""));
    (is_name && !defined)
        .then(|| (word.span, format!("{}127.0.0.1{}", value.get(..start).unwrap_or_default(), rest.get(end..).unwrap_or_default())))
}
