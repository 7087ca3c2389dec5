const express = require('express');
const { initialize } = require('express-openapi');
const app = express();
app.get('/health', (req, res) => res.send('ok'));
initialize({ app, apiDoc: './api.yml', paths: './paths' });
app.listen(3000);
