require "sinatra"

get "/users" do
  "users"
end

not_found do
  redirect "/"
end
