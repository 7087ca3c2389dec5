import { Hono } from 'hono';
const app = new Hono();
app.get('/health', (c) => c.text('ok'));
app.all('/api/*', (c) => fetch(`http://backend${c.req.path}`));
app.notFound((c) => fetch('http://site/'));
export default app;
