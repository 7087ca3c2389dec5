ROOT_URLCONF = "site1.urls"
