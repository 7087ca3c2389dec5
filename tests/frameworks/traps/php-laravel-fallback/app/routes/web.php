<?php

use Illuminate\Support\Facades\Route;

Route::get('/users', fn () => 'users');
Route::fallback(fn () => 'page');
