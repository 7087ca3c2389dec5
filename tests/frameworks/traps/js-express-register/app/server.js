const express = require('express');
const consign = require('consign');
const app = express();
app.get('/health', (req, res) => res.send('ok'));
consign().include('routes').into(app);
app.listen(3000);
