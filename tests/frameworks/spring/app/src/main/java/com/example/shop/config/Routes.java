package com.example.shop.config;

import static org.springframework.web.servlet.function.RequestPredicates.path;
import static org.springframework.web.servlet.function.RouterFunctions.nest;
import static org.springframework.web.servlet.function.RouterFunctions.route;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RequestPredicates;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

@Configuration
public class Routes {
    @Bean
    RouterFunction<ServerResponse> carts() {
        return route()
                .GET("/carts", request -> ServerResponse.ok().build())
                .path("/carts/{cart}", cart -> cart
                        .GET("/items", request -> ServerResponse.ok().build())
                        .nest(RequestPredicates.path("/gifts"), gifts -> gifts
                                .POST("/wrap", request -> ServerResponse.ok().build())))
                .build();
    }

    @Bean
    RouterFunction<ServerResponse> stock() {
        return nest(path("/stock"),
                route(RequestPredicates.GET("/{sku}"), request -> ServerResponse.ok().build())
                        .andRoute(RequestPredicates.PUT("/{sku}/count"), request -> ServerResponse.ok().build()));
    }
}
