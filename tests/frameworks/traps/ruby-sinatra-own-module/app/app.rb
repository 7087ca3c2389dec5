require 'sinatra/base'
require_relative 'h'
class App < Sinatra::Base
  extend H
  page '/x'
  get('/a') { 'a' }
end
