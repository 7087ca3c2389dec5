<?php

use Illuminate\Support\Facades\Route;

Route::get('/users', fn () => 'users');
foreach (['a', 'b'] as $name) {
    Route::get($name, fn () => $name);
}
