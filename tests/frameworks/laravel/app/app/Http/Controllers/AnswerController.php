<?php

namespace App\Http\Controllers;

use Illuminate\Routing\Controller;

class AnswerController extends Controller
{
    public function __call($method, $parameters)
    {
        return response($method);
    }

    public function callAction($method, $parameters)
    {
        return response($method);
    }
}
