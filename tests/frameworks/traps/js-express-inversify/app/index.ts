import { Container } from 'inversify';
import { InversifyExpressServer } from 'inversify-express-utils';
import express from 'express';

const own = express();
own.get('/health', (req, res) => res.send('ok'));
const server = new InversifyExpressServer(new Container(), null, { rootPath: '/api' }, own);
server.build().listen(3000);
