const fastify = require('fastify')();
fastify.get('/health', async () => 'ok');
fastify.setNotFoundHandler((request, reply) => reply.code(200).sendFile('index.html'));
fastify.listen({ port: 3000 });
