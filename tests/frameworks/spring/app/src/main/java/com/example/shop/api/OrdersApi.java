package com.example.shop.api;

import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

@RequestMapping(Paths.API + "/orders")
public interface OrdersApi {
    @GetMapping
    List<String> all();

    @GetMapping("/{id:[0-9]+}/lines")
    List<String> lines(@PathVariable long id);
}
