import { Hono } from 'hono'
const a = new Hono().basePath('/a')
const b = a.basePath('/b')
b.get('/x', (c) => c.text('x'))
a.get('/y', (c) => c.text('x'))
const app = new Hono()
app.route('/m', a)
app.route('/n', b)
export default app
