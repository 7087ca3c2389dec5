const path = require('path');
const express = require('express');
const cors = require('cors');
const helmet = require('helmet');
const { createProxyMiddleware } = require('http-proxy-middleware');
const config = require('./config');
const { requireUser, notFound, failed } = require('./middleware');

const app = express();
app.set('x-powered-by', false);
app.use(helmet());
app.use(cors(), express.json());
app.use((req, res, next) => {
  req.started = Date.now();
  next();
});

app.get(['/health', '/ready'], (req, res) => res.json({ ok: true }));
app.use(config.apiPrefix, require('./routes'));
app.use(['/admin', '/backoffice'], requireUser, require('./routes/admin'));
require('./routes/legacy')(app, '/legacy');
app.use('/static', express.static(path.join(__dirname, 'public')));
app.use('/proxied', createProxyMiddleware({ target: 'http://127.0.0.1:9' }));

app.get('/files/*path', (req, res) => res.json(req.params.path));
app.get('/pages/{*page}', (req, res) => res.json({}));
app.get('/reports{/:year}{/:month}', (req, res) => res.json(req.params));
app.get('/about{.html}', (req, res) => res.send('about'));

app.all('/{*splat}', (req, res, next) => {
  next(Object.assign(new Error('no such page'), { status: 404 }));
});
app.use(notFound);
app.use(failed);

app.listen(config.port, '127.0.0.1');
