<?php

use App\Http\Controllers\AnswerController;
use Illuminate\Support\Facades\Route;

Route::get('/status', fn () => ['status' => 'ok']);
Route::apiResource('users', AnswerController::class);
Route::prefix('v2')->group(function () {
    Route::apiResources(['items' => AnswerController::class, 'carts' => AnswerController::class]);
});
