module Admin
  class AnswersController < ::AnswersController
  end
end
