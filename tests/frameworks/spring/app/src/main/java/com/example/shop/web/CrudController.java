package com.example.shop.web;

import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;

public abstract class CrudController {
    @DeleteMapping("/{id}")
    public void remove(@PathVariable long id) {}
}
