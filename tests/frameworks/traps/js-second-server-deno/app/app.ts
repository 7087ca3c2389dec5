import { Hono } from 'hono'
const app = new Hono()
app.get('/a', (c) => c.text('a'))
Deno.serve((req) => new Response('x'))
