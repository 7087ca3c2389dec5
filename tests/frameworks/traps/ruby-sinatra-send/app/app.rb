require 'sinatra'
get('/a') { 'a' }
%w[x y].each { |p| send(:get, "/#{p}") { p } }
