require "sinatra/base"

class App < Sinatra::Base
  use Acme::Pages

  get "/users" do
    "users"
  end
end
