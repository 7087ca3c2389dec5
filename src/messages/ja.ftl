# What people read, in Japanese. The field's own words stay as they are: location, upstream, server, proxy_pass.

## Words

days = { $count }日間
