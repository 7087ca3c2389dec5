require_relative "app"

map "/shop" do
  run Sinatra::Application
end
run ->(env) { [200, {}, ["page"]] }
