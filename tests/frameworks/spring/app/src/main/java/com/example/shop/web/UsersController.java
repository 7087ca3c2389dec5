package com.example.shop.web;

import static com.example.shop.api.Paths.USERS;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping(path = {USERS, "/people"}, produces = MediaType.TEXT_PLAIN_VALUE)
public class UsersController extends CrudController {
    private static final String ONE = "/{id}";

    @GetMapping
    public String all() {
        return "all";
    }

    @PostMapping
    public String add() {
        return "added";
    }

    @GetMapping(ONE)
    public String one(@PathVariable long id) {
        return "one";
    }

    @RequestMapping(value = {ONE + "/photo", ONE + "/avatar"}, method = {RequestMethod.GET, RequestMethod.PUT})
    public String photo(@PathVariable long id) {
        return "photo";
    }

    @GetMapping("/files/**")
    public String files() {
        return "files";
    }
}
