Rails.application.routes.draw do
  resources :users, only: :index
  get "*path", to: "pages#show"
end
