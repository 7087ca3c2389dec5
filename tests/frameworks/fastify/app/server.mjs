import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';
import cors from '@fastify/cors';
import serve from '@fastify/static';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { PREFIX, port } from './config.mjs';
import store from './plugins/store.mjs';
import stock from './stock.mjs';
import { orders } from './orders.mjs';

const app = Fastify({ logger: false });

app.addHook('onRequest', async (request, reply) => {
  if (request.headers['x-blocked']) {
    return reply.code(403).send({ error: 'blocked' });
  }
});
await app.register(cors);
await app.register(swagger);
await app.register(swaggerUi, { routePrefix: '/docs' });
app.register(serve, { root: fileURLToPath(new URL('./files', import.meta.url)), prefix: '/files/' });
app.register(store, { size: 10 });
app.register(stock, { prefix: PREFIX });
app.register(orders, { prefix: `${PREFIX}/orders` });
app.register(import('./health.mjs'));
app.register(async (inner) => {
  inner.get('/', async () => 'inner');
  inner.get('/:name', async (request) => request.params.name);
}, { prefix: '/inner' });

app.setNotFoundHandler((request, reply) => {
  reply.code(404).send({ error: 'nothing here' });
});

await app.listen({ port, host: '127.0.0.1' });
