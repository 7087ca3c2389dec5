<?php

namespace App\Providers;

class PagesServiceProvider extends ServiceProvider
{
    public function boot(): void
    {
        $this->loadRoutesFrom(base_path('modules/'.config('pages.module').'/routes.php'));
    }
}
