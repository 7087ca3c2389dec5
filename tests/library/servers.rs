//! Servers, names and directives that never take effect: what is said of them, and what keeps the rules quiet.

use nginx_analyzer::rules::{Confidence, Severity};

use crate::found::{findings, messages};

/// The messages of one rule about some servers.
fn said(rule: &str, servers: &str) -> Vec<String> {
    messages(rule, &format!("events {{}}\nhttp {{\n{servers}\n}}\n"))
}

/// The messages about directives of one location.
fn inert(location: &str) -> Vec<String> {
    said("inert-directive", &format!("server {{ listen 80; location /a/ {{ {location} }} }}"))
}

#[track_caller]
fn quiet(rule: &str, servers: &str) {
    assert_eq!(said(rule, servers), [""; 0], "{servers}");
}

#[test]
fn a_dead_server_that_keeps_a_name_from_being_found_is_not_safe_to_take_out() {
    let safe = |names: &str| {
        let fixture =
            format!("events {{}} http {{ server {{ listen 80; server_name *.a; }} server {{ listen 80; server_name .a; }} {names} }}");
        findings("dead-server", &fixture).iter().map(|finding| finding.fixes[0].safe).collect::<Vec<_>>()
    };
    assert_eq!(safe("server { listen 80; server_name b; }"), [true]);
    assert_eq!(safe("server { listen 80; server_name A b; }"), [false], "`a` would select this server without the one before");
}

#[test]
fn a_dead_server_says_who_answers() {
    let fixture = "events {} http {\nserver { listen 80; server_name a b; }\nserver { listen 80; server_name b:80 a; }\n}";
    let found = findings("dead-server", fixture);
    let [finding] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        finding.message,
        "no request ever gets to `server b:80:80`: `b:80` has a port, which nginx takes off a request's host before it compares; `a` belongs to the server at line 2"
    );
    assert_eq!((finding.severity, finding.confidence), (Severity::Warning, Confidence::Proven));
    assert_eq!(finding.related.first().map(|related| &*related.message), Some("answers requests for `b:80` on *:80 instead"));
    let unnamed = said("dead-server", "server { listen 80; }\nserver { listen 80; }");
    assert_eq!(unnamed, ["no request ever gets to `server *:80`: the server at line 3, without a name too, is the first"]);
}

#[test]
fn a_server_in_a_file_that_is_included_twice_lives_where_it_lives() {
    let shared = "#- /shared.conf\nserver { listen 80; server_name a; location / { deny all; allow 10.0.0.1; } }\n";
    let fixture = |first: &str| {
        format!(
            "events {{}} http {{ server {{ listen 80; server_name a; }} include shared.conf; }}\n#- /{first}\nevents {{}} http {{ include shared.conf; }}\n{shared}"
        )
    };
    assert!(findings("dead-server", &fixture("other.conf")).is_empty(), "the other configuration needs it");
    assert_eq!(findings("dead-access-rule", &fixture("other.conf")).len(), 1);
}

#[test]
fn templates_and_broken_files_are_left_alone() {
    quiet("dead-server", "{% for x in y %}\nserver { listen 80; server_name a; }\nserver { listen 80; server_name a; }");
    quiet("dead-server", "server { listen 80; server_name a; }\nserver { listen 80; server_name a; } }");
    quiet("dead-access-rule", "server { listen 80; allow all; deny ${NET}; }");
    quiet("dead-server-name", "server { listen 80; server_name z; } server { listen 80; server_name ${A},${B}; }");
}

#[test]
fn names_of_servers_that_live() {
    let names = |names: &str| {
        said(
            "dead-server-name",
            &format!("server {{ listen 80; server_name z; }}\nserver {{ listen 80; listen 81; server_name {names}; }}"),
        )
    };
    assert_eq!(names("a z"), ["`z` never selects this server on *:80: `z` belongs to the server at line 3"]);
    assert_eq!(names("a a"), ["`a` never selects this server on *:80: `a` is there twice"]);
    assert_eq!(names("a .a").len(), 1);
    assert_eq!(names(".a b _ ~^c"), [""; 0]);
    let two = "server { listen 80; server_name z; }\nserver { listen 80; server_name a .a; }";
    assert_eq!(
        said("dead-server-name", two),
        ["`.a` is ignored because `a` is there already, so that names below `a` do not select this server"]
    );
    let both = "server { listen 80; server_name z; }\nserver { listen 80; server_name *.a .a; }";
    assert_eq!(said("dead-server-name", both), ["`.a` is ignored because `*.a` is there already, so that `a` does not select this server"]);
    assert_eq!(said("dead-server-name", "server { listen 80; server_name z; } server { listen 80; server_name _; }").len(), 1);
    quiet("dead-server-name", "server { listen 80; server_name z; } server { listen 80 default_server; server_name _; }");
    quiet("dead-server-name", "server { listen 80; server_name a:80 a. http://a; }");
}

#[test]
fn tls_settings_need_tls() {
    let rule = "inert-directive";
    assert_eq!(said(rule, "server { listen 80; server_name a; ssl_certificate a; ssl_certificate_key b; }").len(), 1);
    quiet(rule, "server { listen 80; ssl on; ssl_certificate a; }");
    quiet(rule, "server { listen 443 ssl; server_name b; } server { listen 443; ssl_certificate a; }");
    quiet(rule, "server { listen 443 quic; ssl_certificate a; http3 on; }");
    quiet(rule, "server { include elsewhere/*.conf; include /etc/nginx/listen.conf; listen 80; ssl_certificate a; }");
    quiet(
        rule,
        "server { listen 80; include tls.conf; } server { listen 443 ssl; include tls.conf; }\n}\n#- /tls.conf\nssl_protocols TLSv1.3;\n#- /x.conf\nevents {",
    );
    assert_eq!(
        said(rule, "server { listen 443 ssl; http3 on; }"),
        ["`http3` has no effect here: no `listen` of `server *:443` has the option `quic`"]
    );
}

#[test]
fn files_beside_a_handler() {
    assert_eq!(inert("index a; proxy_pass http://b;").len(), 1);
    assert_eq!(inert("autoindex on; index a; stub_status;").len(), 1);
    for alive in [
        "index a; proxy_pass http://b; location /a/b { }",
        "index a; proxy_pass http://b; limit_except GET { deny all; }",
        "autoindex off; proxy_pass http://b;",
        "index a; content_by_lua_block { ngx.exit(ngx.DECLINED) }",
        "index a; flv;",
        "index a; if ($arg_x) { proxy_pass http://b; }",
        "index a; proxy_pass http://b; include /etc/nginx/more.conf;",
    ] {
        assert_eq!(inert(alive), [""; 0], "{alive}");
    }
}

#[test]
fn settings_without_a_pass() {
    assert_eq!(
        inert("fastcgi_param A b; fastcgi_index i;"),
        ["`fastcgi_param` and `fastcgi_index` have no effect here: nothing in `location /a/` has a `fastcgi_pass`"]
    );
    for alive in [
        "proxy_set_header A b; if ($arg_x) { proxy_pass http://b; }",
        "proxy_set_header A b; location /a/b { location /a/b/c { proxy_pass http://b; } }",
        "proxy_set_header A b; include /etc/nginx/pass.conf;",
        "proxy_set_header A b; include passes/*.conf;",
        "proxy_temp_path /tmp; client_body_temp_path /tmp;",
        "proxy_cache_purge zone key; proxy_cache zone;",
        "proxy_connect; proxy_connect_allow 443;",
    ] {
        assert_eq!(inert(alive), [""; 0], "{alive}");
    }
    quiet("inert-directive", "proxy_set_header A b; server { listen 80; location / { proxy_pass http://b; } }");
    quiet(
        "inert-directive",
        "server { include p.conf; location / { proxy_pass http://b; } } server { include p.conf; }\n}\n#- /p.conf\nproxy_buffering off;\n#- /x.conf\nevents {",
    );
    let stream = "events {} stream { proxy_timeout 1s; proxy_connect_timeout 1s; include streams/*.conf; }";
    assert!(findings("inert-directive", stream).is_empty());
    assert!(findings("inert-directive", "proxy_set_header Host $host;\nproxy_http_version 1.1;\n").is_empty(), "a snippet");
    let lonely = "location /a { proxy_pass http://b; }\nlocation /c { proxy_buffering off; root /x; }\n";
    assert_eq!(findings("inert-directive", lonely).len(), 1, "a fragment of a server");
}

#[test]
fn a_rewrite_that_breaks() {
    let pass = |rewrite: &str| inert(&format!("{rewrite} proxy_pass http://b/v2/;"));
    assert_eq!(pass("rewrite ^ /x break;").len(), 1);
    assert_eq!(pass("set $x 1; rewrite ^/a/ /x break;").len(), 1);
    assert_eq!(pass("rewrite ^/a/(.*)$ /$1 break;").len(), 1);
    for alive in [
        "rewrite ^/a/b /x break;",
        "rewrite ^ /x last;",
        "rewrite ^ /x;",
        "rewrite ^ http://x/ break;",
        "if ($arg_x) { break; } rewrite ^ /x break;",
        "rewrite ^/a/b /y last; rewrite ^ /x break;",
        "break; rewrite ^ /x break;",
        "rewrite_by_lua_block { } rewrite ^ /x break;",
    ] {
        assert_eq!(pass(alive), [""; 0], "{alive}");
    }
    assert_eq!(inert("rewrite ^ /x break; proxy_pass http://b/;"), [""; 0], "the same with and without it");
    assert_eq!(inert("rewrite ^ /x break; proxy_pass http://b$uri;"), [""; 0]);
}

#[test]
fn inheritance_that_is_lost() {
    let outer = "add_header X-Frame-Options DENY; add_header X-A b; error_page 404 /x; proxy_set_header Host $host; proxy_hide_header A;";
    let lost = |location: &str| {
        findings("lost-inheritance", &format!("events {{}} http {{ server {{ listen 80; {outer}\nlocation /a {{ {location} }} }} }}"))
    };
    let message = |location: &str| lost(location).into_iter().map(|finding| finding.message).collect::<Vec<_>>();
    assert_eq!(
        message("add_header X-C d; root /x;"),
        [
            "with its own `add_header`, `location /a` inherits none from the `server` block (line 1): X-Frame-Options and X-A are not sent here"
        ]
    );
    assert_eq!(lost("add_header X-C d; root /x;").first().map(|finding| finding.severity), Some(Severity::Info));
    assert_eq!(lost("add_header X-C d; return 204;").first().map(|finding| finding.severity), Some(Severity::Hint));
    assert_eq!(message("proxy_set_header A b; proxy_pass http://b;").len(), 1);
    assert_eq!(message("error_page 500 /y; root /x;").len(), 1);
    for kept in [
        "add_header x-frame-options SAMEORIGIN; add_header X-A c; root /x;",
        "add_header X-C d; add_header_inherit merge; root /x;",
        "add_header X-C d; include /etc/nginx/headers.conf; root /x;",
        "add_header X-C d always; return 404;",
        "proxy_set_header A b; root /x;",
        "error_page 404 /z; root /x;",
        "error_page 500 /y; return 500;",
        "root /x;",
    ] {
        assert_eq!(message(kept), [""; 0], "{kept}");
    }
}

#[test]
fn error_pages_for_what_the_upstream_says() {
    let page =
        |location: &str| said("dead-error-page", &format!("server {{ listen 80; location /a {{ error_page 404 /x; {location} }} }}"));
    assert_eq!(page("proxy_pass http://b;").len(), 1);
    for alive in [
        "proxy_pass http://b; proxy_intercept_errors on;",
        "proxy_pass http://b; internal;",
        "proxy_pass http://b; if ($arg_x) { return 404; }",
        "proxy_pass http://b; try_files $uri =404;",
        "proxy_pass http://b; access_by_lua_block { ngx.exit(404) }",
        "proxy_pass http://b; include /etc/nginx/more.conf;",
        "root /x;",
    ] {
        assert_eq!(page(alive), [""; 0], "{alive}");
    }
    quiet("dead-error-page", "proxy_intercept_errors on; server { listen 80; location / { error_page 404 /x; proxy_pass http://b; } }");
    quiet("dead-error-page", "server { listen 80; location / { error_page 404 502 /x; proxy_pass http://b; } }");
    quiet("dead-error-page", "server { listen 80; modsecurity on; location / { error_page 404 /x; proxy_pass http://b; } }");
}

#[test]
fn everybody_is_let_in() {
    let auth = "auth_basic x; auth_basic_user_file y; root /x;";
    assert_eq!(inert(&format!("satisfy any; allow all; {auth}")).len(), 1);
    for asked in
        ["satisfy all; allow all;", "satisfy any; allow 10.0.0.1; deny all;", "satisfy any; deny 10.0.0.1; allow all;", "allow all;"]
    {
        assert_eq!(inert(&format!("{asked} {auth}")), [""; 0], "{asked}");
    }
    assert_eq!(inert("satisfy any; allow all; root /x;"), [""; 0], "that is how an inherited one is switched off");
}
