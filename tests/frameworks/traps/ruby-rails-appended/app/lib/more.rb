Rails.application.routes.append do
  get "more", to: "pages#show"
end
