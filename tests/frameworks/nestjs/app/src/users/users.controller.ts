import { Body, Controller, Delete, HttpCode, Param, Post, Version } from '@nestjs/common';
import { CrudController } from './crud.controller';

export const USERS = 'users';

@Controller(USERS)
export class UsersController extends CrudController {
  @Post()
  create(@Body() body: unknown) {
    return body;
  }

  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id') id: string) {}

  @Post([':id/lock', ':id/unlock'])
  lock() {
    return true;
  }

  @Post('import')
  @Version('2')
  load() {
    return 0;
  }
}
