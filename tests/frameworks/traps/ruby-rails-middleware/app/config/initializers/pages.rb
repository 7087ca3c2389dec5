Rails.application.config.middleware.use Pages
