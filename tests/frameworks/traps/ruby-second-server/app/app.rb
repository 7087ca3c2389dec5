require 'sinatra'
get('/a') { 'a' }
Thread.new { Rack::Handler::WEBrick.run(->(e) { [200, {}, ['x']] }, Port: 9) }
