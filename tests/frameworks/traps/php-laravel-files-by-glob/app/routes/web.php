<?php

use Illuminate\Support\Facades\Route;

Route::get('/users', fn () => 'users');
foreach (glob(__DIR__.'/web/*.php') as $file) {
    require $file;
}
