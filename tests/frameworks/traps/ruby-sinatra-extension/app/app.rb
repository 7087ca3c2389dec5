require "sinatra"

get "/users" do
  "users"
end

register Acme::Pages
