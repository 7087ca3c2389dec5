//! What is a request, and what only looks like one.

use super::*;

fn read_as(code: &str, dialect: Dialect, kind: Kind) -> Vec<Found> {
    read(&Script { text: code, dialect, kind }, &|_, _| None).found
}

fn shown(found: &[Found]) -> Vec<String> {
    found.iter().map(|found| format!("{} {}", found.method.as_deref().unwrap_or("?"), found.url)).collect()
}

fn urls(code: &str) -> Vec<String> {
    shown(&read_as(code, Dialect::JavaScript, Kind::Fetch))
}

fn check(cases: &[(&str, &[&str])]) {
    for (code, expected) in cases {
        assert_eq!(urls(code), *expected, "{code}");
    }
}

#[test]
fn every_way_to_send_a_request() {
    check(&[
        ("fetch('/a')", &["GET /a"]),
        ("await window.fetch(`/a`, { method: 'post' })", &["POST /a"]),
        ("fetch(new Request('/a', { method: 'PUT' }))", &["PUT /a"]),
        (
            "axios('/a'); axios.get('/b'); axios({ url: '/c', method: 'delete' }); axios.post('/d', {})",
            &["GET /a", "GET /b", "DELETE /c", "POST /d"],
        ),
        ("axios.request({ url: '/a', baseURL: '/b' })", &["GET /b/a"]),
        ("const http = axios.create({ baseURL: '/api/' }); http.get('users'); http.put('/x', 1)", &["GET /api/users", "PUT /api/x"]),
        ("axios.defaults.baseURL = '/api'; axios.get('/x')", &["GET /api/x"]),
        ("import client from 'axios'; client.get('/a')", &["GET /a"]),
        ("const { default: ax } = await import('axios'); ax.get('/a')", &["GET /a"]),
        ("const x = new XMLHttpRequest(); x.open('post', '/a')", &["POST /a"]),
        ("new EventSource('/a'); new WebSocket(`ws://${location.host}/b`)", &["GET /a", "GET /b"]),
        ("new WebSocket((location.protocol === 'https:' ? 'wss://' : 'ws://') + location.host + '/b')", &["GET /b"]),
        ("navigator.sendBeacon('/a', d)", &["POST /a"]),
        (
            "$.ajax({ url: '/a', type: 'POST' }); $.ajax('/b'); $.get('/c', f); jQuery.post('/d'); $('#x').load('/e #part')",
            &["POST /a", "GET /b", "GET /c", "POST /d", "GET /e"],
        ),
        ("ky.get('/a'); got('http://h.example/b')", &["GET /a", "GET http://h.example/b"]),
        ("const k = ky.extend({ prefixUrl: '/api' }); k.post('x')", &["POST /api/x"]),
        (
            "this.$http.get('/a'); this.http.get('/b'); $http({ url: '/c' }); this.$axios.$get('/d')",
            &["GET /a", "GET /b", "GET /c", "GET /d"],
        ),
        (
            "useFetch('/a'); useSWR('/b', fetcher); $fetch('/c', { method: 'POST' }); useSWR(() => '/d', f)",
            &["GET /a", "GET /b", "POST /c", "GET /d"],
        ),
        (
            "location.href = '/a'; window.location = '/b'; location.assign('/c'); window.open('/d')",
            &["GET /a", "GET /b", "GET /c", "GET /d"],
        ),
        ("img.src = '/a.png'; a.href = '/b'; form.action = '/c'", &["GET /a.png", "GET /b", "? /c"]),
        ("navigator.serviceWorker.register('/sw.js'); new Worker('/w.js')", &["GET /sw.js", "GET /w.js"]),
        (
            "const r = <div><a href=\"/a\">x</a><Link href=\"/no\"/><img src={`/b/${id}`}/><form action={URL_C}/></div>; const URL_C = '/c'",
            &["GET /a", "GET /b/…", "? /c"],
        ),
        (
            "new HttpLink({ uri: '/graphql' }); createHttpLink({ uri: '/g2' }); new GraphQLClient('/g3'); createClient({ url: 'redis://x:1/0' })",
            &["? /graphql", "? /g2", "? /g3"],
        ),
        ("cache.addAll(['/a', '/b.js'])", &["GET /a", "GET /b.js"]),
    ]);
}

#[test]
fn what_is_not_a_request() {
    check(&[
        ("// fetch('/a')\n/* axios.get('/b') */", &[]),
        ("const s = \"fetch('/a')\"", &[]),
        ("app.get('/a', h); router.post('/b', h); fastify.get('/c', h); server.route({ url: '/d' })", &[]),
        ("const app = express(); app.use('/a', x); app.get('/b', (req, res) => res.json())", &[]),
        ("import { http } from 'msw'; http.get('/a', () => x)", &[]),
        ("nock('http://h.example').get('/a')", &[]),
        ("map.get('/a'); params.get('id'); cache.delete('/x'); headers.get('/y')", &[]),
        ("const routes = [{ path: '/a', component: A }]; router.push('/b'); navigate('/c')", &[]),
        ("import x from '/a.js'; require('/b'); import('./c.js'); import('d')", &[]),
        ("const m = await import('/dyn/m.js'); import(`/dyn/${x}.js`)", &["GET /dyn/m.js", "GET /dyn/…"]),
        ("fetch(url); fetch(`${a}${b}`); fetch(`/${x}`); fetch(getUrl())", &[]),
        ("function fetch(x) {} fetch('/a')", &[]),
        ("fetch('data:text/plain,x'); location.href = 'mailto:a@b'; a.href = '#top'", &[]),
        ("this.src = src; config.action = 'save'", &[]),
    ]);
}

#[test]
fn constants_are_followed() {
    check(&[
        ("const API = '/api'; fetch(API + '/a'); fetch(`${API}/b/${id}`)", &["GET /api/a", "GET /api/b/…"]),
        (
            "const E = { users: '/u', deep: { x: '/d' } }; fetch(E.users); fetch(E.deep.x); fetch(E['users'])",
            &["GET /u", "GET /d", "GET /u"],
        ),
        ("const { a } = { a: '/x' }; fetch(a)", &["GET /x"]),
        ("let u = '/a'; if (x) { u = '/b'; } fetch(u)", &["GET /a", "GET /b"]),
        ("const u = x ? '/a' : '/b'; fetch(u)", &["GET /a", "GET /b"]),
        ("const B = process.env.API || 'http://h.example'; fetch(B + '/a')", &["GET http://h.example/a"]),
        ("const B = import.meta.env.VITE_API ?? ''; fetch(`${B}/a`)", &["GET /a"]),
        ("fetch(process.env.API + '/a/b')", &["GET ?…/a/b"]),
        ("fetch(new URL('/a', location.origin)); fetch(new URL('b', 'http://h.example/x/y'))", &["GET /a", "GET http://h.example/x/b"]),
        ("const u = new URL('/a', location.href); u.searchParams.set('x', 1); fetch(u.toString())", &["GET /a"]),
        ("fetch(['/a', 'b', id].join('/'))", &["GET /a/b/…"]),
        ("fetch('/a/{id}/b'.replace('{id}', x))", &["GET /a/…"]),
        ("for (const p of ['/a', '/b']) fetch(p)", &["GET /a", "GET /b"]),
        ("['/a', '/b'].forEach(p => fetch(p)); [{ u: '/c' }].map(({ u }) => fetch(u))", &["GET /a", "GET /b", "GET /c"]),
        ("const url = id => `/u/${id}`; fetch(url(1)); fetch(url(x))", &["GET /u/1", "GET /u/…"]),
        // A name means what the nearest scope says.
        ("const p = '/a'; function f(p) { return g(p); } fetch(p)", &["GET /a"]),
        ("class A { base = '/api'; get(x) { return fetch(this.base + '/x'); } }", &["GET /api/x"]),
        ("window.API = '/api'; fetch(window.API + '/a'); fetch(API + '/b')", &["GET /api/a", "GET /api/b"]),
    ]);
}

#[test]
fn small_wrappers_are_followed() {
    check(&[
        (
            "const api = (path, options) => fetch('/api/token/' + path, options).then(r => r.json()); api('generate', { method: 'POST' }); api('list')",
            &["POST /api/token/generate", "GET /api/token/list"],
        ),
        (
            "function get(p, o = {}) { return fetch(`/v1${p}`, { ...o, headers: h }); } get('/a'); get('/b', { method: 'PUT' }); get(x)",
            &["GET /v1/a", "PUT /v1/b", "GET /v1…"],
        ),
        (
            "async function req(method, path) { return fetch('/api' + path, { method }); } const post = p => req('POST', p); post('/a'); req('GET', '/b')",
            &["POST /api/a", "GET /api/b"],
        ),
        (
            "const api = { get(p) { return fetch('/x' + p); }, del: p => fetch('/x' + p, { method: 'DELETE' }) }; api.get('/a'); api.del('/b'); other.get('/no')",
            &["GET /x/a", "DELETE /x/b"],
        ),
        (
            "class Api { constructor() {} call(p) { return fetch('/y' + p); } list() { return this.call('/a'); } } new Api().list(); const c = new Api(); c.call('/b')",
            &["GET /y/a", "GET /y/b"],
        ),
        (
            "const f = ({ url, method = 'GET' }) => fetch('/z' + url, { method }); f({ url: '/a' }); f({ url: '/b', method: 'POST' })",
            &["GET /z/a", "POST /z/b"],
        ),
        ("const f = p => fetch('/w/' + p); list.forEach(f); f('a')", &["GET /w/…", "GET /w/a"]),
        ("const load = useCallback(async p => { await fetch('/q' + p); }, []); load('/a')", &["GET /q/a"]),
        ("const f = p => fetch('/r/' + p);", &["GET /r/…"]),
        ("const c = axios.create({ baseURL: '/api' }); const get = u => c.get(u); get('/a'); get('b')", &["GET /api/a", "GET /api/b"]),
        ("function f(x) { return f(x + '/'); } f('/a')", &[]),
    ]);
}

#[test]
fn servers_and_tests_say_what_they_are() {
    let code = read_as(
        "const http = require('http'); http.get('http://h.example/a', cb); http.request({ hostname: 'b.example', port: 8080, path: '/c', method: 'POST' })",
        Dialect::JavaScript,
        Kind::Code,
    );
    assert_eq!(shown(&code), ["GET http://h.example/a", "POST http://b.example:8080/c"]);
    assert!(code.iter().all(|found| found.kind == Kind::Code));
    let test = "const request = require('supertest'); request(app).get('/a'); it('x', async ({ page, request }) => { await page.goto('/b'); await request.post('/c'); }); cy.visit('/d'); cy.request('DELETE', '/e')";
    let found = read_as(test, Dialect::JavaScript, Kind::Test);
    assert_eq!(shown(&found), ["GET /a", "GET /b", "POST /c", "GET /d", "DELETE /e"]);
    assert!(found.iter().all(|found| found.kind == Kind::Test));
    let k6 = "import http from 'k6/http'; const B = __ENV.B || 'http://h.example'; http.get(`${B}/a`); http.request('PUT', `${B}/b`)";
    assert_eq!(shown(&read_as(k6, Dialect::JavaScript, Kind::Test)), ["GET http://h.example/a", "PUT http://h.example/b"]);
}

#[test]
fn typescript_is_read_with_its_types() {
    let code = "@Injectable() export class S { private readonly base: string = '/api'; constructor(private http: HttpClient) {}\n list(): Observable<X[]> { return this.http.get<X[]>(`${this.base}/x` as string); } }";
    assert_eq!(shown(&read_as(code, Dialect::TypeScript, Kind::Fetch)), ["GET /api/x"]);
    let routes = "@Controller('/c') class C { @Get('/a') a() {} }";
    assert_eq!(shown(&read_as(routes, Dialect::TypeScript, Kind::Code)), [] as [&str; 0]);
    let tsx = "const get = async <T,>(path: string, init?: RequestInit): Promise<T> => fetch(`/v2${path}`, init).then(r => r.json());\nexport const A = () => { get<X>('/a', { method: 'POST' }); return <a href=\"/b\">x</a>; };";
    assert_eq!(shown(&read_as(tsx, Dialect::Tsx, Kind::Fetch)), ["POST /v2/a", "GET /b"]);
}

#[test]
fn places_are_those_of_what_is_written() {
    let code = "const api = p => fetch('/t/' + p);\napi('generate');\nfetch(`/a/${x}`)";
    let texts: Vec<&str> = read_as(code, Dialect::JavaScript, Kind::Fetch).iter().map(|found| &code[found.span.range()]).collect();
    assert_eq!(texts, ["'generate'", "`/a/${x}`"]);
}

#[test]
fn what_other_scripts_can_use() {
    let code = "import axios from 'axios';\nconst http = axios.create({ baseURL: '/api' });\nexport default http;\nexport const BASE = '/b', N = 3;\nexport function get(path, options) { return fetch(BASE + path, options); }\n\
        export const urls = { a: '/a', f: id => `/f/${id}` };\nexport * from './more';\nexport { x as y } from './x';";
    let exports = read(&Script { text: code, dialect: Dialect::JavaScript, kind: Kind::Fetch }, &|_, _| None).exports;
    assert_eq!(exports.keys().map(String::as_str).collect::<Vec<_>>(), ["*", "BASE", "default", "get", "urls", "y"]);
    let import = |_: &str, name: &str| exports.get(name).cloned();
    let user = "import api, { get, BASE, urls } from './api';\napi.get('/u'); get('/p', { method: 'POST' }); fetch(BASE + '/q'); fetch(urls.a); fetch(urls.f(1)); get('/r');";
    let found = read(&Script { text: user, dialect: Dialect::JavaScript, kind: Kind::Fetch }, &import).found;
    assert_eq!(shown(&found), ["GET /api/u", "POST /b/p", "GET /b/q", "GET /a", "GET /f/1", "? /b/r"]);
}

#[test]
fn anything_is_survived() {
    for code in [
        "fetch(",
        "fetch(`${`${`",
        "const a = a; fetch(a)",
        "const f = () => f(); fetch(f())",
        "let a = b, b = a; fetch(a + b)",
        "fetch(...x)",
        "class { ",
        "export {",
        "\u{0}fetch('/a\u{0}')",
    ] {
        urls(code);
    }
    let deep = format!("fetch({}'/x'{})", "(".repeat(3000), ")".repeat(3000));
    urls(&deep);
    let wide = format!("{}fetch(a0)", (0..300).map(|at| format!("const a{at} = a{} + a{};", at + 1, at + 1)).collect::<String>());
    urls(&wide);
}
