import fp from 'fastify-plugin';

export default fp(async (app, options) => {
  app.decorate('store', new Map());
  app.get('/store/size', async () => options.size);
});
