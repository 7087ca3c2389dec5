Rails.application.routes.draw do
  resources :users, only: :index
  devise_for :accounts
end
