const path = require('path');
const express = require('express');
const app = express();
app.get('/api/users', (req, res) => res.json([]));
app.get('*', (req, res) => {
  res.sendFile(path.join(__dirname, 'build', 'index.html'));
});
app.listen(3000);
