<?php

use App\Http\Controllers\AnswerController;
use Illuminate\Support\Facades\Route;

Route::get('/', fn () => 'home');
Route::redirect('/start', '/');
Route::match(['get', 'post'], '/contact', [AnswerController::class, 'contact']);
Route::resource('photos', AnswerController::class)->except(['destroy']);
Route::resource('photos.comments', AnswerController::class)->only(['index', 'show'])->shallow();

Route::prefix('admin')->name('admin.')->group(function () {
    Route::get('/', [AnswerController::class, 'admin']);
    Route::get('reports/{year}/{month?}', [AnswerController::class, 'reports'])->whereNumber('year');

    Route::group(['prefix' => '/users'], function () {
        Route::get('{id}', [AnswerController::class, 'show']);
    });
});

Route::controller(AnswerController::class)->prefix('orders')->group(function () {
    Route::get('/', 'index');
    Route::put('/{id}/lines', 'lines');
});

Route::get('/files/{path}', [AnswerController::class, 'file'])->where('path', '.*');

require __DIR__.'/auth.php';
