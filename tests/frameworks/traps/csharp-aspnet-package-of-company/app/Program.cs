var app = WebApplication.CreateBuilder(args).Build();
app.MapGet("/users", () => "users");
app.MapControllers();
app.Run();
