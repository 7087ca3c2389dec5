import { Hono } from 'hono'
const app = new Hono()
app.get('/a', (c) => c.text('a'))
Bun.serve({ port: 9, fetch(req) { return new Response('x') } })
export default app
