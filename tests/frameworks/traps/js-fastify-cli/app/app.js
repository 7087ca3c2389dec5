module.exports = async function (fastify, opts) {
  fastify.get('/health', async () => 'ok');
};
