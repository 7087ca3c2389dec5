import { DynamicModule, Module } from '@nestjs/common';
import { OrdersController } from './orders.controller';

@Module({})
export class ShopModule {
  static forRoot(options: { name: string }): DynamicModule {
    return {
      module: ShopModule,
      controllers: [OrdersController],
      providers: [{ provide: 'NAME', useValue: options.name }],
    };
  }
}
