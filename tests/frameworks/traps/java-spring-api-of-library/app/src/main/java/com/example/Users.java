package com.example;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class Users implements UsersApi {
    @GetMapping("/users")
    public String users() {
        return "users";
    }
}
