const path = require('path');
const Koa = require('koa');
const Router = require('@koa/router');
const mount = require('koa-mount');
const serve = require('koa-static');
const books = require('./books');
const { authors } = require('./authors');
const tools = require('./tools');

const app = new Koa();

app.use(async (ctx, next) => {
  try {
    await next();
  } catch (error) {
    ctx.status = error.status || 500;
    ctx.body = { error: error.message };
  }
});
app.use(async (ctx, next) => {
  ctx.set('x-served-by', 'library');
  await next();
});

const root = new Router();
root.get('/health', (ctx) => { ctx.body = 'ok'; });
root.get('home', '/welcome', (ctx) => { ctx.body = 'hello'; });
root.redirect('/start', '/welcome');
root.all('/any', (ctx) => { ctx.body = ctx.method; });

const api = new Router({ prefix: '/api' });
api.use('/books', books.routes(), books.allowedMethods());
api.use(authors.routes());

app.use(root.routes()).use(root.allowedMethods());
app.use(api.routes());
app.use(mount('/tools', tools));
app.use(mount('/assets', serve(path.join(__dirname, 'assets'))));

app.listen(process.env.PORT || 3000, '127.0.0.1');
