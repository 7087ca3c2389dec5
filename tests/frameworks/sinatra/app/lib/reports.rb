require_relative "base"

module Shop
  class Reports < Base
    get "/reports/daily" do
      "daily"
    end
  end
end
