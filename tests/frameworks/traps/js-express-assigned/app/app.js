const express = require('express')
const ctx = Object.assign({}, { app: express() })
ctx.app.get('/x', (q, s) => s.send(''))
const o = express(); o.get('/a', (q, s) => s.send(''))
