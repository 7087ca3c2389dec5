const app = require('fastify')()
app.register(require('./plugin'), { prefix: '/api' })
app.get('/a', async () => 1)
app.listen({ port: 1 })
