const express = require('express')
const app = express()
function strip(req) { req.url = req.url.slice(2) }
app.use((req, res, next) => { strip(req); next() })
app.get('/a', (q, s) => s.send(''))
