import { Controller, Get, Module } from '@nestjs/common';

@Controller('stats')
class StatsController {
  @Get()
  all() {
    return {};
  }

  @Get('daily/:day')
  daily() {
    return {};
  }
}

@Module({ controllers: [StatsController] })
export class AdminModule {}
