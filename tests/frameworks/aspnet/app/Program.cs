using Shop;
using Shop.Endpoints;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddControllersWithViews();
builder.Services.AddRazorPages();
builder.Services.AddHealthChecks();

var app = builder.Build();
app.UsePathBase("/shop");
app.UseDefaultFiles();
app.UseStaticFiles();
app.UseRouting();
app.UseMiddleware<ApiKey>();
app.UseAuthorization();

app.MapGet("/ping", () => "pong");
app.MapMethods("/echo/{text}", ["GET", "POST"], (string text) => text);
app.MapGet("/archive/{year:int}/{month?}", (int year, int? month) => $"{year}");
app.MapGet("/files/{**path}", (string? path) => path);

var api = app.MapGroup(Paths.Api).WithTags("api");
api.MapGet("/", () => "api");
api.MapUsers();
api.MapGroup("/stock").MapStock();

app.MapHealthChecks("/healthz");
app.MapControllers();
app.MapControllerRoute(name: "default", pattern: "{controller=Home}/{action=Index}/{id?}");
app.MapRazorPages();
app.Run();
