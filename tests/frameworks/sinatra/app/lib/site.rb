require_relative "base"

module Shop
  class Site < Base
    set :root, File.expand_path("..", __dir__)

    get "/" do
      "home"
    end

    get "/pages/:name.?:format?" do
      params[:name]
    end

    get "/contact/?" do
      "contact"
    end

    get "/download/*.*" do
      params[:splat].join(".")
    end

    get %r{/archive/(\d{4})} do |year|
      year
    end
  end
end
