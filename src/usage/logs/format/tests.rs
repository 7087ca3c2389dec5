//! A record written as nginx writes it is read back, whatever is in it.

use proptest::prelude::*;

use super::super::escape::escape;
use super::super::written::parts;
use super::*;

/// Renders a format as nginx does (`ngx_http_log_handler`): a variable that is not there is `-`, or nothing.
fn render(text: &str, kind: Escape, value: &dyn Fn(&str) -> Option<Vec<u8>>) -> Vec<u8> {
    let mut out = Vec::new();
    for piece in pieces(text).expect("a format") {
        match piece {
            Piece::Literal(text) => out.extend(text),
            Piece::Variable(name) => match value(&name) {
                Some(value) => out.extend(escape(&value, kind)),
                None if kind == Escape::Default => out.push(b'-'),
                None => {}
            },
        }
    }
    out
}

/// Formats as people write them.
const FORMATS: &[(&str, Escape)] = &[
    (COMBINED, Escape::Default),
    (
        r#"$remote_addr - $remote_user [$time_local] $host:$server_port "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent" $request_time"#,
        Escape::Default,
    ),
    (
        r#"$remote_addr - $remote_user [$time_local] "$request" $status "$http_referer" "$http_user_agent" "$http_x_forwarded_for""#,
        Escape::Default,
    ),
    (
        r#"{"time":"$time_iso8601","client":"$remote_addr","host":"$host","port":$server_port,"method":"$request_method","uri":"$request_uri","status":$status,"agent":"$http_user_agent"}"#,
        Escape::Json,
    ),
    (
        r#"{"time":"$time_iso8601","http":{"request":"$request","status":"$status"},"net":{"host":"$host","port":"$server_port"},"ua":"$http_user_agent"}"#,
        Escape::Json,
    ),
    (r#"{"t":"$msec","host":"$host:$server_port","request":"$request","status":"$status","ua":"$http_user_agent"}"#, Escape::Default),
    (
        r#"$http_x_forwarded_for - $remote_user [$time_local] "$request" $status $upstream_addr "$http_user_agent" $host $server_port"#,
        Escape::Default,
    ),
    (r#"$server_port $time_iso8601 $status $request_method $scheme://$host$request_uri "$http_user_agent""#, Escape::Default),
    (r#"$time_local|$host|$server_port|$status|$request_method|$request_uri|"$http_user_agent""#, Escape::Default),
    (r#"$msec $host:$server_port $request_method $uri$is_args$args $status"#, Escape::Default),
];

fn text() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop_oneof![4 => 0x20u8..0x7f, 1 => any::<u8>(), 1 => Just(b'"'), 1 => Just(b'\\'), 1 => Just(b' ')];
    proptest::collection::vec(bytes, 0..40)
}

/// A target as nginx takes it: no blanks and control characters.
fn target() -> impl Strategy<Value = Vec<u8>> {
    let bytes = prop_oneof![6 => 0x21u8..0x7f, 1 => 0x80u8.., 1 => Just(b'"'), 1 => Just(b'\\')];
    proptest::collection::vec(bytes, 0..40).prop_map(|bytes| [b"/", bytes.as_slice()].concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]
    #[test]
    fn what_nginx_writes_is_read_back(
        (which, target, agent, referer) in (0..FORMATS.len(), target(), text(), text()),
        (user, host, port, status) in (proptest::option::of("[a-z\\[ ]{1,8}"), "[a-z0-9.-]{1,20}", 1u16.., 100u16..600),
    ) {
        let (text, kind) = FORMATS[which];
        let format = Format::compile("f".into(), None, text, kind).expect("a format that can be read");
        let request = [b"GET ", target.as_slice(), b" HTTP/1.1"].concat();
        let path = target.split(|byte| *byte == b'?').next().unwrap_or_default().to_vec();
        let args = target.get(path.len() + 1..).unwrap_or_default().to_vec();
        let value = |name: &str| Some(match name {
            "remote_addr" => b"2001:db8::1".to_vec(),
            "remote_user" => return user.clone().map(String::into_bytes),
            "time_local" => b"03/Nov/2025:01:06:11 +0900".to_vec(),
            "time_iso8601" => b"2025-11-03T01:06:11+09:00".to_vec(),
            "msec" => b"1762099571.123".to_vec(),
            "host" => host.clone().into_bytes(),
            "server_port" => port.to_string().into_bytes(),
            "scheme" => b"https".to_vec(),
            "request" => request.clone(),
            "request_method" => b"GET".to_vec(),
            "request_uri" => target.clone(),
            "uri" => path.clone(),
            "is_args" => if target.contains(&b'?') { b"?".to_vec() } else { Vec::new() },
            "args" if args.is_empty() && kind == Escape::Default && !target.contains(&b'?') => return Some(Vec::new()),
            "args" => args.clone(),
            "status" => status.to_string().into_bytes(),
            "http_user_agent" if agent.is_empty() => return None,
            "http_user_agent" => agent.clone(),
            "http_referer" => referer.clone(),
            "upstream_addr" => b"10.0.0.1:80, 10.0.0.2:80 : unix:/run/x.sock".to_vec(),
            "body_bytes_sent" => b"17".to_vec(),
            "request_time" => b"0.001".to_vec(),
            _ => return None,
        });
        let line = render(text, kind, &value);
        let mut record = Record::new();
        prop_assert!(format.read(&line, &mut record), "{}: {}", text, String::from_utf8_lossy(&line));
        let is = |field: Field, wanted: &[u8]| {
            let found = format.decoded(record.get(field)).into_owned();
            prop_assert!(!format.has(field) || found == wanted, "{:?} is {:?} in {}", field, String::from_utf8_lossy(&found), String::from_utf8_lossy(&line));
            Ok(())
        };
        is(Field::Host, host.as_bytes())?;
        is(Field::Port, port.to_string().as_bytes())?;
        is(Field::Status, status.to_string().as_bytes())?;
        is(Field::Request, &request)?;
        is(Field::RequestUri, &target)?;
        if text.contains("$uri$is_args$args") {
            is(Field::Uri, &target)?;
        }
        if !agent.is_empty() {
            is(Field::Agent, &agent)?;
        }
    }
}

fn read(text: &str, kind: Escape, line: &str) -> Option<Vec<(Field, String)>> {
    let format = Format::compile("f".into(), None, text, kind).unwrap_or_else(|why| panic!("{text}: {why}"));
    let mut record = Record::new();
    if !format.read(line.as_bytes(), &mut record) {
        return None;
    }
    let fields = [Field::Client, Field::Host, Field::Port, Field::Request, Field::RequestUri, Field::Method, Field::Status, Field::Agent];
    let told = fields.into_iter().filter_map(|field| Some((field, String::from_utf8_lossy(record.value(field)?).into_owned())));
    Some(told.collect())
}

#[test]
fn json_may_come_in_any_order_with_members_that_a_collector_added() {
    let text = r#"{"host":"$host","request":"$request","status":$status}"#;
    let wanted = [(Field::Host, "a.b"), (Field::Request, "GET / HTTP/1.1"), (Field::Status, "200")];
    let wanted: Vec<_> = wanted.into_iter().map(|(field, value)| (field, value.to_owned())).collect();
    for line in [
        r#"{"host":"a.b","request":"GET / HTTP/1.1","status":200}"#,
        r#"{ "status" : "200", "pod": {"name":"x","labels":["a","}"]}, "request": "GET / HTTP/1.1","host":"a.b" }"#,
    ] {
        assert_eq!(read(text, Escape::Json, line), Some(wanted.clone()), "{line}");
    }
    for line in [r#"{"host":"a.b","status":200}"#, r#"{"level":"info","msg":"started"}"#, r#"{"host":"a.b","request":"GET","status":"x"}"#]
    {
        assert_eq!(read(text, Escape::Json, line), None, "{line}");
    }
}

#[test]
fn values_that_are_not_quoted_are_told_from_what_follows_or_refused() {
    let text = r#"$remote_addr $http_user_agent [$time_local] "$request" $status"#;
    let found = read(text, Escape::Default, r#"::1 a [b] c [03/Nov/2025:01:06:11 +0900] "GET / HTTP/1.1" 200"#).expect("read");
    assert!(found.contains(&(Field::Agent, "a [b] c".into())), "{found:?}");
    let text = "$host \"$request\" \"$http_user_agent\" $status";
    let found = read(text, Escape::None, r#"a "GET /"x HTTP/1.1" "say "hi"" 200"#).expect("read");
    assert!(
        found.contains(&(Field::Request, "GET /\"x HTTP/1.1".into())) && found.contains(&(Field::Agent, "say \"hi\"".into())),
        "{found:?}"
    );
    let refused = |text: &str| Format::compile("f".into(), None, text, Escape::Default).err().unwrap_or_else(|| panic!("{text} is taken"));
    assert!(refused("$host$status$http_cookie$request_uri").contains("nothing stands between"));
    assert!(refused("$http_user_agent $request_uri $status").contains("`$http_user_agent`"));
    assert!(refused("$remote_addr$server_port x").contains("`$server_port`"));
    assert!(refused("a $").contains('$'));
    for fine in
        ["$http_a$http_b \"$request\"", "$status$pipe$request_uri", "$time_local$status", "${host}x$request_uri", "$http_cookie $status"]
    {
        assert!(Format::compile("f".into(), None, fine, Escape::Default).is_ok(), "{fine}");
    }
}

#[test]
fn the_arguments_of_a_log_format_are_one_text() {
    let words = ["escape=json", "{\"a\":", "\"$host\"}"];
    assert_eq!(parts(words.into_iter()), (Escape::Json, "{\"a\":\"$host\"}".to_owned()));
    assert_eq!(parts(["$host", " $status"].into_iter()), (Escape::Default, "$host $status".to_owned()));
    assert!(Format::combined().has_target() && Format::combined().has(Field::Agent));
}

#[test]
fn bytes_are_found_wherever_they_are() {
    for length in 0..40 {
        for at in 0..length {
            let mut text = vec![b'"' ^ 1; length];
            text[at] = b'"';
            assert_eq!(position(b'"', &text), Some(at));
            text[length - 1] = b'"';
            assert_eq!(position(b'"', &text), Some(at), "the first of two");
        }
        assert_eq!(position(b'"', &vec![b'#'; length]), None);
    }
}
