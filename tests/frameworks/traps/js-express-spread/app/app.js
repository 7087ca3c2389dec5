const express = require('express')
const app = express()
const args = ['/x', (req, res) => res.send('x')]
app.get(...args)
app.get('/a', (req, res) => res.send('a'))
