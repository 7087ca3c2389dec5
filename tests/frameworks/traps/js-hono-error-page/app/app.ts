import { Hono } from 'hono'; import { HTTPException } from 'hono/http-exception'
const app = new Hono()
app.get('/a', (c) => c.text(''))
app.notFound((c) => { throw new HTTPException(404) })
app.onError((e, c) => c.html('page'))
export default app
