package com.example

import org.springframework.web.bind.annotation.*

@RestController
class Orders {
    @GetMapping("/orders")
    fun orders() = "orders"
}
