var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider("/srv/www") });
app.MapControllers();
app.Run();
