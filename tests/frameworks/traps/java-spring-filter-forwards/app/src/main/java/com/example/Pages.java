package com.example;

import jakarta.servlet.*;
import java.io.IOException;
import org.springframework.stereotype.Component;

@Component
public class Pages implements Filter {
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain) throws IOException, ServletException {
        request.getRequestDispatcher("/index.html").forward(request, response);
    }
}
