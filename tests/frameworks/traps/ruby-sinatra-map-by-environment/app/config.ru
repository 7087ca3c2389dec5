require_relative "app"

map ENV.fetch("BASE", "/") do
  run Sinatra::Application
end
