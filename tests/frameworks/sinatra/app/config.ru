require_relative "lib/site"
require_relative "lib/api"
require_relative "lib/admin"

use Rack::Deflater

map "/api" do
  map "/v1" do
    run Shop::Api
  end
end

map "/admin" do
  run Shop::Admin.new
end

map "/up" do
  run ->(_env) { [200, { "Content-Type" => "text/plain" }, ["up"]] }
end

run Shop::Site
