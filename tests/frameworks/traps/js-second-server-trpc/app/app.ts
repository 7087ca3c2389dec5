import express from 'express'
import { createHTTPServer } from '@trpc/server/adapters/standalone'
const app = express()
app.get('/a', (q, s) => s.send(''))
createHTTPServer({}).listen(2)
