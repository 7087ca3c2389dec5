use super::*;

fn calls(code: &str) -> Vec<(CallKind, String)> {
    LuaFacts::read(code, Origin::At(0))
        .calls
        .iter()
        .map(|call| {
            let target = match &call.target {
                Target::Constant(value) => value.to_string(),
                Target::Dynamic { prefix } => format!("{prefix}…"),
            };
            (call.kind, target)
        })
        .collect()
}

#[test]
fn calls_are_read_in_every_form() {
    let code = r#"
            local cjson = require "cjson"
            local ok, redis = pcall(require, 'resty.redis')
            local res = ngx.location.capture("/a?x=1", { method = ngx.HTTP_GET })
            ngx.location.capture_multi({ { "/b" }, { "/c" .. id, {} } })
            if ngx.var.x then return ngx.exec("@named") end
            dofile([[/etc/x.lua]])
            ngx.req.set_uri("/d", true) ngx.req.set_uri("/not")
            ngx.redirect(string.format("/e/%s", x))
        "#;
    use CallKind::*;
    let expected = [
        (Require, "cjson"),
        (Require, "resty.redis"),
        (Capture, "/a?x=1"),
        (Capture, "/b"),
        (Capture, "/c…"),
        (Exec, "@named"),
        (LoadFile, "/etc/x.lua"),
        (SetUri, "/d"),
        (Redirect, "/e/…"),
    ];
    assert_eq!(calls(code), expected.map(|(kind, target)| (kind, target.to_owned())));
    assert!(LuaFacts::read(code, Origin::At(0)).opaque.is_empty());
}

#[test]
fn comments_and_strings_are_no_code() {
    let code = "-- ngx.exec('@a')\nlocal s = 'require \"x\"' --[[ dofile('y') ]]\nlocal t = [==[ ngx.exec(\"/z\") ]==]";
    assert_eq!(calls(code), []);
}

#[test]
fn local_names_stand_for_what_they_were_given() {
    assert_eq!(
        calls("local exec, base = ngx.exec, '/api'\nexec(base .. '/x')\nlocal loc = ngx.location\nloc.capture('/y')"),
        [(CallKind::Exec, "/api/x".to_owned()), (CallKind::Capture, "/y".to_owned())]
    );
    // A name that means two things is not followed, and says so.
    let facts = LuaFacts::read("local f = ngx.exec\nf = print\nf(x)", Origin::At(0));
    assert!(!facts.opaque.is_empty());
}

#[test]
fn a_function_handed_around_is_opaque() {
    let opaque = [
        "run(ngx.exec)",
        "local t = { go = ngx.exec }",
        "return ngx",
        "loadstring(x)()",
        "ngx[name]('x')",
        "if (",
        // Other code may call it by that name.
        "go = ngx.exec",
        "getfenv(0).ngx.exec('/x')",
        "rawget(_G, 'ngx').exec('/x')",
    ];
    for code in opaque {
        assert!(!LuaFacts::read(code, Origin::At(0)).opaque.is_empty(), "{code}");
    }
    let clear = [
        "local ngx = ngx",
        "pcall(ngx.exec, '/x')",
        "local t = { ngx = 1 }",
        "foo.ngx()",
        "ngx.req.read_body()",
        "setmetatable(_G, { __newindex = error })",
        "local go go = ngx.say",
    ];
    for code in clear {
        assert!(LuaFacts::read(code, Origin::At(0)).opaque.is_empty(), "{code}");
    }
}

#[test]
fn what_other_code_may_change_is_not_known() {
    assert_eq!(calls("to = '/a' ngx.exec(to)"), [(CallKind::Exec, "…".to_owned())]);
    assert_eq!(calls("local to = '/a' ngx.exec(to)"), [(CallKind::Exec, "/a".to_owned())]);
}

#[test]
fn the_uri_of_a_subrequest_is_the_first_of_its_parts() {
    let uris = |code: &str| calls(code).into_iter().map(|(_, uri)| uri).collect::<Vec<_>>();
    assert_eq!(uris("ngx.location.capture_multi { { body = '/x', '/a' } }"), ["/a"]);
    assert_eq!(uris("ngx.location.capture_multi { { [2] = '/x', [1] = '/a' }, { ['a'] = 1 }, {} }"), ["…", "…", "…"]);
}

#[test]
fn spans_count_from_the_start_of_the_file() {
    let facts = LuaFacts::read("ngx.exec('/x') ngx.shared.d:get(ngx.var.uri)", Origin::At(100));
    assert_eq!(facts.calls[0].span, Span::new(109, 113));
    assert_eq!((&*facts.shared[0].0, &*facts.variables[0].0), ("d", "uri"));
    let word = Span::new(5, 9);
    assert_eq!(LuaFacts::read("ngx.exec('/x')", Origin::Word(word)).calls[0].span, word);
}

#[test]
fn nesting_without_end_is_survived() {
    let deep = |levels: usize| format!("ngx.exec({}'x'{})", "(".repeat(levels), ")".repeat(levels));
    assert_eq!(calls(&deep(1_000)).len(), 1);
    let long = |words: usize| format!("ngx.exec('/a' .. {})", vec!["x"; words].join(" .. "));
    assert_eq!(calls(&long(1_000)), [(CallKind::Exec, "/a…".to_owned())]);
    // Beyond what anybody writes it may do anything.
    for code in [deep(3_000), long(3_000)] {
        assert_eq!(LuaFacts::read(&code, Origin::At(0)).opaque.len(), 1);
    }
}
