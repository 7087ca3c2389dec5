import express from 'express'
import { Container } from 'typedi'
const app = express()
app.get('/a', (q, s) => s.send(''))
Container.set('app', app)
import './late'
