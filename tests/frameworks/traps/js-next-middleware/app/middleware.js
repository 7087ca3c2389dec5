import { NextResponse } from 'next/server';
export function middleware(request) {
  return NextResponse.rewrite(new URL(`/tenants${request.nextUrl.pathname}`, request.url));
}
