require "sinatra/base"
require "acme"

class App < Acme::Base
  get "/users" do
    "users"
  end
end
