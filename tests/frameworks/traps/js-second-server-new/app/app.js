import express from 'express'
import http from 'node:http'
const app = express()
app.get('/a', (req, res) => res.send('a'))
new http.Server((req, res) => res.end('m')).listen(9100)
app.listen(3000)
