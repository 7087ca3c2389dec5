run Api
