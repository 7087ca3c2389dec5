import { Hono } from 'hono';

const plants = new Hono()
  .get('/', (c) => c.json([]))
  .post('/', (c) => c.json({}, 201))
  .get('/:id{[0-9]+}', (c) => c.json({ id: c.req.param('id') }))
  .get('/:id{[0-9]+}/photos/:photo', (c) => c.json({}))
  .get('/search/*', (c) => c.json([]));

export default plants;
