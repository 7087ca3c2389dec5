using Microsoft.AspNetCore.Mvc;

namespace Shop.Controllers;

[ApiController]
public abstract class BaseController : ControllerBase
{
    [HttpGet("about")]
    public string About() => "about";
}
