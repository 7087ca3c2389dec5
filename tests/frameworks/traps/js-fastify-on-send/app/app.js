const f = require('fastify')()
f.get('/a', async () => 1)
f.addHook('onSend', async (q, r, p) => { if (r.statusCode === 404) { r.code(200); return 'page' } return p })
