Rails.application.routes.draw do
  resources :users, only: :index
  %w[a b].each do |name|
    get name, to: "pages#show"
  end
end
