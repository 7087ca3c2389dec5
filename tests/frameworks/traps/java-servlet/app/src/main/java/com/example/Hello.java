package com.example;

import jakarta.servlet.http.HttpServlet;

public class Hello extends HttpServlet {}
