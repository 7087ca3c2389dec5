require "sinatra/base"

module Pages
  def self.registered(app)
    app.get "/pages" do
      "pages"
    end
  end
end
