const http = require('http');
const express = require('express');
const app = express();
app.get('/health', (req, res) => res.send('ok'));
http.createServer((req, res) => {
  if (req.url === '/plain') return res.end('plain');
  app(req, res);
}).listen(3000);
