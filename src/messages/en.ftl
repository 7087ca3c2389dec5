# What people read, in English. Ids are grouped by who says them; `ja.ftl` has the same ids with the same arguments.

## Words

days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
verbatim = { $text }
list-comma = { $head }, { $next }
list-and = { $head } and { $last }
list-or = { $head } or { $last }
list-clauses = { $head }, and { $last }
list-more = { $head } and { $count } more
list-clause = { $head }, { $next }
server-including = the server that includes this file
line = line { $line }
line-of = line { $line } of { $file }
comment-out = Comment out { $what }
looks-like = is { $name } meant?
did-you-mean = did you mean { $name }?
the-first = the first one
workspace-folder = the workspace's folder
write = Write { $what }
answers-instead = answers instead
remains-redirect = what remains of it: a request for exactly { $short } is answered by a redirect (301) to { $path }
reference-module = a module
reference-redirect = a redirect
reference-code = code
list-and-more = { $head } and { $last }
server-named = { $name }

## Project: settings

settings-upstream-section = a section is wanted here: `routes = ["/ping"]`
settings-is-section = `{ $name }` is a section: write `[{ $name }]`
settings-marker = the marker has to begin with `#`, stay on one line, and be told from an ordinary comment
settings-unknown-near = there is no setting `{ $name }`; did you mean `{ $near }`?
settings-unknown = there is no setting `{ $name }` here; there are { $known }
settings-value = `{ $key }`: { $problem }
settings-not-object = `{ $name }` has to be an object
settings-none-such = there is no such setting
settings-unread = these settings were not read: { $problem }
settings-language = `language` is `"en"` or `"ja"`
settings-window = `{ $window }` is no span of time (`7d`, `36h`), no day (`2025-11-03`) and not `all`: all requests of the logs count
settings-path-relative = `{ $path }` is no path on the server: such a path begins with `/`, and no other is looked up here
settings-path-missing = there is no `{ $local }` in the workspace: of what is below { $path } on the server nothing is known
settings-upstream-unknown = no configuration passes requests to `{ $name }`: what this section says has no effect
settings-upstream-near = no configuration passes requests to `{ $name }`: what this section says has no effect; did you mean `{ $near }`?

## Project: what is where

compose-unread = this compose file was not read: { $problem }
compose-no-yaml = this compose file is no YAML that can be read ({ $problem }): what it mounts is not known
yaml-too-deep = values are nested more than { $most } deep
includes-too-many = its includes read files { $most } times: the rest was not looked at
includes-too-much = its includes read more than the { $most } bytes that there is memory for: the rest was not looked at
folder-too-large = more than { $most } files: the rest was not looked at
read-missing = there is no such file
read-not-a-file-folder = it is a folder, not a regular file
read-not-a-file-special = it is a pipe, socket or device, not a regular file
read-too-large = it is too large: { $size } bytes, and files over { $limit } bytes are not read
read-too-much = it has { $size } bytes, and with it the configurations here would have more than the { $limit } bytes that there is memory for
read-binary = it is binary: it holds NUL bytes
read-link-loop = it is a symbolic link that leads back to itself
read-io = it can't be read: { $error }
read-outside = it lies outside of the folder, which is not trusted
read-not-utf8 = it is not UTF-8: what could not be decoded is replaced by U+FFFD in what is shown
paths-own-folder = { $folder } is nginx's own folder on this machine
paths-settings = `{ $target }` is `{ $local }` by [paths] in { $file }
paths-service-writes = the service `{ $service }` can write there
paths-mounted = `{ $written }` is mounted at { $target }
paths-config-map = `{ $name }` goes into a ConfigMap that is mounted at { $target }
paths-copied = `{ $written }` is copied to { $target }
paths-what-is-at = this is what is at { $target }

## Upstreams

upstreams-stated = the settings list its routes in [upstreams.{ $name }]
upstreams-asked = { $path } holds what { $of } answered on { $day }
upstreams-forwards-nothing = { $product } forwards nothing: `{ $written }`
upstreams-option = `{ $written }`: { $says }
upstreams-at = { $setting } is at { $value }
upstreams-below = it serves below { $prefix }
upstreams-no-key = no { $key }
upstreams-provided = `{ $key }` is set nowhere else (in the image, or where it is started)
upstreams-open-more = { $product } serves more than a list of routes
upstreams-open-port = what { $product } serves on port { $port } is not known
upstreams-open-version = the routes of this version of { $product } are not known
upstreams-open-entrypoint = { $service } has an entrypoint of its own
upstreams-open-command = what the command of { $service } starts is not known
upstreams-open-decides = `{ $written }` decides what { $service } serves, and is not understood
upstreams-open-passes-on = { $service } passes requests on: `{ $written }`
upstreams-open-adds = `{ $written }` adds to what { $service } serves
upstreams-open-every-path = `{ $written }` may answer every path of { $service }
upstreams-open-two = { $service } is told two different things by { $written }
upstreams-open-depends = the command of { $service } depends on `{ $written }`
upstreams-open-environment = an environment file of { $service } is not here
upstreams-open-file = the configuration file of { $service } is not known: `{ $written }`
upstreams-open-unread = { $path } decides what { $service } serves, and { $why }
upstreams-unread-not-mounted = is not mounted from the workspace
upstreams-unread-unreadable = can't be read
upstreams-unread-format = is not understood
upstreams-unread-elsewhere = is not in the workspace
upstreams-open-image = the image of { $service } depends on a variable
upstreams-open-routes = the routes of { $service } are not known
upstreams-open-list = the list of routes in [upstreams.{ $name }] is not said to be complete
upstreams-unknown-block = who is in the upstream block is not known
upstreams-unknown-server = who is { $server } is not known
upstreams-unknown-network = { $host } is in no network with the container that runs this configuration
upstreams-unknown-port = nothing here listens on port { $port }
upstreams-unknown-host = no service of the workspace is called { $host }
upstreams-unknown-several = more than one service of the workspace is called { $host }
upstreams-unknown-cluster = no Service in the namespace of this configuration is called { $host }
upstreams-unknown-service-port = the Service { $service } has no port { $port }
upstreams-unknown-workload = which pods the Service { $service } selects is not known: not exactly one workload of the manifests has its labels
upstreams-unknown-container = which container of the pod answers on port { $port } of the Service { $service } is not known
upstreams-unknown-gate = the pod that runs this configuration may know { $host } by another name
upstreams-unknown-templated = the manifests of { $service } are filled in elsewhere
upstreams-unknown-kustomized = a kustomization changes the manifests of { $service }
upstreams-unknown-external = the Service { $service } is a name for a host outside (ExternalName)
upstreams-unknown-headless = the Service { $service } is headless: it leads to the pods themselves
upstreams-unknown-unselecting = the Service { $service } has no selector: who its addresses are is not known
upstreams-unknown-manifest = the manifests of { $service } are not understood
upstreams-open-outside = the source of { $service } is not in the workspace
upstreams-open-started = which program { $service } starts is not known
upstreams-open-mounted = what is mounted at { $target } may change what { $service } serves
upstreams-open-reading = the source of { $service } is being read
upstreams-open-none = no routes were found in { $folder }
upstreams-open-cut = there are more than { $most } files of source
upstreams-open-left-out = { $path } can't be read, or is too large
upstreams-doubt-computed = routes are registered in a way that can't be followed ({ $at })
upstreams-doubt-extension = an extension adds routes of its own ({ $at })
upstreams-doubt-library = of a library nothing is known: it may add routes, or listen by itself ({ $at })
upstreams-doubt-middleware = a middleware may answer any request ({ $at })
upstreams-doubt-proxy = requests are passed on to another server ({ $at })
upstreams-doubt-fallback = what no route takes is answered by the application itself ({ $at })
upstreams-doubt-prefix = the prefix of routes is not known ({ $at })
upstreams-doubt-mounted = what is mounted is not known ({ $at })
upstreams-doubt-receiver = on what routes are registered is not known ({ $at })
upstreams-doubt-path = the path of a route is not known ({ $at })
upstreams-doubt-option = an option of the framework is not understood ({ $at })
upstreams-doubt-unparsed = a file can't be parsed ({ $at })
upstreams-open-unlisted = { $path } is not here, or has no routes that can be read
upstreams-open-tried = { $path } has the answers to some URIs; there may be other routes
upstreams-any-uri = any URI that matches { $regex }

## What takes over (`takeover`)

takeover-location-all = without it `{ $location }` ({ $at }) takes its URIs
takeover-location-some = without it `{ $location }` ({ $at }) takes URIs of it
takeover-server-all = without it no location, only the settings of the server itself, takes its URIs
takeover-server-some = without it no location, only the settings of the server itself, takes URIs of it
takeover-same = { $takes }, and does the very same
takeover-differs = { $takes }: { $differences }
takeover-differs-kept = { $takes }: `{ $handler }` stays { $value }, but { $differences }
takeover-more = { $count ->
    [one] { $sentence }; one location more takes some of its URIs
   *[other] { $sentence }; { $count } locations more take some of its URIs
}
takeover-captures = the captures of a regex location (`$1` and its like) are others
takeover-settings = { $count ->
    [one] one setting more differs
   *[other] { $count } settings more differ
}
takeover-unguarded = what guards this block is not what holds for these URIs: with `{ $location }`, { $differences }
takeover-unguarded-server = what guards this block is not what holds for these URIs: with the settings of the server itself, { $differences }
takeover-other-files = `{ $directive }` names other files, because it replaces another location's name
takeover-other-uri = `{ $directive }` sends another URI, because its URI part replaces another location's name
takeover-other-redirect = `{ $directive }` rewrites `Location` headers with another location's name
takeover-changed = `{ $directive }` is { $there } instead of { $here }
takeover-unknown = what { $list } changes can't be told
takeover-lost = { $count ->
    [one] { $list } does not hold there
   *[other] { $list } do not hold there
}
takeover-gained = { $count ->
    [one] { $list } holds there, too
   *[other] { $list } hold there, too
}
takeover-instead = { $count ->
    [one] { $there } holds instead of { $here }
   *[other] { $there } hold instead of { $here }
}

## Rule: dead-location

dead-location-summary = a location that no request can reach
dead-location-exact = the exact { $location }
dead-location-regex = the regex { $location }
dead-location-prefix = the prefix { $location }
dead-location-others = { $count ->
    [one] one other location
   *[other] { $count } other locations
}
dead-location-other = other locations
dead-location-says = no request is ever served by { $this }: { $why }
dead-location-there-already = it is there already
dead-location-has-name = { $location } has its name already
dead-location-duplicate = duplicate { $this }: nginx refuses to start, because { $clash }
dead-location-duplicate-fragment = duplicate { $this }: nginx refuses a server that includes this file, because { $clash }
dead-location-same-name = the server has a location of that name already, and nginx finds the first
dead-location-same-regex = an earlier location has the same regex, and the first that matches wins
dead-location-below-regex = exact and prefix locations inside a regex location ({ $regex }) are never looked at
dead-location-outside = its regex matches no URI that gets into { $parent }
dead-location-never = its regex matches no URI at all
dead-location-answered = the `{ $by }` of { $server } answers every request first
dead-location-sent = the `{ $by }` of { $server } sends every request to { $takers } first
dead-location-answered-but = the `{ $by }` of { $server } answers every request first, but for those that a `rewrite` sends to { $takers }
dead-location-unasked = it is `internal`, and nothing in { $server } sends one there; clients get 404
dead-location-taken-exact = the URI { $path } is taken by { $takers }
dead-location-taken-under = every URI under { $path } is taken by { $takers }
dead-location-taken-begins = every URI that begins with { $path } is taken by { $takers }
dead-location-taken-regex = every URI that it matches is taken by { $takers }
dead-location-runs-before = it runs before a location is looked for, after internal redirects, too
dead-location-no-location = no location at all
dead-location-remains = what remains of it: a request for exactly { $short } is answered by a redirect (301) to { $path }; without this block { $short } would go to { $then }
dead-location-decides = it still decides: without it, { $other } would take requests that it does not get now
dead-location-differs = what differs with { $taker }: { $difference }
dead-location-defines = nothing else defines { $variable }: if it is used elsewhere, nginx refuses to start without this block
dead-location-first-gets = the first one: it gets the requests
dead-location-around = the regex location around it: only regexes inside it are tried
dead-location-only-through = requests get to the dead one only through here
dead-location-sent-here = requests are sent here
dead-location-exact-wins = an exact match wins
dead-location-tried-first = this regex is tried first
dead-location-regex-wins = a regex that matches wins over a prefix
dead-location-no-regex = `^~`: where this is the longest prefix, no regex is tried
dead-location-longest = the longest prefix wins
dead-location-moves = { $count ->
    [one] the only internal move of the server whose target is written leads elsewhere
   *[other] the { $count } internal moves of the server whose targets are written lead elsewhere
}
dead-location-no-moves = the server has no internal move (rewrite, try_files, error_page, …) with a target of its own
dead-location-so-does-index = { $moves }, and so does `index`
dead-location-every-uri = this holds for every URI that a client can send; { $moves }
dead-location-more-doors = { $count ->
    [one] { $count } more place may bring such a URI, beside those shown
   *[other] { $count } more places may bring such a URI, beside those shown
}
dead-location-door-accel = what answers here may name any URI in an X-Accel-Redirect header; ignoring the header (`proxy_ignore_headers X-Accel-Redirect;`, or that of another `*_pass`, as `fastcgi_ignore_headers`) would settle it
dead-location-door-include = what this include leads to is not known: it may move requests
dead-location-door-around = the configuration around this file is not here, and may move requests
dead-location-door-ssi = a page with server-side includes may ask for any URI
dead-location-door-code = this code can't be followed: it may move a request to any URI
dead-location-door-module = `{ $what }` is of a module that is not known here: it may move requests
dead-location-door-other = `{ $what }` may move a request to any URI
dead-location-no-slash-regex = its name does not begin with `/`, as every URI of a client does (is a regex meant, with `~`?)
dead-location-no-slash = its name does not begin with `/`, as every URI of a client does
dead-location-slashes = nginx merges the slashes of a URI before it looks for a location, and its name has `//`
dead-location-dots = nginx resolves `.` and `..` in a URI before it looks for a location, and its name has `{ $part }`
dead-location-no-name = its name is none that a client's URI can have
dead-location-no-uri-slashes = its regex matches no URI of a client, which has no scheme, no host and no `//`
dead-location-no-uri = its regex matches no URI of a client, which begins with `/` and has no segment `.` or `..`
dead-location-encoded = { $this } gets only requests such as { $target }: { $why }
dead-location-encoded-query = the query is not part of the URI that nginx compares, so its `?` is one that was sent as %3F
dead-location-encoded-fragment = what follows a `#` is not part of the URI that nginx compares, so its `#` is one that was sent as %23
dead-location-encoded-percent = nginx compares the decoded URI, so its `%` is one that was sent as %25

## Rule: missing-file

missing-file-summary = a file that is needed and not there
missing-file-says = { $file } does not exist: { $effect }
missing-file-would-be = { $evidence }, so the file would be { $file }
missing-file-folder = { $evidence }; { $contents }
missing-file-image = it would be false if the image had it: in { $images }
missing-file-tls = nginx reads it only where TLS is in use
missing-file-empty = { $folder } is empty
missing-file-has-more = { $folder } has { $names }, … ({ $count } in all)
missing-file-has = { $folder } has { $names }
missing-file-require = require "{ $path }" raises an error
missing-file-no-start = nginx refuses to start
missing-file-no-start-tls = nginx refuses to start with TLS
missing-file-try-files = `try_files` ends in { $status }
missing-file-status = { $subject } answers { $status }
missing-file-status-request = the request answers { $status }
missing-file-fails = { $what } fails
missing-file-worker = { $what } fails in every worker, which goes on without it
missing-file-plain-page = errors show nginx's built-in page

## Rule: upstream-port-mismatch

upstream-port-mismatch-published = { $service } does not listen on port { $port }: compose publishes its port { $inside } there on the machine, but containers reach each other by { $inside }
upstream-port-mismatch-elsewhere = { $service } does not listen on port { $port }: its { $program } listens on { $own }
upstream-port-mismatch-loopback = { $service } takes no connection from another container: its { $program } listens on the loopback address only
upstream-port-mismatch-mapping = port { $port } of the machine leads to port { $inside } of the container
upstream-port-mismatch-stated = { $program } is told to listen on { $own } here
upstream-port-mismatch-default = { $program } is started here without a port, and listens on { $own } then
upstream-port-mismatch-written = `{ $written }`: only what runs in the same container gets through
upstream-port-mismatch-no-host = { $program } is started here without an address, and listens on 127.0.0.1 then: only what runs in the same container gets through
upstream-port-mismatch-service = the Service { $service } has no port { $port }, only { $ports }
upstream-port-mismatch-target = its port { $number } leads to port { $port } of the pod: by the Service's name it is the Service's port that counts
upstream-port-mismatch-service-here = its ports are here
upstream-port-mismatch-summary = a port on which nothing listens in the backend's container

## Rule: upstream-scheme-mismatch

upstream-scheme-mismatch-own-http = { $to } speaks TLS: nginx answers 400 (the plain HTTP request was sent to HTTPS port)
upstream-scheme-mismatch-to-tls = { $to } speaks TLS, and { $scheme }:// sends plain text: requests fail
upstream-scheme-mismatch-to-plain = { $to } does not speak TLS, and { $scheme }:// does: the handshake fails, and requests get 502
upstream-scheme-mismatch-own-tls = it listens with `ssl`
upstream-scheme-mismatch-own-plain = it listens without `ssl`
upstream-scheme-mismatch-declared = its Service says `appProtocol: { $protocol }`
upstream-scheme-mismatch-probe-plain = the cluster asks port { $port } without TLS whether it is well
upstream-scheme-mismatch-probe-tls = the cluster asks port { $port } with TLS whether it is well
upstream-scheme-mismatch-product = { $product } speaks TLS on port { $port }
upstream-scheme-mismatch-program-tls = { $program } is started with a certificate
upstream-scheme-mismatch-program-plain = { $program } is started without a certificate
upstream-scheme-mismatch-summary = plain text sent to a port that speaks TLS, or TLS to one that does not

## Rule: uri-stripped

uri-stripped-cut = { $prefix } is cut off on the way: { $what } is asked for, and the routes of { $name } begin with it ({ $route })
uri-stripped-kept = { $prefix } is kept on the way: { $what } is asked for, and the routes of { $name } do not begin with it ({ $route })
uri-stripped-kept-part = { $prefix } is kept on the way: { $what } is asked for, and the routes of { $name } begin with { $right } only ({ $route })
uri-stripped-summary = a prefix that is cut off although the backend's routes have it, or kept although they do not

## Rule: upstream-lacks-route

upstream-lacks-route-summary = a proxied location none of whose URIs the backend serves
upstream-lacks-route-at = { $uris } at { $server }
upstream-lacks-route-no-route = has no route { $uri }
upstream-lacks-route-none-under = has no route under { $uri }
upstream-lacks-route-none-begins = has no route that begins with { $uri }
upstream-lacks-route-none-such = has no such route
upstream-lacks-route-forwards = { $lacks } and forwards nothing ({ $why })
upstream-lacks-route-says = { $what } is not served: { $backend } { $lacks }
upstream-lacks-route-seems = { $what } seems not to be served: { $backend } { $lacks }
upstream-lacks-route-backend = { $name } ({ $image })
upstream-lacks-route-nor = { $sentence }; nor has any of the { $count } servers of the upstream
upstream-lacks-route-leads = the upstream leads to { $address }
upstream-lacks-route-service = the service { $service } runs { $image }
upstream-lacks-route-hint-grows = a hint only: newer versions add routes; a request for { $uri } to the running backend settles it
upstream-lacks-route-hint-part = a hint only: the list of its routes may not be complete; a request for { $uri } to the running backend settles it
upstream-lacks-route-holds-list = this holds so long as that list is complete; if it has other routes, list them under [upstreams.{ $key }] in nginx-analyzer.toml
upstream-lacks-route-holds-image = this holds so long as the service runs that image unchanged; if it has other routes, list them under [upstreams.{ $key }] in nginx-analyzer.toml
upstream-lacks-route-holds-provided = this holds so long as the service runs that image unchanged and { $provided }; if it has other routes, list them under [upstreams.{ $key }] in nginx-analyzer.toml
upstream-lacks-route-serves = { $name } serves { $routes }
upstream-lacks-route-serves-more = { $name } serves { $routes }, and { $count } more
upstream-lacks-route-source = the service { $name } ({ $folder }, { $frameworks })
upstream-lacks-route-counted = has { $count ->
        [one] one route
       *[other] { $count } routes
    }, none { $kind ->
        [uri] of them { $uri }
        [under] under { $uri }
        [begins] that begins with { $uri }
       *[other] like that
    }
upstream-lacks-route-near = { $sentence }; nearest: { $route } ({ $place })
upstream-lacks-route-nearest-is = the nearest route: { $route }
upstream-lacks-route-built = the service { $service } is built from { $folder }
upstream-lacks-route-holds-source = this holds so long as its routes are those of this source; if it has other ones, list them under [upstreams.{ $key }] in nginx-analyzer.toml
upstream-lacks-route-nearest = { $serves }; the nearest is { $route }

## Rule: unreachable-backend-route

unreachable-backend-route-summary = routes of a backend that no location passes on
unreachable-backend-route-says = { $count ->
        [one] no location passes on a route of { $backend }: { $routes }
       *[other] no location passes on { $count } routes of { $backend }: { $routes }
    }
unreachable-backend-route-more = { $count } more
unreachable-backend-route-here = { $route } is defined here
unreachable-backend-route-meant = right where they are for other services only; a location is missing where clients should get to them
unreachable-backend-route-fix = { $count ->
        [one] Add the location { $names }
       *[other] Add the locations { $names }
    }

## Rule: upstream-lacks-part

upstream-lacks-part-summary = a proxied location some of whose URIs the backend does not serve
upstream-lacks-part-says = not all of { $uris } is served: { $backend } has no route for { $example }
upstream-lacks-part-served = { $route } is served

## Rule: unused-named-location

unused-named-location-summary = a `location @name` that nothing leads to
unused-named-location-says = nothing leads to `location { $name }`: no error_page, try_files, post_action or Lua code of { $server } names it
unused-named-location-around = the configuration around this file is not here, and may name it in an error_page
unused-named-location-accel = what answers here may name { $name } in an X-Accel-Redirect header; if it does not, ignoring the header (`proxy_ignore_headers X-Accel-Redirect;`, or that of another `*_pass`, as `fastcgi_ignore_headers`) proves it
unused-named-location-computed = the target of this { $kind } is computed: it may be { $name }
unused-named-location-include = what this include leads to is not known: it may name { $name }
unused-named-location-any-accel = an X-Accel-Redirect is made here: it may name any location
unused-named-location-more = { $count ->
    [one] { $count } more place may lead there, beside those shown
   *[other] { $count } more places may lead there, beside those shown
}
unused-named-location-fails = no URI selects it, so no location takes over from it: if something does lead here, the request fails with 500 without it
unused-named-location-near = { $asked } is asked for here and no location has that name: is { $name } meant?

## Rule: unused-definition

unused-definition-summary = an upstream, variable, log format or zone that nothing uses
unused-definition-template = a template fills this in: it may use any name
unused-definition-computed = the name is computed here: it may be { $name }
unused-definition-code = code that is not followed runs here: it may ask for { $name }
unused-definition-ssi = pages with server-side includes may ask for ${ $name }
unused-definition-module = `{ $directive }` belongs to another module, which may look ${ $name } up by its name
unused-definition-lua-away = this Lua code is not here: it may use { $name }
unused-definition-lua-computed = Lua computes the names that it asks for: { $name } may be one
unused-definition-lua-opaque = this Lua code can't be followed: it may use { $name }
unused-definition-lua-module = the module { $module } is not here: it may use { $name }
unused-definition-lua-module-computed = the module that is computed is not here: it may use { $name }
unused-definition-too = it is defined here, too
unused-definition-more-places = { $count ->
    [one] and in { $count } more place
   *[other] and in { $count } more places
}
unused-definition-twin = an upstream of the same name in `{ $protocol }` is another one
unused-definition-more = { $count ->
    [one] { $count } more place may use it, beside those shown
   *[other] { $count } more places may use it, beside those shown
}
unused-definition-group = nothing uses ${ $name }, which a group of this regex is named after
unused-definition-table = nothing uses { $name }: this `{ $directive }` is never evaluated
unused-definition-variable = nothing uses { $name }, which this `{ $directive }` gives a value
unused-definition-upstream = nothing is passed to upstream { $name }
unused-definition-log-format = no access_log uses the log format { $name }
unused-definition-zone = no { $directive } uses the zone { $name }
unused-definition-dictionary = no Lua code uses the shared dictionary { $name }

## Rule: orphan-file

orphan-file-summary = a Lua or HTML file beside others in use that nothing names
orphan-file-lua = { $file } is used by nothing: no directive, no require and no dofile names it
orphan-file-html = { $file } is used by nothing: no directive and no page names it, and no folder is served that it is in
orphan-file-beside = other files in { $folder }/ are used; what is outside of this workspace was not looked at

## Rule: redundant-location

redundant-location-summary = a location without which nothing changes
redundant-location-itself = the server itself
redundant-location-says = { $count ->
    [one] { $this } changes nothing: without it { $takers } takes its requests and does the very same
   *[other] { $this } changes nothing: without it { $takers } take its requests and do the very same
}
redundant-location-nothing = { $this } changes nothing
redundant-location-same = it has the same settings and answers in the same way

## Rule: syntax-error

syntax-error-summary = something that nginx can't read
syntax-error-more = { $count } more like it in this file are not listed: nginx stops at the first
syntax-error-stray-semicolon = this `;` ends nothing: no directive stands before it
syntax-error-refuses-semicolon = nginx refuses the file: unexpected ";"
syntax-error-remove-semicolon = Remove this `;`
syntax-error-stray-close = this `{"}"}` closes nothing: there is one `{"}"}` more than there are blocks open here
syntax-error-refuses-close = nginx refuses the file: unexpected "{"}"}"; if a block above was closed too early, it is that `{"}"}` which is too many
syntax-error-remove-close = Remove this `{"}"}`
syntax-error-quote = this quote has no partner: nginx reads everything from here to the end of the file as one word
syntax-error-refuses-quote = nginx refuses the file at its last line: unexpected end of file, expecting ";" or "{"}"}"
syntax-error-quote-rest = what comes after this line is not looked at until the quote is closed
syntax-error-lua = the Lua code that starts here never ends: a `{"}"}` is missing in it, or a `[[` has no `]]`
syntax-error-refuses-lua = lua-nginx-module refuses the file: unexpected end of file, expecting terminating characters for lua code block
syntax-error-lua-rest = braces count outside of strings, long brackets and comments; what comes after this line is not looked at until they balance
syntax-error-too-deep = blocks are nested more than { $most } deep here: what is inside is not looked at, whatever nginx makes of it
syntax-error-add-semicolon = Add the missing `;`
syntax-error-this-directive = this directive
syntax-error-no-semicolon = { $name } lacks its `;`
syntax-error-refuses-here = nginx refuses the file here, on line { $line }: unexpected "{"}"}"
syntax-error-refuses-end = nginx refuses the file at its end: unexpected end of file, expecting ";" or "{"}"}"
syntax-error-next-line = the next line
syntax-error-swallows = { $name } lacks its `;`: nginx takes { $taken } on line { $line } for one more argument of it
syntax-error-refuses-argument = nginx refuses the file: { $name } takes no such argument
syntax-error-refuses-host = nginx looks this up as the name of a host, and refuses the file where there is none
syntax-error-looks-like-directive = looks like a directive: it is first on its line, has a directive's name and is not indented deeper
syntax-error-if-argument = if it is meant as an argument, indent it deeper or put quotes around it
syntax-error-quantifier = `{"{"}{ $inside }{"}"}` ends the regex: without quotes nginx takes this `{"{"}` for the start of a block
syntax-error-refuses = nginx refuses the file: { $text }
syntax-error-refuses-saying = nginx refuses the file on line { $line }: { $text }
syntax-error-unopened = `{ $name }` lacks its `{"{"}`
syntax-error-unopened-close = without it, this `{"}"}` closes nothing
syntax-error-add-open = Add the missing `{"{"}`
syntax-error-brace-argument = this `{"{"}` starts a block, which `{ $name }` has none of
syntax-error-quote-braces = an argument with braces stands in quotes: '{"{"}…{"}"}'
syntax-error-quote-argument = Put the argument in quotes
syntax-error-quote-regex = Put the regex in quotes
syntax-error-nameless = this block has no name: nothing stands before its `{"{"}`
syntax-error-refuses-nameless = nginx refuses the file: unexpected "{"{"}"
syntax-error-nameless-semicolon = this `;` ends the directive that the block may belong to
syntax-error-refuses-unclosed = nginx refuses the file, at its last line if nothing before is out of place: unexpected end of file, expecting "{"}"}"
syntax-error-unclosed-block = this block is never closed: its `{"}"}` is missing
syntax-error-unclosed = `{ $name }` is never closed: its `{"}"}` is missing
syntax-error-ends-here = going by the indentation, the block ends here, on line { $line }
syntax-error-lua-brace = this `{"}"}` ends the Lua code of `{ $name }`, by its indentation too late: one may be missing in the code
syntax-error-refuses-line = nginx refuses the file on line { $line }
syntax-error-refuses-line-at = nginx refuses the file on line { $line }: unexpected "{ $character }"
syntax-error-after-quote = behind a closing quote nginx wants a blank, `;`, `{"{"}` or `)`
syntax-error-quote-starts = the word starts with the quote on line { $line }: if that one's partner is missing, this quote opens a word and closes none
syntax-error-escape-quote = if the quote is part of the text, write it as `\"`, or quote the whole word with the other kind of quotes
syntax-error-long-word = this word is { $length } bytes long: nginx reads at most { $most }
syntax-error-long-comment = this comment is { $length } bytes long: nginx reads at most { $most }, of a comment too
syntax-error-break-comment = Break the comment into lines
syntax-error-refuses-long = nginx refuses the file: too long parameter "{ $start }..."
syntax-error-mark = the file starts with a byte order mark: nginx reads its three bytes as part of the first word
syntax-error-refuses-mark = nginx refuses the file (unknown directive), except where any name is allowed, as in `map` or `types`: there the first name is another one than it seems
syntax-error-remove-mark = Remove the byte order mark

## Rule: alias-mismatch

alias-mismatch-outside = requests get out of { $alias }: a request for { $uri } is answered with the file { $alias }../x, because { $location } has no slash at its end
alias-mismatch-replaces = the name that the alias replaces
alias-mismatch-write-location = Write `{ $path }/` (a request for { $path } itself goes elsewhere then)
alias-mismatch-glued = file names are glued to the alias: a request for { $path }x is answered with the file { $alias }x, because `alias { $alias }` has no slash at its end
alias-mismatch-captures = every URI of { $location } means { $alias } itself: in a regex location an alias is the whole path, so it needs captures ($1) to name a file
alias-mismatch-summary = an `alias` that does not fit its location's name

## Rule: constant-condition

constant-condition-no-uri-in = no URI that gets here in `{ $location }` says otherwise
constant-condition-no-uri = no URI that is left here says otherwise
constant-condition-always = `if { $condition }` is always true: { $why }
constant-condition-never = `if { $condition }` is never true: { $why }
constant-condition-set = set here
constant-condition-unknown = `${ $variable }` is not known here
constant-condition-empty = empty
constant-condition-like = the like
constant-condition-one = `${ $variable }` is always { $value } here
constant-condition-some = `${ $variable }` is only ever { $values } here
constant-condition-nothing = `${ $variable }` is nothing here
constant-condition-method = a request's method is in capital letters
constant-condition-host = nginx puts `$host` into small letters
constant-condition-scheme = `$scheme` is either http or https
constant-condition-summary = an `if` whose condition has the same answer for every request

## Rule: dead-access-rule

dead-access-rule-again = `{ $rule }` is there already, at { $at }
dead-access-rule-adds-nothing = `{ $rule }` adds nothing: `{ $first }` at { $at } has all its addresses
dead-access-rule-never = `{ $rule }` never takes effect: `{ $first }` at { $at } has all its addresses, and the first that fits decides
dead-access-rule-decides = this one decides
dead-access-rule-summary = an `allow` or `deny` behind one that has all its addresses

## Rule: dead-directive

dead-directive-never-runs = { $directive } never runs: { $why }
dead-directive-answers = the `{ $name }` at { $at } answers first
dead-directive-matches = the `{ $name }` at { $at } matches every request first
dead-directive-ends = the `{ $name }` at { $at } ends what the rewrite module runs here
dead-directive-behind = nothing of its kind runs behind this
dead-directive-unmatched-in = { $directive } never matches: its regex fits no URI that gets here in `{ $location }`
dead-directive-unmatched = { $directive } never matches: its regex fits no URI that is left when it is tried
dead-directive-after-answer = { $directive } never takes effect: the `{ $name }` at { $at } answers first
dead-directive-after-taken = { $directive } never takes effect: the `{ $name }` at { $at } takes every request first
dead-directive-rewrite-first = the rewrite module runs before access rules and content
dead-directive-defines = it still defines { $variable }, which is empty: where that is used, nginx refuses to start without this
dead-directive-summary = a directive that never takes effect

## Rule: dead-error-page

dead-error-page-twice = { $code } is there twice
dead-error-page-same = this `error_page` for { $code } adds nothing: the one at { $at } says the same
dead-error-page-never = this `error_page` never takes effect for { $code }: of one block the first with the code is taken, and that is at { $at }
dead-error-page-taken = this one is taken
dead-error-page-upstream = an answer { $codes } of the upstream does not get here: `{ $setting }` is off, and nothing else in this location answers so
dead-error-page-with = with `{ $setting } on;` answers of the upstream are looked up in `error_page`, too
dead-error-page-summary = an `error_page` that never takes effect for a code

## Rule: dead-map-entry

dead-map-entry-replaced = this `{ $name }` never decides { $variable }: a `{ $later }` further down gives it its value
dead-map-entry-last = of several for one variable the last one counts: { $variable } has its value from here
dead-map-entry-comment-out = Comment out the replaced `{ $name }`
dead-map-entry-same = `{ $line }` never decides ${ $variable }: the same regex stands above
dead-map-entry-covered = { $count ->
    [one] `{ $line }` never decides ${ $variable }: { $takers } above matches whatever it matches
   *[other] `{ $line }` never decides ${ $variable }: { $takers } above match whatever it matches
}
dead-map-entry-default = { $count ->
    [one] `{ $line }` never decides ${ $variable }: { $takers } matches every value
   *[other] `{ $line }` never decides ${ $variable }: { $takers } match every value
}
dead-map-entry-first = the first regex that matches decides
dead-map-entry-empty = an empty value is taken by this line
dead-map-entry-again = `{ $network }` is given again: this line never decides ${ $variable }
dead-map-entry-last-line = the last line for a network counts
comment-out-this = Comment out this { $what }
dead-map-entry-summary = a line of a map or geo that never decides

## Rule: dead-server

dead-server-empty-name = the empty name
dead-server-twice = { $name } is there twice
dead-server-first-nameless = the server at { $at }, without a name too, is the first
dead-server-belongs = { $name } belongs to the server at { $at }
dead-server-port = { $name } has a port, which nginx takes off a request's host before it compares
dead-server-dot = { $name } ends with a dot, which nginx takes off a request's host before it compares
dead-server-blank = { $name } has a blank, which no request's host has
dead-server-character = { $name } has a `{ $character }`, which no request's host has
dead-server-control = { $name } has a control character, which no request's host has
dead-server-no-host = { $name } matches no host
dead-server-covered = every host that { $name } matches is taken by names of the server at { $at }
dead-server-covered-more = { $count ->
    [one] every host that { $name } matches is taken by names of the server at { $at } and another server
   *[other] every host that { $name } matches is taken by names of the server at { $at } and other servers
}
dead-server-reasons = { $head }; { $next }
dead-server-more-names = { $reasons }; and { $count } more of its names select nothing
dead-server-says = no request ever gets to `{ $server }`: { $reasons }
dead-server-has = has { $name }
dead-server-no-host-instead = answers requests without a host on { $address } instead
dead-server-instead = answers requests for { $name } on { $address } instead
dead-server-hidden = requests for `{ $name }` that come in at { $address } don't get here: the `listen` at { $at } is for that address alone, and its server answers them
dead-server-only-here = only servers that listen on this very address are looked at for what comes in here
dead-server-more-addresses = the same holds for { $count } more addresses
dead-server-summary = a server that no request gets to

## Rule: dead-server-name

dead-server-name-says = { $name } never selects this server: { $reason }
dead-server-name-says-on = { $name } never selects this server on { $addresses }: { $reason }
dead-server-name-default = this server is the default of the address, and gets such requests all the same
dead-server-name-no-apex = `{ $name }` is ignored because `{ $other }` is there already, so that `{ $rest }` does not select this server
dead-server-name-no-below = `{ $name }` is ignored because `{ $rest }` is there already, so that names below `{ $rest }` do not select this server
dead-server-name-comma = `{ $name }` is one name, of which the comma is a part: names are separated by blanks
dead-server-name-underscore = `_` is no wildcard: only a request for the host `_` gets to this server, and what no name fits goes to the default server of { $address }
dead-server-name-underscore-at = `_` is no wildcard: only a request for the host `_` gets to this server, and what no name fits goes to the default server of { $address }, at { $at }
dead-server-name-the-default = the default server: the first of the address, unless a `listen` says `default_server`
dead-server-name-summary = a name in `server_name` that selects nothing

## Rule: dead-upstream

dead-upstream-backup = nginx refuses to start: upstream { $name } balances with `{ $method }`, which takes no `backup`
dead-upstream-other-methods = backup servers are for the other methods
dead-upstream-all-backup = nginx refuses to start: upstream { $name } has nobody to pass requests to, all its servers are `backup`
dead-upstream-all-down = what is passed to upstream { $name } is answered 502: all its servers are `down`
dead-upstream-summary = an upstream of which no server is used

## Rule: empty-server

empty-server-says = `{ $server }` says nothing about how to answer: requests get the files of the folder `html` that came with nginx
empty-server-refuse = to refuse what no other server is meant for, say `return 444;`
empty-server-summary = a server that says nothing about how to answer

## Rule: error-page-target

error-page-target-says = the { $directive } { $uri } is not what is sent: { $location } takes that URI, and { $why }
error-page-target-own = a `location = { $uri }` would have the page to itself
error-page-target-return = answers everything by `return { $words }`
error-page-target-deny = lets nobody in (`deny all`)
error-page-target-failed = asks for it where the request has failed: `{ $directive } { $words }`
error-page-target-summary = an error page that a location keeps from being sent

## Rule: include-problem

include-problem-gave-up = gave up here: this configuration reads its files too often, or has too many directives; the rest was not looked at
include-problem-loop = this includes { $name }, which is being read already: nginx reads it again and again until it has too many files open, and doesn't start
include-problem-read-from = { $name } is read from here
include-problem-missing = { $file } is not there: nginx doesn't start without a file that an `include` names
include-problem-looked = looked into { $folder }
include-problem-no-folder = { $folder } is not there either
include-problem-siblings = { $file } is not there, while other files of its folder are included
include-problem-elsewhere = nginx doesn't start without it; if the server has it from elsewhere, name the folder under [paths] in nginx-analyzer.toml
include-problem-fix = Include { $file }
include-problem-summary = an `include` that leads nowhere, or in a circle

## Rule: inert-directive

inert-directive-says = { $count ->
    [one] { $names } has no effect here: { $reason }
   *[other] { $names } have no effect here: { $reason }
}
inert-directive-no-option = no `listen` of `{ $server }` has the option `{ $option }`
inert-directive-not-here = no `{ $option }` here
inert-directive-still-read = when nginx starts it reads the certificate all the same, and what belongs to it
inert-directive-elsewhere = unless a server in a file that is not here has `{ $option }` in its `listen` for the same address
inert-directive-handler = every request that gets to `{ $location }` is answered by its `{ $handler }` ({ $at })
inert-directive-no-files = nginx looks for files only where no handler answers
inert-directive-server = this server
inert-directive-whole = the whole configuration
inert-directive-no-pass = nothing in { $block } has a `{ $pass }`
inert-directive-closes = `add_header { $header }` never takes effect: `return 444` at { $at } closes the connection without an answer
inert-directive-status = `add_header { $header }` never takes effect: this block only answers { $code } (`return` at { $at }), and without `always` it is for 200, 201, 204, 206, 301-304, 307 and 308
inert-directive-only-answer = the only answer
inert-directive-default-type = `default_type` sets the type of what `return` sends
inert-directive-error-page = unless an `error_page` around this file makes of the error a redirect to another address
inert-directive-nobody = `{ $directive }` asks nobody here: `allow all` at { $at } lets everybody in, and with `satisfy any` one of both is enough
inert-directive-everybody = lets everybody in
inert-directive-one-enough = one of both is enough
inert-directive-uri = `{ $uri }` of this `proxy_pass` is never sent: the `rewrite … break` at { $at } matches every request here, and then its result is sent as it is
inert-directive-from-here = from here on the location's name is not replaced any more
inert-directive-line-feed = only a URI with a line feed (%0A) does not match
inert-directive-summary = a directive that has no effect where it stands

## Rule: lost-inheritance

lost-inheritance-from-file = file
lost-inheritance-from-location = location around it
lost-inheritance-from-block = `{ $name }` block
lost-inheritance-this = this `{ $name }`
lost-inheritance-sent = { $count ->
    [one] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } is not sent here
   *[other] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } are not sent here
}
lost-inheritance-page = { $count ->
    [one] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } is without a page here
   *[other] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } are without a page here
}
lost-inheritance-passed = { $count ->
    [one] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } is not passed on here
   *[other] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } are not passed on here
}
lost-inheritance-hidden = { $count ->
    [one] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } is not hidden here
   *[other] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } are not hidden here
}
lost-inheritance-set = { $count ->
    [one] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } is not set here
   *[other] with its own `{ $directive }`, { $block } inherits none from the { $from } ({ $at }): { $names } are not set here
}
lost-inheritance-level = this level's `{ $directive }` are not inherited
lost-inheritance-repeat = repeat them here, or say `add_header_inherit merge;` (since nginx 1.29.3)
lost-inheritance-summary = a directive that makes a block lose those of the same name around it

## Rule: nginx-refuses

nginx-refuses-says = nginx refuses to start: { $why }
nginx-refuses-in-exact = `location { $this }` can't stand in the exact `location { $around }`: it has one URI, and nothing to share
nginx-refuses-in-named = `location { $this }` can't stand in the named `location { $around }`
nginx-refuses-named-inside = the named `location { $this }` can't stand in `location { $around }`, only in `server`
nginx-refuses-outside-prefix = `location { $this }` stands in `location { $around }`, and its name does not begin with { $path }
nginx-refuses-in-regex = `location { $this }` stands in the regex `location { $around }`, where only regexes make sense: its name would have to begin with the text { $pattern }
nginx-refuses-around = the location around it
nginx-refuses-alias = `alias` can't stand in the named `location { $name }`, which has no part of a URI to replace
nginx-refuses-uri-if = `proxy_pass { $to }` can't have the URI part { $uri } in an `if`, where it would have no name to replace
nginx-refuses-uri-limit-except = `proxy_pass { $to }` can't have the URI part { $uri } in `limit_except`, where it would have no name to replace
nginx-refuses-uri-regex = `proxy_pass { $to }` can't have the URI part { $uri } in a regex location, where it would have no name to replace
nginx-refuses-uri-named = `proxy_pass { $to }` can't have the URI part { $uri } in a named location, where it would have no name to replace
nginx-refuses-uri-without = without { $uri } the request's own URI is sent; with a `rewrite … break` before it, or a variable in it, any URI can be
nginx-refuses-listens = this server listens on { $address } already
nginx-refuses-default = { $address } has a default server already, { $server }
nginx-refuses-no-server = `upstream { $name }` has no server
nginx-refuses-summary = something that keeps nginx from starting: badly nested, taken twice

## Rule: replaced-handler

replaced-handler-says = { $this } never answers: { $other } in the same block comes later, and the last one counts
replaced-handler-answers = this one answers
replaced-handler-summary = a content handler that a later one in its block replaces

## Rule: request-fails

request-fails-no-name = { $directive } answers 500: { $server } has no `location { $name }`
request-fails-this-one = is this one meant?
request-fails-alias = what { $directive } changes is answered with 500: the `alias` of `{ $location }` does not go with it
request-fails-takes-off = takes the location's name off the URI that was asked for
request-fails-as-far = as far as `{ $location }` takes the changed URI
request-fails-skipped = where `if { $condition }` is true, the `try_files` of `{ $location }` is skipped
request-fails-not-inherited = not inherited by an `if`
request-fails-map = a `map` for what the `if` sets, or an `if` that only returns, leaves it in force
request-fails-prefix = the last resort of this `try_files` goes to `{ $path }`, not to `{ $written }`: with `alias`, an argument with variables loses `{ $name }`
request-fails-this-alias = this `alias` makes the difference
request-fails-as-written = without a variable in it, or with `root` instead of `alias`, the argument stays as it is written
request-fails-short = where `{ $short }` exists, it becomes the URI, and this `proxy_pass` cuts { $bytes } bytes off its beginning
request-fails-found-here = found here
request-fails-crash = nginx before 1.29.4 then reads beyond the URI's end and may crash; later ones send the URI of `proxy_pass` alone
request-fails-two-ifs = a request for which both `if { $one }` and `if { $other }` are true is answered with 500
request-fails-later-if = this `{ $name }` is to answer, but the settings are then those of the later `if`
request-fails-break = a `{ $name }` in the location itself, or a `break` behind the one in the first `if`, keeps it from failing
request-fails-summary = directives with which nginx answers 500, or leaves out what is written

## Rule: server-try-files

server-try-files-every = every request gets into a location
server-try-files-rest = `{ $location }` takes every request that no other location takes
server-try-files-says = `try_files` of the server never takes effect: { $why }, and locations do not inherit it
server-try-files-decides = this location decides, with a `try_files` of its own or without one
server-try-files-holds = this holds for every URI that begins with `/`, as those of clients do
server-try-files-summary = a `try_files` of the server that never takes effect, because every request gets into a location

## Rule: settings-problem

settings-problem-comment = `{ $word }` is nothing that this comment can say: it can say `ignore RULE reason` or `keep reason`
settings-problem-no-rule = this comment names no rule, so nothing is ignored: `ignore RULE reason`
settings-problem-no-directive = no directive follows this comment in its block: it has no effect
settings-problem-unknown-setting = there is no rule `{ $rule }`, so the setting has no effect
settings-problem-unknown-ignored = there is no rule `{ $rule }`, so nothing is ignored
settings-problem-near = { $problem }; did you mean `{ $near }`?
settings-problem-explain = `nginx-analyzer explain` lists all rules
settings-problem-replace = Replace by `{ $with }`
settings-problem-summary = a setting, or a `# nginx-analyzer:` comment, that means nothing

## Rule: try-files-problem

try-files-problem-taker = only { $location } takes such a URI
try-files-problem-no-taker = no location takes such a URI
try-files-problem-last = the last resort `{ $last }` becomes the URI, without a slash at its start: { $goes }; is `{ $meant }` meant?
try-files-problem-source = where the file `{ $file }` exists, its source is sent as text: only the last argument of `try_files` gets to another location, such as { $location }
try-files-problem-run-here = requests for it run here
try-files-problem-never = nothing behind `{ $file }` is ever tried ({ $never }), because that file exists: { $path }
try-files-problem-summary = a `try_files` that does not do what it seems to

## Rule: undefined-name

undefined-name-further-down = it is defined only here, further down
undefined-name-too-late = nginx refuses to start: the log format { $name } is used before it is defined
undefined-name-option = nginx refuses to start: { $name } stands where `{ $directive }` has the name of the log format, which must come first
undefined-name-log-format = nginx refuses to start: no log_format of `{ $protocol }` defines { $name }
undefined-name-zone = nginx refuses to start: no { $directive } defines the zone { $name }
undefined-name-capture = `${ $number }` is always empty: the regex `{ $regex }` has { $count ->
    [0] no group
    [one] { $count } group
   *[other] { $count } groups
}
undefined-name-capture-if = the groups of the `if` around it are gone once this regex is tried: keep one with `set` before
undefined-name-variable = nothing defines ${ $name }: nginx refuses to start
undefined-name-module = a module that is not nginx's own may define it
undefined-name-built-in = a module that nginx was built with may define it; `nginx -t` settles it
undefined-name-dictionary = no lua_shared_dict defines { $name }: `ngx.shared.{ $name }` is nil
undefined-name-looks-before = code that looks before it uses the dictionary does without it
undefined-name-summary = a variable, log format or zone that nothing defines

## Rule: unknown-upstream-host

unknown-upstream-host-start = nginx does not start: nothing defines the host { $host } where { $service } runs this configuration
unknown-upstream-host-late = requests fail with 502: nothing defines the host { $host } where { $service } runs this configuration
unknown-upstream-host-apart-start = nginx does not start: { $host } shares no network with { $service }, which runs this configuration
unknown-upstream-host-apart-late = requests fail with 502: { $host } shares no network with { $service }, which runs this configuration
unknown-upstream-host-runs = { $service } runs this configuration; it knows the names of the containers in its networks
unknown-upstream-host-network = { $service } is in { $networks } only
unknown-upstream-host-no-network = { $service } is in no network of the project, so it has no name there
unknown-upstream-host-holds = this holds so long as nobody outside this project has that name; if somebody does, say so with [upstreams.{ $host }] in nginx-analyzer.toml
unknown-upstream-host-summary = a backend's host name that nothing defines where the configuration runs

## Rule: unreadable-file

unreadable-file-not-utf8 = { $file } is not UTF-8: the bytes that are not are shown as U+FFFD, and columns behind them may be off
unreadable-file-no-start = { $file } can't be looked at: { $problem }; nginx can't start with it
unreadable-file-unknown = { $file } can't be looked at: { $problem }; what it says is not known here
unreadable-file-link = the name is in the folder, so it is a symbolic link whose target is not there
unreadable-file-docker = Docker makes an empty folder where a file is to be mounted that the host does not have
unreadable-file-summary = a file that can't be read, or not as it is

## What can't be told (`check --verbose`)

unsettled-says = can't tell whether `{ $location }` is reached: { $why }
unsettled-template = the file is the source of a template, or one that nginx can't read
unsettled-stood = this stood in the way
unsettled-partial = not all of the configuration is here
unsettled-makes = no client can send a URI that it takes, but this { $what } makes URIs that it may take
unsettled-computed = the target of this { $what } is computed
unsettled-index = `index` may lead there
unsettled-its-name = its name
unsettled-its-regex = its regex
unsettled-regex-of = the regex of `{ $location }`
unsettled-construct = { $regex } has { $what }, which no automaton follows
unsettled-too-large = the automata that would prove it are too large
unsettled-filled-in = { $what } is filled in before nginx reads it
unsettled-include = what an include leads to is not known: other locations may be there
unsettled-many = too many locations take URIs from it
unsettled-order = whether { $what } takes a URI depends on more than its own name or regex
unsettled-no-client = the URI that was found is none that a client sends
unsettled-no-regex = no regular expression
unsettled-look-around = look-around
unsettled-back-reference = a back-reference
unsettled-word-boundary = a word boundary
unsettled-possessive = a possessive quantifier or an atomic group
unsettled-recursion = recursion
unsettled-something = something

## Hover

hover-in = in { $location }, { $server }
hover-internal = `internal`: a client gets 404, internal redirects and subrequests get in.
hover-redirect = { $bare } is answered with 301 to { $path }.
hover-sentence = { $sentence }.
hover-exact = Takes exactly the URI { $uri }.
hover-named = Only internal redirects get here: `error_page`, `try_files`, `ngx.exec`.
hover-regex = Takes URIs that match: { $order }. A match wins over every prefix without `^~`.
hover-regex-caseless = Takes URIs that match, in upper or lower case: { $order }. A match wins over every prefix without `^~`.
hover-regex-only = the only regex here
hover-regex-of = regex { $at } of { $count }, in the order of the file
hover-rival-longer = a longer prefix
hover-rival-regexes = { $count ->
    [one] the regex of this level
   *[other] one of { $count } regexes
}
hover-every = Takes every URI.
hover-every-unless = Takes every URI, unless { $rivals } does.
hover-prefix = Takes URIs that begin with { $path }.
hover-prefix-unless = Takes URIs that begin with { $path }, unless { $rivals } does.
hover-no-regex = { $takes } No regex of this level is tried.
hover-example = For example { $target }.
hover-example-unless = For example { $target }, unless the `{ $by }` of the server ({ $at }) sends it elsewhere.
hover-example-nested = { $target } (to { $location } in it)
hover-returns = No request gets here: the `return` of the server ({ $at }) answers first.
hover-no-client = No client's request gets here.
hover-answered = Answered by { $handler }.
hover-answered-servers = Answered by { $handler }: { $servers }.

## Code actions

action-ignore = Ignore this rule here: { $rule }
action-comment-directive = Comment out this directive: `{ $directive }` ({ $marker })
action-comment-block = Comment out this block: `{ $directive }` ({ $marker })
action-comment-blocks = Comment out these { $count } blocks ({ $marker })
action-restore = Restore the commented-out block: `{ $title }`
action-restore-several = Restore these { $count } commented-out blocks

## Commenting out, and what speaks against it

refusal-same-place = two of its edits are at the same place
refusal-not-configuration = { $file } is not one of the configuration files
refusal-no-directive = there is no directive at this place
refusal-unclosed = the closing brace of `{ $directive }` is missing
refusal-error = `{ $directive }` has an error in line { $line } that nginx refuses: mend that first
refusal-beside = lines beside `{ $directive }` are commented out with the same marker and could not be told from it
refusal-same-line = `{ $other }` is on the same line as `{ $directive }`: put them on lines of their own first
refusal-long-comment = line { $line } would become a comment of { $bytes } bytes, and nginx reads { $most } at most
refusal-marker = the setting cleanup.marker is { $marker }: a marker starts with `#` and stays on its line
refusal-events = nginx does not start without an `events` block
refusal-empty-upstream = `upstream { $name }` would have no server left, and nginx refuses that
refusal-needs = `{ $user }` ({ $at }) needs { $what }
refusal-defined = the { $kind } `{ $name }`, which is defined here
refusal-location = `location { $name }`
refusal-location-takes = `{ $user }` ({ $at }) needs `location { $name }`: it takes `{ $uri }`
refusal-upstream = upstream
refusal-variable = variable
refusal-limit-req = limit_req zone
refusal-limit-conn = limit_conn zone
refusal-cache = cache zone
refusal-log-format = log format
refusal-dictionary = shared dictionary

## Command line

cli-nothing-to-do = nothing to do: try `nginx-analyzer check PATH`, or `nginx-analyzer --help`
cli-no-command = there is no command `{ $name }`; there are { $names }
cli-workspace-folder = { $path }: --workspace takes a folder
cli-no-configuration = no nginx configuration found in { $path }: name the main file, or set `roots` under [project] in nginx-analyzer.toml
cli-no-logs = no access log found: name some with --logs, or set `files` under [logs] in nginx-analyzer.toml
cli-nothing-read = none of the files given could be read
cli-here = the current folder can't be read
cli-dangling = { $path }: is a symbolic link to { $target }, which is not here
cli-no-such-path = { $path }: no such file or folder
cli-path-problem = { $path }: { $problem }
cli-not-nginx = { $path }: is not read as an nginx configuration
cli-no-rule-near = there is no rule `{ $rule }`; did you mean `{ $near }`?
cli-no-rule = there is no rule `{ $rule }`; `nginx-analyzer explain` lists all
cli-proven = proven
cli-likely = likely
cli-to-check = to check
cli-files = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
cli-errors = { $count ->
    [one] { $count } error
   *[other] { $count } errors
}
cli-warnings = { $count ->
    [one] { $count } warning
   *[other] { $count } warnings
}
cli-notes = { $count ->
    [one] { $count } note
   *[other] { $count } notes
}
cli-hints = { $count ->
    [one] { $count } hint
   *[other] { $count } hints
}
cli-nothing-found = nothing found
cli-summary = { $found } in { $files }
cli-summary-hidden = { $found } in { $files }; { $count } of lower severity not shown (--min-severity hint shows all)
cli-standard-output = standard output
cli-footer = { $confidence }; { $url }

## Server

server-reading = nginx-analyzer: reading the workspace
server-failed = the analysis failed: { $problem }; please report this
server-no-command = there is no command `{ $command }`
server-argument = `{ $command }` takes one object, with the `uri` of a file of the configuration
server-not-nginx = this file is not part of an nginx configuration

## settings-problem

settings-problem-bad-day = `{ $day }` is no day: write `until=YYYY-MM-DD`. Until then what this comment keeps is kept

## unused-location

unused-location-nobody = nobody seems to use `{ $location }`: no request in { $window }, and nothing refers to it
unused-location-hangs = nobody seems to use `{ $location }`: no request in { $window }, and what refers to it is not used either
unused-location-internal = `{ $location }` hangs on what nobody uses: only blocks without a request in { $window } lead to it
unused-location-guard = no request came to `{ $location }` in { $window }, but it is a guard: check before you take it out
unused-location-not-found = every request to `{ $location }` was answered 404 in { $window }: check whether anybody needs it
unused-location-machines = only scanners or bots asked for `{ $location }` in { $window }: check whether anybody needs it
unused-location-called = no request came to `{ $location }` in { $window }, though something refers to it: check whether it is still wanted
unused-location-so-far = no request came to `{ $location }` in { $window }, which is less than was asked for: check with a longer log
unused-location-part = `{ $location }` hangs on it and is not used either
unused-location-files = goes with it, as nothing else needs it: { $files }
unused-location-upstreams = nothing else passes requests to: { $upstreams }
unused-location-more = { $count ->
    [one] one place more refers to it
   *[other] { $count } places more refer to it
}
unused-location-twin = `{ $location }` looks like it and is in use
unused-location-shields = some requests below { $path } are served by others as long as it is there: without it, `location { $other }` may get them
unused-location-comment-out = Comment out `{ $location }`
unused-location-comment-out-all = Comment out all { $count } blocks that hang together
unused-location-keep = Keep it: say above it that it is used
unused-location-keep-reason = say why
unused-location-summary = a location that access logs show no request to, and that nothing in use refers to

## unused-upstream-server

unused-upstream-server-none = `{ $server }` answered none of the { $total } requests that upstream { $upstream } got in { $window }
unused-upstream-server-other = this one answered { $count }
unused-upstream-server-check = to check: is it up, and can nginx reach it? After max_fails failures in a row a server is left out for fail_timeout (10 s), and that repeats as long as it fails
unused-upstream-server-summary = a server of an upstream that answered none of the requests which the others got

## silent-server

silent-server-none = no request came to { $server } in { $window }, while its neighbours got { $others }
silent-server-check = to check: does its log go somewhere else than those that were read? Nothing is said of its locations until that is known
silent-server-summary = a server that access logs show no request to, while others have some

## expired-keep

expired-keep-passed = what this comment keeps was to be kept until { $day }: that day has passed
expired-keep-reason = the reason was: { $reason }
expired-keep-do = take the comment out, or give it a later day; until then it keeps nothing
expired-keep-summary = a `keep until=` comment of which the day has passed

## Editors: beside a location

lens-hits = { $count ->
    [one] 1 hit
   *[other] { $shown } hits
} in { $days ->
    [one] 1 day
   *[other] { $days } days
}, last { $ago }
lens-hits-undated = { $count ->
    [one] 1 hit
   *[other] { $shown } hits
} in { $days ->
    [one] 1 day
   *[other] { $days } days
}
lens-no-hits = no hits in { $days ->
    [one] 1 day
   *[other] { $days } days
}
lens-not-logged = not logged
lens-called = called by { $caller }
lens-called-more = called by { $caller } and { $more } more
lens-short = { $count ->
    [one] 1 hit
   *[other] { $shown } hits
}
lens-short-none = no hits
lens-short-called = { $count ->
    [one] 1 caller
   *[other] { $count } callers
}

## Another name

rename-refused = Not renamed: { $reason }
rename-refused-at = Not renamed: { $reason } ({ $place })
rename-escaped = the name is written here in a way that can't be changed alone
rename-outside = this place is in a file outside of the workspace
rename-fragment = the configuration around this file is not here, and may use the name
rename-broken = a file of the configuration has something that nginx can't read; what it means is not certain
rename-include = what this include leads to is not known: it may use { $name }
rename-undefined = nothing here defines { $name }, so the name comes from elsewhere
rename-lua = { $name } stands here in a way that can't be followed
rename-scripts = a script of the workspace has { $name } in it, and scripts are not followed
rename-nginx = nginx has a variable of the name { $name }, or reads it by that name
rename-lua-name = Lua has it behind a dot here, where { $name } can't stand: only letters, digits and _ can, no digit first and no keyword of Lua
rename-name = { $name } can't be a name here
rename-taken = { $name } is taken
rename-settings = what { $file } says of `{ $name }` can't be given the new name: change it there first

## Editors: hover

hover-pass-upstream = Upstream block { $name } ({ $at })
hover-pass-service = service { $name } ({ $at })
hover-pass-folder = source { $folder }
hover-pass-source = source { $folder } ({ $frameworks })
hover-pass-image = image { $image }
hover-routes-complete = { $count ->
    [0] All its routes are known, and requests get to none of them.
    [one] All its routes are known, and requests get to one of them:
   *[other] All its routes are known, and requests get to { $count } of them:
}
hover-routes-incomplete = { $count ->
    [0] Requests get to none of the routes that are known. There may be more: { $why }.
    [one] Requests get to one of the routes that are known. There may be more: { $why }.
   *[other] Requests get to { $count } of the routes that are known. There may be more: { $why }.
}
hover-routes-unknown = Its routes are not known: { $why }.
hover-routes-here = It is this same nginx: { $servers }.
hover-more-routes = and { $count } more
hover-more-reasons = { $count ->
    [one] 1 more
   *[other] { $count } more
}

## Usage: reasons

usage-in-use = in use
usage-probably-unused = probably unused
usage-to-check = to check
usage-cannot-tell = can't tell
usage-window-unknown = the log
usage-window-days = the { $days ->
    [one] day
   *[other] { $days } days
} of log ({ $from } to { $to })
usage-window-hours = the { $hours ->
    [one] hour
   *[other] { $hours } hours
} of log ({ $from })
usage-just-now = just now
usage-minutes-ago = { $count ->
    [one] 1 minute ago
   *[other] { $count } minutes ago
}
usage-hours-ago = { $count ->
    [one] 1 hour ago
   *[other] { $count } hours ago
}
usage-days-ago = { $count ->
    [one] 1 day ago
   *[other] { $count } days ago
}
usage-list-two = { $first } and { $last }
usage-list-separator = ", "
usage-list-many = { $rest } and { $last }
usage-caller-health-check = a health check
usage-caller-probe = a probe
usage-caller-scrape = a scrape configuration
usage-caller-command = a command that runs by itself
usage-caller-fetch = a script of a page
usage-caller-form = a form
usage-caller-link = a link
usage-caller-resource = a page that loads it
usage-caller-ssi = an SSI include of a page
usage-caller-lua = Lua
usage-caller-code = a program
usage-caller-script = a shell script
usage-caller-test = a test
usage-caller-collection = a collection of requests
usage-caller-openapi = an OpenAPI file
usage-caller-documentation = documentation
usage-kept = a comment keeps it: { $reason }
usage-kept-until = a comment keeps it until { $until }: { $reason }
usage-kept-expired = a comment kept it until { $until }, which has passed: { $reason }
usage-hits = { $count ->
    [one] 1 request
   *[other] { $shown } requests
} in { $window }
usage-not-found = { $count ->
    [one] the 1 request was
   *[other] all { $shown } requests were
} answered 404 in { $window }
usage-machines = { $count ->
    [one] the 1 request was
   *[other] all { $shown } requests were
} of scanners or bots in { $window }
usage-perhaps = { $count ->
    [one] 1 request
   *[other] { $shown } requests
} may have come here in { $window }: it depends on what the log does not hold
usage-passed = { $count ->
    [one] 1 request
   *[other] { $shown } requests
} of other locations came through here in { $window }
usage-relayed = { $count ->
    [one] 1 request
   *[other] { $shown } requests
} that another server of this nginx passed on to here in { $window }
usage-no-hits = no request in { $window }
usage-no-hits-so-far = no request in { $window }, which is less than was asked for
usage-not-logged = its requests are not logged
usage-partly-logged = only some of its requests are logged
usage-moved-on = its requests may move on to where no log that was read shows that they came here: nginx logs a request where it ends
usage-blind = the log can't tell: its format lacks { $missing }
usage-no-logs = no log was read
usage-other-logs = the logs that were read are others than the one it writes to
usage-called = called by { $kind } ({ $at }){ $strength ->
    [follows] { $live ->
        [yes] , which is in use
        [no] , which is not used either
       *[unknown] {""}
    }
   *[other] {""}
}
usage-referred = { $kind } leads here ({ $at })
usage-referred-from = { $kind } of { $from } leads here{ $live ->
    [yes] , and that is in use
    [no] , but that is not used either
   *[unknown] {""}
}
usage-passed-on = { $from } passes requests on to here{ $live ->
    [no] , but that is not used either
   *[other] {""}
}
usage-no-caller = nothing in the workspace and the configuration refers to it
usage-denies = it only refuses: that nobody gets anything here is what it is for
usage-guard = it is a guard: without it { $phrase }
usage-convention = browsers, crawlers or certificate authorities ask for it by themselves
usage-fallback = it takes whatever no other location of its server takes
usage-inside = { $inner } in it is in use
usage-computed = a computed target may lead here ({ $at })
usage-computed-more = { $count ->
    [one] one more computed target may lead here
   *[other] { $count } more computed targets may lead here
}
usage-dead = no request can reach it: that is proven
usage-silent-server = the log shows no request to its whole server: is it logged elsewhere?
usage-broken = the file that it answers with is missing

## Access logs: `usage`

logs-source = { $path }: { $lines } lines, { $requests } requests, format { $formats }
logs-window = requests from { $from } to { $to }
logs-requests = { $count ->
    [one] 1 request
   *[other] { $shown } requests
}
logs-column-line = line
logs-column-location = location
logs-column-hits = hits
logs-column-2xx = 2xx
logs-column-3xx = 3xx
logs-column-4xx = 4xx
logs-column-5xx = 5xx
logs-column-404 = 404
logs-column-clients = clients
logs-column-machines = machines
logs-column-first = first
logs-column-last = last
logs-column-verdict = verdict and what the log can't tell
logs-off = not logged: access_log off in line { $line }
logs-conditional = only logged under a condition, in line { $line }
logs-moved = its requests move on in line { $line }, and are logged where they end
logs-internal = only internal requests come here
logs-blind = the log's format lacks { $missing }
logs-not-read = writes to a log that was not read
logs-passed = { $count } passed through
logs-relayed = { $count } passed on by another server
logs-perhaps = { $count } may have come here
logs-unplaced = { $count ->
    [one] 1 request can't be told to be of one server
   *[other] { $shown } requests can't be told to be of one server
}
logs-no-request = no line of the logs that were read is a request in a format of this configuration, so nothing is said of its locations: name the log that it writes (`--logs`), or give it the `log_format` of these logs
logs-too-old = every request in these logs is older than what was asked for, so nothing is said of the locations: the newest is of { $newest }. Count from an earlier time (`--since`, or `window` under [logs]), or name newer logs (`--logs`)
logs-short = the logs cover { $covered } of the { $asked } that were asked for: that there was no request says less
logs-hole = in the midst of the logs nothing is there for { $missing }: is a rotated file missing? Nothing is called unused until that is known
logs-format = the log format ({ $at }) lacks { $missing }. With this line servers can be told apart: { $better }
logs-unreadable = lines in the log format at { $at } can't be read back: { $why }
logs-no-zone = times without a zone were taken as UTC
logs-ahead = { $count ->
    [one] one request has a time that has not come yet, because a clock was wrong: it counts as if it had no time
   *[other] { $count } requests have a time that has not come yet, because a clock was wrong: they count as if they had no time
}
logs-cut = so many different requests: the later ones were routed without following rewrites

## Callers

callers-too-large = it is too large: { $size } KiB, and of such a file { $limit } KiB are read
callers-made = it was written by a program: minified, bundled or generated code
callers-unreadable = it can't be read: { $why }
callers-too-many = the folder has more than { $limit } files: the rest was not looked at

## The server

server-reading-sources = Reading the source of applications
server-reading-logs = nginx-analyzer: reading access logs

## Report: groups

report-group-one = `{ $location }`
report-group-many = `{ $location }` and { $count ->
    [one] the one location that hangs on it
   *[other] the { $count } locations that hang on it
}
report-not-safe-needed = { $kind } ({ $at }) leads to it and stays
report-not-safe-shared = the same lines are included in another place, where they are used or nobody can tell
report-not-safe-unreliable = the file has syntax errors: what stands in which block is a guess
report-not-safe-evidence = the evidence points both ways
report-file-goes-with = only group { $group } (`{ $location }`) needs it

## Report: steps

report-step-log = Look at the newest logs once more
report-step-log-text = As far back as they reach: what is asked for once a month does not show in a week. Stop at whatever is in use now.
report-step-backup = Make a backup
report-step-backup-text = `cleanup apply` makes one of its own, too, with checksums. This one needs no tool to bring it back.
report-step-comment-out = Comment out what nobody uses
report-step-comment-out-text = { $count ->
    [one] One group,
   *[other] All { $count } groups that need no decision,
} in one step that can be taken back. Leave out the lines of whatever you want to keep. Nothing is deleted.
report-step-proven = Comment out what is proven to have no effect
report-step-proven-text = No request is answered otherwise without it, so it needs no watching.
report-step-test = Test the configuration
report-step-test-text = { $how ->
    [mounted] The file is mounted by itself, not its folder: `cleanup apply` writes it in place, so the running container has the change. An editor that replaces the file when it saves would cut that tie: restart the container then.
    [image] The configuration is copied into the image, so it has to be built anew.
    [cluster] Bring the change into the cluster as you always do; `nginx -t` belongs into a container that has the new ConfigMap.
   *[plain] Go on only when it succeeds.
}
report-step-reload = Put it to work
report-step-reload-text = { $how ->
    [mounted] A reload keeps connections that are open. After an edit by hand restart instead (see above).
    [image] The container is replaced; that takes a moment in which connections are refused.
    [cluster] A change of a ConfigMap reaches running pods late, or never where it is mounted with `subPath`: restart them one after another.
   *[plain] A reload keeps connections that are open.
}
report-step-watch = Watch until it is due
report-step-watch-text = Until { $day } ({ $days ->
    [one] 1 day
   *[other] { $days } days
}). Look for requests to these paths that are answered 404 or by the location that takes over; `cleanup status` shows them.
report-step-watch-text-days = For { $days ->
    [one] 1 day
   *[other] { $days } days
}. Look for requests to these paths that are answered 404 or by the location that takes over; `cleanup status` shows them.
report-step-undo = When somebody misses it
report-step-undo-text = Everything comes back byte for byte; then test and reload as above.
report-step-delete = Delete it
report-step-delete-text = After that day. What is deleted stays in the backup.
report-step-delete-text-files = After that day. What is deleted stays in the backup, as do the files that nothing else needs: { $files }

## Report: cautions

report-caution-no-logs = no access log was read: nothing is called unused without one that would have shown its use
report-caution-log-problem = the log { $log } was not read, or not wholly: { $problem }
report-caution-log-empty = { $count ->
    [0] the log { $log } is empty
    [one] the only line of the log { $log } is no request in any of the configuration's formats
   *[other] none of the { $count } lines of the log { $log } is a request in any of the configuration's formats
}
report-caution-rare = what happens less often than every { $days ->
    [one] day
   *[other] { $days } days
} (a monthly job, a yearly export, a certificate's renewal) need not be in the logs
report-caution-stale = the logs end { $days } days before this report was made ({ $last }): what began since then does not show
report-caution-short-window = { $asked } days of log were asked for and { $covered } are there
report-caution-hole = for { $hours } hours in the midst of the logs there is not one request: a rotated file may be missing, so nothing is called unused
report-caution-format = `log_format { $name }` lacks { $missing }: where several servers or locations could have answered, it can't tell which. Write instead:
report-caution-unreadable-format = `log_format { $name }` can't be read back: { $why }
report-caution-no-zone = times without a zone were taken as UTC
report-caution-ahead = { $count ->
    [one] one request has a time that has not come yet, because a clock was wrong: it counts as if it had no time
   *[other] { $shown } requests have a time that has not come yet, because a clock was wrong: they count as if they had no time
}
report-caution-cut = there are so many different request targets that rewrites were not followed for all of them
report-caution-unplaced = { $count ->
    [one] of 1 request
   *[other] of { $shown } requests
} it can't be told which server answered
report-caution-garbled = { $count ->
    [one] 1 logged request
   *[other] { $shown } logged requests
} had a request line that can't be read
report-caution-silent-server = the logs show no request to { $server } at all: is it logged elsewhere? Nothing in it is called unused
report-caution-not-logged = requests are not logged, or only some of them, by { $count ->
    [one] a directive
   *[other] { $count } directives
}: only who refers to the locations under them can be told
report-caution-unknown-include = the content of { $count ->
    [one] an include
   *[other] { $count } includes
} is not known
report-caution-gave-up = there is so much behind this directive that the rest was not looked at
report-caution-unread-lua = { $count ->
    [one] Lua that could not be read
   *[other] { $count } pieces of Lua that could not be read
} may send requests anywhere
report-caution-opaque-lua = { $count ->
    [one] Lua that can't be followed
   *[other] { $count } places of Lua that can't be followed
} may send requests anywhere
report-caution-unread = { $file }: { $problem }
report-caution-unreliable = { $file } has syntax errors: what stands in which block is a guess
report-caution-left-out = { $file } was not searched for callers: { $reason }
report-caution-left-out-more = { $count ->
    [one] one more file was
   *[other] { $count } more files were
} not searched for callers
report-caution-cut-walk = the workspace has more files than are looked at
report-caution-outside = what is outside of this folder was not looked at: other repositories, clients, jobs on other machines, bookmarks

## Report: headings and tables

report-title = Who uses what: { $project }
report-made-on = { $day } · nginx-analyzer { $version }
report-made = nginx-analyzer { $version }
report-headline = { $unused ->
    [one] 1 of { $all } locations is
   *[other] { $unused } of { $all } locations are
} probably unused, in { $groups ->
    [one] 1 group
   *[other] { $groups } groups
} with { $lines ->
    [one] 1 line
   *[other] { $lines } lines
}{ $files ->
    [0] {""}
    [one] ; 1 file is needed by nothing else
   *[other] ; { $files } files are needed by nothing else
}.
report-headline-none = None of the { $all } locations is shown to be unused.
report-headline-no-logs = No access log was read: of { $all } locations it can only be said who refers to them.
report-total = in all
report-verdicts-mean = In use: logs show it, or something that runs needs it. Probably unused: a log that would show it, over the whole window, has no request, and nothing in use refers to it. To check: the evidence points both ways. Can't tell: no log would show it.
report-found = Findings of all rules, those on use among them: { $error ->
    [one] 1 error
   *[other] { $error } errors
}, { $warning ->
    [one] 1 warning
   *[other] { $warning } warnings
}, { $info } for information, { $hint ->
    [one] 1 hint
   *[other] { $hint } hints
}.
report-heading-read = What was read
report-runs-in = What runs it: { $images }.
report-no-logs = No access log was read.
report-mind = **Mind:** { $text }.
report-window = What follows rests on { $window }, time zone { $zone }.
report-callers = Searched for callers: { $files } files of this folder, with { $places } places that ask for a URL.
report-heading-unused = Probably unused
report-heading-unused-text = What hangs together is one group: the page, what only it calls, the files that only they need.
report-heading-unused-none = Nothing.
report-heading-to-check = To check
report-heading-to-check-text = A person has to decide: the evidence points both ways.
report-heading-to-check-none = Nothing.
report-heading-findings = What else was found
report-heading-findings-text = By rule, the worst first. `nginx-analyzer explain RULE` has the page of each.
report-heading-findings-none = Nothing.
report-heading-endpoints = All locations
report-heading-endpoints-text = A dash: no log that was read would show a request.
report-heading-files = Files that nothing else needs
report-heading-files-none = None.
report-heading-steps = Steps
report-heading-steps-text = In this order, in this folder. Every step can be taken back.
report-heading-steps-none = Nothing can go without a person's decision.
report-heading-cautions = Cautions
report-column-locations = locations
report-column-configuration = configuration
report-column-lines = lines
report-column-log = log
report-column-requests = requests
report-column-from = from
report-column-to = to
report-column-bytes = bytes
report-column-where = where
report-column-location = location
report-column-server = server
report-column-handler = answers with
report-column-verdict = verdict
report-column-hits = requests
report-column-last = last
report-column-called-by = called by, or why
report-column-file = file
report-column-why = why
report-against = **Not used, because**
report-for = **What speaks for use, or can't be told**
report-afterwards = **Afterwards**
report-group-files = **Files that go with it:**
report-group-upstreams = **Upstreams that nothing else passes to:**
report-safe = **Can be commented out** ({ $lines ->
    [one] 1 line
   *[other] { $lines } lines
}): nothing that works today needs it, and no guard is lost.
report-not-safe = **Not without a decision:** { $why }
report-decide = **To decide:** { $why }
report-of-all = all { $count }
report-more = { $count ->
    [one] 1 more
   *[other] { $count } more
}
report-and-more = { $first } and { $count } more
report-confidence-proven = proven
report-confidence-likely = likely
report-confidence-hint = to check
report-not-safe-broken = the file that it answers with is missing: somebody may have planned it, or lost the file
report-why-guard = it is a guard
report-heading-picture = The picture
report-heading-picture-text = Left: who calls. In the middle: the locations of each server, by verdict; what is in use stands in one box. Right: what they lead to. A dashed line is a way that nobody uses. A click leads to the row of the table.
report-picture-about = Callers, locations by verdict, and the files and upstreams behind them
report-picture-callers = Requests and callers
report-picture-locations = Locations
report-picture-targets = Upstreams and files
report-picture-collapsed = { $count } { $verdict }
report-picture-requests = { $count ->
    [one] 1 request in logs
   *[other] { $shown } requests in logs
}
report-picture-more-files = { $count ->
    [one] 1 more file
   *[other] { $count } more files
}
report-filter = Filter: words that have to occur
report-every-server = every server
report-clients = { $count ->
    [one] about 1 client
   *[other] about { $shown } clients
}
report-step-line = **{ $title }.** { $text }
report-at = ({ $places })
report-not-safe-dead = it still has some effect beside answering: see its finding under `dead-location`
cli-report-ending = --output { $path }: its ending says no format; name one with --format (md, html, json)
cli-report-configuration = --output { $path }: that is a file of the configuration, it is not overwritten
cli-report-log = --output { $path }: that is one of the logs, it is not overwritten
cli-report-project = --output { $path }: the project needs that file, it is not overwritten
cli-report-no-file = --output { $path }: is not a file
cli-report-other = --output { $path }: is there already and is no report of nginx-analyzer, it is not overwritten
cli-report-written = written: { $path }

## Routes: the gateway's map

routes-dead = no request gets to it
routes-unsettled = what `{ $location }` sends can't be told
routes-below = all of them below { $prefixes }, others are not known
routes-variable = who answers depends on a variable, or is a socket
routes-unreachable = Routes that no location passes on
routes-count = { $count ->
    [one] 1 route
   *[other] { $count } routes
}
routes-also = also { $urls }
routes-no-location = no locations
routes-dead-location = dead
routes-internal = internal
routes-any-method = any
routes-complete = complete
routes-incomplete = incomplete
routes-unknown = routes not known
routes-here = this same nginx
routes-note-incomplete = { $name } has more routes than these, perhaps: { $why }
routes-note-none = { $name } has no route that gets such a request
routes-column-methods = methods
routes-column-url = URL
routes-column-location = location
routes-column-backend = backend
routes-column-route = route
routes-column-defined = defined at
cli-several = which one? There are { $names }
cli-no-server = no server is called { $name }; there are { $names }

## Clean-up

cleanup-stale = `{ $block }` has been commented out since { $since }; such blocks are kept for { $days }
cleanup-stale-until = `{ $block }` is commented out, and the day until which it was to be kept, { $until }, has come
cleanup-stale-said = here it says since when
cleanup-delete = Delete the commented-out block `{ $block }`
cleanup-by-hand = asked for by hand
cleanup-no-configuration = { $file } is not one of the configuration files
cleanup-nothing-there = no directive begins at { $file }:{ $line }
cleanup-nothing-hidden = no commented-out block is at { $file }:{ $line }
cleanup-not-whole = { $file } could not be read whole (it is not UTF-8, or the system said no), so nothing is written to it
cleanup-outside = the file is a link to { $file }, which lies outside of the workspace
cleanup-same-file = this is the same file as { $file }
cleanup-not-exact = in { $file } it could not be taken back byte for byte: lines beside it are commented out with the same marker
cleanup-proven = proven
cleanup-likely = likely
cleanup-to-check = to check
cleanup-plan-none = Nothing to comment out.
cleanup-plan-blocks = { $count ->
    [one] 1 block to comment out, and to keep until { $until }:
   *[other] { $count } blocks to comment out, and to keep until { $until }:
}
cleanup-plan-files = Files that nothing else needs then (they stay where they are until `finish`; copies go into the backup):
cleanup-plan-refused = Not done, because something else needs it or it could not be undone exactly:
cleanup-plan-held = { $count ->
    [one] 1 more may be in use, or takes requests somewhere else: only with --all, or by its line with --at FILE:LINE
   *[other] { $count } more may be in use, or take requests somewhere else: only with --all, or by their lines with --at FILE:LINE
}
cleanup-steps = Steps:
cleanup-step-apply = { $command }   (backs up, then comments out)
cleanup-step-test = { $command }
cleanup-step-reload = { $command }
cleanup-step-watch = until { $until }: { $command }   (requests that would have gone there)
cleanup-step-finish = then { $finish }, or to have it all back { $restore }
cleanup-status-none = No block is commented out.
cleanup-status-count = { $count ->
    [one] 1 block is commented out
   *[other] { $count } blocks are commented out
}, { $due ->
    [0] none is due
    [one] 1 is due
   *[other] { $due } are due
}:
cleanup-status-undated = nobody knows since when: write `# off since YYYY-MM-DD` above it, or commit it to git
cleanup-status-due = off since { $since }, due since { $due }: `cleanup finish` deletes it
cleanup-status-kept = off since { $since }, kept until { $due }
cleanup-status-due-alone = due since { $due }: `cleanup finish` deletes it
cleanup-status-kept-alone = kept until { $due }
cleanup-status-by-history = {" "}(the day of the last change in git)
cleanup-status-no-logs = requests since: not known, no log can tell
cleanup-status-no-requests = no request since that would have gone there (log of { $from } to { $to })
cleanup-status-requests = { $total ->
    [one] 1 request since that would have gone there
   *[other] { $total } requests since that would have gone there
} ({ $others } not of bots, scanners or health checks), the last on { $last }
cleanup-finish-none = Nothing is due.
cleanup-finish-blocks = { $count ->
    [one] 1 block to delete:
   *[other] { $count } blocks to delete:
}
cleanup-finish-files = Files that nothing needs any more, to be moved into the backup:
cleanup-ask = { $count ->
    [one] Comment this block out?
   *[other] Comment these { $count } blocks out?
}
cleanup-not-asked = Nothing was done: some of these may be in use. With --yes they are commented out without asking.
cleanup-applied = { $count ->
    [one] Commented out 1 block
   *[other] Commented out { $count } blocks
} (clean-up { $id }):
cleanup-backup = backup: { $path }
cleanup-archive = archive: { $path } ({ $files ->
    [0] the configuration
    [one] the configuration and 1 file that goes with it
   *[other] the configuration and { $files } files that go with it
})
cleanup-tested = tested: { $command }
cleanup-not-tested = not tested: no command is set (`test` under [cleanup] in nginx-analyzer.toml, or --test-command)
cleanup-taken-back = all was taken back: { $why }
cleanup-interrupted = Clean-up { $id } of { $time } was interrupted: `nginx-analyzer cleanup restore` takes back what it had done.
cleanup-recovered = Clean-up { $id }, which was interrupted, is taken back.
cleanup-found = a file was neither as before nor as meant; what was in it is kept in { $path }
cleanup-records = Clean-ups that can be taken back (`cleanup restore --id ID`):
cleanup-record-apply = { $count ->
    [one] 1 block commented out
   *[other] { $count } blocks commented out
}
cleanup-record-finish = { $count ->
    [one] 1 block deleted
   *[other] { $count } blocks deleted
}
cleanup-finished = { $count ->
    [one] Deleted 1 block
   *[other] Deleted { $count } blocks
} (clean-up { $id }):
cleanup-moved = Moved into the archive:
cleanup-restored = Restored:
cleanup-would-restore = Would be restored:
cleanup-dry-run-open = What could be restored after that is shown once it is taken back.
cleanup-would-recover = Clean-up { $id } was interrupted, and would be taken back first:
cleanup-would-remove = { $path } (removed again)
cleanup-record-refused = the record { $folder } is not used: { $why }. No clean-up of this workspace writes such a record: it came with the project, or was changed. Find out where it is from, then remove its folder
cleanup-record-id = it is named { $id }, which is not the name of its folder, or not one that records have
cleanup-record-outside = it names { $path }, which lies outside of the workspace
cleanup-record-private = it names { $path }, which is not a file that a clean-up writes
cleanup-record-backup = it names { $path } as a copy, and copies have other names
cleanup-record-unknown = it names { $path }, and where that leads can't be told ({ $error })
cleanup-record-large = its files are larger than a clean-up takes ({ $limit } bytes in all)
cleanup-record-no-archive = it does not say which archive belongs to it
cleanup-record-archive = its archive is not the one that it was written with
cleanup-record-not-archived = its archive does not have { $path } as it was before
cleanup-store-link = { $path } is a link: records of clean-ups are neither read nor written where links lead. Take it away, or put what it leads to in its place
cleanup-needless = removed the backup { $path }: it is the same as the file again
cleanup-nothing-to-restore = There is no clean-up to take back.
cleanup-which = there are several clean-ups: name one with --id ({ $ids }), or take all back with --all
cleanup-lost = { $file }: `{ $block }`, once at line { $line }, was edited since and is left as it is; the file as it was before is in { $backup }
cleanup-occupied = { $file } is another file now and is left as it is; the one that was moved is in the archive
cleanup-next = Next:
cleanup-editor-applied = { $count ->
    [one] commented out 1 block, to be kept until { $until }
   *[other] commented out { $count } blocks, to be kept until { $until }
}. Save, test and reload; a backup is beside the file
cleanup-editor-finished = { $count ->
    [one] deleted 1 block
   *[other] deleted { $count } blocks
}. Save, test and reload; a backup is beside the file
cleanup-editor-restored = taken back. Save, test and reload
cleanup-editor-refused = the editor did not make the edits
cleanup-editor-save = { $file } is not on disk as it is here: save it first
cleanup-finish-missed = { $file }:{ $line } `{ $block }` is due, but requests came since that would have gone there (`cleanup status` shows them): it is deleted only by its line, with --at { $file }:{ $line }
cleanup-busy = another clean-up of this workspace is running
cleanup-open = clean-up { $id } was interrupted: `nginx-analyzer cleanup restore` takes back what it had done
cleanup-changed = { $path } changed meanwhile: nothing was written; look at the plan again
cleanup-path = { $path }: it lies outside of the workspace, or its name is not UTF-8
cleanup-no-such = there is no clean-up { $id } that could be taken back
cleanup-stuck = { $why }; taking it back failed, too: { $error }. Free the disk or its permissions, then run `nginx-analyzer cleanup restore`
cleanup-no-rule = there is no rule `{ $rule }`
cleanup-no-rule-near = there is no rule `{ $rule }`; did you mean `{ $near }`?
cleanup-at = { $place }: --at takes FILE:LINE, lines from 1
cleanup-no-step = there is no such step; there are plan, apply, status, restore and finish
cleanup-untrusted = nothing is written in a workspace that is not trusted
cleanup-editor-no-edits = this editor makes no edits for a server (workspace/applyEdit): run `nginx-analyzer cleanup` in a terminal
report-group-changed = **Last changed:**
report-changed-now = not committed yet
report-changed = { $older ->
    [yes] { $date } or earlier
   *[no] { $date }
}, { $commit } ({ $summary }){ $after ->
    [yes] : later than the logs begin, so they show only a part of its time
   *[no] {""}
}

## Traces: what they depend on

trace-is-empty = empty
trace-is-unknown = not known
trace-value = ${ $variable } is { $value }
trace-no-value = ${ $variable } is empty or 0
trace-some-value = ${ $variable } is neither empty nor 0
trace-not-equal = ${ $variable } is not { $value }
trace-equal = ${ $variable } is { $value }
trace-is-file = { $path } is a file
trace-is-not-file = { $path } is not a file
trace-is-folder = { $path } is a folder
trace-is-not-folder = { $path } is not a folder
trace-is-executable = { $path } is executable
trace-is-not-executable = { $path } is not executable
trace-is-there = { $path } is there
trace-is-not-there = { $path } is not there
trace-exists = { $path } exists
trace-exists-not = { $path } does not exist
trace-nobody-knows = nobody knows what is there
trace-the-uri = the URI
trace-variable = ${ $variable }
trace-matches = { $subject } matches { $regex }
trace-matches-not = { $subject } does not match { $regex }
trace-address-allowed = the client's address is allowed
trace-address-denied = the client's address is denied ({ $status })
trace-credentials-good = { $directive } accepts the credentials
trace-credentials-bad = { $directive } accepts no credentials ({ $status })
trace-backend-well = the backend answers well
trace-backend-502 = the backend can't be reached (502)
trace-backend-504 = the backend does not answer in time (504)
trace-backend-status = the backend answers { $status }
trace-auth-good = { $uri } answers 2xx
trace-auth-bad = { $uri } refuses ({ $status })

## Traces: why it ends

trace-alias-rewritten = `alias` does not work behind `rewrite … break`
trace-444 = nginx makes no answer of such a status: the connection is closed
trace-file-depends = which file is served depends on { $uri }
trace-file-unknown = which file is served depends on what is not known
trace-method-refused = nginx refuses { $method } before it looks for a location
trace-plain-to-tls = plain HTTP to a port that speaks TLS
trace-no-files-for = files are not served for { $method }
trace-no-folder = the folder does not exist
trace-folder-is-file = what should be a folder is a file
trace-no-index = a folder without an index file is not listed
trace-error-page = `error_page` leads to { $to }
trace-location-depends = which location is meant depends on { $name }
trace-zero-length = the rewritten URI has a length of zero
trace-earlier-if = the `{ $directive }` of an earlier `if` is not known in the one that holds
trace-invalid-port = the port of { $address }, where `{ $directive }` leads, is none
trace-no-host = `{ $directive }` has no host that a request could be sent to
trace-unsafe-uri = `X-Accel-Redirect` has an unsafe URI
trace-method-capitals = a method is written in capital letters
trace-server-depends = which server answers depends on the Host that is sent: { $host }
trace-many-passes = after { $most } passes through this configuration
trace-lands-name = a server of this configuration is called `{ $host }`
trace-lands-perhaps = `{ $host }` leads to this same nginx
trace-lands-not = `{ $host }` leads to another machine
trace-lands-listen = `listen { $listen }` makes the address this machine's own
trace-lands-service = the service `{ $host }` runs this configuration
trace-lands-alias = `{ $host }` is the service `{ $service }`, which runs this configuration
trace-lands-cluster = the Service { $service } leads to the pods that run this configuration
trace-terminated = { $uri } ends with { $status }, and that closes the client's connection, too, without an answer
trace-no-answer = { $host } closes the connection without an answer
trace-auth-status = `auth_request` expects 2xx, 401 or 403, and { $uri } answers { $status }

## Traces: steps

step-header-ignored = the header `{ $name }` is ignored
step-header-underscore = its name has an underscore, and `underscores_in_headers` is not on
step-header-invalid = its name has other signs than letters, digits and hyphens, and `ignore_invalid_headers` is not off
step-handshake = the TLS handshake is rejected
step-handshake-why = the client gets no answer: the server that its SNI selects, else the default server, has `ssl_reject_handshake on`
step-line = { $what } — { $why }
step-listens = listens on { $address }
step-share = { $count } servers share it
step-default-listen = the default where there is no `listen`
step-nothing-listens = nothing listens on { $address }
step-no-host = the `Host` header is missing or invalid
step-refused-control = a control character or a space in the request target
step-refused-form = the request target starts with neither / nor a scheme and host
step-refused-escape = a % that two hexadecimal digits do not follow
step-refused-nul = %00 in the request target
step-refused-above-root = .. leads above the root
step-uri = URI { $uri }
step-uri-args = URI { $uri }, arguments { $args }
step-normalised = normalised from { $path }
step-keeps-slashes = `merge_slashes off` keeps //
step-both = { $one }; { $other }
step-location-unknown = which location is next can't be told
step-uri-is = the URI is { $uri }
step-internal = the location is `internal`: requests from outside don't get in
step-redirect-to = { $status } to { $to }
step-auto-redirect = nginx's own answer for a location that passes requests on
step-method-limited = { $method } is not among them: its block holds
step-method-free = { $method } is among them: its block is passed over
step-if-holds = { $condition } holds
step-if-holds-not = { $condition } does not hold
step-break = what follows of the rewrites here is left out
step-again = the URI is now { $uri }
step-searched-again = a location is searched again
step-circle = the URI was changed more than ten times: it goes in a circle
step-credentials = { $directive } wants credentials
step-401 = 401 without
step-limit = { $directive } may refuse
step-too-many = when there are too many requests
step-auth-request = auth_request asks { $uri }
step-auth-answers = 2xx lets the request pass, 401 and 403 end it
step-mirror = mirror sends a copy to { $uri }
step-mirror-ignored = its answer is ignored
step-code = { $code } runs
step-code-may = it may answer, or send the request elsewhere
step-code-uri = it may answer, send the request elsewhere, or give it another URI
step-code-value = what it returns is the variable's value
step-taken-if-file = taken, if the file is there
step-taken-if-folder = taken, if the folder is there
step-taken = there: taken
step-not-there = not there
step-taken-not = not known: taken not to be there
step-folder-for-file = a folder, where a file is wanted
step-file-for-folder = a file, where a folder is wanted
step-try-folder = try_files looks for the folder { $path }
step-try-file = try_files looks for { $path }
step-fallback = try_files falls back to { $to }
step-index = index looks for { $path }
step-client-gets = the client gets { $status }
step-error-page = error_page takes { $status } to { $to }
step-internal-redirect = internal redirect to { $uri }
step-starts-again = by { $by }: it starts again in the server
step-by = by { $by }
step-no-such-location = { $by } names { $name }, and the server has no such location
step-path = path { $path }
step-is-this = { $address } is this same configuration
step-loop = a loop
step-loop-hop = the same request was here before, at hop { $hop }
step-ends = the trace ends here
step-a-file = a file
step-a-folder = a folder
step-unknown-there = not known whether it is there
step-listing = the folder's listing
step-slash-redirect = a redirect to a slash
step-server = server { $server }
step-servers = servers { $servers }
step-outcome = { $place }: { $answer }
step-passed-but = { $passed }: { $status }, { $why }
step-file-missing = { $status }, { $file } is not there
step-the-file = the file { $file }
step-file-if = the file { $file }, if it is there
step-status-file = { $status } with the file { $file }
step-status-file-if = { $status } with the file { $file }, if it is there
step-status-and = { $status }, { $what }
step-denied = denied
step-is-internal = it is internal
step-invalid-host = without a valid Host
step-in-circle = it goes in a circle
step-and-then = and then? { $why }
step-no-location = no location takes { $uri }
step-with-lost = { $why }: { $lost }
step-own-settings = the server's own settings
step-very-uri = the very URI
step-lacks-slash = the URI lacks only the slash at the end
step-first-regex = first regex that matches
step-first-regex-over = first regex that matches, over the prefix { $prefix }
step-no-regex = { $why }; `^~`: no regex is tried
step-longest = longest prefix
step-longest-before = longest prefix, before { $shorter }
step-lost = { $count ->
    [one] { $regexes } does not match
   *[other] { $regexes } do not match
}
step-lost-regexes = { $count } regexes before do not match
step-lost-more = { $count ->
    [one] { $regexes } and { $count } other regex do not match
   *[other] { $regexes } and { $count } other regexes do not match
}
step-not-same = `= { $name }` is not the same
step-case = `{ $name }` differs in case
step-matches-not = does not match { $uri }
step-no-match = does not match
step-goes-on = goes on with what follows here
step-last = last: ends the rewrites here, a location is searched again
step-rewrite-break = break: ends the rewrites here, the location stays
step-sent-there = the client is sent there with { $status }
step-access-rules = access rules
step-let-in = this client is let in
step-gets-403 = this client gets 403
step-by-address = whether it is let in depends on the client's address
step-may = by the client's address: { $who } may, others get 403
step-all-others = all others
step-satisfy = `satisfy any`: what else is checked may let the client in
step-server-only = the only one there: its names do not matter
step-server-empty = exact name: the empty one, as there is no Host
step-server-exact = exact name
step-server-name = name { $name }
step-server-regex = first regex that matches the host: { $name }
step-server-default = no name fits: it is the default_server
step-server-first = no name fits: it is the first one

## Traces: the page

page-nothing = nothing can be said of it
page-more-unfollowed = there are more ways than were followed
page-more-ways = { $count ->
    [one] and { $count } more way
   *[other] and { $count } more ways
}
page-more-ways-unfollowed = and { $count } more ways, and others that were not followed
page-provided = provided that { $condition }
page-but-if = but if { $condition }
page-and = and { $condition }
page-or = or
page-same-more = the same { $count } times more
page-all-more = all that { $count } times more
page-host = , Host { $host }
page-depends = { $answer } (it depends)
page-other-configurations = { $count } other configurations could have been asked; this is { $name }
page-at = {" "}at{" "}
page-at-end = :{" "}
page-at-close = {""}

## Traces: what is asked

ask-no-url = there is no URL: give one as http://host/path, or a path
ask-blank = a blank
ask-character = { $character } can't stand in a URL: write it as { $escape }
ask-fragment = `#{ $fragment }` stays with the client
ask-no-such-url = `{ $text }` is no URL: give one as http://host/path, or a path that begins with /
ask-scheme = `{ $scheme }://` is not traced: only http and https are
ask-user = the user's name in the URL is not part of the request
ask-no-port = `{ $port }` in `{ $text }` is no port
ask-no-host = `{ $text }` names no host
ask-no-server = there is no `server` of http here
ask-method = `{ $method }` is no method: they are written in capital letters, as GET or POST
ask-template = parts of the configuration are filled in before nginx reads it: they are taken as they stand here
ask-header = `{ $header }` is no header: write it as `Name: value`
ask-host-and-port = the file has no `server`: the one that includes it is taken to listen for this host and port
ask-published = port { $port } is published for port { $inside } of the container ({ $at })
ask-address = { $host } is taken to be the address { $address }, where { $server } listens
ask-first-address = the request is taken to arrive at { $address }, the first address of port { $port }
ask-listens-nowhere = the server listens nowhere
ask-nothing-else = the file has no `server`: the one that includes it is taken to have nothing else
ask-which-here = of { $count } servers the one here is asked, as { $url }
ask-which-first = of { $count } servers the first is asked, as { $url }
ask-more = { $count } more
ask-nothing-listens = nothing listens on port { $port }; these do: { $list }
ask-nothing-listens-seen = nothing listens on port { $port }, as far as can be seen: there is an include that can't be read; these do: { $list }

## `probe`: asking a running backend

cli-probe-not-allowed = probe asks a running backend over the network, which is done only when you say so: `nginx-analyzer probe --allow-network { $urls }`. It sends GET, HEAD and OPTIONS to the hosts named, nothing else
cli-probe-url = { $url }: is no URL that can be asked; write `http://host:port` or `https://host`
cli-probe-credentials = the URL has a user or a password; probe sends no credentials: leave them out
cli-probe-from-nothing = { $path }: no location passes requests over HTTP to a backend that can be told
cli-probe-from-others = { $path }: no location passes requests to that host and port. Name with --upstream which backend it is: { $names }
cli-probe-from-unclear = { $count ->
    [one] of one location that passes requests there it can't be told what it sends
   *[other] of { $count } locations that pass requests there it can't be told what they send
}
cli-probe-path = with --uris or --from a URL has no path of its own: the URIs of the list are whole paths
cli-probe-several = several URLs are written as a file each: name a folder that is there with --output
cli-probe-other = --output { $path }: is there already and was not written by `nginx-analyzer probe`, it is not overwritten
cli-probe-list-long = { $path }: has more than { $count } URIs
cli-probe-list-line = { $path }:{ $line }: is neither a URI that begins with `/` nor `METHOD /path`
cli-probe-list-host = { $path }:{ $line }: names a host that the command does not; only those are asked
cli-probe-list-empty = { $path }: has no URI
cli-probe-failed = { $url }: { $problem }
cli-probe-no-description = { $url } has no OpenAPI or Swagger description that can be read:
    { $tried }
    name the description's path in the URL, or list URIs in a file for --uris
cli-probe-unsendable = can't be sent in a request as it is written
cli-probe-no-host = there is no host of that name
cli-probe-connection-refused = nothing listens there (connection refused)
cli-probe-timeout = { $seconds ->
    [one] no answer within a second
   *[other] no answer within { $seconds } seconds
} (--timeout)
cli-probe-tls = TLS failed: { $problem }; where the backend speaks plain HTTP, write `http://`
cli-probe-too-large = the answer is larger than { $limit } MiB
cli-probe-no-answer = no answer that is HTTP: { $problem }
cli-probe-redirect-unread = redirects to { $location }, which can't be read
cli-probe-redirect-elsewhere = redirects to { $location }, a host that was not named; it is not asked
cli-probe-redirects = redirects without end
cli-probe-guarded = { $status }: there is something, but not without credentials
cli-probe-status = { $status }
cli-probe-not-json = the answer is not JSON
cli-probe-not-openapi = JSON, but no OpenAPI or Swagger
cli-probe-no-paths = a description without paths
cli-probe-not-asked = not asked: the backend stopped answering
cli-probe-pattern = not asked: it stands for many URIs
cli-probe-why-alike = { $status }, and what can't be there beside it is answered alike
cli-probe-why-odd = 404, but what can't be there beside it is answered { $status }
cli-probe-why-error = { $status }: it fails, or nobody is behind it
cli-probe-why-limited = 429: too many requests; a smaller --rate may help
cli-probe-why-method = { $status }: that does not tell for { $method }
cli-probe-told = { $of }: { $routes ->
    [one] 1 route
   *[other] { $routes } routes
}, { $missing } missing, { $unknown } unknown
cli-probe-next = nginx-analyzer.toml takes { $path } as `openapi` under [upstreams.NAME]

## Hover: directives, variables and values

hover-default = Default: { $default }
hover-contexts = In: { $contexts }
hover-anywhere = any block
hover-if-in = `if` in { $block }
hover-inner-context = { $inner } of { $outer }
hover-module = Module: { $module }
hover-module-of = Module: { $module } of { $package }
hover-module-since = Module: { $module }, in { $package } since { $since }
hover-removed = **Removed** in { $version } ({ $last } is the last version that has it)
hover-not-here = Not allowed here, in { $context }
hover-documentation = Documentation
hover-holds = Here { $value } holds.
hover-as-default = Here { $value } holds, which is the default, too.
hover-instead-of = Here { $value } holds, instead of { $before } ({ $at }).
hover-instead-of-default = Here { $value } holds, instead of the default { $default }.
hover-later-holds = Here { $value } holds, from { $at }.
hover-together = Together with { $count } more of this block ({ $places }).
hover-hides = { $count ->
    [one] The one of the blocks around it does not hold here ({ $places }).
   *[other] The { $count } of the blocks around it do not hold here ({ $places }).
}
hover-adds = { $count ->
    [one] The one of the blocks around it holds here, too ({ $places }).
   *[other] The { $count } of the blocks around it hold here, too ({ $places }).
}
hover-replaced = { $count ->
    [one] Not in the block inside that has its own ({ $places }).
   *[other] Not in the { $count } blocks inside that have their own ({ $places }).
}
hover-own-block = Holds in this block only: locations inside do not inherit it.
hover-size = { $count ->
    [one] { $written } = { $shown } byte
   *[other] { $written } = { $shown } bytes
}
hover-size-larger = { $written } = { $shown } bytes ({ $larger })
hover-time = { $written } = { $value }
hover-time-also = { $written } = { $value } ({ $also })
hover-days = { $count ->
    [one] { $shown } day
   *[other] { $shown } days
}
hover-hours = { $count ->
    [one] { $shown } hour
   *[other] { $shown } hours
}
hover-minutes = { $count ->
    [one] { $shown } minute
   *[other] { $shown } minutes
}
hover-seconds = { $count ->
    [one] { $shown } second
   *[other] { $shown } seconds
}
hover-milliseconds = { $count ->
    [one] { $shown } millisecond
   *[other] { $shown } milliseconds
}
hover-rate-second = { $count ->
    [one] { $written } = { $shown } request a second
   *[other] { $written } = { $shown } requests a second: one every { $each }
}
hover-rate-minute = { $count ->
    [one] { $written } = { $shown } request a minute
   *[other] { $written } = { $shown } requests a minute: one every { $each }
}
hover-status-1 = on the way to an answer
hover-status-2 = it went well
hover-status-3 = the answer is elsewhere, or as it was
hover-status-4 = the client asked for something wrong
hover-status-5 = the server failed
hover-status-444 = nginx's own: the connection is closed without an answer
hover-status-494 = nginx's own: a header is too large. The client is told 400
hover-status-495 = nginx's own: the client's certificate is not valid. The client is told 400
hover-status-496 = nginx's own: the client sent no certificate. The client is told 400
hover-status-497 = nginx's own: plain HTTP came to a port for HTTPS. The client is told 400
hover-status-499 = nginx's own, for logs: the client closed the connection before the answer
hover-network = { $written } = { $first } to { $last }: { $shown } addresses
hover-network-one = { $address }: one address
hover-network-bits = The bits behind the prefix are not 0: nginx warns and takes { $network }.
hover-listen-any4 = every IPv4 address of the machine
hover-listen-any6 = every IPv6 address of the machine
hover-listen-local = only from this machine
hover-listen-unix = a socket in the file system
hover-listen-one = this address of the machine
hover-listen-tls = TLS
hover-listen-quic = HTTP/3 (QUIC over UDP)
hover-listen-proxy-protocol = connections begin with a PROXY header
hover-listen-alone = No other server listens there.
hover-listen-default-here = The default server of this address: it gets the requests whose host is no server's name.
hover-listen-first-here = The default server of this address, as the first one here: it gets the requests whose host is no server's name.
hover-listen-default = Requests whose host is no server's name go to { $server }, the `default_server`.
hover-listen-first = Requests whose host is no server's name go to { $server }, the first one here.
hover-listen-shared = Shares the address with { $servers }.
hover-name-exact = The host { $name }, in upper or lower case.
hover-name-below = Every host that ends with { $name }, as { $example }, however many names are before it; not { $bare } itself.
hover-name-and-below = { $bare } and every host that ends with { $name }.
hover-name-any-end = Every host that begins with { $name }, as { $example }.
hover-name-empty = Requests without a `Host`.
hover-name-nobody = No real host has this name: it only keeps the server from having another one. The server gets requests as the default server of an address.
hover-name-machine = The host name of the machine, when nginx starts.
hover-name-taken = On { $address } it is ignored: { $server } ({ $at }) has the name already.
hover-balance-turns = Servers are asked in turn, by their weights.
hover-balance-least-conn = The server with the fewest connections is asked, by weights.
hover-balance-ip-hash = A client's address decides: the same one always asks the same server.
hover-balance-hash = A key decides: the same one always asks the same server.
hover-balance-random = Servers are asked at random, by their weights.
hover-balance-least-time = The server that is fastest and has the fewest connections is asked, by weights.
hover-upstream-used = Requests come from { $places }.
hover-upstream-asked = Requests come from { $at }.
hover-server-down = never asked
hover-server-backup = asked only when none of the others answers
hover-server-only = all requests
hover-server-share = { $weight } of { $total } requests ({ $percent }%)
hover-server-weight = weight { $weight } of { $total } ({ $percent }%)
hover-server-fails = out for { $timeout } after { $fails } failures within that time
hover-server-never-out = never taken out for its failures
hover-server-connections = at most { $connections } connections at once
hover-regex-of-case = { $regex } matches, in this order:
hover-regex-of-caseless = { $regex } matches, in upper or lower case and in this order:
hover-regex-refused = PCRE2 refuses { $regex }: { $problem }
hover-regex-look-around = It looks ahead or behind, which is no regular expression in the strict sense: it can't be told piece by piece.
hover-regex-back-reference = It has a back-reference, which is no regular expression in the strict sense: it can't be told piece by piece.
hover-regex-unusual = It uses what only PCRE knows: it can't be told piece by piece.
hover-regex-example = For example it matches { $text }.
hover-regex-text = the text { $text }
hover-regex-nothing = nothing
hover-regex-dot = any character
hover-regex-start = the beginning
hover-regex-end = the end
hover-regex-boundary = the edge of a word
hover-regex-no-boundary = not the edge of a word
hover-regex-digit = a digit
hover-regex-no-digit = a character that is no digit
hover-regex-blank = a blank
hover-regex-no-blank = a character that is no blank
hover-regex-word = a letter, a digit or `_`
hover-regex-no-word = a character that is no letter, no digit and not `_`
hover-regex-one-of = { $items }
hover-regex-none-of = a character other than { $items }
hover-regex-flag = how the rest is read
hover-regex-flag-caseless = from here on in upper or lower case
hover-regex-group = kept as { $name }
hover-regex-bare-group = a group
hover-regex-group-of = { $group }: { $inside }
hover-regex-either = one of { $count }:
hover-regex-branch = one of them:
hover-regex-repeated = { $what }, { $times }
hover-regex-repeat = { $times }:
hover-regex-optional = not or once
hover-regex-any-times = any number of times
hover-regex-once-or-more = once or more
hover-regex-exactly = { $count ->
    [one] once
   *[other] { $count } times
}
hover-regex-at-least = { $count ->
    [one] once or more
   *[other] { $count } times or more
}
hover-regex-between = { $low } to { $high } times
hover-variable-since = in { $package } since { $since }
hover-variable-nobody = Nothing that is seen here sets it, and no module that is known has it.
hover-variable-example = Here for example { $value }, for the request { $request }.
hover-variable-here = Here { $value } ({ $at }).
hover-set-by = set by { $written } ({ $at })
hover-set-by-group = captured by { $written } ({ $at })
hover-prefix-http = The request header { $name }; empty where the client sends none.
hover-prefix-sent-http = The header { $name } of the answer, as it goes to the client.
hover-prefix-sent-trailer = The trailer { $name } of the answer, as it goes to the client.
hover-prefix-upstream-http = The header { $name } of the upstream's answer.
hover-prefix-upstream-trailer = The trailer { $name } of the upstream's answer.
hover-prefix-upstream-cookie = The cookie { $name } that the upstream sets in its answer.
hover-prefix-cookie = The cookie { $name } of the request.
hover-prefix-arg = The argument { $name } of the query: what follows `=` in { $example }.
hover-capture = what group { $number } of the last regex that matched has kept
hover-capture-own = That of { $regex }.
hover-capture-around = That of { $block } ({ $at }), unless another regex matches in between.
hover-certificate-file = { $count ->
    [0] { $file } holds no certificate.
    [one] { $file } holds 1 certificate:
   *[other] { $file } holds { $count } certificates:
}
hover-certificate-unread = One that can't be read.
hover-certificate-names = Names: { $names }
hover-certificate-issuer = Signed by { $issuer }
hover-certificate-self = Signed by itself
hover-certificate-valid = Valid from { $from } until { $until }
hover-certificate-left = { $count ->
    [one] Valid from { $from } until { $until }: 1 day is left
   *[other] Valid from { $from } until { $until }: { $count } days are left
}
hover-certificate-expired = { $count ->
    [one] **Expired** on { $until }, 1 day ago (valid from { $from })
   *[other] **Expired** on { $until }, { $count } days ago (valid from { $from })
}
hover-certificate-early = { $count ->
    [one] **Not valid yet**: from { $from }, in 1 day, until { $until }
   *[other] **Not valid yet**: from { $from }, in { $count } days, until { $until }
}
hint-default-server = default server
hint-default-server-why = The first of { $count } servers that listen on { $address }, and none says `default_server`: this one gets the requests whose host is no server's name
hint-never = never reached
hint-taken = never reached → { $takers }
hint-taken-why = No request is answered here: { $takers } takes them
hint-never-why = No request is answered here
hint-location = { $location } (line { $line })
hint-hands-on = → { $to }
hint-hands-on-why = `{ $by }` sends every request there
hint-files = { $path }
hint-files-why = By `{ $by }` ({ $at })
signature-flag = `on` or `off`
signature-size = a size: bytes, or with `k` or `m`
signature-offset = a size: bytes, or with `k`, `m` or `g`
signature-time = a time: seconds, or with `ms`, `s`, `m`, `h`, `d`
signature-seconds = a time: seconds, or with `s`, `m`, `h`, `d`
signature-number = a number
signature-number-from = a number, { $low } or more
signature-number-between = a number from { $low } to { $high }
signature-template = text with variables
signature-regex = a regular expression (PCRE)
signature-variable = a variable: `$name`
signature-file = a file
signature-folder = a folder
signature-path = a file or folder
signature-url = a URL: `http://host:port/uri`
signature-address = an address: `host:port`, `unix:/path`, or the name of an upstream
signature-listen = what to listen on: a port, `address:port`, `unix:/path`
signature-cidr = an address or network: `10.0.0.0/8`
signature-uri = a URI of this server, or a named location
signature-name = a name that `{ $directive }` defines
signature-zone = a name and how much memory: `name:10m`
signature-rate = how many a second or minute: `10r/s`, `30r/m`
signature-access = access rights: `user:rw`, `all:r`
signature-condition = a condition in parentheses
signature-status = a status of HTTP
signature-request-header = the name of a request header
signature-response-header = the name of a response header
signature-mime = a MIME type
signature-method = a method of HTTP
signature-ciphers = a list of ciphers as OpenSSL writes it
signature-server-name = a host, `*.host`, `host.*` or `~regex`

## Completion
complete-default-value = the default
complete-default = Default: { $value }
complete-contexts = May stand in { $contexts }
complete-contexts-all = May stand in every block
complete-module = Of { $module }
complete-module-since = Of { $module }, since { $since }
complete-documentation = [Documentation]({ $page })
## Which directive stands where

nginx-says = nginx says: { $text }
settings-version = `{ $version }` is no version: write it as `"1.24.0"`
settings-module = no package is called `{ $name }`; there are { $known }
misplaced-directive-summary = a directive in a block that can't hold it, and which blocks can
misplaced-directive-says = `{ $name }` can't stand { $here }, only { $places }
misplaced-directive-protocol = `{ $name }` can't stand { $here }: { $own } has no such directive, { $protocols } has, { $places }
misplaced-directive-at-top = at the top
misplaced-directive-in-location-if = in an `if` of a location
misplaced-directive-in-server-if = in an `if` of a server
misplaced-directive-in-block = in `{ $block }`
misplaced-directive-in-block-of = in `{ $block }` of { $protocol }
misplaced-directive-block = the block that it stands in
argument-count-summary = a directive with too many or too few arguments, or without its block
argument-count-says = `{ $name }` takes { $wanted }, and here { $count ->
    [0] is none
    [one] is 1
   *[other] are { $count }
}
argument-count-none = no argument
argument-count-exact = { $count ->
    [one] 1 argument
   *[other] { $count } arguments
}
argument-count-least = at least { $count ->
    [one] 1 argument
   *[other] { $count } arguments
}
argument-count-range = { $least } to { $most } arguments
argument-count-some = { $counts } arguments
argument-count-needs-block = `{ $name }` needs a block: write ` {"{"} … {"}"}` in place of `;`
argument-count-no-block = `{ $name }` takes no block: it ends with `;`
argument-count-syntax = it is written `{ $syntax }`
duplicate-directive-summary = two of what a block may have one of
duplicate-directive-one = there may be only one `{ $name }` in one { $block }
duplicate-directive-one-here = there may be only one `{ $name }` here
duplicate-directive-both = `{ $first }` and `{ $second }` can't both stand in one { $block }
duplicate-directive-both-here = `{ $first }` and `{ $second }` can't both stand here
duplicate-directive-zone = there may be only one `{ $name }` of the zone { $zone } in one { $block }
duplicate-directive-read-twice = the file is read twice in this block, and so is this
unknown-directive-summary = a name that no directive has: misspelt, gone, or of a module that is not known
unknown-directive-says = `{ $name }` is no directive of nginx, nor of a module that is known
unknown-directive-blank = nginx reads `{ $name }` as one name: write `{ $written }`
unknown-directive-comment = `{ $name }` is no directive: nginx's comments begin with `#`
unknown-directive-make-comment = Make a comment of the line
unknown-directive-near = there is no directive `{ $name }`; did you mean `{ $near }`?
unknown-directive-several = there is no directive `{ $name }`; did you mean { $near }?
unknown-directive-gone = `{ $name }` is gone since nginx { $removed }
unknown-directive-replace = Write `{ $near }`
unknown-directive-settles = where a module of your own brings it, say so in nginx-analyzer.toml: `[nginx]`, `directives = ["{ $name }"]`
## Rule: invalid-value

invalid-value-takes = `{ $name }` takes { $what }, not `{ $value }`: nginx refuses to start
invalid-value-option-takes = `{ $option }=` of `{ $name }` takes { $what }, not `{ $value }`: nginx refuses to start
invalid-value-no-option = `{ $name }` has no option `{ $value }`: nginx refuses to start; it knows { $what }
invalid-value-variable = `{ $name }` takes no variables: nginx reads `{ $value }` as it stands, and refuses to start
invalid-value-dollar = in `{ $value }` a `$` is followed by no name: nginx looks for a variable there, and refuses to start
invalid-value-brace = in `{ $value }` a variable's closing `{"}"}` is missing: nginx refuses to start
invalid-value-address-host = `{ $value }` of `{ $name }` has no host: nginx refuses to start
invalid-value-address-path = `{ $name }` takes a host and a port, and `{ $value }` has more than that: nginx refuses to start
invalid-value-address-port = `{ $value }` of `{ $name }` has no port from 1 to 65535: nginx refuses to start
invalid-value-address-range = the range of ports `{ $value }` ends before it starts: nginx refuses to start
invalid-value-address-ipv6 = `{ $value }` of `{ $name }` is no address of IPv6: nginx refuses to start
invalid-value-address-unix = `{ $value }` of `{ $name }` needs the path of a socket: nginx refuses to start
invalid-value-address-long = the path of the socket `{ $value }` is longer than the 107 bytes that it can have: nginx refuses to start
invalid-value-if-open = the condition of an `if` stands in parentheses, and here the opening one is missing: nginx refuses to start
invalid-value-if-close = the condition of an `if` stands in parentheses, and here the closing one is missing: nginx refuses to start
invalid-value-if-words = an `if` asks one thing only, in three words at most (variable, operator, value), with blanks between: nginx refuses to start
invalid-value-if-operator = `{ $value }` is no operator of an `if` (`=`, `!=`, `~`, `~*`, `!~`, `!~*`, `-f`, `-d`, `-e`, `-x`): nginx refuses to start
invalid-value-if-start = an `if` begins with a variable, or with a test of a file (`-f`, `-d`, `-e`, `-x`), not with `{ $value }`: nginx refuses to start
invalid-value-missing = `{ $name }` needs `{ $option }`: nginx refuses to start without it
invalid-value-small = `{ $value }` of `{ $name }` is too small: nginx wants { $least } at least, and refuses to start
invalid-value-scheme = the URL of `{ $name }` begins with { $schemes }: nginx refuses to start with `{ $value }`
invalid-value-empty = an empty text can't stand here in `{ $name }`: nginx refuses to start
invalid-value-499 = `error_page` can't be set for 499, which is nginx's own (the client is gone): nginx refuses to start
invalid-value-status-range = `{ $name }` takes statuses from { $low } to { $high }, not `{ $value }`: nginx refuses to start
invalid-value-no-status = `{ $name }` takes a status here, and `{ $value }` is none: nginx refuses to start
invalid-value-return-text = `return` needs a status before `{ $value }` (only a URL with its scheme may stand alone): nginx refuses to start
invalid-value-daily = `{ $value }` of `expires` is a time of day: it can't be more than 24 hours, and can't stand behind `modified`; nginx refuses to start
invalid-value-modifier = `{ $value }` is no modifier of a `location` (`=`, `^~`, `~`, `~*`), and two names are too many: nginx refuses to start
invalid-value-wildcard = in the name `{ $value }` a `*` may stand only for the whole first or the whole last part (`*.example.com`, `www.*`), and no part may be empty: nginx refuses to start
invalid-value-no-variable = `{ $name }` takes a variable here, which begins with `$`, not `{ $value }`: nginx refuses to start
invalid-value-levels = `{ $value }`: the levels of a cache are one to three numbers, each 1 or 2 (`levels=1:2`); nginx refuses to start
invalid-value-pair = a line of `{ $name }` has a key and a value, and nothing else: nginx refuses to start
invalid-value-local = `{ $name }` takes an address of this machine such as 10.0.0.1, not `{ $value }` (names are not looked up): nginx refuses to start
invalid-value-network = `{ $name }` takes an address or a network such as 10.0.0.0/8 here, not `{ $value }`: nginx refuses to start
invalid-value-range = with `ranges` a line of `geo` begins with a range of addresses such as 10.0.0.0-10.0.0.255, not `{ $value }`: nginx refuses to start
invalid-value-ranges-first = `ranges` has to stand before every other line of `geo`: nginx refuses to start
invalid-value-percent = `{ $value }` is no part of a hundred such as 0.5% (two digits behind the point at most): nginx refuses to start
invalid-value-percent-total = with this line `split_clients` has more than 100%: nginx refuses to start
invalid-value-behind-off = behind `off` nothing may stand in `{ $name }`, and here is `{ $value }`: nginx refuses to start
invalid-value-regex = PCRE refuses the regex `{ $pattern }` ({ $why }), and nginx refuses to start
invalid-value-upstream-port = `{ $upstream }` is an upstream, whose servers have the ports: with the port { $port } nginx refuses to start
invalid-value-upstream = the upstream
invalid-value-no-port = `{ $name } { $host }` has no port, and no `upstream` has that name: nginx refuses to start
invalid-value-stream-port = the server `{ $host }` of an upstream of `stream` needs a port: nginx refuses to start
invalid-value-kind-flag = `on` or `off`
invalid-value-kind-size = a size such as 8k or 1m
invalid-value-kind-offset = a size such as 512k, 10m or 1g
invalid-value-kind-time = a time such as 500ms, 60s or 5m
invalid-value-kind-seconds = a time such as 30s, 10m or 1d
invalid-value-kind-number = a number
invalid-value-kind-range = a number from { $low } to { $high }
invalid-value-kind-least = a number that is { $low } or more
invalid-value-kind-cidr = an address or a network such as 10.0.0.0/8
invalid-value-kind-zone = a name and a size such as name:10m
invalid-value-kind-rate = a rate such as 10r/s or 30r/m
invalid-value-kind-access = rights such as user:rw or group:r
invalid-value-kind-status = a status
invalid-value-kind-text = a text
invalid-value-summary = an argument that nginx refuses: a size, a time, a word, an address, a regex, …
unknown-directive-newer = `{ $name }` is there since nginx { $since }
unknown-directive-plus = `{ $name }` is a directive of NGINX Plus
unknown-directive-package = `{ $name }` comes with the module { $package }, which is not there
unknown-directive-load = a dynamic module is loaded at the top of the main configuration: `load_module modules/{ $module }.so;`
unknown-directive-built = where it is built in, the settings say so: `[nginx]`, `modules = ["{ $package }"]`
reader-version-settings = this is nginx { $version }, says { $file }
reader-version-image = this is nginx { $version }, says the image { $image }
reader-version-unknown = which version this is, is not known; { $file } can say it: `[nginx]`, `version = "1.24.0"`
reader-flavour-settings = this is { $flavour }, says { $file }
reader-flavour-image = this is { $flavour }, says the image { $image }
deprecated-directive-summary = a directive or parameter that is deprecated, does nothing any more, or is gone
deprecated-directive-gone = `{ $what }` is gone since nginx { $version }
deprecated-directive-idle = `{ $what }` does nothing since nginx { $version }
deprecated-directive-deprecated = `{ $what }` is deprecated since nginx { $version }
deprecated-directive-discouraged = `{ $what }` is discouraged
deprecated-directive-instead = { $said }: write `{ $instead }`
deprecated-directive-remove = Remove `{ $word }`
deprecated-directive-http2 = Write `http2 on;`
deprecated-directive-ssl = Write `ssl` at each `listen`
deprecated-directive-write = Write `{ $instead }`

## Rule: duplicate-definition

duplicate-definition-named = there is another `{ $kind } { $name }`: nginx refuses to start
duplicate-definition-combined = nginx has a `log_format combined` of its own, and refuses to start with another one
duplicate-definition-zone = there is another `{ $kind }` with the zone { $name }: nginx refuses to start
duplicate-definition-use = the shared memory { $name } is `{ $used }`'s already: nginx refuses to start, as a name has one use
duplicate-definition-size = the shared memory { $name } has another size where it was first named: nginx refuses to start
duplicate-definition-variable = nginx has a variable `{"$"}{ $name }` of its own that can't be set: it refuses to start
duplicate-definition-host = `{ $other }` and `{ $key }` are lines for one name (`.x` is `x` and `*.x`): nginx refuses to start
duplicate-definition-line = there is another line for `{ $key }` (letters are compared without case): nginx refuses to start
duplicate-definition-summary = two upstreams, zones, log formats or lines of a map of one name: nginx refuses to start

## Rule: missing-directive

missing-directive-certificate = { $server } answers first on { $socket }, which speaks TLS, and has no `ssl_certificate`: nginx refuses to start
missing-directive-tls = here TLS is asked for, for all servers on this socket
missing-directive-key = the certificate { $file } has no `ssl_certificate_key` at its level: nginx refuses to start
missing-directive-events = there is no `events` block: nginx refuses to start without one, and an empty one will do
missing-directive-summary = something that nginx can't start without: a certificate, a key, `events`

## Rule: conflicting-options

conflicting-options-listen = the options of the socket { $socket } are set already: nginx refuses `{ $option }` here and does not start
conflicting-options-keepalive = `keepalive` has no effect here: `{ $method }` below takes its place. It belongs behind the method
conflicting-options-methods = `{ $method }` below takes the place of `{ $earlier }`, which has no effect
conflicting-options-method = the method of load balancing
conflicting-options-store = `{ $store }` and `{ $cache }` can't stand in one block: nginx refuses to start
conflicting-options-other = the other one
conflicting-options-two-buffers = `{ $buffers }` needs two buffers at least: nginx refuses to start
conflicting-options-busy-small = `{ $busy }` is { $busy_size }, less than the largest buffer of `{ $one }` and `{ $buffers }` ({ $largest }): nginx refuses to start
conflicting-options-busy-large = { $set ->
    [yes] `{ $busy }` is { $busy_size }
   *[other] `{ $busy }` is twice the largest buffer ({ $largest }) where it is not set, so { $busy_size }
}, and may be { $most } at most, all of `{ $buffers }` but one ({ $count } of { $each }): nginx refuses to start
conflicting-options-write-small = `{ $write }` is less than the largest buffer ({ $largest }): nginx refuses to start
conflicting-options-file-small = `{ $file }` is less than the largest buffer ({ $largest }), and not 0: nginx refuses to start
conflicting-options-page = where sizes are not set, buffers have the size of a page of memory: 4k is meant here
conflicting-options-summary = settings that exclude each other: buffers, `listen` options, load balancing

## The gateway's map in an editor

map-note-no-logs = no logs were read: nobody can tell which locations are asked for
map-note-no-requests = the logs that were read hold no request in a format of this configuration
map-note-sources = the applications' source is still being read: their routes are missing
map-note-cut = { $count ->
    [one] 1 route is left out, as there are too many
   *[other] { $count } routes are left out, as there are too many
}
map-service = service { $name }
map-image = image { $image }
map-here = this same nginx ({ $server })
map-outside = { $at }, as { $path }
map-as = as { $path }
map-inside-dead = the location around it can't be reached

## How the server is

status-editor-settings = the editor's settings: { $problem }
status-untrusted = this folder is not trusted: { $count ->
    [one] { $first } lies outside of it and was not read
   *[other] { $count } files and folders outside of it were not read, { $first } among them
}
status-no-log = logs: no file is called `{ $pattern }`

## A configuration with its includes put in

effective-title = { $file } with all that it includes
effective-begin = configuration file { $file }:
effective-end = end of { $file }
effective-include = # include { $pattern }:
effective-none = # include { $pattern }: names no file
effective-kept = not expanded: { $why }
effective-missing = there is no file { $file }
effective-loop = { $file } would include itself
effective-unknown = it is not known what it leads to
effective-unread = { $file }: { $problem }
effective-refused = nginx refuses what stands at { $at }
effective-too-much = there would be too much
report-document = Report on { $folder }
## What settings are for (src/project/settings/table.rs)

settings-about = How nginx-analyzer reads this workspace. None of it is needed.
settings-about-unset = Not set
settings-about-language = The language of what is said about a configuration. Not set: the language of the editor, or what `--lang` says, or English.
settings-about-language-en = English
settings-about-language-ja = 日本語
settings-about-project-roots = Main configuration files, relative to the workspace: `["nginx.conf"]`. Found when there are none.
settings-about-nginx-version = Which version of nginx reads the configuration: `1.24.0`. Where it is known, directives that are newer or gone are told. An image that mounts or copies the configuration tells it, too.
settings-about-nginx-flavour = Which server of nginx's family reads the configuration.
settings-about-flavour-nginx = nginx
settings-about-flavour-plus = NGINX Plus
settings-about-flavour-openresty = OpenResty
settings-about-flavour-angie = Angie
settings-about-flavour-freenginx = freenginx
settings-about-nginx-modules = Modules that it has besides those of its flavour: `brotli`, `geoip2`, `vts`, …
settings-about-nginx-directives = Names of directives that a module of your own brings.
settings-about-paths = Where a path on the server lies in the workspace: `/usr/local/openresty/lualib/custom` is `lua`. Compose files and Dockerfiles are read anyway.
settings-about-logs-files = Access logs, as globs relative to the workspace: `logs/*.log`, `logs/*.gz`. Without any, those in `logs/` are read.
settings-about-logs-window = How far back requests count, from the newest one: `7d`, `36h`, `all`.
settings-about-upstreams = What a backend serves, by the name of its upstream, service or host, where nothing else in the workspace says so.
settings-about-upstreams-routes = Its routes: `GET /v2/*`, `/ping`.
settings-about-upstreams-openapi = The OpenAPI file that describes it, relative to the workspace.
settings-about-upstreams-closed = `false`: there may be routes besides those listed. A list is complete unless this says otherwise.
settings-about-upstreams-base-path = Put before every route.
settings-about-cleanup-marker = What is put before each line that is commented out. It begins with `#`.
settings-about-cleanup-keep-days = How many days a block stays commented out before deleting it is offered.
settings-about-cleanup-test = The command that tests the configuration after a clean-up, a word each: `["docker", "compose", "exec", "openresty", "openresty", "-t"]`. None is run without it. Only the command line runs it, never the language server.
settings-about-editor-usage = How an editor shows who uses a location: requests in access logs, and what calls it.
settings-about-usage-auto = A line above the location where the editor has such lines, else a few words behind it
settings-about-usage-lens = A line above the location, to click on
settings-about-usage-inlay = A few words behind the location
settings-about-usage-both = Both
settings-about-usage-off = Nothing
settings-about-editor-hints = What is implied and shown behind what implies it.
settings-about-hint-default-server = The default server of an address that several servers share, where none says so
settings-about-hint-takeover = Which location gets the requests of one that is dead, or that hands all of them on
settings-about-hint-files = The file or folder that a location serves
settings-about-rules = How loud each rule is, by its id: `dead-location` is `error`.
settings-about-level-off = Nothing is told
settings-about-level-hint = A hint
settings-about-level-info = Information
settings-about-level-warning = A warning
settings-about-level-error = An error
