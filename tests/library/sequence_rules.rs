//! The rules about what a block's rewrite sequence makes dead, or fails: what they say, and when they stay quiet.

use nginx_analyzer::rules::{Confidence, Finding, Severity};

use crate::found::{findings, messages};

/// What a rule says of a server with this in it.
fn said(rule: &str, server: &str) -> Vec<String> {
    messages(rule, &format!("events {{}}\nhttp {{\nserver {{\nlisten 80;\n{server}\n}}\n}}\n"))
}

fn one(rule: &str, server: &str) -> Finding {
    let mut found = findings(rule, &format!("events {{}}\nhttp {{\nserver {{\nlisten 80;\n{server}\n}}\n}}\n"));
    assert_eq!(found.len(), 1, "{found:?}");
    found.remove(0)
}

fn dead(server: &str) -> Vec<String> {
    said("dead-directive", server)
}

#[test]
fn what_never_runs() {
    assert_eq!(dead("return 404;\nset $a 1;"), ["`set $a 1` never runs: the `return` at line 5 answers first"]);
    assert_eq!(
        dead("location / {\nbreak;\nif ($arg_a) { return 404; }\n}"),
        ["`if ($arg_a)` never runs: the `break` at line 6 ends what the rewrite module runs here"]
    );
    assert_eq!(
        dead("location /a {\nrewrite ^/a /b last;\nreturn 404;\nrewrite ^/b /c;\n}"),
        [
            "`return 404` never runs: the `rewrite` at line 6 matches every request first",
            "`rewrite ^/b /c` never runs: the `rewrite` at line 6 matches every request first"
        ]
    );
    assert_eq!(
        dead("location /a {\nrewrite ^/b/(.*)$ /c/$1;\n}"),
        ["`rewrite ^/b/(.*)$ /c/$1` never matches: its regex fits no URI that gets here in `location /a`"]
    );
    let set = one("dead-directive", "return 200 $a;\nset $a 1;");
    assert_eq!((set.severity, set.fixes[0].safe), (Severity::Hint, false), "without it nginx does not know $a");
    let set = one("dead-directive", "set $a 2; return 200 $a;\nset $a 1;");
    assert_eq!((set.severity, set.fixes[0].safe), (Severity::Warning, true));
}

#[test]
fn what_comes_behind_the_rewrite_phase() {
    let guard = one("dead-directive", "location / {\ndeny all;\nreturn 200 x;\n}");
    assert_eq!(guard.message, "`deny all` never takes effect: the `return` at line 7 answers first");
    assert_eq!((guard.severity, guard.confidence, guard.fixes[0].safe), (Severity::Warning, Confidence::Proven, false));
    assert_eq!(one("dead-directive", "location / { deny all; return 404; }").severity, Severity::Hint);
    assert_eq!(dead("location / { auth_basic off; allow all; return 200; }"), Vec::<String>::new());
    assert_eq!(one("dead-directive", "if ($arg_a) { return 403; break; }").severity, Severity::Hint);
    assert_eq!(one("dead-directive", "auth_request /auth; return 200;").severity, Severity::Warning);
    let answer = one("dead-directive", "location /a {\nrewrite ^ /b last;\nproxy_pass http://127.0.0.1:1;\n}");
    assert_eq!(answer.message, "`proxy_pass http://127.0.0.1:1` never takes effect: the `rewrite` at line 6 takes every request first");
    assert!(answer.fixes[0].safe);
    let redirects = one("dead-directive", "location /a/ { return 404; proxy_pass http://127.0.0.1:1; }");
    assert!(redirects.related.iter().any(|related| related.message.contains("/a is answered by a redirect")), "{redirects:?}");
    assert!(!redirects.fixes[0].safe && redirects.tags.is_empty());
    assert_eq!(dead("location / { if ($arg_a) { proxy_pass http://127.0.0.1:1; } return 404; }").len(), 1);
    assert_eq!(dead("location / { try_files $uri =404; return 404; access_by_lua_block { f() } content_by_lua_block { g() } }").len(), 3);
}

#[test]
fn what_may_take_effect() {
    for quiet in [
        "location / { deny all; if ($arg_a) { return 200; } }",
        "location / { deny all; if ($arg_a) { break; } return 200; }",
        "location / { deny all; rewrite ^(.*)$ /x break; return 200; }",
        "location / { deny all; return 200; limit_except GET { allow all; } }",
        "location / { deny all; return 200; location /a { } }",
        "location / { deny all; return 200; include /nowhere/x; }",
        "location / { deny all; include /nowhere/x; return 200; }",
        "location / { proxy_pass http://127.0.0.1:1; health_check; return 200; }",
        "rewrite_by_lua_no_postpone on; location / { deny all; return 200; }",
        "location / { root /x; add_header A b; access_log off; return 200; }",
        "deny all; error_page 400 @a; return 200; location @a { root /x; }",
        "{{ mark }} location / { return 200; deny all; }",
        "location / { ${BEFORE} x; return 200; deny all; }",
    ] {
        assert_eq!(dead(quiet), Vec::<String>::new(), "{quiet}");
    }
    assert_eq!(dead("location / { deny all; rewrite ^/a /x last; return 200; }").len(), 1, "who is sent elsewhere is not let in either");
    assert_eq!(dead("location / { try_files $uri =404; return 200; location /a { } }").len(), 1, "not inherited");
}

#[test]
fn conditions() {
    let said = |server: &str| said("constant-condition", server);
    assert_eq!(
        said("if ($request_method = get) { return 405; }"),
        ["`if ($request_method = get)` is never true: a request's method is in capital letters"]
    );
    assert_eq!(said("set $a 0;\nif ($a = 1) { return 403; }"), ["`if ($a = 1)` is never true: `$a` is always \"0\" here"]);
    assert_eq!(
        said("set $a A;\nif ($arg_b) { set $a \"${a}B\"; }\nif ($arg_c) { set $a \"${a}C\"; }\nif ($a = ACB) { return 403; }"),
        ["`if ($a = ACB)` is never true: `$a` is only ever \"A\", \"AB\", \"ABC\" or \"AC\" here"]
    );
    assert_eq!(one("constant-condition", "set $down 0; if ($down) { return 503; }").severity, Severity::Hint, "a switch");
    assert_eq!(one("constant-condition", "if ($request_method != post) { return 405; }").severity, Severity::Warning);
    assert_eq!(said("set $a 0; if ($arg_b) { set $a 1; } if ($a) { return 403; }"), Vec::<String>::new());
    // What stands for an `else`.
    assert_eq!(said("set $a 0; if ($arg_b) { set $a 1; } if ($a = 1) { return 403; } if ($a = 0) { return 402; }"), Vec::<String>::new());
    assert_eq!(said("location /a { if ($uri ~ ^/(a.*)) { return 200 $1; } }"), Vec::<String>::new());
    let both = "events {}\nhttp {\nserver { listen 80; set $a 1; include a; }\nserver { listen 81; set $a 0; include a; }\n}\n#- /a\nif ($a) { return 403; }\n";
    assert_eq!(findings("constant-condition", both), Vec::new());
}

#[test]
fn handlers() {
    let said = |server: &str| said("replaced-handler", server);
    assert_eq!(
        said("location / { proxy_pass http://127.0.0.1:1; empty_gif; }"),
        ["`proxy_pass http://127.0.0.1:1` never answers: `empty_gif` in the same block comes later, and the last one counts"]
    );
    let redirects = one("replaced-handler", "location /a/ { proxy_pass http://127.0.0.1:1; empty_gif; }");
    assert!(!redirects.fixes[0].safe && redirects.related.len() == 2, "{redirects:?}");
    assert!(one("replaced-handler", "location /a/ { proxy_pass http://127.0.0.1:1; fastcgi_pass 127.0.0.1:1; }").fixes[0].safe);
    for quiet in [
        "location / { proxy_pass http://127.0.0.1:1; if ($arg_a) { fastcgi_pass 127.0.0.1:1; } }",
        "location / { proxy_pass http://127.0.0.1:1; location /a { empty_gif; } }",
        "location / { proxy_pass http://127.0.0.1:1; empty_gif; limit_except GET { deny all; } }",
        "location / { empty_gif; empty_gif; }",
        "location / { echo a; echo b; }",
        "location / { if ($arg_a) { proxy_pass http://127.0.0.1:2; } if ($arg_b) { set $b 1; } proxy_pass http://127.0.0.1:1; empty_gif; }",
    ] {
        assert_eq!(said(quiet), Vec::<String>::new(), "{quiet}");
    }
    for loud in [
        "location / { if ($arg_a) { proxy_pass http://127.0.0.1:2; } proxy_pass http://127.0.0.1:1; empty_gif; }",
        "location / { if ($arg_b) { set $b 1; } if ($arg_a) { proxy_pass http://127.0.0.1:2; } proxy_pass http://127.0.0.1:1; empty_gif; }",
    ] {
        assert_eq!(said(loud).len(), 1, "{loud}");
    }
}

#[test]
fn requests_that_fail() {
    let said = |server: &str| said("request-fails", server);
    assert_eq!(
        said("server_name a; location / { try_files $uri @b; }"),
        ["`try_files $uri @b` answers 500: server a:80 has no `location @b`"]
    );
    assert_eq!(
        said("location /a/ { alias /x/; try_files $uri /a/i.php?q=$uri; }"),
        ["the last resort of this `try_files` goes to `i.php`, not to `/a/i.php`: with `alias`, an argument with variables loses `/a/`"]
    );
    assert_eq!(
        said("location /a { alias /x; location /a/b { try_files $uri /a/i.php$is_args$args; } }"),
        [
            "the last resort of this `try_files` goes to `/i.php$is_args$args`, not to `/a/i.php$is_args$args`: with `alias`, an argument with \
             variables loses `/a`"
        ]
    );
    assert_eq!(
        said("location / { try_files $uri =404; if ($arg_a) { add_header A b; } }"),
        ["where `if ($arg_a)` is true, the `try_files` of `location /` is skipped"]
    );
    let skipped = |inside: &str| one("request-fails", &format!("location / {{ {inside} try_files $uri =404; }}")).confidence;
    assert_eq!(skipped("if (-f $request_filename) { root /x; }"), Confidence::Proven);
    assert_eq!(skipped("set $a 0; if ($arg_a) { set $a 1; } if ($a = 2) { return 403; }"), Confidence::Proven);
    assert_eq!(skipped("if ($arg_a) { set $a 1; } if ($arg_b) { return 403; }"), Confidence::Likely);
    assert_eq!(said("location /a { alias /x; if ($arg_a) { rewrite ^/a/(.*) /a/b/$1 break; } }").len(), 1);
    assert_eq!(said("location /a { alias /x; location /a/b { rewrite ^/a/(.*) /a/b/$1; break; } }").len(), 1);
    assert_eq!(one("request-fails", "rewrite ^/q /a/x break; location /a { alias /x; }").confidence, Confidence::Proven);
    assert_eq!(one("request-fails", "rewrite ^/q(.*) /a/$1 break; location /a { alias /x; }").confidence, Confidence::Likely);
    assert_eq!(
        said("location / { if ($arg_a) { uwsgi_pass 127.0.0.1:1; } if ($arg_b) { set $a 1; } }"),
        ["a request for which both `if ($arg_a)` and `if ($arg_b)` are true is answered with 500"]
    );
}

#[test]
fn requests_that_do_not_fail() {
    for quiet in [
        "location / { try_files $uri @b; } location @b { return 204; }",
        "location / { try_files $uri @b; } include /nowhere/x;",
        "location / { try_files $uri @${NAME}; }",
        "location / { error_page 404 @b$arg_a; }",
        "location /a/ { alias /x/; try_files $uri /a/i.php; }",
        "location /a/ { alias /x/; try_files $uri /a//a/i.php?$args; }",
        "location /a { alias /x; try_files $uri /a/a/i.php?$args; }",
        "location /a/ { alias /x/; try_files $uri /b/i.php?$args; }",
        "location /a/ { root /x/; try_files $uri /a/i.php?$args; }",
        "location ~ ^/a/(.*) { alias /x/$1; try_files $uri /a/i.php?$args; }",
        "location / { try_files $uri =404; if ($arg_a) { return 403; } }",
        "location / { try_files $uri =404; if ($arg_a) { proxy_pass http://127.0.0.1:1; } }",
        // No request for which it is true gets to `try_files`.
        "location / { set $a 0; if ($arg_a) { set $a 1; } if ($a = 1) { rewrite ^ /b last; } try_files $uri =404; }",
        "location / { if ($arg_a) { set $b 1; } if ($arg_c) { return 403; } return 302 /$b; try_files $uri =404; }",
        "location / { if ($arg_a) { if ($arg_b) { set $c 1; } return 403; } if ($c) { return 404; } try_files $uri =404; }",
        // The file is found without `try_files`, too.
        "location / { if (-f $request_filename) { expires 30d; } try_files $uri =404; }",
        "location /a { alias /x; rewrite ^/a/(.*) /a/b/$1 last; }",
        "location /a { alias /x; rewrite ^/b/(.*) /a/b/$1 break; }",
        "location /a { alias /x; rewrite ^/a/(.*) /a/b/$1 break; proxy_pass http://127.0.0.1:1; }",
        "location /a { alias /x; rewrite ^/a/(.*) /a/b/$1 break; include /nowhere/x; }",
        "location /a { alias /x; if ($arg_a) { rewrite ^/a/(.*) /a/b/$1 break; root /y; } }",
        "location / { if ($arg_a) { uwsgi_pass 127.0.0.1:1; } if ($arg_b) { return 403; } }",
        "location / { if ($arg_a) { uwsgi_pass 127.0.0.1:1; break; } if ($arg_b) { set $a 1; } }",
        "location / { if ($arg_a = 1) { uwsgi_pass 127.0.0.1:1; } if ($arg_a = 2) { set $a 1; } }",
        "location / { if ($arg_a ~ ^b) { uwsgi_pass 127.0.0.1:1; } if ($arg_a !~ b) { set $a 1; } }",
        "location / { uwsgi_pass 127.0.0.1:1; if ($arg_a) { uwsgi_pass 127.0.0.1:2; } if ($arg_b) { set $a 1; } }",
        "location / { if ($arg_a) { uwsgi_pass 127.0.0.1:1; } if ($arg_b) { proxy_pass http://127.0.0.1:1; } }",
    ] {
        assert_eq!(said("request-fails", quiet), Vec::<String>::new(), "{quiet}");
    }
}

/// A regex of the rewrite module that does not match takes the captures of the location's regex away.
#[test]
fn a_regex_that_never_matches_is_not_safe_to_take_out_where_captures_are_used() {
    let safe = |inside: &str| {
        let server = format!("location ~ ^/d/(.+)$ {{ {inside} }} location / {{ return 200; }}");
        let found = ["dead-directive", "constant-condition"].map(|rule| findings(rule, &SERVER.replace("{}", &server)));
        found.into_iter().flatten().flat_map(|finding| finding.fixes).map(|fix| fix.safe).collect::<Vec<_>>()
    };
    assert_eq!(safe("rewrite ^/nope/ /b; return 200 [$1];"), [false]);
    assert_eq!(safe("rewrite ^/nope/ /b; return 200 [$uri];"), [true]);
    assert_eq!(safe("if ($uri ~ ^/nope) { return 204; } return 200 [$1];"), [false]);
    assert_eq!(safe("if ($uri ~ ^/nope) { return 204; } rewrite ^/d/(.) /b/$1;"), [true]);
}

const SERVER: &str = "events {}\nhttp {\nserver {\nlisten 80;\n{}\n}\n}\n";

#[test]
fn a_name_that_nobody_asks_for_fails_no_request() {
    assert_eq!(said("request-fails", "location / { return 200 fine; try_files $uri @nope; }"), NONE);
    assert_eq!(said("request-fails", "location / { return 204; error_page 404 = @nope; }"), NONE);
    assert_eq!(said("request-fails", "location /a { try_files $uri @nope; } location ~ ^/a { return 200; }"), NONE);
    assert_eq!(said("request-fails", "location / { return 404; error_page 404 = @nope; }").len(), 1);
    let both = "location / { error_page 403 @nope; if ($arg_a) { return 403; } return 204; }";
    assert_eq!(said("request-fails", both).len(), 1);
    assert_eq!(said("request-fails", "location / { try_files $uri @nope; }").len(), 1);
}

#[test]
fn a_header_that_takes_the_place_of_others_or_that_code_lets_through() {
    let inert = |outer: &str, inside: &str| said("inert-directive", &format!("{outer} location / {{ {inside} return 404; }}")).len();
    assert_eq!(inert("", "add_header X-B 1;"), 1);
    assert_eq!(inert("add_header X-A 1 always;", "add_header X-B 1;"), 0);
    assert_eq!(inert("", "header_filter_by_lua_block { ngx.status = 200 } add_header X-B 1;"), 0);
    assert_eq!(inert("header_filter_by_lua_block { ngx.status = 200 }", "add_header X-B 1;"), 0);
}

const NONE: [&str; 0] = [];
