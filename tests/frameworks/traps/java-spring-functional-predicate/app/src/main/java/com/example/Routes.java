package com.example;

import static org.springframework.web.servlet.function.RouterFunctions.route;

import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

public class Routes {
    RouterFunction<ServerResponse> all() {
        return route(request -> request.path().endsWith(".pdf"), request -> ServerResponse.ok().build());
    }
}
