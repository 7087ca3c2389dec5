const app = require('fastify')()
async function plug (f) { f.get('/x', async () => 1) }
plug[Symbol.for('skip-override')] = true
app.register(plug, { prefix: '/api' })
app.get('/a', async () => 1)
