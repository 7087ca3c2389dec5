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
