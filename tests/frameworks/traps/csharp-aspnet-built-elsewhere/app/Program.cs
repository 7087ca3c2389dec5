var app = WebApplication.CreateBuilder(args).BuildApp();
app.MapAcme();
app.Run();
