const Koa = require('koa');
const Router = require('@koa/router');
const app = new Koa();
const router = new Router();
router.get('/health', (ctx) => { ctx.body = 'ok'; });
app.use(router.routes());
app.use(async (ctx) => { ctx.body = 'a page for all'; });
app.listen(3000);
