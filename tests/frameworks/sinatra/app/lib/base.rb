require "sinatra/base"

module Shop
  class Base < Sinatra::Base
    set :environment, :production
    set :host_authorization, {} if respond_to?(:host_authorization)

    before do
      halt 401, "no" if request.env["HTTP_X_API_KEY"] == "bad"
    end

    get "/version" do
      "1"
    end

    not_found do
      "nothing here"
    end
  end
end
