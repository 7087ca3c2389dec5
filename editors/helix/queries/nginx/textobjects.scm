; `mat`, `mit`, `]t`: a block with its directives, or what is between its braces. `mac`: a comment.

(block_directive
  body: (block) @class.inside) @class.around

(lua_directive
  body: (lua_block) @function.inside) @function.around

(comment) @comment.inside
(comment)+ @comment.around
