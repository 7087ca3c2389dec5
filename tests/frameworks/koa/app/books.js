const Router = require('@koa/router');

const router = new Router();

router
  .get('/', (ctx) => { ctx.body = []; })
  .post('/', (ctx) => { ctx.status = 201; })
  .get('/:id', (ctx) => { ctx.body = ctx.params.id; })
  .del('/:id', (ctx) => { ctx.status = 204; })
  .get('/:id/pages/:page', (ctx) => { ctx.body = ctx.params; });

router.get('/by/:rest(.*)', (ctx) => { ctx.body = ctx.params.rest; });

module.exports = router;
