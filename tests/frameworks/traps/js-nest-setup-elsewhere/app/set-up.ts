import { INestApplication } from '@nestjs/common';

export function setUp(app: INestApplication) {
  app.setGlobalPrefix('v3');
}
