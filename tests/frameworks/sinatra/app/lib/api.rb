require "sinatra/namespace"
require_relative "base"

module Shop
  class Api < Base
    register Sinatra::Namespace

    get "/users" do
      "users"
    end

    post "/users/:id/photo" do
      "photo"
    end

    namespace "/orders" do
      get "" do
        "orders"
      end

      get "/:id" do
        params[:id]
      end

      namespace "/:id/lines" do
        put "/:line" do
          "line"
        end
      end
    end
  end
end
