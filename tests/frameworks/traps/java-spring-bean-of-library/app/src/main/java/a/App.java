package a;
import org.springframework.boot.*; import io.vendor.VendorController; import org.springframework.context.annotation.*; import org.springframework.web.bind.annotation.*;
@SpringBootApplication @RestController public class App { @Bean VendorController v() { return new VendorController(); } @GetMapping("/a") String a() { return ""; } public static void main(String[] x) { SpringApplication.run(App.class, x); } }
