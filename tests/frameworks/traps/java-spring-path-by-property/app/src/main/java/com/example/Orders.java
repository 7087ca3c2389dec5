package com.example;

import org.springframework.web.bind.annotation.*;

@RestController
@RequestMapping("${orders.path:/orders}")
public class Orders {
    @GetMapping
    public String all() {
        return "orders";
    }
}
