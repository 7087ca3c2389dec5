const fastify = require('fastify')();
fastify.get('/health', async () => 'ok');
fastify.register(require('fastify-some-admin'), { prefix: '/admin' });
fastify.listen({ port: 3000 });
