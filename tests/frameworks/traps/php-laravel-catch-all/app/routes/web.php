<?php

use Illuminate\Support\Facades\Route;

Route::get('/users', fn () => 'users');
Route::get('/{any}', fn () => 'page')->where('any', '.*');
