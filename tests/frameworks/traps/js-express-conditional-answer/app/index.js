const express = require('express');
const app = express();
app.use((req, res, next) => {
  if (req.path === '/ping') return res.end('pong');
  next();
});
app.get('/users', (req, res) => res.json([]));
app.listen(3000);
