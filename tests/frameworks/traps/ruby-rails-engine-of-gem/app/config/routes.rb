Rails.application.routes.draw do
  resources :users, only: :index
  Blog::Routes.add(self)
end
