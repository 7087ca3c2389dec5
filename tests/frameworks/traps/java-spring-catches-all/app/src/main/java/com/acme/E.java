package com.acme;
import org.springframework.web.bind.annotation.*;
@RestControllerAdvice public class E { @ExceptionHandler(Exception.class) public Object all(Exception e) { return java.util.Map.of("code", 500, "msg", e.getMessage()); } }
