//! What is said of `alias`, `try_files` and error pages, against what a real nginx does with real files.

use nginx_analyzer::rules;
use nginx_analyzer::world::World;

use crate::live::{Nginx, binary};

/// A server, the request that shows what is said of it, the rule that speaks (empty for none), and what nginx answers: status and body, which
/// may be left open by `*`.
const CASES: &[(&str, &str, &str, u16, &str)] = &[
    ("location /i { alias FOLDER/img/; }", "/i../secret", "alias-mismatch", 200, "secret"),
    ("location /i/ { alias FOLDER/img/; }", "/i../secret", "", 404, "*"),
    ("location /i { alias FOLDER/img; }", "/i/logo", "", 200, "logo"),
    ("location /i/ { alias FOLDER/img; }", "/i/logo", "alias-mismatch", 200, "glued"),
    ("location ~ ^/i/ { alias FOLDER/img/; }", "/i/logo", "alias-mismatch", 301, "*"),
    ("location ~ ^/i/ { alias FOLDER/img/logo.png; }", "/i/any", "", 200, "png"),
    ("root FOLDER; location /a { try_files $uri secret; }", "/a", "try-files-problem", 404, "*"),
    ("root FOLDER; location /a { try_files $uri /secret; }", "/a", "", 200, "secret"),
    ("root FOLDER; location /a { try_files $uri 404; }", "/a", "try-files-problem", 404, "*"),
    (
        "root FOLDER; location /a { try_files $uri /x.php =404; } location ~ php$ { fastcgi_pass 127.0.0.1:9; }",
        "/a",
        "try-files-problem",
        200,
        "source",
    ),
    ("root FOLDER; location /a { try_files $uri /x.php; } location ~ php$ { fastcgi_pass 127.0.0.1:9; }", "/a", "", 502, "*"),
    ("root FOLDER; error_page 403 /secret; location / { deny all; }", "/", "error-page-target", 403, "*"),
    ("root FOLDER; error_page 403 /secret; location / { deny all; } location = /secret { }", "/", "", 403, "secret"),
    ("root FOLDER; error_page 502 /secret; location / { proxy_pass http://127.0.0.1:9; }", "/", "error-page-target", 502, "*"),
    ("root FOLDER; error_page 502 /secret; location / { proxy_pass http://127.0.0.1:9; } location = /secret { }", "/", "", 502, "secret"),
];

#[test]
fn fallbacks_are_what_is_said() {
    let Some(binary) = binary() else { return };
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    std::fs::create_dir(at.join("img")).unwrap();
    for (name, text) in [("secret", "secret"), ("img/logo", "logo"), ("img/logo.png", "png"), ("imglogo", "glued"), ("x.php", "source")] {
        std::fs::write(at.join(name), text).unwrap();
    }
    // The workers of an nginx that is started by root are somebody else.
    #[cfg(unix)]
    std::fs::set_permissions(at, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    for (server, request, rule, status, body) in CASES {
        let servers = format!("server {{ listen 80; {} }}", server.replace("FOLDER", &at.display().to_string()));
        let workspace = tempfile::tempdir().unwrap();
        std::fs::write(workspace.path().join("nginx.conf"), format!("events {{}} http {{ {servers} }}")).unwrap();
        let findings = rules::check(&World::open(workspace.path(), Vec::new()).analysis());
        let ids = ["alias-mismatch", "try-files-problem", "error-page-target"];
        let said: Vec<&str> = findings.iter().map(|finding| finding.rule).filter(|id| ids.contains(id)).collect();
        assert_eq!(said, if rule.is_empty() { Vec::new() } else { vec![*rule] }, "{server}");
        let nginx = Nginx::start(&binary, &servers).unwrap();
        let (answered, text) = nginx.ask(request.as_bytes(), "h");
        assert_eq!(answered, *status, "{server}: {text}");
        assert!(*body == "*" && !text.starts_with("secret") || text == *body, "{server}: {text}");
    }
}
