require "sinatra"

get "/users" do
  "users"
end

get "/*" do
  "page"
end
