const express = require('express');

exports.PATH = '/orders';
exports.router = express.Router();
exports.router.get('/', (req, res) => res.json([]));
exports.router.get('/:id/lines/:line', (req, res) => res.json({}));
