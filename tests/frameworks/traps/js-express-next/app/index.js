const express = require('express');
const next = require('next');
const site = next({ dev: false });
const handle = site.getRequestHandler();
site.prepare().then(() => {
  const server = express();
  server.get('/health', (req, res) => res.send('ok'));
  server.all('*', (req, res) => handle(req, res));
  server.listen(3000);
});
