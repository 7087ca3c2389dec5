require "sinatra"

get "/users" do
  "users"
end
