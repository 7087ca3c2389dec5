# What people read, in English. Ids are grouped by who says them; `ja.ftl` has the same ids with the same arguments.

## Words

days = { $count ->
    [one] 1 day
   *[other] { $count } days
}

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
unused-location-what-logs-miss = a log can't show what happens less often than it is long (a yearly job, a partner's export): if you know of one, keep it
unused-location-more = { $count ->
    [one] one place more refers to it
   *[other] { $count } places more refer to it
}
unused-location-twin = `{ $location }` looks like it and is in use
unused-location-comment-out = Comment out `{ $location }`
unused-location-comment-out-all = Comment out all { $count } blocks that hang together
unused-location-keep = Keep it: say above it that it is used
unused-location-keep-reason = say why

## unused-upstream-server

unused-upstream-server-none = `{ $server }` answered none of the { $total } requests that upstream { $upstream } got in { $window }
unused-upstream-server-other = this one answered { $count }
unused-upstream-server-check = to check: is it up, and can nginx reach it? After max_fails failures in a row a server is left out for fail_timeout (10 s), and that repeats as long as it fails

## silent-server

silent-server-none = no request came to { $server } in { $window }, while its neighbours got { $others }
silent-server-check = to check: does its log go somewhere else than those that were read? Nothing is said of its locations until that is known

## expired-keep

expired-keep-passed = what this comment keeps was to be kept until { $day }: that day has passed
expired-keep-reason = the reason was: { $reason }
expired-keep-do = take the comment out, or give it a later day; until then it keeps nothing

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

## Editors: hover

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
logs-short = the logs cover { $covered } of the { $asked } that were asked for: that there was no request says less
logs-format = the log format ({ $at }) lacks { $missing }. With this line servers can be told apart: { $better }
logs-unreadable = lines in the log format at { $at } can't be read back: { $why }
logs-no-zone = times without a zone were taken as UTC
logs-cut = so many different requests: the later ones were routed without following rewrites

## Callers

callers-too-large = it is too large: { $size } KiB, and of such a file { $limit } KiB are read
callers-made = it was written by a program: minified, bundled or generated code
callers-unreadable = it can't be read: { $why }
callers-too-many = the folder has more than { $limit } files: the rest was not looked at
