require "sinatra"

get "/users" do
  "users"
end

before do
  redirect "https://example.com" unless request.secure?
end
