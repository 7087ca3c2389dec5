//! Configurations that are many of one thing: where something grows faster than they do, it is seen in one of them.

/// A name, and the configuration with so many.
pub type Shape = (&'static str, fn(usize) -> String);

pub const SHAPES: &[Shape] = &[
    ("prefixes", |n| server("", &each(n, |i| format!("location /a{i}/ {{ return 200; }}")))),
    ("exact locations", |n| server("", &each(n, |i| format!("location = /a{i} {{ return 200; }}")))),
    ("regexes with a beginning", |n| server("", &each(n, |i| format!("location ~ ^/a{i}/(.*)$ {{ return 200 $1; }}")))),
    ("regexes by their ends", |n| server("", &each(n, |i| format!("location ~ \\.(?:a{i}|b{i}x?)$ {{ root /srv/{i}; }}")))),
    ("regexes without one", |n| server("", &each(n, |i| format!("location ~ a{i}x {{ return 200; }}")))),
    ("prefixes that pass, beside a regex", |n| {
        let passes = each(n, |i| format!("location /a{i}/ {{ proxy_pass http://127.0.0.1:8{:03}; }}", i % 90));
        server("", &format!("location ~ \\.php$ {{ return 200; }}\n{passes}"))
    }),
    ("prefixes that answer alike", |n| {
        server("", &format!("location / {{ return 200 a; }}\n{}", each(n, |i| format!("location /a{i}/ {{ return 200 a; }}"))))
    }),
    ("prefixes of prefixes", |n| server("", &each(n, |i| format!("location {}/{i} {{ return 200; }}", "/a".repeat(i % 400 + 1))))),
    ("locations written twice", |n| server("", &each(n, |_| "location /a { return 200; }".to_owned()))),
    ("named locations in a ring", |n| {
        server("", &each(n, |i| format!("location @a{i} {{ return 200; }}\nlocation /a{i} {{ try_files $uri @a{}; }}", (i + 1) % n)))
    }),
    ("named locations that passes may mean", |n| {
        let one = |i: usize| format!("location /a{i}/ {{ proxy_pass http://u; error_page 502 @a{i}; }}\nlocation @a{i} {{ return 200; }}");
        server("upstream u { server 127.0.0.1:81; }\n", &each(n, one))
    }),
    ("named locations that nothing leads to", |n| {
        let one = |i: usize| {
            format!(
                "location @unused{i} {{ return 200; }}\nlocation /a{i} {{ error_page 404 @used{i}; }}\nlocation @used{i} {{ return 200; }}"
            )
        };
        server("", &each(n, one))
    }),
    ("names that no location has", |n| {
        server("", &each(n, |i| format!("location /a{i} {{ error_page 404 @missing{i}; }}\nlocation @{i}named {{ return 200; }}")))
    }),
    ("error pages of passes", |n| {
        server("", &each(n, |i| format!("location /a{i} {{ proxy_pass http://127.0.0.1:81; error_page 404 /e{i}; }}")))
    }),
    ("error pages in a ring", |n| server("", &each(n, |i| format!("location /a{i} {{ error_page 404 /a{}; }}", (i + 1) % n)))),
    ("rewrites in a chain", |n| server("", &each(n, |i| format!("location /a{i} {{ rewrite ^/a{i}(.*)$ /a{}$1 last; }}", i + 1)))),
    ("rewrites of a server", |n| server("", &each(n, |i| format!("rewrite ^/a{i}/(.*)$ /b{i}/$1;")))),
    ("ifs", |n| {
        let ifs = each(n, |i| format!("if ($arg_a = {i}) {{ return 40{}; }}", i % 10));
        server("", &format!("location / {{\n{ifs} }}"))
    }),
    ("sets in a chain", |n| {
        let sets = each(n, |i| format!("set $v{} $v{i};", i + 1));
        server("", &format!("location / {{\n{sets} return 200 $v{n}; }}"))
    }),
    ("sets and Lua that sets", |n| {
        let sets = each(n, |i| format!("set $v{i} 1;\nset_by_lua_block $w{i} {{ return 1 }}"));
        server("", &format!("{sets}return 200;"))
    }),
    ("ifs that pass, and ifs that do not", |n| {
        let ifs =
            each(n, |i| format!("if ($arg_a = {i}) {{ proxy_pass http://127.0.0.1:81; }}\nif ($arg_a = x{i}) {{ add_header X {i}; }}"));
        server("", &format!("location / {{\n{ifs} }}"))
    }),
    ("ifs that always hold", |n| {
        server("", &format!("location / {{\n{} }}", each(n, |i| format!("set $v{i} 1;\nif ($v{i}) {{ add_header X {i}; }}"))))
    }),
    ("sets behind a return", |n| {
        let sets = each(n, |i| format!("set $v{i} 1;\nadd_header X{i} $v{i};"));
        server("", &format!("location / {{\nreturn 200;\n{sets} }}"))
    }),
    ("rewrites that never match, and captures", |n| {
        server("", &each(n, |i| format!("location ~ ^/a{i}/(.*)$ {{ rewrite ^/x{i}/ /y last; return 200 $1; }}")))
    }),
    ("passes with variables, and named locations", |n| {
        let one = |i| format!("location /a{i}/ {{ set $to{i} u{i}; proxy_pass http://$to{i}; }}\nlocation @a{i} {{ return 200; }}");
        server("", &each(n, one))
    }),
    ("servers with Lua that goes anywhere", |n| {
        let one = |i| {
            format!(
                "server {{ listen 80; server_name s{i};\nlocation / {{ content_by_lua_block {{ ngx.exec('/b' .. x) }} }}\nlocation @a {{ return 200; }} }}"
            )
        };
        http(&each(n, one))
    }),
    ("undefined variables", |n| {
        let headers = each(n, |i| format!("proxy_set_header X{i} $undef{i};"));
        server("", &format!("location / {{\n{headers} proxy_pass http://127.0.0.1; }}"))
    }),
    ("servers", |n| http(&each(n, |i| format!("server {{ listen 80; server_name s{i}.x; location / {{ return 200; }} }}")))),
    ("servers with wildcards and regexes", |n| {
        http(&each(n, |i| format!("server {{ listen 80; server_name *.s{i}.x ~^r{i}\\.; location / {{ return 200; }} }}")))
    }),
    ("servers on ports of their own", |n| {
        http(&each(n, |i| format!("server {{ listen {}; server_name x; location / {{ return 200; }} }}", 1 + i % 65_000)))
    }),
    ("upstreams", |n| {
        let upstreams = each(n, |i| format!("upstream u{i} {{ server 10.0.{}.{}:80; }}", i / 250 % 250, i % 250));
        server(&upstreams, &each(n, |i| format!("location /a{i} {{ proxy_pass http://u{i}; }}")))
    }),
    ("upstreams that nothing uses", |n| {
        server(&each(n, |i| format!("upstream unused{i} {{ server 10.0.0.1; }}")), "location / { return 200; }")
    }),
    ("locations that pass to the next", |n| {
        server("", &each(n, |i| format!("location /a{i}/ {{ proxy_pass http://127.0.0.1:80/a{}/; }}", i + 1)))
    }),
    ("lines of a map", |n| {
        server(&format!("map $uri $m {{\n{}}}\n", each(n, |i| format!("/a{i} v{i};"))), "location / { return 200 $m; }")
    }),
    ("regexes of a map", |n| {
        server(&format!("map $uri $m {{\n{}}}\n", each(n, |i| format!("~^/a{i}/ v{i};"))), "location / { return 200 $m; }")
    }),
    ("maps in a chain", |n| {
        let maps = each(n, |i| format!("map $m{i} $m{} {{ default $m{i}; a b; }}", i + 1));
        server(&format!("map $uri $m0 {{ default a; }}\n{maps}"), "location / { return 200 $m1; }")
    }),
    ("headers that fifty locations lose", |n| {
        let locations = each(50, |i| format!("location /a{i} {{ add_header Y 1; return 200; }}"));
        server("", &format!("{}{locations}", each(n, |i| format!("add_header X-{i} v;"))))
    }),
    ("locations that lose a header", |n| {
        let locations = each(n, |i| format!("location /a{i} {{ add_header Y{i} 1; proxy_pass http://127.0.0.1; }}"));
        server("", &format!("add_header X 1;\n{locations}"))
    }),
    ("access rules", |n| {
        let rules = each(n, |i| format!("deny 10.{}.{}.{};", i / 65_000, i / 250 % 250, i % 250));
        server("", &format!("{rules}allow all;\nlocation / {{ return 200; }}"))
    }),
    ("Lua that goes to the next", |n| {
        server("", &each(n, |i| format!("location /a{i} {{ content_by_lua_block {{ ngx.exec(\"/a{}\") }} }}", i + 1)))
    }),
    ("files that are looked for", |n| {
        let locations = each(n, |i| format!("location /a{i} {{ try_files $uri /f{i}.html =404; }}"));
        server("", &format!("root /srv;\n{locations}"))
    }),
    ("zones", |n| {
        let zones = each(n, |i| format!("limit_req_zone $binary_remote_addr zone=z{i}:1m rate=1r/s;"));
        server(&zones, &each(n, |i| format!("location /a{i} {{ limit_req zone=z{i}; }}")))
    }),
    ("directives that nobody knows", |n| server("", &each(n, |i| format!("foo_bar{i} x;")))),
    ("blocks that are commented out", |n| server("", &each(n, |i| format!("#X# location /c{i} {{\n#X#     return 200;\n#X# }}")))),
    ("braces that are missing", |n| format!("http {{\nserver {{\n{}", each(n, |i| format!("    location /a{i} {{\n        return 200;")))),
    ("semicolons that are missing", |n| server("", &each(n, |i| format!("location /a{i} {{\n root /x\n index y\n}}")))),
];

fn each(count: usize, one: impl Fn(usize) -> String) -> String {
    (0..count).map(|index| one(index) + "\n").collect()
}

fn http(inside: &str) -> String {
    format!("events {{ }}\nhttp {{\n{inside}}}\n")
}

/// One server, and what stands before it.
fn server(before: &str, inside: &str) -> String {
    http(&format!("{before}server {{\nlisten 80;\nserver_name a;\n{inside}\n}}\n"))
}
