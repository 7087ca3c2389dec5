Rails.application.routes.draw do
  resources :users, only: :index
  scope ENV.fetch("PREFIX", "shop") do
    resources :orders
  end
end
