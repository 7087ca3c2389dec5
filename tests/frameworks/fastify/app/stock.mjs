import parts from './parts.mjs';

export default async function stock(app) {
  app.get('/stock', { schema: { summary: 'all' } }, async () => []);
  app.route({
    method: ['GET', 'HEAD'],
    url: '/stock/:id',
    handler: async (request) => request.params,
  });
  app.route({ method: 'POST', url: '/stock/:id/move', handler: move });
  app.register(parts, { prefix: '/parts' });
  app.get('/export.:format', (request, reply) => reply.send(request.params));
}

async function move(request) {
  return request.params;
}
