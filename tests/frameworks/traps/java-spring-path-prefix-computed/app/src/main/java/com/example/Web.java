package com.example;

import org.springframework.web.servlet.config.annotation.*;

public class Web implements WebMvcConfigurer {
    private final Settings settings;

    public void configurePathMatch(PathMatchConfigurer configurer) {
        configurer.addPathPrefix(settings.prefix(), type -> true);
    }
}
