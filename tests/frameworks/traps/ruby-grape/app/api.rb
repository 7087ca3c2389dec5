class Api < Grape::API
  get :users do
    "users"
  end
end
