package com.example;

import static org.springframework.web.servlet.function.RequestPredicates.path;
import static org.springframework.web.servlet.function.RouterFunctions.nest;

import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

public class Routes {
    @Bean
    RouterFunction<ServerResponse> all(OrderRoutes orders) {
        return nest(path("/orders"), orders.routes());
    }
}
