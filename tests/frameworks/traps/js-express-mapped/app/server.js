const express = require('express');
const routes = require('./routes.json');
const handlers = require('./handlers');
const app = express();
for (const { path, handler } of routes) {
  app.get(path, handlers[handler]);
}
app.listen(3000);
