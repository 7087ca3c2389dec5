const fs = require('fs');
const path = require('path');
const express = require('express');
const app = express();
fs.readdirSync(path.join(__dirname, 'routes')).forEach((file) => {
  app.use(`/${path.parse(file).name}`, require(path.join(__dirname, 'routes', file)));
});
app.listen(3000);
