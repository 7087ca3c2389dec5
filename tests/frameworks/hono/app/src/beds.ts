import { Hono } from 'hono';

export const beds = new Hono().basePath('/beds');

beds.get('/', (c) => c.json([]));
beds.get('/:bed', (c) => c.json({ bed: c.req.param('bed') }));
beds.delete('/:bed', (c) => c.body(null, 204));
