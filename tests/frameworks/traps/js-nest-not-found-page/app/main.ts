import { ArgumentsHost, Catch, Controller, ExceptionFilter, Get, Module, NotFoundException } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';

@Catch(NotFoundException)
class PageFilter implements ExceptionFilter {
  catch(error: NotFoundException, host: ArgumentsHost) {
    host.switchToHttp().getResponse().sendFile('/app/index.html');
  }
}

@Controller('users')
class UsersController {
  @Get()
  list() { return []; }
}

@Module({ controllers: [UsersController] })
class AppModule {}

NestFactory.create(AppModule).then((app) => {
  app.useGlobalFilters(new PageFilter());
  return app.listen(3000);
});
