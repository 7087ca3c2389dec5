const express = require('express');
const Hapi = require('@hapi/hapi');
const app = express();
app.get('/health', (req, res) => res.send('ok'));
const server = Hapi.server({ port: 3001 });
server.route({ method: 'GET', path: '/other', handler: () => 'other' });
app.listen(3000);
server.start();
