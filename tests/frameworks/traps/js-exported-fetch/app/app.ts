import { Hono } from 'hono'
const app = new Hono()
app.get('/a', (c) => c.text('a'))
export default { port: 3, fetch(req) { if (new URL(req.url).pathname === '/metrics') return new Response('m'); return app.fetch(req) } }
