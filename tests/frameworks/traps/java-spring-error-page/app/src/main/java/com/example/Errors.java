package com.example;

import org.springframework.boot.web.servlet.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

@Controller
public class Errors implements ErrorController {
    @RequestMapping("/error")
    public String error() {
        return "forward:/index.html";
    }
}
