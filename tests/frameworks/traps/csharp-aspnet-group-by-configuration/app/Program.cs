var builder = WebApplication.CreateBuilder(args);
var app = builder.Build();
app.MapGet("/users", () => "users");
var group = app.MapGroup(builder.Configuration["Prefix"]!);
group.MapGet("/x", () => "x");
app.MapControllers();
app.Run();
