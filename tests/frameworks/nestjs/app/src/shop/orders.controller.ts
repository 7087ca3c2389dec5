import { All, Controller, Get, Patch } from '@nestjs/common';

@Controller({ path: 'orders', version: '1' })
export class OrdersController {
  @Get()
  list() {
    return [];
  }

  @Patch(':id')
  change() {
    return {};
  }

  @All('any/*rest')
  any() {
    return 'any';
  }
}
