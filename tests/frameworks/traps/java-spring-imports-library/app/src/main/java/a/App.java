package a;
import org.springframework.boot.*; import org.springframework.context.annotation.Import; import io.vendor.web.VendorController; import org.springframework.web.bind.annotation.*;
@SpringBootApplication @Import(VendorController.class) @RestController public class App { @GetMapping("/a") String a() { return ""; } public static void main(String[] x) { SpringApplication.run(App.class, x); } }
