<?php

use Illuminate\Support\Facades\Route;

Route::get('/unused', fn () => 'never');
