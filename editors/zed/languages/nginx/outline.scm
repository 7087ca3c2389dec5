; Servers by their names, locations, upstreams, and blocks around them.

(block_directive
  name: (word) @context
  argument: (word) @name
  (#any-of? @context "location" "upstream" "map" "geo" "split_clients" "if")) @item

(block_directive
  name: (word) @name
  body: (block)
  (#any-of? @name "http" "stream" "mail" "events" "types")) @item

(block_directive
  name: (word) @context
  body: (block
    (simple_directive
      name: (word) @_server_name
      .
      argument: (word) @name
      (#eq? @_server_name "server_name")))
  (#eq? @context "server")) @item
