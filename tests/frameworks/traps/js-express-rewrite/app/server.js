const express = require('express');
const app = express();
app.use((req, res, next) => {
  req.url = req.url.replace(/^\/tenant-[a-z]+/, '');
  next();
});
app.get('/users', (req, res) => res.json([]));
app.listen(3000);
