import express from 'express'
import { createServer } from 'node:http'
import { handler } from './h.js'
const app = express()
app.get('/a', (req, res) => res.send('a'))
createServer(handler).listen(9100)
app.listen(3000)
