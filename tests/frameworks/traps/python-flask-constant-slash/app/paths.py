USERS = "/users/"
