const Router = require('@koa/router');

const authors = new Router();
authors.prefix('/authors');
authors.get('/', (ctx) => { ctx.body = []; });
authors.get('/:name', (ctx) => { ctx.body = ctx.params.name; });

module.exports = { authors };
