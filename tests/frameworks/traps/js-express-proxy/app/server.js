const express = require('express');
const { createProxyMiddleware } = require('http-proxy-middleware');
const app = express();
app.get('/health', (req, res) => res.send('ok'));
app.use(createProxyMiddleware({ target: 'http://backend:8080', pathFilter: '/api' }));
app.use('/other', createProxyMiddleware({ target: 'http://other:8080' }));
app.listen(3000);
