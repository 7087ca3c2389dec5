const admin = require('express')();

admin.get('/', (req, res) => res.send('admin'));
admin.get('/stats', (req, res) => res.json({}));

module.exports = admin;
