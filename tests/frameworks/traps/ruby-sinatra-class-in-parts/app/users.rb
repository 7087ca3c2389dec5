class App
  get "/users", &UsersPage

  get "/orders" do
    "orders"
  end
end
