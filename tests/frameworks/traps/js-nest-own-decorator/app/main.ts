import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ReadRoute } from './read-route';

@Controller('users')
class UsersController {
  @ReadRoute('all')
  list() { return []; }
}

@Module({ controllers: [UsersController] })
class AppModule {}

NestFactory.create(AppModule).then((app) => app.listen(3000));
