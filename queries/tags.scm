; What an outline or a symbol search shows: upstreams, servers by their first name, locations by their last word, variables made here.

(block_directive
  name: (word) @_upstream
  .
  argument: (word) @name
  (#eq? @_upstream "upstream")) @definition.module

(block_directive
  name: (word) @_server
  body: (block
    (simple_directive
      name: (word) @_server_name
      .
      argument: (word) @name))
  (#eq? @_server "server")
  (#eq? @_server_name "server_name")) @definition.class

(block_directive
  name: (word) @_location
  argument: (word) @name
  .
  body: (block)
  (#eq? @_location "location")) @definition.method

(block_directive
  name: (word) @_map
  argument: (word) @name
  .
  body: (block)
  (#any-of? @_map "map" "geo" "split_clients")) @definition.constant

(simple_directive
  name: (word) @_pass
  .
  argument: (word) @name
  (#any-of? @_pass "proxy_pass" "fastcgi_pass" "uwsgi_pass" "scgi_pass" "grpc_pass" "memcached_pass")) @reference.call
