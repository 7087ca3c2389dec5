import { serve } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono } from 'hono';
import { cors } from 'hono/cors';
import { logger } from 'hono/logger';
import { Paths } from '@garden/paths';
import plants from '@garden/plants';
import { beds } from './beds.js';

const app = new Hono();

app.use(logger(() => {}));
app.use('/api/*', cors());
app.use(async (c, next) => {
  c.header('x-served-by', 'garden');
  await next();
});
app.use('/static/*', serveStatic({ root: './' }));

app.get('/health', (c) => c.text('ok'));
app.on(['PUT', 'PATCH'], '/state', (c) => c.json({}));
app.get('/optional/:name?', (c) => c.text('name'));

const api = app.basePath(Paths.Api);
api.get('/version', (c) => c.json({ version: 1 }));
api.route(Paths.Plants, plants);
app.route('/api', beds);
app.mount('/mounted', () => new Response('mounted'));

app.notFound((c) => c.json({ error: 'not here' }, 404));

serve({ fetch: app.fetch, port: Number(process.env.PORT), hostname: '127.0.0.1' });
