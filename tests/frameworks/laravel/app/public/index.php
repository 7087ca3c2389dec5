<?php

use Illuminate\Contracts\Http\Kernel;
use Illuminate\Http\Request;

foreach ([__DIR__.'/../vendor/autoload.php', '/usr/share/php/Illuminate/autoload.php'] as $autoload) {
    if (is_file($autoload)) {
        require_once $autoload;
    }
}
spl_autoload_register(function ($class) {
    $file = dirname(__DIR__).'/app/'.str_replace('\\', '/', substr($class, 4)).'.php';
    if (str_starts_with($class, 'App\\') && is_file($file)) {
        require_once $file;
    }
});

$app = require_once __DIR__.'/../bootstrap/app.php';
$app->useStoragePath(getenv('CACHE') ?: __DIR__.'/../storage');
$kernel = $app->make(Kernel::class);
$response = $kernel->handle($request = Request::capture());
$response->send();
$kernel->terminate($request, $response);
