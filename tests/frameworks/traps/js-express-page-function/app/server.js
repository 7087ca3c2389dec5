const express = require('express');
const { page } = require('./page');
const app = express();
app.get('/api/users', (req, res) => res.json([]));
app.use(page);
app.listen(3000);
