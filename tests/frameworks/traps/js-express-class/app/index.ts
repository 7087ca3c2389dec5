import express, { Application, Router } from 'express';

interface Routes {
  path: string;
  router: Router;
}

class UsersRoute implements Routes {
  public path = '/users';
  public router = Router();

  constructor() {
    this.initialize();
  }

  private initialize() {
    this.router.get(`${this.path}`, (req, res) => res.json([]));
    this.router.get(`${this.path}/:id(\\d+)`, (req, res) => res.json({}));
  }
}

class App {
  private app: Application = express();

  constructor(routes: Routes[]) {
    routes.forEach((route) => {
      this.app.use('/', route.router);
    });
  }

  listen() {
    this.app.listen(3000);
  }
}

new App([new UsersRoute()]).listen();
