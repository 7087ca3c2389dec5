const path = require('node:path');
const AutoLoad = require('@fastify/autoload');
const fastify = require('fastify')();
fastify.get('/health', async () => 'ok');
fastify.register(AutoLoad, { dir: path.join(__dirname, 'routes') });
fastify.listen({ port: 3000 });
