using Microsoft.AspNetCore.Mvc;

namespace Shop.Controllers;

public class HomeController : Controller
{
    public IActionResult Index() => Content("home");

    public IActionResult Contact(string? id) => Content("contact");

    [NonAction]
    public string Helper() => "none";
}
