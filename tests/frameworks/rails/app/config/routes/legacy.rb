get "old", to: "answers#show"
