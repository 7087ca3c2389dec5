use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::facts::Facts;
use super::super::link::{Application, Variable, link};
use super::super::{Tree, language_of};

/// What an application of these files serves.
fn linked(files: &[(&str, &str)]) -> Application {
    let mut paths: Vec<PathBuf> = files.iter().map(|(path, _)| PathBuf::from(path)).collect();
    paths.sort();
    let text = |path: &Path| files.iter().find(|(known, _)| Path::new(known) == path).map(|(_, text)| (*text).to_owned());
    let tree = Tree::new(&paths, &text);
    let mut facts: Vec<(PathBuf, Arc<Facts>)> = Vec::new();
    for path in &paths {
        if let (Some(language), Some(text)) = (language_of(path), text(path)) {
            facts.push((path.clone(), Arc::new((language.read)(path, &text))));
        }
    }
    facts.extend((super::LANGUAGE.folder)(&tree).into_iter().map(|(path, facts)| (path, Arc::new(facts))));
    link(&tree, &facts, &|_| Variable::Unset)
}

/// The patterns, with `?` at the end for an application that is open.
fn shown(files: &[(&str, &str)]) -> String {
    let application = linked(files);
    let mut out: Vec<String> = application.routes.iter().map(|route| route.pattern.clone()).collect();
    out.sort();
    out.dedup();
    out.extend(application.open.iter().map(|doubt| format!("?{:?}", doubt.why)));
    out.join(" ")
}

#[test]
fn express_with_routers_of_other_files() {
    let files = [
        (
            "app.js",
            "const express = require('express'); const app = express(); const cors = require('cors');\nconst { API } = require('./config');\napp.use(cors()); app.use(express.json());\napp.use(API, require('./routes'));\napp.use('/admin', auth, require('./admin').router);\nfunction auth(req, res, next) { if (!req.user) return res.status(401).end(); next() }\nrequire('./extra')(app, '/extra');\napp.use((req, res) => res.status(404).json({}));\napp.listen(process.env.PORT || 3000);",
        ),
        ("config.js", "module.exports = { API: process.env.API_PREFIX || '/api' };"),
        (
            "routes/index.js",
            "const { Router } = require('express'); const router = Router();\nconst users = require('./users');\nrouter.use('/users', users);\nrouter.route('/items').get(h).post(h);\nmodule.exports = router;",
        ),
        (
            "routes/users.js",
            "const router = require('express').Router();\nrouter.get('/:id', (req, res) => res.json({}));\nmodule.exports = router;",
        ),
        ("admin.js", "const { Router } = require('express');\nexports.router = Router();\nexports.router.get('/stats', h);"),
        ("extra.js", "module.exports = (app, at) => { app.get(`${at}/one`, h); };"),
    ];
    assert_eq!(shown(&files), "/admin/stats /api/items /api/users/{x} /extra/one");
}

#[test]
fn what_answers_everything_is_a_pattern() {
    let app = "import express from 'express'; const app = express(); app.get('/a', f);\n";
    for (code, expected) in [
        ("app.use('/static', express.static('public'));", "/a /static/*"),
        ("app.get('*', (req, res) => res.sendFile('x'));", "/* /a"),
        ("app.all('*', (req, res, next) => next(new Error('no')));", "/a"),
        ("app.use(spa); function spa(req, res) { res.sendFile('x') }", "/* /a"),
        ("import x from 'left-pad'; app.use(x());", "/a ?Mounted"),
        ("app.use('/old', createProxyMiddleware({ target }));import { createProxyMiddleware } from 'http-proxy-middleware';", "/a /old/*"),
        ("for (const r of ['/x', '/y']) app.get(r, f);", "/a /x /y"),
        ("['/x', '/y'].forEach((r) => app.get(r, f));", "/a /x /y"),
        ("app.get(load(), f);", "/* /a ?Path"),
        ("app.use(process.env.P, r); const r = express.Router(); r.get('/x', f)", "/*/x /a ?Prefix"),
    ] {
        assert_eq!(shown(&[("a.mjs", &format!("{app}{code}"))]), expected, "{code}");
    }
}

#[test]
fn ways_to_write_it() {
    let express = "import express, { Router } from 'express'; const app = express(); const r = Router();\n";
    for (code, expected) in [
        // Classes that inherit.
        (
            "class Base { constructor() { this.router = Router() } }\nclass Users extends Base { constructor() { super(); this.router.get('/u', f) } }\napp.use('/x', new Users().router);",
            "/x/u",
        ),
        ("class A { constructor(app) { this.app = app; this.go() } go() { this.app.get('/a', f) } }\nnew A(app);", "/a"),
        ("class A { static add(app) { app.get('/a', f) } }\nA.add(app);", "/a"),
        ("const things = { add(app) { app.get('/a', f) } };\nthings.add(app);", "/a"),
        ("const make = (at) => { const one = Router(); one.get(at, f); return one; };\napp.use('/x', make('/y'));", "/x/y"),
        ("const all = { '/u': r }; r.get('/1', f);\nfor (const [at, one] of Object.entries(all)) app.use(at, one);", "/u/1"),
        ("const all = [{ at: '/u', one: r }]; r.get('/1', f);\nall.forEach(({ at, one }) => app.use(at, one));", "/u/1"),
        ("[['/u', r]].forEach(([at, one]) => app.use(at, one)); r.get('/1', f);", "/u/1"),
        ("const m = 'get'; app[m]('/a', f);", "/a"),
        ("const { PREFIX = '/p' } = process.env; app.use(PREFIX, r); r.get('/1', f);", "/p/1"),
        ("const at = Object.freeze({ users: { list: '/l' } }); app.get(at.users.list, f);", "/l"),
        ("const b = { base: '/b' }; const at = { ...b, c: '/c' }; app.get(at.base, f); app.get(at.c, f);", "/b /c"),
        ("app.get('/a' + '/:id', f).post('/b', f);", "/a/{x} /b"),
        ("app.route('/a').all(f).get(f);", "/a"),
        ("const route = app.route('/a'); route.get(f);", "/a"),
        ("app.get(/^\\/a\\/(\\d+)$/, f);", "/a/*"),
        ("app.use('/x', [auth, r]); r.get('/1', f); function auth(req, res, next) { next() }", "/x/1"),
        ("(async () => { await db.connect(); app.get('/a', f); })();", "/a"),
        ("if (process.env.DEBUG) app.get('/debug', f);", "/debug"),
        ("let one; one = Router(); one.get('/1', f); app.use(one);", "/1"),
        ("app.use('/x', wrap(r)); r.get('/1', f); function wrap(inner) { return inner }", "/x/1"),
        // No routes.
        ("import axios from 'axios'; axios.get('/a', options); axios.post('/b', data).then(f);", ""),
        ("const api = axios.create(); api.post('/b', data); import axios from 'axios';", ""),
        ("class C { constructor(private readonly http: HttpService) {} f() { return this.http.post('/b', data) } }", ""),
        ("const cache = new Map(); cache.set('/a', f); cache.get('/a', f);", ""),
        ("i18n.use(detector); import i18n from 'i18next'; import detector from 'left-pad';", ""),
        // Not all of it can be known.
        ("fill(app); import fill from 'left-pad';", "?Extension"),
        ("fill({ app }); import { fill } from 'left-pad';", "?Extension"),
        ("app.use('/x', strange); import strange from 'left-pad';", "/x/*"),
        ("app.use(strange); import { strange } from './not-here';", "?Mounted"),
        ("paths().forEach((at) => app.get(at, f)); import { paths } from './not-here';", "/* ?Path"),
        ("export const add = (other) => other.get('/a', f);", "?Receiver"),
    ] {
        assert_eq!(shown(&[("a.ts", &format!("{express}{code}"))]), expected, "{code}");
    }
}

#[test]
fn modules_in_all_their_ways() {
    let app = "import express from 'express'; const app = express();\n";
    for (code, other, expected) in [
        (
            "import r from './r'; app.use(r);",
            "import { Router } from 'express'; const r = Router(); r.get('/1', f); export default r;",
            "/1",
        ),
        ("import r from './r'; app.use(r);", "import { Router } from 'express'; export default Router().get('/1', f);", "/1"),
        (
            "import { x as y } from './r'; app.use(y);",
            "import { Router } from 'express'; const r = Router(); r.get('/1', f); export { r as x };",
            "/1",
        ),
        (
            "import * as all from './r'; app.use(all.r);",
            "import { Router } from 'express'; export const r = Router(); r.get('/1', f);",
            "/1",
        ),
        (
            "import r = require('./r'); app.use(r);",
            "import { Router } from 'express'; const r = Router(); r.get('/1', f); export = r;",
            "/1",
        ),
        ("app.use(require('./r'));", "const r = require('express').Router(); r.get('/1', f); module.exports = r;", "/1"),
        (
            "app.use(require('./r').default);",
            "import { Router } from 'express'; const r = Router(); r.get('/1', f); export default r;",
            "/1",
        ),
        ("app.use(require('./r').r);", "const r = require('express').Router(); r.get('/1', f); module.exports = { r };", "/1"),
        ("const { r } = require('./r'); app.use(r);", "const r = require('express').Router(); r.get('/1', f); exports.r = r;", "/1"),
        (
            "const all = require('./r'); app.use(all.r);",
            "const r = require('express').Router(); r.get('/1', f); module.exports.r = r;",
            "/1",
        ),
        (
            "const all = require('./r'); app.use(all.r);",
            "const r = require('express').Router(); r.get('/1', f); const all = { r }; module.exports = all;",
            "/1",
        ),
        ("require('./r')(app);", "module.exports = function (app) { app.get('/1', f) };", "/1"),
        ("require('./r').add(app);", "module.exports.add = (app) => { app.get('/1', f) };", "/1"),
        ("import add from './r'; add(app);", "export default function (app) { app.get('/1', f) }", "/1"),
        ("import { add } from './r'; add(app);", "export async function add(app) { app.get('/1', f) }", "/1"),
        (
            "import { r } from './r'; app.use(r());",
            "import { Router } from 'express'; export const r = () => { const one = Router(); one.get('/1', f); return one };",
            "/1",
        ),
        ("import { AT } from './r'; app.get(AT.one, f);", "export enum AT { one = '/1' }", "/1"),
        ("import { AT } from './r'; app.get(AT.one.two, f);", "export const AT = { one: { two: '/1' } } as const;", "/1"),
        ("import settings from './r'; app.get(settings.at, f);", "export default { at: process.env.AT ?? '/1' };", "/1"),
        ("const { at } = require('./r'); app.get(`${at}/x`, f);", "const at = '/1'; module.exports = { at };", "/1/x"),
    ] {
        assert_eq!(shown(&[("a.ts", &format!("{app}{code}")), ("r.ts", other)]), expected, "{code} {other}");
    }
}

#[test]
fn any_text_ends() {
    let deep = |open: &str, close: &str| {
        format!("const app = require('express')(); app.get({}'/x'{}, f)", open.repeat(20_000), close.repeat(20_000))
    };
    let chain = format!("const app = require('express')(); app{}", ".get('/x', f)".repeat(3_000));
    let names = (0..3_000).map(|at| format!("const n{at} = n{} + n{};", at + 1, at + 2)).collect::<String>();
    let texts = [
        deep("(", ")"),
        deep("[", "]"),
        deep("{a:", "}"),
        deep("f(", ")"),
        chain,
        names,
        "\0\u{feff}({[`${".to_owned(),
        "class A extends A {}; app.use(A)".to_owned(),
    ];
    for text in &texts {
        for name in ["a.js", "a.ts", "a.tsx", "next.config.js"] {
            linked(&[(name, text)]);
        }
    }
}
