package com.example;

import org.springframework.web.servlet.config.annotation.*;

public class Web implements WebMvcConfigurer {
    public void addResourceHandlers(ResourceHandlerRegistry registry) {
        registry.addResourceHandler("/**").addResourceLocations("file:/srv/www/");
    }
}
