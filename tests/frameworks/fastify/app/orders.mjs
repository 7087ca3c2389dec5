export function orders(app, options, done) {
  app.get('/', (request, reply) => reply.send([]));
  app.get('/:id', (request, reply) => reply.send({ id: request.params.id }));
  app.post('/', (request, reply) => reply.code(201).send({}));
  app.delete('/:id', { handler: async () => ({}) });
  app.get('/*', async () => 'the rest').get('/by/:year-:month', async () => 'month');
  done();
}
