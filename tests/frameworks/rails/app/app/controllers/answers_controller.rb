class AnswersController < ActionController::Base
  skip_forgery_protection

  %i[index show new create edit update destroy photo search preview].each do |action|
    define_method(action) { render plain: action }
  end
end
