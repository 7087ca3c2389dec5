<?php

use Illuminate\Support\Facades\Route;

Route::get('/users', fn () => 'users');
Route::prefix(config('app.prefix'))->group(function () {
    Route::get('/orders', fn () => 'orders');
});
