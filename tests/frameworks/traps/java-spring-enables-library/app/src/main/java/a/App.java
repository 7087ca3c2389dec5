package a;
import org.springframework.boot.*; import io.vendor.EnableVendorConsole; import org.springframework.web.bind.annotation.*;
@SpringBootApplication @EnableVendorConsole @RestController public class App { @GetMapping("/a") String a() { return ""; } public static void main(String[] x) { SpringApplication.run(App.class, x); } }
