package com.acme;
import org.springframework.boot.*; import org.springframework.boot.autoconfigure.*; import org.springframework.web.bind.annotation.*;
@SpringBootApplication @RestController public class App { @GetMapping("/a") String a() { return ""; } public static void main(String[] x) { SpringApplication.run(App.class, x); } }
