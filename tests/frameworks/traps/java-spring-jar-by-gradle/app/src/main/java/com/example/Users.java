package com.example;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class Users {
    @GetMapping("/users")
    public String users() {
        return "users";
    }
}
