<?php

$app = Slim\Factory\AppFactory::create();
$app->get('/users', fn () => 'users');
$app->run();
