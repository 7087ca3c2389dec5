const express = require('express')
const app = express()
Reflect.apply(app.get, app, ['/x', h])
app.get('/a', (req, res) => res.send('a'))
