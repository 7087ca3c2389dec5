import { join } from 'node:path';
import { MiddlewareConsumer, Module, NestModule } from '@nestjs/common';
import { RouterModule } from '@nestjs/core';
import { ServeStaticModule } from '@nestjs/serve-static';
import { AdminModule } from './admin/admin.module';
import { AppController } from './app.controller';
import { RequestIdMiddleware } from './request-id.middleware';
import { ShopModule } from './shop/shop.module';
import { UsersModule } from './users/users.module';

@Module({
  imports: [
    UsersModule,
    ShopModule.forRoot({ name: 'main' }),
    RouterModule.register([{ path: 'admin', module: AdminModule }]),
    AdminModule,
    ServeStaticModule.forRoot({ rootPath: join(__dirname, '..', 'files'), serveRoot: '/files' }),
  ],
  controllers: [AppController],
})
export class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer) {
    consumer.apply(RequestIdMiddleware).forRoutes('*path');
  }
}
