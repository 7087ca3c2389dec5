import { Get, Param } from '@nestjs/common';

export abstract class CrudController {
  @Get()
  list() {
    return [];
  }

  @Get(':id')
  one(@Param('id') id: string) {
    return { id };
  }
}
