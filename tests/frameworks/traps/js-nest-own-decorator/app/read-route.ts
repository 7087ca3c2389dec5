import { applyDecorators, Get, HttpCode } from '@nestjs/common';

export const ReadRoute = (path: string) => applyDecorators(Get(path), HttpCode(200));
