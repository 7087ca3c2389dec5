const Koa = require('koa');
const Router = require('@koa/router');

const tools = new Koa();
const router = new Router();
router.get('/isbn/:number', (ctx) => { ctx.body = ctx.params.number; });
router.register('/convert', ['GET', 'POST'], (ctx) => { ctx.body = 'converted'; });
tools.use(router.routes());

module.exports = tools;
