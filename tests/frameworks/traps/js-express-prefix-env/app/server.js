const express = require('express');
const app = express();
const api = express.Router();
api.get('/users', (req, res) => res.json([]));
app.use(process.env.CONTEXT_PATH, api);
app.listen(3000);
