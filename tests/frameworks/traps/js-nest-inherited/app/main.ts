import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Controller('base')
class BaseController {
  @Get('inherited')
  inherited() { return []; }
}

@Controller('users')
class UsersController extends BaseController {}

@Module({ controllers: [UsersController] })
class AppModule {}

NestFactory.create(AppModule).then((app) => app.listen(3000));
