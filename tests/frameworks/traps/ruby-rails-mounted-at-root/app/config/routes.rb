Rails.application.routes.draw do
  resources :users, only: :index
  mount Blog::Engine => "/"
end
