import { Hono } from 'hono'
const inner = new Hono().basePath('/a').basePath('/b')
inner.get('/x', (c) => c.text('x'))
const app = new Hono()
app.route('/m', inner)
app.get('/z', (c) => c.text('z'))
export default app
