import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AdminModule } from '@company/nest-admin';

@Module({ imports: [AdminModule.forRoot({ path: 'admin' })] })
class AppModule {}

NestFactory.create(AppModule).then((app) => app.listen(3000));
