const fp = require('fastify-plugin')
module.exports = fp(async function (f, opts) { f.get('/x', async () => 1) }, { name: 'x' })
