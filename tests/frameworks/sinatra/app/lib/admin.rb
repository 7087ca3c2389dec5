require_relative "base"
require_relative "reports"

module Shop
  class Admin < Base
    use Reports

    get "/" do
      "admin"
    end
  end
end
