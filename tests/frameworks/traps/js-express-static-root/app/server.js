const express = require('express');
const app = express();
app.get('/api/users', (req, res) => res.json([]));
app.use(express.static('public'));
app.listen(3000);
