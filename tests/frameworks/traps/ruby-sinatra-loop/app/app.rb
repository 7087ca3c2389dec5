require "sinatra"

get "/users" do
  "users"
end

%w[a b].each do |name|
  get "/#{name}" do
    name
  end
end
