use super::*;
use crate::ide::present::testing::source;

/// Each token as `text kind modifiers`, a line for each directive.
fn painted(text: &str) -> String {
    painted_with(text, &[])
}

fn painted_with(text: &str, dead: &[Span]) -> String {
    let source = source(text);
    let mut out = String::new();
    let mut line = 0;
    let mut end = 0;
    for token in tokens(&Present::new(&source, None), None, "#X# ", dead, None) {
        assert!(token.span.start >= end && !token.span.is_empty(), "{token:?} in {text}");
        end = token.span.end;
        let now = source.text.line_of(token.span.start);
        out.push_str(if out.is_empty() {
            ""
        } else if now != line {
            "\n"
        } else {
            " | "
        });
        line = now;
        let modifiers: String =
            (0..MODIFIERS.len()).filter(|bit| token.modifiers & 1 << bit != 0).map(|bit| format!("+{}", MODIFIERS[bit])).collect();
        out.push_str(&format!("{} {}{modifiers}", &text[token.span.range()], TYPES[token.kind as usize]));
    }
    out
}

fn in_location(inside: &str) -> String {
    let whole = painted(&format!("http {{ server {{ location / {{\n{inside}\n}} }} }}"));
    whole.split_once('\n').map(|(_, rest)| rest.to_owned()).unwrap_or_default()
}

#[test]
fn a_whole_configuration() {
    insta::assert_snapshot!(painted(include_str!("../symbols/whole.conf")));
}

#[test]
fn whether_a_dollar_begins_a_variable_depends_on_the_directive() {
    for (text, wanted) in [
        ("location ~ ^/a$ { }", "location keyword | ~ operator | ^ operator | /a regexp | $ operator"),
        ("location ~ ^/$x { }", "location keyword | ~ operator | ^ operator | / regexp | $ operator | x regexp"),
        ("location /$uri { }", "location keyword | /$uri string"),
        (
            "rewrite ^/(?<id>\\d+)$ /b/$id last;",
            "rewrite property | ^ operator | / regexp | (?< operator | id variable+definition | > operator | \\d regexp | + operator | ) operator | $ operator | /b/ string | $id variable | last enumMember",
        ),
        (
            "return 200 \"$host-${uri}x\";",
            "return property | 200 number | \" string | $host variable+defaultLibrary | - string | ${uri} variable+defaultLibrary | x\" string",
        ),
        ("include $a.conf;", "include property | $a.conf string"),
        ("fastcgi_param A$b $c$10;", "fastcgi_param property | A$b string | $c variable | $1 variable | 0 string"),
        ("set $x $y;", "set property | $x variable+definition+modification | $y variable"),
        ("unknown_thing $x off;", "$x variable | off string"),
        (
            "if ($host ~* ^a(b|c)$) { }",
            "if keyword | $host variable+defaultLibrary | ~* operator | ^ operator | a regexp | ( operator | b regexp | | operator | c regexp | ) operator | $ operator",
        ),
        ("if (!-f $request_filename) { }", "if keyword | !-f operator | $request_filename variable+defaultLibrary"),
        ("if ($a = \"b $c\") { }", "if keyword | $a variable | = operator | \"b  string | $c variable | \" string"),
    ] {
        assert_eq!(in_location(text), wanted, "{text}");
    }
    assert_eq!(
        painted("http { server {\nserver_name ~^(a)$ $hostname $host;\n} }").lines().nth(1),
        Some(
            "server_name property | ~ operator | ^ operator | ( operator | a regexp | ) operator | $ operator | $hostname variable+defaultLibrary | $host string"
        )
    );
}

#[test]
fn values_by_their_place() {
    for (text, wanted) in [
        ("gzip on;", "gzip property | on enumMember"),
        ("client_max_body_size 8m;", "client_max_body_size property | 8m number"),
        ("client_max_body_size many;", "client_max_body_size property | many string"),
        ("proxy_read_timeout 1h30m;", "proxy_read_timeout property | 1h30m number"),
        ("allow 10.0.0.0/8;", "allow property | 10.0.0.0/8 number"),
        (
            "limit_req zone=one burst=5 nodelay;",
            "limit_req property | zone parameter | = operator | one type | burst parameter | = operator | 5 number | nodelay enumMember",
        ),
        (
            "access_log /var/log/$host.log main buffer=32k;",
            "access_log property | /var/log/ string | $host variable+defaultLibrary | .log string | main type | buffer parameter | = operator | 32k number",
        ),
        ("try_files $uri @app;", "try_files property | $uri variable+defaultLibrary | @app function"),
        ("try_files $uri =404;", "try_files property | $uri variable+defaultLibrary | = operator | 404 number"),
        ("error_page 502 504 =200 @down;", "error_page property | 502 number | 504 number | = operator | 200 number | @down function"),
        ("proxy_cache pages;", "proxy_cache property | pages type"),
        ("proxy_cache $zone;", "proxy_cache property | $zone variable"),
        ("proxy_pass http://elsewhere/x;", "proxy_pass property | http://elsewhere/x string"),
        ("add_header X-A 'b' always;", "add_header property | X-A string | 'b' string | always enumMember"),
    ] {
        assert_eq!(in_location(text), wanted, "{text}");
    }
}

#[test]
fn names_of_upstreams_are_told_from_hosts() {
    let text = "upstream API { server api:80; }\nserver { location / { proxy_pass https://api:8443/$uri; } }";
    let found = painted(text);
    assert!(found.contains("API namespace+definition | server property | api:80 string"), "{found}");
    assert!(found.ends_with("https:// string | api namespace | :8443/ string | $uri variable+defaultLibrary"), "{found}");
}

#[test]
fn lines_of_data() {
    let text = "http { map $host $a {\nhostnames;\ndefault $b;\n~*^x(?<y>.) $y;\n.example.com on;\n}\ngeo $c {\n10.0.0.0/8 $d;\n1.1.1.1-1.1.1.9 2;\n}\nsplit_clients $a $e {\n12.5% one;\n* two;\n} }";
    let found = painted(text);
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(
        lines[1..5],
        [
            "hostnames enumMember",
            "default enumMember | $b variable",
            "~* operator | ^ operator | x regexp | (?< operator | y variable+definition | > operator | . regexp | ) operator | $y variable",
            ".example.com string | on string",
        ]
    );
    assert_eq!(lines[6..8], ["10.0.0.0/8 number | $d string", "1.1.1.1-1.1.1.9 number | 2 string"]);
    assert_eq!(lines[9..], ["12.5% number | one string", "* number | two string"]);
}

#[test]
fn what_is_commented_out_and_what_is_dead() {
    let text = "server {\n  #X# location /a {\n  #X#   return 200;\n  #X# }\n  # words\n  location /b {\n    return 201;\n  }\n}\n";
    let dead = [Span::new(text.find("location /b").unwrap() as u32, text.find("/b {").unwrap() as u32 + 2)];
    assert_eq!(
        painted_with(text, &dead),
        "server keyword\n#X# location /a { comment+disabled\n#X#   return 200; comment+disabled\n#X# } comment+disabled\n\
         location keyword+unreachable | /b string+unreachable\nreturn property+unreachable | 201 number+unreachable"
    );
}

#[test]
fn only_those_within_a_range() {
    let text = "http {\n  gzip on;\n  server {\n    listen 80;\n  }\n}\n";
    let source = source(text);
    let within = Span::new(text.find("server").unwrap() as u32, text.find("80").unwrap() as u32);
    let found = tokens(&Present::new(&source, None), None, "#X# ", &[], Some(within));
    let texts: Vec<&str> = found.iter().map(|token| &text[token.span.range()]).collect();
    assert_eq!(texts, ["server", "listen"]);
}

#[test]
fn lua_and_broken_text_are_left_alone() {
    assert_eq!(in_location("content_by_lua_block { local a = '$x' }"), "content_by_lua_block keyword");
    for text in [
        "location ~ [",
        "location ~ (?<",
        "if (",
        "if ()",
        "map $a $b { ~",
        "set $",
        "set ${x",
        "rewrite \\",
        "a 'b",
        "listen :",
        "~ { } é { \\é; }",
    ] {
        painted(text);
        in_location(text);
    }
}
