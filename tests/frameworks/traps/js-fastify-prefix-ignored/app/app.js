import Fastify from 'fastify'
import fp from 'fastify-plugin'
const app = Fastify()
app.register(fp(async (f) => { f.get('/x', async () => 1) }), { prefix: '/api' })
app.get('/a', async () => 1)
app.listen({ port: 1 })
