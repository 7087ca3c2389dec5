<?php

use App\Http\Controllers\AnswerController;
use Illuminate\Support\Facades\Route;

Route::post('login', [AnswerController::class, 'login']);
