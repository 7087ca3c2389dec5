<?php

Route::get('/orders', fn () => 'orders');
