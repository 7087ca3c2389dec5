Rails.application.configure do
  config.relative_url_root = Settings.root
end
