const fastify = require('fastify')({ rewriteUrl: (request) => request.url.replace('/tenant', '') });
fastify.get('/health', async () => 'ok');
fastify.listen({ port: 3000 });
