const f = require('fastify')()
f.get('/a', async () => 1)
f.setNotFoundHandler((q, r) => { throw new Error('x') })
f.setErrorHandler((e, q, r) => r.code(200).send('page'))
