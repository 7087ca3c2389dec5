const app = require('fastify')()
const { get, post } = app
get('/x', async () => 1)
app.get('/a', async () => 1)
