(block_directive
  body: (block
    "{"
    (_)* @class.inside
    "}")) @class.around

(lua_directive
  body: (lua_block
    "{"
    (_)* @function.inside
    "}")) @function.around

(comment)+ @comment.around
