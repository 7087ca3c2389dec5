const express = require('express')
const app = express()
app.get('/a', (q, s) => s.send(''))
app.use(function () { arguments[1].send('x') })
