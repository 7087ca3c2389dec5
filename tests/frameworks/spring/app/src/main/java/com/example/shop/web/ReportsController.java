package com.example.shop.web;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
public class ReportsController {
    @GetMapping("${api.reports}/daily")
    public String daily() {
        return "daily";
    }
}
