package com.example.shop.web;

import com.example.shop.api.OrdersApi;
import java.util.List;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class OrdersController implements OrdersApi {
    @Override
    public List<String> all() {
        return List.of();
    }

    @Override
    public List<String> lines(long id) {
        return List.of();
    }
}
