require 'sinatra'
get('/a') { 'a' }
after { status 200 if response.status == 404 }
