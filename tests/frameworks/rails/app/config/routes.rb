Rails.application.routes.draw do
  concern :commentable do
    resources :comments, only: %i[index create]
  end

  root to: "answers#show"

  resources :users, except: [:destroy], controller: "answers" do
    member do
      get :photo
    end
    get :search, on: :collection
    get :preview
    resource :profile, only: :show, controller: "answers"
    resources :orders, only: [:index, :show], shallow: true, controller: "answers"
  end

  resources :posts, path: "articles", param: :slug, only: [:show], concerns: :commentable, controller: "answers"

  namespace :admin do
    root to: "answers#show"
    resources :reports, only: :index, controller: "answers"
  end

  scope "/api" do
    scope path: "v1" do
      get "status", to: "answers#show"
      match "echo", to: "answers#show", via: %i[get post]
    end
  end

  scope "(:locale)", locale: /en|de/ do
    get "about" => "answers#show", as: :about
  end

  get "files/*path", to: "answers#show"
  get "photos/:id", to: "answers#show", constraints: { id: /[A-Z]\d+/ }
  get :terms, to: "answers#show"
  mount Answer.new("mounted") => "/engine"

  draw(:legacy) if respond_to?(:draw)
end
