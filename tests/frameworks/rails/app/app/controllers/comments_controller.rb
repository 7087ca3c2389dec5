class CommentsController < AnswersController
end
