package com.example.shop.api;

public final class Paths {
    public static final String API = "/api";
    public static final String USERS = API + "/users";

    private Paths() {}
}
