<?php

use Illuminate\Foundation\Application;

return Application::configure(basePath: dirname(__DIR__))
    ->withRouting(web: __DIR__.'/../routes/web.php', health: '/up')
    ->withMiddleware(fn ($middleware) => $middleware->append(\App\Http\Middleware\Pages::class))
    ->create();
