import { Controller, Get } from '@nestjs/common';

@Controller()
export class AppController {
  @Get()
  home() {
    return 'home';
  }

  @Get('health')
  health() {
    return { ok: true };
  }

  @Get('metrics')
  metrics() {
    return '';
  }
}
